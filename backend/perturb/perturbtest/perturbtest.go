// Package perturbtest makes copies of pictures and volumes that differ in boxes and
// compares their scores with full runs. Only tests use it.
package perturbtest

import (
	"context"
	"math"
	"math/rand/v2"
	"picasso/backend/infer"
	"picasso/backend/perturb"
	"picasso/backend/preprocess"
	"picasso/backend/score"
	"testing"
)

// Predictor scores pictures in full runs.
type Predictor interface {
	Predict(ctx context.Context, batch []infer.Tensor) ([]score.Scores, error)
}

// AsFullRuns checks that scores are those of full runs of the model.
func AsFullRuns(t *testing.T, m Predictor, batch []infer.Tensor, got []score.Scores) {
	t.Helper()
	want, err := m.Predict(t.Context(), batch)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(want) {
		t.Fatalf("%d scores for %d copies", len(got), len(want))
	}
	for i := range want {
		if d := Distance(got[i], want[i]); !(d <= 1e-5) {
			t.Errorf("copy %d is off by %g", i, d)
		}
	}
}

// Distance is the largest difference over the largest value.
func Distance(a, b score.Scores) float64 {
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

// Box is a random part of an input, at most a third of each side.
func Box(rng *rand.Rand, in preprocess.Input) perturb.Box {
	var b perturb.Box
	for k, n := range [3]int{max(in.Depth, 1), in.Height, in.Width} {
		b.From[k] = rng.IntN(n)
		b.To[k] = min(n, b.From[k]+1+rng.IntN(n/3+1))
	}
	return b
}

// Changed is a copy of base, of some slices under each other, with other values
// inside a box.
func Changed(rng *rand.Rand, base infer.Tensor, slices int, b perturb.Box) infer.Tensor {
	t := base.Clone()
	b.Lines(t.Shape[0], perturb.Size{slices, t.Shape[1] / slices, t.Shape[2]}, func(from, to int) {
		for i := from; i < to; i++ {
			t.Data[i] = base.Data[rng.IntN(len(base.Data))]
		}
	})
	return t
}

// Noise is an input of random numbers.
func Noise(rng *rand.Rand, in preprocess.Input) infer.Tensor {
	base := infer.NewTensor(in.Channels, in.Rows(), in.Width)
	for i := range base.Data {
		base.Data[i] = float32(rng.NormFloat64())
	}
	return base
}
