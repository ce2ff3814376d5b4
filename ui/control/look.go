package control

import (
	"context"
	"errors"
	"fmt"
	"picasso/backend/infer"
	"picasso/backend/preprocess"
	"picasso/backend/score"
	"slices"
	"time"

	"picasso/backend/picture"
	"picasso/ui/control/history"
	"picasso/ui/control/kept"
	"picasso/ui/control/task"
	"picasso/ui/report"
	"picasso/visualizers"
)

// looks keeps the pictures looked at last, newest first.
type looks struct{ list []*Look }

// Decoded pictures kept in memory: a few, and fewer when they are large.
const (
	keptLooks = 8
	lookBytes = 400 << 20
)

func (l *looks) get(f frame) *Look {
	for i, k := range l.list {
		if k.asked() == f {
			copy(l.list[1:i+1], l.list[:i])
			l.list[0] = k
			return k
		}
	}
	return nil
}

func (l *looks) put(k *Look) {
	l.list = append([]*Look{k}, l.list...)
	bytes := 0
	for i, k := range l.list {
		if bytes += k.bytes(); i > 0 && (i >= keptLooks || bytes > lookBytes) {
			clear(l.list[i:])
			l.list = l.list[:i]
			return
		}
	}
}

// bytes estimates what a look keeps alive.
func (k *Look) bytes() int {
	return len(k.Shown.Pix) + 4*k.Image.Width*k.Image.Height*k.Image.Channels + 4*len(k.Input.Data)
}

func (l *looks) clear() { l.list = nil }

// look computes State.Look for the current picture and then explains it.
func (c *Controller) look(delay time.Duration) {
	c.stopLooking()
	c.halt()
	c.yield()
	c.clearProbe()
	c.unmeasured()
	c.saveShown()
	c.closeOtherMontage()
	c.followPlanes()
	c.forget(func(n *Notice) bool { return n.Picture != 0 })
	s := &c.state
	if s.Current < 0 {
		s.Look, s.Looking = nil, false
		c.changed(LookChanged)
		c.refresh(0)
		return
	}
	p := s.Images[s.Current]
	c.recallMarks(p)
	at, to := p.frame(), c.altered.of[p.frame()]
	at.altered = to.number
	if k := c.looks.get(at); k != nil {
		c.looked(k)
		return
	}
	whole := c.looks.get(p.frame())
	s.Looking = true
	c.markStale()
	c.changed(LookChanged)
	h, sh, kind := c.model, p.shot(p.Slice), kindOf(c.state.Model)
	task.Start(c.looking, using(h, func(ctx context.Context, tell func(func())) (*Look, error) {
		ctx = c.telling(ctx, tell)
		k, err := whole, error(nil)
		if k == nil {
			k, err = lookAt(ctx, sh, h, func(k *Look) { tell(func() { c.decoded(k) }) })
			if err == nil && h != nil && k.Over == nil {
				k.Doubts = score.Doubts(ctx, h.Model, k.Image, k.Input, k.Base, kind)
			}
		}
		if err == nil && h != nil && to.Alteration != nil {
			return alter(ctx, h, k, to)
		}
		return k, err
	}), func(k *Look, err error) {
		if err != nil {
			c.unseen(p, k, err)
			return
		}
		if k.Whole != nil && whole == nil {
			c.looks.put(k.Whole)
		}
		c.looks.put(k)
		c.looked(k)
	})
}

func (c *Controller) stopLooking() {
	c.looking.Stop()
	c.state.Looking, c.state.Moved = false, Moved{}
}

// lookAt decodes a picture and asks the model about it. decoded, which may be
// nil, gets it before the model has answered. The look is returned with an
// error too when the picture itself is fine.
func lookAt(ctx context.Context, sh shot, h *held, decoded func(*Look)) (k *Look, err error) {
	defer task.Recover(&err)
	m, err := sh.open()
	if err != nil {
		return nil, err
	}
	m = oriented(h, m)
	k = &Look{ID: sh.frame.picture, Slice: sh.frame.slice, Volume: sh.frame.volume, Uptake: sh.frame.uptake, aim: sh.frame.aim, Name: sh.name, Image: m, Shown: m.RGBA()}
	k.Small = kept.Shrink(k.Shown)
	if m.Scan == nil && m.Path != "" {
		k.Name = m.Name // without patient
	}
	if h == nil || ctx.Err() != nil {
		return k, ctx.Err()
	}
	if decoded != nil {
		bare := *k
		decoded(&bare)
	}
	if err := fit(h, m.Height, m.Width); err != nil {
		return k, fmt.Errorf("prepare %s for the model: %w", sh.name, err)
	}
	input, err := k.prepared(ctx, h)
	if err != nil {
		return k, fmt.Errorf("prepare %s for the model: %w", sh.name, err)
	}
	if k.Base, err = k.answer(ctx, h, input); err != nil {
		return k, fmt.Errorf("run the model on %s: %w", sh.name, err)
	}
	k.Input = input
	k.Ranked = h.Rank(k.Base)
	k.Place = h.Place(m)
	return k, nil
}

