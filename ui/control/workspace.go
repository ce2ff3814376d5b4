package control

import (
	"context"

	"picasso/ui/control/history"
	"picasso/ui/control/task"
)

// Workspace is a part of the window with a question of its own, over the same
// list of pictures.
type Workspace string

// The workspaces.
const (
	Explain Workspace = "explain" // why this answer for this picture?
	Compare Workspace = "compare" // do methods, classes, pictures, models agree?
	Inside  Workspace = "inside"  // what does the network see on the way?
	Audit   Workspace = "audit"   // what does it rely on in a whole data set?
)

// SetWorkspace shows another workspace. Explanations rest while Explain is not
// shown, for nobody sees them; the model's answer for the current picture comes in
// every workspace.
func (c *Controller) SetWorkspace(w Workspace) {
	if w == c.state.Workspace {
		return
	}
	if c.state.Workspace == Explain {
		c.CloseGrid()
		c.pauseRun()
		c.clearProbe()
	}
	c.state.Workspace = w
	c.changed(WorkspaceChanged)
	c.refresh(0)
}

// restPanel is a panel that nobody looks at: what it shows when it is looked at
// again may belong to another picture until then.
func (c *Controller) restPanel(i int, p *Panel) {
	c.halt()
	p.Status, p.Stale = Empty, p.Result != nil
	c.emit(Event{PanelChanged, i})
	c.pump()
}

// Join adds a kind of work of a workspace that has a controller of its own: Stop,
// Busy, Close, the status bar and the list of pictures then know of it.
func (c *Controller) Join(a Activity) { c.activities = append(c.activities, a) }

// NewTask is a task that ends with the controller.
func (c *Controller) NewTask() *task.Task { return c.tasks.New() }

// Announce tells the views what a workspace's own controller changed, and lets the
// list of pictures go on if the machine is free.
func (c *Controller) Announce(k Kind) {
	c.changed(k)
	c.pump()
}

// Doing is what the work of workspaces says of itself for the status bar; ok is
// false where none is going on.
func (c *Controller) Doing() (share float64, text string, ok bool) {
	for _, a := range c.activities {
		if a.Told != nil && a.Running() {
			share, text = a.Told()
			return share, text, true
		}
	}
	return 0, "", false
}

// Lend keeps the open model open until work has ended, which gets nil where none
// is open. Work that nobody waits for any more does not begin. It is for
// [task.Start].
func Lend[T any](c *Controller, work func(ctx context.Context, m Model, tell func(func())) (T, error)) func(context.Context, func(func())) (T, error) {
	h := c.model
	var m Model
	if h != nil {
		m = h.Model
	}
	return using(h, func(ctx context.Context, tell func(func())) (T, error) { return work(ctx, m, tell) })
}

// Record adds a step of a workspace's own controller to what can be undone.
func (c *Controller) Record(s history.Step) { c.record(s) }
