package vistest

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"

	"picasso/visualizers"
)

// patience is how long a cancelled run may take to return; the fake model
// reacts at once.
const patience = 5 * time.Second

// cancelled: when ctx ends, Explain returns its error soon and leaves no
// goroutine behind, whether that happens before, at the first image or later.
func cancelled(t *testing.T, v visualizers.Visualizer, n *Net) {
	before := runtime.NumGoroutine()
	for _, after := range []int{0, 1, 7} {
		ctx, cancel := context.WithCancel(context.Background())
		hit := false
		slow := counted(n, after, func(ctx context.Context) error {
			hit = true
			cancel()
			<-ctx.Done()
			return ctx.Err()
		})
		err := bounded(t, v, ctx, input(t, slow, v))
		if hit && !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled after %d images: %v", after, err)
		}
		cancel()
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
