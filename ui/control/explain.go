package control

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"picasso/backend/infer"
	"picasso/backend/score"
	"time"

	"picasso/ui/control/pace"
	"picasso/ui/control/task"
	"picasso/ui/drawing"
	"picasso/visualizers"
)

// running is what the runner was last started for.
type running struct {
	panel  *Panel
	index  int
	key    string // without the target
	target score.Target
	look   *Look
	meter  pace.Meter
	freed  bool                   // a partial result showed that it serves every target
	words  []visualizers.Renaming // since it was started
	told   bool                   // there was a result already
}

// SelectTab shows another visualizer.
func (c *Controller) SelectTab(i int) {
	if i == c.state.Tab || i < 0 || i >= len(c.state.Panels) {
		return
	}
	c.pauseRun()
	c.clearProbe()
	c.state.Tab, c.state.FromFiles = i, false
	c.remember()
	c.followScore()
	c.changed(TabChanged)
	c.refresh(0)
}

// pauseRun ends the run of the panel that is left. It starts again when the
// panel comes back.
func (c *Controller) pauseRun() {
	c.halt()
	if p := c.state.Panel(); p.Status == Running || p.Status == Waiting || p.Status == Asking {
		p.Status, p.Stale = Empty, p.Result != nil
	}
}

func (c *Controller) tabOf(id string) int {
	for i, p := range c.state.Panels {
		if p.Info.ID == id {
			return i
		}
	}
	for i, p := range c.state.Panels { // the first one that draws a map
		if p.Info.ID == "occlusion" {
			return i
		}
	}
	return 0
}

// SetValue changes a setting of panel i and runs it again, soon.
func (c *Controller) SetValue(i int, key string, v any) error {
	p := c.state.Panels[i]
	set, err := p.setting(key)
	if err != nil {
		return err
	}
	var subject visualizers.Subject
	if c.state.Model != nil {
		subject = c.state.Model
	}
	if err := fits(set, subject, v); err != nil {
		return err
	}
	if p.Values[key] == v {
		return nil
	}
	c.stopWalk()
	before := maps.Clone(p.changed)
	p.Values = maps.Clone(p.Values)
	p.Values[key] = v
	p.changed[key] = keep(set, subject, v)
	if v == set.Initial(subject) {
		delete(p.changed, key)
	}
	c.settings.SetValues(p.Info.ID, p.changed)
	c.recordValues(p, fmt.Sprintf("Change “%s” of %s", set.Label(), p.Info.Title), key, before)
	if i == c.state.Tab {
		c.refresh(c.pause())
	}
	return nil
}

// ResetValues brings back the defaults of panel i.
func (c *Controller) ResetValues(i int) {
	p := c.state.Panels[i]
	if len(p.changed) == 0 {
		return
	}
	before := maps.Clone(p.changed)
	c.putValues(i, nil)
	c.recordValues(p, "Reset settings of "+p.Info.Title, "", before)
}

// putValues makes changed, as text, all that differs from the defaults of panel i.
func (c *Controller) putValues(i int, changed map[string]string) {
	c.stopWalk()
	p := c.state.Panels[i]
	p.changed = maps.Clone(changed)
	if p.changed == nil {
		p.changed = map[string]string{}
	}
	p.Values = p.valuesFor(c.state.Model)
	c.settings.SetValues(p.Info.ID, p.changed)
	c.emit(Event{ValuesChanged, i})
	if i == c.state.Tab {
		c.refresh(0)
	}
}

// SetDisplay changes how panel i is drawn; nothing runs.
func (c *Controller) SetDisplay(i int, d drawing.Display) {
	p := c.state.Panels[i]
	if !d.Valid() {
		return
	}
	p.Display = d
	c.settings.SetDisplay(p.Info.ID, d)
	c.emit(Event{DisplayChanged, i})
}

// SetTarget explains class, minus against unless that is NoClass, from now on.
func (c *Controller) SetTarget(class, against int) {
	m := c.state.Model
	if m == nil || class < 0 || class >= m.Classes() || against >= m.Classes() || class == against {
		return
	}
	c.state.Pinned = true
	c.retarget(score.Target{Class: class, Against: against, Score: c.state.Target.Score})
}

