package gradient

import (
	"context"
	"fmt"

	"picasso/backend/infer"
	"picasso/backend/score"
	"picasso/visualizers"
)

var RectifiedReduce = reduceSetting("absmax")

// Distrust is the caution of methods that fail the sanity checks of Adebayo et
// al. 2018: their maps hardly change when the weights are made random.
const Distrust = "This method hardly depends on the model's weights, so do not rely on it alone."

// Excitation words backward passes that are no gradients.
var Excitation = Legend{
	unit:     func(symbol string) string { return "signal back from " + symbol },
	positive: func(symbol string) string { return "brightening this pixel excites " + symbol },
	size:     "the larger the value, the stronger the signal that returns to this pixel",
	found: func(m visualizers.Map, most, least int) string {
		if m.Signed && m.Values[least] < 0 && -m.Values[least] > m.Values[most] {
			most = least
		}
		return fmt.Sprintf("The strongest signal from it returns to the pixel at %s; it is not a gradient and does not say by how much the score would change.", m.Spot(most))
	},
}

func RequireRectified(s visualizers.Subject) error {
	if err := visualizers.RequireGradient(s); err != nil {
		return err
	}
	if _, ok := s.(visualizers.Rectified); !ok {
		return fmt.Errorf("%w by another rule for rectifiers; use saliency", visualizers.ErrNoGradient)
	}
	return nil
}

// rectified runs a method that differs from saliency in its rule for
// rectifiers only.
func rectified(ctx context.Context, in visualizers.Input, id string, rule score.Rectifier) (visualizers.Result, error) {
	if err := RequireRectified(in.Subject); err != nil {
		return visualizers.Result{}, fmt.Errorf("%s: %w", id, err)
	}
	r, err := Once(ctx, in, id, RectifiedReduce, Excitation, func(visualizers.Differentiable) ([]infer.Tensor, error) {
		return RectifiedGradients(ctx, in, rule)
	})
	r.Warnings = append(r.Warnings, Distrust)
	return r, err
}

func RectifiedGradients(ctx context.Context, in visualizers.Input, rule score.Rectifier) ([]infer.Tensor, error) {
	g, err := in.Subject.(visualizers.Rectified).RectifiedGradient(ctx, rule, []infer.Tensor{in.Tensor}, in.Targets)
	if err != nil {
		return nil, err
	}
	return g[0], nil
}
