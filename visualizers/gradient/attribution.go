package gradient

import (
	"context"
	"fmt"

	"picasso/backend/infer"
	"picasso/visualizers"
)

// Legend words the maps of an attribution: unit and meaning of a target's
// values where they keep their sign, and where only their size is shown.
type Legend struct {
	unit     func(symbol string) string
	positive func(symbol string) string
	size     string // meaning of unsigned values
}

// draw makes one map per target from attributions of shape C×H×W.
func (l Legend) draw(in visualizers.Input, attributions []infer.Tensor, reduce visualizers.Choice) ([]visualizers.Map, error) {
	maps := make([]visualizers.Map, len(attributions))
	for k, a := range attributions {
		m, err := pixels(a, reduce, in.Values)
		if err != nil {
			return nil, err
		}
		symbol := in.Targets[k].Symbol(in.Subject)
		m.Target, m.Unit, m.Positive = in.Targets[k], l.unit(symbol), l.size
		if m.Signed {
			m.Positive = l.positive(symbol)
		} else {
			m.Unit = "|" + m.Unit + "|"
		}
		maps[k] = m
	}
	return maps, nil
}

// Slope words plain gradients.
var Slope = Legend{
	unit:     func(symbol string) string { return "∂" + symbol + "/∂pixel" },
	positive: func(symbol string) string { return "raising this pixel raises " + symbol },
	size:     "the larger the value, the more the score reacts to this pixel",
}

// Share words attributions that split the score among the pixels.
var Share = Legend{
	unit:     func(symbol string) string { return "share of " + symbol },
	positive: func(symbol string) string { return "this pixel raises " + symbol },
	size:     "the larger the value, the more this pixel contributes, in either direction",
}

// Once runs a method that needs a single gradient of the image itself.
func Once(ctx context.Context, in visualizers.Input, id string, reduce visualizers.Choice, l Legend,
	attribute func(d visualizers.Differentiable) ([]infer.Tensor, error)) (visualizers.Result, error) {
	if err := in.Check(); err != nil {
		return visualizers.Result{}, fmt.Errorf("%s: %w", id, err)
	}
	if err := ctx.Err(); err != nil {
		return visualizers.Result{}, err
	}
	d, err := visualizers.AsDifferentiable(in.Subject)
	if err != nil {
		return visualizers.Result{}, fmt.Errorf("%s: %w", id, err)
	}
	attributions, err := attribute(d)
	if err != nil {
		return visualizers.Result{}, fmt.Errorf("%s: %w", id, err)
	}
	maps, err := l.draw(in, attributions, reduce)
	if err != nil {
		return visualizers.Result{}, fmt.Errorf("%s: %w", id, err)
	}
	return visualizers.Result{Maps: maps, Done: 1, Passes: 1, Warnings: visualizers.GradientNotes(in.Subject)}, nil
}

// gradientsOf are d target / d input of the image itself, one per target.
func gradientsOf(ctx context.Context, d visualizers.Differentiable, in visualizers.Input) ([]infer.Tensor, error) {
	g, err := d.Gradient(ctx, []infer.Tensor{in.Tensor}, in.Targets)
	if err != nil {
		return nil, err
	}
	return g[0], nil
}
