package incremental

import (
	"math/rand/v2"
	"testing"
)

// reads lists which inputs each output of an operator depends on, by the
// operator's definition.
type reads [][]int

// windowReads is a convolution or pooling.
func windowReads(in, out, kernel, stride, dilation, pad int) reads {
	r := make(reads, out)
	for o := range r {
		for k := range kernel {
			if i := o*stride + k*dilation - pad; i >= 0 && i < in {
				r[o] = append(r[o], i)
			}
		}
	}
	return r
}

// spreadReads is a transposed convolution.
func spreadReads(in, out, kernel, stride, pad int) reads {
	r := make(reads, out)
	for i := range in {
		for k := range kernel {
			if o := i*stride + k - pad; o >= 0 && o < out {
				r[o] = append(r[o], i)
			}
		}
	}
	return r
}

// mirrorReads is padding by reflection.
func mirrorReads(in, begin, end int) reads {
	r := make(reads, begin+in+end)
	for o := range r {
		i := o - begin
		if i < 0 {
			i = -i
		}
		if i >= in {
			i = 2*(in-1) - i
		}
		r[o] = []int{i}
	}
	return r
}

// need is the smallest range that holds all inputs of a range of outputs.
func (r reads) need(out Interval) Interval {
	var need Interval
	for o := out.Lo; o < out.Hi; o++ {
		for _, i := range r[o] {
			need = need.hull(Interval{i, i + 1})
		}
	}
	return need
}

func (r reads) reach(in Interval) Interval {
	var reach Interval
	for o := range r {
		for _, i := range r[o] {
			if i >= in.Lo && i < in.Hi {
				reach = reach.hull(Interval{o, o + 1})
			}
		}
	}
	return reach
}

func (i Interval) holds(o Interval) bool {
	return o.Empty() || i.Lo <= o.Lo && o.Hi <= i.Hi
}

// TestAxisHoldsWhatOperatorsRead: ranges are never too narrow, and for dense
// windows never too wide.
func TestAxisHoldsWhatOperatorsRead(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		in := 3 + rng.IntN(20)
		kernel, stride, dilation := 1+rng.IntN(5), 1+rng.IntN(3), 1+rng.IntN(3)
		var a Axis
		var r reads
		exact := false
		switch rng.IntN(3) {
		case 0:
			span := dilation*(kernel-1) + 1
			pad, end := rng.IntN(span), rng.IntN(span)
			out := (in + pad + end - span) / stride
			if in+pad+end < span {
				continue
			}
			out++
			a = Axis{In: in, Out: out, Stride: stride, Factor: 1, Before: pad, After: span - 1 - pad}
			r = windowReads(in, out, kernel, stride, dilation, pad)
			exact = dilation == 1 && kernel >= stride
		case 1:
			pad := rng.IntN(kernel)
			out := (in-1)*stride + kernel - pad
			a = Axis{In: in, Out: out, Stride: 1, Factor: stride, Before: kernel - 1 - pad, After: pad}
			r = spreadReads(in, out, kernel, stride, pad)
		case 2:
			begin, end := rng.IntN(in), rng.IntN(in)
			a = Axis{In: in, Out: begin + in + end, Stride: 1, Factor: 1, Before: begin, After: -begin, Mirror: max(begin, end)}
			r = mirrorReads(in, begin, end)
		}
		out := part(rng, a.Out)
		if got, want := a.Need(out), r.need(out); !got.holds(want) || exact && got != want {
			t.Fatalf("%+v: outputs %v need %v, got %v", a, out, want, got)
		}
		changed := part(rng, a.In)
		if got, want := a.Reach(changed), r.reach(changed); !got.holds(want) || exact && !want.Empty() && got != want {
			t.Fatalf("%+v: inputs %v reach %v, got %v", a, changed, want, got)
		}
		if a.Need(Interval{}) != (Interval{}) || a.Reach(Interval{}) != (Interval{}) {
			t.Fatalf("%+v: nothing comes to something", a)
		}
	}
}

func part(rng *rand.Rand, n int) Interval {
	lo := rng.IntN(n)
	return Interval{lo, lo + 1 + rng.IntN(n-lo)}
}
