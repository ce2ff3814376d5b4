package perturb_test

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"picasso/backend/fixtures"
	"picasso/backend/infer"
	"picasso/backend/perturb"
	"picasso/backend/perturb/perturbtest"
	"picasso/backend/score"
	"slices"
	"testing"
	"time"
)

// TestIncrementalIsPlain: on every reference model, whatever the segments and
// the boxes, incremental scores are those of full runs.
func TestIncrementalIsPlain(t *testing.T) {
	for _, file := range fixtures.Glob("public", "*", "case.json") {
		folder := filepath.Dir(file)
		t.Run(filepath.Base(folder), func(t *testing.T) {
			m := openSubject(t, filepath.Join(folder, "model.onnx"))
			base := m.picture(t, folder)
			units, err := perturb.Units(t.Context(), m.Scorer)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d units", units)
			if units == 0 {
				return
			}
			rng := rand.New(rand.NewPCG(1, 2))
			for round := range 4 {
				ends := randomEnds(rng, units, round)
				checkIncremental(t, m, base, rng, ends)
			}
		})
	}
}

// randomEnds are every unit in round 0, one segment in round 1, else a random
// choice.
func randomEnds(rng *rand.Rand, units, round int) []int {
	var ends []int
	for end := 1; end <= units; end++ {
		if round == 0 || round == 1 && end == units || round > 1 && rng.IntN(3) == 0 {
			ends = append(ends, end)
		}
	}
	if len(ends) == 0 {
		ends = []int{units}
	}
	return ends
}

// checkIncremental compares copies that differ in random boxes with full
// runs and returns their number.
func checkIncremental(t *testing.T, m *subject, base infer.Tensor, rng *rand.Rand, ends []int) int {
	t.Helper()
	inc, err := perturb.Split(t.Context(), m.Scorer, base, ends...)
	if err != nil {
		t.Fatalf("segments %v: %v", ends, err)
	}
	defer inc.Close()
	var batch []infer.Tensor
	var boxes []perturb.Box
	for range 12 {
		b := perturbtest.Box(rng, m.Input)
		batch, boxes = append(batch, perturbtest.Changed(rng, base, max(m.Input.Depth, 1), b)), append(boxes, b)
	}
	got, err := inc.Score(t.Context(), batch, boxes)
	if err != nil {
		t.Fatal(err)
	}
	if a := inc.Stats(); a.Engine != perturb.IncrementalEngine || a.Notice != "" {
		t.Fatalf("%+v", a)
	}
	if perturbtest.AsFullRuns(t, m.Model, batch, got); t.Failed() {
		t.Logf("with segments %v, boxes %v", ends, boxes)
	}
	return len(got)
}

// sluggish says that full inference takes long.
type sluggish struct {
	subjectHost
	each time.Duration
}

func (h sluggish) Predict(ctx context.Context, batch []infer.Tensor) ([]score.Scores, error) {
	h.s.rates.Note(perturb.PlainEngine, perturb.Size{}, len(batch), time.Duration(len(batch))*h.each)
	return h.subjectHost.Predict(ctx, batch)
}

// hasty answers at once, with scores of before.
type hasty struct {
	subjectHost
	known map[*float32]score.Scores
}

func (h hasty) Predict(_ context.Context, batch []infer.Tensor) ([]score.Scores, error) {
	h.s.rates.Note(perturb.PlainEngine, perturb.Size{}, len(batch), time.Nanosecond)
	out := make([]score.Scores, len(batch))
	for i, x := range batch {
		out[i] = h.known[&x.Data[0]]
	}
	return out, nil
}

// Incremental inference that turns out slower than full runs is left after the
// first batches, and not tried again; one that is faster is kept.
func TestSlowIncrementalInferenceIsLeft(t *testing.T) {
	folder := fixtures.Path(t, "public", "vgg_dropout")
	for _, want := range []perturb.Engine{perturb.PlainEngine, perturb.IncrementalEngine} {
		t.Run(string(want), func(t *testing.T) {
			m := openSubject(t, filepath.Join(folder, "model.onnx"))
			base := m.picture(t, folder)
			rng := rand.New(rand.NewPCG(3, 4))
			var batch []infer.Tensor
			var rects []perturb.Box
			for range 40 {
				x, y := rng.IntN(m.Input.Width-4), rng.IntN(m.Input.Height-4)
				r := perturb.Box{From: perturb.Size{0, y, x}, To: perturb.Size{1, y + 4, x + 4}}
				batch, rects = append(batch, perturbtest.Changed(rng, base, 1, r)), append(rects, r)
			}
			full, err := m.Predict(t.Context(), batch)
			if err != nil {
				t.Fatal(err)
			}
			m.rates.Note(perturb.PlainEngine, perturb.Size{}, 1, time.Minute)
			var host perturb.Host = sluggish{subjectHost{m}, time.Minute}
			if want == perturb.PlainEngine {
				known := map[*float32]score.Scores{}
				for i := range batch {
					known[&batch[i].Data[0]] = full[i]
				}
				host = hasty{subjectHost{m}, known}
				m.rates.Note(perturb.PlainEngine, perturb.Size{}, 1e6, time.Microsecond)
			}
			scorer := perturb.New(host, &m.jobs, &m.rates, 1)
			defer scorer.Close()
			windows := slices.Repeat(rects, 1000)
			ready, err := scorer.Copies(t.Context(), base, windows, nil, perturb.IncrementalEngine) // opens its sessions
			if err != nil {
				t.Fatal(err)
			}
			ready.Close()
			for round := range 2 {
				c, err := scorer.Copies(t.Context(), base, windows, nil, perturb.AutoEngine)
				if err != nil {
					t.Fatal(err)
				}
				defer c.Close()
				for at := 0; at < len(batch); at += 8 {
					got, err := c.Score(t.Context(), batch[at:at+8], rects[at:at+8])
					if err != nil {
						t.Fatal(err)
					}
					for i := range got {
						if d := perturbtest.Distance(got[i], full[at+i]); d > 1e-5 {
							t.Errorf("copy %d is off by %g", at+i, d)
						}
					}
				}
				if s := c.Stats(); s.Engine != want {
					t.Errorf("round %d: %+v, want %s", round, s, want)
				}
			}
		})
	}
}
