package control

import (
	"context"

	"picasso/backend/picture"
	"picasso/backend/score"
	"picasso/ui/control/history"
	"picasso/ui/control/task"
	"picasso/visualizers"
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

// Asked is what a visualizer gets to explain a look in another workspace.
func (k *Look) Asked(m Model, values visualizers.Values, targets ...score.Target) visualizers.Input {
	return k.input(m, values, targets...)
}

// KeyOf names a run of a panel on a look, as it was altered by hand or whole: all that
// its result depends on but the target. It is for [Controller.Kept] and [Controller.Keep].
func (c *Controller) KeyOf(p *Panel, k *Look) string { return c.runKey(p, k.asked()) }

// Kept is the result that is kept of a run and has a map of a target, or could
// have one.
func (c *Controller) Kept(key string, t score.Target) (visualizers.Result, bool) {
	if r, ok := c.results.Get(key); ok {
		return r, true
	}
	return c.results.Get(targetKey(key, t))
}

// Keep keeps the finished result of a run of another workspace, so that the tab of
// its method shows it at once. What belongs to several targets together belongs to
// none of them and is not kept.
func (c *Controller) Keep(key string, r visualizers.Result) {
	if free(r) {
		c.results.Put(key, r)
		return
	}
	each, _ := r.Apart()
	for _, one := range each {
		c.results.Put(targetKey(key, one.Maps[0].Target), one)
	}
}

// OpenBeside opens a further model, which is the caller's to close, on any
// goroutine; what the user settled about its file earlier holds.
func (c *Controller) OpenBeside(path string) func(ctx context.Context, stage func(string)) (Model, error) {
	opt, note := c.recall(path, OpenOptions{}), c.settings.Models[path]
	opt.PictureMemory = c.memory.Load()
	return func(ctx context.Context, stage func(string)) (Model, error) {
		picture.NamesPatient(path) // looks around the first time it is asked
		m, err := c.openModel(ctx, path, opt, stage)
		if err != nil && opt.recalled {
			m, err = c.openModel(ctx, path, opt.without(err), stage)
		}
		if a, ok := m.(Adjustable); ok && err == nil {
			before := a.Card()
			if card, settled := agreed(before, note); settled && a.Use(card) != nil {
				err = a.Use(before)
			}
		}
		return m, err
	}
}

// Looker reads a picture of the list, of a scan the slice looked at, and asks a
// model about it, on any goroutine.
func (p *Picture) Looker() func(ctx context.Context, m Model) (*Look, error) {
	sh := p.shot(p.Slice)
	return func(ctx context.Context, m Model) (*Look, error) { return lookAt(ctx, sh, &held{Model: m}, nil) }
}

// LookerHere is [Picture.Looker] for the current picture as it is altered; nil without
// one.
func (c *Controller) LookerHere() func(ctx context.Context, m Model) (*Look, error) {
	p := c.state.Selected()
	if p == nil {
		return nil
	}
	look, a := p.Looker(), c.altered.of[p.frame()]
	if a.Alteration == nil {
		return look
	}
	return func(ctx context.Context, m Model) (*Look, error) {
		k, err := look(ctx, m)
		if err != nil {
			return nil, err
		}
		return alter(ctx, &held{Model: m}, k, a)
	}
}

// Same reports whether two looks are at the same picture, of scans at the same
// slice.
func (k *Look) Same(other *Look) bool { return k != nil && other != nil && k.frame() == other.frame() }

// ValuesFor are the panel's settings as they hold for another model: the user's own
// where they suit it, else the model's defaults.
func (p *Panel) ValuesFor(m Model) visualizers.Values { return p.valuesFor(m) }

// MakeRoom has close called before another model is opened in place of the open one;
// what it returns waits, on any goroutine, until a model that a workspace held beside
// it is gone, so that there are never three.
func (c *Controller) MakeRoom(close func() (wait func(context.Context))) { c.makeRoom = close }
