package control

import (
	"context"
	"time"
)

// activity is one kind of background work: a row of the table that Stop, Busy,
// Close and the lane go through.
type activity struct {
	running func() bool
	end     func() // stops it and takes what shows it out of the state
	stopped func() // what Stop shows beyond that; nil for nothing

	asked bool // the user waits for it: it counts as busy, and Stop ends it
	model bool // on the model or the current picture: it ends with them
	ahead bool // it has the machine before the lane
}

// table lists all kinds of background work, in the order in which Stop takes
// them. A new kind is a row here.
func (c *Controller) table() []activity {
	return []activity{
		{running: c.opening.Running, end: c.stopOpening, stopped: func() { c.changed(ModelChanged) }, asked: true, ahead: true},
		{running: c.reading.Running, end: c.stopReading, asked: true},
		{running: c.filling.Running, end: c.stopGrid, asked: true, model: true, ahead: true},
		{running: c.walking.Running, end: c.stopWalk, asked: true, model: true, ahead: true},
		{running: c.explaining, end: c.halt, stopped: c.halted, asked: true, model: true, ahead: true},
		{running: c.checking, end: c.stopAssessing, asked: true, model: true, ahead: true},
		{running: c.looking.Running, end: c.stopLooking, model: true, ahead: true},
		{running: c.assessing, end: c.stopAssessing, model: true},
		{running: c.marking.Running, end: c.marking.Stop, asked: true},
		{running: c.readingPlanes, end: c.ClosePlanes, asked: true},
		{running: c.tiling.Running, end: c.tiling.Stop, model: true},
		{running: c.measuring.Running, end: c.measuring.Stop},
		{running: c.lane.Running, end: c.lane.Stop, model: true},
		{running: c.watching.Running, end: c.unwatch},
	}
}

// Stop ends what is in progress and keeps what it found so far.
func (c *Controller) Stop() {
	for _, a := range c.activities {
		if !a.asked || !a.running() {
			continue
		}
		a.end()
		if a.stopped != nil {
			a.stopped()
		}
		break
	}
	c.pump()
}

// Busy reports whether Stop would stop anything.
func (c *Controller) Busy() bool {
	return c.any(func(a activity) bool { return a.asked })
}

// foreground reports whether the user waits for the model.
func (c *Controller) foreground() bool {
	return c.any(func(a activity) bool { return a.ahead })
}

// stopWork ends everything that uses the model or the current picture.
func (c *Controller) stopWork() {
	c.endAll(func(a activity) bool { return a.model })
}

func (c *Controller) any(of func(activity) bool) bool {
	for _, a := range c.activities {
		if of(a) && a.running() {
			return true
		}
	}
	return false
}

func (c *Controller) endAll(of func(activity) bool) {
	for _, a := range c.activities {
		if of(a) {
			a.end()
		}
	}
}

// Close stops all work, waits for it and closes the model. Work that does not
// end within three seconds is left behind with its model, for the program is
// about to end.
func (c *Controller) Close() {
	c.endAll(func(activity) bool { return true })
	if h := c.model; c.tasks.Close(patience) && h != nil {
		closed := make(chan struct{})
		go func() {
			defer close(closed)
			h.Close()
		}()
		select {
		case <-closed:
		case <-time.After(patience):
		}
	}
	c.model, c.state.Model = nil, nil
}

// Leave says that Close will follow as soon as its goroutine gets to it: all work
// stops, and nothing is told to the views any more. It may be called on any
// goroutine.
func (c *Controller) Leave() { c.tasks.Leave() }

// using keeps a model open until work has ended, and does not begin work that
// nobody waits for any more. h may be nil.
func using[T any](h *held, work func(context.Context, func(func())) (T, error)) func(context.Context, func(func())) (T, error) {
	if h != nil {
		h.users.Add(1)
	}
	return func(ctx context.Context, tell func(func())) (result T, err error) {
		if h != nil {
			defer h.users.Done()
		}
		if err := ctx.Err(); err != nil {
			return result, err
		}
		return work(ctx, tell)
	}
}
