package layers

import (
	"context"
	"fmt"

	"picasso/backend/infer"
	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/ascent"
	"picasso/visualizers/spelling"
)

func init() { visualizers.Register(unitModel{}) }

// unitModel draws what drives one unit most (Erhan, Bengio, Courville and
// Vincent 2009; Yosinski et al. 2015). It depends on the unit alone; only the
// strongest unit is that of the picture.
type unitModel struct{}

var (
	unitChannel = visualizers.Int{
		Field: visualizers.Field{ID: "channel", Title: "Channel", Doc: "The channel of the layer; −1 selects the most active one in this picture."},
		Min:   -1, Max: 1 << 16, Step: 1, Default: -1,
	}
	unitRow = visualizers.Int{
		Field: visualizers.Field{ID: "row", Title: "Row", Doc: "The row of one cell of the channel, from 0; −1 takes the mean over all cells."},
		Min:   -1, Max: 1 << 16, Step: 1, Default: -1,
	}
	unitColumn = visualizers.Int{
		Field: visualizers.Field{ID: "column", Title: "Column", Doc: "The column of that cell; −1 takes the mean over all cells."},
		Min:   -1, Max: 1 << 16, Step: 1, Default: -1,
	}
)

func (unitModel) Info() visualizers.Info {
	return visualizers.Info{
		ID: "unit-model", Title: "Unit model", Group: visualizers.Layers, Order: 90, Score: score.Logit,
		Flat:  visualizers.DrawsPictures,
		About: "What this network would draw for one of its units: a picture that is changed again and again so that a channel of a layer, or one cell of it, becomes active.",
		Link:  "https://distill.pub/2017/feature-visualization",
	}
}

func (unitModel) Settings() []visualizers.Setting {
	return append([]visualizers.Setting{camLayer, unitChannel, unitRow, unitColumn}, ascent.Settings()...)
}

func (unitModel) Require(s visualizers.Subject) error {
	_, err := visualizers.AsUnitDifferentiable(s)
	return err
}

// Preview counts the gradients.
func (unitModel) Preview(s visualizers.Subject, v visualizers.Values) visualizers.Preview {
	return ascent.Preview(s, v)
}

func (unitModel) Explain(ctx context.Context, in visualizers.Input, emit func(visualizers.Result)) (visualizers.Result, error) {
	r, err := drawUnit(ctx, in, emit)
	if err != nil {
		return visualizers.Result{}, fmt.Errorf("unit-model: %w", err)
	}
	return r, nil
}

func drawUnit(ctx context.Context, in visualizers.Input, emit func(visualizers.Result)) (visualizers.Result, error) {
	if err := in.Check(); err != nil {
		return visualizers.Result{}, err
	}
	d, err := visualizers.AsUnitDifferentiable(in.Subject)
	if err != nil {
		return visualizers.Result{}, err
	}
	u, err := chosenUnit(ctx, in)
	if err != nil {
		return visualizers.Result{}, err
	}
	goal := ascent.Goal{
		Name: fmt.Sprintf("unit %v", u),
		Gradient: func(ctx context.Context, batch []infer.Tensor) ([]infer.Tensor, error) {
			gs, err := d.UnitGradient(ctx, score.ExactRectifier, batch, []visualizers.Unit{u})
			out := make([]infer.Tensor, len(gs))
			for i, g := range gs {
				out[i] = g[0]
			}
			return out, err
		},
		Answer: func(ctx context.Context, x infer.Tensor) (string, error) {
			a, err := d.Activations(ctx, u.Layer, []infer.Tensor{x, in.Tensor})
			if err != nil {
				return "", err
			}
			return fmt.Sprintf("Its activity is %s, in the open picture %s.", spelling.Number(u.Value(a[0])), spelling.Number(u.Value(a[1]))), nil
		},
	}
	return ascent.Draw(ctx, in, []ascent.Goal{goal}, emit)
}

// chosenUnit is the unit that the settings name.
func chosenUnit(ctx context.Context, in visualizers.Input) (visualizers.Unit, error) {
	row, column := unitRow.In(in.Values), unitColumn.In(in.Values)
	l, layer, err := layerOf(in.Subject, camLayer, in.Values)
	if err != nil {
		return visualizers.Unit{}, err
	}
	u := visualizers.Unit{Layer: layer.Name, Channel: unitChannel.In(in.Values)}
	if (row < 0) != (column < 0) {
		return u, fmt.Errorf("row and column name one cell together: set both, or leave both at −1")
	}
	if row >= 0 {
		u.Cell = &[2]int{row, column}
	}
	if u.Channel < 0 {
		of := units{in.Subject, l, layer, u.Cell}
		u.Channel = 0
		if err := layer.Check(u); err != nil {
			return u, err
		}
		activity, err := of.Predict(ctx, []infer.Tensor{in.Tensor})
		if err != nil {
			return u, err
		}
		u.Channel = strongestOf(activity[0].Probabilities)
	}
	return u, layer.Check(u)
}
