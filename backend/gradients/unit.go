package gradients

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"picasso/backend/infer"
	"picasso/backend/onnx/gradient"
	"picasso/backend/score"
)

// Unit is a channel of a layer: its value at one cell, or its mean over all of
// them.
type Unit struct {
	Layer   string
	Channel int
	// Cell is the row and column of one cell, nil for the mean over the map.
	Cell *[2]int
}

// String writes a unit as users do: "relu5:12", "relu5:12@3,4" for one cell.
func (u Unit) String() string {
	if u.Cell == nil {
		return fmt.Sprintf("%s:%d", u.Layer, u.Channel)
	}
	return fmt.Sprintf("%s:%d@%d,%d", u.Layer, u.Channel, u.Cell[0], u.Cell[1])
}

// ParseUnit reads a unit as users write it: "relu5:12", and behind @ one cell, of a
// picture by row and column, of a volume by slice, row and column, for [Layer.Place].
// Names of layers may hold colons: the last one counts.
func ParseUnit(text string) (u Unit, cell []int, err error) {
	wrong := fmt.Errorf("%q names no unit; write LAYER:CHANNEL, as relu5:12, or LAYER:CHANNEL@ROW,COLUMN for one cell, of volumes LAYER:CHANNEL@SLICE,ROW,COLUMN", text)
	at := strings.LastIndex(text, ":")
	if at < 1 {
		return Unit{}, nil, wrong
	}
	number, place, celled := strings.Cut(text[at+1:], "@")
	channel, err := strconv.Atoi(number)
	if err != nil {
		return Unit{}, nil, wrong
	}
	u = Unit{Layer: text[:at], Channel: channel}
	if !celled {
		return u, nil, nil
	}
	for _, part := range strings.Split(place, ",") {
		n, err := strconv.Atoi(part)
		if err != nil {
			return Unit{}, nil, wrong
		}
		cell = append(cell, n)
	}
	if len(cell) < 2 || len(cell) > 3 {
		return Unit{}, nil, wrong
	}
	return u, cell, nil
}

// Check refuses a unit that the layer does not have.
func (l Layer) Check(u Unit) error {
	if u.Channel < 0 || u.Channel >= l.Channels {
		return fmt.Errorf("the layer %s has the channels 0…%d, not %d", l.Name, l.Channels-1, u.Channel)
	}
	if c := u.Cell; c != nil && (c[0] < 0 || c[1] < 0 || c[0] >= l.Height || c[1] >= l.Width) {
		return fmt.Errorf("the layer %s has the rows 0…%d and the columns 0…%d; there is no cell %d,%d", l.Name, l.Height-1, l.Width-1, c[0], c[1])
	}
	return nil
}

// Value of the unit in the activations of its layer, C×h×w.
func (u Unit) Value(activations infer.Tensor) float64 {
	sum := 0.0
	u.weigh(activations.Shape, func(i int, weight float64) { sum += weight * float64(activations.Data[i]) })
	return sum
}

// weigh visits the values that a unit is made of, each with its weight.
func (u Unit) weigh(shape []int, visit func(i int, weight float64)) {
	plane := shape[1] * shape[2]
	if u.Cell != nil {
		visit(u.Channel*plane+u.Cell[0]*shape[2]+u.Cell[1], 1)
		return
	}
	for i := range plane {
		visit(u.Channel*plane+i, 1/float64(plane))
	}
}

// CheckUnit reports why no gradient of the units of a layer can be had, or nil:
// the first operator between the picture and the layer without a rule. It runs
// nothing.
func (d *Differentiator) CheckUnit(layer string) error {
	m, err := d.inlined()
	if err != nil {
		return err
	}
	c, err := gradient.Cover(m, layer, d.host.Input().Name)
	switch {
	case err != nil:
		return err
	case len(c.Blockers) > 0:
		return &c.Blockers[0]
	case c.Total == 0:
		return fmt.Errorf("%q: %w", layer, gradient.ErrNoPath)
	}
	return nil
}

// UnitGradient returns d unit / d input for every tensor of the batch and every
// unit: result[i][k] is C×H×W, in activation per model unit. Results are no
// gradients unless the rule for rectifiers is [score.ExactRectifier].
func (d *Differentiator) UnitGradient(ctx context.Context, rule score.Rectifier, batch []infer.Tensor, units []Unit) (list [][]infer.Tensor, err error) {
	err = d.judged(ctx, func() error {
		list, err = d.unitGradient(ctx, rule, batch, units)
		return err
	})
	return list, err
}

func (d *Differentiator) unitGradient(ctx context.Context, rule score.Rectifier, batch []infer.Tensor, units []Unit) ([][]infer.Tensor, error) {
	if err := d.ready(ctx); err != nil {
		return nil, err
	}
	if d.varies(d.host.Input().Name) {
		return d.onePerOne(ctx, batch, func(d *Differentiator, one []infer.Tensor) ([][]infer.Tensor, error) {
			return d.UnitGradient(ctx, rule, one, units)
		})
	}
	var groups []group
	together := true
	for k, u := range units {
		read, err := d.layer(u.Layer)
		if err != nil {
			return nil, err
		}
		if err := read.Check(u); err != nil {
			return nil, err
		}
		together = together && d.batchAxis(u.Layer) == 0
		groups = append(groups, group{u.Layer, []start{d.startOf(read, u)}, []int{k}})
	}
	if together {
		return d.fromGroups(ctx, rule, batch, groups, len(units))
	}
	var out [][]infer.Tensor // pictures that do not lie one behind the other
	for i := range batch {
		one, err := d.fromGroups(ctx, rule, batch[i:i+1], groups, len(units))
		if err != nil {
			return nil, err
		}
		out = append(out, one...)
	}
	return out, nil
}

// startOf is d unit / d layer, the same for every picture.
func (d *Differentiator) startOf(read mapped, u Unit) start {
	return func(*pass, int) (infer.Tensor, error) {
		planes := infer.NewTensor(read.Channels, read.Height, read.Width)
		u.weigh(planes.Shape, func(i int, weight float64) { planes.Data[i] = float32(weight) })
		flat, err := read.cells.Flat(planes.Data)
		return infer.Tensor{Shape: d.facts.Shape(u.Layer), Data: flat}, err
	}
}
