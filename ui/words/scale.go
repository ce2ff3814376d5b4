package words

import "picasso/backend/score"

// fullBar is the score of a full bar: 1, or the largest where scores are no
// probabilities, such as sums over pixels.
func fullBar(ranked []score.Class) float32 {
	full := float32(1)
	for _, c := range ranked {
		if c.Probability > full { // false for what is no number
			full = c.Probability
		}
	}
	return full
}

// Scale places values between two ends, 0…1.
type Scale struct{ low, high float64 }

// ScaleOf is the scale of the bars: from nothing to certainty or the largest
// score; of logits from the lowest to the highest, with zero inside.
func ScaleOf(ranked []score.Class, s score.Score) Scale {
	if s != score.Logit {
		return Scale{0, float64(fullBar(ranked))}
	}
	var ends Scale
	for _, c := range ranked {
		if v := float64(c.Logit); v-v == 0 {
			ends.low, ends.high = min(ends.low, v), max(ends.high, v)
		}
	}
	return ends
}

// At is the place of a value; what is no number lies at the lower end.
func (e Scale) At(v float64) float64 {
	if v != v || e.high <= e.low {
		return 0
	}
	return min(max((v-e.low)/(e.high-e.low), 0), 1)
}
