package onnx

// quotient recognises activations that are spelt out as a division:
// Exp(x) / Sum(Exp(x)) and 1 / (1 + Exp(−x)).
func (f headFinder) quotient(n *Node) (Head, bool) {
	if n.Is("Reciprocal") {
		return f.logistic(n, n.Input(0))
	}
	if f.isOne(n.Input(0)) {
		return f.logistic(n, n.Input(1))
	}
	exp, _ := f.index.Producer(n.Input(0))
	sum, _ := f.index.Producer(n.Input(1))
	if !exp.Is("Exp") || !sum.Is("ReduceSum") || sum.Input(0) != n.Input(0) {
		return Head{}, false
	}
	axes := f.axes(sum)
	if len(axes) != 1 {
		return Head{}, false
	}
	return Head{
		Kind: HeadSoftmax, Node: n, Probs: n.Output(0), Axis: int(axes[0]),
		Logits: f.unshifted(exp.Input(0)),
	}, true
}

// logistic matches 1 + Exp(−x) below a fraction.
func (f headFinder) logistic(n *Node, below string) (Head, bool) {
	add, _ := f.index.Producer(below)
	if !add.Is("Add") {
		return Head{}, false
	}
	term := add.Input(0)
	if f.isOne(term) {
		term = add.Input(1)
	} else if !f.isOne(add.Input(1)) {
		return Head{}, false
	}
	exp, _ := f.index.Producer(term)
	if !exp.Is("Exp") {
		return Head{}, false
	}
	neg, _ := f.index.Producer(exp.Input(0))
	if !neg.Is("Neg") {
		return Head{}, false
	}
	return Head{Kind: HeadSigmoid, Node: n, Probs: n.Output(0), Logits: neg.Input(0)}, true
}

// unshifted looks through the subtraction of the largest score, which keeps
// Exp from overflowing.
func (f headFinder) unshifted(name string) string {
	sub, _ := f.index.Producer(name)
	if !sub.Is("Sub") {
		return name
	}
	if top, _ := f.index.Producer(sub.Input(1)); top.Is("ReduceMax") && top.Input(0) == sub.Input(0) {
		return sub.Input(0)
	}
	return name
}

// axes reads the axes of a reduction from its attribute or second input.
func (f headFinder) axes(n *Node) []int64 {
	if axes := n.AttrInts("axes"); axes != nil {
		return axes
	}
	if t := f.index.Constant(n.Input(1)); t != nil {
		axes, err := t.Ints(f.m)
		if err == nil {
			return axes
		}
	}
	return nil
}

func (f headFinder) isOne(name string) bool {
	t := f.index.Constant(name)
	if t == nil || t.Elements() != 1 {
		return false
	}
	v, err := t.Floats(f.m)
	return err == nil && v[0] == 1
}
