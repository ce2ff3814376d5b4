package onnx

// FindBounded describes a tensor that is computed from probabilities without
// weights, also where it joins several; ok is false where it is not.
func FindBounded(m *Model, tensor string) (h Head, ok bool) {
	f := headFinder{m: m, index: m.Graph.Index(), steps: len(m.Graph.Nodes) + 1}
	h, ok = f.bounded(tensor)
	h.Output = tensor
	return h, ok
}

// bounded describes an output that is computed from probabilities by
// arithmetic, choices and means alone, without weights that mix them: masked,
// calibrated or averaged sigmoids, values that are cut off to 0…1. Such values
// are no raw scores, whatever they sum to.
func (f headFinder) bounded(output string) (Head, bool) {
	if tanh, ok := f.shifted(output); ok {
		return Head{Kind: HeadBounded, Node: tanh, Probs: output}, true
	}
	seen := map[string]bool{"": true}
	var first *Node
	for queue := []string{output}; len(queue) > 0; queue = queue[1:] {
		name := queue[0]
		if seen[name] || f.index.Constant(name) != nil {
			continue
		}
		seen[name] = true
		n, slot := f.index.Producer(name)
		switch {
		case n == nil:
			return Head{}, false
		case f.probabilities(n, slot):
			if first == nil {
				first = n
			}
		case n.Is("ConstantOfShape") || f.index.IsConstant(name):
		default:
			operands, ok := arithmetic(n, slot)
			if !ok {
				return Head{}, false
			}
			queue = append(queue, operands...)
		}
	}
	if first == nil {
		return Head{}, false
	}
	return Head{Kind: HeadBounded, Node: first, Probs: output}, true
}

// shifted reports a Tanh, −1…1, that constants scale and shift into 0…1.
func (f headFinder) shifted(name string) (*Node, bool) {
	value := func(v float64) float64 { return v }
	for range f.steps {
		n, slot := f.index.Producer(name)
		switch {
		case n.Is("Tanh"):
			low, high := value(-1), value(1)
			return n, min(low, high) >= 0 && max(low, high) <= 1
		case n != nil && moves(n) && slot == 0:
			name = n.Input(0)
		case n.Is("Add", "Mul", "Div", "Sub"):
			c, of, ok := f.constantOperand(n)
			if !ok {
				return nil, false
			}
			step := map[string]func(v float64) float64{
				"Add": func(v float64) float64 { return v + c }, "Sub": func(v float64) float64 { return v - c },
				"Mul": func(v float64) float64 { return v * c }, "Div": func(v float64) float64 { return v / c },
			}[n.OpType]
			behind := value
			value, name = func(v float64) float64 { return behind(step(v)) }, of
		default:
			return nil, false
		}
	}
	return nil, false
}

// constantOperand is the single number that a node combines with a tensor, and
// the tensor.
func (f headFinder) constantOperand(n *Node) (c float64, of string, ok bool) {
	for slot := range 2 {
		t := f.index.Constant(n.Input(slot))
		if t == nil || t.Elements() != 1 || slot == 0 && n.Is("Sub", "Div") {
			continue
		}
		if v, err := t.Float64s(f.m); err == nil {
			return v[0], n.Input(1 - slot), true
		}
	}
	return 0, "", false
}

// probabilities reports operators whose results lie in 0…1.
func (f headFinder) probabilities(n *Node, slot int) bool {
	switch {
	case n.Is("Sigmoid", "Softmax", "HardSigmoid"):
		return true
	case n.Is("Clip"):
		low, high, ok := f.limits(n)
		return ok && low >= 0 && high <= 1
	case n.classifier():
		return slot == 1
	}
	return n.Domain == "com.microsoft" && (n.OpType == "QLinearSigmoid" || n.OpType == "QLinearSoftmax")
}

// limits are the bounds of a Clip, where they are constants.
func (f headFinder) limits(n *Node) (low, high float32, ok bool) {
	if a, b := n.Attr("min"), n.Attr("max"); a != nil || b != nil {
		return n.AttrFloat("min", -1), n.AttrFloat("max", 2), a != nil && b != nil
	}
	for slot, into := range []*float32{&low, &high} {
		t := f.index.Constant(n.Input(slot + 1))
		if t == nil || t.Elements() != 1 {
			return 0, 0, false
		}
		v, err := t.Floats(f.m)
		if err != nil {
			return 0, 0, false
		}
		*into = v[0]
	}
	return low, high, true
}

// arithmetic are the inputs whose values a node combines place by place, picks
// or averages; false for operators that do something else, such as a sum
// weighed by weights.
func arithmetic(n *Node, slot int) (operands []string, ok bool) {
	switch {
	case moves(n), n.Is("Slice", "Gather", "GatherElements", "GatherND", "Expand", "Tile", "Pad", "Split", "Clip", "Abs", "Sqrt", "Neg", "Pow", "Round", "Floor", "Ceil",
		"ReduceMax", "ReduceMin", "ReduceMean", "ReduceSum", "ReduceProd", "GlobalAveragePool", "GlobalMaxPool", "MaxPool", "AveragePool"),
		n.Is("TopK") && slot == 0:
		return n.Inputs[:min(1, len(n.Inputs))], true
	case n.Is("Add", "Sub", "Mul", "Div", "Min", "Max", "Sum", "Mean", "Concat"):
		return n.Inputs, true
	case n.Is("Where") && len(n.Inputs) == 3:
		return n.Inputs[1:], true
	case n.Is("ScatterND", "ScatterElements") && len(n.Inputs) == 3:
		return []string{n.Inputs[0], n.Inputs[2]}, true
	}
	return nil, false
}
