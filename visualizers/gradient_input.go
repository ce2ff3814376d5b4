package visualizers

import (
	"context"

	"picasso/backend/infer"
	"picasso/backend/score"
)

func init() { Register(gradientInput{}) }

// gradientInput multiplies the gradient by the input (Shrikumar et al. 2016):
// the first-order share of every value in the score.
type gradientInput struct{}

var gradientInputReduce = reduceSetting("sum")

func (gradientInput) Info() Info {
	return Info{
		ID: "gradient-x-input", Title: "Gradient × input", Order: 35, Score: score.Logit,
		About: "The gradient times the pixel's own value (in the model's units): what this pixel contributes to the score, to first order.",
		Link:  "https://arxiv.org/abs/1605.01713",
	}
}

func (gradientInput) Settings() []Setting { return []Setting{gradientInputReduce, channelsSetting} }

func (gradientInput) Require(s Subject) error { return requireGradient(s) }

func (gradientInput) Explain(ctx context.Context, in Input, _ func(Result)) (Result, error) {
	return once(ctx, in, "gradient-x-input", gradientInputReduce, share, func(d Differentiable) ([]infer.Tensor, error) {
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
