package backend

import (
	"context"
	"errors"
	"fmt"
	"image"
	"time"
)

// way scores copies of one picture other than by full runs of each. It is
// compared with the plain way before it is trusted.
type way interface {
	// score returns the work done too, in runs of the whole model.
	score(ctx context.Context, batch []Tensor, changed []image.Rectangle) ([]Scores, float64, error)
	// setup is the work of preparing, in runs of the whole model.
	setup() float64
	engine() Engine
	// class is that of the windows, where the time depends on it.
	class() image.Point
	// proven tells whether it agreed with the plain way, on any picture; prove
	// and disprove remember it.
	proven() bool
	prove()
	disprove()
	release()
}

// compute scores copies that are not remembered. The first ones go the plain
// way where the other needs time to prepare, so that something is to be seen
// soon; they then prove it.
func (c *copies) compute(ctx context.Context, batch []Tensor, changed []image.Rectangle) ([]Scores, error) {
	if len(batch) == 0 {
		return nil, nil
	}
	if c.run != nil {
		scores, err := c.advance(ctx, batch, changed)
		if err == nil || ctx.Err() != nil {
			return scores, err
		}
	}
	scores, err := c.model.Predict(ctx, batch)
	if err != nil {
		return nil, err
	}
	c.work += float64(len(batch))
	if !c.prepared && c.engine == AutoEngine {
		if err := c.prepare(ctx); err != nil {
			return nil, err
		}
		return scores, c.prove(ctx, batch, changed, scores)
	}
	return scores, nil
}

// advance is the other way. After an error the plain one is taken.
func (c *copies) advance(ctx context.Context, batch []Tensor, changed []image.Rectangle) ([]Scores, error) {
	start := time.Now()
	scores, work, err := c.run.score(ctx, batch, changed)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		c.fail(fmt.Sprintf("%s failed, so every image is computed in full: %v.", c.run.engine().name(), err))
		return nil, err
	}
	c.model.rates.note(c.run.engine(), c.run.class(), len(batch), time.Since(start))
	c.work += work
	if c.run.proven() {
		return scores, nil
	}
	places := ends(len(batch))
	plain := make([]Scores, len(batch))
	for _, i := range places {
		one, err := c.model.Predict(ctx, batch[i:i+1])
		if err != nil {
			return nil, err
		}
		plain[i] = one[0]
		c.work++
	}
	return scores, c.compare(places, plain, scores)
}

// prove scores the ends of a batch that went the plain way in the other one. A
// mismatch is no error here: the plain scores stand.
func (c *copies) prove(ctx context.Context, batch []Tensor, changed []image.Rectangle, plain []Scores) error {
	if c.run == nil || c.run.proven() {
		return nil
	}
	places := ends(len(batch))
	scores := make([]Scores, len(batch))
	for _, i := range places {
		one, work, err := c.run.score(ctx, batch[i:i+1], changed[i:i+1])
		if err != nil {
			if ctx.Err() == nil {
				c.fail(fmt.Sprintf("%s failed, so every image is computed in full: %v.", c.run.engine().name(), err))
			}
			return ctx.Err()
		}
		scores[i] = one[0]
		c.work += work
	}
	_ = c.compare(places, plain, scores)
	return nil
}

// ends are the first and the last of n places.
func ends(n int) []int {
	if n == 1 {
		return []int{0}
	}
	return []int{0, n - 1}
}

// checkTolerance is how far scores may be from those of the plain way, as a
// share of their scale.
const checkTolerance = 1e-4

var errApart = errors.New("the way taken disagrees with the plain one")

// compare switches the way taken off where it disagrees with the plain one.
func (c *copies) compare(places []int, plain, scores []Scores) error {
	for _, i := range places {
		if apart := plain[i].apart(scores[i]); !(apart <= checkTolerance) {
			c.run.disprove()
			c.fail(fmt.Sprintf("%s was off by %.2g of the scores' scale on this model, so every image is computed in full.", c.run.engine().name(), apart))
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

// prefers is the way to try.
func (c *copies) prefers() Engine {
	if c.engine != AutoEngine {
		return c.engine
	}
	if c.model.Provider() == "CPU" {
		return IncrementalEngine
	}
	return GraphEngine
}

// ready reports whether the way to try needs no time to prepare.
func (c *copies) ready() bool {
	if c.prefers() == GraphEngine {
		return c.model.covering().ready()
	}
	return c.model.incremental().ready(largestWindow(c.windows))
}

// prepare opens what the way to try needs where it is worth while.
func (c *copies) prepare(ctx context.Context) error {
	c.prepared = true
	asked := c.engine != AutoEngine
	run, err := c.start(ctx, asked)
	var no *NoGainError
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &no):
		if asked {
			c.account.Notice = no.Reason
		}
	case err != nil:
		c.account.Notice = fmt.Sprintf("%s cannot be used: %v.", c.prefers().name(), err)
	default:
		c.run = run
		c.work += run.setup()
	}
	return nil
}

// start opens the way to try. A nil way has an error.
func (c *copies) start(ctx context.Context, asked bool) (way, error) {
	if c.prefers() == GraphEngine {
		return orNil(c.model.startCovering(ctx, c.base, c.veil))
	}
	return orNil(c.model.startIncremental(ctx, c.base, c.windows, asked))
}

// orNil is no way where there is an error.
func orNil[W way](w W, err error) (way, error) {
	if err != nil {
		return nil, err
	}
	return w, nil
}

// name is what a way is called in notices.
func (e Engine) name() string {
	if e == GraphEngine {
		return "Covering inside the graph"
	}
	return "Incremental inference"
}