// FollowBest explains the best class of every picture.
func (c *Controller) FollowBest() {
	c.state.Pinned = false
	t := c.state.Target
	if k := c.state.Look; k != nil && len(k.Ranked) > 0 {
		t = score.ClassTarget(k.Ranked[0].Index, t.Score)
	}
	c.retarget(t)
}

// SetScore chooses between probability and logit for all visualizers.
func (c *Controller) SetScore(s score.Score) {
	if s == score.Logit && (c.state.Model == nil || !c.state.Model.HasLogits()) {
		return
	}
	c.settings.Score = s.String()
	t := c.state.Target
	t.Score = s
	c.retarget(t)
}

// scoreNamed is the score that settings name; probability unless they name the
// other.
func scoreNamed(name string) score.Score {
	if name == score.Logit.String() {
		return score.Logit
	}
	return score.Probability
}

// followScore takes the visualizer's own scale unless the user chose one.
func (c *Controller) followScore() {
	if s := c.ScoreOf(c.state.Panel()); s != c.state.Target.Score {
		c.state.Target.Score = s
		c.changed(TargetChanged)
	}
}

// ScoreOf is the scale that a panel explains: the user's choice, else the
// visualizer's own.
func (c *Controller) ScoreOf(p *Panel) score.Score {
	if c.state.Model != nil && !c.state.Model.HasLogits() {
		return score.Probability
	}
	if c.settings.Score != "" {
		return scoreNamed(c.settings.Score)
	}
	return p.Info.Score
}

func (c *Controller) retarget(t score.Target) {
	c.state.Target = t
	c.changed(TargetChanged)
	c.refresh(0)
}

// Rerun computes the current panel again.
func (c *Controller) Rerun() {
	p := c.state.Panel()
	p.key = ""
	if c.state.Look != nil {
		c.wanted = c.runKey(p, c.state.Look.asked())
		c.results.Remove(c.runKey(p, c.state.Look.asked()))
		c.results.Remove(targetKey(c.runKey(p, c.state.Look.asked()), c.state.Target))
	}
	c.halt()
	c.refresh(0)
}

// refresh makes the current panel show the current picture, target and
// values: at once where they are known, else by a run after delay.
func (c *Controller) refresh(delay time.Duration) {
	i, p, k := c.state.Tab, c.state.Panel(), c.state.Look
	if c.state.Grid != nil && c.model != nil { // it has the picture's place
		c.regrid()
		return
	}
	if c.state.Model == nil || !k.Answered() {
		c.idlePanel(i, p)
		return
	}
	if c.state.Workspace != Explain {
		c.restPanel(i, p)
		return
	}
	if p.barred(c.state.Model) {
		p.Err, p.Status = suits(p.Visualizer, c.state.Model), Failed
		c.emit(Event{PanelChanged, i})
		c.pump()
		return
	}
	key := c.runKey(p, k.asked())
	if r, ok := c.lookUp(key); ok {
		c.halt()
		c.show(p, k, key, r)
		p.Status = Ready
		c.emit(Event{PanelChanged, i})
		c.pump()
		return
	}
	if run := c.running; run != nil && run.panel == p && run.key == key && (run.freed || run.target == c.state.Target) {
		c.runner.Unschedule()
		if run.look = k; p.Result != nil && p.key == key { // perhaps another slice of the same volume
			c.show(p, k, key, *p.Result)
		}
		c.redraw(p)
		c.emit(Event{PanelChanged, i})
		return
	}
	c.redraw(p)
	if c.whole {
		c.restPanel(i, p)
		return
	}
	if p.Status == Stopped && p.key == key && free(*p.Result) {
		c.runner.Unschedule()
		c.emit(Event{PanelChanged, i})
		return
	}
	if c.asks(i, p, key) {
		return
	}
	p.Stale = p.Result != nil
	p.Status, p.Err = Waiting, nil
	c.yield()
	c.emit(Event{PanelChanged, i})
	c.runner.Schedule(delay, c.start)
	c.pump()
}

