package control

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"picasso/backend/infer"
	"picasso/backend/metadata"
	"picasso/backend/picture"
	"picasso/backend/picture/planes"
	"picasso/backend/preprocess"
	"picasso/backend/score"
	"picasso/ui/control/crosshair"
	"picasso/ui/report"
	"picasso/visualizers"
	"picasso/visualizers/sliding"
)

// Volumes are those of the series that the entry is of; fewer than two where
// there is nothing to choose.
func (p *Picture) Volumes() []picture.Volume {
	if p.whole == nil {
		return nil
	}
	return p.whole.Volumes()
}

// volumed makes an entry of the first volume of a series that has several.
func volumed(s *picture.Series) *Picture {
	p := &Picture{Series: s}
	if len(s.Volumes()) > 1 {
		p.whole, p.Series = s, s.Only(0)
	}
	p.Answers = unanswered(p.Series)
	return p
}

// unanswered are the answers of a series before the model has given any: what is
// known is which slices cannot be read.
func unanswered(s *picture.Series) []Answered {
	all := make([]Answered, s.Len())
	for i := range all {
		if err := s.Fault(i); err != nil {
			all[i] = Answered{Err: err, tried: true}
		}
	}
	return all
}

// series is the whole of which an entry shows a volume.
func (p *Picture) series() *picture.Series {
	if p.whole != nil {
		return p.whole
	}
	return p.Series
}

// SelectVolume shows volume v of the current series, counted from 0, at the same
// slice.
func (c *Controller) SelectVolume(v int) {
	p := c.state.Selected()
	if p == nil || v == p.Volume || v < 0 || v >= len(p.Volumes()) {
		return
	}
	c.stopWalkOf(p)
	if p.former == nil {
		p.former = map[int][]Answered{}
	}
	p.former[p.Volume] = p.Answers
	p.Volume, p.Series = v, p.whole.Only(v)
	p.Slice = min(p.Slice, p.Series.Len()-1)
	if p.Answers = p.former[v]; p.Answers == nil {
		p.Answers = unanswered(p.Series)
	}
	c.thumbs.Remove(p.thumbKey())
	p.Best, p.Err, p.tried, p.viewing = nil, nil, false, nil
	c.changed(AnswersChanged)
	c.look(0)
}

// HasUptake reports whether the current picture can be shown and explained with
// standardized uptake values, or is.
func (c *Controller) HasUptake() bool {
	p, k := c.state.Selected(), c.state.Look
	return p != nil && k != nil && (p.Uptake || k.Image.HasUptake())
}

// SetUptake shows and explains the current PET series with standardized uptake
// values, or with those of its files again.
func (c *Controller) SetUptake(on bool) {
	p := c.state.Selected()
	if p == nil || p.Uptake == on || on && !c.HasUptake() {
		return
	}
	c.stopWalkOf(p)
	c.ClosePlanes() // their values are in the other unit
	p.Uptake, p.former = on, nil
	p.Answers = unanswered(p.Series)
	p.Best, p.Err, p.tried, p.viewing = nil, nil, false, nil
	c.changed(AnswersChanged)
	c.look(0)
}

func (c *Controller) stopWalkOf(p *Picture) {
	if w := c.state.Walk; w != nil && w.Picture == p {
		c.stopWalk()
	}
}

// inUnit opens a picture with the values that were chosen. Where a slice of a
// series lacks what uptake values need, it says so.
func (p *Picture) inUnit(open func() (*picture.Image, error)) func() (*picture.Image, error) {
	if !p.Uptake {
		return open
	}
	return func() (*picture.Image, error) {
		m, err := open()
		if err != nil {
			return nil, err
		}
		return m.Uptake()
	}
}

// OpenPlanes shows the axial, the coronal and the sagittal plane of the current
// volume that meet in its current slice.
func (c *Controller) OpenPlanes() {
	p, k := c.state.Selected(), c.state.Look
	const doing = "show three planes"
	switch {
	case c.state.Planes != nil:
		return
	case p == nil || p.Slices() < 2:
		c.fail(doing, errors.New("this picture has only one slice; open a series or a volume"))
		return
	case k == nil || k.ID != p.ID:
		c.fail(doing, errors.New("the slice on the screen is not read yet; wait for it, or choose another"))
		return
	case k.Image.Channels != 1:
		c.fail(doing, errors.New("the slices are coloured; planes are cut through grey values"))
		return
	}
	var v *crosshair.View
	v = crosshair.Open(c.tasks, p.Series, picture.VoxelOptions{Uptake: p.Uptake}, p.Slice, c.planesLook(), func() {
		if v == c.state.Planes {
			c.changed(PlanesChanged)
		}
	}, func() {
		if v.Err != nil {
			c.closePlanes(v)
			n := Notice{Doing: doing + " of " + p.Name, Err: v.Err, Picture: p.ID}
			c.notify(c.offering(n, func(need int64) {
				c.allow(need)
				c.OpenPlanes()
			}))
		}
	})
	c.state.Planes = v
	c.changed(PlanesChanged)
}

