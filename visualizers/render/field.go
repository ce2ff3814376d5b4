package render

// Field is a grid of numbers, row by row from the top left. NaN means unknown.
type Field struct {
	Width, Height int
	Values        []float32 // Width×Height
}

// Empty tells whether f has no cells or a length that contradicts its size;
// such a field draws nothing.
func (f Field) Empty() bool {
	return f.Width <= 0 || f.Height <= 0 || len(f.Values)%f.Width != 0 || len(f.Values)/f.Width != f.Height
}

// Rect is where a field lies on a picture, in picture pixels: cell (0, 0) has
// its outer corner at X0, Y0. It may reach beyond the picture.
type Rect struct{ X0, Y0, X1, Y1 float64 }

// Sign selects which values of a field are drawn.
type Sign int

// The choices of [Sign].
const (
	All      Sign = iota // every value
	Positive             // values above zero
	Negative             // values below zero
	Absolute             // every value by its magnitude
)

// Alpha is how opacity depends on the value.
type Alpha int

// The choices of [Alpha].
const (
	Constant    Alpha = iota // the same opacity for every visible value
	ByMagnitude              // from none at zero (or the low end) to full opacity at the end of the range
)
