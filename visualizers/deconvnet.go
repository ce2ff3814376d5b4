package visualizers

import (
	"context"

	"picasso/backend/score"
)

func init() { Register(deconvnet{}) }

// deconvnet goes backwards through rectifiers by the sign of the gradient
// alone (Zeiler and Fergus 2014).
type deconvnet struct{}

func (deconvnet) Info() Info {
	return Info{
		ID: "deconvnet", Title: "Deconvnet", Order: 65, Score: score.Logit,
		About: "A backward pass that keeps every positive signal, whatever the image did. Insensitive to the model's weights: do not trust it alone.",
		Link:  "https://arxiv.org/abs/1311.2901",
	}
}

func (deconvnet) Settings() []Setting { return []Setting{rectifiedReduce, channelsSetting} }

func (deconvnet) Require(s Subject) error { return requireRectified(s) }

func (deconvnet) Explain(ctx context.Context, in Input, _ func(Result)) (Result, error) {
	return rectified(ctx, in, "deconvnet", score.DeconvRectifier)
}
