//go:build cgo

package ort

import (
	"strings"

	"picasso/backend/onnx"
)

// mayBeHalf reports that an output whose type the file does not state may turn
// out to be a 16-bit float: the model has such floats, and nothing says that
// this tensor is something else.
func mayBeHalf(g *onnx.Graph, idx *onnx.Index, v *onnx.Value) bool {
	if v.Type != 0 || !hasHalf(g) {
		return false
	}
	if t := idx.Initializer(v.Name); t != nil {
		return isHalf(t.Type)
	}
	n, output := idx.Producer(v.Name)
	if n == nil {
		return false
	}
	if n.Is("Cast") {
		return isHalf(onnx.DataType(n.AttrInt("to", int64(onnx.Float))))
	}
	return !countsOrTests(n, output) && !givesList(n)
}

func isHalf(t onnx.DataType) bool { return t == onnx.Float16 || t == onnx.BFloat16 }

// hasHalf reports 16-bit floats among the weights and inputs of a graph or in
// its casts.
func hasHalf(g *onnx.Graph) bool {
	for _, t := range g.Initializers {
		if isHalf(t.Type) {
			return true
		}
	}
	for _, v := range g.Inputs {
		if isHalf(v.Type) {
			return true
		}
	}
	for _, n := range g.Nodes {
		if n.Is("Cast") && isHalf(onnx.DataType(n.AttrInt("to", 0))) {
			return true
		}
		if value := n.Attr("value"); value != nil && value.T != nil && isHalf(value.T.Type) {
			return true
		}
	}
	return false
}

// countsOrTests reports outputs that are indices, lengths or truths whatever
// goes in.
func countsOrTests(n *onnx.Node, output int) bool {
	if output > 0 && n.Is("MaxPool", "TopK", "Dropout", "Unique") {
		return true
	}
	return n.Is("Shape", "Size", "ArgMax", "ArgMin", "NonZero", "NonMaxSuppression", "Equal", "Less", "LessOrEqual",
		"Greater", "GreaterOrEqual", "And", "Or", "Not", "Xor", "IsNaN", "IsInf")
}

// givesList reports outputs that are no tensors.
func givesList(n *onnx.Node) bool {
	return strings.HasPrefix(n.OpType, "Sequence") || strings.HasPrefix(n.OpType, "Optional") ||
		n.OpType == "SplitToSequence" || n.OpType == "ZipMap"
}
