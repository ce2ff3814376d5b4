package insight

import (
	"context"
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
	"picasso/visualizers/render"
)

// Sheet are the channels of a layer for a picture. It never changes.
type Sheet struct {
	Layer    visualizers.Layer
	Look     *control.Look
	Values   tensor           // C×h×w
	Channels []layers.Channel // by index
	Target   *score.Target    // that contributions are to, nil where they were not asked for
	Symbol   string           // of Target: "logit(tank)"
	Lack     error            // why there are no contributions
	Signed   bool             // there are values below zero
	Range    render.Range     // of all channels

	plane *preprocess.Plane // of the channels, on the slice of the look; nil for pictures
}

// sheetKey is what a sheet is made of.
type sheetKey struct {
	look     *control.Look
	layer    string
	weighted bool // with contributions
	target   score.Target
}

// PageSize is how many tiles are shown at once.
const PageSize = 512

// readSheet reads the activations of the layer for the current picture.
func (t *Controller) readSheet() {
	s := t.c.State()
	if t.state.Graph == nil || t.state.Layer == "" || !s.Look.Answered() {
		return
	}
	key := sheetKey{look: s.Look, layer: t.state.Layer}
	if t.state.Order == layers.ByContribution {
		key.weighted, key.target = true, s.Target
	}
	if key == t.filled {
		return
	}
	t.filled, t.state.SheetErr = key, nil
	layer, ok := t.state.Graph.Layer(key.layer)
	if !ok {
		t.filling.Stop()
		t.state.Working, t.state.Sheet, t.state.Sorted = false, nil, nil
		t.state.SheetErr = t.state.Graph.noMap(key.layer)
		return
	}
	t.state.Working = true
	had := t.state.Sheet
	task.Start(t.filling, control.Lend(t.c, func(ctx context.Context, m control.Model, tell func(func())) (*Sheet, error) {
		return fill(ctx, m, layer, key, had, func(part *Sheet) { tell(func() { t.take(part) }) })
	}), func(found *Sheet, err error) {
		t.state.Working = false
		if t.state.SheetErr = err; err != nil {
			t.state.Sheet, t.state.Sorted = nil, nil
			t.tell()
			return
		}
		t.take(found)
	})
}

// fill reads the activations, tells them, and adds contributions where they are
// asked for. had is the sheet there is: its activations are not read again.
func fill(ctx context.Context, m control.Model, layer visualizers.Layer, key sheetKey, had *Sheet, tell func(*Sheet)) (*Sheet, error) {
	l := m.(visualizers.Layered)
	input, err := single(key.look)
	if err != nil {
		return nil, err
	}
	var values tensor
	if had != nil && had.Look == key.look && had.Layer.Name == layer.Name {
		values = had.Values
	} else {
		list, err := l.Activations(ctx, layer.Name, []tensor{input})
		if err != nil {
			return nil, err
		}
		values = list[0]
	}
	s := newSheet(layer, key.look, values)
	if !key.weighted {
		return s, nil
	}
	tell(s)
	weighted := *s
	weighted.Target, weighted.Symbol = &key.target, key.target.Symbol(m)
	weighted.Lack = visualizers.ErrNoGradient
	d, ok := l.(visualizers.LayerDifferentiable)
	if ok {
		weighted.Lack = d.CheckLayerGradient(layer.Name)
	}
	if weighted.Lack != nil {
		return &weighted, nil
	}
	_, gradients, err := d.LayerGradient(ctx, layer.Name, input, []score.Target{key.target})
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		weighted.Lack = err
		return &weighted, nil
	}
	weighted.Channels = layers.Describe(values, gradients[0])
	return &weighted, nil
}

func newSheet(layer visualizers.Layer, k *control.Look, values tensor) *Sheet {
	s := &Sheet{Layer: layer, Look: k, Values: values, Channels: layers.Describe(values, tensor{})}
	if k != nil && k.Block != nil && layer.Depth > 0 {
		slice, _ := k.Image.Span()
		plane, _ := k.Block.Plane([3]int(layer.Cells()), slice) // the nearest one, where the block ends before
		s.plane = &plane
	}
	r := drawing.Extremes(values.Data)
	s.Range, s.Signed = render.Range{Lo: r.Lo, Hi: r.Hi}, r.Lo < 0
	if math.IsNaN(r.Lo) {
		s.Range = render.Range{}
	}
	return s
}

// All are the cells of a channel, of a volume all its slices under each other.
func (s *Sheet) All(channel int) render.Field {
	n := s.Layer.Height * s.Layer.Width
	return render.Field{Width: s.Layer.Width, Height: s.Layer.Height, Values: s.Values.Data[channel*n : (channel+1)*n]}
}