// idlePanel is a panel without a picture to explain.
func (c *Controller) idlePanel(i int, p *Panel) {
	c.halt()
	p.Status, p.Result, p.Map, p.look, p.key, p.Stale = Empty, nil, nil, nil, "", false
	c.emit(Event{PanelChanged, i})
	c.pump()
}

// markStale tells that the current panel's map belongs to another picture.
func (c *Controller) markStale() {
	if p := c.state.Panel(); p.Result != nil {
		p.Stale = true
		c.emit(Event{PanelChanged, c.state.Tab})
	}
}

func (c *Controller) lookUp(key string) (visualizers.Result, bool) {
	return c.Kept(key, c.state.Target)
}

// show makes r what p shows.
func (c *Controller) show(p *Panel, k *Look, key string, r visualizers.Result) {
	r = k.OnSlice(r)
	p.Result, p.look, p.key, p.Stale, p.Err = &r, k, key, false, nil
	p.windows = r.Patches != nil
	c.redraw(p)
}

// redraw finds the map for the current target in what p has.
func (c *Controller) redraw(p *Panel) {
	if p.Result == nil {
		return
	}
	if m := p.Result.MapOf(c.state.Target, c.state.Model); m != nil || mapless(*p.Result) || free(*p.Result) {
		p.Map = m
	}
}

// start begins the run that the state asks for.
func (c *Controller) start() {
	p, k := c.state.Panel(), c.state.Look
	if c.model == nil || !k.Answered() {
		return
	}
	run := &running{
		panel: p, index: c.state.Tab, key: c.runKey(p, k.asked()),
		target: c.state.Target, look: k, meter: pace.New(time.Now()),
	}
	c.clearProbe()
	p.Status, p.Progress = Running, Progress{}
	c.emit(Event{PanelChanged, run.index})
	in := k.input(c.model.Model, p.Values, run.target)
	in.Settled, in.Beside = c.hand.settled, c.Beside()
	c.runner.Start(func(ctx context.Context, emit func(visualizers.Result)) (visualizers.Result, error) {
		return k.Explained(infer.WithProgress(ctx, func(stage string, done float64) {
			c.do(func() { c.preparing(run, stage, done) })
		}), p.Visualizer, in, emit)
	}, func(u task.Update[visualizers.Result]) { c.delivered(run, u) })
	c.running = run
}

// preparing takes what the newest run tells before it has any result.
func (c *Controller) preparing(run *running, stage string, done float64) {
	if c.running != run || run.told {
		return
	}
	run.panel.Progress = Progress{Stage: stage, Done: done}
	c.emit(Event{PanelChanged, run.index})
}

// delivered takes what the newest run tells.
func (c *Controller) delivered(run *running, u task.Update[visualizers.Result]) {
	p := run.panel
	for _, words := range run.words {
		u.Result = words.Result(u.Result)
	}
	if u.Has {
		c.partial(run, u.Result)
		if !run.told {
			run.told = true
			c.pump()
		}
	}
	if u.Ended {
		c.running = nil
		c.ended(run, u)
	}
	c.emit(Event{PanelChanged, run.index})
	if u.Ended && p.Status != Waiting {
		c.pump()
	}
}

func (c *Controller) partial(run *running, r visualizers.Result) {
	run.freed = run.freed || r.Patches != nil
	current := c.runKey(run.panel, run.look.asked()) == run.key
	c.show(run.panel, run.look, run.key, r)
	run.panel.Stale = !current || run.panel.Map == nil && !free(r) && !mapless(r)
	run.panel.Progress = run.meter.Update(time.Now(), r.Stage, r.Done, r.Passes)
}

func (c *Controller) ended(run *running, u task.Update[visualizers.Result]) {
	p := run.panel
	switch {
	case errors.Is(u.Err, context.Canceled):
		p.Status = Stopped
	case u.Err != nil:
		p.Status, p.Err = Failed, u.Err
		p.Stale = p.Result != nil
	default:
		key := run.key
		if !free(u.Result) {
			key = targetKey(key, run.target)
		}
		c.results.Put(key, u.Result)
		p.Status = Ready
	}
	if c.runner.Waiting() && p == c.state.Panel() {
		p.Status = Waiting
	}
}
