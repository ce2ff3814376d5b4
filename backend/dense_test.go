package backend_test

import (
	"testing"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/ort/orttest"
	"picasso/backend/score"
)

// One value per pixel is a quantity whose sum over a region is explained, in
// whatever form the map is given.
func TestDenseValues(t *testing.T) {
	r := orttest.Runtime(t)
	mean := call("ReduceMean", "mean", []string{"x"}, attrInts("axes", 1), attrInt("keepdims", 1)) // 1×1×4×4
	for _, tt := range []struct {
		name  string
		nodes []*onnx.Node
		out   string
		whole bool
	}{
		{"batch × rows × columns", []*onnx.Node{mean, call("Squeeze", "y", []string{"mean", "one"})}, "y", false},
		{"rows × columns", []*onnx.Node{mean, call("Squeeze", "y", []string{"mean", "both"})}, "y", true},
		{"one channel behind a ReLU", []*onnx.Node{mean, call("Relu", "y", []string{"mean"})}, "y", false},
		{"one channel by its name", []*onnx.Node{mean, call("Identity", "predicted_depth", []string{"mean"})}, "predicted_depth", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := writeOutputs(t, tt.nodes, []*onnx.Value{out(tt.out, onnx.Float)}, ints("one", 1), ints("both", 0, 1))
			for region, want := range map[string]struct {
				sum    float32
				inside func(i int) bool
			}{
				"all":       {120 + 16*16, func(int) bool { return true }},
				"[1,0,3,2]": {1 + 2 + 5 + 6 + 4*16, func(i int) bool { return i%4 >= 1 && i%4 < 3 && i/4 < 2 }},
			} {
				m := open(t, r, path, backend.ModelOptions{Provider: infer.CPU, Choices: choose(t, "region="+region)})
				if m.Output.Kind != score.Dense || m.Classes() != 1 || m.Output.Whole != tt.whole || m.HasLogits() || m.Percent() {
					t.Fatalf("%d classes of %+v", m.Classes(), m.Output)
				}
				x := infer.NewTensor(3, 4, 4)
				for i := range x.Data {
					x.Data[i] = float32(i) // mean of a pixel: its number + 16
				}
				s, err := m.Predict(t.Context(), []infer.Tensor{x, x})
				if err != nil {
					t.Fatal(err)
				}
				closeTo(t, "sum over "+region, s[0].Probabilities, []float32{want.sum})
				g, err := m.Gradient(t.Context(), []infer.Tensor{x}, []score.Target{score.ClassTarget(0, score.Probability)})
				if err != nil {
					t.Fatal(err)
				}
				slope := make([]float32, len(x.Data))
				for i := range slope {
					if want.inside(i % 16) {
						slope[i] = 1.0 / 3
					}
				}
				closeTo(t, "gradient over "+region, g[0][0].Data, slope)
			}
			if _, err := backend.OpenModel(t.Context(), r, path, backend.ModelOptions{Provider: infer.CPU, Choices: choose(t, "region=mask")}); err == nil {
				t.Error("a map of values has a mask")
			}
		})
	}
}

// A map of raw scores of one class stays a segmentation.
func TestSegmentationOfOneClass(t *testing.T) {
	r := orttest.Runtime(t)
	w := onnx.NewTensor("w", []int64{1, 3, 1, 1}, []float32{1, -1, 1})
	m := open(t, r, writeOutputs(t, []*onnx.Node{call("Conv", "y", []string{"x", "w"})}, []*onnx.Value{out("y", onnx.Float)}, w), backend.ModelOptions{Provider: infer.CPU})
	if m.Output.Kind != score.Segmentation || m.Output.Activation != score.Sigmoid || len(m.Doubts) > 0 {
		t.Errorf("%+v, doubts %+v", m.Output, m.Doubts)
	}
}
