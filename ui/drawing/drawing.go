// Package drawing puts the maps of visualizers over their pictures: the one
// place where a map's numbers meet the renderer, shared by the window and the
// command line.
package drawing

import (
	"image"
	"math"
	"picasso/backend/preprocess"

	"picasso/visualizers"
	"picasso/visualizers/render"
)

// Field is a map as the renderer takes it. Of several channels every pixel
// keeps the value of largest magnitude.
func Field(m visualizers.Map) render.Field {
	f := render.Field{Width: m.Width, Height: m.Height, Values: m.Values}
	if m.Channels > 1 {
		f.Values = strongest(m)
	}
	return f
}

// strongest compares numbers by their bits without the sign, which grow with them: signs and
// sizes of gradients follow no pattern, so that branches would be mispredicted half the time.
func strongest(m visualizers.Map) []float32 {
	n := m.Width * m.Height
	out := make([]float32, n)
	copy(out, m.Values[:n])
	for c := 1; c < m.Channels; c++ {
		for i, v := range m.Values[c*n : (c+1)*n] {
			most, bits := math.Float32bits(out[i]), math.Float32bits(v)
			if bits<<1 > most<<1 {
				most = bits
			}
			out[i] = math.Float32frombits(most)
		}
	}
	return out
}

// Extent is the rectangle of the picture, in its own pixels, that a model
// input of width×height pixels shows. Maps of any resolution span it.
func Extent(p preprocess.Placement, width, height int) render.Rect {
	return render.Rect{
		X0: p.OffsetX,
		Y0: p.OffsetY,
		X1: p.OffsetX + p.ScaleX*float64(width),
		Y1: p.OffsetY + p.ScaleY*float64(height),
	}
}

// Place is the rectangle of a picture of the given size that a map spans.
func Place(m visualizers.Map, p preprocess.Placement, width, height int, picture image.Point) render.Rect {
	if m.WholePicture {
		return render.Whole(picture.X, picture.Y)
	}
	return Extent(p, width, height)
}
