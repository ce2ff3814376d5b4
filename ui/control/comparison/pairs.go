package comparison

import (
	"context"
	"fmt"
	"slices"
	"time"

	"picasso/backend/infer"
	"picasso/backend/score"
	"picasso/ui/control"
	"picasso/ui/control/task"
	"picasso/ui/drawing"
	"picasso/ui/report"
	"picasso/visualizers"
)

// Pair is the current picture as two models see it.
type Pair struct {
	Look     *control.Look // by the first
	Other    *control.Look // by the second, nil until it has answered
	Compared report.Compared
	// Parts are the maps of both and their difference, by [report.PartA] and so on;
	// meaningless before Mapped.
	Parts  [3]drawing.Figure
	Mapped bool
	Status Status
	Err    error
	Stage  string
	Cost   visualizers.Preview // of what is not known yet, for both models

	panel  *control.Panel
	key    string // of the first model's run
	target score.Target
	began  *beside
}

// Answered reports whether both models have answered.
func (p *Pair) Answered() bool { return p != nil && p.Other != nil }

// pairs compares two models.
type pairs struct {
	*task.Task
	b      second
	now    *Pair
	wanted bool // runs that take long are wanted
	list   list
	open   control.Model // the first model
}

func (p *pairs) init(c *control.Controller) {
	p.Task, p.b.Task = c.NewTask(), c.NewTask()
	p.list.Task = c.NewTask()
}

// Pair is the current picture by two models, nil without a picture or while one of
// them is not open.
func (m *Controller) Pair() *Pair { return m.pairs.now }

// modelChanged follows the first model: the second one rests while another is being
// opened, and follows a folder where it is the one before.
func (p *pairs) modelChanged(m *Controller) {
	s := m.c.State()
	if s.Opening != nil {
		p.halt()
		p.b.rest()
		return
	}
	if p.open == s.Model {
		return
	}
	p.open = s.Model
	p.list.forget()
	if p.now = nil; p.b.before {
		if path, err := m.former(); err == nil && path != p.b.path {
			p.b.rest()
			p.b.path, p.b.err = path, nil
		}
	}
}

// makeRoom closes the second model before the window opens another first one, and
// returns what waits until it is closed.
func (p *pairs) makeRoom() func(context.Context) {
	p.halt()
	p.b.rest()
	return p.b.gone.wait
}

// drop gives up all that is about the second model.
func (p *pairs) drop(m *Controller) {
	p.halt()
	p.b.rest()
	p.list.forget()
	p.now = nil
}

func (p *pairs) halt() {
	p.Stop()
	p.list.halt()
	if p.now != nil && p.now.Status == Running {
		p.now.Status, p.now.Stage = Waiting, ""
	}
}

// follow brings the pair up to date with the window.
func (p *pairs) follow(m *Controller) {
	s := m.c.State()
	if !m.shown() || m.view != ByModel || s.Opening != nil {
		p.halt()
		p.b.rest()
		return
	}
	if s.Model == nil {
		p.drop(m)
		return
	}
	p.list.follow(m)
	p.b.wake(m)
	if p.b.model == nil || s.Looking || !s.Look.Answered() {
		p.Stop()
		if p.now != nil && !s.Looking {
			p.now = nil
			m.announce()
		}
		return
	}
	next := p.pair(m)
	if p.now != nil && p.now.Look == next.Look && p.now.key == next.key && p.now.target == next.target && p.now.began == next.began {
		if !p.Running() && p.now.Status == Waiting {
			p.start(m)
		}
		return
	}
	p.Stop()
	if p.now != nil && p.now.Look == next.Look && p.now.began == next.began {
		next.Other = p.now.Other // the answer does not depend on the method
	}
	p.now, p.wanted = next, false
	p.start(m)
	m.announce()
}

// pair is what has to be compared now.
func (p *pairs) pair(m *Controller) *Pair {
	s, panel := m.c.State(), m.Method()
	target := s.Target
	target.Score = m.c.ScoreOf(panel)
	if !p.b.model.HasLogits() {
		target.Score = score.Probability
	}
	return &Pair{Look: s.Look, panel: panel, key: m.c.KeyOf(panel, s.Look), target: target, began: p.b.model}
}

