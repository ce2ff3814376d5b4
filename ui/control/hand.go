package control

import "time"

// hand is the user's hand on a control that changes a setting while it moves,
// such as a slider.
type hand struct {
	settled chan struct{} // nil at rest; closed when it comes to rest
	timer   *time.Timer
}

// resting is how long a control may be held still before it counts as resting.
const resting = 300 * time.Millisecond

// Move reports that the user moves a control. Until it rests, runs go no further
// than a first map; then the same run goes on.
func (c *Controller) Move() {
	if c.hand.settled == nil {
		c.hand.settled = make(chan struct{})
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
	c.hand.settled = nil
	if c.running != nil {
		c.running.meter.Pause()
	}
}
