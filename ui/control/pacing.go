package control

import (
	"context"
	"errors"
	"time"

	"picasso/backend/score"
	"picasso/ui/control/task"
	"picasso/visualizers"
)

// learning finds out what the estimate of a run lacks.
type learning struct {
	*task.Task
	key     string // of the run that waits for it, while it runs
	learned string // key of the run it was done for last
}

// Foresighted is a model that can make ready for gradients before anybody asks for one.
type Foresighted interface {
	// Foresee opens in the background what the gradient of a target will take.
	Foresee(ctx context.Context, t score.Target) error
}

// quiet is how long nothing else must be asked of a model before it makes ready.
const quiet = time.Second

// foresee makes the model ready for gradients, once, when its first map is there and
// there is nothing else to do: who looks at saliency next does not wait for that.
func (c *Controller) foresee() {
	h := c.model
	if h == nil || h.foreseen || c.state.Panel().Result == nil || c.hand.settled != nil || c.foreground() || c.foreseeing.Running() {
		return
	}
	m, ok := h.Model.(Foresighted)
	if !ok {
		return
	}
	target := c.state.Target
	task.Start(c.foreseeing, using(h, func(ctx context.Context, _ func(func())) (struct{}, error) {
		select {
		case <-ctx.Done():
			return struct{}{}, ctx.Err()
		case <-time.After(quiet):
		}
		return struct{}{}, m.Foresee(ctx, target)
	}), func(_ struct{}, err error) {
		h.foreseen = !errors.Is(err, context.Canceled) // what it lacks, a gradient will say
	})
}

// Cost is what a run of the current panel takes with its present values; ok is
// false where nothing is known.
func (c *Controller) Cost() (cost visualizers.Preview, ok bool) {
	p := c.state.Panel()
	pre, ok := p.Visualizer.(visualizers.Previewer)
	if !ok || c.state.Model == nil || p.Err != nil {
		return cost, false
	}
	return pre.Preview(c.state.Look.Asks(c.state.Model), p.Values), true
}

// asks holds back a run that would take long until the user wants it, and
// reports whether it does.
func (c *Controller) asks(i int, p *Panel, key string) bool {
	cost, ok := c.Cost()
	if !ok || !cost.Long() || c.wanted == key {
		c.learning.Stop()
		return false
	}
	c.runner.Cancel()
	c.running = nil
	p.Status, p.Stale, p.Err = Asking, p.Result != nil, nil
	if cost.Learn != nil && c.learning.learned != key {
		p.Status = Waiting
		c.learn(key, cost.Learn)
	} else {
		c.learning.Stop()
	}
	c.emit(Event{PanelChanged, i})
	c.pump()
	return true
}

// Run starts the run that was held back because it takes long.
func (c *Controller) Run() {
	p := c.state.Panel()
	if p.Status != Asking || c.state.Look == nil {
		return
	}
	c.wanted = c.runKey(p, c.state.Look.asked())
	c.refresh(0)
}

// learn finds out what a run takes and comes back to it.
func (c *Controller) learn(key string, find func(context.Context) error) {
	if c.learning.Running() && c.learning.key == key {
		return
	}
	c.learning.key = key
	task.Start(c.learning.Task, using(c.model, func(ctx context.Context, _ func(func())) (struct{}, error) {
		return struct{}{}, find(ctx)
	}), func(_ struct{}, err error) {
		c.learning.learned = key
		c.fail("estimate how long this takes", err)
		c.refresh(0)
	})
}

// halt ends the current run and all that would start one.
func (c *Controller) halt() {
	c.learning.Stop()
	c.runner.Cancel()
	c.running = nil
}

// explaining reports whether a run is in hand, or about to start.
func (c *Controller) explaining() bool {
	return c.running != nil || c.runner.Waiting() || c.learning.Running()
}

// halted shows that the user ended the run.
func (c *Controller) halted() {
	c.state.Panel().Status = Stopped
	c.emit(Event{PanelChanged, c.state.Tab})
}

// hand is the user's hand on a control that changes a setting while it moves,
// such as a slider.
type hand struct {
	settled chan struct{} // nil at rest; closed when it comes to rest
	timer   *time.Timer
	first   bool // its first move was not answered yet
}

// pause is how long a change of a setting waits for the next one. The first move of
// a slider is answered at once where nothing else is under way.
func (c *Controller) pause() time.Duration {
	at := c.hand.first
	c.hand.first = false
	if at && c.running == nil && !c.runner.Waiting() {
		return 0
	}
	return c.delay
}

// resting is how long a control may be held still before it counts as resting.
const resting = 300 * time.Millisecond

// Move reports that the user moves a control. Until it rests, runs go no further
// than a first map; then the same run goes on.
func (c *Controller) Move() {
	if c.hand.settled == nil {
		c.hand.settled, c.hand.first = make(chan struct{}), true
	} else {
		c.hand.timer.Stop()
	}
	moved := c.hand.settled
	var timer *time.Timer
	timer = time.AfterFunc(resting, func() {
		c.do(func() {
			if c.hand.settled == moved && c.hand.timer == timer {
				c.Rest()
			}
		})
	})
	c.hand.timer = timer
}

// Rest reports that the user has let go of the control or holds it still.
func (c *Controller) Rest() {
	if c.hand.settled == nil {
		return
	}
	c.hand.timer.Stop()
	close(c.hand.settled)
	c.hand.settled, c.hand.first = nil, false
	if c.running != nil {
		c.running.meter.Pause()
	}
}
