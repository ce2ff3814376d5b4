package control

import (
	"context"
	"image"

	"picasso/ui/control/task"
)

// lane walks over the image list for thumbnails and scores, one picture at a
// time, and rests while the current picture needs the machine.
type lane struct {
	*task.Task
	wanted []int // picture IDs on the screen, newest last
	thumbs []int // picture IDs with a thumbnail, oldest first
}

const (
	keptThumbs  = 600 // thumbnails in memory, 64 KiB each at most
	wantedThumb = 64  // wishes remembered; older ones have scrolled away
)

func (l *lane) want(id int) {
	for _, w := range l.wanted {
		if w == id {
			return
		}
	}
	l.wanted = append(l.wanted, id)
	if len(l.wanted) > wantedThumb {
		l.wanted = l.wanted[len(l.wanted)-wantedThumb:]
	}
}

// pump starts on the next picture if the machine is free.
func (c *Controller) pump() {
	if c.lane.Running() || c.tasks.Closed() {
		return
	}
	h := c.model
	if c.foreground() {
		h = nil // thumbnails only; the model is busy
	}
	p := c.nextInLane(h != nil)
	if p == nil && h != nil {
		p = c.nextSlice()
	}
	if p == nil {
		return
	}
	sh := p.shot(p.laneSlice())
	task.Start(c.lane.Task, using(h, func(ctx context.Context, _ func(func())) (glance, error) {
		k, err := lookAt(ctx, sh, h, nil)
		if k == nil {
			return glance{}, err
		}
		return glance{k, thumbnail(k.Shown)}, err
	}), func(g glance, err error) {
		c.glanced(p, sh.frame, g, err, h != nil)
		c.pump()
	})
}

// glance is what the lane sees of a picture; its parts are nil for one that
// cannot be read.
type glance struct {
	look  *Look
	thumb *image.RGBA
}

// nextInLane prefers pictures on the screen, latest first.
func (c *Controller) nextInLane(model bool) *Picture {
	for n := len(c.lane.wanted); n > 0; n = len(c.lane.wanted) {
		id := c.lane.wanted[n-1]
		c.lane.wanted = c.lane.wanted[:n-1]
		if i := c.indexOf(id); i >= 0 && (c.state.Images[i].Thumb == nil || needs(c.state.Images[i], model)) {
			return c.state.Images[i]
		}
	}
	for _, p := range c.state.Images {
		if needs(p, model) {
			return p
		}
	}
	return nil
}

// needs reports whether a glance at p, with or without the model, tells more.
func needs(p *Picture, model bool) bool {
	if p.tried || p.Err != nil {
		return false
	}
	return model && p.Best == nil || p.Thumb == nil && !p.seen
}

func (c *Controller) indexOf(id int) int {
	for i, p := range c.state.Images {
		if p.ID == id {
			return i
		}
	}
	return -1
}

// glanced takes what the lane found out about a picture, or about another
// slice of one that is known.
func (c *Controller) glanced(p *Picture, f frame, g glance, err error, model bool) {
	k, thumb := g.look, g.thumb
	i := c.indexOf(p.ID)
	if i < 0 {
		return
	}
	if f != p.at(f.slice) { // of a volume or unit that is not shown any more
		return
	}
	if f.slice != p.Slice || p.tried {
		c.sliceAnswered(p, f.slice, k, err)
		return
	}
	p.tried = model || err != nil
	p.seen = true
	if c.broken(p, f.slice, err); p.Slices() < 2 || !p.usable() {
		p.Err = err
	}
	if k.Answered() {
		p.Best = few(k.Ranked)
		c.answered(p, k)
	}
	if thumb != nil {
		if p.Thumb == nil {
			c.lane.thumbs = append(c.lane.thumbs, p.ID)
		}
		p.Thumb = thumb
		c.forgetThumbs()
	}
	c.emit(Event{ImageChanged, i})
}

// forgetThumbs bounds the thumbnails in memory; one that is seen again is made
// again.
func (c *Controller) forgetThumbs() {
	for len(c.lane.thumbs) > keptThumbs {
		if i := c.indexOf(c.lane.thumbs[0]); i >= 0 {
			c.state.Images[i].Thumb = nil // seen stays: only the screen wants it again
		}
		c.lane.thumbs = c.lane.thumbs[1:]
	}
}
