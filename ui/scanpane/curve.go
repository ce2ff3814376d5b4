package scanpane

import (
	"math"
	"picasso/backend/score"

	"picasso/ui/control"
	"picasso/ui/viewer"
)

// curveOf is the score of a target over the slices, NaN where it is not known,
// with the ends of its scale: 0…1 for probabilities, −1…1 for their
// differences, else round numbers around the smallest and the largest.
func curveOf(answers []control.Answered, t score.Target) (values []float64, lo, hi float64) {
	values = make([]float64, len(answers))
	lo, hi = math.Inf(1), math.Inf(-1)
	for i, a := range answers {
		values[i] = math.NaN()
		if !a.Known() {
			continue
		}
		if v, err := t.Value(a.Scores); err == nil {
			values[i] = v
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	if t.Score == score.Probability {
		lo, hi = 0, 1
		if t.Against != score.NoClass {
			lo = -1
		}
	}
	if lo > hi {
		lo, hi = 0, 1
	} else if t.Score != score.Probability {
		lo, hi = viewer.NiceScale(lo, hi)
	}
	return values, lo, hi
}

// sharesOf is the part of the map on each slice, where it is the map of a volume; else nil.
func sharesOf(s *control.State) []float64 {
	p, pic := s.Panel(), s.Selected()
	if p.Map == nil || p.Map.Of == nil || p.Stale || pic == nil {
		return nil
	}
	shares := p.Map.Of.Shares(0)
	if len(shares) != pic.Slices() {
		return nil
	}
	return shares
}
