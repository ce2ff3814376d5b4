package metadata

import "picasso/backend/onnx"

// maxPrelude bounds the nodes in front of the layers that are looked at.
const maxPrelude = 256

// resizesItself reports that a graph brings pictures of any size to a size of
// its own before any layer with weights sees them, as exports with built-in
// preprocessing do.
func resizesItself(f *onnx.Model, input string) bool {
	idx := f.Graph.Index()
	known := map[string]bool{input: true}
	resized := false
	for queue := []string{input}; len(queue) > 0; queue = queue[1:] {
		for _, use := range idx.Consumers(queue[0]) {
			n := use.Node
			switch {
			case n.Is("Shape", "Size"):
				continue
			case fits(idx, n):
				resized = true
				continue
			case layered(n), len(known) > maxPrelude:
				return false
			}
			for _, out := range n.Outputs {
				if out != "" && !known[out] {
					known[out] = true
					queue = append(queue, out)
				}
			}
		}
	}
	return resized
}

// layered reports operators with weights, or that sum up places.
func layered(n *onnx.Node) bool {
	switch n.OpType {
	case "Conv", "ConvTranspose", "ConvInteger", "QLinearConv", "FusedConv", "MatMul", "Gemm", "QLinearMatMul", "MatMulInteger",
		"MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool", "Flatten", "LSTM", "GRU", "RNN":
		return true
	}
	return false
}

// fits reports a node that brings pictures to a size that does not just follow
// theirs by a constant factor.
func fits(idx *onnx.Index, n *onnx.Node) bool {
	switch {
	case n.Is("CenterCropPad"):
		return true
	case !n.Is("Resize", "Upsample"):
		return false
	case n.Input(3) != "":
		return true
	}
	slot := 2
	if n.Is("Upsample") || n.Input(2) == "" {
		slot = 1
	}
	return n.Input(slot) != "" && !idx.IsConstant(n.Input(slot))
}
