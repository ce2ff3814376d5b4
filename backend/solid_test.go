package backend_test

import (
	"testing"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/ort/orttest"
	"picasso/backend/score"
)

// A segmentation of volumes gives every class the sum of its raw scores over all voxels,
// over those where it is the best one, or over a box of the slices under each other. Its gradient is 1 times the
// weight of the class where a voxel counts, and 0 elsewhere.
func TestSegmentationOfVolumes(t *testing.T) {
	const depth, high, wide = 6, 8, 8
	w := onnx.NewTensor("w", []int64{2, 1, 1, 1, 1}, []float32{2, -1}) // scores 2 x and −x
	path := saveModel(t, &onnx.Model{IRVersion: 8, Opsets: map[string]int64{"": 13}, Graph: &onnx.Graph{
		Name: "g", Nodes: []*onnx.Node{call("Conv", "y", []string{"x", "w"}, attrInts("kernel_shape", 1, 1, 1))}, Initializers: []*onnx.Tensor{w},
		Inputs:  []*onnx.Value{{Name: "x", Type: onnx.Float, Shape: shape(-1, 1, depth, high, wide)}},
		Outputs: []*onnx.Value{{Name: "y", Type: onnx.Float, Shape: shape(-1, 2, depth, high, wide)}},
	}})
	x := infer.NewTensor(1, depth*high, wide)
	x.Data[3], x.Data[100], x.Data[200], x.Data[383] = 5, -3, 2, -4
	for region, want := range map[string]struct {
		logits []float32
		inside func(i int) bool // of the first class
	}{
		"all": {[]float32{0, 0}, func(int) bool { return true }}, // 5 − 3 + 2 − 4 is 0
		// The first class is the best where x is at least 0, the other where it is below.
		"mask": {[]float32{2 * 7, 7}, func(i int) bool { return x.Data[i] >= 0 }},
		// Slices lie under each other: rows 0 to 7 are the first slice, 24 to 31 the fourth.
		"[0,0,8,8]":   {[]float32{10, -5}, func(i int) bool { return i < high*wide }},
		"[0,24,8,32]": {[]float32{4, -2}, func(i int) bool { return i/wide >= 24 && i/wide < 32 }},
	} {
		m := open(t, orttest.Runtime(t), path, backend.ModelOptions{Provider: infer.CPU, Choices: choose(t, "kind=segmentation", "region="+region)})
		if m.Output.Kind != score.Segmentation || m.Classes() != 2 || m.Depth() != depth {
			t.Fatalf("%d classes of %+v, volumes of %d slices", m.Classes(), m.Output, m.Depth())
		}
		s, err := m.Predict(t.Context(), []infer.Tensor{x})
		if err != nil {
			t.Fatal(err)
		}
		closeTo(t, "sum over "+region, s[0].Logits, want.logits)
		g, err := m.Gradient(t.Context(), []infer.Tensor{x}, []score.Target{score.ClassTarget(0, score.Logit)})
		if err != nil {
			t.Fatal(err)
		}
		slope := make([]float32, len(x.Data))
		for i := range slope {
			if want.inside(i) {
				slope[i] = 2
			}
		}
		closeTo(t, "gradient over "+region, g[0][0].Data, slope)
	}
}
