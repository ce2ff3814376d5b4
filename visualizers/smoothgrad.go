package visualizers

import (
	"context"
	"fmt"
	"math/rand/v2"

	"picasso/backend/infer"
	"picasso/backend/score"
)

func init() { Register(smoothGrad{}) }

// smoothGrad averages gradients of noisy copies of the image (Smilkov et al.
// 2017); squared and variance are the variants of Hooker et al. 2019 and
// Adebayo et al. 2018.
type smoothGrad struct{}

var (
	smoothSamples = Int{
		Field: Field{ID: "samples", Title: "Samples",
			Doc: "How many noisy copies are averaged. The map gets smoother with their number; 1 without noise is the plain gradient."},
		Min: 1, Max: 1000, Step: 1, Default: 25,
	}
	smoothSigma = Float{
		Field: Field{ID: "sigma", Title: "Noise",
			Doc: "Standard deviation of the noise as a share of the image's own range of values in the model's input."},
		Min: 0, Max: 1, Step: 0.01, Default: 0.15,
	}
	smoothSeed = Int{
		Field: Field{ID: "seed", Title: "Seed", Doc: "Chooses the noise; the same seed gives the same map."},
		Min:   0, Max: 9999, Step: 1,
	}
	smoothKind = Choice{
		Field: Field{ID: "kind", Title: "Average",
			Doc: "mean averages the gradients (SmoothGrad), squared averages their squares, variance shows how much they differ (VarGrad)."},
		Options: []string{"mean", "squared", "variance"},
	}
	smoothReduce = reduceSetting("absmax")
)

func (smoothGrad) Info() Info {
	return Info{
		ID: "smoothgrad", Title: "SmoothGrad", Order: 40, Score: score.Logit,
		About: "The mean gradient of many slightly noisy copies of the image: the same question as saliency with less speckle.",
		Link:  "https://arxiv.org/abs/1706.03825",
	}
}

func (smoothGrad) Settings() []Setting {
	return []Setting{smoothSamples, smoothSigma, smoothSeed, smoothKind, smoothReduce, channelsSetting}
}

func (smoothGrad) Require(s Subject) error { return requireGradient(s) }

// Preview counts the samples.
func (smoothGrad) Preview(s Subject, v Values) Preview {
	return gradientPreview(s, smoothSamples.In(v))
}

func (smoothGrad) Explain(ctx context.Context, in Input, emit func(Result)) (Result, error) {
	sigma := smoothSigma.In(in.Values) * spanOf(in.Tensor)
	seed := uint64(smoothSeed.In(in.Values))
	a := average{
		in: in, id: "smoothgrad", total: smoothSamples.In(in.Values), emit: emit, stage: "averaging gradients",
		sample:  func(i int) (infer.Tensor, float64) { return noisy(in.Tensor, sigma, seed, i), 1 },
		squares: smoothKind.In(in.Values) != "mean",
	}
	words := slope
	if a.squares {
		words = squaredSlope
	}
	a.draw = func(s sums) ([]Map, error) {
		return words.draw(in, s.attributions(smoothKind.In(in.Values)), smoothReduce)
	}
	r, err := a.run(ctx)
	if err != nil {
		return Result{}, fmt.Errorf("smoothgrad: %w", err)
	}
	return r, nil
}

// squaredSlope words averages of squared gradients.
var squaredSlope = legend{
	unit:     func(symbol string) string { return "(∂" + symbol + "/∂pixel)²" },
	positive: func(symbol string) string { return symbol + " reacts to this pixel, in either direction" },
	size:     slope.size,
}

// noisy is the i-th noisy copy of a tensor. It depends on the seed and i only,
// so neither the batch size nor the number of samples changes it.
func noisy(t infer.Tensor, sigma float64, seed uint64, i int) infer.Tensor {
	out := t.Clone()
	if sigma == 0 {
		return out
	}
	random := rand.New(rand.NewPCG(seed, uint64(i)))
	for k := range out.Data {
		out.Data[k] += float32(sigma * random.NormFloat64())
	}
	return out
}

// spanOf is the difference of the largest and the smallest value.
func spanOf(t infer.Tensor) float64 {
	low, high := t.Data[0], t.Data[0]
	for _, v := range t.Data {
		low, high = min(low, v), max(high, v)
	}
	return float64(high) - float64(low)
}
