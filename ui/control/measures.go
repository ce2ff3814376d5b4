package control

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"picasso/backend/picture"
	"picasso/backend/picture/measure"
	"picasso/ui/control/history"
	"picasso/ui/control/session"
	"picasso/ui/control/settings"
	"picasso/ui/control/task"
)

// Measure is a shape on the slice that is shown, with what it measures.
type Measure struct {
	ID      int // 0 for one that is being drawn
	Shape   measure.Shape
	Reading measure.Reading
	Chosen  bool
}

// spot is a slice of one of the volumes of a picture.
type spot = session.Spot

func (p *Picture) spot() spot { return spot{Volume: p.Volume, Slice: p.Slice} }

// drawnShape is a shape that stays until it is removed.
type drawnShape struct {
	id    int
	shape measure.Shape
}

// mostShapes bounds the shapes on a slice.
const mostShapes = 100

// syncPixels is how many pixels are counted at once; more are in the background.
const syncPixels = 1 << 18

// measuring is what there is to measure on the slice that is shown.
type measuring struct {
	*task.Task
	draft  *measure.Shape // being drawn
	before []drawnShape   // while one is moved or changed: what there was
	moving bool
	of     *picture.Image // that counts are of
	counts map[int]counted
	id     int // of the shape that is being counted
	shape  measure.Shape
}

// counted are the values inside a shape.
type counted struct {
	shape  measure.Shape
	values []measure.Values
}

// Measures are the shapes on the slice that is shown, the one that is being
// drawn last.
func (c *Controller) Measures() []Measure {
	p, k := c.state.Selected(), c.state.Look
	if p == nil || k == nil || k.frame() != p.frame() {
		return nil
	}
	var list []Measure
	for _, d := range p.shapes[p.spot()] {
		list = append(list, Measure{d.id, d.shape, c.measured(k.Image, d.id, d.shape), d.id == c.state.Chosen})
	}
	if d := c.measuring.draft; d != nil {
		list = append(list, Measure{0, *d, c.measured(k.Image, 0, *d), false})
	}
	return list
}

// measured reads a shape. The values inside a large one come later, with
// MeasuresChanged.
func (c *Controller) measured(m *picture.Image, id int, s measure.Shape) measure.Reading {
	r := measure.Geometry(s, measure.ScaleOf(m))
	r.Unit = m.Unit
	if !s.Kind.Counts() || !s.Valid() {
		return r
	}
	w := &c.measuring
	if w.of != m {
		w.of, w.counts = m, map[int]counted{}
	}
	if known, ok := w.counts[id]; ok && slices.Equal(known.shape.Points, s.Points) {
		r.Values = known.values
		return r
	}
	if s.Pixels(m) <= syncPixels {
		r.Values, _ = measure.Count(context.Background(), m, s)
		w.counts[id] = counted{s, r.Values}
		return r
	}
	if again := w.id == id && slices.Equal(w.shape.Points, s.Points); w.Running() && (again || id != 0 && w.id != id) {
		return r // it is counted, or will be when that one is
	}
	w.id, w.shape = id, s
	task.Start(w.Task, func(ctx context.Context, _ func(func())) ([]measure.Values, error) {
		return measure.Count(ctx, m, s)
	}, func(v []measure.Values, err error) {
		if err == nil && w.of == m {
			w.counts[id] = counted{s, v}
			c.changed(MeasuresChanged)
		}
	})
	return r
}

// unmeasured ends drawing and choosing, when another slice is shown.
func (c *Controller) unmeasured() {
	c.measuring.Stop()
	c.measuring.draft, c.measuring.before, c.measuring.moving = nil, nil, false
	c.state.Chosen = 0
}

// Draw takes a shape on the slice that is shown: a new one for ID 0, else one
// that is moved or changed. Until done it may come again and again; one that is
// not valid when it is done is dropped.
func (c *Controller) Draw(id int, s measure.Shape, done bool) {
	p, k := c.state.Selected(), c.state.Look
	if p == nil || k == nil || k.frame() != p.frame() {
		return
	}
	if id == 0 {
		c.drawNew(p, s, done)
	} else {
		c.drawAgain(p, id, s, done)
	}
	c.changed(MeasuresChanged)
}