// ClosePlanes goes back to the picture.
func (c *Controller) ClosePlanes() { c.closePlanes(c.state.Planes) }

func (c *Controller) closePlanes(v *crosshair.View) {
	if v != nil && v == c.state.Planes {
		v.Close()
		c.state.Planes = nil
		c.changed(PlanesChanged)
	}
}

func (c *Controller) readingPlanes() bool { return c.state.Planes != nil && c.state.Planes.Reading() }

// followPlanes closes the planes of what is not looked at any more, and moves the others
// to the slice that is.
func (c *Controller) followPlanes() {
	v, p := c.state.Planes, c.state.Selected()
	switch {
	case v == nil:
	case p == nil || p.Series != v.Series:
		c.closePlanes(v)
	case v.Slice() != p.Slice:
		v.GoTo(p.Slice)
	}
}

// MovePlanes lets the planes meet in another point, and looks at the slice there.
func (c *Controller) MovePlanes(at planes.Point) {
	if v := c.state.Planes; v != nil {
		v.Move(at)
		c.lookAtPlanes(v)
	}
}

// lookAtPlanes looks at the slice in which planes meet. Where the model gets the block
// around it, the block lies around the point.
func (c *Controller) lookAtPlanes(v *crosshair.View) {
	p := c.state.Selected()
	if p == nil || v.Voxels == nil {
		return
	}
	at := v.Voxels.Voxel(v.Voxels.In(v.At))
	aimed, slice := c.aimAt(int(math.Round(at[1])), int(math.Round(at[2]))), v.Slice()
	if slice != p.Slice && slice >= 0 && slice < p.Series.Len() {
		c.SelectSlice(slice)
	} else if aimed {
		c.look(0)
	}
}

// StepPlane moves a plane n places further, and looks at the slice there.
func (c *Controller) StepPlane(p planes.Plane, n int) {
	if v := c.state.Planes; v != nil {
		v.Step(p, n)
		c.lookAtPlanes(v)
	}
}

// planesLook is how the current scan is shown.
func (c *Controller) planesLook() crosshair.Look {
	v, _ := c.Viewing()
	return crosshair.Look{Window: v.Window, Inverted: v.Inverted}
}

func (c *Controller) lookOfPlanes() {
	if v := c.state.Planes; v != nil {
		v.Show(c.planesLook())
	}
}

// aim is the row and column around which the block of a volume lies that a model gets, on
// the slice that is looked at; the zero value is the middle.
type aim struct {
	set         bool
	row, column int
}

// at is the aim as [preprocess.Prepared.Block] takes it.
func (a aim) at() []int {
	if !a.set {
		return nil
	}
	return []int{a.row, a.column}
}

// Blocks reports whether the open model gets volumes, of which the user may choose the
// part.
func (c *Controller) Blocks() bool {
	_, known := c.Known()
	return known && visualizers.DepthOf(c.state.Model) > 0
}

// volume is what the preparation says of volumes; never nil.
func (c *Controller) volume() *preprocess.Volume {
	if card, ok := c.Known(); ok && card.Preprocess.Volume != nil {
		return card.Preprocess.Volume
	}
	return &preprocess.Volume{}
}

// Block is the part of volumes that the model gets, one of [preprocess.Blocks]; "" where
// the preparation names the place itself.
func (c *Controller) Block() string {
	v := c.volume()
	if len(v.At) > 0 {
		return ""
	}
	return cmp.Or(v.Block, preprocess.SliceBlock)
}

// ChooseBlock lets the model get another part of volumes, one of [preprocess.Blocks], and
// asks it again.
func (c *Controller) ChooseBlock(block string) error {
	if !c.Blocks() || block == c.Block() {
		return nil
	}
	v := *c.volume()
	v.Block, v.At = block, nil
	return c.Choose(metadata.Choices{Preprocess: preprocess.Preprocess{Volume: &v}, Stated: []string{"volume"}})
}

// aimAt lets the block lie around a row and column of the slices of the current series,
// where it follows the slice that is looked at. It reports whether that is another block.
func (c *Controller) aimAt(row, column int) bool {
	p := c.state.Selected()
	if p == nil || !c.Blocks() || c.oneBlock {
		return false
	}
	to := aim{true, row, column}
	if b := p.block; b != nil {
		to.row, to.column = b.Nearest(p.Slice, row, column)
		if row, column := b.Middle(); !p.aim.set && to.row == row && to.column == column {
			return false
		}
	}
	if p.aim == to {
		return false
	}
	p.aim = to
	p.Answers, p.former = unanswered(p.Series), nil
	p.Best, p.tried = nil, false
	c.changed(AnswersChanged)
	return true
}

// Part is which part of a volume the model got, whose block is there.
func (k *Look) Part(c *Controller) report.Block {
	return report.BlockOf(*k.Block, c.volume(), k.Over.Blocks())
}

