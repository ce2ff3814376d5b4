package layers

import (
	"context"
	"fmt"

	"picasso/backend/infer"
	"picasso/backend/score"
	"picasso/visualizers"
)

// units is a model seen by the channels of one layer in place of its classes:
// by their mean activity, or by their activity at one cell. Every method that
// explains classes then explains units.
type units struct {
	visualizers.Subject
	layered visualizers.Layered
	layer   visualizers.Layer
	cell    *[2]int
}

// Units is a subject whose classes are units.
type Units interface {
	visualizers.Subject
	// Rank lists the units, the most active first.
	Rank(s score.Scores) []score.Class
}

// OfUnits is a subject whose classes are the channels of a layer, at a cell or,
// where that is nil, everywhere. What its gradients lack, CheckGradient says.
func OfUnits(s visualizers.Subject, layer string, cell *[2]int) (Units, error) {
	l, found, err := findLayer(s, layer)
	if err != nil {
		return nil, err
	}
	if err := found.Check(visualizers.Unit{Layer: found.Name, Cell: cell}); err != nil {
		return nil, err
	}
	return units{s, l, found, cell}, nil
}

func (u units) unit(channel int) visualizers.Unit {
	return visualizers.Unit{Layer: u.layer.Name, Channel: channel, Cell: u.cell}
}

func (u units) Classes() int { return u.layer.Channels }

func (u units) ClassName(class int) string {
	name := fmt.Sprintf("feature %d of %s", class, u.layer.Name)
	if u.cell != nil {
		name += " at " + u.layer.CellWords(*u.cell)
	}
	return name
}

func (u units) HasLogits() bool { return false }

// Depth is that of the model.
func (u units) Depth() int { return visualizers.DepthOf(u.Subject) }

// Rank implements [Units].
func (u units) Rank(s score.Scores) []score.Class { return s.Rank(u.ClassName) }

// Percent is false: activity is no probability.
func (u units) Percent() bool { return false }

// Measure implements [score.Measuring].
func (u units) Measure(class int, _ score.Score) string {
	if u.cell != nil {
		return "activity(" + u.ClassName(class) + ")"
	}
	return "mean activity(" + u.ClassName(class) + ")"
}

func (u units) Predict(ctx context.Context, batch []infer.Tensor) ([]score.Scores, error) {
	activations, err := u.layered.Activations(ctx, u.layer.Name, batch)
	if err != nil {
		return nil, err
	}
	out := make([]score.Scores, len(activations))
	for i, a := range activations {
		out[i].Probabilities = u.activity(a)
	}
	return out, nil
}

// activity of every channel.
func (u units) activity(a infer.Tensor) []float32 {
	if u.cell == nil {
		return visualizers.ChannelMeans(a)
	}
	out := make([]float32, u.layer.Channels)
	for c := range out {
		out[c] = float32(u.unit(c).Value(a))
	}
	return out
}

// CheckGradient implements [visualizers.Differentiable].
func (u units) CheckGradient() error {
	d, ok := u.Subject.(visualizers.UnitDifferentiable)
	if !ok {
		return visualizers.ErrNoGradient
	}
	return d.CheckUnitGradient(u.layer.Name)
}

// Gradient implements [visualizers.Differentiable].
func (u units) Gradient(ctx context.Context, batch []infer.Tensor, targets []score.Target) ([][]infer.Tensor, error) {
	return u.RectifiedGradient(ctx, score.ExactRectifier, batch, targets)
}

// RectifiedGradient implements [visualizers.Rectified].
func (u units) RectifiedGradient(ctx context.Context, rule score.Rectifier, batch []infer.Tensor, targets []score.Target) ([][]infer.Tensor, error) {
	d, ok := u.Subject.(visualizers.UnitDifferentiable)
	if !ok {
		return nil, visualizers.ErrNoGradient
	}
	var list []visualizers.Unit
	for _, t := range targets {
		list = append(list, u.unit(t.Class))
		if t.Against != score.NoClass {
			list = append(list, u.unit(t.Against))
		}
	}
	gs, err := d.UnitGradient(ctx, rule, batch, list)
	if err != nil {
		return nil, err
	}
	for i, g := range gs {
		gs[i] = differences(g, targets)
	}
	return gs, nil
}

// differences takes the gradients of units apart by target.
func differences(gradients []infer.Tensor, targets []score.Target) []infer.Tensor {
	out := make([]infer.Tensor, 0, len(targets))
	for _, t := range targets {
		g := gradients[0]
		gradients = gradients[1:]
		if t.Against != score.NoClass {
			for i, v := range gradients[0].Data {
				g.Data[i] -= v
			}
			gradients = gradients[1:]
		}
		out = append(out, g)
	}
	return out
}

// Units are explained by every method that explains classes.
var (
	_ visualizers.Differentiable = units{}
	_ visualizers.Rectified      = units{}
	_ score.Measuring            = units{}
)
