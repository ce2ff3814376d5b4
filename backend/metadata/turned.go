package metadata

import (
	"slices"

	"picasso/backend/onnx"
)

// turned tells which axis of the input each axis of a tensor is: 0 is the batch,
// 1 to 3 the others in the order of the input, and −1 an axis that was added.
// It is nil where that is not known.
type turned []int

// maxRank bounds the axes of a tensor that is followed.
const maxRank = 8

// inOrder is the input itself.
func inOrder(batched bool) turned {
	if batched {
		return turned{0, 1, 2, 3}
	}
	return turned{1, 2, 3}
}

// through is what a node of the first layers makes of it.
func (t turned) through(f *onnx.Model, idx *onnx.Index, n *onnx.Node) turned {
	switch {
	case n.Is("Transpose"):
		return t.transposed(n.AttrInts("perm"))
	case n.Is("Unsqueeze"):
		if added := n.AttrInts("axes"); added != nil {
			return t.unsqueezed(added)
		}
		if c := idx.Constant(n.Input(1)); c != nil && c.Elements() <= maxRank {
			if added, err := c.Ints(f); err == nil {
				return t.unsqueezed(added)
			}
		}
		return nil
	}
	return t
}

// transposed puts the axes in another order, the opposite one where none is given.
func (t turned) transposed(order []int64) turned {
	out := slices.Clone(t)
	if len(order) == 0 {
		slices.Reverse(out)
		return out
	}
	if len(order) != len(t) {
		return nil
	}
	for i, from := range order {
		if from < 0 || int(from) >= len(t) {
			return nil
		}
		out[i] = t[from]
	}
	return out
}

// unsqueezed adds axes at places of the result.
func (t turned) unsqueezed(added []int64) turned {
	rank := len(t) + len(added)
	if t == nil || len(added) == 0 || rank > maxRank {
		return nil
	}
	out := make(turned, 0, rank)
	for at, from := 0, 0; at < rank; at++ {
		switch {
		case slices.Contains(added, int64(at)) || slices.Contains(added, int64(at-rank)):
			out = append(out, -1)
		case from == len(t): // an axis was named twice
			return nil
		default:
			out = append(out, t[from])
			from++
		}
	}
	return out
}

// channels is the axis of the input that lies where layers expect channels, behind
// the batch; 0 where that is none, or not known.
func (t turned) channels() int {
	at := 1
	if len(t) == 3 { // without a batch
		at = 0
	}
	if len(t) < 3 || t[at] < 0 {
		return 0
	}
	return t[at]
}

// moved reports that the axes of the input are known and stand in another order.
func (t turned) moved() bool {
	return t != nil && !slices.IsSorted(slices.DeleteFunc(slices.Clone(t), func(a int) bool { return a < 0 }))
}
