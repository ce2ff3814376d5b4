package visualizers_test

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"picasso/backend"
	"picasso/backend/fixtures/nodule"
	"picasso/backend/infer"
	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/trust"
	"picasso/visualizers/vistest"
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
	few := map[string][]string{"occlusion": {"size=50%", "stride=50%"}, "rise": {"masks=2"}, "smoothgrad": {"samples=2"}, "integrated-gradients": {"steps=4", "baseline=blur"},
		"occlusion-activity": {"size=50%", "stride=50%"}, "kernel-shap": {"segments=4", "samples=20"}, "lime": {"segments=4", "samples=20"}}
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

// TestVolumesThroughChannels: the Score-CAM of one layer and guided Grad-CAM as they
// are defined, in three dimensions.
func TestVolumesThroughChannels(t *testing.T) {
	m := openNodule(t)
	in := answered(t, m, chest(nodule.NewBody(3, true)))
	in.Targets = []score.Target{ill}
	list, err := m.Activations(t.Context(), "found", []infer.Tensor{in.Tensor})
	if err != nil {
		t.Fatal(err)
	}
	layers := m.Layers()
	layer := layers[slices.IndexFunc(layers, func(l visualizers.Layer) bool { return l.Name == "found" })]
	a := list[0]
	var seen []infer.Tensor // the volume through each channel
	for c := range layer.Channels {
		mask := visualizers.EnlargeVolume(a.Slice(c).Data, [3]int{layer.Depth, layer.Height / layer.Depth, layer.Width}, block)
		low, high := slices.Min(mask), slices.Max(mask)
		for i, v := range mask {
			mask[i] = (v - low) / (high - low)
		}
		seen = append(seen, visualizers.Masked(in.Tensor, mask))
	}
	answers, err := m.Predict(t.Context(), seen)
	if err != nil {
		t.Fatal(err)
	}
	e0, e1 := math.Exp(float64(answers[0].Logits[1])), math.Exp(float64(answers[1].Logits[1]))
	got := explained(t, "score-cam", in, "layer=found", "upsample=none", "relu=false").Maps[0]
	for i, v := range got.Values {
		want := (e0*float64(a.Slice(0).Data[i]) + e1*float64(a.Slice(1).Data[i])) / (e0 + e1)
		if math.Abs(want-float64(v)) > 1e-4 {
			t.Fatalf("cell %d is %g, want %g", i, v, want)
		}
	}
	guided, cam := explained(t, "guided-backprop", in, "reduce=sum").Maps[0], explained(t, "grad-cam", in).Maps[0]
	product := explained(t, "guided-grad-cam", in, "reduce=sum").Maps[0]
	for i, v := range product.Values {
		if want := guided.Values[i] * cam.Values[i]; math.Abs(float64(want-v)) > 1e-5*(1+math.Abs(float64(want))) {
			t.Fatalf("voxel %d is %g, want %g", i, v, want)
		}
	}
}

// TestVolumesAddUp: on a linear model, the values of KernelSHAP and the weights of
// LIME are what each superpixel contributes, and the former add up.
func TestVolumesAddUp(t *testing.T) {
	s := summed{size: [3]int{6, 6, 6}, weights: make([]float32, 216)}
	x := infer.NewTensor(1, 36, 6)
	for i := range s.weights {
		s.weights[i], x.Data[i] = float32(i)/300, float32(i/72) // three slabs of two slices, each place of another weight
	}
	in := answered(t, s, x)
	in.Targets = []score.Target{score.ClassTarget(0, score.Logit)}
	for id, settings := range map[string][]string{"kernel-shap": {"segments=8", "fill=zero"}, "lime": {"segments=8", "samples=200", "fill=zero", "ridge=0"}} {
		r := explained(t, id, in, settings...)
		sums, values := map[float32]float64{}, map[float32]int{}
		for i, v := range r.Maps[0].Values { // superpixels have different values here
			sums[v] += float64(s.weights[i] * x.Data[i])
			values[v]++
		}
		if len(values) < 3 || r.Maps[0].Depth != 6 {
			t.Errorf("%s: %d superpixels, %d slices", id, len(values), r.Maps[0].Depth)
		}
		for v, want := range sums {
			if math.Abs(float64(v)-want) > 1e-3 {
				t.Errorf("%s: a superpixel has %g and contributes %g", id, v, want)
			}
		}
		if gap := r.Maps[0].Metrics["completeness_gap"]; math.Abs(gap) > 1e-4 {
			t.Errorf("%s: the values miss the score by %g", id, gap)
		}
		if got := r.Parts[0].Table.Columns[:5]; !slices.Equal(got, []string{"superpixel", "slice", "x", "y", "voxels"}) {
			t.Errorf("%s: columns %v", id, got)
		}
	}
}

// TestVolumesAreTrusted: the cover test of a map that points at the nodule begins and
// ends with the volume as it is and covered whole, and passes; one of a map that points
// at the other corner does not.
func TestVolumesAreTrusted(t *testing.T) {
	m := openNodule(t)
	body := nodule.NewBody(1003, true)
	in := answered(t, m, chest(body))
	in.Targets = []score.Target{ill}
	near := visualizers.Map{Target: ill, Channels: 1, Depth: block[0], Height: block[0] * block[1], Width: block[2]}
	for i := range block[0] * block[1] * block[2] {
		z, y, x := i/block[1]/block[2]+first, i/block[2]%block[1], i%block[2]
		far := math.Hypot(math.Hypot(float64(z)-body.Nodule[0], float64(y)-body.Nodule[1]), float64(x)-body.Nodule[2])
		near.Values = append(near.Values, float32(-far))
	}
	var judge trust.Judge
	c, err := judge.Cover(t.Context(), in, near, trust.CoverOptions{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	last := len(c.Deletion) - 1
	if c.Slices != 8 || c.Rows != 8 || c.Columns != 8 || c.Deletion[0] != c.Before || c.Insertion[last] != c.Before || c.Deletion[last] != c.After || c.Insertion[0] != c.After {
		t.Errorf("%d×%d×%d cells, deletion %v, insertion %v, before %v, after %v", c.Slices, c.Rows, c.Columns, c.Deletion, c.Insertion, c.Before, c.After)
	}
	if c.Word != trust.Passes {
		t.Errorf("the map of distances: %+v", c.Verdict)
	}
	far := near
	far.Values = slices.Clone(near.Values)
	for i := range far.Values {
		far.Values[i] = -far.Values[i]
	}
	if c, err := judge.Cover(t.Context(), in, far, trust.CoverOptions{}, nil); err != nil || c.Word != trust.Fails || c.Gain >= 0 {
		t.Errorf("upside down: %+v, gain %v, %v", c.Verdict, c.Gain, err)
	}
	same, err := trust.Again(t.Context(), in, explained(t, "saliency", in).Maps[0], trust.Explaining(vistest.Find(t, "saliency")), nil)
	if err != nil || same.Shift != 1 || len(same.Shifts) != 2 || strings.Contains(same.Said, "picture") {
		t.Errorf("again: %+v, %v", same, err)
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