// cost is what is not known yet of a pair.
func (p *pairs) cost(m *Controller) (cost visualizers.Preview) {
	pre, ok := p.now.panel.Visualizer.(visualizers.Previewer)
	if !ok {
		return cost
	}
	add := func(one visualizers.Preview) {
		cost.Passes, cost.Time, cost.Bytes = cost.Passes+one.Passes, cost.Time+one.Time, max(cost.Bytes, one.Bytes)
	}
	if _, known := m.c.Kept(p.now.key, p.now.target); !known {
		add(pre.Preview(m.c.State().Model, p.now.panel.Values))
	}
	add(pre.Preview(p.b.model.Model, p.now.panel.ValuesFor(p.b.model.Model)))
	return cost
}

// AskingPair reports whether maps of two models were not begun because they take
// long, or were stopped.
func (m *Controller) AskingPair() bool {
	return m.pairs.now != nil && !m.pairs.Running() && m.pairs.now.Status == Stopped
}

// ContinuePair computes the maps that were not begun.
func (m *Controller) ContinuePair() {
	if m.AskingPair() {
		m.pairs.wanted, m.pairs.now.Status = true, Waiting
		m.pairs.start(m)
	}
}

// bothMaps is what comes of a run.
type bothMaps struct {
	compared report.Compared
	parts    [3]drawing.Figure
	mapped   bool
	first    visualizers.Result // of the first model, where it ran
	ran      bool
}

// side is one model with the picture as it sees it.
type side struct {
	model  control.Model
	look   *control.Look
	values visualizers.Values
	target score.Target
}

// start asks the second model, then draws both maps.
func (p *pairs) start(m *Controller) {
	now, b := p.now, p.b.model
	now.Cost = p.cost(m)
	maps := p.wanted || now.Cost.Time <= unasked
	now.Status, now.Err = Running, nil
	job := pairJob{m: m, now: now, maps: maps, display: now.panel.Display, base: m.c.Subject(now.Look),
		v: now.panel.Visualizer, read: m.c.LookerHere()}
	job.a = side{values: now.panel.Values, look: now.Look, target: now.target}
	job.b = side{model: b.Model, values: now.panel.ValuesFor(b.Model), look: now.Other}
	if r, ok := m.c.Kept(now.key, now.target); ok {
		job.kept = &r
	}
	task.Start(p.Task, lendBoth(m, b, func(ctx context.Context, a control.Model, tell func(func())) (bothMaps, error) {
		job.a.model = a
		return job.run(ctx, tell)
	}), func(both bothMaps, err error) { p.ended(m, now, both, err) })
}

// lendBoth keeps both models open until work has ended, which gets the first.
func lendBoth[T any](m *Controller, b *beside, work func(context.Context, control.Model, func(func())) (T, error)) func(context.Context, func(func())) (T, error) {
	b.users.Add(1)
	lent := control.Lend(m.c, work)
	return func(ctx context.Context, tell func(func())) (T, error) {
		defer b.users.Done()
		return lent(ctx, tell)
	}
}

// pairJob is all that a run needs, copied from the state.
type pairJob struct {
	m       *Controller
	now     *Pair
	a, b    side
	v       visualizers.Visualizer
	display drawing.Display
	base    report.Subject // of the first model
	read    func(context.Context, control.Model) (*control.Look, error)
	kept    *visualizers.Result // of the first model
	maps    bool                // draw them
}

// run asks the second model, tells the answers, and draws the maps.
func (j *pairJob) run(ctx context.Context, tell func(func())) (both bothMaps, err error) {
	if j.b.look == nil {
		if j.b.look, err = j.read(ctx, j.b.model); err != nil {
			return both, fmt.Errorf("model %s: %w", j.b.model.About().Name, err)
		}
	}
	seen := [2]report.Seen{{Subject: j.base, Method: j.v, Values: j.a.values}, {Subject: subjectOf(j.b.model, j.b.look, j.base.Slices), Method: j.v, Values: j.b.values}}
	both.compared = report.NewCompared(j.base.Name(), seen[0], seen[1])
	other, ok := both.compared.Match(seen[0], seen[1], j.a.target)
	ok = ok && both.compared.OnOnePicture(seen[0], seen[1])
	answers, look := both.compared, j.b.look
	answers.Notes = slices.Clone(answers.Notes)
	tell(func() { j.now.answered(j.m, look, answers) })
	if !ok || !j.maps {
		return both, nil
	}
	j.b.target = other
	var maps [2]visualizers.Map
	for i, s := range []side{j.a, j.b} {
		r, err := j.explain(ctx, tell, i, s)
		if err != nil {
			return both, fmt.Errorf("model %s: %w", s.model.About().Name, err)
		}
		if i == 0 && j.kept == nil {
			both.first, both.ran = r, true
		}
		found := r.MapOf(s.target, s.model)
		if found == nil {
			both.compared.Note("%s draws no map: only the answers are compared", j.v.Info().Title)
			return both, nil
		}
		maps[i] = *found
	}
	if of := maps[0].Of; of != nil {
		both.compared.Note("both maps are those of slice %d of the volume, in its pixels", of.Slice+1)
	}
	result := both.compared.Maps(seen[0], seen[1], maps)
	both.parts, both.mapped = seen[0].Figures(maps[0], result, j.display), true
	both.compared.Draw(both.parts)
	return both, ctx.Err()
}

