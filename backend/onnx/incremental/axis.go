package incremental

// Interval is a range of places along an axis, Hi excluded.
type Interval struct{ Lo, Hi int }

// Empty reports an interval without elements.
func (i Interval) Empty() bool { return i.Hi <= i.Lo }

// Len is the number of elements.
func (i Interval) Len() int { return max(0, i.Hi-i.Lo) }

// hull is the smallest interval that holds both.
func (i Interval) hull(o Interval) Interval {
	switch {
	case i.Empty():
		return o
	case o.Empty():
		return i
	}
	return Interval{min(i.Lo, o.Lo), max(i.Hi, o.Hi)}
}

func (i Interval) clip(n int) Interval { return Interval{max(i.Lo, 0), min(i.Hi, n)} }

// Axis says what an operator does along one spatial axis: output o depends on
// the inputs from ⌊(o·Stride − Before)/Factor⌋ to ⌊(o·Stride + After)/Factor⌋,
// as far as they exist. One of Stride and Factor is 1. A range that is too wide
// costs time; one that is too narrow gives wrong numbers.
type Axis struct {
	In, Out       int // lengths of input and output
	Stride        int // inputs per output
	Factor        int // outputs per input
	Before, After int
	Mirror        int // padding by reflection: outputs that repeat inputs of the border
	Least         int // shortest input that the operator takes
}

// same is an operator that works element by element.
func same(n int) Axis { return Axis{In: n, Out: n, Stride: 1, Factor: 1, Least: 1} }

// Need is the range of inputs that a range of outputs depends on.
func (a Axis) Need(out Interval) Interval {
	if out.Empty() {
		return Interval{}
	}
	in := Interval{
		Lo: floorDiv(out.Lo*a.Stride-a.Before, a.Factor),
		Hi: floorDiv((out.Hi-1)*a.Stride+a.After, a.Factor) + 1,
	}
	if a.Mirror > 0 {
		in = in.hull(a.reflect(in))
	}
	return in.clip(a.In)
}

// Reach is the range of outputs that depend on a range of inputs.
func (a Axis) Reach(in Interval) Interval {
	if in.Empty() {
		return Interval{}
	}
	if a.Mirror > 0 {
		in = in.hull(a.reflect(in))
	}
	out := Interval{
		Lo: ceilDiv(in.Lo*a.Factor-a.After, a.Stride),
		Hi: floorDiv(in.Hi*a.Factor-1+a.Before, a.Stride) + 1,
	}
	return out.clip(a.Out)
}

// reflect is the mirror image of the part of an interval that lies within
// Mirror of either border, on the other side of the border and itself.
func (a Axis) reflect(in Interval) Interval {
	var image Interval
	if in.Lo <= a.Mirror {
		image = image.hull(Interval{-a.Mirror, max(a.Mirror, -in.Lo) + 1})
	}
	if last := a.In - 1; in.Hi > last-a.Mirror {
		image = image.hull(Interval{min(last-a.Mirror, 2*last-in.Hi+1), last + a.Mirror + 1})
	}
	return image
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

func ceilDiv(a, b int) int { return -floorDiv(-a, b) }
