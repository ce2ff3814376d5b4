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
	list := make([]Class, 0, len(s.Probabilities))
	for _, i := range s.Order() {
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
	order := make([]int, len(s.Probabilities))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		c := cmp.Compare(s.Probabilities[b], s.Probabilities[a])
		if c == 0 && len(s.Logits) == len(order) {
			c = cmp.Compare(s.Logits[b], s.Logits[a])
		}
		return c
	})
	return order
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
