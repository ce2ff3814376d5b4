package control

import (
	"picasso/backend/picture"
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
