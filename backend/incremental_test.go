package backend_test

import (
	"image"
	"math"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"picasso/backend"
)

// TestIncrementalIsPlain: on every reference model, whatever the segments and
// the rectangles, incremental scores are those of full runs.
func TestIncrementalIsPlain(t *testing.T) {
	r := onnxRuntime(t)
	for _, folder := range caseFolders(t) {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			m := open(t, r, filepath.Join(folder, "model.onnx"), backend.ModelOptions{Provider: backend.CPU, Threads: 1})
			var ref referenceCase
			readCase(t, folder, &ref)
			base := planar(m, readArray(t, filepath.Join(folder, ref.Input.File)))
			units, err := m.IncrementalUnits(t.Context())
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
func checkIncremental(t *testing.T, m *backend.Model, base backend.Tensor, rng *rand.Rand, ends []int) int {
	t.Helper()
	inc, err := m.SplitCopies(t.Context(), base, ends...)
	if err != nil {
		t.Fatalf("segments %v: %v", ends, err)
	}
	defer inc.Close()
	var batch []backend.Tensor
	var rects []image.Rectangle
	for range 12 {
		r := randomRectangle(rng, m.Input.Width, m.Input.Height)
		batch, rects = append(batch, changedInside(rng, base, r)), append(rects, r)
	}
	got, err := inc.Score(t.Context(), batch, rects)
	if err != nil {
		t.Fatal(err)
	}
	if a := inc.Account(); a.Engine != backend.IncrementalEngine || a.Notice != "" {
		t.Fatalf("%+v", a)
	}
	if asFullRuns(t, m, batch, got); t.Failed() {
		t.Logf("with segments %v, rectangles %v", ends, rects)
	}
	return len(got)
}

// asFullRuns checks that scores are those of full runs of the model.
func asFullRuns(t *testing.T, m *backend.Model, batch []backend.Tensor, got []backend.Scores) {
	t.Helper()
	want, err := m.Predict(t.Context(), batch)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(want) {
		t.Fatalf("%d scores for %d copies", len(got), len(want))
	}
	for i := range want {
		if d := apart(got[i], want[i]); !(d <= 1e-5) {
			t.Errorf("copy %d is off by %g", i, d)
		}
	}
}

// apart is the largest difference over the largest value.
func apart(a, b backend.Scores) float64 {
	worst, scale := 0.0, 1e-6
	for _, pair := range [][2][]float32{{a.Logits, b.Logits}, {a.Probabilities, b.Probabilities}} {
		if len(pair[0]) != len(pair[1]) {
			return math.Inf(1)
		}
		for i := range pair[0] {
			x, y := float64(pair[0][i]), float64(pair[1][i])
			if x != y {
				worst = max(worst, math.Abs(x-y))
			}
			scale = max(scale, math.Abs(y))
		}
	}
	return worst / scale
}

func randomRectangle(rng *rand.Rand, width, height int) image.Rectangle {
	x, y := rng.IntN(width), rng.IntN(height)
	return image.Rect(x, y, x+1+rng.IntN(width), y+1+rng.IntN(height)).Intersect(image.Rect(0, 0, min(width, x+width/3+1), min(height, y+height/3+1)))
}

func changedInside(rng *rand.Rand, base backend.Tensor, r image.Rectangle) backend.Tensor {
	t := base.Clone()
	for c := range t.Shape[0] {
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				i := (c*t.Shape[1]+y)*t.Shape[2] + x
				t.Data[i] = base.Data[rng.IntN(len(base.Data))]
			}
		}
	}
	return t
}
