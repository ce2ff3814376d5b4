package control

import "time"

// hand is the one on a control that changes a setting as long as it moves, such
// as a slider.
type hand struct {
	settled chan struct{} // nil at rest; closed when it comes to rest
	timer   *time.Timer
}

// resting is how long a hand may stand still before it counts as resting
// although it still holds the control.
const resting = 300 * time.Millisecond

// Move tells that a hand moves a control. Until it rests, runs go no further
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

// Rest tells that the hand left the control or stands still.
func (c *Controller) Rest() {
	if c.hand.settled == nil {
		return
	}
	c.hand.timer.Stop()
	close(c.hand.settled)
	c.hand.settled = nil
	if c.running != nil {
		c.running.meter.pause()
	}
}
