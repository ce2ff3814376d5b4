package gradient

import (
	"context"
	"fmt"

	"picasso/backend/infer"
	"picasso/backend/score"
	"picasso/visualizers"
)

func init() { visualizers.Register(gradientInput{}) }

// gradientInput multiplies the gradient by the input (Shrikumar et al. 2016):
// the first-order share of every value in the score. The values add up to
// f(image) − f(0), 0 in the model's own units, where the network is linear between
// the two, as those of ReLU and no biases are; the completeness gap says how far it
// is from that.
type gradientInput struct{}

var gradientInputReduce = reduceSetting("sum")

func (gradientInput) Info() visualizers.Info {
	return visualizers.Info{
		ID: "gradient-x-input", Title: "Gradient × input", Group: visualizers.Gradient, Order: 35, Volumes: true, Score: score.Logit,
		About: "The gradient times the value of the pixel, in the model's units: to first order, what the pixel contributes to the score.",
		Link:  "https://arxiv.org/abs/1605.01713",
	}
}

func (gradientInput) Settings() []visualizers.Setting {
	return []visualizers.Setting{gradientInputReduce, ChannelsSetting}
}

func (gradientInput) Require(s visualizers.Subject) error { return visualizers.RequireGradient(s) }

func (gradientInput) Explain(ctx context.Context, in visualizers.Input, _ func(visualizers.Result)) (visualizers.Result, error) {
	var shares []infer.Tensor
	r, err := Once(ctx, in, "gradient-x-input", gradientInputReduce, Share, func(d visualizers.Differentiable) ([]infer.Tensor, error) {
		gs, err := gradientsOf(ctx, d, in)
		if err != nil {
			return nil, err
		}
		shares = make([]infer.Tensor, len(gs))
		for k, g := range gs {
			shares[k] = product(g, in.Tensor)
		}
		return shares, nil
	})
	if err != nil {
		return r, err
	}
	if err := fromZero(ctx, in, r.Maps, shares); err != nil {
		return visualizers.Result{}, fmt.Errorf("gradient-x-input: %w", err)
	}
	r.Passes++ // of zeros
	return r, nil
}

// fromZero measures how far the shares are from adding up to what tells the image
// from an input of zeros.
func fromZero(ctx context.Context, in visualizers.Input, maps []visualizers.Map, shares []infer.Tensor) error {
	answers, err := in.Subject.Predict(ctx, []infer.Tensor{infer.NewTensor(in.Tensor.Shape...)})
	if err != nil {
		return err
	}
	for k := range maps {
		gap, delta, err := completenessGap(in, in.Targets[k], answers[0], shares[k])
		if err != nil {
			return err
		}
		maps[k].Metrics = map[string]float64{"completeness_gap": gap, "score_difference": delta}
	}
	return nil
}

// product multiplies two tensors of one shape value by value.
func product(a, b infer.Tensor) infer.Tensor {
	out := infer.NewTensor(a.Shape...)
	for i := range out.Data {
		out.Data[i] = a.Data[i] * b.Data[i]
	}
	return out
}
