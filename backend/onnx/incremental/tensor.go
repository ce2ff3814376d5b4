package incremental

import (
	"slices"

	"picasso/backend/onnx"
)

// Local is a tensor whose rows and columns, of a volume its slices too, are
// places of the input.
type Local struct {
	Name  string
	Type  onnx.DataType
	Shape []int // of one input, batch first
	Axes  []int // which axes are places, rising: rows and columns, or slices, rows and columns

	step []int // units of the input between neighbours on each axis, see unit
}

// Length is the number of places along an axis, counted in Axes.
func (l *Local) Length(axis int) int { return l.Shape[l.Axes[axis]] }

// Runs are the numbers of elements before, between and behind the axes of places:
// those of one input are Runs[0] × Length(0) × Runs[1] × Length(1) × … × Runs[n].
func (l *Local) Runs() []int {
	runs := make([]int, len(l.Axes)+1)
	from := 1
	for i, a := range l.Axes {
		runs[i], from = product(l.Shape[from:a]), a+1
	}
	runs[len(l.Axes)] = product(l.Shape[from:])
	return runs
}

// Depth is the number of elements at one place.
func (l *Local) Depth() int {
	n := 1
	for i, d := range l.Shape {
		if i > 0 && !l.has(i) {
			n *= d
		}
	}
	return n
}

// last is the innermost axis of places, and first the outermost.
func (l *Local) last() int  { return l.Axes[len(l.Axes)-1] }
func (l *Local) first() int { return l.Axes[0] }

// has reports an axis of places.
func (l *Local) has(axis int) bool { return slices.Contains(l.Axes, axis) }

// same are the places of a tensor as an operator sees them that works element by
// element.
func (l *Local) same() []Axis {
	axes := make([]Axis, len(l.Axes))
	for i := range axes {
		axes[i] = same(l.Length(i))
	}
	return axes
}

func product(dims []int) int {
	n := 1
	for _, d := range dims {
		n *= d
	}
	return n
}
