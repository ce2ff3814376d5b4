package score

import (
	"cmp"
	"math"
	"slices"
)

// Class is one line of a prediction.
type Class struct {
	Index       int
	Name        string
	Probability float32
	Logit       float32 // NaN for a model without logits
}

// On is the score of the class on a scale; the probability where there is no logit.
func (c Class) On(s Score) float64 {
	if s == Logit && c.Logit == c.Logit {
		return float64(c.Logit)
	}
	return float64(c.Probability)
}

// Rank lists the classes of a prediction, best first, with their names. Equal
// probabilities are ordered by logit, then by index.
func (s Scores) Rank(name func(class int) string) []Class {
	return s.Best(len(s.Probabilities), name)
}

// Best is the first n of Rank, or all where there are fewer.
func (s Scores) Best(n int, name func(class int) string) []Class {
	n = min(n, len(s.Probabilities))
	list := make([]Class, 0, n)
	for _, i := range s.Order()[:n] {
		c := Class{Index: i, Name: name(i), Probability: s.Probabilities[i], Logit: float32(math.NaN())}
		if i < len(s.Logits) {
			c.Logit = s.Logits[i]
		}
		list = append(list, c)
	}
	return list
}

// Order lists the classes by falling probability; equal ones by falling logit,
// then by index.
func (s Scores) Order() []int {
	keys := make([]uint64, len(s.Probabilities)) // the order of the probability, then the index
	for i, p := range s.Probabilities {
		keys[i] = uint64(falling(p))<<32 | uint64(i)
	}
	slices.Sort(keys)
	order := make([]int, len(keys))
	for i, k := range keys {
		order[i] = int(uint32(k))
	}
	if len(s.Logits) != len(order) {
		return order
	}
	for from, to := 0, 0; from < len(keys); from = to {
		for to = from + 1; to < len(keys) && keys[to]>>32 == keys[from]>>32; to++ {
		}
		if to-from > 1 {
			slices.SortStableFunc(order[from:to], func(a, b int) int { return cmp.Compare(s.Logits[b], s.Logits[a]) })
		}
	}
	return order
}

// falling is a number that is the larger the smaller v is, and the largest where that is
// none.
func falling(v float32) uint32 {
	switch b := math.Float32bits(v); {
	case v != v:
		return math.MaxUint32
	case v == 0: // of either sign
		return 1<<31 - 1
	case b>>31 != 0:
		return b
	default:
		return 1<<31 - 1 - b
	}
}

// SoftmaxOf turns logits into probabilities that sum to 1, without overflow.
func SoftmaxOf(logits []float32) []float32 {
	p := make([]float32, len(logits))
	if len(p) == 0 {
		return p
	}
	top, sum := float64(slices.Max(logits)), 0.0
	for _, z := range logits {
		sum += math.Exp(float64(z) - top)
	}
	for i, z := range logits {
		p[i] = float32(math.Exp(float64(z)-top) / sum)
	}
	return p
}

// SigmoidOf is 1/(1+exp(−z)).
func SigmoidOf(z float32) float32 {
	return float32(1 / (1 + math.Exp(-float64(z))))
}
