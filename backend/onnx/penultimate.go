package onnx

import (
	"errors"
	"fmt"
	"slices"
)

// Penultimate is the tensor in front of the layer with weights that gives the
// scores: what the network knows of a picture before it names a class.
type Penultimate struct {
	Tensor string
	// Axis counts the features: 1, as convolutions have it, or −1 for the last one. Axes
	// between it and the batch are places.
	Axis int
}

// FindPenultimate looks back from the scores, through what moves, scales, averages or
// selects them, for the layer that they are a weighted sum by: Gemm, MatMul with a
// constant, or a convolution. The error says why there is none.
func FindPenultimate(m *Model, scores string) (Penultimate, error) {
	index := m.Graph.Index()
	for range len(m.Graph.Nodes) + 1 {
		n, _ := index.Producer(scores)
		if n == nil {
			return Penultimate{}, errors.New("no layer with weights gives its scores")
		}
		if from, axis := contracted(index, n); from != "" {
			return before(index, from, axis)
		}
		next, err := scoresBefore(index, n)
		if err != nil {
			return Penultimate{}, err
		}
		scores = next
	}
	return Penultimate{}, errors.New("its graph runs in a circle")
}

// contracted is the operand that a layer with weights sums up, and along which axis;
// "" for other nodes.
func contracted(index *Index, n *Node) (tensor string, axis int) {
	weights := func(i int) bool { return n.Input(i) != "" && index.IsConstant(n.Input(i)) }
	switch {
	case n.Is("Gemm") && n.AttrInt("transA", 0) == 0 && weights(1) && !weights(0), n.isMicrosoft("FusedGemm") && n.AttrInt("transA", 0) == 0 && weights(1):
		return n.Input(0), -1
	case n.Is("MatMul") && weights(1) && !weights(0), n.isMicrosoft("MatMulNBits"):
		return n.Input(0), -1
	case n.Is("Conv") && weights(1), n.isMicrosoft("FusedConv") && weights(1):
		return n.Input(0), 1
	case n.Is("QLinearMatMul") && weights(3):
		return n.Input(0), -1
	case n.Is("QLinearConv") && weights(3):
		return n.Input(0), 1
	}
	return "", 0
}

// isMicrosoft reports whether the node calls an operator that ONNX Runtime adds.
func (n *Node) isMicrosoft(op string) bool { return n.Domain == "com.microsoft" && n.OpType == op }

// scoresBefore is the operand of a node behind the layer that the scores go on from.
func scoresBefore(index *Index, n *Node) (string, error) {
	switch {
	case moves(n), n.Is("Softmax", "LogSoftmax", "Sigmoid", "HardSigmoid", "Relu", "Tanh", "Softplus", "Clip", "Neg", "Log", "Exp", "BatchNormalization",
		"GlobalAveragePool", "GlobalMaxPool", "AveragePool", "MaxPool", "ReduceMean", "ReduceMax", "ReduceSum", "ReduceLogSumExp", "Gather", "Slice", "Resize"):
		return n.Input(0), nil
	case n.Is("Add", "Sub", "Mul", "Div", "Sum"):
		var from []string
		for _, name := range n.Inputs {
			if !index.IsConstant(name) {
				from = append(from, name)
			}
		}
		if len(from) == 1 {
			return from[0], nil
		}
	}
	return "", fmt.Errorf("its scores do not come from one layer with weights: the last step is the node %s", n.Label())
}

// before names the operand of the layer, in floating point where it was quantised for
// it.
func before(index *Index, tensor string, axis int) (Penultimate, error) {
	if n, _ := index.Producer(tensor); n.Is("QuantizeLinear") {
		tensor = n.Input(0)
	}
	if n, _ := index.Producer(tensor); n == nil || fromPicture(index, tensor) {
		return Penultimate{}, errors.New("its scores are computed from the picture by one layer")
	}
	return Penultimate{tensor, axis}, nil
}

// fromPicture reports whether a tensor is an input but for what moves or scales it.
func fromPicture(index *Index, tensor string) bool {
	for range len(index.graph.Nodes) + 1 {
		n, _ := index.Producer(tensor)
		switch {
		case n == nil:
			return true
		case moves(n):
			tensor = n.Input(0)
		case n.Is("Add", "Sub", "Mul", "Div") && slices.ContainsFunc(n.Inputs, index.IsConstant):
			tensor = n.Inputs[0]
			if index.IsConstant(tensor) {
				tensor = n.Input(1)
			}
		default:
			return false
		}
	}
	return false
}
