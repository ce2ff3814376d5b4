package visualizers_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/vistest"
)

// TestRunsWaitForTheHand: every method that gets finer stops after a first map
// while a setting moves, goes on with the rest afterwards, runs no image twice
// and ends with the numbers of a run that never waited.
func TestRunsWaitForTheHand(t *testing.T) {
	for id, settings := range map[string][]string{
		"occlusion":            {"size=8", "stride=4"},
		"occlusion-classic":    {"strides=10"},
		"rise":                 {"masks=200"},
		"smoothgrad":           {"samples=60"},
		"integrated-gradients": {"steps=60"},
	} {
		t.Run(id, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { waitsForTheHand(t, id, settings) })
		})
	}
}

func waitsForTheHand(t *testing.T, id string, settings []string) {
	n := vistest.Random(3, 40, 52)
	x, err := n.Prepare(vistest.Picture(52, 40))
	if err != nil {
		t.Fatal(err)
	}
	in := answered(t, n, x)
	in.Image = vistest.Picture(52, 40)
	in.Targets = []score.Target{score.ClassTarget(0, score.Probability)}
	v := vistest.Find(t, id)
	if in.Values, err = visualizers.ParseValues(v, n, settings); err != nil {
		t.Fatal(err)
	}
	want, err := v.Explain(t.Context(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	settled := make(chan struct{})
	in.Settled = settled
	var last, final visualizers.Result
	done := make(chan error)
	run := func(ctx context.Context) {
		var err error
		final, err = v.Explain(ctx, in, func(r visualizers.Result) { last = r })
		done <- err
	}
	ctx, cancel := context.WithCancel(t.Context())
	go run(ctx)
	synctest.Wait()
	if len(last.Maps) == 0 || last.Done > 0.25 {
		t.Fatalf("waits with %d maps after %g of the work", len(last.Maps), last.Done)
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("a waiting run ends with %v", err)
	}
	go run(t.Context())
	synctest.Wait()
	close(settled)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if final.Passes != want.Passes {
		t.Errorf("%d passes, want %d", final.Passes, want.Passes)
	}
	for i, v := range want.Maps[0].Values {
		if final.Maps[0].Values[i] != v {
			t.Fatalf("pixel %d is %g, want %g", i, final.Maps[0].Values[i], v)
		}
	}
}
