package axes

import "picasso/backend/onnx"

// Used are the tensors whose places matter to the scores: what is at a place is
// summed up, attended to or handed on, and not left behind, as tokens are that
// are no class token behind the last attention. on are the tensors that lead to
// the scores.
func (p *Map) Used(scores string, on map[string]bool) map[string]bool {
	used := map[string]bool{scores: true}
	for i := len(p.order) - 1; i >= 0; i-- {
		n := p.order[i]
		for slot, name := range n.Inputs {
			if name != "" && !used[name] && on[name] && p.hands(n, slot, used, on) {
				used[name] = true
			}
		}
		for _, body := range n.Bodies() {
			for _, name := range body.Captures() {
				used[name] = used[name] || on[name]
			}
		}
	}
	return used
}

// hands reports whether a node needs the places of an input for a result that
// matters.
func (p *Map) hands(n *onnx.Node, slot int, used, on map[string]bool) bool {
	l := p.layouts[n.Inputs[slot]]
	for i, out := range n.Outputs {
		if !on[out] || i > 0 && n.Is("DynamicQuantizeLinear") {
			continue
		}
		to := p.layouts[out]
		switch {
		case !l.Placed(), to == nil:
			return true
		case slot > 0 && n.Is("MatMul", "Einsum", "MatMulInteger", "QLinearMatMul") && p.layouts[n.Input(0)].Placed(), attends(n):
			return true // summed over, or a key
		case many(to):
			if used[out] {
				return true
			}
		case !n.Is("Gather", "Slice", "Split", "GatherND", "GatherElements") || n.Is("Gather", "GatherND", "GatherElements") && p.data[n.Input(1)]:
			return true // not left behind, or picked by what the picture shows
		}
	}
	return false
}

// many reports a tensor of more than one place.
func many(l Layout) bool {
	for _, a := range l {
		for _, f := range a {
			if !f.Key && f.Size > 1 && (f.isPlace() || f.grids() > 0) {
				return true
			}
		}
	}
	return false
}

// attends reports the operators of whole attentions.
func attends(n *onnx.Node) bool {
	switch n.OpType {
	case "Attention", "QAttention", "MultiHeadAttention", "GroupQueryAttention":
		return true
	}
	return false
}

// Affine reports a tensor that weights and constants alone make of another
// one: the projections of an attention, and the first half of a layer.
func (p *Map) Affine(name string) bool {
	for range maxAffine {
		n, _ := p.index.Producer(name)
		switch {
		case n == nil:
			return false
		case n.Is("MatMul", "Gemm", "MatMulInteger"):
			return true
		case n.Is("Add", "Sub", "Mul", "Div"):
			switch a, b := p.layouts[n.Input(0)].Placed(), p.layouts[n.Input(1)].Placed(); {
			case a && !b:
				name = n.Input(0)
			case b && !a:
				name = n.Input(1)
			default:
				return false
			}
		case n.Is("Reshape", "Transpose", "Identity", "Cast", "Split", "Slice", "Gather", "Squeeze", "Unsqueeze", "Dropout"):
			name = n.Input(0)
		default:
			return false
		}
	}
	return false
}

// maxAffine bounds the steps that are followed.
const maxAffine = 16
