// Package comparison is the state of the workspace Compare, and what runs for it: the
// maps of several methods and classes of the current picture with what they agree
// about, which method the results table shows, and the maps of two models. It knows
// nothing of Fyne.
//
// Its [Controller] belongs to the goroutine of the window's own [control.Controller],
// to which it listens: it follows picture, slice, model, settings and names of
// classes. What it computes is kept there, where the tabs of the methods find it.
package comparison

import (
	"slices"

	"picasso/ui/control"
)

// View is a part of the workspace.
type View int

// The views.
const (
	ByMethod  View = iota // methods × classes
	ByPicture             // pictures × classes: the results table
	ByModel               // two models
)

// Controller is the state of the workspace. Others read it on the window's
// goroutine.
type Controller struct {
	c      *control.Controller
	view   View
	method string // of the views that have one: its id, "" for that of the current tab
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

// Method is the panel whose method draws the maps of two models and those of the
// results table: the one that was chosen, that of the current tab, or occlusion, the
// first of them that suits the model.
func (m *Controller) Method() *control.Panel {
	s := m.c.State()
	offered := slices.DeleteFunc(m.Offered(), func(p *control.Panel) bool { return m.Unable(p) != nil })
	for _, id := range []string{m.method, s.Panel().Info.ID, "occlusion"} {
		if i := slices.IndexFunc(offered, func(p *control.Panel) bool { return p.Info.ID == id }); i >= 0 {
			return offered[i]
		}
	}
	if len(offered) > 0 {
		return offered[0]
	}
	return s.Panel()
}

// SetMethod chooses another method.
func (m *Controller) SetMethod(p *control.Panel) {
	m.method = p.Info.ID
	m.follow()
	m.announce()
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

// follow brings all views up to date with the window.
func (m *Controller) follow() {
	m.sheets.follow(m)
	m.followTable()
	m.pairs.follow(m)
}

// followTable opens the results table while it is the view that is shown.
func (m *Controller) followTable() {
	p := m.Method()
	if !m.shown() || m.view != ByPicture || m.c.State().Model == nil || m.Unable(p) != nil {
		m.c.CloseGrid()
		return
	}
	m.c.OpenGrid(p)
}

func (m *Controller) announce() { m.c.Announce(control.ComparisonChanged) }
