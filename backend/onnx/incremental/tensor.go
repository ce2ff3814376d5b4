package incremental

import "picasso/backend/onnx"

// Local is a tensor whose rows and columns are places of the picture.
type Local struct {
	Name  string
	Type  onnx.DataType
	Shape []int  // of one picture, batch first
	Axes  [2]int // which axes are rows and columns, in this order

	step [2]int // units of the picture between neighbours, see prefix.unit
}

// Length is the number of rows (axis 0) or columns (axis 1).
func (l *Local) Length(axis int) int { return l.Shape[l.Axes[axis]] }

// Planes, Rows and so on: the elements of one picture are Outer × rows × Mid ×
// columns × Inner.
func (l *Local) Planes() (outer, mid, inner int) {
	return product(l.Shape[1:l.Axes[0]]), product(l.Shape[l.Axes[0]+1 : l.Axes[1]]), product(l.Shape[l.Axes[1]+1:])
}

// Depth is the number of elements at one place.
func (l *Local) Depth() int {
	outer, mid, inner := l.Planes()
	return outer * mid * inner
}

func product(dims []int) int {
	n := 1
	for _, d := range dims {
		n *= d
	}
	return n
}
