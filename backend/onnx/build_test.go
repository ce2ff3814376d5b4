package onnx

import "strings"

// tiny is a model of one input x [1,3,8,8] and one output y.
func tiny(opset int64, nodes ...*Node) *Model {
	return &Model{
		IRVersion: 8,
		Producer:  "test",
		Opsets:    map[string]int64{"": opset},
		Metadata:  map[string]string{},
		Graph: &Graph{
			Name:    "tiny",
			Nodes:   nodes,
			Inputs:  []*Value{{Name: "x", Type: Float, Shape: []Dim{{Size: 1}, {Size: 3}, {Size: 8}, {Size: 8}}}},
			Outputs: []*Value{{Name: "y", Type: Float}},
		},
	}
}

// op is a node; inputs and outputs are lists with commas.
func op(kind, inputs, outputs string, attrs ...*Attr) *Node {
	return &Node{OpType: kind, Inputs: strings.Split(inputs, ","), Outputs: strings.Split(outputs, ","), Attrs: attrs}
}

func intAttr(name string, v int64) *Attr { return &Attr{Name: name, Kind: AttrInt, I: v} }