// explain runs the method for one of the models, where that is not known.
func (j *pairJob) explain(ctx context.Context, tell func(func()), i int, s side) (visualizers.Result, error) {
	if i == 0 && j.kept != nil {
		return s.look.OnSlice(*j.kept), nil
	}
	if err := visualizers.Suits(j.v, s.model); err != nil {
		return visualizers.Result{}, err
	}
	name := [2]string{"A", "B"}[i]
	var last time.Time
	say := func(stage string, done float64) {
		if now := time.Now(); now.Sub(last) >= apart {
			last = now
			tell(func() {
				j.now.Stage = fmt.Sprintf("%s %.0f %%, %s", name, 100*done, stage)
				j.m.announce()
			})
		}
	}
	return s.look.Explained(infer.WithProgress(ctx, say), j.v, s.look.Asked(s.model, s.values, s.target), func(r visualizers.Result) { say(r.Stage, r.Done) })
}

// answered shows what both models answer, before there are maps.
func (p *Pair) answered(m *Controller, other *control.Look, c report.Compared) {
	p.Other, p.Compared = other, c
	m.announce()
}

// ended takes what came of a run.
func (p *pairs) ended(m *Controller, now *Pair, both bothMaps, err error) {
	now.Stage = ""
	switch {
	case err != nil:
		now.Status, now.Err = Failed, err
	default:
		now.Compared, now.Parts, now.Mapped, now.Status = both.compared, both.parts, both.mapped, Ready
		if both.ran {
			m.c.Keep(now.key, both.first)
		}
		if !now.Mapped && now.Compared.Class != nil && !p.wanted && now.Cost.Time > unasked {
			now.Status = Stopped
		}
		p.list.mapped(m, now)
	}
	m.announce()
}

// subjectOf is a look by another model than the window's, as reports tell of it.
func subjectOf(model control.Model, k *control.Look, slices int) report.Subject {
	about := model.About()
	s := report.Subject{
		Model:   model,
		File:    report.Model{Path: about.Name, SHA256: about.SHA256, Provider: about.Provider, ONNXRuntime: about.Runtime, Notes: about.Warnings.Texts()},
		Picture: k.Image, SHA256: k.Image.SHA256, Base: k.Shown, Place: k.Place, Scores: k.Base,
	}
	if slices > 1 {
		s.Slices = slices
	}
	if a, ok := model.(control.Adjustable); ok {
		card := a.Card()
		s.Card = &card
	}
	return s
}

// activities are what Stop and the status bar know of.
func (p *pairs) activities(m *Controller) []control.Activity {
	return []control.Activity{
		{
			Running: p.Running, End: p.Stop, Asked: true, Model: true, Ahead: true,
			Stopped: func() {
				p.now.Status, p.now.Stage = Stopped, ""
				m.announce()
			},
			Told: func() (float64, string) { return 0, p.told() },
		},
		{
			Running: p.list.Running, End: p.list.halt, Asked: true, Model: true,
			Stopped: m.announce, Told: p.list.told,
		},
		{
			Running: p.b.Running, End: p.b.rest, Asked: true, Ahead: true,
			Stopped: func() {
				p.b.path = ""
				m.announce()
			},
			Told: func() (float64, string) { return 0, "Opening the second model: " + p.b.stage },
		},
	}
}

// told is what is done for the pair, for the status bar.
func (p *pairs) told() string {
	text := "Comparing two models by " + p.now.panel.Info.Title
	if p.now.Stage != "" {
		text += ": " + p.now.Stage
	}
	return text
}
