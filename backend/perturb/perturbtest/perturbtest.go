// Package perturbtest makes copies of pictures that differ in rectangles and
// compares their scores with full runs. Only tests use it.
package perturbtest

import (
	"context"
	"image"
	"math"
	"math/rand/v2"
	"picasso/backend/infer"
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

// Rectangle is a random part of a picture, at most a third of each side.
func Rectangle(rng *rand.Rand, width, height int) image.Rectangle {
	x, y := rng.IntN(width), rng.IntN(height)
	return image.Rect(x, y, x+1+rng.IntN(width), y+1+rng.IntN(height)).Intersect(image.Rect(0, 0, min(width, x+width/3+1), min(height, y+height/3+1)))
}

// Changed is a copy of base with other values inside r.
func Changed(rng *rand.Rand, base infer.Tensor, r image.Rectangle) infer.Tensor {
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

func Noise(rng *rand.Rand, in preprocess.Input) infer.Tensor {
	base := infer.NewTensor(in.Channels, in.Height, in.Width)
	for i := range base.Data {
		base.Data[i] = float32(rng.NormFloat64())
	}
	return base
}