func (c *Controller) drawNew(p *Picture, s measure.Shape, done bool) {
	c.measuring.draft = &s
	if !done {
		return
	}
	c.measuring.draft = nil
	list := p.shapes[p.spot()]
	switch {
	case !s.Valid():
	case len(list) >= mostShapes:
		c.Say(fmt.Sprintf("There are %d measurements here; remove some before you draw others.", len(list)))
	default:
		c.nextShape++
		c.state.Chosen = c.nextShape
		c.putShapes(p, p.spot(), append(slices.Clone(list), drawnShape{c.nextShape, s}))
		c.recordShapes(p, "Draw", s.Kind, list)
	}
}

func (c *Controller) drawAgain(p *Picture, id int, s measure.Shape, done bool) {
	list := p.shapes[p.spot()]
	i := slices.IndexFunc(list, func(d drawnShape) bool { return d.id == id })
	if i < 0 || !s.Valid() {
		return
	}
	w := &c.measuring
	if !w.moving {
		w.before, w.moving = list, true
	}
	list = slices.Clone(list)
	list[i].shape = s
	c.putShapes(p, p.spot(), list)
	if done {
		before := w.before
		w.before, w.moving = nil, false
		c.recordShapes(p, "Change", s.Kind, before)
	}
}

// ChooseMeasure chooses a shape, 0 for none.
func (c *Controller) ChooseMeasure(id int) {
	if c.state.Chosen != id {
		c.state.Chosen = id
		c.changed(MeasuresChanged)
	}
}

// RemoveMeasure removes the chosen shape; false where none is.
func (c *Controller) RemoveMeasure() bool {
	p := c.state.Selected()
	if p == nil || c.state.Chosen == 0 {
		return false
	}
	list := p.shapes[p.spot()]
	i := slices.IndexFunc(list, func(d drawnShape) bool { return d.id == c.state.Chosen })
	c.state.Chosen = 0
	if i < 0 {
		return false
	}
	c.putShapes(p, p.spot(), slices.Delete(slices.Clone(list), i, i+1))
	c.recordShapes(p, "Remove", list[i].shape.Kind, list)
	c.changed(MeasuresChanged)
	return true
}

// RemoveMeasures removes all shapes of the slice that is shown.
func (c *Controller) RemoveMeasures() {
	p := c.state.Selected()
	if p == nil || len(p.shapes[p.spot()]) == 0 {
		return
	}
	list := p.shapes[p.spot()]
	c.state.Chosen = 0
	c.putShapes(p, p.spot(), nil)
	c.recordShapes(p, "Remove", "", list)
	c.changed(MeasuresChanged)
}

// putShapes makes list the shapes of a slice. It must not change afterwards.
func (c *Controller) putShapes(p *Picture, at spot, list []drawnShape) {
	if p.shapes == nil {
		p.shapes = map[spot][]drawnShape{}
	}
	if p.shapes[at] = list; len(list) == 0 {
		delete(p.shapes, at)
	}
	c.keepMarks(p)
}

// recallMarks finds out in the background which series an entry is, and brings back
// what was measured and marked on it before.
func (c *Controller) recallMarks(p *Picture) {
	if p.Series == nil || p.known != "" || c.recalling.Running() && c.recalled == p.ID {
		return
	}
	series := p.series()
	c.recalled = p.ID
	task.Start(c.recalling, func(ctx context.Context, _ func(func())) (string, error) {
		return series.Identity(ctx)
	}, func(identity string, err error) {
		if err != nil { // what cannot be read is told where it is shown
			return
		}
		p.known = identity
		if shapes, keys := c.bringMarks(p); shapes+keys > 0 {
			c.Say(fmt.Sprintf("From the last time this series was open: %s and %s.", number(shapes, "measurement", "measurements"), number(keys, "key slice", "key slices")),
				Offer{"Remove and forget them", func() { c.dropMarks(p) }})
		}
		c.keepMarks(p) // what was drawn meanwhile
	})
}

