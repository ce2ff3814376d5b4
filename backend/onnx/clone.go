package onnx

import (
	"maps"
	"slices"
)

// Clone copies the structure of the model: graphs, nodes, attributes, values
// and tensors may be changed without touching the original. The bytes of
// tensors and of unknown fields are shared and must not be written to.
func (m *Model) Clone() *Model {
	c := *m
	c.Opsets = maps.Clone(m.Opsets)
	c.Metadata = maps.Clone(m.Metadata)
	c.Graph = m.Graph.clone()
	c.Functions = cloneAll(m.Functions, (*Function).clone)
	return &c
}

func cloneAll[T any](list []*T, clone func(*T) *T) []*T {
	if list == nil {
		return nil
	}
	out := make([]*T, len(list))
	for i, v := range list {
		out[i] = clone(v)
	}
	return out
}

func (g *Graph) clone() *Graph {
	if g == nil {
		return nil
	}
	c := *g
	c.Nodes = cloneAll(g.Nodes, (*Node).clone)
	c.Inputs = cloneAll(g.Inputs, (*Value).clone)
	c.Outputs = cloneAll(g.Outputs, (*Value).clone)
	c.ValueInfo = cloneAll(g.ValueInfo, (*Value).clone)
	c.Initializers = cloneAll(g.Initializers, (*Tensor).clone)
	return &c
}

func (n *Node) clone() *Node {
	c := *n
	c.Inputs = slices.Clone(n.Inputs)
	c.Outputs = slices.Clone(n.Outputs)
	c.Attrs = cloneAll(n.Attrs, (*Attr).clone)
	return &c
}

func (a *Attr) clone() *Attr {
	c := *a
	if a.T != nil {
		c.T = a.T.clone()
	}
	c.G = a.G.clone()
	c.Floats = slices.Clone(a.Floats)
	c.Ints = slices.Clone(a.Ints)
	c.Strings = slices.Clone(a.Strings)
	c.Tensors = cloneAll(a.Tensors, (*Tensor).clone)
	c.Graphs = cloneAll(a.Graphs, (*Graph).clone)
	return &c
}

func (v *Value) clone() *Value {
	c := *v
	c.Shape = slices.Clone(v.Shape)
	return &c
}

func (t *Tensor) clone() *Tensor {
	c := *t
	c.Dims = slices.Clone(t.Dims)
	if t.Span != nil {
		span := *t.Span
		c.Span = &span
	}
	if t.External != nil {
		external := *t.External
		c.External = &external
	}
	return &c
}

func (f *Function) clone() *Function {
	c := *f
	c.Inputs = slices.Clone(f.Inputs)
	c.Outputs = slices.Clone(f.Outputs)
	c.Attrs = slices.Clone(f.Attrs)
	c.Default = cloneAll(f.Default, (*Attr).clone)
	c.Nodes = cloneAll(f.Nodes, (*Node).clone)
	c.Opsets = maps.Clone(f.Opsets)
	return &c
}
