package onnx

import (
	"fmt"
	"slices"
)

// UnfixBatch lets a graph that was exported for one picture take several: the
// batch axis of inputs and outputs becomes the symbol, and constants inside
// that repeat its length of 1 are made to follow it:
//
//   - the target shape of a Reshape: its first length becomes what is left over;
//   - the sizes of a Resize take their first length from the data;
//   - constants that a Concat puts beside data, such as class tokens, are
//     repeated for every picture.
//
// That is a guess at what the exporter folded: the result has to be compared
// with single runs before it is used. Bodies and functions are not changed.
func (m *Model) UnfixBatch(symbol string) {
	g := m.Graph
	u := unfixer{m: m, index: g.Index(), ranks: g.Ranks()}
	g.FreeBatch(symbol)
	for _, n := range g.Nodes {
		switch {
		case n.Is("Reshape"):
			u.reshape(n)
		case n.Is("Resize"):
			u.resize(n)
		case n.Is("Concat"):
			u.concat(n)
		}
		u.nodes = append(u.nodes, n)
	}
	g.Nodes = u.nodes
}

// unfixer writes the nodes of a graph again, with some in between.
type unfixer struct {
	m     *Model
	index *Index
	ranks map[string]int
	nodes []*Node
	count int
}

// name is a tensor name of our own.
func (u *unfixer) name() string {
	u.count++
	return fmt.Sprintf("picasso_batch_%d", u.count)
}

// ints adds a constant vector and returns its name.
func (u *unfixer) ints(values ...int64) string {
	out := u.name()
	t := NewInts("", []int64{int64(len(values))}, values)
	u.nodes = append(u.nodes, &Node{OpType: "Constant", Outputs: []string{out}, Attrs: []*Attr{{Name: "value", Kind: AttrTensor, T: t}}})
	return out
}

func (u *unfixer) call(op string, attrs []*Attr, inputs ...string) string {
	out := u.name()
	u.nodes = append(u.nodes, &Node{OpType: op, Inputs: inputs, Outputs: []string{out}, Attrs: attrs})
	return out
}

// batch is the length of the first axis of a tensor, as a vector of one.
func (u *unfixer) batch(data string) string {
	shape := u.call("Shape", nil, data)
	return u.call("Gather", nil, shape, u.ints(0))
}

// constant reads a constant vector of whole numbers.
func (u *unfixer) constant(name string) []int64 {
	t := u.index.Constant(name)
	if t == nil || len(t.Dims) != 1 || t.Dims[0] > maxRank {
		return nil
	}
	values, err := t.Ints(u.m)
	if err != nil {
		return nil
	}
	return values
}

func (u *unfixer) reshape(n *Node) {
	if u.index.IsConstant(n.Input(0)) || n.AttrInt("allowzero", 0) != 0 {
		return
	}
	if a := n.Attr("shape"); a != nil { // operator sets before 5
		a.Ints = unfixed(a.Ints)
		return
	}
	if shape := u.constant(n.Input(1)); shape != nil {
		n.Inputs[1] = u.ints(unfixed(shape)...)
	}
}

// unfixed frees the first length of a target shape: it is left over from the
// others, or where another one is, copied from the data.
func unfixed(shape []int64) []int64 {
	out := slices.Clone(shape)
	switch {
	case len(out) == 0 || out[0] <= 0:
	case !slices.Contains(out, -1):
		out[0] = -1
	case out[0] == 1:
		out[0] = 0
	}
	return out
}

func (u *unfixer) resize(n *Node) {
	sizes := u.constant(n.Input(3))
	if len(sizes) < 2 || n.Attr("axes") != nil || u.index.IsConstant(n.Input(0)) {
		return
	}
	axis := []*Attr{{Name: "axis", Kind: AttrInt, I: 0}}
	n.Inputs[3] = u.call("Concat", axis, u.batch(n.Input(0)), u.ints(sizes[1:]...))
}

// concat repeats constants along the batch axis where they stand beside data.
func (u *unfixer) concat(n *Node) {
	axis := n.AttrInt("axis", 0)
	data := slices.IndexFunc(n.Inputs, func(name string) bool { return !u.index.IsConstant(name) })
	if data < 0 || axis == 0 {
		return
	}
	for i, name := range n.Inputs {
		rank, known := u.ranks[name]
		if !known || rank < 2 || int(axis) == -rank || !u.index.IsConstant(name) {
			continue
		}
		ones := make([]int64, rank-1)
		for k := range ones {
			ones[k] = 1
		}
		along := []*Attr{{Name: "axis", Kind: AttrInt, I: 0}}
		shape := u.call("Concat", along, u.batch(n.Inputs[data]), u.ints(ones...))
		n.Inputs[i] = u.call("Expand", nil, name, shape)
	}
}
