package visualizers_test

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"picasso/backend"
	"picasso/backend/fixtures/nodule"
	"picasso/backend/infer"
	"picasso/backend/score"
	"picasso/visualizers"
)

// block is what the network for nodules gets of a body: its slices from first on.
var block, first = [3]int{24, 40, 48}, 4

// openNodule opens the network.
func openNodule(t testing.TB) *backend.Model {
	t.Helper()
	data, err := nodule.Network(block, 1, false).Encode()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "nodule.onnx")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return openModel(t, path)
}

// chest is a body as the network's input.
func chest(b nodule.Body) infer.Tensor {
	x := infer.NewTensor(1, block[0]*block[1], block[2])
	for i := range x.Data {
		v := b.Values[i+first*block[1]*block[2]]
		x.Data[i] = min(max((v+1000)/1200, 0), 1)
	}
	return x
}

// ill is what a nodule is explained by.
var ill = score.ClassTarget(1, score.Logit)

// TestPointingAtNodules: over 20 bodies, the strongest place of a map lies in the
// nodule.
func TestPointingAtNodules(t *testing.T) {
	m := openNodule(t)
	hits := map[string]int{}
	const bodies = 20
	for seed := range uint64(bodies) {
		b := nodule.NewBody(1000+seed, true)
		in := answered(t, m, chest(b))
		in.Targets = []score.Target{ill}
		for id, settings := range map[string][]string{"occlusion": {"size=8", "stride=6", "fill=zero"}, "saliency": nil} {
			got := explained(t, id, in, settings...).Maps[0]
			at := strongest(got)
			if b.Hit(at[0]+first, at[1], at[2], 1) {
				hits[id]++
			}
		}
	}
	t.Logf("hits of %d: %v", bodies, hits)
	for _, id := range []string{"occlusion", "saliency"} {
		if hits[id] < bodies*9/10 {
			t.Errorf("%s points at %d of %d nodules", id, hits[id], bodies)
		}
	}
}

// strongest is the middle of the places with the largest value.
func strongest(m visualizers.Map) [3]int {
	size, top := m.Sizes(), slices.Max(m.Values)
	var sum [3]int
	n := 0
	for i, v := range m.Values {
		if v >= top-1e-6*top {
			for k, at := range [3]int{i / size[2] / size[1], i / size[2] % size[1], i % size[2]} {
				sum[k] += at
			}
			n++
		}
	}
	return [3]int{sum[0] / n, sum[1] / n, sum[2] / n}
}

// TestBoxEnginesAgree: whatever covers the boxes and in whichever layout the network
// takes them, every way to compute them gives the same map.
func TestBoxEnginesAgree(t *testing.T) {
	for _, last := range []bool{false, true} {
		data, err := nodule.Network(block, 1, last).Encode()
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "nodule.onnx")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		m := openModel(t, path)
		in := answered(t, m, chest(nodule.NewBody(5, true)))
		in.Targets = []score.Target{ill}
		for _, fill := range []string{"zero", "gauss", "noise"} {
			set := []string{"size=9", "stride=7", "fill=" + fill} // the last boxes are cut off at the border
			plain := explained(t, "occlusion", in, append(set, "engine=plain")...)
			for _, engine := range []string{"graph", "incremental", "auto"} {
				r := explained(t, "occlusion", in, append(set, "engine="+engine)...)
				if r.Stats == nil || engine != "auto" && string(r.Stats.Engine) != engine {
					t.Errorf("channels last %v, %s, %s: %+v, %v", last, fill, engine, r.Stats, r.Warnings)
				}
				close32(t, engine, r.Maps[0].Values, plain.Maps[0].Values, 1e-5)
			}
		}
	}
}

// TestVolumeGradients: logits and their gradients are those of the definition of the
// network in double precision.
func TestVolumeGradients(t *testing.T) {
	m := openNodule(t)
	x := chest(nodule.NewBody(3, true))
	in := answered(t, m, x)
	wide := make([]float64, len(x.Data))
	for i, v := range x.Data {
		wide[i] = float64(v)
	}
	if want := nodule.Logits(wide, block); math.Abs(want[1]-float64(in.Base.Logits[1])) > 1e-4 {
		t.Fatalf("the logit is %g, by definition %g", in.Base.Logits[1], want[1])
	}
	all, err := m.Gradient(t.Context(), []infer.Tensor{x}, []score.Target{ill})
	if err != nil {
		t.Fatal(err)
	}
	g := all[0][0]
	if !slices.Equal(g.Shape, x.Shape) {
		t.Fatalf("the gradient has the shape %v", g.Shape)
	}
	top := 0
	for i, v := range g.Data {
		if math.Abs(float64(v)) > math.Abs(float64(g.Data[top])) {
			top = i
		}
	}
	const h = 1e-6
	for _, i := range []int{top, top + 1, top + block[2], top - block[1]*block[2], top + 4, 0, len(x.Data) / 2} {
		up, down := slices.Clone(wide), slices.Clone(wide)
		up[i] += h
		down[i] -= h
		want := (nodule.Logits(up, block)[1] - nodule.Logits(down, block)[1]) / (2 * h)
		if math.Abs(want-float64(g.Data[i])) > 1e-4*math.Abs(float64(g.Data[top])) {
			t.Errorf("voxel %d: the gradient is %g, by differences %g", i, g.Data[i], want)
		}
	}
}

