// Package comparison is the state of the workspace Compare, and what runs for it: the
// maps of several methods and classes of the current picture with what they agree
// about, and the maps of two models. It knows nothing of Fyne.
//
// Its [Controller] belongs to the goroutine of the window's own [control.Controller],
// to which it listens: it follows picture, slice, model, settings and names of
// classes. What it computes is kept there, where the tabs of the methods find it.
package comparison

import (
	"picasso/ui/control"
)

// View is a part of the workspace.
type View int

// The views.
const (
	ByMethod View = iota // methods × classes
	ByModel              // two models
)

// Controller is the state of the workspace. Others read it on the window's
// goroutine.
type Controller struct {
	c      *control.Controller
	view   View
	sheets sheets
	pairs  pairs
}

// New makes the workspace's state and lets it follow c.
func New(c *control.Controller) *Controller {
	m := &Controller{c: c}
	m.sheets.init(c)
	m.pairs.init(c)
	for _, a := range append(m.sheets.activities(m), m.pairs.activities(m)...) {
		c.Join(a)
	}
	c.Listen(m)
	c.MakeRoom(m.pairs.makeRoom)
	return m
}

// View is the view that is shown.
func (m *Controller) View() View { return m.view }

// SetView shows another view.
func (m *Controller) SetView(v View) {
	if v != m.view {
		m.view = v
		m.follow()
		m.announce()
	}
}

// Changed implements [control.View].
func (m *Controller) Changed(e control.Event) {
	switch e.Kind {
	case control.ModelChanged:
		m.pairs.modelChanged(m)
	case control.LookChanged, control.WorkspaceChanged, control.PanelsChanged, control.ImagesChanged:
	case control.ValuesChanged:
		if !m.shown() {
			return
		}
	case control.TargetChanged:
		// names of classes and the scale of scores
	default:
		return
	}
	m.follow()
}

// shown reports whether the workspace is the one that is shown.
func (m *Controller) shown() bool { return m.c.State().Workspace == control.Compare }

// follow brings both views up to date with the window.
func (m *Controller) follow() {
	m.sheets.follow(m)
	m.pairs.follow(m)
}

func (m *Controller) announce() { m.c.Announce(control.ComparisonChanged) }
