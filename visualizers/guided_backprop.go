package visualizers

import (
	"context"

	"picasso/backend/score"
)

func init() { Register(guidedBackprop{}) }

// guidedBackprop goes backwards through rectifiers only where both the
// activation and the gradient are positive (Springenberg et al. 2015).
type guidedBackprop struct{}

func (guidedBackprop) Info() Info {
	return Info{
		ID: "guided-backprop", Title: "Guided backprop", Order: 60, Score: score.Logit,
		About: "A backward pass that follows only what excites the score. Crisp pictures, but insensitive to the model's weights: do not trust it alone.",
		Link:  "https://arxiv.org/abs/1412.6806",
	}
}

func (guidedBackprop) Settings() []Setting { return []Setting{rectifiedReduce, channelsSetting} }

func (guidedBackprop) Require(s Subject) error { return requireRectified(s) }

func (guidedBackprop) Explain(ctx context.Context, in Input, _ func(Result)) (Result, error) {
	return rectified(ctx, in, "guided-backprop", score.GuidedRectifier)
}