// TestVolumeLayers: layers have three axes of places, and Grad-CAM weighs their
// channels by the mean of the gradient.
func TestVolumeLayers(t *testing.T) {
	m := openNodule(t)
	in := answered(t, m, chest(nodule.NewBody(3, true)))
	in.Targets = []score.Target{ill}
	if got := m.LastLayer(); got != "places" {
		t.Fatalf("the last layer is %q", got)
	}
	layers := m.Layers()
	i := slices.IndexFunc(layers, func(l visualizers.Layer) bool { return l.Name == "places" })
	if l := layers[i]; l.Depth != 7 || l.Height != 7*15 || l.Width != 19 || l.Channels != 2 {
		t.Fatalf("the layer is %+v", l)
	}
	list, err := m.Activations(t.Context(), "places", []infer.Tensor{in.Tensor})
	if err != nil {
		t.Fatal(err)
	}
	a := list[0].Slice(0).Data
	got := explained(t, "grad-cam", in, "upsample=none").Maps[0]
	if got.Depth != 7 || len(got.Values) != len(a) {
		t.Fatalf("the map has the shape %v", got.Shape())
	}
	for i, v := range got.Values { // the logit is 20 × the largest of channel 0
		if want := 20 / float64(len(a)) * float64(a[i]); math.Abs(want-float64(v)) > 1e-5 {
			t.Fatalf("cell %d is %g, want %g", i, v, want)
		}
	}
}

// TestMethodsForVolumes: every method either explains volumes, with maps of their
// size, or says in words that it does not.
func TestMethodsForVolumes(t *testing.T) {
	m := openNodule(t)
	in := answered(t, m, chest(nodule.NewBody(3, true)))
	in.Targets = []score.Target{ill}
	few := map[string][]string{"occlusion": {"size=50%", "stride=50%"}, "rise": {"masks=2"}, "smoothgrad": {"samples=2"}, "integrated-gradients": {"steps=4", "baseline=blur"}}
	for _, v := range visualizers.All() {
		info := v.Info()
		if err := visualizers.Suits(v, m); !info.Volumes {
			if !errors.Is(err, visualizers.ErrNoVolumes) {
				t.Errorf("%s: %v", info.ID, err)
			}
			continue
		} else if err != nil {
			t.Errorf("%s: %v", info.ID, err)
			continue
		}
		for _, got := range explained(t, info.ID, in, few[info.ID]...).Maps {
			if !slices.Equal(got.Shape(), block[:]) || len(got.Values) != block[0]*block[1]*block[2] {
				t.Errorf("%s: the map has the shape %v and %d values", info.ID, got.Shape(), len(got.Values))
			}
		}
	}
}

// summed is a model of volumes whose only logit is the sum of weights times values.
type summed struct {
	visualizers.Subject
	size    [3]int
	weights []float32
}

func (s summed) Shape() (channels, height, width int) { return 1, s.size[0] * s.size[1], s.size[2] }
func (s summed) Depth() int                           { return s.size[0] }
func (s summed) Batch() int                           { return 3 }
func (s summed) Classes() int                         { return 1 }
func (s summed) ClassName(int) string                 { return "sum" }
func (s summed) HasLogits() bool                      { return true }

func (s summed) Predict(_ context.Context, batch []infer.Tensor) ([]score.Scores, error) {
	out := make([]score.Scores, len(batch))
	for i, x := range batch {
		sum := float32(0)
		for k, v := range x.Data {
			sum += s.weights[k] * v
		}
		out[i] = score.Scores{Probabilities: []float32{1}, Logits: []float32{sum}}
	}
	return out, nil
}

// TestBoxes: the value of a voxel is the mean fall of the score over the boxes that
// cover it, worked out by hand.
func TestBoxes(t *testing.T) {
	s := summed{size: [3]int{4, 2, 6}, weights: make([]float32, 48)}
	for i := range s.weights {
		s.weights[i] = float32(i%7) - 2
	}
	x := infer.NewTensor(1, 8, 6)
	for i := range x.Data {
		x.Data[i] = float32(i%5) + 1
	}
	in := answered(t, s, x)
	in.Targets = []score.Target{score.ClassTarget(0, score.Logit)}
	got := explained(t, "occlusion", in, "size=2", "stride=2", "fill=zero").Maps[0]
	for i, v := range got.Values {
		z, y, col := i/12, i/6%2, i%6
		want := float32(0) // boxes do not overlap: each voxel has the sum of its own
		for dz := range 2 {
			for dy := range 2 {
				for dx := range 2 {
					at := (z/2*2+dz)*12 + (y/2*2+dy)*6 + col/2*2 + dx
					want += s.weights[at] * x.Data[at]
				}
			}
		}
		if math.Abs(float64(v-want)) > 1e-4 {
			t.Errorf("voxel %d: %g, want %g", i, v, want)
		}
	}
	whole := explained(t, "occlusion", in, "size=2", "stride=1", "fill=zero")
	one := func(z, y, x int) float32 { i := z*12 + y*6 + x; return s.weights[i] * in.Tensor.Data[i] }
	sum := func(z0, x0 int) (v float32) {
		for z := z0; z < z0+2; z++ {
			for y := range 2 {
				for x := x0; x < x0+2; x++ {
					v += one(z, y, x)
				}
			}
		}
		return v
	}
	// Voxel (1, 0, 1) lies in the boxes that begin at slices 0 and 1 and columns 0 and 1.
	want := (sum(0, 0) + sum(0, 1) + sum(1, 0) + sum(1, 1)) / 4
	if got := whole.Maps[0].Values[1*12+1]; math.Abs(float64(got-want)) > 1e-4 || whole.Passes != 3*1*5 {
		t.Errorf("the voxel has %g, want %g, after %d runs", got, want, whole.Passes)
	}
}
