package gradient

import (
	"slices"

	"picasso/backend/onnx"
)

// Lists of tensors (sequences) are followed by name while the nodes are gone
// through: which tensors a list has is known from the graph, so that taking
// one by a constant place is no more than its name.

// note remembers the lists that a node makes.
func (l *lowerer) note(n *onnx.Node) {
	name := n.Output(0)
	switch {
	case n.Is("SequenceEmpty"):
		l.sequences[name] = func(*call) []string { return nil }
	case n.Is("SequenceConstruct"):
		l.sequences[name] = func(*call) []string { return n.Inputs }
	case n.Is("SequenceInsert"):
		l.sequences[name] = func(c *call) []string {
			list := slices.Clone(c.sequence(n.Input(0)))
			at := c.position(n, 2, len(list))
			if c.err != nil || at > len(list) {
				return nil
			}
			return slices.Insert(list, at, n.Input(1))
		}
	case n.Is("SequenceErase"):
		l.sequences[name] = func(c *call) []string {
			list := slices.Clone(c.sequence(n.Input(0)))
			at := c.position(n, 1, len(list)-1)
			if c.err != nil || at >= len(list) {
				return nil
			}
			return slices.Delete(list, at, at+1)
		}
	case n.Is("SplitToSequence"):
		var pieces []string
		l.sequences[name] = func(c *call) []string {
			if pieces == nil {
				pieces = c.pieces(n)
			}
			return pieces
		}
	case n.Is("Identity"):
		if list := l.sequences[n.Input(0)]; list != nil {
			l.sequences[name] = list
		}
	}
}

// sequence are the tensors of a list.
func (c *call) sequence(name string) []string {
	list := c.lists[name]
	if list == nil {
		c.refuse("reads a list of tensors whose members are only known at run time")
		return nil
	}
	return list(c)
}

// position reads where in a list input i of n points; without it, it is last.
func (c *call) position(n *onnx.Node, i, last int) int {
	if n.Input(i) == "" {
		return max(last, 0)
	}
	at := (&call{builder: c.builder, node: n}).integers(i)
	if c.err != nil || len(at) != 1 {
		c.refuse("takes a place in a list that is only known at run time")
		return 0
	}
	place := at[0]
	if place < 0 {
		place += int64(last + 1)
		if n.Is("SequenceInsert") {
			place = at[0] + int64(last)
		}
	}
	if place < 0 || place > int64(last) {
		c.refuse("takes place %d of a list of %d", at[0], last+1)
		return 0
	}
	return int(place)
}

// pieces cuts the input of a SplitToSequence: into single slices, into pieces
// of one length, or of given lengths.
func (c *call) pieces(n *onnx.Node) []string {
	f := c.fact(n.Input(0))
	a := axis(n.AttrInt("axis", 0), f.rank())
	if c.err != nil || a < 0 || int(a) >= f.rank() {
		c.refuse("splits axis %d of a tensor of shape %v", a, f.Shape)
		return nil
	}
	length, lengths := f.Shape[a], []int64(nil)
	split := &call{builder: c.builder, node: n}
	switch sizes := split.integers(1); {
	case n.Input(1) == "":
		lengths = slices.Repeat([]int64{1}, int(length))
	case len(sizes) == 1 && split.in(1).rank() == 0 && sizes[0] > 0:
		for rest := length; rest > 0; rest -= sizes[0] {
			lengths = append(lengths, min(rest, sizes[0]))
		}
	default:
		lengths = sizes
	}
	if c.err != nil || len(lengths) > maxTurns || int(a) == f.Batch {
		c.refuse("makes a list of tensors that is not known beforehand, for which there is no rule")
		return nil
	}
	var list []string
	start := int64(0)
	for _, d := range lengths {
		piece := c.slice(n.Input(0), a, start, start+d)
		if n.Input(1) == "" && n.AttrInt("keepdims", 1) == 0 {
			piece = c.squeeze(piece, a)
		}
		list = append(list, piece)
		start += d
	}
	return list
}

// lowerSequenceAt takes one tensor of a list.
func lowerSequenceAt(c *call) {
	list := c.sequence(c.arg(0))
	at := c.position(c.node, 1, len(list)-1)
	if c.err == nil {
		c.give(0, list[at])
	}
}

// lowerConcatFromSequence joins the tensors of a list, along a new axis if
// asked for.
func lowerConcatFromSequence(c *call) {
	list := slices.Clone(c.sequence(c.arg(0)))
	if c.err != nil || len(list) == 0 {
		c.refuse("joins an empty list")
		return
	}
	rank := c.fact(list[0]).rank()
	fresh := c.node.AttrInt("new_axis", 0) != 0
	if fresh {
		rank++
	}
	a := axis(c.node.AttrInt("axis", 0), rank)
	for i, part := range list {
		if fresh {
			list[i] = c.unsqueeze(part, a)
		}
	}
	c.give(0, c.joined(list, a))
}
