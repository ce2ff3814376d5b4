package control

import (
	"context"
	"errors"
	"fmt"
	"picasso/backend/score"
	"slices"

	"picasso/ui/control/task"
	"picasso/visualizers"
)

// Walk is a run over all slices of a series: the nearest to the shown one
// first. Finished maps stay, and are there when their slice is shown.
type Walk struct {
	Panel   *Panel
	Picture *Picture
	Done    int // slices with a result
	Total   int
	Failed  int
	Err     error // of the first slice that failed
}

// walkJob is what the worker needs, copied from the state.
type walkJob struct {
	shots  []shot
	keys   []string
	values visualizers.Values
	target score.Target
	follow bool // the best class of each slice instead
}

// ExplainSeries explains all slices of the current series the way the current
// tab does.
func (c *Controller) ExplainSeries() {
	p, panel := c.state.Selected(), c.state.Panel()
	switch {
	case c.model == nil:
		c.fail("explain all slices", ErrNoModel)
		return
	case p == nil || p.Slices() < 2:
		c.fail("explain all slices", errors.New("this picture has only one slice; open a series"))
		return
	case panel.barred(c.state.Model):
		c.fail("explain all slices", panel.Err)
		return
	}
	c.Stop()
	c.yield()
	job := c.walkJob(p, panel)
	w := &Walk{Panel: panel, Picture: p, Total: p.Slices(), Done: p.Slices() - len(job.shots)}
	c.state.Walk = w
	h, idle := c.model, c.runner.Idle()
	task.Start(c.walking, using(h, func(ctx context.Context, tell func(func())) (struct{}, error) {
		<-idle
		for i, sh := range job.shots {
			r, k, t, err := explainShot(ctx, h, panel.Visualizer, sh, job)
			if ctx.Err() != nil {
				break
			}
			tell(func() { c.walked(w, job.keys[i], t, k, r, err) })
		}
		return struct{}{}, nil
	}), func(struct{}, error) { c.endWalk(w) })
	c.changed(WalkChanged)
}

// walkJob lists the slices without a result, the nearest first.
func (c *Controller) walkJob(p *Picture, panel *Panel) walkJob {
	job := walkJob{values: panel.Values, target: c.state.Target, follow: !c.state.Pinned}
	of := func(i int) score.Target { return c.targetOf(p.Answers[i]) }
	if c.state.Montage != nil { // its slices are compared, so all explain the same
		job.target, job.follow = c.CurveTarget(), false
		of = func(int) score.Target { return job.target }
	}
	order := make([]int, p.Slices())
	for i := range order {
		order[i] = i
	}
	distance := func(i int) int { return max(i-p.Slice, p.Slice-i) }
	slices.SortStableFunc(order, func(a, b int) int { return distance(a) - distance(b) })
	way := panel.way()
	for _, i := range order {
		key := c.keyOf(p.at(i), way)
		if !c.has(key, of(i)) && !slices.Contains(job.keys, key) {
			job.shots, job.keys = append(job.shots, p.shot(i)), append(job.keys, key)
		}
	}
	return job
}

// explainShot explains one slice for the class that would be explained if it
// were looked at.
func explainShot(ctx context.Context, h *held, v visualizers.Visualizer, sh shot, job walkJob) (r visualizers.Result, k *Look, t score.Target, err error) {
	defer task.Recover(&err)
	t = job.target
	if k, err = lookAt(ctx, sh, h, nil); err != nil {
		return r, nil, t, err
	}
	if job.follow && len(k.Ranked) > 0 {
		t = score.ClassTarget(k.Ranked[0].Index, t.Score)
	}
	r, err = k.Explained(ctx, v, k.input(h.Model, job.values, t), func(visualizers.Result) {})
	return r, k, t, err
}

// walked keeps the result of one slice and shows it where it is the current one.
func (c *Controller) walked(w *Walk, key string, target score.Target, k *Look, r visualizers.Result, err error) {
	if err != nil {
		w.Failed++
		if w.Err == nil {
			w.Err = err
		}
	} else {
		w.Done++
		if !free(r) {
			key = targetKey(key, target)
		}
		c.results.Put(key, r)
		c.answered(w.Picture, k)
	}
	c.changed(WalkChanged)
	if err == nil && w.Picture == c.state.Selected() && (c.oneBlock || k.frame() == w.Picture.frame()) {
		c.refresh(0)
	}
}

func (c *Controller) endWalk(w *Walk) {
	c.stopWalk()
	if w.Failed > 0 {
		c.fail(fmt.Sprintf("explain %d of %d slices", w.Failed, w.Total), w.Err)
	}
	c.pump()
}

// stopWalk ends the run; what it found stays.
func (c *Controller) stopWalk() {
	if c.state.Walk == nil {
		return
	}
	c.walking.Stop()
	c.state.Walk = nil
	c.changed(WalkChanged)
}
