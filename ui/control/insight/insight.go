// Package insight is the state of the workspace Inside: the network in rows, the
// activations of the layer that is looked at, what drives one of its units, and
// what the network would draw.
//
// A [Controller] listens to the window's and belongs to its goroutine. It works
// only while the workspace is shown; of every kind of work the newest counts. Of
// the activations only those of the chosen layer for the current picture are held.
package insight

import (
	"context"

	"picasso/backend/onnx/gradient"
	"picasso/backend/onnx/outline"
	"picasso/ui/control"
	"picasso/ui/control/kept"
	"picasso/ui/control/task"
	"picasso/visualizers/layers"
)

// Outlined is a [control.Model] that can be told in rows.
type Outlined interface {
	Outline(ctx context.Context) (*outline.Outline, error)
	// Means are the mean values of tensors for an input, in the order asked for.
	Means(ctx context.Context, tensors []string, x tensor) ([]float64, error)
	GradientCoverage() (gradient.Coverage, error)
}

// State is everything the workspace shows. Others read it on the controller's
// goroutine only.
type State struct {
	Graph    *Graph // nil until it is read
	GraphErr error  // why there is none
	Lines    []Line // of the outline, as the list shows them
	Find     string // what the lines are narrowed to
	Means    Means  // of the rows' tensors for a picture
	Layer    string // the tensor that is looked at, "" for none
	Sheet    *Sheet // its channels, nil until they are known
	SheetErr error  // why there are none
	Working  bool   // a sheet is on its way
	Order    layers.Order
	Sorted   []int // channels of Sheet in this order
	Page     int   // of Sorted
	Common   bool  // all tiles on one scale, else each on its own
	Unit     Unit
	Method   string // the ID of what shows how this picture drives the unit, "" for its activation
	Drive    *Drive // what came of it, nil for nothing
	Search   Search // for the pictures that drive the unit most
	Drawings [2]Drawing
	Drawn    Wish // how they are drawn
}

// Controller turns what the user does in the workspace into work and [State].
type Controller struct {
	c        *control.Controller
	state    State
	model    control.Model
	expanded map[int]bool // rows whose nodes are listed

	outlining, averaging, filling, driving, searching, preparing *task.Task

	drawing  [2]*task.Task
	drawable bool          // what the network would draw is shown
	prepared bool          // for drawing: the model's gradient is open
	averaged *control.Look // that means were asked for
	filled   sheetKey      // that a sheet was asked for
	driven   driveKey
	searched searchKey
	peaks    *kept.Cache[peakKey, peaks]
}

// peakBytes bounds what is kept of the channels' strongest cells in other pictures.
const peakBytes = 32 << 20

// New makes the state of the workspace, which follows c.
func New(c *control.Controller) *Controller {
	t := &Controller{c: c, expanded: map[int]bool{}, peaks: kept.NewCache[peakKey](peakBytes, peaks.bytes)}
	t.state.Order, t.state.Drawn = layers.ByMean, usual()
	for _, one := range []**task.Task{&t.outlining, &t.averaging, &t.filling, &t.driving, &t.searching, &t.preparing, &t.drawing[0], &t.drawing[1]} {
		*one = c.NewTask()
	}
	t.join()
	c.Listen(t)
	return t
}

// join tells the window's controller of the work.
func (t *Controller) join() {
	work := func(one *task.Task, asked bool, told func() (float64, string)) {
		end := func() { one.Stop(); t.ended() }
		t.c.Join(control.Activity{Running: one.Running, End: end, Stopped: func() { t.tell() }, Asked: asked, Model: true, Ahead: true, Told: told})
	}
	work(t.drawing[OfClass], true, func() (float64, string) { return t.state.Drawings[OfClass].told() })
	work(t.drawing[OfUnit], true, func() (float64, string) { return t.state.Drawings[OfUnit].told() })
	work(t.searching, true, t.state.searchTold)
	work(t.driving, true, t.state.driveTold)
	work(t.filling, false, func() (float64, string) { return 0, "Reading the activations of " + t.state.Layer })
	work(t.outlining, false, func() (float64, string) { return 0, "Reading the graph" })
	work(t.averaging, false, func() (float64, string) { return 0, "Reading the mean activations" })
	work(t.preparing, false, func() (float64, string) { return 0, "Getting ready to draw" })
}

// ended takes what stands for stopped work out of the state.
func (t *Controller) ended() {
	if !t.filling.Running() && t.state.Working {
		t.state.Working, t.filled = false, sheetKey{}
	}
	if !t.averaging.Running() && t.state.Means.Of != t.averaged {
		t.averaged = nil
	}
	for k := range t.drawing {
		t.state.Drawings[k].Running = t.drawing[k].Running()
	}
	t.state.Search.Running = t.searching.Running()
}

// State is what there is to show.
func (t *Controller) State() *State { return &t.state }

// Shows reports whether a look is that of the current picture.
func (t *Controller) Shows(k *control.Look) bool { return k == t.c.State().Look }

func (t *Controller) tell() { t.c.Announce(control.InsideChanged) }

// here reports whether the workspace is shown.
func (t *Controller) here() bool { return t.c.State().Workspace == control.Inside }

// Changed implements [control.View].
func (t *Controller) Changed(e control.Event) {
	switch e.Kind {
	case control.ModelChanged:
		if t.c.State().Opening == nil { // it may prepare pictures in another way now
			t.peaks.Clear()
			t.searched = searchKey{}
		}
		t.follow()
	case control.WorkspaceChanged, control.LookChanged, control.TargetChanged:
		t.follow()
	}
}

// follow brings the state to what the window shows now.
func (t *Controller) follow() {
	if m := t.c.State().Model; m != t.model {
		t.forget()
		t.model = m
	}
	if !t.here() {
		t.rest()
		return
	}
	t.readGraph()
	t.readMeans()
	t.readSheet()
	t.drive()
	t.prepare()
	t.tell()
}

// rest ends work that nobody sees; what the user asked to be drawn or searched
// goes on.
func (t *Controller) rest() {
	for _, one := range []*task.Task{t.outlining, t.averaging, t.filling, t.driving, t.preparing} {
		one.Stop()
	}
	t.driven = driveKey{}
	t.ended()
}

// forget drops all that belongs to a former model.
func (t *Controller) forget() {
	t.rest()
	t.searching.Stop()
	for k := range t.drawing {
		t.drawing[k].Stop()
	}
	old := t.state
	t.state = State{Order: old.Order, Common: old.Common, Layer: old.Layer, Method: old.Method, Drawn: old.Drawn}
	t.expanded, t.prepared = map[int]bool{}, false
	t.averaged, t.filled, t.searched = nil, sheetKey{}, searchKey{}
	t.peaks.Clear()
}
