package vistest

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"picasso/visualizers"
)

// How long a cancelled run may take to return, for the fake model reacts at once:
// half of the runs 200 ms, and one that meets a busy machine not for ever.
const (
	usually  = 200 * time.Millisecond
	patience = 5 * time.Second
)

// cancelled: when ctx ends, Explain returns its error soon and leaves no
// goroutine behind, whether that happens before, at the first image or later.
func cancelled(t *testing.T, v visualizers.Visualizer, n *Net) {
	before := runtime.NumGoroutine()
	var took []time.Duration
	for _, after := range []int{0, 1, 3, 7, 20} {
		ctx, cancel := context.WithCancel(context.Background())
		var hit atomic.Pointer[time.Time]
		slow := counted(n, after, func(ctx context.Context) error {
			now := time.Now()
			hit.CompareAndSwap(nil, &now)
			cancel()
			<-ctx.Done()
			return ctx.Err()
		})
		err := bounded(t, v, ctx, input(t, slow, v))
		if at := hit.Load(); at != nil {
			took = append(took, time.Since(*at))
			if !errors.Is(err, context.Canceled) {
				t.Errorf("cancelled after %d pictures: %v", after, err)
			}
		}
		cancel()
	}
	if slices.Sort(took); len(took) > 0 && took[len(took)/2] > usually {
		t.Errorf("it returns %v after ctx ended", took)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := bounded(t, v, ctx, input(t, n, v)); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled from the start: %v", err)
	}
	settle(t, before)
}

func bounded(t *testing.T, v visualizers.Visualizer, ctx context.Context, in visualizers.Input) error {
	t.Helper()
	done := make(chan error, 1)
	go func() {
		_, err := v.Explain(ctx, in, func(visualizers.Result) {})
		done <- err
	}()
	select {
	case err := <-done:
		return err
	case <-time.After(patience):
		t.Fatal("does not return after ctx ended")
		return nil
	}
}

// settle waits for goroutines to end, as many as there were before.
func settle(t *testing.T, before int) {
	t.Helper()
	for deadline := time.Now().Add(patience); runtime.NumGoroutine() > before; runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines were left behind", runtime.NumGoroutine()-before)
		}
	}
}
