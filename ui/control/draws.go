package control

import "slices"

// Draw is something that is drawn when the state changed.
type Draw struct {
	kinds []Kind
	draw  func(Event)
}

// On draws when events of these kinds arrive. Of those about one panel only
// those about the panel looked at count.
func On(draw func(), kinds ...Kind) Draw {
	return Draw{kinds, func(Event) { draw() }}
}

// OnEach is On for what is drawn of one entry: draw gets [Event.Index].
func OnEach(draw func(index int), kinds ...Kind) Draw {
	return Draw{kinds, func(e Event) { draw(e.Index) }}
}

// Draws is a [View] made of panes, each of which says what it draws of which
// events. They draw in the order in which they were added.
type Draws struct {
	state *State
	list  []Draw
}

// NewDraws draws the state of c.
func NewDraws(c *Controller, list ...Draw) *Draws { return &Draws{c.State(), list} }

// Add appends what further panes draw.
func (d *Draws) Add(list ...Draw) { d.list = append(d.list, list...) }

// Changed implements [View].
func (d *Draws) Changed(e Event) {
	switch e.Kind {
	case PanelChanged, ValuesChanged, DisplayChanged:
		if e.Index != d.state.Tab {
			return
		}
	}
	for _, one := range d.list {
		if slices.Contains(one.kinds, e.Kind) {
			one.draw(e)
		}
	}
}
