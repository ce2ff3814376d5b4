// Package survey is the controller of the workspace Audit: what is audited and how,
// how far that is, what was found, and which of its pictures are looked at. It knows
// nothing of Fyne.
//
// Like [control.Controller] it belongs to the goroutine of the user interface; work
// is done by tasks of that controller and comes back there.
package survey

import (
	"image"
	"slices"

	"picasso/ui/auditing"
	"picasso/ui/control"
	"picasso/ui/control/kept"
	"picasso/ui/control/task"
	"picasso/visualizers"
	"picasso/visualizers/audit"
)

// Enough is the number of dropped pictures from which an audit is offered: it is the
// number of maps from which ways of deciding are looked for.
const Enough = audit.LeastMaps

// Method is a method that an audit may use.
type Method struct{ ID, Title string }

// Progress is how far an audit is.
type Progress struct {
	Stage string // "audit", "covering pictures"
	Text  string
	Share float64
}

// State is what the workspace shows. Only the [Controller] writes it.
type State struct {
	Setup   Setup
	Methods []Method // that serve the open model
	Classes []string // names of the open model's classes
	Why     string   // of the method that is used unless one is chosen; "" without a model

	Progress *Progress // of the audit that runs, nil for none
	Halted   string    // why the audit in Out is not whole; "" where it is, or there is none
	Notes    []string  // what somebody should know of the audit
	Failed   int       // items without a row, as far as they were tried

	Result    *auditing.Result // nil before there is one; never changed
	Serial    int              // of Result
	Out       string           // folder of the audit, "" for none
	Temporary bool             // Out goes when others follow
	Foreign   string           // model that Result was made with, where another one is open; else ""

	Subset  Subset
	Order   Order
	Filter  string
	Wrong   bool
	Listed  []int // rows as table and sheet show them; the old ones while Arranging
	Version int   // of Listed
	Current int   // row, −1 for none

	Arranging bool // Listed does not follow Subset, Order, Filter and Wrong yet
}

// Subset are pictures that are looked at.
type Subset struct {
	Title string
	Rows  []int // nil for all
}

// Controller turns what the user does with an audit into work, and what comes of it
// into [State].
type Controller struct {
	c       *control.Controller
	state   State
	folder  string // of temporary audits
	version string
	work    *task.Task // with the model
	viewing *task.Task // an audit that is read, which no model is needed for
	peeping *task.Task // pictures, one after the other

	arranging *task.Task
	arranged  arrangement // of what is listed

	began   Setup // of the audit in Out
	wishes  []wish
	small   *kept.Cache[wish, kept.Picture]
	large   *image.RGBA // of the wish largest
	largest wish
	failing map[wish]bool // pictures that cannot be shown
	listing bool          // what is dropped next is the selection
	slice   int           // of what is dropped next, that is to be looked at
	labels  string        // of the list, as last seen
	// byFolder: the names of folders were proposed as labels, not chosen.
	byFolder bool
	model    control.Model // as last seen
}

// smallBytes bounds the small pictures that are kept.
const smallBytes = 64 << 20

// New makes the controller of the workspace. folder is where temporary audits are
// kept, version what is written into new ones.
func New(c *control.Controller, folder, version string) *Controller {
	s := &Controller{
		c: c, folder: folder, version: version, work: c.NewTask(), viewing: c.NewTask(), peeping: c.NewTask(), arranging: c.NewTask(),
		small: kept.NewCache[wish](smallBytes, kept.Picture.Bytes), failing: map[wish]bool{}, state: State{Current: -1, Setup: Setup{Policy: usualPolicy}},
	}
	c.Join(control.Activity{
		Running: s.work.Running, End: s.end, Asked: true, Model: true, Ahead: true,
		Told: func() (float64, string) { return s.state.Progress.told() },
	})
	c.Join(control.Activity{
		Running: s.viewing.Running, End: s.endView, Asked: true,
		Told: func() (float64, string) { return s.state.Progress.told() },
	})
	c.Join(control.Activity{
		Running: s.arranging.Running, End: s.keepArrangement, Asked: true,
		Told: func() (float64, string) { return 0, "Sorting the pictures" },
	})
	c.Listen(s)
	c.OnDropped(s.offer)
	return s
}

func (p *Progress) told() (float64, string) {
	if p == nil {
		return 0, "Audit"
	}
	return p.Share, "Audit: " + p.Text
}

// State is what there is to show; read it only.
func (s *Controller) State() *State { return &s.state }

func (s *Controller) changed() { s.c.Announce(control.AuditChanged) }

// Changed implements [control.View]: methods follow the model, and labels those of
// the list.
func (s *Controller) Changed(e control.Event) {
	s.proposeLabels()
	switch e.Kind {
	case control.ModelChanged, control.PanelsChanged:
		if m := s.c.State().Model; m != s.model || e.Kind == control.PanelsChanged {
			s.model = m
			s.followModel()
			s.changed()
		}
	}
}

// followModel finds out which methods serve the open model.
func (s *Controller) followModel() {
	s.state.Methods, s.state.Classes, s.state.Why = nil, nil, ""
	if s.model == nil {
		return
	}
	s.state.Classes = classes(s.model)
	if s.ClassFault() != "" { // it was one of another model
		s.state.Setup.Class = ""
	}
	for _, p := range s.c.State().Panels {
		if mapped(p.Visualizer, s.model) {
			s.state.Methods = append(s.state.Methods, Method{p.Info.ID, p.Info.Title})
		}
	}
	if _, _, why, err := audit.Choose(s.model, s.find); err == nil {
		s.state.Why = why
	}
	if !slices.ContainsFunc(s.state.Methods, func(m Method) bool { return m.ID == s.state.Setup.Method }) {
		s.state.Setup.Method = ""
	}
	s.compare()
}

// mapped reports whether a method gives one map of a picture of this model.
func mapped(v visualizers.Visualizer, m control.Model) bool {
	if v.Info().ID == "prediction" {
		return false
	}
	q, ok := v.(visualizers.Requirer)
	return !ok || q.Require(m) == nil
}

// find is the method with an id.
func (s *Controller) find(id string) (visualizers.Visualizer, bool) {
	for _, p := range s.c.State().Panels {
		if p.Info.ID == id {
			return p.Visualizer, true
		}
	}
	return nil, false
}

// compare tells whether the result is about the open model.
func (s *Controller) compare() {
	s.state.Foreign = ""
	r := s.state.Result
	if r == nil || s.model == nil {
		return
	}
	if m := r.Digest.Manifest; m.Settings.Model != s.model.About().SHA256 {
		s.state.Foreign = m.Model.Name
	}
}

// Choose changes what the next audit is about.
func (s *Controller) Choose(change func(*Setup)) {
	before := s.state.Setup.Labels
	change(&s.state.Setup)
	s.byFolder = s.byFolder && s.state.Setup.Labels == before
	s.changed()
}
