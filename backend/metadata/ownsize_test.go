package metadata

import (
	"testing"

	"picasso/backend/onnx"
)

// A graph resizes pictures itself where every way to its layers leads through a
// resize to a size of its own.
func TestGraphsThatResizePictures(t *testing.T) {
	n := func(op, out string, in ...string) *onnx.Node {
		return &onnx.Node{OpType: op, Inputs: in, Outputs: []string{out}}
	}
	conv := n("Conv", "y", "r", "w")
	for _, tt := range []struct {
		name  string
		nodes []*onnx.Node
		want  bool
	}{
		{"to given sizes", []*onnx.Node{n("Resize", "r", "x", "", "", "sizes"), conv}, true},
		{"behind a cast and other channels", []*onnx.Node{n("Cast", "c", "x"), n("Gather", "g", "c", "order"), n("Resize", "r", "g", "", "", "sizes"), conv}, true},
		{"by what the size asks for", []*onnx.Node{n("Shape", "s", "x"), n("Div", "f", "side", "s"), n("Resize", "r", "x", "", "f"), conv}, true},
		{"by half", []*onnx.Node{n("Resize", "r", "x", "", "half"), conv}, false},
		{"behind the first layer", []*onnx.Node{n("Conv", "c", "x", "w"), n("Resize", "r", "c", "", "", "sizes"), conv}, false},
		{"beside a layer", []*onnx.Node{n("Resize", "r", "x", "", "", "sizes"), conv, n("Conv", "z", "x", "w")}, false},
		{"not at all", []*onnx.Node{n("Relu", "r", "x"), conv}, false},
	} {
		m := &onnx.Model{Graph: &onnx.Graph{Nodes: tt.nodes, Inputs: []*onnx.Value{{Name: "x", Type: onnx.Float}}, Initializers: []*onnx.Tensor{
			onnx.NewInts("sizes", []int64{4}, []int64{1, 3, 8, 8}), onnx.NewTensor("half", []int64{4}, []float32{1, 1, 0.5, 0.5}),
			onnx.NewTensor("w", []int64{1}, []float32{1}), onnx.NewTensor("side", []int64{1}, []float32{8}),
		}}}
		if got := resizesItself(m, "x"); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}
