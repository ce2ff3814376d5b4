package backend_test

import (
	"image"
	"math"
	"math/rand/v2"
	"testing"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/score"
)

// asFullRuns checks that scores are those of full runs of the model.
func asFullRuns(t *testing.T, m *backend.Model, batch []infer.Tensor, got []score.Scores) {
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
func apart(a, b score.Scores) float64 {
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

func changedInside(rng *rand.Rand, base infer.Tensor, r image.Rectangle) infer.Tensor {
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

func intAttr(name string, v int) *onnx.Attr {
	return &onnx.Attr{Name: name, Kind: onnx.AttrInt, I: int64(v)}
}
