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
	"picasso/backend/infer"
	"picasso/backend/picture"
	"picasso/visualizers"
)

// newBodies is how many bodies the CT model is tried on, each with several
// slices; their seeds were used for nothing else.
const newBodies = 20

// nodule is the class of the CT model that stands for a nodule.
const nodule = 0

// tolerance is how far beside the nodule a map's highest place may lie, in
// pixels: half of the stride that occlusion starts with, and the side of what
// one place of the network's evidence stands for.
const tolerance = 4

func TestNodulesAreFound(t *testing.T) {
	m := open(t, "ct")
	list := newSlices()
	batch := make([]infer.Tensor, len(list))
	for i, e := range list {
		x, err := m.Prepare(slicePicture(e.Values))
		if err != nil {
			t.Fatal(err)
		}
		batch[i] = x
	}
	scores, err := m.Predict(t.Context(), batch)
	if err != nil {
		t.Fatal(err)
	}
	right := 0
	for i, e := range list {
		if (best(scores[i]) == nodule) == (e.Radius > 0) {
			right++
		}
	}
	a := float64(right) / float64(len(list))
	t.Logf("%.1f %% of %d new slices are right", 100*a, len(list))
	if a < 0.95 {
		t.Errorf("accuracy %.3f on new slices", a)
	}
}

// TestMapsPointAtTheNodule: on new slices with a nodule, whose answer need not
// be right, the highest place of the map lies on it (the pointing game of Zhang
// et al. 2018).
func TestMapsPointAtTheNodule(t *testing.T) {
	m := open(t, "ct")
	list := withNodule(newSlices())
	if len(list) < 50 {
		t.Fatalf("only %d slices have a nodule", len(list))
	}
	for _, c := range []struct {
		method   string
		settings []string
		around   float64 // pixels, how far the method smears by its nature
		share    float64 // least mean share of the positive values that close
	}{
		{"occlusion", nil, 24, 0.9},
		{"occlusion", []string{"fill=black"}, 24, 0.9},
		{"saliency", nil, 12, 0.9},
		{"grad-cam", nil, 12, 0.9},
	} {
		hits, strict, share := 0, 0, 0.0
		for _, e := range list {
			circle := assets.Circle{X: e.X, Y: e.Y, Radius: e.Radius}
			found := explain(t, m, slicePicture(e.Values), c.method, nodule, c.settings...)
			far := circle.Distance(peak(found))
			if far <= tolerance {
				hits++
			}
			if far == 0 {
				strict++
			}
			share += positiveShare(found, func(x, y int) bool { return circle.Distance(float64(x), float64(y)) <= c.around })
		}
		n := float64(len(list))
		t.Logf("%s %v: %.0f %% of %d maps point at the nodule, %.0f %% without tolerance; %.0f %% of what speaks for it lies within %g pixels",
			c.method, c.settings, 100*float64(hits)/n, len(list), 100*float64(strict)/n, 100*share/n, c.around)
		if float64(hits) < 0.9*n {
			t.Errorf("%s %v: only %d of %d maps point at the nodule", c.method, c.settings, hits, len(list))
		}
		if share < c.share*n {
			t.Errorf("%s %v: only %.0f %% of what speaks for a nodule lies around it", c.method, c.settings, 100*share/n)
		}
	}
}

// TestEmbeddedSeriesIsRead opens the folder of the slices as a series, and
// finds the nodule in the slices that cut it and in no other.
func TestEmbeddedSeriesIsRead(t *testing.T) {
	m := open(t, "ct")
	s := assetstest.Sample(t, "ct")
	folder := extract(t, t.TempDir(), s)
	all, err := picture.OpenSeries(t.Context(), filepath.Join(folder, s.Slices))
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 1 || all[0].Len() != phantom.Depth || len(s.Images) != phantom.Depth || all[0].Modality != "CT" {
		t.Fatalf("%d series, %d slices of %d pictures", len(all), all[0].Len(), len(s.Images))
	}
	if n := s.Truth[s.Images[s.First]].Nodule; n == nil || n.Radius < phantom.ClearRadius {
		t.Errorf("the slice to show first, %s, shows no nodule", s.Images[s.First])
	}
	for i, name := range s.Images {
		if path, _ := all[0].Path(i); path != filepath.Join(folder, name) {
			t.Errorf("slice %d is %s, want %s", i, path, name)
		}
		img, err := all[0].Slice(i)
		if err != nil {
			t.Fatal(err)
		}
		truth := s.Truth[name]
		_, scores := predict(t, m, img)
		if got := m.ClassName(best(scores)); got != truth.Label {
			t.Errorf("%s is %s, want %s", name, got, truth.Label)
		}
		if truth.Nodule == nil {
			continue
		}
		if far := truth.Nodule.Distance(peak(explain(t, m, img, "occlusion", nodule))); far > tolerance {
			t.Errorf("%s: the map's highest place lies %.1f pixels beside the nodule", name, far)
		}
	}
}

// newSlices are slices of new bodies, half of them with a nodule.
var newSlices = sync.OnceValue(func() []phantom.Example {
	each := make([][]phantom.Example, newBodies)
	var wait sync.WaitGroup
	for i := range each {
		wait.Go(func() { each[i] = phantom.Examples(firstSeed + uint64(i)) })
	}
	wait.Wait()
	return slices.Concat(each...)
})

func withNodule(list []phantom.Example) (out []phantom.Example) {
	for _, e := range list {
		if e.Radius > 0 {
			out = append(out, e)
		}
	}
	return out
}

// slicePicture is a slice as the reader of medical pictures makes it.
func slicePicture(hu []int16) *picture.Image {
	values := make([]float32, len(hu))
	for i, v := range hu {
		values[i] = float32(v)
	}
	img := picture.NewFloat("slice", phantom.Side, phantom.Side, 1, values)
	img.Unit = "HU"
	return img
}

// peak is the middle of the highest places of a map, column and row.
func peak(m visualizers.Map) (x, y float64) {
	top := float64(slices.Max(m.Values))
	level, n := top-1e-6*math.Abs(top), 0.0 // equal but for rounding
	for i, v := range m.Values {
		if float64(v) >= level {
			n++
			x += float64(i % m.Width)
			y += float64(i / m.Width)
		}
	}
	return x / n, y / n
}
