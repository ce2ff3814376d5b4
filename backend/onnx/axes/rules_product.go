package axes

import (
	"slices"
	"strings"
)

// matMul: the last axis of the first operand and the last but one of the
// second are summed over.
func matMul(c *call) { product(c, 0, 1) }

// qlinearMatMul has scales and zero points between its operands.
func qlinearMatMul(c *call) { product(c, 0, 3) }

func product(c *call, slotA, slotB int) {
	a, b, shape := c.in(slotA), c.in(slotB), c.out(0)
	rankA, rankB := len(c.shape(c.node.Input(slotA))), len(c.shape(c.node.Input(slotB)))
	if a == nil && b == nil || len(shape) < 2 || rankA < 2 || c.node.AttrInt("transA", 0) != 0 && a != nil {
		return
	}
	if rankB < 2 || c.node.AttrInt("transB", 0) != 0 && b != nil {
		return
	}
	rank := len(shape)
	row, column := channels(shape[rank-2]), channels(shape[rank-1])
	var leadA, leadB Layout
	if a != nil {
		row, leadA = a[len(a)-2], a[:len(a)-2]
	}
	if b != nil {
		column, leadB = b[len(b)-1], b[:len(b)-2]
	}
	out := make(Layout, rank-2, rank)
	for i := range out {
		var ok bool
		if out[i], ok = agreed(along(leadA, i, rank-2, shape[i]), along(leadB, i, rank-2, shape[i])); !ok {
			return
		}
		if out[i].size() != shape[i] {
			out[i] = channels(shape[i])
		}
	}
	c.gives(0, attended(out, row, column))
}

// along is axis i of leading axes that are broadcast to a rank and a length.
func along(lead Layout, i, rank, length int) Axis {
	own := i - (rank - len(lead))
	if own < 0 || lead[own].size() != length {
		return nil
	}
	return lead[own]
}

// attended joins the axes of a product. Places of the second operand beside
// places of the first are keys. Where only keys are left they are places.
func attended(lead Layout, row, column Axis) Layout {
	if row.placed() && column.placed() || lead.Placed() && row.placed() && column.placed() {
		column = column.keys()
	}
	out := append(lead, row, column).coarsened()
	if out.Placed() {
		return out
	}
	for i, a := range out {
		out[i] = slices.Clone(a)
		for k := range out[i] {
			out[i][k].Key = false
		}
	}
	return out
}

// gemm: rows of numbers times weights.
func gemm(c *call) {
	l, shape := c.in(0), c.out(0)
	if len(l) != 2 || len(shape) != 2 || c.in(1) != nil {
		return
	}
	row := l[0]
	if c.node.AttrInt("transA", 0) != 0 {
		row = l[1]
	}
	c.gives(0, Layout{row, channels(shape[1])}.coarsened())
}

// einsum: axes are named by letters.
func einsum(c *call) {
	left, right, ok := strings.Cut(strings.ReplaceAll(c.node.AttrString("equation", ""), " ", ""), "->")
	shape := c.out(0)
	if !ok || strings.Contains(left, ".") || len(right) != len(shape) {
		return
	}
	var found [256]Axis
	var from [256]int
	for i, term := range strings.Split(left, ",") {
		l := c.in(i)
		if l == nil || len(l) != len(term) {
			continue
		}
		for k := range len(term) {
			if letter := term[k]; len(found[letter]) == 0 {
				found[letter], from[letter] = l[k], i
			}
		}
	}
	out := make(Layout, len(shape))
	first := -1 // operand whose places are kept
	for i := range len(right) {
		a := found[right[i]]
		if a.size() != shape[i] {
			a = channels(shape[i])
		}
		if a.placed() {
			if first < 0 {
				first = from[right[i]]
			}
			if from[right[i]] != first {
				a = a.keys()
			}
		}
		out[i] = a
	}
	c.gives(0, attended(out[:len(out):len(out)], nil, nil)[:len(out)])
}
