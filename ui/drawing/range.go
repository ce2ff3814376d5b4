package drawing

import (
	"math"

	"picasso/visualizers"
	"picasso/visualizers/render"
)

// Joined is the scale that holds both; the zero value holds nothing.
func (r Range) Joined(other Range) Range {
	switch none := (Range{}); {
	case r == none:
		return other
	case other == none:
		return r
	}
	return Range{Lo: min(r.Lo, other.Lo), Hi: max(r.Hi, other.Hi)}
}

// ScaleOf is the scale of a map that stands beside others: its natural one, else
// symmetric about zero for signed values, else from the smallest to the largest.
// It is the zero value where no value is known. What was cut out of the map of a volume
// has the scale of that.
func ScaleOf(m visualizers.Map) Range {
	if m.Of != nil {
		m.Values = m.Of.Map.Values
	}
	if m.Fixed != nil {
		return Range{Lo: m.Fixed[0], Hi: m.Fixed[1]}
	}
	r := Extremes(m.Values)
	switch {
	case math.IsNaN(r.Lo):
		return Range{}
	case m.Signed:
		most := max(-r.Lo, r.Hi)
		return Range{Lo: -most, Hi: most}
	}
	return r
}

// Extremes are the smallest and largest finite values, NaN where there is none.
func Extremes(values []float32) Range {
	r := Range{Lo: math.NaN(), Hi: math.NaN()}
	for _, v := range values {
		if x := float64(v); x-x == 0 {
			if math.IsNaN(r.Lo) {
				r = Range{Lo: x, Hi: x}
			}
			r.Lo, r.Hi = min(r.Lo, x), max(r.Hi, x)
		}
	}
	return r
}

// Shared is the scale that holds the scales of all maps as a display draws them,
// over a scan or another picture.
func (d Display) Shared(scan bool, maps ...visualizers.Map) Range {
	joined := Range{}
	for _, m := range maps {
		r := d.Style(m, scan).Scale(Field(m)).Range
		joined = joined.Joined(Range{Lo: r.Lo, Hi: r.Hi})
	}
	return joined
}

// At is the value of a field at a pixel of the picture in which it lies, NaN where
// there is none.
func At(f render.Field, rect render.Rect, x, y int) float64 {
	if f.Empty() || rect.X1 <= rect.X0 || rect.Y1 <= rect.Y0 {
		return math.NaN()
	}
	cx := int(math.Floor((float64(x) + 0.5 - rect.X0) / (rect.X1 - rect.X0) * float64(f.Width)))
	cy := int(math.Floor((float64(y) + 0.5 - rect.Y0) / (rect.Y1 - rect.Y0) * float64(f.Height)))
	if cx < 0 || cy < 0 || cx >= f.Width || cy >= f.Height {
		return math.NaN()
	}
	return float64(f.Values[cy*f.Width+cx])
}
