package incremental

import (
	"fmt"
	"slices"

	"picasso/backend/onnx"
)

// reshape: other axes than pictures and places are split or joined, as a shuffle
// of channels does. Axes of places stay axes of their own.
func reshape(c *call, s *step) bool {
	l := c.in(0)
	k, known := c.facts(c.node.Output(0))
	if !c.alone() || !known || len(k.Shape) < 3 || k.Shape[0] != 1 {
		return false
	}
	at := l.found(k.Shape)
	if at == nil {
		return false
	}
	c.reads(s, 0, l.same())
	s.cost = float64(l.Depth()) * elementCost
	if out := c.gives(0); out == nil || !slices.Equal(out.Axes, at) {
		return false
	}
	s.keeps = slices.Clone(k.Shape)
	s.keeps[0] = ofPictures
	for i, a := range at {
		s.keeps[a] = ofPlaces - i
	}
	return true
}

// Lengths of a new shape that a crop decides: that of the batch, and those of the
// axes of places from the first on, counting down.
const (
	ofPictures = -1
	ofPlaces   = -2
)

// found looks for the axes of places in a new shape: what lies before, between and
// behind them has the same number of elements as before. It is nil where they are
// not there.
func (l *Local) found(shape []int) []int {
	runs := l.Runs()
	var look func(at []int, from int) []int
	look = func(at []int, from int) []int {
		k := len(at)
		if k == len(l.Axes) {
			if product(shape[from:]) == runs[k] {
				return at
			}
			return nil
		}
		for i := from; i < len(shape); i++ {
			if shape[i] != l.Length(k) || product(shape[from:i]) != runs[k] {
				continue
			}
			if found := look(append(at[:k:k], i), i+1); found != nil {
				return found
			}
		}
		return nil
	}
	return look(nil, 1)
}

// resize makes a Reshape or Flatten take its places from what it is
// given: the file's numbers are those of the whole map.
func (p *Prefix) resize(g *onnx.Graph, st *step) {
	at := slices.IndexFunc(g.Nodes, func(n *onnx.Node) bool { return n.Output(0) == st.node.Output(0) })
	if st.keeps == nil || at < 0 {
		return
	}
	l := p.Tensors[st.reads[0].tensor]
	name := func(part string) string { return p.free(st.node.Output(0)+" "+part, 0) }
	constant := func(part string, v ...int64) string {
		t := onnx.NewInts(name(part), []int64{int64(len(v))}, v)
		g.Initializers = append(g.Initializers, t)
		return t.Name
	}
	shape := &onnx.Node{OpType: "Shape", Inputs: []string{g.Nodes[at].Input(0)}, Outputs: []string{name("shape")}}
	nodes := []*onnx.Node{shape}
	var parts []string
	for i, n := range st.keeps {
		if n >= 0 {
			parts = append(parts, constant(fmt.Sprint("length ", i), int64(n)))
			continue
		}
		axis := 0
		if n <= ofPlaces {
			axis = l.Axes[ofPlaces-n]
		}
		length := name(fmt.Sprint("axis ", i))
		nodes = append(nodes, &onnx.Node{OpType: "Gather", Inputs: []string{shape.Outputs[0], constant(fmt.Sprint("place ", i), int64(axis))}, Outputs: []string{length}})
		parts = append(parts, length)
	}
	target := &onnx.Node{OpType: "Concat", Inputs: parts, Outputs: []string{name("new shape")}, Attrs: []*onnx.Attr{{Name: "axis", Kind: onnx.AttrInt}}}
	n := g.Nodes[at]
	n.OpType, n.Attrs, n.Inputs = "Reshape", nil, []string{n.Input(0), target.Outputs[0]}
	g.Nodes = slices.Insert(g.Nodes, at, append(nodes, target)...)
}
