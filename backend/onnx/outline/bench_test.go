package outline_test

import (
	"fmt"
	"testing"

	"picasso/backend/onnx"
	"picasso/backend/onnx/axes"
	"picasso/backend/onnx/outline"
)

// deep is a network of many nodes: residual blocks of a convolution and a ReLU.
func deep(nodes int) outline.Network {
	weight := &onnx.Tensor{Name: "w", Type: onnx.Float, Dims: []int64{4, 4, 3, 3}}
	g := &onnx.Graph{Name: "deep", Initializers: []*onnx.Tensor{weight},
		Inputs: []*onnx.Value{{Name: "t0", Type: onnx.Float, Shape: []onnx.Dim{{Size: 1}, {Size: 4}, {Size: 32}, {Size: 32}}}}}
	last := "t0"
	node := func(op string, attrs []*onnx.Attr, inputs ...string) string {
		out := fmt.Sprintf("t%d", len(g.Nodes)+1)
		g.Nodes = append(g.Nodes, &onnx.Node{OpType: op, Inputs: inputs, Outputs: []string{out}, Attrs: attrs})
		return out
	}
	same := []*onnx.Attr{{Name: "pads", Kind: onnx.AttrInts, Ints: []int64{1, 1, 1, 1}}}
	for len(g.Nodes) < nodes {
		y := node("Relu", nil, node("Conv", same, last, "w"))
		last = node("Add", nil, node("Conv", same, y, "w"), last)
	}
	g.Outputs = []*onnx.Value{{Name: last, Type: onnx.Float}}
	m := &onnx.Model{IRVersion: 8, Opsets: map[string]int64{"": 17}, Graph: g}
	facts := func(name string) (axes.Known, bool) {
		if name == "w" {
			return axes.Known{}, false
		}
		return axes.Known{Type: onnx.Float, Shape: []int{1, 4, 32, 32}}, true
	}
	layout := axes.Picture(1, 4, 32, 32, false)
	return outline.Network{
		Model: m, Facts: facts, Roles: axes.Trace(m, facts, "t0", layout), Input: "t0", Layout: layout,
		Height: 32, Width: 32, Outputs: []string{last}, Batched: true,
	}
}

// The work is proportional to the nodes: ten times as many take ten times as
// long.
func BenchmarkOutline(b *testing.B) {
	for _, nodes := range []int{1000, 10000} {
		n := deep(nodes)
		b.Run(fmt.Sprint(nodes), func(b *testing.B) {
			for b.Loop() {
				if o := outline.Of(n); len(o.Rows) < nodes/3 {
					b.Fatalf("%d rows", len(o.Rows))
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(nodes), "ns/node")
		})
	}
}
