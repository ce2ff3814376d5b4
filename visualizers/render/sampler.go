package render

import (
	"math"
	"slices"
)

// sampler reads a placed field pixel row by pixel row.
type sampler struct {
	field  Field
	x, y   axis
	cells  bool // no interpolation
	hasNaN bool
}

// row fills out, one value per pixel of the x axis, for row j of the y axis.
// line is scratch space for one row of cells.
func (s *sampler) row(j int, line, out []float32) {
	if s.cells {
		cells := s.cellRow(s.y.near[j])
		for i, c := range s.x.near {
			out[i] = cells[c]
		}
		return
	}
	low, high, w := s.cellRow(s.y.low[j]), s.cellRow(s.y.high[j]), s.y.weight[j]
	if s.hasNaN {
		for i := range line {
			line[i] = mixKnown(low[i], high[i], w)
		}
		for i, w := range s.x.weight {
			out[i] = mixKnown(line[s.x.low[i]], line[s.x.high[i]], w)
		}
		return
	}
	for i := range line {
		line[i] = mix(low[i], high[i], w)
	}
	highs := s.x.high[:len(s.x.low)]
	weights := s.x.weight[:len(s.x.low)]
	for i, l := range s.x.low {
		out[i] = mix(line[l], line[highs[i]], weights[i])
	}
}

// Sample is what [Overlay] draws as numbers: the value of f at each of w×h pixels of
// a picture that it lies on, by the nearest cell or interpolated. It is NaN where
// f says nothing, and beside it.
func Sample(w, h int, f Field, at Rect, cells bool) []float32 {
	out := make([]float32, max(w, 0)*max(h, 0))
	for i := range out {
		out[i] = float32(math.NaN())
	}
	if f.Empty() || len(out) == 0 {
		return out
	}
	s := sampler{field: f, x: newAxis(f.Width, w, at.X0, at.X1), y: newAxis(f.Height, h, at.Y0, at.Y1), cells: cells}
	s.hasNaN = slices.ContainsFunc(f.Values, func(v float32) bool { return v-v != 0 })
	line := make([]float32, f.Width)
	for j := range s.y.near {
		from := (s.y.first+j)*w + s.x.first
		s.row(j, line, out[from:from+len(s.x.near)])
	}
	return out
}

func (s *sampler) cellRow(j int32) []float32 {
	w := s.field.Width
	return s.field.Values[int(j)*w : (int(j)+1)*w]
}

func mix(a, b, w float32) float32 { return a*(1-w) + b*w }

// mixKnown mixes without letting an unknown cell bleed: a pixel is unknown
// exactly when the nearer cell is, and else takes the known one alone.
func mixKnown(a, b, w float32) float32 {
	switch {
	case a == a && b == b:
		return mix(a, b, w)
	case w < 0.5:
		return a
	}
	return b
}
