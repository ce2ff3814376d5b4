// Package assess is the work of testing one map: what a worker needs for it, and
// which tests run by themselves and which only when they are asked for.
package assess

import (
	"context"
	"fmt"
	"time"

	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/trust"
	"picasso/visualizers/trust/sanity"
)

// Found is what is known of a map.
type Found struct {
	trust.Report
	Shuffled *sanity.Report // what became of it with shuffled weights; nil where nobody asked
	Share    float64        // of the test in hand that is done, 0…1
}

// Job is one map to test, with everything that a worker needs.
type Job struct {
	Judge   *trust.Judge
	Weights *sanity.Model // nil where they cannot be shuffled
	Method  visualizers.Visualizer
	Input   visualizers.Input // Values are those behind the map, and its target the only one
	Map     visualizers.Map
	Kin     bool // the method covers regions itself
	Beside  trust.Beside
	Known   Found // before
}

// Cheap runs the tests that run by themselves. tell gets findings that get
// fuller.
func (j Job) Cheap(ctx context.Context, tell func(Found)) (Found, error) {
	f := Found{Report: trust.Compare(j.Input, j.Map, j.Beside), Shuffled: j.Known.Shuffled}
	f.Stability = j.Known.Stability
	if f.OtherClass == nil {
		f.OtherClass = j.Known.OtherClass
	}
	tell(f)
	if known := j.Known.Cover; known != nil && known.Done == 1 { // only what it is compared with changed
		f.Cover = known
		return f, nil
	}
	c, err := j.Judge.Cover(ctx, j.Input, j.Map, trust.CoverOptions{Kin: j.Kin}, func(c trust.Cover) {
		so := f
		so.Cover, so.Share = &c, c.Done
		tell(so)
	})
	if err != nil {
		return f, fmt.Errorf("the cover test: %w", err)
	}
	f.Cover, f.Share = &c, 1
	return f, nil
}

// Cost is what [Job.Dear] takes; ok is false where nothing is left for it, known
// where passes and time are.
func (j Job) Cost() (cost visualizers.Preview, known, ok bool) {
	p, known := j.Method.(visualizers.Previewer)
	if known {
		cost = p.Preview(j.Input.Subject, j.Input.Values)
	}
	maps := 0
	if j.Known.Stability == nil {
		maps += 2 + len(j.seeded())
	}
	if _, other := j.other(); other {
		maps++
	}
	if j.shuffles() {
		maps += sanity.Expect(j.Method, j.Input, sanity.Defaults()).Maps
	}
	cost.Passes, cost.Time, cost.Learn = maps*cost.Passes, time.Duration(maps)*cost.Time, nil
	return cost, known, maps > 0
}

func (j Job) shuffles() bool {
	return j.Weights != nil && (j.Known.Shuffled == nil || j.Known.Shuffled.Verdict == "")
}

func (j Job) seeded() []visualizers.Values {
	return trust.Reseeded(j.Method, j.Input.Values, trust.OtherSeeds)
}

// other is the class to compare with, where that was not done.
func (j Job) other() (score.Target, bool) {
	t, ok := trust.NextClass(j.Input.Base, j.Map.Target)
	return t, ok && j.Known.OtherClass == nil
}

// Dear adds the tests that make the map again to what is known.
func (j Job) Dear(ctx context.Context, tell func(Found)) (Found, error) {
	f := j.Known
	f.Share = 0
	explain := trust.Explaining(j.Method)
	if t, ok := j.other(); ok {
		in := j.Input
		in.Targets = []score.Target{t}
		m, err := explain(ctx, in)
		if err != nil {
			return f, fmt.Errorf("the map of another class: %w", err)
		}
		o := trust.ComparedWith(j.Input, j.Map, m)
		f.OtherClass = &o
		tell(f)
	}
	if f.Stability == nil {
		s, err := trust.Again(ctx, j.Input, j.Map, explain, j.seeded())
		if err != nil {
			return f, err
		}
		f.Stability = &s
		tell(f)
	}
	if !j.shuffles() {
		return f, nil
	}
	r, err := sanity.Run(ctx, *j.Weights, j.Method, j.Input, sanity.Defaults(), sanity.Others{Maps: j.Beside.Pictures}, func(r sanity.Report, share float64) {
		so := f
		so.Shuffled, so.Share = &r, share
		tell(so)
	})
	if err != nil {
		return f, fmt.Errorf("the weights could not be shuffled: %w", err)
	}
	f.Shuffled, f.Share = &r, 1
	return f, nil
}