// oriented is a picture as the model takes it, which is how it is shown: maps lie
// on it.
func oriented(h *held, m *picture.Image) *picture.Image {
	if h != nil {
		if o, ok := h.Model.(interface {
			Oriented(*picture.Image) *picture.Image
		}); ok {
			return o.Oriented(m)
		}
	}
	return m
}

// decoded shows a slice before the model has answered, so that scrolling does
// not wait for it.
func (c *Controller) decoded(k *Look) {
	if s := &c.state; s.Images[s.Current].Slices() > 1 {
		s.Look = k
		c.changed(LookChanged)
	}
}

// Reader reads a picture as it is looked at, for any goroutine: as the model takes
// it, and prepared for it. What it opens is not kept.
func (p *Picture) Reader() func(m Model) (*picture.Image, infer.Tensor, error) {
	open := p.shot(p.Slice).open
	return func(m Model) (*picture.Image, infer.Tensor, error) {
		raw, err := open()
		if err != nil {
			return nil, infer.Tensor{}, err
		}
		h := &held{Model: m}
		raw = oriented(h, raw)
		if err := fit(h, raw.Height, raw.Width); err != nil {
			return nil, infer.Tensor{}, err
		}
		x, err := m.Prepare(raw)
		return raw, x, err
	}
}

// Beside gives inputs of the pictures that are open, the current one first, as
// [visualizers.Input] has them; nil where there is but one.
func (c *Controller) Beside() func(ctx context.Context, n int) ([]infer.Tensor, error) {
	s := &c.state
	if s.Model == nil || len(s.Images) < 2 {
		return nil
	}
	m := s.Model
	var readers []func(Model) (*picture.Image, infer.Tensor, error)
	for i, p := range s.Images {
		if p.Err != nil {
			continue
		}
		readers = append(readers, p.Reader())
		if last := len(readers) - 1; i == s.Current {
			readers[0], readers[last] = readers[last], readers[0]
		}
	}
	return func(ctx context.Context, n int) ([]infer.Tensor, error) {
		var list []infer.Tensor
		for _, read := range readers {
			if err := ctx.Err(); err != nil || len(list) >= n {
				return list, err
			}
			if _, x, err := read(m); err == nil && (len(list) == 0 || slices.Equal(x.Shape, list[0].Shape)) {
				list = append(list, x)
			}
		}
		return list, nil
	}
}

// input is what a visualizer gets to explain the look.
func (k *Look) input(m Model, values visualizers.Values, targets ...score.Target) visualizers.Input {
	return visualizers.Input{Subject: k.Asks(m), Image: k.Image, Tensor: k.Input, Base: k.Base, Targets: targets, Values: values}
}

// Answered reports whether the model has seen the picture.
func (k *Look) Answered() bool { return k != nil && k.Input.Data != nil }

// looked makes k what the window shows.
func (c *Controller) looked(k *Look) {
	if c.model != nil {
		_ = fit(c.model, k.Image.Height, k.Image.Width) // was told when it was first looked at
	}
	s := &c.state
	s.Look, s.Looking, s.Moved = k, false, Moved{}
	s.Images[s.Current].block = k.Block
	c.known(s.Current, k)
	c.timed()
	c.compared(k)
	for _, text := range k.Doubts {
		c.notify(Notice{Text: text, Warning: true, Guess: true, Picture: k.ID})
	}
	if !s.Pinned && len(k.Ranked) > 0 {
		c.state.Target = score.ClassTarget(k.Ranked[0].Index, s.Target.Score)
	}
	c.lay()
	c.redrawn(k)
	c.changed(LookChanged)
	c.changed(TargetChanged)
	c.reviewed()
	if p := s.Selected(); p.Slices() > 1 { // who goes through slices passes most of them
		c.refresh(c.delay)
		return
	}
	c.refresh(0)
}

// fit lets a model whose graph resizes pictures itself take the picture's size.
func fit(h *held, height, width int) error {
	if own, ok := h.Model.(interface{ Fit(height, width int) error }); ok {
		return own.Fit(height, width)
	}
	return nil
}

// unseen shows why the current picture has no answer.
func (c *Controller) unseen(p *Picture, k *Look, err error) {
	doing := "explain " + p.Name
	if k == nil { // not even read
		doing = "show " + p.Name
	}
	p.tried = true
	if c.broken(p, p.Slice, err); p.Slices() < 2 || !p.usable() {
		p.Err = err
	} else if c.state.Model == nil || visualizers.DepthOf(c.state.Model) == 0 { // else it is about all slices
		doing = fmt.Sprintf("explain slice %d of %d", p.Slice+1, p.Slices())
	}
	c.thumbed(p, k)
	c.state.Look, c.state.Looking, c.state.Moved = k, false, Moved{}
	c.imageChanged(c.state.Current)
	c.changed(LookChanged)
	if !errors.Is(err, context.Canceled) {
		n := Notice{Doing: doing, Err: err, Picture: p.ID}
		c.notify(c.offering(n, func(need int64) { c.allowPicture(p, need) }))
	}
	c.refresh(0)
}

