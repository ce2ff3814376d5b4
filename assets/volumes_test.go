package assets_test

import (
	"math"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"picasso/assets"
	"picasso/assets/assetstest"
	"picasso/assets/phantom"
	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/picture"
	"picasso/backend/preprocess"
	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/vistest"
)

// spacing is that of the volumes in millimetres.
var spacing = [3]float64{phantom.Distance, phantom.Spacing, phantom.Spacing}

// newVolumes are volumes of new bodies with a nodule, as the model gets them.
var newVolumes = sync.OnceValue(func() []*phantom.Volume {
	list := make([]*phantom.Volume, newBodies)
	var wait sync.WaitGroup
	for i := range list {
		wait.Go(func() { list[i] = phantom.NewVolume(firstSeed+uint64(i), true) })
	}
	wait.Wait()
	return list
})

// block is a volume as the model gets it.
func block(t *testing.T, m *backend.Model, v *phantom.Volume) preprocess.Block {
	t.Helper()
	const side = phantom.Side
	images := make([]*picture.Image, phantom.Planes)
	for z := range images {
		images[z] = slicePicture(v.Values[z*side*side : (z+1)*side*side])
	}
	first, err := picture.NewSeries("chest", images).Slice(0)
	if err != nil {
		t.Fatal(err)
	}
	b, err := m.PrepareVolume(t.Context(), first)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestNodulesAreFoundInVolumes: the model says nodule of bodies that have one, and not
// of their twins.
func TestNodulesAreFoundInVolumes(t *testing.T) {
	m := open(t, "ct3d")
	right, n := 0, 0
	for i, v := range newVolumes() {
		twins := []*phantom.Volume{v}
		if i%2 == 0 {
			twins = append(twins, phantom.NewVolume(firstSeed+uint64(i), false))
		}
		for _, twin := range twins {
			scores, err := m.Predict(t.Context(), []infer.Tensor{block(t, m, twin).Tensor})
			if err != nil {
				t.Fatal(err)
			}
			n++
			if (best(scores[0]) == nodule) == (twin.Nodule != nil) {
				right++
			}
		}
	}
	t.Logf("%d of %d new volumes are right", right, n)
	if float64(right) < 0.9*float64(n) {
		t.Errorf("%d of %d new volumes are right", right, n)
	}
}

// TestMapsPointAtTheNoduleInVolumes is the pointing game over new bodies: the highest
// place of the map lies on the nodule, or at most half a stride of the boxes, or a
// voxel of the model's input, beside it.
func TestMapsPointAtTheNoduleInVolumes(t *testing.T) {
	m := open(t, "ct3d")
	for _, c := range []struct {
		method   string
		settings []string
		near     float64 // millimetres
	}{
		{"occlusion", []string{"size=8", "stride=6", "fill=zero"}, 16.5},
		{"occlusion", nil, 22}, // boxes of 16 columns of 2.75 mm begin every 8
		{"saliency", nil, 6},
	} {
		hits, strict := 0, 0
		for _, v := range newVolumes() {
			b := block(t, m, v)
			at := peakIn(explainVolume(t, m, b, c.method, c.settings...), b)
			ball := assets.Ball{Slice: v.Nodule.Z, Row: v.Nodule.Y, Column: v.Nodule.X, Radius: v.Nodule.Radius}
			far := ball.Distance(at[0], at[1], at[2], spacing)
			if far <= c.near {
				hits++
			}
			if far == 0 {
				strict++
			}
		}
		t.Logf("%s %v: %d of %d maps point at the nodule, %d without tolerance", c.method, c.settings, hits, newBodies, strict)
		if hits < newBodies*9/10 {
			t.Errorf("%s: only %d of %d maps point at the nodule", c.method, hits, newBodies)
		}
	}
}

// explainVolume is the map of P(nodule).
func explainVolume(t *testing.T, m *backend.Model, b preprocess.Block, method string, settings ...string) visualizers.Map {
	t.Helper()
	base, err := m.Predict(t.Context(), []infer.Tensor{b.Tensor})
	if err != nil {
		t.Fatal(err)
	}
	v := vistest.Find(t, method)
	values, err := visualizers.ParseValues(v, m, settings)
	if err != nil {
		t.Fatal(err)
	}
	r, err := v.Explain(t.Context(), visualizers.Input{
		Subject: m, Tensor: b.Tensor, Base: base[0], Values: values,
		Targets: []score.Target{score.ClassTarget(nodule, score.Probability)},
	}, func(visualizers.Result) {})
	if err != nil {
		t.Fatal(err)
	}
	return r.Maps[0]
}

// peakIn is the middle of the highest places of a map, as slice, row and column of the
// file.
func peakIn(m visualizers.Map, b preprocess.Block) (at [3]float64) {
	top := m.Values[visualizers.Highest(m.Values)]
	size, n := m.Sizes(), 0.0
	for i, v := range m.Values {
		if v < top-1e-6*max(top, -top) {
			continue
		}
		n++
		for k, p := range [3]int{i / size[2] / size[1], i / size[2] % size[1], i % size[2]} {
			at[b.Axes[k].Of] += b.Axes[k].At(float64(p))
		}
	}
	for k := range at {
		at[k] /= n
	}
	return at
}

// TestEmbeddedVolumesAreRead opens the files of the sample: the model finds the nodule
// in the body that has one, and the map points at it.
func TestEmbeddedVolumesAreRead(t *testing.T) {
	m := open(t, "ct3d")
	s := assetstest.Sample(t, "ct3d")
	folder := extract(t, t.TempDir(), s)
	if len(s.Images) != 2 || s.Slice < 2 {
		t.Fatalf("%d volumes, slice %d is shown first", len(s.Images), s.Slice)
	}
	for _, name := range s.Images {
		img, err := picture.Open(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		b, err := m.PrepareVolume(t.Context(), img)
		if err != nil {
			t.Fatal(err)
		}
		scores, err := m.Predict(t.Context(), []infer.Tensor{b.Tensor})
		if err != nil {
			t.Fatal(err)
		}
		truth := s.Truth[name]
		if got := m.ClassName(best(scores[0])); got != truth.Label {
			t.Errorf("%s is %s, want %s", name, got, truth.Label)
		}
		if truth.Ball == nil {
			continue
		}
		at := peakIn(explainVolume(t, m, b, "saliency"), b)
		if far := truth.Ball.Distance(at[0], at[1], at[2], spacing); far > 6 {
			t.Errorf("%s: the map's highest place, %v, lies %.1f mm beside the nodule", name, at, far)
		}
	}
}

// TestCurvesOverSlicesShowTheNodule: with the settings that a window begins with, the
// curve over the slices is highest where they cut the nodule.
func TestCurvesOverSlicesShowTheNodule(t *testing.T) {
	m := open(t, "ct3d")
	s := assetstest.Sample(t, "ct3d")
	folder := extract(t, t.TempDir(), s)
	for _, name := range s.Images {
		ball := s.Truth[name].Ball
		if ball == nil {
			continue
		}
		img, err := picture.Open(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		b, err := m.PrepareVolume(t.Context(), img)
		if err != nil {
			t.Fatal(err)
		}
		for _, method := range []string{"occlusion", "saliency"} {
			curve := explainVolume(t, m, b, method).OnSlice(b, 0).Of.Shares(0)
			top := slices.Index(curve, slices.Max(curve))
			if far := phantom.Distance * math.Abs(float64(top)-ball.Slice); far > ball.Radius {
				t.Errorf("%s of %s: the curve %.3f is highest on slice %d, %.1f mm from the nodule's middle, whose radius is %.1f mm", method, name, curve, top, far, ball.Radius)
			}
		}
	}
}
