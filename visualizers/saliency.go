package visualizers

import (
	"context"

	"picasso/backend/infer"
	"picasso/backend/score"
)

func init() { Register(saliency{}) }

// saliency is the gradient of the score with respect to the input (Simonyan,
// Vedaldi and Zisserman 2013).
type saliency struct{}

var saliencyReduce = reduceSetting("absmax")

func (saliency) Info() Info {
	return Info{
		ID: "saliency", Title: "Saliency", Order: 30, Score: score.Logit,
		About: "How much the score would change if a pixel changed a little: the exact gradient. It says where the model is sensitive, not what it has seen.",
		Link:  "https://arxiv.org/abs/1312.6034",
	}
}

func (saliency) Settings() []Setting { return []Setting{saliencyReduce, channelsSetting} }

func (saliency) Require(s Subject) error { return requireGradient(s) }

func (saliency) Explain(ctx context.Context, in Input, _ func(Result)) (Result, error) {
	return once(ctx, in, "saliency", saliencyReduce, slope, func(d Differentiable) ([]infer.Tensor, error) {
		return gradientsOf(ctx, d, in)
	})
}