// known writes what a look found into the image list.
func (c *Controller) known(i int, k *Look) {
	p := c.state.Images[i]
	p.Err = nil
	if k.Whole != nil { // the list is about the picture as it is
		k = k.Whole
	}
	c.thumbed(p, k)
	if k.Answered() {
		p.Best, p.tried = few(k.Ranked), true
		c.answered(p, k)
	}
	c.imageChanged(i)
}

// few copies the first classes, so that a thousand pictures do not keep a
// thousand full rankings alive.
func few(cs []score.Class) []score.Class {
	return append([]score.Class(nil), cs[:min(len(cs), GridClasses)]...)
}

// timed takes over how fast the model is, once a pass has been measured.
func (c *Controller) timed() {
	if c.state.Model == nil || c.state.About.Pass > 0 {
		return
	}
	if c.state.About.Pass = c.state.Model.About().Pass; c.state.About.Pass > 0 {
		c.changed(SpeedChanged)
	}
}

// Alteration makes another picture of one, such as one with a part covered by hand,
// which all methods then explain in its place.
type Alteration interface {
	// Input is what the model is asked in place of a look's own input, and what was
	// done to it. It runs on any goroutine.
	Input(m Model, k *Look) (infer.Tensor, report.Covered, error)
}

// alteration is one with its number, which is never used twice.
type alteration struct {
	Alteration
	number int
}

// alterations are those of the pictures that are explained in another form.
type alterations struct {
	of   map[frame]alteration
	made int // so far
}

// Alter explains the current picture as it is altered from now on, or as it is for nil.
// That can be undone.
func (c *Controller) Alter(name string, a Alteration) {
	p := c.state.Selected()
	if p == nil {
		return
	}
	at, before, after := p.frame(), c.altered.of[p.frame()], alteration{Alteration: a}
	if a != nil {
		c.altered.made++
		after.number = c.altered.made
	}
	put := func(a alteration) func() error {
		return func() error {
			c.putAlteration(at, a)
			return nil
		}
	}
	c.putAlteration(at, after)
	c.record(history.Step{Name: name, Undo: put(before), Redo: put(after)})
}

func (c *Controller) putAlteration(at frame, a alteration) {
	if c.altered.of[at] = a; a.Alteration == nil {
		delete(c.altered.of, at)
	}
	if p := c.state.Selected(); p != nil && p.frame() == at {
		c.look(0)
	}
}

// Altered is how the current picture is altered, nil where it is explained as it is.
func (c *Controller) Altered() Alteration {
	if p := c.state.Selected(); p != nil {
		return c.altered.of[p.frame()].Alteration
	}
	return nil
}

// alter gives the look of an altered picture, whose pixels are decoded from the input
// where that was changed.
func alter(ctx context.Context, h *held, whole *Look, a alteration) (k *Look, err error) {
	defer task.Recover(&err)
	input, covered, err := a.Input(h.Model, whole)
	if err != nil {
		return nil, err
	}
	scores, err := whole.Asks(h.Model).Predict(ctx, []infer.Tensor{input})
	if err != nil {
		return nil, fmt.Errorf("run the model on %s: %w", whole.Name, err)
	}
	if len(scores) != 1 {
		return nil, fmt.Errorf("the model returned %d answers for one picture", len(scores))
	}
	out := *whole
	covered.Before = report.Predictions(h.Model, whole.Base, mostBefore)
	out.Whole, out.Covered, out.altered = whole, &covered, a.number
	out.Input, out.Base, out.Ranked = input, scores[0], h.Rank(scores[0])
	out.Image = repainted(h.Decoder(whole.Image), whole, input)
	out.Shown = out.Image.RGBA()
	out.Small = kept.Shrink(out.Shown)
	return &out, nil
}

// mostBefore is how many answers for the whole picture are told with those for the
// altered one.
const mostBefore = 5

// repainted is a look's picture with the colours of another input where that differs
// from its own.
func repainted(d preprocess.Decoder, k *Look, input infer.Tensor) *picture.Image {
	channels, h, w := input.Shape[0], input.Shape[1], input.Shape[2]
	values := make([]float32, channels)
	return k.Image.Repainted(func(x, y int, raw []float32) bool {
		mx, my := toModel(k.Place, x, y)
		if mx < 0 || my < 0 || mx >= w || my >= h {
			return false
		}
		changed := false
		for c := range channels {
			i := (c*h+my)*w + mx
			values[c] = input.Data[i]
			changed = changed || values[c] != k.Input.Data[i]
		}
		if !changed {
			return false
		}
		colours := d.Raw(values)
		for c := range raw {
			raw[c] = colours[min(c, len(colours)-1)]
		}
		return true
	})
}
