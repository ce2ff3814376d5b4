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

// quantised is the end of the name that a tensor gets whose own name its values
// take.
const quantised = ".picasso.quantised"

// DequantiseOutputs turns outputs of quantised numbers q into the values that
// they stand for, (q − zero point) · scale, under the same names. It returns
// the names; none where the operator set (before 10) cannot say it.
func (m *Model) DequantiseOutputs() []string {
	if v := m.Opsets[""]; v != 0 && v < 10 {
		return nil
	}
	var names []string
	for _, v := range m.Graph.Outputs {
		n, at, direct := m.quantisedBy(v.Name)
		if n == nil || m.Graph.Rename(v.Name, v.Name+quantised) != nil {
			continue
		}
		scale, zero := n.Inputs[at], n.Input(at+1)
		back := &Node{OpType: "DequantizeLinear", Inputs: []string{v.Name, scale}, Outputs: []string{v.Name[:len(v.Name)-len(quantised)]}}
		if zero != "" {
			back.Inputs = append(back.Inputs, zero)
		}
		if axis := n.Attr("axis"); axis != nil && n.OpType == "QuantizeLinear" && direct {
			back.Attrs = append(back.Attrs, axis.clone())
		}
		m.Graph.Nodes = append(m.Graph.Nodes, back)
		v.Name, v.Type = back.Outputs[0], Float
		names = append(names, v.Name)
	}
	return names
}

// quantisedBy is the operator that quantised a tensor, with the place of its
// scale; nil where the tensor is not quantised. direct tells that nothing lies
// between.
func (m *Model) quantisedBy(tensor string) (n *Node, scale int, direct bool) {
	idx := m.Graph.Index()
	name := tensor
	for range len(m.Graph.Nodes) + 1 {
		n, slot := idx.Producer(name)
		at, found := quantiser(n)
		switch {
		case found && slot == 0 && n.Input(at) != "":
			return n, at, name == tensor
		case !n.Is("Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose"):
			return nil, 0, false
		}
		name = n.Input(0)
	}
	return nil, 0, false
}