// bringMarks puts what is remembered about a series on the slices that have nothing
// yet, and counts it.
func (c *Controller) bringMarks(p *Picture) (shapes, keys int) {
	m := c.settings.MarksOf(p.known)
	has := func(at settings.Slice) bool {
		volumes := max(len(p.Volumes()), 1)
		n := p.Series.Len()
		if volumes > 1 && at.Volume < volumes {
			n = p.Volumes()[at.Volume].Len
		}
		return at.Volume < volumes && at.Number < n
	}
	drawn := maps.Clone(p.shapes)
	if p.keys == nil {
		p.keys = map[spot]bool{}
	}
	if p.shapes == nil {
		p.shapes = map[spot][]drawnShape{}
	}
	for _, at := range m.Keys {
		if s := (spot{Volume: at.Volume, Slice: at.Number}); has(at) && !p.keys[s] {
			p.keys[s] = true
			keys++
		}
	}
	for _, d := range m.Shapes {
		s := spot{Volume: d.Volume, Slice: d.Number}
		if has(d.Slice) && len(drawn[s]) == 0 && len(p.shapes[s]) < mostShapes {
			c.nextShape++
			p.shapes[s] = append(p.shapes[s], drawnShape{c.nextShape, measure.Shape{Kind: d.Kind, Points: d.Points}})
			shapes++
		}
	}
	if shapes+keys > 0 {
		c.changed(MeasuresChanged)
		c.changed(KeysChanged)
	}
	return shapes, keys
}

// dropMarks takes everything off a series and forgets it.
func (c *Controller) dropMarks(p *Picture) {
	p.shapes, p.keys = nil, nil
	c.state.Chosen = 0
	c.keepMarks(p)
	c.changed(MeasuresChanged)
	c.changed(KeysChanged)
}

// keepMarks remembers what is measured and marked on a series, by what the series
// holds and by nothing that could be read.
func (c *Controller) keepMarks(p *Picture) {
	if p.known == "" {
		return
	}
	var m settings.Marks
	place := func(at spot) settings.Slice { return settings.Slice{Volume: at.Volume, Number: at.Slice} }
	order := func(a, b spot) int { return cmp.Or(cmp.Compare(a.Volume, b.Volume), cmp.Compare(a.Slice, b.Slice)) }
	for _, at := range slices.SortedFunc(maps.Keys(p.keys), order) {
		m.Keys = append(m.Keys, place(at))
	}
	for _, at := range slices.SortedFunc(maps.Keys(p.shapes), order) {
		for _, d := range p.shapes[at] {
			m.Shapes = append(m.Shapes, settings.Shape{Slice: place(at), Kind: d.shape.Kind, Points: d.shape.Points})
		}
	}
	c.settings.SetMarks(p.known, m)
}

// Remembered is on how many series measurements and marks are remembered.
func (c *Controller) Remembered() int { return len(c.settings.Marks) }

// ForgetMarks forgets what was measured and marked on all series. What is on those
// in the list stays until they are closed.
func (c *Controller) ForgetMarks() {
	n := c.Remembered()
	c.settings.ForgetMarks()
	c.changed(KeysChanged)
	c.Say(fmt.Sprintf("What was measured and marked on %s is forgotten. What is drawn on the scans in the list stays until you remove it or close them.", number(n, "series", "series")))
}

// recordShapes adds a change of the shapes of the slice that is shown to what
// can be undone; an empty kind stands for all of them.
func (c *Controller) recordShapes(p *Picture, did string, kind measure.Kind, before []drawnShape) {
	at, after := p.spot(), p.shapes[p.spot()]
	put := func(list []drawnShape) func() error {
		return func() error {
			c.measuring.before, c.measuring.moving = nil, false
			c.putShapes(p, at, list)
			c.changed(MeasuresChanged)
			return nil
		}
	}
	name := did + " all measurements"
	if kind != "" {
		name = fmt.Sprintf("%s the %s", did, kind)
	}
	if p.Slices() > 1 {
		name += fmt.Sprintf(" on slice %d", at.Slice+1)
	}
	c.record(history.Step{Name: name, Bytes: 128 * (len(before) + len(after)), Undo: put(before), Redo: put(after)})
}

// number is a count in words.
func number(n int, one, many string) string {
	if n == 1 {
		many = one
	}
	return fmt.Sprintf("%d %s", n, many)
}
