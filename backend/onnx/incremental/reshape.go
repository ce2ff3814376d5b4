package incremental

import (
	"fmt"
	"slices"

	"picasso/backend/onnx"
)

// reshape: other axes than pictures, rows and columns are split or joined, as a
// shuffle of channels does. Rows and columns stay axes of their own.
func reshape(c *call, s *step) bool {
	l := c.in(0)
	k, known := c.facts(c.node.Output(0))
	if !c.alone() || !known || len(k.Shape) < 3 || k.Shape[0] != 1 {
		return false
	}
	at, ok := l.found(k.Shape)
	if !ok {
		return false
	}
	c.reads(s, 0, same(l.Length(0)), same(l.Length(1)))
	s.cost = float64(l.Depth()) * elementCost
	if out := c.gives(0); out == nil || out.Axes != at {
		return false
	}
	s.keeps = slices.Clone(k.Shape)
	s.keeps[0], s.keeps[at[0]], s.keeps[at[1]] = ofPictures, ofRows, ofColumns
	return true
}

// Lengths of a new shape that a crop decides.
const (
	ofPictures = -1
	ofRows     = -2
	ofColumns  = -3
)

// found looks for rows and columns in a new shape: what lies before, between and
// behind them has the same number of elements as before.
func (l *Local) found(shape []int) (at [2]int, ok bool) {
	outer, mid, inner := l.Planes()
	for y := 1; y < len(shape); y++ {
		if shape[y] != l.Length(0) || product(shape[1:y]) != outer {
			continue
		}
		for x := y + 1; x < len(shape); x++ {
			if shape[x] == l.Length(1) && product(shape[y+1:x]) == mid && product(shape[x+1:]) == inner {
				return [2]int{y, x}, true
			}
		}
	}
	return at, false
}

// resize makes a Reshape or Flatten take its rows and columns from what it is
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
		axis := 0
		switch n {
		case ofPictures:
		case ofRows:
			axis = l.Axes[0]
		case ofColumns:
			axis = l.Axes[1]
		default:
			parts = append(parts, constant(fmt.Sprint("length ", i), int64(n)))
			continue
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
