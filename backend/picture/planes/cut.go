package planes

import (
	"context"
	"fmt"
	"math"

	"picasso/backend/picture/dicom"
)

// Method is how values between those of the slices are made.
type Method int

// Methods.
const (
	// Linear weighs the two nearest values along each axis by their distance.
	Linear Method = iota
	// Nearest takes the value of the nearest pixel: for labels, between which
	// there is nothing.
	Nearest
)

func (m Method) String() string { return [...]string{"linear", "nearest"}[m] }

// ParseMethod reads the name of a method.
func ParseMethod(text string) (Method, error) {
	switch text {
	case "linear":
		return Linear, nil
	case "nearest":
		return Nearest, nil
	}
	return 0, fmt.Errorf("%q is no way of interpolating; choose linear or nearest", text)
}

// Section is a plane that was cut, the way it is shown: the patient's right at the left
// (of sagittal planes the front), the head or the front above.
type Section struct {
	Plane         Plane
	MM            float64 // its place
	Width, Height int
	Values        []float32 // row after row; NaN where no slice reaches
	Geometry      dicom.Geometry
}

// OutsideError is a place that a plane does not reach.
type OutsideError struct {
	Plane         Plane
	MM, Low, High float64
}

func (e *OutsideError) Error() string {
	return fmt.Sprintf("there is no %s plane at %.4g mm; choose one from %.4g to %.4g mm, counted to the %s", e.Plane, e.MM, e.Low, e.High, e.Plane.Toward())
}

// Cut is the plane at a place in millimetres. The slices' own plane, where a slice
// lies at the place, is that slice as it is. Errors are of type *[OutsideError], or
// ctx's.
func (s *Stack) Cut(ctx context.Context, p Plane, mm float64, m Method) (Section, error) {
	low, high := s.Range(p)
	across := s.of[p.axis()]
	reach := s.step[across] / 2 // of a pixel
	if across == 2 {
		reach = s.usual / 2
	}
	if !(mm >= low-reach && mm <= high+reach) {
		return Section{}, &OutsideError{p, mm, low, high}
	}
	along, down := p.layout()
	c := &cut{stack: s, method: m, at: min(max(s.local(across, mm), s.low[across]), s.high[across]), kept: [2]kept{{slice: -1}, {slice: -1}}}
	c.axis = [3]int{s.of[along.axis], s.of[down.axis], across}
	for k, h := range [2]heading{along, down} {
		c.count[k] = s.pixels(c.axis[k])
		c.back[k] = s.toward[c.axis[k]].sign != h.sign
	}
	values, err := c.values(ctx)
	if err != nil {
		return Section{}, err
	}
	return Section{Plane: p, MM: mm, Width: c.count[0], Height: c.count[1], Values: values, Geometry: c.geometry()}, nil
}

// pixels is how many pixels a plane has along an axis.
func (s *Stack) pixels(axis int) int { return int((s.high[axis]-s.low[axis])/s.step[axis]+1e-6) + 1 }

// cut is a plane in the making. Its own axes are those of the slices: one along the
// rows of the plane, one down its columns, one across.
type cut struct {
	stack  *Stack
	method Method
	axis   [3]int
	count  [2]int  // pixels along and down
	back   [2]bool // against the axis
	at     float64 // across
	kept   [2]kept // lines of slices, used again by neighbouring rows
}

// kept is a line of a slice.
type kept struct {
	slice  int
	values []float32
}

// position is the place along axis number side of pixel i.
func (c *cut) position(side, i int) float64 {
	if c.back[side] {
		i = c.count[side] - 1 - i
	}
	return c.stack.low[c.axis[side]] + float64(i)*c.stack.step[c.axis[side]]
}

// geometry is where the plane lies.
func (c *cut) geometry() dicom.Geometry {
	s := c.stack
	at, g := s.origin, dicom.Geometry{}
	at = at.plus(s.axes[c.axis[2]], c.at)
	var directions [2]vector
	for side := range 2 {
		axis := s.axes[c.axis[side]]
		at = at.plus(axis, c.position(side, 0))
		if directions[side] = axis; c.back[side] {
			directions[side] = vector{}.minus(axis)
		}
	}
	g.Spacing = [2]float64{s.step[c.axis[1]], s.step[c.axis[0]]}
	g.Aspect = g.Spacing[0] / g.Spacing[1]
	if c.axis[2] == 2 {
		g.Thickness = s.slices[0].Geometry.Thickness
	}
	g.Put(at, directions[0], directions[1])
	return g
}

