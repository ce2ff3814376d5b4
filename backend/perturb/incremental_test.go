package perturb_test

import (
	"image"
	"math/rand/v2"
	"path/filepath"
	"picasso/backend/fixtures"
	"picasso/backend/infer"
	"picasso/backend/perturb"
	"picasso/backend/perturb/perturbtest"
	"testing"
)

// TestIncrementalIsPlain: on every reference model, whatever the segments and
// the rectangles, incremental scores are those of full runs.
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

// checkIncremental compares copies that differ in random rectangles with full
// runs and returns their number.
func checkIncremental(t *testing.T, m *subject, base infer.Tensor, rng *rand.Rand, ends []int) int {
	t.Helper()
	inc, err := perturb.Split(t.Context(), m.Scorer, base, ends...)
	if err != nil {
		t.Fatalf("segments %v: %v", ends, err)
	}
	defer inc.Close()
	var batch []infer.Tensor
	var rects []image.Rectangle
	for range 12 {
		r := perturbtest.Rectangle(rng, m.Input.Width, m.Input.Height)
		batch, rects = append(batch, perturbtest.Changed(rng, base, r)), append(rects, r)
	}
	got, err := inc.Score(t.Context(), batch, rects)
	if err != nil {
		t.Fatal(err)
	}
	if a := inc.Stats(); a.Engine != perturb.IncrementalEngine || a.Notice != "" {
		t.Fatalf("%+v", a)
	}
	if perturbtest.AsFullRuns(t, m.Model, batch, got); t.Failed() {
		t.Logf("with segments %v, rectangles %v", ends, rects)
	}
	return len(got)
}
