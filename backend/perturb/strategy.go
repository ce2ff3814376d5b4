package perturb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"picasso/backend/infer"
	"picasso/backend/score"
)

// strategy scores copies of one picture other than by full runs of each. It is
// compared with full inference before it is trusted.
type strategy interface {
	// score returns the work done too, in runs of the whole model.
	score(ctx context.Context, batch []infer.Tensor, changed []Box) ([]score.Scores, float64, error)
	// setup is the work of preparing, in runs of the whole model.
	setup() float64
	engine() Engine
	// class is that of the windows, where the time depends on it.
	class() Size
	// proven reports whether it agreed with full inference, on any picture; prove
	// and disprove remember it.
	proven() bool
	prove()
	disprove()
	release()
}

// compute scores copies that are not remembered. Where the other strategy needs time
// to prepare, full inference is used meanwhile, so that something is to be seen
// soon.
func (c *copies) compute(ctx context.Context, batch []infer.Tensor, changed []Box) ([]score.Scores, error) {
	if len(batch) == 0 {
		return nil, nil
	}
	c.arrive()
	if c.run != nil && !c.doubt.open {
		scores, err := c.advance(ctx, batch, changed)
		if err == nil || ctx.Err() != nil {
			return scores, err
		}
	}
	start := time.Now()
	scores, err := c.scorer.host.Predict(ctx, batch)
	if err != nil {
		return nil, err
	}
	c.work += float64(len(batch))
	if c.doubt.open {
		c.decide(len(batch), time.Since(start))
	}
	if !c.prepared && c.engine == AutoEngine {
		if c.worthPlanning() {
			c.prepareBeside()
		}
		c.prepared = true
	}
	return scores, nil
}

// worthPlanning reports whether it may be found out if the strategy to try pays.
func (c *copies) worthPlanning() bool {
	if c.prefers() != IncrementalEngine {
		return true
	}
	return c.scorer.rates.worthPlanning(classOf(largest(c.windows)), len(c.windows), len(c.scorer.host.Graph().Graph.Nodes))
}

// advance uses the other strategy. After an error full inference is used.
func (c *copies) advance(ctx context.Context, batch []infer.Tensor, changed []Box) ([]score.Scores, error) {
	start := time.Now()
	scores, work, err := c.run.score(ctx, batch, changed)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		c.fail(fmt.Sprintf("%s failed, so full inference is used: %v.", c.run.engine().name(), err))
		return nil, err
	}
	took := time.Since(start)
	c.scorer.rates.Note(c.run.engine(), c.run.class(), len(batch), took)
	c.suspect(len(batch), took)
	c.work += work
	if c.run.proven() {
		return scores, nil
	}
	places := ends(len(batch))
	plain := make([]score.Scores, len(batch))
	for _, i := range places {
		one, err := c.scorer.host.Predict(ctx, batch[i:i+1])
		if err != nil {
			return nil, err
		}
		plain[i] = one[0]
		c.work++
	}
	return scores, c.compare(places, plain, scores)
}

// ends are the first and the last of n places.
func ends(n int) []int {
	if n == 1 {
		return []int{0}
	}
	return []int{0, n - 1}
}

// checkTolerance is how far scores may be from those of full inference, as a
// share of their scale.
const checkTolerance = 1e-4

var errApart = errors.New("the strategy disagrees with full inference")

// compare switches the strategy off where it disagrees with full inference.
func (c *copies) compare(places []int, plain, scores []score.Scores) error {
	for _, i := range places {
		if apart := plain[i].Distance(scores[i]); !(apart <= checkTolerance) {
			c.run.disprove()
			c.fail(fmt.Sprintf("%s differed by %.2g of the scale of the scores on this model, so full inference is used.", c.run.engine().name(), apart))
			return errApart
		}
	}
	c.run.prove()
	return nil
}

func (c *copies) fail(notice string) {
	c.drop()
	c.account.Notice = notice
}

// prefers is the strategy to try.
func (c *copies) prefers() Engine {
	if c.engine != AutoEngine {
		return c.engine
	}
	if c.scorer.host.Provider() == "CPU" {
		return IncrementalEngine
	}
	return GraphEngine
}

// ready reports whether the strategy to try needs no time to prepare.
func (c *copies) ready() bool {
	if c.prefers() == GraphEngine {
		return c.scorer.covering.ready()
	}
	return c.scorer.incremental.ready(largest(c.windows))
}

// prepare opens what the strategy to try needs where it pays.
func (c *copies) prepare(ctx context.Context) error {
	c.prepared = true
	run, err := c.start(ctx)
	if ctx.Err() != nil {
		if run != nil {
			run.release()
		}
		return ctx.Err()
	}
	c.adopt(run, err)
	return nil
}

// arrival is a strategy that was prepared beside full inference, or why there is
// none.
type arrival struct {
	run strategy
	err error
}

// prepareBeside prepares the strategy to try while full inference is used.
func (c *copies) prepareBeside() {
	c.prepared = true
	ctx, stop := context.WithCancel(context.Background())
	coming := make(chan arrival, 1)
	c.coming, c.stop = coming, stop
	go func() {
		run, err := c.start(ctx)
		coming <- arrival{run, err}
	}()
}

// arrive takes the strategy that was prepared, if it is there.
func (c *copies) arrive() {
	select {
	case a := <-c.coming: // nil, so never ready, where nothing is prepared
		c.coming = nil
		c.stop()
		c.adopt(a.run, a.err)
	default:
	}
}

// turnAway ends preparing and frees what it brings.
func (c *copies) turnAway() {
	if c.coming == nil {
		return
	}
	c.stop()
	coming := c.coming
	c.coming = nil
	go func() {
		if a := <-coming; a.run != nil {
			a.run.release()
		}
	}()
}

// adopt uses another strategy from now on, or notes why there is none.
func (c *copies) adopt(run strategy, err error) {
	var no *NoGainError
	switch {
	case errors.As(err, &no):
		if c.engine != AutoEngine || no.Told {
			c.account.Notice = no.Reason
		}
	case err != nil:
		c.account.Notice = fmt.Sprintf("%s cannot be used: %v.", c.prefers().name(), err)
	default:
		c.run = run
		c.work += run.setup()
	}
}

// start opens the strategy to try. A nil one comes with an error.
func (c *copies) start(ctx context.Context) (strategy, error) {
	if c.scorer.host.Reader().Output.Whole {
		return nil, &NoGainError{Reason: "An answer of this model has no batch axis, so copies are run one by one."}
	}
	if c.prefers() == GraphEngine {
		return orNil(c.scorer.covering.start(ctx, c.base, c.occluder))
	}
	return orNil(c.scorer.incremental.start(ctx, c.base, c.windows, c.engine != AutoEngine))
}

// orNil is no strategy where there is an error.
func orNil[W strategy](w W, err error) (strategy, error) {
	if err != nil {
		return nil, err
	}
	return w, nil
}

// name is what a strategy is called in notices.
func (e Engine) name() string {
	if e == GraphEngine {
		return "Covering inside the graph"
	}
	return "Incremental inference"
}
