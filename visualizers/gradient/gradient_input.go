package gradient

import (
	"context"

	"picasso/backend/infer"
	"picasso/backend/score"
	"picasso/visualizers"
)

func init() { visualizers.Register(gradientInput{}) }

// gradientInput multiplies the gradient by the input (Shrikumar et al. 2016):
// the first-order share of every value in the score.
type gradientInput struct{}

var gradientInputReduce = reduceSetting("sum")

func (gradientInput) Info() visualizers.Info {
	return visualizers.Info{
		ID: "gradient-x-input", Title: "Gradient × input", Group: visualizers.Gradient, Order: 35, Score: score.Logit,
		About: "The gradient times the value of the pixel, in the model's units: to first order, what the pixel contributes to the score.",
		Link:  "https://arxiv.org/abs/1605.01713",
	}
}

func (gradientInput) Settings() []visualizers.Setting {
	return []visualizers.Setting{gradientInputReduce, ChannelsSetting}
}

func (gradientInput) Require(s visualizers.Subject) error { return visualizers.RequireGradient(s) }

func (gradientInput) Explain(ctx context.Context, in visualizers.Input, _ func(visualizers.Result)) (visualizers.Result, error) {
	return Once(ctx, in, "gradient-x-input", gradientInputReduce, Share, func(d visualizers.Differentiable) ([]infer.Tensor, error) {
		gs, err := gradientsOf(ctx, d, in)
		if err != nil {
			return nil, err
		}
		out := make([]infer.Tensor, len(gs))
		for k, g := range gs {
			out[k] = product(g, in.Tensor)
		}
		return out, nil
	})
}

// product multiplies two tensors of one shape value by value.
func product(a, b infer.Tensor) infer.Tensor {
	out := infer.NewTensor(a.Shape...)
	for i := range out.Data {
		out.Data[i] = a.Data[i] * b.Data[i]
	}
	return out
}
