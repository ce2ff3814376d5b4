package insight

import (
	"context"
	"fmt"
	"image"
	"math"
	"slices"

	"picasso/backend/preprocess"
	"picasso/backend/score"
	"picasso/ui/control"
	"picasso/ui/control/task"
	"picasso/ui/drawing"
	"picasso/visualizers"
	"picasso/visualizers/layers"
)

// Unit is a channel of the layer: all of it, or one cell.
type Unit struct {
	Channel int
	Cell    *[2]int // row and column, nil for the mean over the map
}

// Drives are the IDs of the methods that show what in the picture drives a unit.
func Drives() []string {
	return []string{"saliency", "guided-backprop", "deconvnet", "occlusion"}
}

// Drive is what drives the unit in the picture, by one of [Drives].
type Drive struct {
	Map     *visualizers.Map
	Display drawing.Display
	Title   string // of the method
	Note    string
	Done    float64
	Err     error
}

type driveKey struct {
	look   *control.Look
	layer  string
	unit   Unit
	method string
}

// same reports whether two keys ask for the same; units are compared by value.
func (k driveKey) same(other driveKey) bool {
	return k.look == other.look && k.layer == other.layer && k.method == other.method && k.unit.same(other.unit)
}

func (u Unit) same(other Unit) bool {
	if u.Channel != other.Channel || (u.Cell == nil) != (other.Cell == nil) {
		return false
	}
	return u.Cell == nil || *u.Cell == *other.Cell
}

// clampUnit keeps the unit inside the layer; of a layer that was not looked at before
// it takes the first tile.
func (t *Controller) clampUnit(other bool) {
	l, u := t.state.Sheet.Layer, &t.state.Unit
	if other || u.Channel >= l.Channels {
		u.Channel = t.state.Sorted[0]
	}
	if c := u.Cell; c != nil && (c[0] >= l.Height || c[1] >= l.Width) {
		u.Cell = nil
	}
}

// ChooseUnit looks at a channel.
func (t *Controller) ChooseUnit(channel int) {
	t.state.Unit = Unit{Channel: channel}
	t.unitChanged()
}

// ChooseCell looks at one cell of the channel, nil for all of it.
func (t *Controller) ChooseCell(cell *[2]int) {
	t.state.Unit.Cell = cell
	t.unitChanged()
}

func (t *Controller) unitChanged() {
	t.drive()
	t.search()
	t.tell()
}

// CellAt is the cell of the layer over a pixel of the picture; ok is false where
// the layer does not reach.
func (t *Controller) CellAt(x, y int) (cell [2]int, ok bool) {
	s := t.state.Sheet
	if s == nil || t.model == nil {
		return cell, false
	}
	if s.plane != nil {
		row, column, ok := s.plane.At(float64(y), float64(x))
		if !ok {
			return cell, false
		}
		return s.CellOn(row, column), true
	}
	_, h, w := t.model.Shape()
	px, py := s.Look.Place.Input(float64(x)+0.5, float64(y)+0.5)
	cell = [2]int{int(math.Floor(py / float64(h) * float64(s.Layer.Height))), int(math.Floor(px / float64(w) * float64(s.Layer.Width)))}
	return cell, cell[0] >= 0 && cell[1] >= 0 && cell[0] < s.Layer.Height && cell[1] < s.Layer.Width
}

// StepUnit goes n tiles further on the sheet, turning pages, stopping at the ends.
func (t *Controller) StepUnit(n int) {
	if len(t.state.Sorted) == 0 {
		return
	}
	at := min(max(slices.Index(t.state.Sorted, t.state.Unit.Channel)+n, 0), len(t.state.Sorted)-1)
	t.state.Page = at / PageSize
	t.ChooseUnit(t.state.Sorted[at])
}

// SetMethod shows by another method what drives the unit; "" shows its activation.
func (t *Controller) SetMethod(id string) {
	t.state.Method = id
	t.drive()
	t.tell()
}