// prepared is the model's input; of a model of volumes, the volume that the picture
// is a slice of, which is kept with the look.
func (k *Look) prepared(ctx context.Context, h *held) (infer.Tensor, error) {
	v, ok := h.Model.(interface {
		PrepareBlock(ctx context.Context, img *picture.Image, at []int) (preprocess.Block, error)
	})
	if !ok || visualizers.DepthOf(h.Model) == 0 {
		return h.Prepare(k.Image)
	}
	b, err := v.PrepareBlock(ctx, k.Image, k.aim.at())
	if err != nil {
		return infer.Tensor{}, err
	}
	seen := *k.Image
	seen.Notes = slices.Concat(k.Image.Notes, b.Remarks)
	k.Image, k.Block = &seen, &b
	return b.Tensor, nil
}

// volumeAnswer is what a model said of the volume of which all slices have one block.
type volumeAnswer struct {
	mu     sync.Mutex
	volume *float32 // the first value of the block, which names it
	over   *sliding.Over
	base   score.Scores
	done   bool
}

// answer asks the model about its input. Slices of one block have one answer, and where
// the input is larger than the model takes, it is moved over it.
func (k *Look) answer(ctx context.Context, h *held, input infer.Tensor) (score.Scores, error) {
	if k.Block == nil || !k.Block.Shared {
		return predicted(ctx, h.Model, input)
	}
	a := &h.whole
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.volume != &input.Data[0] {
		a.volume, a.over, a.done = &input.Data[0], nil, false
		if k.larger(h.Model) {
			over, err := sliding.New(h.Model, k.Block.Size(), input)
			if err != nil {
				return score.Scores{}, err
			}
			a.over = over
		}
	}
	if k.Over = a.over; k.Over != nil {
		k.Image.Notes = append(k.Image.Notes, k.Over.Remark())
	}
	if !a.done {
		base, err := predicted(ctx, k.Asks(h.Model), input)
		if err != nil {
			return score.Scores{}, err
		}
		a.base, a.done = base, true
	}
	return a.base, nil
}

// larger reports whether the block is larger than the model's input.
func (k *Look) larger(m Model) bool {
	channels, rows, width := m.Shape()
	return len(k.Block.Tensor.Data) != channels*rows*width
}

func predicted(ctx context.Context, s visualizers.Subject, input infer.Tensor) (score.Scores, error) {
	scores, err := s.Predict(ctx, []infer.Tensor{input})
	if err != nil {
		return score.Scores{}, err
	}
	if len(scores) != 1 {
		return score.Scores{}, fmt.Errorf("the model returned %d answers for one picture", len(scores))
	}
	return scores[0], nil
}

// Asks is what is asked about the look's input: the model, or the model moved over a
// volume.
func (k *Look) Asks(m Model) visualizers.Subject {
	if k != nil && k.Over != nil {
		return k.Over
	}
	return m
}

// Explained runs a method on the look. Of maps of a volume it gives the slice that is
// looked at.
func (k *Look) Explained(ctx context.Context, v visualizers.Visualizer, in visualizers.Input, emit func(visualizers.Result)) (visualizers.Result, error) {
	if k.Block == nil {
		return v.Explain(ctx, in, emit)
	}
	r, err := v.Explain(ctx, in, func(r visualizers.Result) { emit(k.OnSlice(r)) })
	return k.OnSlice(r), err
}

// OnSlice is a result with its maps of a volume on the slice of the look.
func (k *Look) OnSlice(r visualizers.Result) visualizers.Result {
	if k.Block == nil {
		return r
	}
	before, _ := k.Image.Span()
	cut := slices.Clone(r.Maps)
	for i, m := range cut {
		switch {
		case m.Depth > 0:
			cut[i] = m.OnSlice(*k.Block, before)
		case m.Of != nil && m.Of.Slice != before:
			cut[i] = m.Of.OnSlice(before)
		}
	}
	r.Maps = cut
	return r
}

// telling lets a model that is moved over a volume tell how far it is.
func (c *Controller) telling(ctx context.Context, tell func(func())) context.Context {
	var last time.Time
	return sliding.WithProgress(ctx, func(done, of int) {
		if now := time.Now(); now.Sub(last) >= movedEach || done == of {
			last = now
			tell(func() {
				c.state.Moved = Moved{done, of}
				c.changed(MovedChanged)
			})
		}
	})
}

// movedEach is how often it is told how far a model was moved over a volume.
const movedEach = 100 * time.Millisecond

// suits says why a method cannot explain the model as it is used now, or nil.
func suits(v visualizers.Visualizer, m Model) error {
	if a, ok := m.(Adjustable); ok && visualizers.DepthOf(m) > 0 {
		if how := a.Card().Preprocess.Volume; how != nil && how.Block == preprocess.SlideBlock {
			if err := sliding.Suits(v); err != nil {
				return fmt.Errorf("%s %w", v.Info().Title, err)
			}
		}
	}
	return visualizers.Suits(v, m)
}
