package visualizers

import (
	"context"
	"fmt"

	"picasso/backend/infer"
	"picasso/backend/score"
)

var rectifiedReduce = reduceSetting("absmax")

// distrust is the badge of methods that fail the sanity checks of Adebayo et
// al. 2018: their maps hardly change when the weights are made random.
const distrust = "This method is insensitive to the model's weights: do not trust it alone."

// excitation words backward passes that are no gradients.
var excitation = legend{
	unit:     func(symbol string) string { return "signal back from " + symbol },
	positive: func(symbol string) string { return "brightening this pixel excites " + symbol },
	size:     "the larger, the stronger the signal that comes back to this pixel",
}

func requireRectified(s Subject) error {
	if err := requireGradient(s); err != nil {
		return err
	}
	if _, ok := s.(Rectified); !ok {
		return fmt.Errorf("%w by another rule for rectifiers; use saliency", ErrNoGradient)
	}
	return nil
}

// rectified runs a method that differs from saliency in its rule for
// rectifiers only.
func rectified(ctx context.Context, in Input, id string, rule score.Rectifier) (Result, error) {
	if err := requireRectified(in.Subject); err != nil {
		return Result{}, fmt.Errorf("%s: %w", id, err)
	}
	r, err := once(ctx, in, id, rectifiedReduce, excitation, func(Differentiable) ([]infer.Tensor, error) {
		return rectifiedGradients(ctx, in, rule)
	})
	r.Warnings = append(r.Warnings, distrust)
	return r, err
}

func rectifiedGradients(ctx context.Context, in Input, rule score.Rectifier) ([]infer.Tensor, error) {
	g, err := in.Subject.(Rectified).RectifiedGradient(ctx, rule, []infer.Tensor{in.Tensor}, in.Targets)
	if err != nil {
		return nil, err
	}
	return g[0], nil
}
