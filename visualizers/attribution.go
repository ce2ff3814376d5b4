package visualizers

import (
	"context"
	"errors"
	"fmt"

	"picasso/backend/infer"
)

// ErrNoGradient means that a method needs gradients which the model cannot
// give; the error around it says why.
var ErrNoGradient = errors.New("no gradient can be had from this model")

// instead names what works on any model.
const instead = "occlusion, RISE and Score-CAM work without gradients"

// differentiable is the subject's gradient, or why there is none.
func differentiable(s Subject) (Differentiable, error) {
	d, ok := s.(Differentiable)
	if !ok {
		return nil, fmt.Errorf("%w; %s", ErrNoGradient, instead)
	}
	if err := d.CheckGradient(); err != nil {
		return nil, fmt.Errorf("%w: %w; %s", ErrNoGradient, err, instead)
	}
	return d, nil
}

// requireGradient is Require of the methods that need input gradients.
func requireGradient(s Subject) error {
	_, err := differentiable(s)
	return err
}

// legend words the maps of an attribution: unit and meaning of a target's
// values where they keep their sign, and where only their size is shown.
type legend struct {
	unit     func(symbol string) string
	positive func(symbol string) string
	size     string // meaning of unsigned values
}

// draw makes one map per target from attributions of shape C×H×W.
func (l legend) draw(in Input, attributions []infer.Tensor, reduce Choice) ([]Map, error) {
	maps := make([]Map, len(attributions))
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

// slope words plain gradients.
var slope = legend{
	unit:     func(symbol string) string { return "∂" + symbol + "/∂pixel" },
	positive: func(symbol string) string { return "raising this pixel raises " + symbol },
	size:     "the larger, the more the score reacts to this pixel",
}

// share words attributions that split the score among the pixels.
var share = legend{
	unit:     func(symbol string) string { return "share of " + symbol },
	positive: func(symbol string) string { return "this pixel raises " + symbol },
	size:     "the larger, the more this pixel contributes, whatever the sign",
}

// once runs a method that needs a single gradient of the image itself.
func once(ctx context.Context, in Input, id string, reduce Choice, l legend,
	attribute func(d Differentiable) ([]infer.Tensor, error)) (Result, error) {
	if err := in.check(); err != nil {
		return Result{}, fmt.Errorf("%s: %w", id, err)
	}
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	d, err := differentiable(in.Subject)
	if err != nil {
		return Result{}, fmt.Errorf("%s: %w", id, err)
	}
	attributions, err := attribute(d)
	if err != nil {
		return Result{}, fmt.Errorf("%s: %w", id, err)
	}
	maps, err := l.draw(in, attributions, reduce)
	if err != nil {
		return Result{}, fmt.Errorf("%s: %w", id, err)
	}
	return Result{Maps: maps, Done: 1, Passes: 1, Warnings: gradientNotes(in.Subject)}, nil
}

// gradientNotes say where the subject's gradients are not the exact ones.
func gradientNotes(s Subject) []string {
	if n, ok := s.(interface{ GradientNotes() []string }); ok {
		return n.GradientNotes()
	}
	return nil
}

// gradientsOf are d target / d input of the image itself, one per target.
func gradientsOf(ctx context.Context, d Differentiable, in Input) ([]infer.Tensor, error) {
	g, err := d.Gradient(ctx, []infer.Tensor{in.Tensor}, in.Targets)
	if err != nil {
		return nil, err
	}
	return g[0], nil
}
