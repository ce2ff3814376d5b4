package gradient_test

import (
	"errors"
	"picasso/backend/infer"
	"slices"
	"testing"

	"picasso/backend/onnx"
	"picasso/backend/onnx/gradient"
)

// TestOldOperatorSetsAreWrittenAnew compares models of operator sets 1 to 6 with
// hand-worked answers.
func TestOldOperatorSetsAreWrittenAnew(t *testing.T) {
	r := library(t)
	in := infer.Tensor{Shape: []int{1, 2, 1, 2}, Data: []float32{1, 2, -3, 4}}
	vector := onnx.NewTensor("v", []int64{2}, []float32{10, 20})
	for name, c := range map[string]struct {
		opset   int64
		node    *onnx.Node
		tensors []*onnx.Tensor
		want    []float32
	}{
		"Add along channels": {6, with(node("Add", "y", "x", "v"), i("broadcast", 1), i("axis", 1)), []*onnx.Tensor{vector}, []float32{11, 12, 17, 24}},
		"Mul along columns":  {6, with(node("Mul", "y", "x", "v"), i("broadcast", 1)), []*onnx.Tensor{vector}, []float32{10, 40, -30, 80}},
		"PRelu":              {6, node("PRelu", "y", "x", "v"), []*onnx.Tensor{vector}, []float32{1, 2, -60, 4}},
		"Reshape":            {4, with(node("Reshape", "y", "x"), is("shape", 1, 4)), nil, []float32{1, 2, -3, 4}},
		"Cast":               {5, with(node("Cast", "y", "x"), s("to", "FLOAT")), nil, []float32{1, 2, -3, 4}},
		"Pad":                {1, with(node("Pad", "y", "x"), is("paddings", 0, 0, 0, 1, 0, 0, 0, 0)), nil, []float32{0, 1, 2, 0, -3, 4}},
		"Tile":               {5, node("Tile", "y", "x", "n", "a"), []*onnx.Tensor{onnx.NewTensor("n", []int64{1}, []float32{2}), onnx.NewTensor("a", []int64{1}, []float32{3})}, []float32{1, 2, 1, 2, -3, 4, -3, 4}},
		"Split":              {1, with(node("Split", "y z", "x", "n"), i("axis", 3)), []*onnx.Tensor{onnx.NewTensor("n", []int64{2}, []float32{1, 1})}, []float32{1, -3}},
		"Upsample":           {1, with(node("Upsample", "y", "x"), f("width_scale", 2), f("height_scale", 1), s("mode", "nearest")), nil, []float32{1, 1, 2, 2, -3, -3, 4, 4}},
		"Concat":             {3, node("Concat", "y", "x", "x"), nil, []float32{1, 2, -3, 4, 1, 2, -3, 4}},
		"BatchNormalization": {6, with(node("BatchNormalization", "y mean", "x", "v", "v", "v", "v"), i("is_test", 1), f("epsilon", 0)), []*onnx.Tensor{vector},
			[]float32{10 + 10*(1-10)/3.1622777, 10 + 10*(2-10)/3.1622777, 20 + 20*(-3-20)/4.472136, 20 + 20*(4-20)/4.472136}},
		"Dropout": {6, with(node("Dropout", "y", "x"), i("is_test", 1)), nil, []float32{1, 2, -3, 4}},
		"Selu":    {1, with(node("Selu", "y", "x"), is("consumed_inputs", 0)), nil, []float32{1.0507, 2.1014, -1.6705, 4.2028}},
	} {
		t.Run(name, func(t *testing.T) {
			m := chain(c.opset, in.Shape, c.node)
			m.Graph.Initializers = c.tensors
			b := newBench(t, r, m, in)
			if b.model.Opsets[""] != 8 || m.Opsets[""] != c.opset {
				t.Fatalf("operator set %d became %d", m.Opsets[""], b.model.Opsets[""])
			}
			if got := b.forward([]string{"y"}, in)["y"]; len(got.Data) != len(c.want) || slices.ContainsFunc(got.Data, func(v float32) bool { return v != v }) {
				t.Fatalf("result %v, want %v", got.Data, c.want)
			} else if relative, _ := compare(got.Data, c.want); relative > 1e-4 {
				t.Errorf("result %v, want %v", got.Data, c.want)
			}
			if _, err := gradient.Build(b.model, b.facts, "y", []string{"x"}, gradient.Options{}); err != nil {
				t.Error(err)
			}
		})
	}
	m := chain(6, nil, with(node("Add", "y", "x", "v"), i("broadcast", 1), i("axis", 1)))
	m.Graph.Inputs[0].Shape = nil
	var fault *onnx.GraphError
	if _, err := m.Renew(); !errors.As(err, &fault) {
		t.Errorf("axes of unknown tensors: %v", err)
	}
}
