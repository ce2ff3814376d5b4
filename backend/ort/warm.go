//go:build cgo

package ort

import (
	"context"

	"picasso/backend/infer"
	"picasso/backend/onnx"
)

// Warm opens and runs a small network of our own with what most classifiers
// consist of. The first session of a process takes several milliseconds longer
// than later ones, for the library's code is read, linked and set up where it is
// used first; whoever expects a model can have that done before. A network that
// fails is no loss.
func (r *Runtime) Warm() {
	const side, channels = 16, 32 // as many channels as blocked convolutions need
	m := small(side, channels)
	data, err := m.Encode()
	if err != nil {
		return
	}
	s, err := r.Open(context.Background(), infer.Source{Bytes: data}, infer.SessionOptions{Provider: infer.CPU, Mapped: true, Use: infer.Predicting})
	if err != nil {
		return
	}
	_, _ = s.Run(context.Background(), []infer.Tensor{infer.NewTensor(1, 3, side, side)})
	_ = s.Close()
}

// small is a network of convolutions, plain and depthwise, a sum, pools and a dense
// layer, for pictures of three channels.
func small(side, channels int64) *onnx.Model {
	weight := func(name string, dims ...int64) *onnx.Tensor {
		n := int64(1)
		for _, d := range dims {
			n *= d
		}
		return onnx.NewTensor(name, dims, make([]float32, n))
	}
	node := func(op, out string, in ...string) *onnx.Node {
		return &onnx.Node{OpType: op, Inputs: in, Outputs: []string{out}}
	}
	three := func(n *onnx.Node, group int64) *onnx.Node {
		n.Attrs = []*onnx.Attr{onnx.IntsAttr("kernel_shape", []int64{3, 3}), onnx.IntsAttr("pads", []int64{1, 1, 1, 1})}
		if group > 1 {
			n.Attrs = append(n.Attrs, onnx.IntAttr("group", group))
		}
		return n
	}
	concat := node("Concat", "both", "sum", "r2")
	concat.Attrs = []*onnx.Attr{onnx.IntAttr("axis", 1)}
	return &onnx.Model{
		IRVersion: 8, Opsets: map[string]int64{"": 13},
		Graph: &onnx.Graph{
			Name:    "warm-up",
			Inputs:  []*onnx.Value{{Name: "x", Type: onnx.Float, Shape: []onnx.Dim{{Size: 1}, {Size: 3}, {Size: side}, {Size: side}}}},
			Outputs: []*onnx.Value{{Name: "y", Type: onnx.Float, Shape: []onnx.Dim{{Size: 1}, {Size: channels}}}},
			Initializers: []*onnx.Tensor{
				weight("w1", channels, 3, 3, 3), weight("b1", channels), weight("w2", channels, 1, 3, 3), weight("w3", channels, channels, 1, 1),
				weight("w4", 2*channels, channels), weight("b4", channels),
			},
			Nodes: []*onnx.Node{
				three(node("Conv", "c1", "x", "w1", "b1"), 1), node("Relu", "r1", "c1"), three(node("MaxPool", "p1", "r1"), 1),
				three(node("Conv", "c2", "p1", "w2"), channels), node("Relu", "r2", "c2"), node("Conv", "c3", "r2", "w3"),
				node("Add", "sum", "c3", "p1"), concat, node("GlobalAveragePool", "g", "both"),
				node("Flatten", "f", "g"), node("Gemm", "l", "f", "w4", "b4"), node("Softmax", "y", "l"),
			},
		},
	}
}
