package render

import "math"

// Field is a grid of numbers, row by row from the top left. NaN means unknown.
type Field struct {
	Width, Height int
	Values        []float32 // Width×Height
}

// Empty reports whether f has no cells or a length that contradicts its size;
// such a field draws nothing.
func (f Field) Empty() bool {
	return f.Width <= 0 || f.Height <= 0 || len(f.Values)%f.Width != 0 || len(f.Values)/f.Width != f.Height
}

// Rect is where a field lies on a picture, in picture pixels: cell (0, 0) has
// its outer corner at X0, Y0. It may reach beyond the picture.
type Rect struct{ X0, Y0, X1, Y1 float64 }

// Whole is the place of a field that covers a picture of w×h pixels.
func Whole(w, h int) Rect { return Rect{0, 0, float64(w), float64(h)} }

// bounded is f with its infinities replaced by the ends of r, so that
// interpolation between them stays a number; hasNaN reports whether it must look
// out for unknown cells.
func (f Field) bounded(r Range) (g Field, hasNaN bool) {
	infinite := false
	for _, v := range f.Values {
		hasNaN = hasNaN || v != v
		infinite = infinite || math.IsInf(float64(v), 0)
	}
	if !infinite {
		return f, hasNaN
	}
	g = Field{f.Width, f.Height, make([]float32, len(f.Values))}
	for i, v := range f.Values {
		switch {
		case math.IsInf(float64(v), 1):
			v = float32(r.Hi)
		case math.IsInf(float64(v), -1):
			v = float32(r.Lo)
		}
		g.Values[i] = v
	}
	return g, hasNaN
}
