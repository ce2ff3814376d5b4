package onnx

import "slices"

// ClassNumbers tells where the class numbers in a tensor come from, and so how
// many classes there are.
type ClassNumbers struct {
	Node *Node // that makes them
	// Scores has one score per class along Axis; "" where Count tells the number
	// of classes.
	Scores string
	Axis   int
	Count  int
	First  int // what was added: the number of the first class
}

// FindClassNumbers looks back from a tensor through what moves, picks and
// converts elements for an operator that gives numbers of classes: ArgMax, the
// indices of TopK, the remainder that takes them out of a flattened table,
// the classes of NonMaxSuppression, a Range or a constant list. Where the
// numbers are those of pictures or boxes, the node is given, but not ok.
func FindClassNumbers(m *Model, tensor string) (ClassNumbers, bool) {
	f := numberFinder{model: m, index: m.Graph.Index(), lists: new(int)}
	return f.find(tensor, 0)
}

type numberFinder struct {
	model *Model
	index *Index
	lists *int // seen so far
}

// maxLists bounds the lists of class numbers that are joined: one per class.
const maxLists = 1 << 14

func (f numberFinder) find(name string, depth int) (ClassNumbers, bool) {
	first := 0
	for range len(f.model.Graph.Nodes) + 1 {
		if t := f.index.Constant(name); t != nil {
			return f.list(t, first)
		}
		n, slot := f.index.Producer(name)
		switch {
		case n == nil:
			return ClassNumbers{}, false
		case n.Is("ArgMax"):
			return ClassNumbers{Node: n, Scores: n.Input(0), Axis: int(n.AttrInt("axis", 0)), First: first}, true
		case n.Is("TopK") && slot == 1:
			return ClassNumbers{Node: n, Scores: n.Input(0), Axis: int(n.AttrInt("axis", -1)), First: first}, true
		case n.Is("Mod"):
			count, ok := f.whole(n.Input(1))
			return ClassNumbers{Node: n, Count: count, First: first}, ok
		case n.Is("Gather", "Slice"):
			if nms, column := f.suppressed(n); nms != nil {
				return ClassNumbers{Node: nms, Scores: nms.Input(1), Axis: 1, First: first}, column == 1
			}
			name = n.Input(0)
		case n.Is("Range"):
			count, _ := f.whole(n.Input(1))
			return ClassNumbers{Node: n, Scores: n.Output(0), Count: count, First: first}, true
		case n.Is("Sub") && f.remainder(n) > 0:
			return ClassNumbers{Node: n, Count: f.remainder(n), First: first}, true
		case n.Is("Add", "Sub"):
			added, rest, ok := f.shift(n)
			if !ok {
				return ClassNumbers{}, false
			}
			first, name = first+added, rest
		case n.Is("Where"):
			name = n.Input(1)
		case n.Is("Concat") && len(n.Inputs) > 1:
			return f.joined(n, first, depth)
		case n.Is("ConstantOfShape"):
			return f.repeated(n, first)
		case n.Is("Concat", "Cast"), moves(n),
			n.Is("GatherElements", "GatherND", "Expand", "Tile", "Pad", "ScatterND", "ScatterElements", "Round", "Floor"):
			name = n.Input(0)
		default:
			return ClassNumbers{}, false
		}
	}
	return ClassNumbers{}, false
}

// joined are class numbers of several lists: those of one class each, or the
// only list among others that fill it up.
func (f numberFinder) joined(n *Node, first, depth int) (ClassNumbers, bool) {
	if depth >= maxNested {
		return ClassNumbers{}, false
	}
	var best ClassNumbers
	found := false
	for _, in := range n.Inputs {
		if *f.lists++; *f.lists > maxLists {
			return ClassNumbers{}, false
		}
		c, ok := f.find(in, depth+1)
		c.First += first
		switch {
		case !ok:
		case !found, c.Scores != "" && best.Scores == "", c.Scores == "" && best.Scores == "" && c.Count > best.Count:
			best, found = c, true
		}
	}
	return best, found
}

// repeated is one class number for many boxes.
func (f numberFinder) repeated(n *Node, first int) (ClassNumbers, bool) {
	t := n.AttrTensor("value")
	if t == nil {
		return ClassNumbers{}, false // zeros, which fill up
	}
	c, ok := f.list(t, first)
	c.Node = n
	return c, ok
}

// list is a constant of class numbers, as a detector of few classes repeats it
// for every box.
func (f numberFinder) list(t *Tensor, first int) (ClassNumbers, bool) {
	if t.Type.IsFloat() || t.Elements() < 1 || t.Elements() > 1<<16 {
		return ClassNumbers{}, false
	}
	v, err := t.Ints(f.model)
	if err != nil || slices.Min(v) < 0 || slices.Max(v) >= 1<<16 {
		return ClassNumbers{}, false
	}
	return ClassNumbers{Count: int(slices.Max(v)) + 1, First: first}, true
}

// suppressed reports what picks one column of the rows (picture, class, box)
// that NonMaxSuppression gives; nil where n picks something else.
func (f numberFinder) suppressed(n *Node) (nms *Node, column int) {
	from := n.Input(0)
	for range len(f.model.Graph.Nodes) + 1 {
		p, _ := f.index.Producer(from)
		if p.Is("NonMaxSuppression") {
			column, ok := f.whole(n.Input(1))
			if !ok {
				column = -1
			}
			return p, column
		}
		if !p.Is("Cast", "Identity") {
			return nil, 0
		}
		from = p.Input(0)
	}
	return nil, 0
}

// shift is a whole number that is added to class numbers, and the other operand.
func (f numberFinder) shift(n *Node) (added int, rest string, ok bool) {
	if v, ok := f.whole(n.Input(1)); ok {
		if n.Is("Sub") {
			v = -v
		}
		return v, n.Input(0), true
	}
	v, ok := f.whole(n.Input(0))
	return v, n.Input(1), ok && n.Is("Add")
}

// remainder is c where n is a − ⌊a/c⌋·c spelt out, else 0.
func (f numberFinder) remainder(n *Node) int {
	product, _ := f.index.Producer(n.Input(1))
	if !product.Is("Mul") {
		return 0
	}
	for slot := range 2 {
		if c, ok := f.whole(product.Input(slot)); ok && f.divides(product.Input(1-slot), n.Input(0)) {
			return c
		}
	}
	return 0
}

// divides tells whether a tensor is a quotient of a.
func (f numberFinder) divides(name, a string) bool {
	for range 4 {
		n, _ := f.index.Producer(name)
		switch {
		case n.Is("Div"):
			return n.Input(0) == a || f.source(n.Input(0)) == f.source(a)
		case n.Is("Floor", "Cast", "Identity"):
			name = n.Input(0)
		default:
			return false
		}
	}
	return false
}

// source looks through casts.
func (f numberFinder) source(name string) string {
	for range 4 {
		n, _ := f.index.Producer(name)
		if !n.Is("Cast", "Identity") {
			break
		}
		name = n.Input(0)
	}
	return name
}

// whole is the value of a constant of one whole number.
func (f numberFinder) whole(name string) (int, bool) {
	t := f.index.Constant(f.source(name))
	if t == nil || t.Elements() != 1 {
		return 0, false
	}
	v, err := t.Floats(f.model)
	if err != nil || v[0] != float32(int(v[0])) {
		return 0, false
	}
	return int(v[0]), true
}
