package backend

import (
	"context"
	"errors"
	"fmt"
	"image"
	"sync"
)

// Engine says how copies of a picture are scored.
type Engine string

// Engines. Their numbers are the same up to rounding.
const (
	// AutoEngine takes the way that is expected to be faster.
	AutoEngine Engine = "auto"
	// PlainEngine runs every copy through the whole model.
	PlainEngine Engine = "plain"
	// IncrementalEngine computes only what the difference can reach.
	IncrementalEngine Engine = "incremental"
)

// Copies scores copies of one picture that differ from it inside rectangles.
// It may be used from one goroutine at a time.
type Copies interface {
	// Score is [Model.Predict] for copies of the picture: batch[i] differs from
	// it only inside changed[i], in pixels of the model's input.
	Score(ctx context.Context, batch []Tensor, changed []image.Rectangle) ([]Scores, error)
	// Batch is the number of copies that are best scored together.
	Batch() int
	// Account tells how copies were scored so far.
	Account() Account
	// Close ends the use. Closing again does nothing.
	Close()
}

// Account tells how copies of a picture were scored.
type Account struct {
	Engine Engine  // the way taken: plain or incremental
	Copies int     // scored so far
	Known  int     // of these, remembered from earlier and not computed
	Share  float64 // multiply-adds done over those of the plain way
	Notice string  // why it is not the way asked for, "" where it is
}

// Copies prepares to score copies of base (C×H×W in model units) that differ
// from it inside the given windows. With [AutoEngine], scores of copies seen
// before are remembered, whatever run they belonged to.
func (m *Model) Copies(ctx context.Context, base Tensor, windows []image.Rectangle, engine Engine) (Copies, error) {
	if err := firstError(base.Check(), m.compared(ctx)); err != nil {
		return nil, err
	}
	c := &copies{model: m, base: base, windows: windows, engine: engine}
	if engine == AutoEngine {
		c.memory = m.remembered(base)
	}
	if engine == IncrementalEngine || engine == AutoEngine && m.incremental().ready(largestWindow(windows)) {
		if err := c.prepare(ctx); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// copies implements [Copies].
type copies struct {
	model   *Model
	base    Tensor
	windows []image.Rectangle
	engine  Engine
	memory  memory

	mu       sync.Mutex
	prepared bool
	run      *incrementalRun // nil while the plain way is taken
	account  Account
	work     float64 // multiply-adds so far, in runs of the whole model
}

// Batch implements [Copies].
func (c *copies) Batch() int {
	if c.engine == PlainEngine || c.prepared && c.run == nil {
		return c.model.Batch()
	}
	return max(c.model.Batch(), c.model.incremental().workers*incrementalBatch)
}

// Account implements [Copies].
func (c *copies) Account() Account {
	c.mu.Lock()
	defer c.mu.Unlock()
	a := c.account
	a.Engine, a.Share = PlainEngine, 1
	if c.run != nil {
		a.Engine = IncrementalEngine
	}
	if a.Copies > 0 {
		a.Share = c.work / float64(a.Copies)
	}
	return a
}

// Close implements [Copies].
func (c *copies) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drop()
	c.prepared = true
}

// drop gives up the incremental way.
func (c *copies) drop() {
	if c.run != nil {
		c.run.plan.release()
		c.run = nil
	}
}

// Score implements [Copies].
func (c *copies) Score(ctx context.Context, batch []Tensor, changed []image.Rectangle) ([]Scores, error) {
	if len(batch) != len(changed) {
		return nil, fmt.Errorf("%d tensors with %d rectangles", len(batch), len(changed))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	out := make([]Scores, len(batch))
	keys := make([]memoryKey, len(batch))
	var todo []int
	for i, t := range batch {
		keys[i] = c.memory.key(t, changed[i])
		var known bool
		if out[i], known = c.memory.get(keys[i]); !known {
			todo = append(todo, i)
		}
	}
	c.account.Known += len(batch) - len(todo)
	tensors, rects := make([]Tensor, len(todo)), make([]image.Rectangle, len(todo))
	for k, i := range todo {
		tensors[k], rects[k] = batch[i], changed[i]
	}
	scores, err := c.compute(ctx, tensors, rects)
	if err != nil {
		return nil, err
	}
	for k, i := range todo {
		out[i] = scores[k]
		c.memory.put(keys[i], scores[k])
	}
	c.account.Copies += len(batch)
	return out, nil
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

// advance is the incremental way. After an error the plain one is taken.
func (c *copies) advance(ctx context.Context, batch []Tensor, changed []image.Rectangle) ([]Scores, error) {
	scores, work, err := c.run.score(ctx, batch, changed)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		c.fail(fmt.Sprintf("Incremental inference failed, so every image is computed in full: %v.", err))
		return nil, err
	}
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

// prove scores the ends of a batch that went the plain way incrementally. A
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
				c.fail(fmt.Sprintf("Incremental inference failed, so every image is computed in full: %v.", err))
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

var errApart = errors.New("the incremental way disagrees with the plain one")

// compare switches the incremental way off where it disagrees with the plain
// one.
func (c *copies) compare(places []int, plain, scores []Scores) error {
	for _, i := range places {
		if apart := plain[i].apart(scores[i]); !(apart <= checkTolerance) {
			c.run.disprove()
			c.fail(fmt.Sprintf("Incremental inference was off by %.2g of the scores' scale on this model, so every image is computed in full.", apart))
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

// prepare opens what the incremental way needs where it is worth while.
func (c *copies) prepare(ctx context.Context) error {
	c.prepared = true
	always := c.engine == IncrementalEngine
	run, err := c.model.startIncremental(ctx, c.base, c.windows, always)
	var no *NoGainError
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &no):
		if always {
			c.account.Notice = no.Reason
		}
	case err != nil:
		c.account.Notice = fmt.Sprintf("Incremental inference cannot be used: %v.", err)
	default:
		c.run = run
		c.work += run.setup()
	}
	return nil
}

// largestWindow is the size of the largest window on each axis.
func largestWindow(windows []image.Rectangle) image.Point {
	var p image.Point
	for _, r := range windows {
		p = image.Pt(max(p.X, r.Dx()), max(p.Y, r.Dy()))
	}
	return p
}
