package trust

import (
	"image"
	"math"

	"picasso/backend/preprocess"
	"picasso/visualizers"
	"picasso/visualizers/trust/similarity"
)

// Field is a map as one number a place, high where it claims support for its
// target: the mean of its channels, turned round where low values mark support.
// What is not a finite number is unknown.
func Field(m visualizers.Map) similarity.Grid {
	g := similarity.Grid{Height: m.Height, Width: m.Width, Values: make([]float64, m.Height*m.Width)}
	sign := 1.0
	if m.Inverse {
		sign = -1
	}
	plane := len(g.Values)
	for i := range g.Values {
		var sum float64
		for c := range m.Channels {
			sum += float64(m.Values[c*plane+i])
		}
		g.Values[i] = sign * sum / float64(m.Channels)
		if math.IsInf(g.Values[i], 0) {
			g.Values[i] = math.NaN()
		}
	}
	return g
}

// OnInput is a map over the model's input: one over the whole picture, of a size
// in pixels, is read where place puts the pixels of the input, height × width.
func OnInput(m visualizers.Map, place preprocess.Placement, picture image.Point, height, width int) visualizers.Map {
	whole := preprocess.Placement{ScaleX: float64(picture.X) / float64(width), ScaleY: float64(picture.Y) / float64(height)}
	if !m.WholePicture || place == whole {
		return m
	}
	out := m
	out.WholePicture, out.Height, out.Width = false, height, width
	out.Values = make([]float32, m.Channels*height*width)
	for i := range out.Values {
		c, y, x := i/(height*width), i/width%height, i%width
		row := int(math.Floor(((float64(y)+.5)*place.ScaleY + place.OffsetY) / float64(picture.Y) * float64(m.Height)))
		column := int(math.Floor(((float64(x)+.5)*place.ScaleX + place.OffsetX) / float64(picture.X) * float64(m.Width)))
		out.Values[i] = float32(math.NaN()) // beyond the picture, where it was padded
		if row >= 0 && column >= 0 && row < m.Height && column < m.Width {
			out.Values[i] = m.Values[(c*m.Height+row)*m.Width+column]
		}
	}
	return out
}

// readable says why a map has no order of places, with false; such a map cannot
// be judged.
func readable(g similarity.Grid) (Verdict, bool) {
	known := 0
	for _, v := range g.Values {
		if !math.IsNaN(v) {
			known++
		}
	}
	switch {
	case known == 0:
		return untold("This map holds no numbers."), false
	case known == 1:
		return untold("This map has one value for the whole picture, so it points nowhere."), false
	case g.Constant():
		return untold("This map is the same everywhere, so it points nowhere."), false
	}
	return Verdict{}, true
}

// Luminance is the model's input as one brightness a pixel: the mean of its
// channels in the model's own units.
func Luminance(in visualizers.Input) similarity.Grid {
	_, height, width := in.Subject.Shape()
	return Field(visualizers.Map{Channels: in.Tensor.Shape[0], Height: height, Width: width, Values: in.Tensor.Data})
}

// Outlines is how steep a picture is at every pixel: the length of the gradient
// by the operator of Sobel (1968); pixels beyond the border repeat it.
func Outlines(g similarity.Grid) similarity.Grid {
	out := similarity.Grid{Height: g.Height, Width: g.Width, Values: make([]float64, len(g.Values))}
	at := func(y, x int) float64 {
		return g.Values[min(max(y, 0), g.Height-1)*g.Width+min(max(x, 0), g.Width-1)]
	}
	for y := range g.Height {
		for x := range g.Width {
			across := at(y-1, x+1) + 2*at(y, x+1) + at(y+1, x+1) - at(y-1, x-1) - 2*at(y, x-1) - at(y+1, x-1)
			down := at(y+1, x-1) + 2*at(y+1, x) + at(y+1, x+1) - at(y-1, x-1) - 2*at(y-1, x) - at(y-1, x+1)
			out.Values[y*g.Width+x] = math.Hypot(across, down)
		}
	}
	return out
}
