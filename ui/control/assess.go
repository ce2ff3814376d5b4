package control

import (
	"context"
	"fmt"
	"image"

	"picasso/backend/mask"
	"picasso/backend/score"
	"picasso/ui/control/assess"
	"picasso/ui/control/task"
	"picasso/visualizers"
	"picasso/visualizers/trust"
	"picasso/visualizers/trust/sanity"
)

// Trust is what is known of whether the map on the screen can be trusted.
type Trust struct {
	Open     bool          // the user looks at it; nothing is tested before
	Found    *assess.Found // of the map on the screen; nil until something is known
	Running  bool
	Checking bool // what runs are the tests that make the map again
	Err      error
	Region   *mask.Mask // of the picture, that the map is compared with; nil for none
}

// assessment is the work behind [Trust]: the tests of the map on the screen, in
// the lowest place of all work.
type assessment struct {
	task    *task.Task
	judge   *trust.Judge             // of the open model
	key     string                   // of the map that Trust is about, "" for none
	found   map[string]*assess.Found // of maps tested before; nil where that failed
	regions map[frame]marked
	marks   int // regions marked so far
}

// marked is the region of a picture; no two have the same number.
type marked struct {
	number  int
	region  *mask.Mask    // what maps are compared with
	regions *mask.Regions // as they were drawn or read
}

// keptFindings bounds what is remembered of maps seen before.
const keptFindings = 256

func newAssessment(g *task.Group) assessment {
	return assessment{task: g.New(), judge: &trust.Judge{}, found: map[string]*assess.Found{}, regions: map[frame]marked{}}
}

// forget is for another model.
func (a *assessment) forget() {
	a.judge = &trust.Judge{}
	clear(a.found)
}

// OpenTrust shows or hides what is known of the map. While it is shown, maps are
// tested as soon as nothing else is to be done.
func (c *Controller) OpenTrust(open bool) {
	if c.state.Trust.Open == open {
		return
	}
	c.state.Trust.Open = open
	c.assess.key = ""
	if !open {
		c.stopAssessing()
	}
	c.follow()
	c.changed(TrustChanged)
	c.pump()
}

// followMap keeps [Trust] about the map on the screen.
func (c *Controller) followMap(e Event) {
	switch e.Kind {
	case PanelChanged:
		if e.Index != c.state.Tab {
			return
		}
	case TabChanged, PanelsChanged, LookChanged, TargetChanged, ModelChanged:
	default:
		return
	}
	if c.state.Trust.Open && c.follow() {
		c.changed(TrustChanged)
	}
}

// follow takes up what is known of the map on the screen, and reports whether it
// is another one than before.
func (c *Controller) follow() bool {
	key, was := c.mapKey(), c.state.Trust
	if key == c.assess.key && key != "" {
		return false
	}
	c.stopAssessing()
	c.assess.key = key
	t := Trust{Open: was.Open, Region: c.marked().region}
	if known, ok := c.assess.found[key]; ok {
		t.Found = known
	}
	c.state.Trust = t
	return t.Found != was.Found || t.Region != was.Region || was.Running || was.Err != nil
}

// marked is the region of the picture on the screen.
func (c *Controller) marked() marked {
	if k := c.state.Look; k != nil {
		return c.assess.regions[k.frame()]
	}
	return marked{}
}

// mapKey names the map on the screen, "" while there is none that is whole and
// up to date.
func (c *Controller) mapKey() string {
	p, k := c.state.Panel(), c.state.Look
	if !c.state.Trust.Open || c.model == nil || p.Map == nil || p.Stale || p.Status != Ready || p.look != k || p.Result.Done < 1 {
		return ""
	}
	return fmt.Sprintf("%s region %d", targetKey(p.key, p.Map.Target), c.marked().number)
}

// assessing reports whether a map is being tested without being asked for.
func (c *Controller) assessing() bool { return c.state.Trust.Running && !c.state.Trust.Checking }

// checking reports whether the tests run that the user asked for.
func (c *Controller) checking() bool { return c.state.Trust.Running && c.state.Trust.Checking }

func (c *Controller) stopAssessing() {
	c.assess.task.Stop()
	if c.state.Trust.Running {
		c.state.Trust.Running, c.state.Trust.Checking = false, false
		c.changed(TrustChanged)
	}
}

// startAssessing tests the map on the screen if that is to be done, and nobody
// waits for anything else.
func (c *Controller) startAssessing() {
	if _, tested := c.assess.found[c.assess.key]; tested || c.assess.key == "" || c.state.Trust.Running || c.foreground() {
		return
	}
	c.runTests(false, assess.Job.Cheap)
}

// runTests starts tests of the map on the screen.
func (c *Controller) runTests(asked bool, work func(assess.Job, context.Context, func(assess.Found)) (assess.Found, error)) {
	j, t := c.job(), &c.state.Trust
	t.Running, t.Checking, t.Err = true, asked, nil
	task.Start(c.assess.task, using(c.model, func(ctx context.Context, tell func(func())) (assess.Found, error) {
		return work(j, ctx, func(f assess.Found) { tell(func() { c.found(f) }) })
	}), c.allFound)
	c.changed(TrustChanged)
}

