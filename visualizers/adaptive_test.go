package visualizers_test

import (
	"path/filepath"
	"slices"
	"testing"

	"picasso/backend"
	"picasso/backend/picture"
	"picasso/visualizers"
)

// TestAdaptiveFindsTheSameRegion: on trained models, a fraction of the windows
// finds the tenth of the pixels that matters most.
func TestAdaptiveFindsTheSameRegion(t *testing.T) {
	shapes := filepath.Join(fixtures(t, "public", "shapes_trained"))
	m := openModel(t, filepath.Join(shapes, "model.onnx"))
	x := m.Input.Planar(readArray(t, filepath.Join(shapes, "input.npy")).Data)
	adaptiveAgrees(t, answered(t, m, x), "size=12", "stride=2")
}

func TestAdaptiveOnPhotographs(t *testing.T) {
	models, err := filepath.Glob(filepath.Join(fixtures(t, "models", "imagenet"), "*.onnx"))
	if err != nil || len(models) == 0 {
		t.Skip("no ImageNet model among the reference cases")
	}
	m := openModel(t, models[0])
	if err := m.SetPreprocess(backend.Preprocess{Color: backend.RGB, Resize: backend.Resize{Mode: backend.Stretch, Filter: picture.Bilinear}, Scale: [2]float64{1.0 / 255, 0}}); err != nil {
		t.Fatal(err)
	}
	photos, err := filepath.Glob(filepath.Join(fixtures(t, "photos", "files"), "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, photo := range photos[:min(len(photos), 2)] {
		t.Run(filepath.Base(photo), func(t *testing.T) {
			adaptiveAgrees(t, pictured(t, m, photo), "size=48", "stride=8")
		})
	}
}

// adaptiveAgrees compares the adaptive map of the best class with the full one.
func adaptiveAgrees(t *testing.T, in visualizers.Input, settings ...string) {
	t.Helper()
	best := 0
	for i, p := range in.Base.Probabilities {
		if p > in.Base.Probabilities[best] {
			best = i
		}
	}
	in.Targets = []backend.Target{backend.ClassTarget(best, backend.Probability)}
	full := explained(t, "occlusion", in, settings...)
	adaptive := explained(t, "occlusion", in, append(settings, "refine=adaptive")...)
	share := float64(adaptive.Passes) / float64(full.Passes)
	overlap := overlapOfTop(full.Maps[0].Values, adaptive.Maps[0].Values, 0.1)
	t.Logf("%.2f of %d windows, overlap %.3f", share, full.Passes, overlap)
	if share > 0.33 || overlap < 0.8 {
		t.Errorf("%.2f of the windows, overlap of the top tenth %.3f", share, overlap)
	}
	if adaptive.Done != 1 || adaptive.Maps[0].Metrics["interpolated_windows"] != 1-share {
		t.Errorf("done %g, metrics %v", adaptive.Done, adaptive.Maps[0].Metrics)
	}
}

// overlapOfTop is intersection over union of the largest values of two maps.
func overlapOfTop(a, b []float32, share float64) float64 {
	top := func(v []float32) float32 {
		sorted := slices.Sorted(slices.Values(v))
		return sorted[len(sorted)-max(1, int(share*float64(len(v))))]
	}
	ta, tb := top(a), top(b)
	both, either := 0, 0
	for i := range a {
		inA, inB := a[i] >= ta, b[i] >= tb
		if inA && inB {
			both++
		}
		if inA || inB {
			either++
		}
	}
	return float64(both) / float64(either)
}

// pictured is the input of a model for a photograph.
func pictured(t *testing.T, m *backend.Model, photo string) visualizers.Input {
	t.Helper()
	img, err := picture.Open(photo)
	if err != nil {
		t.Fatal(err)
	}
	x, err := m.Prepare(img)
	if err != nil {
		t.Fatal(err)
	}
	in := answered(t, m, x)
	in.Image = img
	return in
}