// Plane is the map of a channel; of a volume the cells nearest to the slice of the look,
// in its rows and columns.
func (s *Sheet) Plane(channel int) render.Field {
	all := s.All(channel)
	if s.plane == nil {
		return all
	}
	rows, columns := s.plane.Size()
	out := render.Field{Width: columns, Height: rows, Values: make([]float32, rows*columns)}
	for i := range out.Values {
		out.Values[i] = all.Values[s.plane.Index(i/columns, i%columns)]
	}
	return out
}

// CellOn is a cell of [Sheet.Plane] as a [Unit] has it.
func (s *Sheet) CellOn(row, column int) [2]int {
	if s.plane == nil {
		return [2]int{row, column}
	}
	at := s.plane.Index(row, column)
	return [2]int{at / s.Layer.Width, at % s.Layer.Width}
}

// Value is what a channel is at a cell.
func (s *Sheet) Value(channel int, cell [2]int) float64 {
	return float64(s.All(channel).Values[cell[0]*s.Layer.Width+cell[1]])
}

// OnLook is a map of the layer, or of the model's input, as it lies on the look: of a
// volume on its slice.
func (s *Sheet) OnLook(m visualizers.Map) visualizers.Map {
	if s.Look.Block == nil || m.Depth == 0 {
		return m
	}
	slice, _ := s.Look.Image.Span()
	return m.OnSlice(*s.Look.Block, slice)
}

// take shows a sheet.
func (t *Controller) take(s *Sheet) {
	had := t.state.Sheet
	t.state.Sheet = s
	t.sort()
	t.clampUnit(had == nil || had.Layer.Name != s.Layer.Name)
	t.drive()
	t.tell()
}

// sort orders the channels; contributions that there are none of leave the order
// of means.
func (t *Controller) sort() {
	s := t.state.Sheet
	order := t.state.Order
	if order == layers.ByContribution && (s.Target == nil || s.Lack != nil) {
		order = layers.ByMean
	}
	list := slices.Clone(s.Channels)
	layers.Sort(list, order)
	t.state.Sorted = make([]int, len(list))
	for i, c := range list {
		t.state.Sorted[i] = c.Index
	}
	t.state.Page = min(t.state.Page, t.state.Pages()-1)
}

// Pages is how many pages the tiles fill, at least one.
func (s *State) Pages() int { return max(1, (len(s.Sorted)+PageSize-1)/PageSize) }

// Shown are the channels of the page.
func (s *State) Shown() []int {
	from := s.Page * PageSize
	return s.Sorted[min(from, len(s.Sorted)):min(from+PageSize, len(s.Sorted))]
}

// Current reports whether the sheet is that of the picture and layer looked at.
func (t *Controller) Current() bool {
	s := t.state.Sheet
	return s != nil && s.Look == t.c.State().Look && s.Layer.Name == t.state.Layer
}

// SetOrder sorts the tiles.
func (t *Controller) SetOrder(by layers.Order) {
	if by == t.state.Order {
		return
	}
	t.state.Order, t.state.Page = by, 0
	if t.state.Sheet != nil {
		t.sort()
	}
	t.follow()
}

// SetCommon draws all tiles on one scale, or each on its own.
func (t *Controller) SetCommon(on bool) {
	t.state.Common = on
	t.tell()
}

// Turn goes to another page.
func (t *Controller) Turn(n int) {
	t.state.Page = min(max(t.state.Page+n, 0), t.state.Pages()-1)
	t.tell()
}

// RangeOf is the scale that a channel is drawn on: its own, or that of all.
func (t *Controller) RangeOf(channel int) render.Range {
	s := t.state.Sheet
	if t.state.Common {
		return s.Range
	}
	return render.RobustRange(s.All(channel), s.Signed, 0)
}

// FieldOn is the part of the picture that a cell depends on, in its pixels; of a volume in
// those of its slices, of which slices are the numbers from 0.
func (t *Controller) FieldOn(cell [2]int) (on image.Rectangle, slices [2]int) {
	s := t.state.Sheet
	if s.plane == nil {
		f := t.state.Graph.Field(s.Layer.Name, 0, cell[0], cell[1])
		return OnPicture(s.Look.Place, image.Rect(f.Columns.Lo, f.Rows.Lo, f.Columns.Hi, f.Rows.Hi), s.Look.Shown.Rect), slices
	}
	rows := s.Layer.Height / s.Layer.Depth
	f := t.state.Graph.Field(s.Layer.Name, cell[0]/rows, cell[0]%rows, cell[1])
	low, high := s.Look.Block.Covers([3]int{f.Slices.Lo, f.Rows.Lo, f.Columns.Lo}, [3]int{f.Slices.Hi, f.Rows.Hi, f.Columns.Hi})
	pixel := func(edge float64) int { return int(math.Round(edge + 0.5)) } // of the pixel that begins there
	on = image.Rect(pixel(low[2]), pixel(low[1]), pixel(high[2]), pixel(high[1])).Intersect(s.Look.Shown.Rect)
	return on, [2]int{max(pixel(low[0]), 0), min(pixel(high[0]), s.Look.Block.Source[0]) - 1}
}