// values are those of the plane. Lines of it run along rows or columns of the
// slices.
func (c *cut) values(ctx context.Context) ([]float32, error) {
	w, h := c.count[0], c.count[1]
	out := make([]float32, w*h)
	inner := 0 // the side that lies in the slices
	if c.axis[0] == 2 {
		inner = 1
	}
	outer := 1 - inner
	line := make([]float32, c.count[inner])
	for j := range c.count[outer] {
		if j%64 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		place := c.position(outer, j)
		if c.axis[outer] == 2 {
			c.line(inner, c.at, place, line, true)
		} else {
			c.line(inner, place, c.at, line, false)
		}
		for i, v := range line {
			if inner == 0 {
				out[j*w+i] = v
			} else {
				out[i*w+j] = v
			}
		}
	}
	return out, nil
}

// line fills a line along a side that lies in the slices: at a place along the
// other axis of the slices, and at a depth. keep says that the next line lies at the same
// place of other slices.
func (c *cut) line(inner int, place, depth float64, out []float32, keep bool) {
	first, second, share := c.stack.around(depth, c.method)
	if first < 0 {
		for i := range out {
			out[i] = float32(math.NaN())
		}
		return
	}
	a := c.of(first, inner, place, 0, keep)
	if share == 0 {
		copy(out, a)
		return
	}
	b := c.of(second, inner, place, 1, keep)
	near, far := float32(1-share), float32(share)
	for i := range out {
		out[i] = near*a[i] + far*b[i]
	}
}

// around are the slices before and behind a depth and the share of the second one;
// −1 where none reaches. Within a gap, slices reach half of their usual distance.
func (s *Stack) around(depth float64, m Method) (first, second int, share float64) {
	k := s.nearest(depth)
	off := depth - s.depth[k]
	if math.Abs(off) <= 1e-6*s.usual {
		return k, k, 0
	}
	other := k + 1
	if off < 0 {
		other = k - 1
	}
	if other < 0 || other >= len(s.depth) {
		return k, k, 0
	}
	apart := math.Abs(s.depth[other] - s.depth[k])
	switch {
	case apart > gap*s.usual && math.Abs(off) > s.usual*(0.5+1e-6):
		return -1, -1, 0
	case apart > gap*s.usual || m == Nearest:
		return k, k, 0
	}
	return k, other, math.Abs(off) / apart
}

// of is a line of a slice along a side, at a place along its other axis. Of two
// slices each has a place of its own to be kept at.
func (c *cut) of(slice, inner int, place float64, which int, keep bool) []float32 {
	k := &c.kept[which]
	if other := &c.kept[1-which]; keep && k.slice != slice && other.slice == slice {
		*k, *other = *other, *k // the second one of a row is the first one of the next
	}
	if keep && k.slice == slice {
		return k.values
	}
	if k.values == nil {
		k.values = make([]float32, c.count[inner])
	}
	k.slice = slice
	c.sample(slice, inner, place, k.values)
	return k.values
}

// sample interpolates a line in a slice.
func (c *cut) sample(slice, inner int, place float64, out []float32) {
	s := c.stack
	one := &s.slices[slice]
	axis := c.axis[inner]
	size, stride := [2]int{s.width, s.height}, [2]int{1, s.width}
	other := 1 - axis
	lo, hi, share := neighbours((place-s.shift[slice][other])/s.step[other], size[other], c.method)
	if lo < 0 {
		for i := range out {
			out[i] = float32(math.NaN())
		}
		return
	}
	for i := range out {
		x0, x1, t := neighbours((c.position(inner, i)-s.shift[slice][axis])/s.step[axis], size[axis], c.method)
		if x0 < 0 {
			out[i] = float32(math.NaN())
			continue
		}
		v := between(one.Value(lo*stride[other]+x0*stride[axis]), one.Value(lo*stride[other]+x1*stride[axis]), t)
		if share > 0 {
			v = between(v, between(one.Value(hi*stride[other]+x0*stride[axis]), one.Value(hi*stride[other]+x1*stride[axis]), t), share)
		}
		out[i] = v
	}
}

// neighbours are the pixels before and behind a place, and the share of the second
// one; −1 outside of the outermost pixels.
func neighbours(x float64, n int, m Method) (first, second int, share float64) {
	if !(x >= -0.5-1e-6 && x <= float64(n)-0.5+1e-6) {
		return -1, -1, 0
	}
	x = min(max(x, 0), float64(n-1))
	near := math.Round(x)
	if k := int(near); m == Nearest || math.Abs(x-near) < 1e-6 {
		return k, k, 0
	}
	k := int(x)
	return k, k + 1, x - float64(k)
}

// between weighs two values; what is no number counts only where it has a share.
func between(a, b float32, share float64) float32 {
	if share == 0 {
		return a
	}
	return float32((1-share)*float64(a) + share*float64(b))
}
