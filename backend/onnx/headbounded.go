package onnx

// bounded describes an output that is computed from probabilities by
// arithmetic, choices and means alone, without weights that mix them: masked,
// calibrated or averaged sigmoids, values that are cut off to 0…1. Such values
// are no raw scores, whatever they sum to.
func (f headFinder) bounded(output string) (Head, bool) {
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
	case moves(n), n.Is("Slice", "Gather", "GatherElements", "GatherND", "Expand", "Tile", "Pad", "Split", "Clip", "Abs", "Sqrt", "Neg", "Pow",
		"ReduceMax", "ReduceMin", "ReduceMean", "ReduceSum", "GlobalAveragePool", "GlobalMaxPool", "MaxPool", "AveragePool"),
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
