package gradient

import (
	"context"

	"picasso/backend/score"
	"picasso/visualizers"
)

func init() { visualizers.Register(deconvnet{}) }

// deconvnet goes backwards through rectifiers by the sign of the gradient
// alone (Zeiler and Fergus 2014).
type deconvnet struct{}

func (deconvnet) Info() visualizers.Info {
	return visualizers.Info{
		ID: "deconvnet", Title: "Deconvnet", Group: visualizers.Gradient, Order: 65, Volumes: true, Score: score.Logit,
		About: "A backward pass that keeps every positive signal, whatever the activations were. It hardly depends on the model's weights, so do not rely on it alone.",
		Link:  "https://arxiv.org/abs/1311.2901", Caution: Distrust,
	}
}

func (deconvnet) Settings() []visualizers.Setting {
	return []visualizers.Setting{RectifiedReduce, ChannelsSetting}
}

func (deconvnet) Require(s visualizers.Subject) error { return RequireRectified(s) }

func (deconvnet) Explain(ctx context.Context, in visualizers.Input, _ func(visualizers.Result)) (visualizers.Result, error) {
	return rectified(ctx, in, "deconvnet", score.DeconvRectifier)
}
