package drawing

import (
	"math"

	"picasso/visualizers"
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
// It is the zero value where no value is known.
func ScaleOf(m visualizers.Map) Range {
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
