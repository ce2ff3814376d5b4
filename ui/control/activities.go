package control

import (
	"context"
	"time"
)

// Activity is one kind of background work: a row of the table that Stop, Busy,
// Close and the lane go through.
type Activity struct {
	Running func() bool
	End     func() // stops it and takes what shows it out of the state
	Stopped func() // what Stop shows beyond that; nil for nothing

	Asked bool // the user waits for it: it counts as busy, and Stop ends it
	Model bool // on the model or the current picture: it ends with them
	Ahead bool // it has the machine before the list of pictures

	// Told is the share of the work that is done, and the work in words, for the
	// status bar; nil where the state says so itself.
	Told func() (share float64, text string)
}

// table lists all kinds of background work, in the order in which Stop takes
// them. A new kind is a row here.
func (c *Controller) table() []Activity {
	return []Activity{
		{Running: c.opening.Running, End: c.stopOpening, Stopped: func() { c.relabel(); c.changed(ModelChanged) }, Asked: true, Ahead: true},
		{Running: c.reading.Running, End: c.stopReading, Asked: true},
		{Running: c.filling.Running, End: c.stopGrid, Asked: true, Model: true, Ahead: true},
		{Running: c.walking.Running, End: c.stopWalk, Asked: true, Model: true, Ahead: true},
		{Running: c.explaining, End: c.halt, Stopped: c.halted, Asked: true, Model: true, Ahead: true},
		{Running: c.checking, End: c.stopAssessing, Asked: true, Model: true, Ahead: true},
		{Running: c.looking.Running, End: c.stopLooking, Model: true, Ahead: true},
		{Running: c.assessing, End: c.stopAssessing, Model: true},
		{Running: c.marking.Running, End: c.marking.Stop, Asked: true},
		{Running: c.readingPlanes, End: c.ClosePlanes, Asked: true},
		{Running: c.laying.Running, End: c.laying.Stop},
		{Running: c.sources.Running, End: c.sources.Stop},
		{Running: c.tiling.Running, End: c.tiling.Stop, Model: true},
		{Running: c.overlaying.Running, End: c.overlaying.Stop, Model: true},
		{Running: c.measuring.Running, End: c.measuring.Stop},
		{Running: c.lane.Running, End: c.lane.Stop, Model: true},
		{Running: c.foreseeing.Running, End: c.foreseeing.Stop, Model: true},
		{Running: c.recalling.Running, End: c.recalling.Stop},
		{Running: c.truth.Running, End: c.truth.Stop},
		{Running: c.watching.Running, End: c.unwatch},
	}
}

// Stop ends what is in progress and keeps what it found so far.
func (c *Controller) Stop() {
	for _, a := range c.activities {
		if !a.Asked || !a.Running() {
			continue
		}
		a.End()
		if a.Stopped != nil {
			a.Stopped()
		}
		break
	}
	c.pump()
}

// Busy reports whether Stop would stop anything.
func (c *Controller) Busy() bool {
	return c.any(func(a Activity) bool { return a.Asked })
}

// Working reports whether anything goes on, asked for or not.
func (c *Controller) Working() bool {
	return c.any(func(Activity) bool { return true })
}

// foreground reports whether the user waits for the model.
func (c *Controller) foreground() bool {
	return c.any(func(a Activity) bool { return a.Ahead })
}

// stopWork ends everything that uses the model or the current picture.
func (c *Controller) stopWork() {
	c.endAll(func(a Activity) bool { return a.Model })
}

func (c *Controller) any(of func(Activity) bool) bool {
	for _, a := range c.activities {
		if of(a) && a.Running() {
			return true
		}
	}
	return false
}

func (c *Controller) endAll(of func(Activity) bool) {
	for _, a := range c.activities {
		if of(a) {
			a.End()
		}
	}
}

// Close stops all work, waits for it and closes the model. Work that does not
// end within three seconds is left behind with its model, for the program is
// about to end.
func (c *Controller) Close() {
	c.endAll(func(Activity) bool { return true })
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