// found shows what the tests of the map on the screen found so far.
func (c *Controller) found(f assess.Found) {
	c.state.Trust.Found = &f
	c.changed(TrustChanged)
}

// allFound ends the tests. Those that failed are not run again by themselves.
func (c *Controller) allFound(f assess.Found, err error) {
	t := &c.state.Trust
	t.Running, t.Checking, t.Err = false, false, err
	if err == nil {
		t.Found = &f
		c.suspect(f)
	}
	if len(c.assess.found) >= keptFindings {
		clear(c.assess.found)
	}
	c.assess.found[c.assess.key] = t.Found
	c.changed(TrustChanged)
	c.pump()
}

// suspect marks the method where its map hardly depends on the weights.
func (c *Controller) suspect(f assess.Found) {
	p := c.state.Panel()
	if f.Shuffled != nil && f.Shuffled.Verdict == sanity.BarelyChanges && p.Doubt == "" {
		p.Doubt = f.Shuffled.Finding
		c.changed(PanelsChanged)
	}
}

// CheckCost is what [Controller.Check] takes, known where its passes are; ok is
// false where nothing is left to check.
func (c *Controller) CheckCost() (cost visualizers.Preview, known, ok bool) {
	if c.assess.found[c.assess.key] == nil || c.state.Trust.Running {
		return cost, false, false
	}
	return c.job().Cost()
}

// Check runs the tests that make the map again, which may take a while.
func (c *Controller) Check() {
	if _, _, ok := c.CheckCost(); !ok {
		return
	}
	c.Stop()
	c.yield()
	c.runTests(true, assess.Job.Dear)
}

// Shufflable is a [Model] whose weights can be replaced by chance.
type Shufflable interface {
	Weights() sanity.Model
}

// job is what a worker needs to test the map on the screen.
func (c *Controller) job() assess.Job {
	p, k := c.state.Panel(), c.state.Look
	j := assess.Job{
		Judge: c.assess.judge, Method: p.Visualizer, Input: k.input(c.model.Model, p.Values, p.Map.Target), Map: k.onInput(*p.Map),
		Kin: p.Result.Patches != nil, Beside: c.beside(p, k),
	}
	if f := c.state.Trust.Found; f != nil {
		j.Known = *f
	}
	if w, ok := c.model.Model.(Shufflable); ok {
		weights := w.Weights()
		j.Weights = &weights
	}
	return j
}

// beside finds what is there to compare the map with: nothing is run for it.
func (c *Controller) beside(p *Panel, k *Look) trust.Beside {
	b := trust.Beside{Place: k.Place, Region: c.state.Trust.Region}
	if k.Block != nil && b.Region != nil { // it was drawn on this slice
		b.Solid, b.Region = k.solid(*b.Region), nil
	}
	if t, ok := trust.NextClass(k.Base, p.Map.Target); ok {
		if m := p.Result.MapOf(t, c.state.Model); m != nil {
			other := k.onInput(*m)
			b.Class = &other
		}
	}
	for _, q := range c.state.Panels {
		if q == p || q.Err != nil {
			continue
		}
		if m := c.drawnBefore(q, k.asked(), p.Map.Target); m != nil {
			b.Methods = append(b.Methods, trust.Named{Visualizer: q.Info.ID, Title: q.Info.Title, Map: k.onInput(*m)})
		}
	}
	for _, image := range c.state.Images {
		if image.ID == k.ID {
			continue
		}
		if m := c.drawnBefore(p, image.frame(), p.Map.Target); m != nil {
			if m.Of != nil {
				m = &m.Of.Map
			}
			b.Pictures = append(b.Pictures, *m)
		}
	}
	if len(b.Pictures) < 2 {
		b.Pictures = nil
	}
	return b
}

// onInput is a map of the look over the model's input.
func (k *Look) onInput(m visualizers.Map) visualizers.Map {
	return trust.OnInput(m, k.Place, image.Pt(k.Image.Width, k.Image.Height), k.Input.Shape[1], k.Input.Shape[2])
}

// solid is a region of the slice in hand as one of the volume.
func (k *Look) solid(region mask.Mask) *trust.Solid {
	at, _ := k.Image.Span()
	return trust.OnBlock(*k.Block, nil, func(slice, row, column int) uint8 {
		if slice == at && region.Inside[row*region.Width+column] {
			return 1
		}
		return 0
	})
}

// drawnBefore is the map of a target, on whichever scale, that a panel has drawn
// before of a picture; nil where it has not.
func (c *Controller) drawnBefore(p *Panel, f frame, t score.Target) *visualizers.Map {
	key := c.runKey(p, f)
	for _, scale := range []score.Score{t.Score, score.Probability, score.Logit} {
		t.Score = scale
		for _, k := range []string{key, targetKey(key, t)} {
			if r, ok := c.results.Get(k); ok {
				if m := r.MapOf(t, c.state.Model); m != nil {
					return m
				}
			}
		}
	}
	return nil
}