// drive computes what drives the unit in the current picture.
func (t *Controller) drive() {
	key := driveKey{t.c.State().Look, t.state.Layer, t.state.Unit, t.state.Method}
	if !t.here() || !t.Current() || key.same(t.driven) {
		return
	}
	t.driving.Stop()
	t.driven, t.state.Drive = key, nil
	if key.method == "" {
		return
	}
	v := t.visualizer(key.method)
	if v == nil {
		t.state.Drive = &Drive{Err: fmt.Errorf("the method %s is not part of this program", key.method)}
		return
	}
	t.state.Drive = &Drive{Title: v.Info().Title, Display: drawing.Default(v.Info())}
	put := func(r visualizers.Result) {
		d := *t.state.Drive
		if d.Done, d.Note = r.Done, r.Note; len(r.Maps) > 0 {
			d.Map = &r.Maps[0]
		}
		t.state.Drive = &d
		t.tell()
	}
	task.Start(t.driving, control.Lend(t.c, func(ctx context.Context, m control.Model, tell func(func())) (visualizers.Result, error) {
		return explain(ctx, m, v, key, func(r visualizers.Result) { tell(func() { put(r) }) })
	}), func(r visualizers.Result, err error) {
		if err != nil {
			t.state.Drive = &Drive{Title: v.Info().Title, Err: err}
			t.tell()
			return
		}
		put(r)
	})
}

// visualizer is the method with an ID, nil where the window has none.
func (t *Controller) visualizer(id string) visualizers.Visualizer {
	for _, p := range t.c.State().Panels {
		if p.Info.ID == id {
			return p.Visualizer
		}
	}
	return nil
}

// explain runs a method with the unit in the place of a class.
func explain(ctx context.Context, m control.Model, v visualizers.Visualizer, key driveKey, emit func(visualizers.Result)) (visualizers.Result, error) {
	units, err := layers.OfUnits(m, key.layer, key.unit.Cell)
	if err != nil {
		return visualizers.Result{}, err
	}
	if r, ok := v.(visualizers.Requirer); ok {
		if err := r.Require(units); err != nil {
			return visualizers.Result{}, err
		}
	}
	input, err := single(key.look)
	if err != nil {
		return visualizers.Result{}, err
	}
	base, err := units.Predict(ctx, []tensor{input})
	if err != nil {
		return visualizers.Result{}, err
	}
	return v.Explain(ctx, visualizers.Input{
		Subject: units, Image: key.look.Image, Tensor: input, Base: base[0],
		Targets: []score.Target{score.ClassTarget(key.unit.Channel, score.Probability)}, Values: visualizers.Defaults(v, units),
	}, emit)
}

func (s *State) driveTold() (share float64, text string) {
	if d := s.Drive; d != nil {
		return d.Done, fmt.Sprintf("%s of channel %d", d.Title, s.Unit.Channel)
	}
	return 0, ""
}

// OnPicture is a rectangle of the model's input in pixels of a picture.
func OnPicture(p preprocess.Placement, r, picture image.Rectangle) image.Rectangle {
	x := func(v int) float64 { return float64(v)*p.ScaleX + p.OffsetX }
	y := func(v int) float64 { return float64(v)*p.ScaleY + p.OffsetY }
	return image.Rect(
		int(math.Floor(x(r.Min.X))), int(math.Floor(y(r.Min.Y))),
		int(math.Ceil(x(r.Max.X))), int(math.Ceil(y(r.Max.Y)))).Intersect(picture)
}

// Bins of a histogram.
const Bins = 32

// Histogram counts the cells of the unit's map by value, in [Bins] equal parts of
// its range.
func (s *Sheet) Histogram(channel int) (counts [Bins]int, lo, hi float64) {
	plane := s.All(channel).Values
	r := drawing.Extremes(plane)
	for _, v := range plane {
		if x := float64(v); x-x == 0 {
			at := 0
			if r.Hi > r.Lo {
				at = min(int((x-r.Lo)/(r.Hi-r.Lo)*Bins), Bins-1)
			}
			counts[at]++
		}
	}
	return counts, r.Lo, r.Hi
}
