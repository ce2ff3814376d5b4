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
	g := similarity.Grid{Depth: m.Depth, Height: m.Height / max(m.Depth, 1), Width: m.Width, Values: make([]float64, m.Height*m.Width)}
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

// OnInput is a map over the model's input: of a slice of a volume's map all of it, and
// one over the whole picture, of a size
// in pixels, is read where place puts the pixels of the input, height × width.
func OnInput(m visualizers.Map, place preprocess.Placement, picture image.Point, height, width int) visualizers.Map {
	if m.Of != nil { // on a slice of a volume, which the model got as a whole
		return m.Of.Map
	}
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
	return Field(visualizers.Map{Channels: in.Tensor.Shape[0], Depth: visualizers.DepthOf(in.Subject), Height: height, Width: width, Values: in.Tensor.Data})
}

// Outlines is how steep a picture is at every pixel, or a volume at every voxel:
// the length of the gradient by the operator of Sobel (1968), which takes a
// difference along one axis and smooths along the others; what lies beyond the
// border repeats it.
func Outlines(g similarity.Grid) similarity.Grid {
	out := g.With(make([]float64, len(g.Values)))
	masks := sobel(g.Depth > 0)
	size := g.Sizes()
	for i := range g.Values {
		at := [3]int{i / size[2] / size[1], i / size[2] % size[1], i % size[2]}
		var steep [3]float64
		for _, m := range masks {
			var to [3]int
			for k := range to {
				to[k] = min(max(at[k]+m.offset[k], 0), size[k]-1)
			}
			v := g.Values[(to[0]*size[1]+to[1])*size[2]+to[2]]
			for k, w := range m.weights {
				steep[k] += w * v
			}
		}
		out.Values[i] = math.Hypot(math.Hypot(steep[0], steep[1]), steep[2])
	}
	return out
}

// neighbour is a place beside a pixel with its weights in the differences along
// the three axes.
type neighbour struct {
	offset  [3]int
	weights [3]float64
}

// sobel are the neighbours in a volume, or those in one slice.
func sobel(solid bool) (list []neighbour) {
	for i := range 27 {
		n := neighbour{offset: [3]int{i/9 - 1, i/3%3 - 1, i%3 - 1}}
		if n.offset[0] != 0 && !solid {
			continue
		}
		for k := range n.weights {
			n.weights[k] = float64(n.offset[k])
			for other, o := range n.offset {
				if other != k && o == 0 && (solid || other != 0) {
					n.weights[k] *= 2
				}
			}
		}
		list = append(list, n)
	}
	return list
}
