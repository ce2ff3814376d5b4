package visualizers_test

import (
	"path/filepath"
	"picasso/backend/fixtures"
	"slices"
	"testing"

	"picasso/assets"
	"picasso/assets/assetstest"
	"picasso/backend"
	"picasso/backend/picture"
	"picasso/backend/preprocess"
	"picasso/backend/score"
	"picasso/visualizers"
)

// TestAdaptiveFindsTheSameRegion: on trained models, a fraction of the windows
// finds the tenth of the pixels that matters most.
func TestAdaptiveFindsTheSameRegion(t *testing.T) {
	shapes := filepath.Join(fixtures.Path(t, "public", "shapes_trained"))
	m := openModel(t, filepath.Join(shapes, "model.onnx"))
	x := m.Input.Planar(readArray(t, filepath.Join(shapes, "input.npy")).Data)
	adaptiveAgrees(t, answered(t, m, x), "size=12", "stride=2")
}

func TestAdaptiveOnPhotographs(t *testing.T) {
	m := photoModel(t)
	photos, err := filepath.Glob(filepath.Join(fixtures.Path(t, "photos", "files"), "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, photo := range photos[:min(len(photos), 2)] { // docs/performance.md has all
		t.Run(filepath.Base(photo), func(t *testing.T) {
			in := pictured(t, m, photo)
			for _, windows := range [][]string{{"size=48", "stride=8"}, {"size=32", "stride=16"}} {
				adaptiveAgrees(t, in, windows...)
			}
		})
	}
}

// photoModel is the trained model of photographs.
func photoModel(t testing.TB) *backend.Model {
	t.Helper()
	models, err := filepath.Glob(filepath.Join(fixtures.Path(t, "models", "imagenet"), "*.onnx"))
	if err != nil || len(models) == 0 {
		t.Skip("no ImageNet model among the reference cases")
	}
	m := openModel(t, models[0])
	if err := prepare(m, preprocess.Preprocess{Color: preprocess.RGB, Resize: preprocess.Resize{Mode: preprocess.Stretch, Filter: picture.Bilinear}, Scale: [2]float64{1.0 / 255, 0}}); err != nil {
		t.Fatal(err)
	}
	return m
}

// TestAdaptiveOnSamples: on the embedded models too. Of pictures without the
// object the map is flat: what its tenth is hangs on little.
func TestAdaptiveOnSamples(t *testing.T) {
	for _, name := range []string{"tanks-biased", "tanks-fair"} {
		s := assetstest.Sample(t, name)
		folder, err := assets.Extract(t.TempDir(), s)
		if err != nil {
			t.Fatal(err)
		}
		m := openModel(t, filepath.Join(folder, s.Model))
		for _, picture := range s.Images {
			t.Run(name+"/"+picture, func(t *testing.T) {
				adaptiveAgrees(t, pictured(t, m, filepath.Join(folder, picture)), "size=20%", "stride=4%")
			})
		}
	}
}

// TestAdaptiveSavesWork: where neighbouring windows tell of each other, most are not
// run.
func TestAdaptiveSavesWork(t *testing.T) {
	shapes := filepath.Join(fixtures.Path(t, "public", "shapes_trained"))
	m := openModel(t, filepath.Join(shapes, "model.onnx"))
	in := answered(t, m, m.Input.Planar(readArray(t, filepath.Join(shapes, "input.npy")).Data))
	in.Targets = []score.Target{score.ClassTarget(0, score.Probability)}
	full, adaptive := explained(t, "occlusion", in, "size=12", "stride=2"), explained(t, "occlusion", in, "size=12", "stride=2", "refine=adaptive")
	if 10*adaptive.Passes > 6*full.Passes {
		t.Errorf("%d of %d windows were run", adaptive.Passes, full.Passes)
	}
}

// flat is the largest change of the probability up to which nothing in a map stands
// out, so that its most important tenth is a matter of chance.
const flat = 0.02

// adaptiveAgrees compares the adaptive map of the best class with the full one.
func adaptiveAgrees(t *testing.T, in visualizers.Input, settings ...string) {
	t.Helper()
	c := compareAdaptive(t, in, settings...)
	t.Logf("%.2f of %d windows, overlap %.3f, similarity %.3f", c.share, c.full.Passes, c.overlap, c.similar)
	if slices.Max(c.full.Maps[0].Values) < flat {
		c.overlap = 1
	}
	if c.share < 0.26 || c.overlap < 0.8 || c.similar < 0.4 {
		t.Errorf("%.2f of the windows, overlap of the top tenth %.3f, similarity %.3f", c.share, c.overlap, c.similar)
	}
	if c.adaptive.Done != 1 || c.adaptive.Maps[0].Metrics["interpolated_windows"] != 1-c.share {
		t.Errorf("done %g, metrics %v", c.adaptive.Done, c.adaptive.Maps[0].Metrics)
	}
}

// comparison is an adaptive map beside the full one.
type comparison struct {
	full, adaptive visualizers.Result
	share          float64 // of the windows that were run
	overlap        float64 // of the most important tenth of the pixels, intersection over union
	similar        float64 // structural similarity
}

// compareAdaptive makes both maps of the best class.
func compareAdaptive(t testing.TB, in visualizers.Input, settings ...string) comparison {
	t.Helper()
	best := 0
	for i, p := range in.Base.Probabilities {
		if p > in.Base.Probabilities[best] {
			best = i
		}
	}
	in.Targets = []score.Target{score.ClassTarget(best, score.Probability)}
	full := explained(t, "occlusion", in, settings...)
	adaptive := explained(t, "occlusion", in, append(settings, "refine=adaptive")...)
	return comparison{
		full: full, adaptive: adaptive, share: float64(adaptive.Passes) / float64(full.Passes),
		overlap: overlapOfTop(full.Maps[0].Values, adaptive.Maps[0].Values, 0.1),
		similar: similarity(full.Maps[0], adaptive.Maps[0]),
	}
}

// similarity is the mean structural similarity of two maps (Wang, Bovik, Sheikh
// and Simoncelli 2004) in squares of 8 × 8 pixels, every fourth of them, over
// the range of the first.
func similarity(a, b visualizers.Map) float64 {
	span := float64(slices.Max(a.Values) - slices.Min(a.Values))
	c1, c2 := 1e-4*span*span, 9e-4*span*span
	sum, n := 0.0, 0
	const side = 8
	for y := 0; y+side <= a.Height; y += side / 2 {
		for x := 0; x+side <= a.Width; x += side / 2 {
			var ma, mb, aa, bb, ab float64
			for k := range side * side {
				i := (y+k/side)*a.Width + x + k%side
				va, vb := float64(a.Values[i]), float64(b.Values[i])
				ma, mb, aa, bb, ab = ma+va, mb+vb, aa+va*va, bb+vb*vb, ab+va*vb
			}
			const count = side * side
			ma, mb = ma/count, mb/count
			aa, bb, ab = aa/count-ma*ma, bb/count-mb*mb, ab/count-ma*mb
			sum += (2*ma*mb + c1) * (2*ab + c2) / ((ma*ma + mb*mb + c1) * (aa + bb + c2))
			n++
		}
	}
	return sum / float64(n)
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
func pictured(t testing.TB, m *backend.Model, photo string) visualizers.Input {
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
