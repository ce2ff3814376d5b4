package onnx

import "testing"

func TestTrainingModeIsFound(t *testing.T) {
	constant := func(name string, kind DataType, raw ...byte) *Tensor {
		return &Tensor{Name: name, Type: kind, Raw: raw}
	}
	training := func(v int64) []*Attr { return []*Attr{{Name: "training_mode", Kind: AttrInt, I: v}} }
	body := &Graph{Name: "then", Nodes: []*Node{{OpType: "Dropout", Inputs: []string{"x", "half", "yes"}, Outputs: []string{"inner"}}}}
	m := &Model{Graph: &Graph{
		Initializers: []*Tensor{constant("yes", Bool, 1), constant("no", Bool, 0), NewTensor("half", nil, []float32{0.5}), NewTensor("none", nil, []float32{0})},
		Nodes: []*Node{
			{OpType: "BatchNormalization", Inputs: []string{"x"}, Outputs: []string{"a"}},
			{OpType: "BatchNormalization", Inputs: []string{"x"}, Outputs: []string{"b"}, Attrs: training(1)},
			{OpType: "BatchNormalization", Inputs: []string{"x"}, Outputs: []string{"c", "mean", "var", "dead1", "dead2"}},
			{OpType: "Dropout", Inputs: []string{"x", "half", "yes"}, Outputs: []string{"d"}},
			{OpType: "Dropout", Inputs: []string{"x", "", "yes"}, Outputs: []string{"e"}},
			{OpType: "Dropout", Inputs: []string{"x", "none", "yes"}, Outputs: []string{"f"}},
			{OpType: "Dropout", Inputs: []string{"x", "half", "no"}, Outputs: []string{"g"}},
			{OpType: "Dropout", Inputs: []string{"x"}, Outputs: []string{"h"}},
			{OpType: "If", Inputs: []string{"c"}, Outputs: []string{"i"}, Attrs: []*Attr{{Name: "then_branch", Kind: AttrGraph, G: body}}},
		},
	}}
	want := []string{"b", "c", "d", "e", "inner"}
	got := m.Training()
	if len(got) != len(want) {
		t.Fatalf("%d nodes are in training mode, want %v", len(got), want)
	}
	for i, n := range got {
		if n.Outputs[0] != want[i] {
			t.Errorf("node %d is %s, want %s", i, n.Outputs[0], want[i])
		}
	}
}
