package onnx

// quantiser tells where an operator has the scale and the zero point of its
// result: two inputs.
func quantiser(n *Node) (scale int, ok bool) {
	if n == nil {
		return 0, false
	}
	switch n.OpType {
	case "QuantizeLinear":
		return 1, true
	case "QLinearConv", "QLinearMatMul", "QLinearAdd", "QLinearMul":
		return 6, true
	case "QLinearSoftmax", "QLinearSigmoid", "QLinearLeakyRelu", "QLinearGlobalAveragePool", "QLinearAveragePool":
		return 3, true
	case "QGemm":
		return 7, true
	case "QLinearConcat":
		return 0, true
	}
	return 0, false
}

// dequantised is the end of the name that [Model.Dequantise] gives.
const dequantised = ".picasso.dequantised"

// Dequantise adds, behind a tensor of quantised numbers q, the values that they
// stand for: (q − zero point) · scale. It returns the name of the new tensor; ok
// is false where the tensor is not quantised, or the operator set (before 10)
// cannot say it.
func (m *Model) Dequantise(tensor string) (values string, ok bool) {
	if v := m.Opsets[""]; v != 0 && v < 10 {
		return "", false
	}
	idx := m.Graph.Index()
	name := tensor
	for range len(m.Graph.Nodes) + 1 {
		n, slot := idx.Producer(name)
		at, found := quantiser(n)
		switch {
		case found && slot == 0 && n.Input(at) != "":
			return m.dequantise(n, at, tensor, name == tensor), true
		case !n.Is("Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose"):
			return "", false
		}
		name = n.Input(0)
	}
	return "", false
}

func (m *Model) dequantise(n *Node, at int, tensor string, direct bool) string {
	out := &Node{OpType: "DequantizeLinear", Inputs: []string{tensor, n.Inputs[at]}, Outputs: []string{tensor + dequantised}}
	if zero := n.Input(at + 1); zero != "" {
		out.Inputs = append(out.Inputs, zero)
	}
	if axis := n.Attr("axis"); axis != nil && n.OpType == "QuantizeLinear" && direct {
		out.Attrs = append(out.Attrs, axis.clone())
	}
	m.Graph.Nodes = append(m.Graph.Nodes, out)
	return out.Outputs[0]
}
