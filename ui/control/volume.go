package control

import (
	"errors"

	"picasso/backend/picture"
	"picasso/backend/picture/planes"
	"picasso/ui/control/crosshair"
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
		c.SelectSlice(v.Slice())
	}
}

// StepPlane moves a plane n places further, and looks at the slice there.
func (c *Controller) StepPlane(p planes.Plane, n int) {
	if v := c.state.Planes; v != nil {
		v.Step(p, n)
		c.SelectSlice(v.Slice())
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
