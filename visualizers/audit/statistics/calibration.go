package statistics

import "math"

// Bin is a range of confidences, the lower end left out.
type Bin struct {
	Low, High  float64
	Count      int
	Confidence float64 // mean, 0 where there are none
	Accuracy   float64
}

// Reliability sorts answers into bins of equal width by their confidence in 0…1
// (Guo et al. 2017).
func Reliability(confidence []float64, right []bool, bins int) []Bin {
	list := make([]Bin, bins)
	for i := range list {
		list[i].Low, list[i].High = float64(i)/float64(bins), float64(i+1)/float64(bins)
	}
	for i, c := range confidence {
		at := min(max(int(math.Ceil(c*float64(bins)))-1, 0), bins-1)
		list[at].Count++
		list[at].Confidence += c
		if right[i] {
			list[at].Accuracy++
		}
	}
	for i := range list {
		if n := float64(list[i].Count); n > 0 {
			list[i].Confidence /= n
			list[i].Accuracy /= n
		}
	}
	return list
}

// CalibrationError is the expected calibration error, Σ |bin|/n·|accuracy −
// confidence|; NaN without answers.
func CalibrationError(bins []Bin) float64 {
	total, n := 0.0, 0
	for _, b := range bins {
		total += float64(b.Count) * math.Abs(b.Accuracy-b.Confidence)
		n += b.Count
	}
	return total / float64(n)
}

// Brier is the mean square of the difference between the confidence and the
// outcome, 0 or 1 (Brier 1950); NaN without answers.
func Brier(confidence []float64, right []bool) float64 {
	total := 0.0
	for i, c := range confidence {
		if right[i] {
			c--
		}
		total += c * c
	}
	return total / float64(len(confidence))
}

// Entropy of shares that add up to 1, in nats.
func Entropy(shares []float64) float64 {
	h := 0.0
	for _, p := range shares {
		if p > 0 {
			h -= p * math.Log(p)
		}
	}
	return h
}
