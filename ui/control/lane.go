package control

import (
	"context"
	"time"

	"picasso/ui/control/task"
)

// lane walks over the image list for thumbnails and answers, one picture at a
// time, and rests while the current picture needs the machine. One look at a
// picture gives both.
type lane struct {
	*task.Task
	wanted []int // picture IDs on the screen, newest last
	due    bool  // pump comes soon
}

// wantedThumb is how many wishes are remembered; older ones have scrolled away.
const wantedThumb = 64

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

// pump starts on the next picture if the machine is free. While the user waits
// for the model, or there is none, only thumbnails on the screen are made: those
// of all other pictures come with their answers, so that each is decoded once.
func (c *Controller) pump() {
	if c.tasks.Closed() || c.starting() {
		return
	}
	if !c.opening.Running() {
		c.judgeSome()
	}
	if c.lane.Running() {
		return
	}
	c.startAssessing()
	p, ask := c.nextInLane(c.model != nil && !c.foreground() && !c.assessing())
	if p == nil {
		c.arrangeLast()
		c.foresee()
		return
	}
	h, sh := c.model, p.shot(p.laneSlice())
	if !ask {
		h, sh = nil, p.shot(p.Slice)
	}
	pace := time.Duration(0)
	if c.opening.Running() {
		pace = pacing
	}
	task.Start(c.lane.Task, using(h, func(ctx context.Context, _ func(func())) (*Look, error) {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(pace):
		}
		return lookAt(ctx, sh, h, nil)
	}), func(k *Look, err error) {
		c.glanced(p, sh.frame, k, err, h != nil)
		c.pump()
	})
}

// pacing is the pause before each thumbnail while a model is being opened: the
// list fills, and the first map hardly waits for it.
const pacing = 50 * time.Millisecond

// pumpSoon is pump after what is being done now: a list that was just filled is
// drawn before its first picture is looked at, which comes first.
func (c *Controller) pumpSoon() {
	if c.lane.due {
		return
	}
	c.lane.due = true
	c.tasks.Go(func() {
		c.do(func() {
			c.lane.due = false
			c.pump()
		})
	})
}

// yield ends what only runs while nobody waits for anything else.
func (c *Controller) yield() {
	c.lane.Stop()
	c.foreseeing.Stop()
	c.stopAssessing()
}

// starting reports whether the current picture has no map yet and is about to
// get one: until then nothing takes time from it.
func (c *Controller) starting() bool {
	return c.looking.Running() || c.runner.Waiting() || c.running != nil && !c.running.told
}

// nextInLane prefers pictures on the screen, latest first. ask tells whether the
// model is to be asked as well; model, whether it may be.
func (c *Controller) nextInLane(model bool) (p *Picture, ask bool) {
	for n := len(c.lane.wanted); n > 0; n = len(c.lane.wanted) {
		id := c.lane.wanted[n-1]
		c.lane.wanted = c.lane.wanted[:n-1]
		i := c.indexOf(id)
		if i < 0 || c.state.Images[i].Err != nil {
			continue
		}
		p := c.state.Images[i]
		if ask := model && needs(p); ask || !c.thumbs.Has(p.thumbKey()) {
			return p, ask
		}
	}
	if !model {
		return nil, false
	}
	for _, i := range c.state.Listed {
		if needs(c.state.Images[i]) {
			return c.state.Images[i], true
		}
	}
	for _, p := range c.state.Images { // what the filter hides may be what it looks for
		if needs(p) {
			return p, true
		}
	}
	return c.nextSlice(), true
}

// needs reports whether the model may have an answer for p and was not asked.
func needs(p *Picture) bool { return !p.tried && p.Err == nil && p.Best == nil }

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
func (c *Controller) glanced(p *Picture, f frame, k *Look, err error, model bool) {
	i := c.indexOf(p.ID)
	if i < 0 {
		return
	}
	if f != p.at(f.slice) { // of a volume or unit that is not shown any more
		return
	}
	if model && (f.slice != p.Slice || p.tried) {
		c.sliceAnswered(p, f.slice, k, err)
		return
	}
	p.tried = p.tried || model || err != nil
	if c.broken(p, f.slice, err); p.Slices() < 2 || !p.usable() {
		p.Err = err
	}
	if k.Answered() {
		p.Best = few(k.Ranked)
		c.answered(p, k)
	}
	c.thumbed(p, k)
	c.imageChanged(i)
}
