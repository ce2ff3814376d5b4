package gradient

import (
	"context"

	"picasso/backend/score"
	"picasso/visualizers"
)

func init() { visualizers.Register(guidedBackprop{}) }

// guidedBackprop goes backwards through rectifiers only where both the
// activation and the gradient are positive (Springenberg et al. 2015).
type guidedBackprop struct{}

func (guidedBackprop) Info() visualizers.Info {
	return visualizers.Info{
		ID: "guided-backprop", Title: "Guided backprop", Group: visualizers.Gradient, Order: 60, Volumes: true, Score: score.Logit,
		About: "A backward pass that keeps only positive signals through active neurons. Sharp maps, but they hardly depend on the model's weights, so do not rely on it alone.",
		Link:  "https://arxiv.org/abs/1412.6806", Caution: Distrust,
	}
}

func (guidedBackprop) Settings() []visualizers.Setting {
	return []visualizers.Setting{RectifiedReduce, ChannelsSetting}
}

func (guidedBackprop) Require(s visualizers.Subject) error { return RequireRectified(s) }

func (guidedBackprop) Explain(ctx context.Context, in visualizers.Input, _ func(visualizers.Result)) (visualizers.Result, error) {
	return rectified(ctx, in, "guided-backprop", score.GuidedRectifier)
}
