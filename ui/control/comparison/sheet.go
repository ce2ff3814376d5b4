package comparison

import (
	"slices"
	"time"

	"picasso/backend/score"
	"picasso/ui/control"
	"picasso/ui/control/task"
	"picasso/visualizers"
	"picasso/visualizers/compare"
)

// Bounds of a sheet.
const (
	MostClasses  = control.GridClasses
	MostMethods  = 12
	firstClasses = 3
)

// usual are the methods of a sheet before anybody has chosen: those of the families
// that need little and ask different questions.
var usual = []string{"occlusion", "saliency", "integrated-gradients", "grad-cam"}

// Sheet are the maps of one picture: a row for each method, a cell for each class.
type Sheet struct {
	Look    *control.Look
	Classes []int // that are explained, in order
	Rows    []*Row
	Focus   int // index into Classes, of the class whose agreement is shown
	// Agreement is how far each two methods agree about that class, of those whose map
	// is there; their ids are in Agreeing.
	Agreement []compare.Pair
	Agreeing  []string
}

// Status is what a row is doing.
type Status int

// States of a row.
const (
	Waiting Status = iota // its turn comes
	Running
	Ready
	Stopped // by the user, or with those that take long before they are asked for
	Failed
)

// Row is one method.
type Row struct {
	Panel    *control.Panel
	Cells    []Cell // one for each class
	Status   Status
	Err      error    // with Failed
	Note     string   // what the run was
	Warnings []string // of the run
	Kept     bool     // nothing ran: the maps were there
	Cost     visualizers.Preview

	key    string // of the run
	values visualizers.Values
	done   float64
	stage  string
}

// Cell is one map.
type Cell struct {
	Target score.Target
	Map    *visualizers.Map // nil until it is there, and where a method draws none
	Done   float64          // share of the work that is in Map
}

// Mapless reports whether the method has run and draws no map.
func (r *Row) Mapless() bool {
	return r.Status == Ready && !slices.ContainsFunc(r.Cells, func(c Cell) bool { return c.Map != nil })
}

// sheets makes one sheet after the other.
type sheets struct {
	*task.Task
	agreeing *task.Task
	now      *Sheet // nil without a picture that has an answer
	running  *Row
	most     int   // best classes that are explained
	pinned   []int // the user's own classes instead
	model    control.Model
	wanted   bool // rows that take long are wanted
	stopped  bool // by the user
	began    time.Time
}

func (s *sheets) init(c *control.Controller) {
	s.Task, s.agreeing, s.most = c.NewTask(), c.NewTask(), firstClasses
}

// Sheet is the sheet of the current picture, nil where there is none.
func (m *Controller) Sheet() *Sheet { return m.sheets.now }

// Offered are the panels whose methods may be chosen: those that explain.
func (m *Controller) Offered() []*control.Panel {
	var list []*control.Panel
	for _, p := range m.c.State().Panels {
		if len(p.Settings) > 0 && p.Info.Group != visualizers.Answer {
			list = append(list, p)
		}
	}
	return list
}

// Unable is why the open model cannot be explained by a panel, nil where it can.
func (m *Controller) Unable(p *control.Panel) error {
	if r, ok := p.Visualizer.(visualizers.Requirer); ok && m.c.State().Model != nil {
		return r.Require(m.c.State().Model)
	}
	return nil
}

// Chosen reports whether a method is chosen.
func (m *Controller) Chosen(p *control.Panel) bool { return slices.Contains(m.ids(), p.Info.ID) }

func (m *Controller) ids() []string {
	if ids := m.c.Settings().Compared; len(ids) > 0 {
		return ids
	}
	return usual
}

// Choose adds a method or leaves it out; false where there are too many, or it
// would be the last.
func (m *Controller) Choose(p *control.Panel, on bool) bool {
	ids := slices.Clone(m.ids())
	i := slices.Index(ids, p.Info.ID)
	switch {
	case on == (i >= 0):
		return true
	case on && len(m.chosen()) >= MostMethods, !on && len(m.chosen()) < 2 && m.Unable(p) == nil:
		return false
	case on:
		ids = append(ids, p.Info.ID)
	default:
		ids = slices.Delete(ids, i, i+1)
	}
	m.c.Settings().Compared = ids
	m.sheets.stopped = false
	m.follow()
	m.announce()
	return true
}

// chosen are the chosen panels that suit the model, in the order of the tabs.
func (m *Controller) chosen() []*control.Panel {
	var list []*control.Panel
	for _, p := range m.Offered() {
		if m.Chosen(p) && m.Unable(p) == nil && len(list) < MostMethods {
			list = append(list, p)
		}
	}
	return list
}

// Best is how many of the best classes are explained, 0 where the user chose
// classes.
func (m *Controller) Best() int {
	if m.sheets.pinned != nil {
		return 0
	}
	return m.sheets.most
}

// SetBest explains the n best classes of every picture.
func (m *Controller) SetBest(n int) {
	m.sheets.most, m.sheets.pinned = min(max(n, 1), MostClasses), nil
	m.sheets.stopped = false
	m.follow()
	m.announce()
}

