package backend

import (
	"context"
	"fmt"
	"image"
	"math"
	"sync"
)

// Incremental scores copies of one picture that differ from it inside small
// rectangles, computing only what the difference can reach. Its numbers are
// those of [Model.Predict] up to rounding: the first copies are scored in both
// ways, and where they disagree all further ones go the plain way.
//
// Score may be called from several goroutines.
type Incremental struct {
	model *Model
	plan  *incrementalPlan
	maps  baseMaps

	mu      sync.Mutex
	off     string // why the plain way is taken, "" while it is not
	checked bool
	done    float64 // multiply-adds so far
	images  int     // copies scored so far
	closed  bool
}

// NoGainError says that incremental inference is not worth while for a model
// and a size of the windows.
type NoGainError struct{ Reason string }

func (e *NoGainError) Error() string { return e.Reason }

// worthwhile is the expected gain from which incremental inference is used: it
// needs further sessions, and the estimate may be a little off.
const worthwhile = 1.2

// checkTolerance is how far scores may be from those of the plain way, as a
// share of their scale.
const checkTolerance = 1e-4

// Incremental prepares to score copies of base (C×H×W in model units) that
// differ from it inside windows of the given size. Unless always is set, a
// [*NoGainError] says that the plain way is as good. Close must be called
// after the last use.
func (m *Model) Incremental(ctx context.Context, base Tensor, window image.Point, always bool) (*Incremental, error) {
	if m.Provider() != "CPU" && !always {
		return nil, &NoGainError{"The model runs on a graphics processor, where whole batches are faster."}
	}
	plan, err := m.incremental().plan(ctx, window, always)
	if err != nil {
		return nil, err
	}
	inc := &Incremental{model: m, plan: plan}
	if inc.maps, err = plan.remember(ctx, base); err != nil {
		plan.release()
		return nil, err
	}
	inc.done = plan.Full
	return inc, nil
}

// Gain is the expected ratio of the plain way's time to that of the
// incremental way.
func (inc *Incremental) Gain() float64 { return inc.plan.Gain }

// Batch is the number of copies that are best scored together.
func (inc *Incremental) Batch() int { return inc.plan.engine.workers * incrementalBatch }

// Share is the number of multiply-adds done so far over that of the plain way.
func (inc *Incremental) Share() float64 {
	inc.mu.Lock()
	defer inc.mu.Unlock()
	if inc.images == 0 || inc.plan.Full == 0 {
		return 1
	}
	return inc.done / (float64(inc.images) * inc.plan.Full)
}

// Off is why the plain way is taken after all, "" while it is not.
func (inc *Incremental) Off() string {
	inc.mu.Lock()
	defer inc.mu.Unlock()
	return inc.off
}

// Close lets go of the sessions, which the model may keep for the next time.
// Closing again does nothing.
func (inc *Incremental) Close() {
	inc.mu.Lock()
	defer inc.mu.Unlock()
	if !inc.closed {
		inc.closed = true
		inc.plan.release()
	}
}

// Score is [Model.Predict] for copies of the base picture: batch[i] differs
// from it only inside changed[i], in pixels of the model's input.
func (inc *Incremental) Score(ctx context.Context, batch []Tensor, changed []image.Rectangle) ([]Scores, error) {
	if len(batch) != len(changed) {
		return nil, fmt.Errorf("%d tensors with %d rectangles", len(batch), len(changed))
	}
	if inc.Off() != "" {
		return inc.plain(ctx, batch)
	}
	scores, macs, err := inc.plan.score(ctx, inc.maps, batch, changed)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		inc.turnOff(fmt.Sprintf("Incremental inference failed, so every image is computed in full: %v.", err))
		return inc.plain(ctx, batch)
	}
	inc.count(macs, len(batch))
	return scores, inc.check(ctx, batch, scores)
}

func (inc *Incremental) plain(ctx context.Context, batch []Tensor) ([]Scores, error) {
	scores, err := inc.model.Predict(ctx, batch)
	if err == nil {
		inc.count(float64(len(batch))*inc.plan.Full, len(batch))
	}
	return scores, err
}

func (inc *Incremental) count(macs float64, images int) {
	inc.mu.Lock()
	defer inc.mu.Unlock()
	inc.done += macs
	inc.images += images
}

func (inc *Incremental) turnOff(reason string) {
	inc.mu.Lock()
	defer inc.mu.Unlock()
	inc.off = reason
}

// check compares the first and the last copy of the first batch with the plain
// way. On a mismatch the whole batch is scored again.
func (inc *Incremental) check(ctx context.Context, batch []Tensor, scores []Scores) error {
	inc.mu.Lock()
	done := inc.checked
	inc.checked = true
	inc.mu.Unlock()
	if done || len(batch) == 0 {
		return nil
	}
	places := []int{0}
	if len(batch) > 1 {
		places = append(places, len(batch)-1)
	}
	for _, i := range places {
		want, err := inc.model.Predict(ctx, batch[i:i+1])
		if err != nil {
			return err
		}
		inc.count(inc.plan.Full, 0)
		if apart := want[0].apart(scores[i]); !(apart <= checkTolerance) {
			inc.turnOff(fmt.Sprintf("Incremental inference was off by %.2g of the scores' scale on this model, so every image is computed in full.", apart))
			again, err := inc.plain(ctx, batch)
			copy(scores, again)
			return err
		}
	}
	return nil
}

// apart is the largest difference between two answers over the largest value,
// for logits where there are any, else for probabilities.
func (s Scores) apart(o Scores) float64 {
	a, b := s.Logits, o.Logits
	if a == nil {
		a, b = s.Probabilities, o.Probabilities
	}
	if len(a) != len(b) {
		return math.Inf(1)
	}
	worst, scale := 0.0, 1e-6
	for i := range a {
		d := math.Abs(float64(a[i]) - float64(b[i]))
		if a[i] == b[i] || a[i] != a[i] && b[i] != b[i] {
			d = 0 // equal infinities, both undefined
		}
		worst = max(worst, d)
		if v := math.Abs(float64(a[i])); !math.IsInf(v, 0) {
			scale = max(scale, v)
		}
	}
	return worst / scale
}
