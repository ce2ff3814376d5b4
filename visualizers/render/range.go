package render

import "math"

// Range is the span of values that a colour map covers.
type Range struct{ Lo, Hi float64 }

// RobustRange is the range of the finite values of f, symmetric about zero for
// signed values, smallest to largest for others, 0…0 where there are none, after
// a share of the values is left out: the largest magnitudes of a signed field,
// both ends of an unsigned one. A share
// of 0.01 keeps a few hot pixels of a gradient from darkening all the others.
// Shares outside 0…0.5 are taken as the nearest end.
func RobustRange(f Field, signed bool, share float64) Range {
	if f.Empty() {
		return Range{}
	}
	if !(share > 0) {
		return fullRange(f, signed)
	}
	values := make([]float64, 0, len(f.Values))
	for _, v := range f.Values {
		if x := float64(v); finite(x) {
			if signed {
				x = math.Abs(x)
			}
			values = append(values, x)
		}
	}
	if len(values) == 0 {
		return Range{}
	}
	drop := int(min(share, 0.5) * float64(len(values)-1))
	hi := nth(values, len(values)-1-drop)
	if signed {
		return Range{-hi, hi}
	}
	return Range{nth(values, drop), hi}
}

func fullRange(f Field, signed bool) Range {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, v := range f.Values {
		if x := float64(v); finite(x) {
			lo, hi = min(lo, x), max(hi, x)
		}
	}
	if lo > hi {
		return Range{}
	}
	if signed {
		return Range{lo, hi}.symmetric()
	}
	return Range{lo, hi}
}

// Flat reports whether r spans no values that float32 can tell apart.
func (r Range) Flat() bool { return !(r.Hi-r.Lo >= math.SmallestNonzeroFloat32) }

// Magnitude is the largest absolute value in r.
func (r Range) Magnitude() float64 { return max(math.Abs(r.Lo), math.Abs(r.Hi)) }

// Position is where v lies in r, 0…1 and clamped; NaN stays NaN. In a flat
// range everything equal to it is in the middle.
func (r Range) Position(v float64) float64 {
	if r.Flat() {
		switch {
		case v < r.Lo:
			return 0
		case v > r.Hi:
			return 1
		case math.IsNaN(v):
			return v
		}
		return 0.5
	}
	return min(max((v-r.Lo)/(r.Hi-r.Lo), 0), 1)
}

// symmetric is the smallest range about zero that contains r.
func (r Range) symmetric() Range {
	m := r.Magnitude()
	return Range{-m, m}
}

// sound repairs a range from outside: ends in order, finite, within float32.
func (r Range) sound() Range {
	if math.IsNaN(r.Lo) || math.IsNaN(r.Hi) {
		return Range{}
	}
	lo, hi := min(r.Lo, r.Hi), max(r.Lo, r.Hi)
	clamp := func(v float64) float64 { return min(max(v, -math.MaxFloat32), math.MaxFloat32) }
	return Range{clamp(lo), clamp(hi)}
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// nth is the value that would stand at k if values were sorted; it reorders
// them (Hoare's selection). Values must be finite.
func nth(values []float64, k int) float64 {
	lo, hi := 0, len(values)-1
	for lo < hi {
		pivot := values[lo+(hi-lo)/2]
		i, j := lo, hi
		for i <= j {
			for values[i] < pivot {
				i++
			}
			for values[j] > pivot {
				j--
			}
			if i <= j {
				values[i], values[j] = values[j], values[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case k <= j:
			hi = j
		case k >= i:
			lo = i
		default:
			return values[k]
		}
	}
	return values[k]
}
