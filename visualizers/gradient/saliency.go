package gradient

import (
	"context"

	"picasso/backend/infer"
	"picasso/backend/score"
	"picasso/visualizers"
)

func init() { visualizers.Register(saliency{}) }

// saliency is the gradient of the score with respect to the input (Simonyan,
// Vedaldi and Zisserman 2013).
type saliency struct{}

var saliencyReduce = reduceSetting("absmax")

func (saliency) Info() visualizers.Info {
	return visualizers.Info{
		ID: "saliency", Title: "Saliency", Group: visualizers.Gradient, Order: 30, Volumes: true, Score: score.Logit,
		About: "How much the score would change if a pixel changed slightly: the exact gradient. It shows where the model is sensitive, not what it has recognised.",
		Link:  "https://arxiv.org/abs/1312.6034",
	}
}

func (saliency) Settings() []visualizers.Setting {
	return []visualizers.Setting{saliencyReduce, ChannelsSetting}
}

func (saliency) Require(s visualizers.Subject) error { return visualizers.RequireGradient(s) }

func (saliency) Explain(ctx context.Context, in visualizers.Input, _ func(visualizers.Result)) (visualizers.Result, error) {
	return Once(ctx, in, "saliency", saliencyReduce, Slope, func(d visualizers.Differentiable) ([]infer.Tensor, error) {
		return gradientsOf(ctx, d, in)
	})
}
