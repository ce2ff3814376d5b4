package backend_test

import (
	"picasso/backend/ort/orttest"
	"slices"
	"testing"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/score"
)

// A detector in the form of YOLOv8: 6×8 columns of decoded boxes and sigmoids.
// Its logits are pixels, so that they are known, also where the sigmoid is 1.
func TestLogitsBehindCutAndJoinedScores(t *testing.T) {
	r := orttest.Runtime(t)
	ints := func(name string, values ...int64) *onnx.Tensor {
		return onnx.NewInts(name, []int64{int64(len(values))}, values)
	}
	path := writeGraph(t, []*onnx.Node{
		call("Reshape", "turned", []string{"x", "table"}),
		call("Transpose", "all", []string{"turned"}, &onnx.Attr{Name: "perm", Kind: onnx.AttrInts, Ints: []int64{0, 2, 1}}),
		call("Slice", "raw", []string{"all", "0", "4", "1"}),
		call("Mul", "boxes", []string{"raw", "two"}),
		call("Slice", "logits", []string{"all", "4", "6", "1"}),
		call("Sigmoid", "scores", []string{"logits"}),
		call("Concat", "y", []string{"boxes", "scores"}, axis(1)),
	}, ints("table", 1, 8, 6), ints("0", 0), ints("1", 1), ints("4", 4), ints("6", 6), onnx.NewTensor("two", []int64{1}, []float32{2}))
	m := open(t, r, path, backend.ModelOptions{Provider: infer.CPU, Choices: choose(t, "box=5")})
	if m.Output.LogitTensor != "logits" || m.Output.Classes != 2 || m.Input.FixedBatch {
		t.Fatalf("logits are read from %q, %d classes, batch fixed: %v", m.Output.LogitTensor, m.Output.Classes, m.Input.FixedBatch)
	}
	x := infer.NewTensor(3, 4, 4)
	const first, second = 5*6 + 4, 5*6 + 5
	x.Data[first], x.Data[second] = 40, -50
	s, err := m.Predict(t.Context(), []infer.Tensor{infer.NewTensor(3, 4, 4), x})
	if err != nil {
		t.Fatal(err)
	}
	closeTo(t, "probabilities", s[1].Probabilities, []float32{1, 0})
	closeTo(t, "logits", s[1].Logits, []float32{40, -50})
	closeTo(t, "logits", s[0].Logits, []float32{0, 0})

	g, err := m.Gradient(t.Context(), []infer.Tensor{x}, []score.Target{{Class: 0, Against: 1, Score: score.Logit}})
	if err != nil {
		t.Fatal(err)
	}
	want := make([]float32, len(x.Data))
	want[first], want[second] = 1, -1
	if !slices.Equal(g[0][0].Data, want) {
		t.Errorf("the gradient is %v, want 1 at %d and −1 at %d", g[0][0].Data, first, second)
	}
}
