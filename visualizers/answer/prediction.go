package answer

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sort"

	"picasso/backend/score"
	"picasso/visualizers"
)

func init() { visualizers.Register(prediction{}) }

// prediction puts the model's own answer into words: how sure it is, and what
// is odd about the numbers. It draws no map and runs nothing.
type prediction struct{}

func (prediction) Info() visualizers.Info {
	return visualizers.Info{
		ID: "prediction", Title: "Prediction", Group: visualizers.Answer, Order: 10, Volumes: true,
		About: "What the model predicts for the whole picture, and how sure it is. A high score is no guarantee: models are often very sure when they are wrong.",
		Link:  "https://arxiv.org/abs/1706.04599", // Guo et al., On Calibration of Modern Neural Networks
	}
}

func (prediction) Settings() []visualizers.Setting { return nil }

func (prediction) Explain(ctx context.Context, in visualizers.Input, _ func(visualizers.Result)) (visualizers.Result, error) {
	if err := ctx.Err(); err != nil {
		return visualizers.Result{}, err
	}
	p := in.Base.Probabilities
	if len(p) == 0 {
		return visualizers.Result{}, fmt.Errorf("prediction: the model gave no scores for this picture")
	}
	r := visualizers.Result{Done: 1}
	values := !probabilities(in.Subject)
	odd := oddScores(p)
	if values {
		odd = oddNumbers(p)
	}
	if odd != "" {
		r.Warnings = []string{odd}
		return r, nil
	}
	if values {
		r.Note = largest(p, in.Subject)
		return r, nil
	}
	r.Note = verdict(p, in.Subject.ClassName)
	return r, nil
}

// probabilities reports whether a model's scores should be some, as far as it
// says: sums over pixels, cosines and values in years are none, and what is in
// doubt is not called so.
func probabilities(s visualizers.Subject) bool {
	if p, ok := s.(interface{ Percent() bool }); ok && !p.Percent() {
		return false
	}
	k, ok := s.(interface{ OutputKind() score.OutputKind })
	return !ok || k.OutputKind() == score.Classes || k.OutputKind() == score.Detection
}

// largest words scores that are no probabilities.
func largest(p []float32, s visualizers.Subject) string {
	name := func(class int) string { return score.ClassTarget(class, score.Probability).Symbol(s) }
	if len(p) == 1 {
		return fmt.Sprintf("%s is %.4g.", name(0), p[0])
	}
	first, second := topTwo(p)
	return fmt.Sprintf("%s is %.4g, then %s with %.4g.", name(first), p[first], name(second), p[second])
}

// oddNumbers says what is wrong with a model's answer.
func oddNumbers(p []float32) string {
	if slices.ContainsFunc(p, func(x float32) bool { return math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) }) {
		return "Some of the model's scores are not numbers (NaN or infinity). The input is probably scaled wrongly, or the model is damaged."
	}
	return ""
}

// oddScores says what is wrong with numbers that should be probabilities.
func oddScores(p []float32) string {
	if odd := oddNumbers(p); odd != "" {
		return odd
	}
	low, high := slices.Min(p), slices.Max(p)
	const slack = 1e-4
	if low < -slack || high > 1+slack {
		return fmt.Sprintf("The scores range from %.3g to %.3g, so they are not probabilities. Set the activation of the output (Model → Output…).", low, high)
	}
	return ""
}

// verdict says how sure the model is.
func verdict(p []float32, name func(int) string) string {
	if len(p) == 1 {
		return fmt.Sprintf("%s: %s.", name(0), percent(float64(p[0])))
	}
	if !exclusive(p) {
		return independent(p, name)
	}
	first, second := topTwo(p)
	lead := float64(p[first]) - float64(p[second])
	word := "Undecided"
	switch {
	case lead >= 0.9:
		word = "Very sure"
	case lead >= 0.5:
		word = "Sure"
	case lead >= 0.1:
		word = "Leaning"
	}
	return fmt.Sprintf("%s: %s with %s, then %s with %s. Entropy %.2f of %.2f bits.",
		word, name(first), percent(float64(p[first])), name(second), percent(float64(p[second])),
		entropy(p), math.Log2(float64(len(p))))
}

// independent words scores that do not compete: several labels may apply.
func independent(p []float32, name func(int) string) string {
	over := 0
	for _, x := range p {
		if x > 0.5 {
			over++
		}
	}
	first, _ := topTwo(p)
	return fmt.Sprintf("Independent scores: %d of %d classes above 50 %%, the highest is %s with %s.",
		over, len(p), name(first), percent(float64(p[first])))
}

// exclusive reports whether the probabilities share one whole, as after softmax.
func exclusive(p []float32) bool {
	var sum float64
	for _, x := range p {
		sum += float64(x)
	}
	return math.Abs(sum-1) < 1e-2
}

// topTwo are the indices of the two largest of at least two values; of equal
// ones the first.
func topTwo(p []float32) (first, second int) {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool { return p[order[a]] > p[order[b]] })
	return order[0], order[1]
}

// entropy is Shannon's, in bits: 0 when one class has everything.
func entropy(p []float32) float64 {
	var h float64
	for _, x := range p {
		if x > 0 {
			h -= float64(x) * math.Log2(float64(x))
		}
	}
	return math.Abs(h)
}

// percent writes a probability for people; it never rounds to certainty.
func percent(p float64) string {
	switch {
	case p > 0.999 && p < 1:
		return "over 99.9 %"
	case p < 0.001 && p > 0:
		return "under 0.1 %"
	}
	return fmt.Sprintf("%.1f %%", 100*p)
}
