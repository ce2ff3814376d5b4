// Package assess is the work of testing one map: what a worker needs for it, and
// which tests run by themselves and which only when they are asked for.
package assess

import (
	"context"
	"fmt"

	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/trust"
)

// Job is one map to test, with everything that a worker needs.
type Job struct {
	Judge  *trust.Judge
	Method visualizers.Visualizer
	Input  visualizers.Input // Values are those behind the map
	Map    visualizers.Map
	Kin    bool // the method covers regions itself
	Beside trust.Beside
	Known  trust.Report // found before
}

// Cheap runs the tests that run by themselves. tell gets reports that get fuller.
func (j Job) Cheap(ctx context.Context, tell func(trust.Report)) (trust.Report, error) {
	r := trust.Compare(j.Input, j.Map, j.Beside)
	r.Stability = j.Known.Stability
	if r.OtherClass == nil {
		r.OtherClass = j.Known.OtherClass
	}
	tell(r)
	if known := j.Known.Cover; known != nil && known.Done == 1 { // only what it is compared with changed
		r.Cover = known
		return r, nil
	}
	c, err := j.Judge.Cover(ctx, j.Input, j.Map, trust.CoverOptions{Kin: j.Kin}, func(c trust.Cover) {
		so := r
		so.Cover = &c
		tell(so)
	})
	if err != nil {
		return r, fmt.Errorf("the cover test: %w", err)
	}
	r.Cover = &c
	return r, nil
}

// Remakes is how many times [Job.Dear] makes the map again.
func Remakes(method visualizers.Visualizer, values visualizers.Values, known trust.Report, base score.Scores, t score.Target) int {
	n := 2 + len(trust.Reseeded(method, values, trust.OtherSeeds))
	if _, other := trust.NextClass(base, t); other && known.OtherClass == nil {
		n++
	}
	return n
}

// Dear adds the tests that make the map again to what is known.
func (j Job) Dear(ctx context.Context, tell func(trust.Report)) (trust.Report, error) {
	r := j.Known
	explain := trust.Explaining(j.Method)
	if t, ok := trust.NextClass(j.Input.Base, j.Map.Target); ok && r.OtherClass == nil {
		in := j.Input
		in.Targets = []score.Target{t}
		m, err := explain(ctx, in)
		if err != nil {
			return r, fmt.Errorf("the map of another class: %w", err)
		}
		o := trust.ComparedWith(j.Input, j.Map, m)
		r.OtherClass = &o
		tell(r)
	}
	s, err := trust.Again(ctx, j.Input, j.Map, explain, trust.Reseeded(j.Method, j.Input.Values, trust.OtherSeeds))
	if err != nil {
		return r, err
	}
	r.Stability = &s
	return r, nil
}
