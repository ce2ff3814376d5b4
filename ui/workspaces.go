package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"picasso/ui/control"
	"picasso/ui/covering"
	"picasso/ui/explain"
	"picasso/ui/keys"
	"picasso/ui/widgets"
)

// pane is a workspace as the window lays it out: its own middle and right column,
// beside the model and the list of pictures, which all workspaces share.
type pane interface {
	Middle() fyne.CanvasObject
	Side() fyne.CanvasObject
	Draws() []control.Draw
}

// workspace is a row of the switch at the top left.
type workspace struct {
	name         control.Workspace
	title        string
	key          fyne.KeyName
	asks         string // its question, shown while the pointer is over its button
	pane         pane
	actions      func() []keys.Action // beside those of the window; nil for none
	middle, side fyne.CanvasObject
}

// workspaceTable lists the workspaces from left to right.
func (w *Window) workspaceTable() []*workspace {
	return []*workspace{
		{name: control.Explain, title: "Explain", key: fyne.KeyF1, asks: "Why this answer for this picture?", pane: explaining{w.explain, w.cover}},
		{name: control.Compare, title: "Compare", key: fyne.KeyF2, asks: "Do methods, classes and models agree?", pane: w.compare, actions: w.compare.Actions},
		{name: control.Inside, title: "Inside", key: fyne.KeyF3, asks: "What does the network see on the way?", pane: w.inside, actions: w.inside.Actions},
		{name: control.Audit, title: "Audit", key: fyne.KeyF4, asks: "What does it rely on in a whole data set?", pane: w.audit, actions: w.audit.Actions},
	}
}

// explaining is the workspace Explain, with what stands beside a picture that is
// covered by hand.
type explaining struct {
	*explain.Workspace
	cover *covering.Pane
}

func (e explaining) Side() fyne.CanvasObject { return e.cover.Over(e.Workspace.Side()) }

func (e explaining) Draws() []control.Draw { return append(e.Workspace.Draws(), e.cover.Draws()...) }

// gutter is the room between what a workspace shows and the edges that can be dragged.
const gutter = 4

// layWorkspaces puts the workspaces on top of each other; one is shown.
func (w *Window) layWorkspaces() (middle, side fyne.CanvasObject) {
	m, s := container.NewStack(), container.NewStack()
	for _, one := range w.workspaces {
		one.middle, one.side = one.pane.Middle(), one.pane.Side()
		m.Add(one.middle)
		s.Add(one.side)
	}
	return container.New(layout.NewCustomPaddedLayout(0, 0, gutter, gutter), m), container.New(layout.NewCustomPaddedLayout(0, 0, gutter, 0), s)
}

// showWorkspace shows the workspace that the state names, and no other.
func (w *Window) showWorkspace() {
	for _, one := range w.workspaces {
		here := one.name == w.c.State().Workspace
		widgets.Visible(one.middle, here)
		widgets.Visible(one.side, here)
	}
	w.toolbar.show()
}

// goTo shows a workspace.
func (w *Window) goTo(name control.Workspace) { w.c.SetWorkspace(name) }

// workspaceActions choose the workspace, and do what is done in one of them.
func (w *Window) workspaceActions() []keys.Action {
	var list []keys.Action
	for _, one := range w.workspaces {
		list = append(list, keys.Action{
			Menu: "View", Title: one.action(), Keys: []keys.Stroke{keys.Named(one.key)},
			Run: func() { w.goTo(one.name) }, Line: len(list) == 0,
		})
		if one.actions != nil {
			list = append(list, one.actions()...)
		}
	}
	return list
}

// action is the title of the action that shows the workspace.
func (one *workspace) action() string { return "Workspace: " + one.title }
