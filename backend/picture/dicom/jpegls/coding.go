package jpegls

import (
	"fmt"
	"math/bits"
)

// coding is the parameters of a scan and its adaptive statistics
// (T.87 annex A).
type coding struct {
	near, step int // step is 2·near+1
	maxValue   int
	span       int // RANGE: number of distinct errors
	wide       int // qbpp: bits of an error
	limit      int // longest code
	t1, t2, t3 int
	reset      int
	levels     []int8 // quantized gradient by gradient+maxValue
	contexts   [365]context
	runs       [2]runContext
}

// context is the statistics of one kind of neighbourhood.
type context struct {
	a int32 // sum of error magnitudes
	b int32 // sum of errors, for the correction
	c int32 // correction of the prediction
	n int32 // number of samples seen
}

// runContext is the statistics of the samples that end runs.
type runContext struct{ a, n, negative int32 }

func newCoding(precision, near int, p preset) (*coding, error) {
	c := &coding{near: near, step: 2*near + 1, maxValue: p.maxValue, t1: p.t1, t2: p.t2, t3: p.t3, reset: p.reset}
	if c.maxValue == 0 {
		c.maxValue = 1<<precision - 1
	}
	if c.maxValue >= 1<<precision || near > min(255, c.maxValue/2) {
		return nil, fmt.Errorf("%w: values to %d with error %d in %d bits", errSyntax, c.maxValue, near, precision)
	}
	c.thresholds()
	if c.t1 < near+1 || c.t2 < c.t1 || c.t3 < c.t2 || c.t3 > c.maxValue || c.reset < 3 {
		return nil, fmt.Errorf("%w: thresholds %d, %d, %d, reset %d", errSyntax, c.t1, c.t2, c.t3, c.reset)
	}
	c.span = (c.maxValue+2*near)/c.step + 1
	c.wide = bits.Len(uint(c.span - 1))
	bpp := max(2, bits.Len(uint(c.maxValue)))
	c.limit = 2 * (bpp + max(8, bpp))
	c.forget()
	c.levels = make([]int8, 2*c.maxValue+1)
	for d := range c.levels {
		c.levels[d] = c.level(d - c.maxValue)
	}
	return c, nil
}

// forget begins the statistics anew, as at the start of a scan and behind every
// restart marker (T.87 A.2.1).
func (c *coding) forget() {
	start := int32(max(2, (c.span+32)/64))
	for i := range c.contexts {
		c.contexts[i] = context{a: start, n: 1}
	}
	c.runs = [2]runContext{{a: start, n: 1}, {a: start, n: 1}}
}

// thresholds fills in the defaults (T.87 C.2.4.1.1.1).
func (c *coding) thresholds() {
	clamp := func(v, lo int) int {
		if v > c.maxValue || v < lo {
			return lo
		}
		return v
	}
	var t1, t2, t3 int
	if c.maxValue >= 128 {
		f := (min(c.maxValue, 4095) + 128) / 256
		t1, t2, t3 = f+2+3*c.near, 4*f+3+5*c.near, 17*f+4+7*c.near
	} else {
		f := 256 / (c.maxValue + 1)
		t1, t2, t3 = max(2, 3/f+3*c.near), max(3, 7/f+5*c.near), max(4, 21/f+7*c.near)
	}
	t1 = clamp(t1, c.near+1)
	t2 = clamp(t2, t1)
	t3 = clamp(t3, t2)
	if c.t1 == 0 {
		c.t1 = t1
	}
	if c.t2 == 0 {
		c.t2 = t2
	}
	if c.t3 == 0 {
		c.t3 = t3
	}
	if c.reset == 0 {
		c.reset = 64
	}
}

// level quantizes a gradient to -4…4.
func (c *coding) level(d int) int8 {
	sign := int8(1)
	if d < 0 {
		d, sign = -d, -1
	}
	switch {
	case d <= c.near:
		return 0
	case d < c.t1:
		return sign
	case d < c.t2:
		return 2 * sign
	case d < c.t3:
		return 3 * sign
	default:
		return 4 * sign
	}
}

// neighbourhood is the signed context number of three gradients: 0 for a flat
// place, where a run begins.
func (c *coding) neighbourhood(ra, rb, rc, rd int32) int {
	m := int32(c.maxValue)
	return 81*int(c.levels[rd-rb+m]) + 9*int(c.levels[rb-rc+m]) + int(c.levels[rc-ra+m])
}

// reconstruct adds a quantized error to a prediction, wrapping around the range.
func (c *coding) reconstruct(predicted, err int32) int32 {
	v := predicted + err*int32(c.step)
	if v < -int32(c.near) {
		v += int32(c.span * c.step)
	} else if v > int32(c.maxValue+c.near) {
		v -= int32(c.span * c.step)
	}
	return min(max(v, 0), int32(c.maxValue))
}

// update takes an error into the statistics.
func (x *context) update(err int32, c *coding) {
	x.b += err * int32(c.step)
	x.a += max(err, -err)
	if x.n == int32(c.reset) {
		x.a, x.b, x.n = x.a>>1, x.b>>1, x.n>>1
	}
	x.n++
	switch {
	case x.b <= -x.n:
		x.b = max(x.b+x.n, 1-x.n)
		x.c = max(x.c-1, -128)
	case x.b > 0:
		x.b = min(x.b-x.n, 0)
		x.c = min(x.c+1, 127)
	}
}

// golomb is the parameter k of the code for a mean magnitude of a/n.
func golomb(a, n int32) uint {
	k := uint(0)
	for ; n<<k < a && k < 24; k++ {
	}
	return k
}
