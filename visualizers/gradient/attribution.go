package gradient

import (
	"context"
	"fmt"
	"strings"

	"picasso/backend/infer"
	"picasso/visualizers"
	"picasso/visualizers/spelling"
)

// Legend words the maps of an attribution: unit and meaning of a target's
// values where they keep their sign, and where only their size is shown, and what
// the map says of the target.
type Legend struct {
	unit     func(symbol string) string
	positive func(symbol string) string
	size     string // meaning of unsigned values
	// found says in one sentence where the map is largest, and for a signed one
	// smallest; "it" is the score of the target.
	found func(m visualizers.Map, most, least int) string
}

// draw makes one map per target from attributions of shape C×H×W.
func (l Legend) draw(in visualizers.Input, attributions []infer.Tensor, reduce visualizers.Choice) ([]visualizers.Map, error) {
	maps := make([]visualizers.Map, len(attributions))
	for k, a := range attributions {
		m, err := pixels(a, reduce, in.Values)
		if err != nil {
			return nil, err
		}
		m.Depth = visualizers.DepthOf(in.Subject)
		symbol := in.Targets[k].Symbol(in.Subject)
		m.Target, m.Unit, m.Positive = in.Targets[k], l.unit(symbol), l.size
		if m.Signed {
			m.Positive = l.positive(symbol)
		} else {
			m.Unit = "|" + m.Unit + "|"
		}
		m.Finding = l.finding(in, m)
		if m.Depth > 0 {
			for _, text := range []*string{&m.Unit, &m.Positive, &m.Finding} {
				*text = strings.ReplaceAll(*text, "pixel", "voxel")
			}
		}
		maps[k] = m
	}
	return maps, nil
}

// finding begins with the target's score. A map without any but zeros says that
// the score reacts to nothing.
func (l Legend) finding(in visualizers.Input, m visualizers.Map) string {
	is := visualizers.Stated(m.Target, in.Base, in.Subject)
	most, least := visualizers.Highest(m.Values), visualizers.Least(m.Values)
	switch {
	case most < 0 || l.found == nil:
		return is
	case m.Values[most] == 0 && m.Values[least] == 0:
		return is + " This map is 0 everywhere: to this method no pixel makes a difference."
	}
	return is + " " + l.found(m, most, least)
}

// reaction says where a score is most sensitive. how tells in brackets how that
// was measured, "" for the gradient itself.
func reaction(how string) func(m visualizers.Map, most, least int) string {
	return func(m visualizers.Map, most, least int) string {
		if m.Signed {
			return fmt.Sprintf("A small rise of the pixel at %s raises it most%s, and a rise of the one at %s %s.",
				m.Spot(most), how, m.Spot(least), down(m, least, "lowers it most", "raises it least"))
		}
		return fmt.Sprintf("It reacts most to small changes of the pixel at %s%s; %s.", m.Spot(most), how, m.FocusWords())
	}
}

// down chooses words by whether the smallest value is below zero.
func down(m visualizers.Map, least int, below, above string) string {
	if m.Values[least] < 0 {
		return below
	}
	return above
}

// Slope words plain gradients.
var Slope = Legend{
	unit:     func(symbol string) string { return "∂" + symbol + "/∂pixel" },
	positive: func(symbol string) string { return "raising this pixel raises " + symbol },
	size:     "the larger the value, the more the score reacts to this pixel",
	found:    reaction(""),
}

// Share words attributions that split the score among the pixels.
var Share = Legend{
	unit:     func(symbol string) string { return "share of " + symbol },
	positive: func(symbol string) string { return "this pixel raises " + symbol },
	size:     "the larger the value, the more this pixel contributes, in either direction",
	found: func(m visualizers.Map, most, least int) string {
		if !m.Signed {
			return fmt.Sprintf("To first order the pixel at %s contributes most to it, up or down: %s; %s.",
				m.Spot(most), spelling.Number(float64(m.Values[most])), m.FocusWords())
		}
		return fmt.Sprintf("To first order the pixel at %s raises it most (%s), and the one at %s %s (%s).",
			m.Spot(most), spelling.Signed(float64(m.Values[most])), m.Spot(least),
			down(m, least, "lowers it most", "raises it least"), spelling.Signed(float64(m.Values[least])))
	},
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
