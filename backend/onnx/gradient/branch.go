package gradient

import (
	"fmt"

	"picasso/backend/onnx"
)

// Decide returns the model with every If whose condition does not depend on
// the picture replaced by the branch that is taken, as the facts show it.
// Exporters write such nodes for shapes they did not know. changed tells
// whether there was one; the result must then be probed anew.
func Decide(m *onnx.Model, facts Facts) (decided *onnx.Model, changed bool, err error) {
	g, err := newGraph(m)
	if err != nil {
		return nil, false, err
	}
	var nodes []*onnx.Node
	out := g.model
	names := newEditor(out)
	for _, n := range g.nodes {
		branch := g.taken(n, facts)
		if branch == nil {
			nodes = append(nodes, n)
			continue
		}
		changed = true
		inner, err := names.unfold(n, branch)
		if err != nil {
			return nil, false, err
		}
		nodes = append(nodes, inner...)
	}
	if !changed {
		return m, false, nil
	}
	out.Graph.Nodes = nodes
	return out, true, nil
}

// fixedBranch reports an If whose condition is the same for every picture.
func (g *graph) fixedBranch(n *onnx.Node) bool {
	return n.Is("If") && n.Input(0) != "" && !g.data[n.Input(0)]
}

// taken is the branch of an If that is always taken, nil for other nodes.
func (g *graph) taken(n *onnx.Node, facts Facts) *onnx.Graph {
	if !g.fixedBranch(n) {
		return nil
	}
	value := facts.tensors[n.Input(0)].Value
	if t := g.index.Constant(n.Input(0)); t != nil {
		value, _ = t.Floats(g.model)
	}
	if len(value) != 1 {
		return nil
	}
	name := "else_branch"
	if value[0] != 0 {
		name = "then_branch"
	}
	if a := n.Attr(name); a != nil {
		return a.G
	}
	return nil
}

// unfold makes the nodes of a branch nodes of the graph, under new names, and
// joins its outputs to those of the If.
func (b *builder) unfold(n *onnx.Node, branch *onnx.Graph) ([]*onnx.Node, error) {
	if len(branch.Outputs) != len(n.Outputs) {
		return nil, fmt.Errorf("the branches of %s have %d outputs for %d", n.Label(), len(branch.Outputs), len(n.Outputs))
	}
	names := map[string]string{"": ""}
	own := func(name string) {
		if name != "" {
			names[name] = b.fresh(branch.Name + "/" + name)
		}
	}
	for _, t := range branch.Initializers {
		own(t.Name)
		moved := *t
		moved.Name = names[t.Name]
		b.out.Initializers = append(b.out.Initializers, &moved)
	}
	for _, inner := range branch.Nodes {
		for _, out := range inner.Outputs {
			own(out)
		}
	}
	var nodes []*onnx.Node
	for _, inner := range branch.Nodes {
		if len(inner.Bodies()) > 0 {
			return nil, &Unsupported{n.OpType, n.Domain, n.Label(), "has branches inside its branches"}
		}
		moved := *inner
		moved.Inputs, moved.Outputs = renamed(inner.Inputs, names), renamed(inner.Outputs, names)
		nodes = append(nodes, &moved)
	}
	for i, v := range branch.Outputs {
		from := renamed([]string{v.Name}, names)
		nodes = append(nodes, &onnx.Node{OpType: "Identity", Inputs: from, Outputs: []string{n.Outputs[i]}})
	}
	return nodes, nil
}

// renamed keeps names from outside the branch.
func renamed(list []string, names map[string]string) []string {
	out := make([]string, len(list))
	for i, name := range list {
		out[i] = name
		if inner, ok := names[name]; ok {
			out[i] = inner
		}
	}
	return out
}
