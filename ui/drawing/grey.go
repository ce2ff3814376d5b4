package drawing

import (
	"image"
	"math"
)

// Choices of [Display.Picture].
const (
	InColour = "colour"
	InGrey   = "grey"
)

// colourful is the colourfulness from which a map over the picture is easier to
// read when the picture is grey: "moderately colourful" for the observers of
// Hasler and Süsstrunk.
const colourful = 33

// Greyed reports whether a picture of a colourfulness is shown grey under a map.
func (d Display) Greyed(colourfulness float64) bool {
	return d.Picture == InGrey || d.Picture == "" && colourfulness >= colourful
}

// GreyedAll reports whether pictures are shown grey under the maps of a table, where some
// grey and some in colour would look as if that meant something.
func (d Display) GreyedAll() bool { return d.Picture != InColour }

// Under is a picture as it is shown under a map: itself or without its colours.
func (d Display) Under(m *image.RGBA) *image.RGBA {
	if d.Picture == InColour || !d.Greyed(Colourfulness(m)) {
		return m
	}
	return Grey(m)
}

// Colourfulness is the measure M3 of Hasler and Süsstrunk 2003: 0 for grey, 33
// for a moderately and 59 for a quite colourful picture. Large pictures are
// sampled.
func Colourfulness(m *image.RGBA) float64 {
	const side = 256 // samples along the longer side
	step := max(1, max(m.Rect.Dx(), m.Rect.Dy())/side)
	var n, sum1, sum2, square1, square2 float64
	for y := m.Rect.Min.Y; y < m.Rect.Max.Y; y += step {
		for x := m.Rect.Min.X; x < m.Rect.Max.X; x += step {
			c := m.RGBAAt(x, y)
			r, g, b := float64(c.R), float64(c.G), float64(c.B)
			rg, yb := r-g, (r+g)/2-b
			n, sum1, sum2 = n+1, sum1+rg, sum2+yb
			square1, square2 = square1+rg*rg, square2+yb*yb
		}
	}
	if n == 0 {
		return 0
	}
	mean1, mean2 := sum1/n, sum2/n
	spread := max(0, square1/n-mean1*mean1) + max(0, square2/n-mean2*mean2)
	return math.Sqrt(spread) + 0.3*math.Hypot(mean1, mean2)
}

// Grey is the picture without its colours: its luma (Rec. ITU-R BT.601).
func Grey(m *image.RGBA) *image.RGBA {
	out := image.NewRGBA(m.Rect)
	for y := m.Rect.Min.Y; y < m.Rect.Max.Y; y++ {
		from := m.Pix[m.PixOffset(m.Rect.Min.X, y):]
		to := out.Pix[out.PixOffset(m.Rect.Min.X, y):]
		for i := 0; i < 4*m.Rect.Dx(); i += 4 {
			v := uint8((299*uint32(from[i]) + 587*uint32(from[i+1]) + 114*uint32(from[i+2]) + 500) / 1000)
			to[i], to[i+1], to[i+2], to[i+3] = v, v, v, from[i+3]
		}
	}
	return out
}
