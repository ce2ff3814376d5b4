package control

import "time"

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
