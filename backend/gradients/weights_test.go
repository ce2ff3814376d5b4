package gradients

import (
	"slices"
	"testing"

	"picasso/backend/onnx"
)

// Weights are read through one Identity, and through two; a copy that is an output stays.
func TestWeightsAreReadDirectly(t *testing.T) {
	node := func(op, out string, in ...string) *onnx.Node {
		return &onnx.Node{OpType: op, Inputs: in, Outputs: []string{out}}
	}
	g := &onnx.Graph{
		Nodes: []*onnx.Node{
			node("Identity", "b", "w"), node("Identity", "c", "b"), node("Identity", "z", "x"),
			node("Add", "s", "z", "b"), node("Add", "y", "s", "c"), node("Identity", "kept", "w"),
		},
		Inputs:       []*onnx.Value{{Name: "x", Type: onnx.Float}},
		Outputs:      []*onnx.Value{{Name: "y", Type: onnx.Float}, {Name: "kept", Type: onnx.Float}},
		ValueInfo:    []*onnx.Value{{Name: "b", Type: onnx.Float}},
		Initializers: []*onnx.Tensor{{Name: "w", Type: onnx.Float}},
	}
	direct(g)
	g.Prune()
	var got []string
	for _, n := range g.Nodes {
		got = append(got, n.OpType+" "+n.Inputs[len(n.Inputs)-1]+" "+n.Outputs[0])
	}
	want := []string{"Identity x z", "Add w s", "Add w y", "Identity w kept"}
	if !slices.Equal(got, want) || len(g.ValueInfo) != 0 {
		t.Errorf("%q, want %q; %d values are described", got, want, len(g.ValueInfo))
	}
}