// ToggleClass adds a class to those that are explained or leaves it out; false where
// there are too many, or it would be the last.
func (m *Controller) ToggleClass(class int) bool {
	if m.sheets.now == nil {
		return false
	}
	classes := slices.Clone(m.sheets.now.Classes)
	i := slices.Index(classes, class)
	switch {
	case i < 0 && len(classes) >= MostClasses, i >= 0 && len(classes) == 1:
		return false
	case i < 0:
		classes = append(classes, class)
	default:
		classes = slices.Delete(classes, i, i+1)
	}
	m.sheets.pinned, m.sheets.stopped = classes, false
	m.follow()
	m.announce()
	return true
}

// SetFocus shows the agreement about another class, by its place.
func (m *Controller) SetFocus(i int) {
	if s := m.sheets.now; s != nil && i >= 0 && i < len(s.Classes) && i != s.Focus {
		s.Focus = i
		m.sheets.agree(m)
		m.announce()
	}
}

// classes are those to explain of a look.
func (s *sheets) classes(k *control.Look) []int {
	if s.pinned != nil {
		return s.pinned
	}
	var list []int
	for _, c := range k.Ranked[:min(s.most, len(k.Ranked))] {
		list = append(list, c.Index)
	}
	return list
}

// follow begins another sheet where the present one is not of what the window shows
// now. Maps that are there stay.
func (s *sheets) follow(m *Controller) {
	state := m.c.State()
	if s.model != state.Model {
		s.model, s.pinned, s.now, s.wanted, s.stopped = state.Model, nil, nil, false, false
		s.halt()
	}
	if !m.shown() || m.view != ByMethod {
		s.halt()
		return
	}
	if state.Looking { // another one is about to come
		s.halt()
		return
	}
	if state.Model == nil || !state.Look.Answered() {
		s.halt()
		if s.now != nil {
			s.now = nil
			m.announce()
		}
		return
	}
	next := s.sheet(m, state.Look)
	if s.now != nil && s.now.same(next) {
		if !s.Running() {
			s.next(m)
		}
		return
	}
	if s.now == nil || !s.now.Look.Same(next.Look) {
		s.stopped, s.wanted = false, false
	}
	s.halt()
	s.now = next
	s.fromKept(m)
	s.agree(m)
	m.announce()
	s.next(m)
}

// sheet is an empty sheet of a look as everything is chosen now.
func (s *sheets) sheet(m *Controller, k *control.Look) *Sheet {
	next := &Sheet{Look: k, Classes: slices.Clone(s.classes(k))}
	if s.now != nil && s.now.Focus < len(next.Classes) {
		next.Focus = s.now.Focus
	}
	for _, p := range m.chosen() {
		row := &Row{Panel: p, key: m.c.KeyOf(p, k), values: p.Values}
		if pre, ok := p.Visualizer.(visualizers.Previewer); ok {
			row.Cost = pre.Preview(m.c.State().Model, p.Values)
		}
		for _, class := range next.Classes {
			row.Cells = append(row.Cells, Cell{Target: score.ClassTarget(class, m.c.ScoreOf(p))})
		}
		next.Rows = append(next.Rows, row)
	}
	return next
}

// same reports whether two sheets hold the same maps.
func (s *Sheet) same(other *Sheet) bool {
	if s.Look != other.Look || !slices.Equal(s.Classes, other.Classes) {
		return false
	}
	return slices.EqualFunc(s.Rows, other.Rows, func(a, b *Row) bool {
		return a.Panel == b.Panel && a.key == b.key && slices.EqualFunc(a.Cells, b.Cells, func(x, y Cell) bool { return x.Target == y.Target })
	})
}

// halt ends the run in hand; its row waits again.
func (s *sheets) halt() {
	s.Stop()
	s.agreeing.Stop()
	if s.running != nil {
		s.running.Status, s.running = Waiting, nil
	}
}

// fromKept fills in what is there already.
func (s *sheets) fromKept(m *Controller) {
	for _, row := range s.now.Rows {
		all := true
		for i := range row.Cells {
			cell := &row.Cells[i]
			r, ok := m.c.Kept(row.key, cell.Target)
			if !ok {
				all = false
				continue
			}
			r = s.now.Look.OnSlice(r)
			cell.Map, cell.Done = r.MapOf(cell.Target, m.c.State().Model), 1
			row.Note, row.Warnings = r.Note, r.Warnings
		}
		if all {
			row.Status, row.Kept, row.done = Ready, true, 1
		}
	}
}

// missing are the targets of a row that have no finished map.
func (r *Row) missing() []score.Target {
	var list []score.Target
	for _, c := range r.Cells {
		if c.Done < 1 {
			list = append(list, c.Target)
		}
	}
	return list
}

// take puts the maps of a result into their cells.
func (r *Row) take(result visualizers.Result, n score.Namer, done float64) {
	for i := range r.Cells {
		cell := &r.Cells[i]
		if found := result.MapOf(cell.Target, n); found != nil && cell.Done < 1 {
			cell.Map, cell.Done = found, min(done, 1)
		}
	}
	r.done, r.stage = done, result.Stage
	r.Note, r.Warnings = result.Note, result.Warnings
}
