package gradient

import (
	"context"
	"fmt"
	"math/rand/v2"

	"picasso/backend/infer"
	"picasso/backend/score"
	"picasso/visualizers"
)

func init() { visualizers.Register(smoothGrad{}) }

// smoothGrad averages gradients of noisy copies of the image (Smilkov et al.
// 2017); squared and variance are the variants of Hooker et al. 2019 and
// Adebayo et al. 2018.
type smoothGrad struct{}

var (
	smoothSamples = visualizers.Int{
		Field: visualizers.Field{ID: "samples", Title: "Samples",
			Doc: "Number of noisy copies to average. More copies make the map smoother; 1 copy without noise gives the plain gradient."},
		Min: 1, Max: 1000, Step: 1, Default: 25,
	}
	smoothSigma = visualizers.Float{
		Field: visualizers.Field{ID: "sigma", Title: "Noise",
			Doc: "Standard deviation of the noise, as a fraction of the range of values in the model's input."},
		Min: 0, Max: 1, Step: 0.01, Default: 0.15,
	}
	smoothSeed = visualizers.Int{
		Field: visualizers.Field{ID: "seed", Title: "Seed", Doc: "Selects the noise; the same seed gives the same map."},
		Min:   0, Max: 9999, Step: 1,
	}
	smoothKind = visualizers.Choice{
		Field: visualizers.Field{ID: "kind", Title: "Average",
			Doc: "mean: averages the gradients (SmoothGrad). squared: averages their squares. variance: shows how much they differ (VarGrad)."},
		Options: []string{"mean", "squared", "variance"},
	}
	smoothReduce = reduceSetting("absmax")
)

func (smoothGrad) Info() visualizers.Info {
	return visualizers.Info{
		ID: "smoothgrad", Title: "SmoothGrad", Group: visualizers.Gradient, Order: 40, Volumes: true, Score: score.Logit,
		About: "The mean gradient over many slightly noisy copies of the picture: like saliency, but with less speckle.",
		Link:  "https://arxiv.org/abs/1706.03825",
	}
}

func (smoothGrad) Settings() []visualizers.Setting {
	return []visualizers.Setting{smoothSamples, smoothSigma, smoothSeed, smoothKind, smoothReduce, ChannelsSetting}
}

func (smoothGrad) Require(s visualizers.Subject) error { return visualizers.RequireGradient(s) }

// Preview counts the samples.
func (smoothGrad) Preview(s visualizers.Subject, v visualizers.Values) visualizers.Preview {
	return visualizers.GradientPreview(s, smoothSamples.In(v))
}

func (smoothGrad) Explain(ctx context.Context, in visualizers.Input, emit func(visualizers.Result)) (visualizers.Result, error) {
	sigma := smoothSigma.In(in.Values) * SpanOf(in.Tensor)
	seed := uint64(smoothSeed.In(in.Values))
	a := average{
		in: in, id: "smoothgrad", total: smoothSamples.In(in.Values), emit: emit, stage: "averaging gradients",
		sample: func(i int, x infer.Tensor) float64 {
			noisy(in.Tensor, sigma, seed, i, x)
			return 1
		},
		squares: smoothKind.In(in.Values) != "mean",
	}
	words := smoothedSlope
	switch smoothKind.In(in.Values) {
	case "squared":
		words = squaredSlope
	case "variance":
		words = varyingSlope
	}
	a.draw = func(s sums) ([]visualizers.Map, error) {
		return words.draw(in, s.attributions(smoothKind.In(in.Values)), smoothReduce)
	}
	r, err := a.run(ctx)
	if err != nil {
		return visualizers.Result{}, fmt.Errorf("smoothgrad: %w", err)
	}
	return r, nil
}

// smoothedSlope words averages of gradients over noisy copies.
var smoothedSlope = Legend{unit: Slope.unit, positive: Slope.positive, size: Slope.size, found: reaction(" (mean over noisy copies)")}

// squaredSlope words averages of squared gradients, varyingSlope their variance.
var (
	squaredSlope = Legend{
		unit:     func(symbol string) string { return "(∂" + symbol + "/∂pixel)²" },
		positive: func(symbol string) string { return symbol + " reacts to this pixel, in either direction" },
		size:     Slope.size,
		found: func(m visualizers.Map, most, _ int) string {
			return fmt.Sprintf("The mean square of its reaction over noisy copies is largest for the pixel at %s; %s.", m.Spot(most), m.FocusWords())
		},
	}
	varyingSlope = Legend{
		unit: squaredSlope.unit, positive: squaredSlope.positive, size: squaredSlope.size,
		found: func(m visualizers.Map, most, _ int) string {
			return fmt.Sprintf("Its reaction differs most between noisy copies for the pixel at %s; %s.", m.Spot(most), m.FocusWords())
		},
	}
)

// noisy writes the i-th noisy copy of a tensor to x. It depends on the seed and i only,
// so neither the batch size nor the number of samples changes it.
func noisy(t infer.Tensor, sigma float64, seed uint64, i int, x infer.Tensor) {
	copy(x.Data, t.Data)
	if sigma == 0 {
		return
	}
	random := rand.New(rand.NewPCG(seed, uint64(i)))
	for k := range x.Data {
		x.Data[k] += float32(sigma * random.NormFloat64())
	}
}

// SpanOf is the difference of the largest and the smallest value.
func SpanOf(t infer.Tensor) float64 {
	low, high := t.Data[0], t.Data[0]
	for _, v := range t.Data {
		low, high = min(low, v), max(high, v)
	}
	return float64(high) - float64(low)
}
