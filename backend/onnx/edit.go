package onnx

import (
	"fmt"
	"slices"
)

// Expose makes inner tensors outputs of the graph, after those it has, without
// a stated shape. Names that are outputs already are left out. A tensor that
// no node computes is a *[GraphError].
func (g *Graph) Expose(names ...string) error {
	x := g.Index()
	for _, name := range names {
		if x.Output(name) != nil {
			continue
		}
		if node, _ := x.Producer(name); node == nil {
			return &GraphError{Graph: g.Name, Tensor: name, Fault: "cannot become an output, since no node computes it"}
		}
		v := &Value{Name: name}
		if known := x.Value(name); known != nil {
			v.Type = known.Type
		}
		g.Outputs = append(g.Outputs, v)
		x.outputs[name] = v
	}
	return nil
}

// KeepOutputs drops all outputs but the named ones.
func (g *Graph) KeepOutputs(names ...string) {
	g.Outputs = slices.DeleteFunc(g.Outputs, func(v *Value) bool { return !slices.Contains(names, v.Name) })
}

// Prune removes nodes and weights that no output needs. Inputs stay.
func (g *Graph) Prune() {
	x := g.Index()
	needed := map[string]bool{}
	wanted := map[*Node]bool{}
	var queue []string
	for _, v := range g.Outputs {
		queue = append(queue, v.Name)
	}
	for ; len(queue) > 0; queue = queue[1:] {
		name := queue[0]
		if needed[name] {
			continue
		}
		needed[name] = true
		if n, _ := x.Producer(name); n != nil && !wanted[n] {
			wanted[n] = true
			queue = append(queue, n.reads()...)
		}
	}
	g.Nodes = slices.DeleteFunc(g.Nodes, func(n *Node) bool { return !wanted[n] })
	g.Initializers = slices.DeleteFunc(g.Initializers, func(t *Tensor) bool { return !needed[t.Name] })
	g.ValueInfo = slices.DeleteFunc(g.ValueInfo, func(v *Value) bool { return !needed[v.Name] })
}

// FreeBatch replaces the first length of every input that a caller feeds and
// of every output by the symbol, and forgets the shapes of inner tensors,
// which the exporter wrote for its own batch. Constants inside the graph that
// repeat the batch (the shape of a Reshape) are not its business.
func (g *Graph) FreeBatch(symbol string) {
	for _, v := range append(g.Feeds(), g.Outputs...) {
		if len(v.Shape) > 0 {
			v.Shape[0] = Dim{Size: -1, Symbol: symbol}
		}
	}
	g.ValueInfo = nil
}

// Rename gives a tensor of the graph another name everywhere, bodies
// included. The new name must be free.
func (g *Graph) Rename(from, to string) error {
	x := g.Index()
	node, _ := x.Producer(to)
	if node != nil || x.Value(to) != nil || x.Constant(to) != nil || len(x.Consumers(to)) > 0 {
		return fmt.Errorf("rename %q: the graph has a tensor %q already", from, to)
	}
	g.rename(from, to)
	return nil
}

func (g *Graph) rename(from, to string) {
	swap := func(name *string) {
		if *name == from {
			*name = to
		}
	}
	for _, list := range [][]*Value{g.Inputs, g.Outputs, g.ValueInfo} {
		for _, v := range list {
			swap(&v.Name)
		}
	}
	for _, t := range g.Initializers {
		swap(&t.Name)
	}
	for _, n := range g.Nodes {
		for i := range n.Inputs {
			swap(&n.Inputs[i])
		}
		for i := range n.Outputs {
			swap(&n.Outputs[i])
		}
		for _, body := range n.Bodies() {
			if slices.Contains(body.Captures(), from) {
				body.rename(from, to)
			}
		}
	}
}

// DropInputs removes inputs that nothing in the graph reads and for which the
// function is true, and returns their names.
func (g *Graph) DropInputs(may func(*Value) bool) []string {
	x := g.Index()
	var names []string
	g.Inputs = slices.DeleteFunc(g.Inputs, func(v *Value) bool {
		if len(x.Consumers(v.Name)) > 0 || x.Output(v.Name) != nil || !may(v) {
			return false
		}
		names = append(names, v.Name)
		return true
	})
	return names
}
