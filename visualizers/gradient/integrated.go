package gradient

import (
	"context"
	"fmt"
	"math"

	"picasso/backend/infer"
	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/spelling"
)

func init() { visualizers.Register(integrated{}) }

// integrated multiplies the mean gradient along the straight path from a
// baseline to the image by their difference (Sundararajan, Taly and Yan 2017).
// The values add up to f(image) − f(baseline): completeness.
type integrated struct{}

var (
	integratedSteps = visualizers.Int{
		Field: visualizers.Field{ID: "steps", Title: "Steps",
			Doc: "Number of gradients along the path from the baseline to the picture. More steps reduce the completeness gap."},
		Min: 1, Max: 1000, Step: 1, Default: 50,
	}
	integratedBaseline = visualizers.Choice{
		Field: visualizers.Field{ID: "baseline", Title: "Baseline",
			Doc: "The picture that stands for “nothing there”: black, white or grey (air, bone or water in a CT), the mean colour of the picture, the blurred picture, zero in the model's own units, or a number in the picture's units (0…255, or HU)."},
		Options: []string{"black", "white", "grey", "mean", "blur", "zero"},
		Number:  true,
	}
	integratedRule = visualizers.Choice{
		Field: visualizers.Field{ID: "rule", Title: "Rule",
			Doc: "Where along the path the gradients are computed: midpoint, trapezoid, left or right sums, or gauss (Gauss–Legendre, accurate with few steps if the path is smooth)."},
		Options: []string{"midpoint", "trapezoid", "left", "right", "gauss"},
	}
	integratedReduce = reduceSetting("sum")
)

func (integrated) Info() visualizers.Info {
	return visualizers.Info{
		ID: "integrated-gradients", Title: "Integrated gradients", Group: visualizers.Gradient, Order: 45, Volumes: true, Score: score.Logit,
		About: "Divides the difference between the score of the picture and that of a baseline among the pixels. The completeness gap says how exactly the parts add up to it.",
		Link:  "https://arxiv.org/abs/1703.01365",
	}
}

func (integrated) Settings() []visualizers.Setting {
	return []visualizers.Setting{integratedSteps, integratedBaseline, integratedRule, integratedReduce, ChannelsSetting}
}

func (integrated) Require(s visualizers.Subject) error { return visualizers.RequireGradient(s) }

// Preview counts the steps.
func (integrated) Preview(s visualizers.Subject, v visualizers.Values) visualizers.Preview {
	return visualizers.GradientPreview(s, integratedSteps.In(v))
}

func (integrated) Explain(ctx context.Context, in visualizers.Input, emit func(visualizers.Result)) (visualizers.Result, error) {
	r, err := integrate(ctx, in, emit)
	if err != nil {
		return visualizers.Result{}, fmt.Errorf("integrated-gradients: %w", err)
	}
	return r, nil
}

func integrate(ctx context.Context, in visualizers.Input, emit func(visualizers.Result)) (visualizers.Result, error) {
	if err := in.Check(); err != nil {
		return visualizers.Result{}, err
	}
	baseline := infer.Tensor{
		Shape: in.Tensor.Shape,
		Data:  visualizers.Background(in, integratedBaseline.In(in.Values), visualizers.BaselineBlur(in.Tensor, visualizers.DepthOf(in.Subject)), 0),
	}
	answers, err := in.Subject.Predict(ctx, []infer.Tensor{baseline})
	if err != nil {
		return visualizers.Result{}, fmt.Errorf("baseline: %w", err)
	}
	points, weights := quadrature(integratedRule.In(in.Values), integratedSteps.In(in.Values))
	difference := subtract(in.Tensor, baseline)
	a := average{
		in: in, total: len(points), emit: emit, stage: "following the path",
		sample: func(i int, x infer.Tensor) float64 {
			along(baseline, difference, points[i], x)
			return weights[i]
		},
		draw: func(s sums) ([]visualizers.Map, error) {
			return completed(in, answers[0], difference, s)
		},
	}
	r, err := a.run(ctx)
	if err != nil {
		return visualizers.Result{}, err
	}
	r.Passes++ // the baseline's
	return r, nil
}

// completed draws the maps and measures how far their sums are from the
// difference of scores.
func completed(in visualizers.Input, baseline score.Scores, difference infer.Tensor, s sums) ([]visualizers.Map, error) {
	means := s.attributions("mean")
	for k := range means {
		means[k] = product(means[k], difference)
	}
	maps, err := Share.draw(in, means, integratedReduce)
	if err != nil {
		return nil, err
	}
	for k := range maps {
		gap, delta, err := completenessGap(in, in.Targets[k], baseline, means[k])
		if err != nil {
			return nil, err
		}
		maps[k].Metrics = map[string]float64{"completeness_gap": gap, "score_difference": delta}
		maps[k].Finding = visualizers.Stated(in.Targets[k], in.Base, in.Subject) + " " + completeness(in.Targets[k].Symbol(in.Subject), gap, delta)
	}
	return maps, nil
}

// completenessGap is Σ attribution − (f(x) − f(baseline)), and that
// difference.
func completenessGap(in visualizers.Input, t score.Target, baseline score.Scores, attribution infer.Tensor) (gap, delta float64, err error) {
	at, err := t.Value(in.Base)
	if err != nil {
		return 0, 0, err
	}
	from, err := t.Value(baseline)
	if err != nil {
		return 0, 0, err
	}
	var sum float64
	for _, v := range attribution.Data {
		sum += float64(v)
	}
	return sum - (at - from), at - from, nil
}

// completeness words the gap of a map.
func completeness(symbol string, gap, delta float64) string {
	relative := math.Abs(gap) / max(math.Abs(delta), 1e-9)
	verdict := "too large to trust the map; use more steps"
	switch {
	case relative < 0.01:
		verdict = "the parts add up"
	case relative < 0.05:
		verdict = "good enough to look at; more steps make it more exact"
	}
	return fmt.Sprintf("The map adds up to %s, and %s differs by %s between picture and baseline. The gap is %s (%.1f %%): %s.",
		spelling.Number(delta+gap), symbol, spelling.Number(delta), spelling.Number(gap), 100*relative, verdict)
}

// along writes the point at share t of the path from the baseline to x.
func along(baseline, difference infer.Tensor, t float64, x infer.Tensor) {
	for i := range x.Data {
		x.Data[i] = float32(float64(baseline.Data[i]) + t*float64(difference.Data[i]))
	}
}

func subtract(a, b infer.Tensor) infer.Tensor {
	out := infer.NewTensor(a.Shape...)
	for i := range out.Data {
		out.Data[i] = a.Data[i] - b.Data[i]
	}
	return out
}
