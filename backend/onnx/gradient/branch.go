package gradient

import (
	"fmt"
	"slices"

	"picasso/backend/onnx"
)

// fixedBranch reports an If whose condition is the same for every picture.
func (g *graph) fixedBranch(n *onnx.Node) bool {
	return n.Is("If") && n.Input(0) != "" && !g.data[n.Input(0)]
}

// taken is the branch of an If that is always taken, or for the picture at hand
// where the facts are of it alone; nil for other nodes.
func (g *graph) taken(n *onnx.Node, facts Facts) *onnx.Graph {
	if !g.fixedBranch(n) && !(facts.picture && n.Is("If")) {
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

// undecided is the lowering of an If whose branch is not known.
func undecided(c *call) { c.refuse("chooses between branches in a way that is only known at run time") }

// unfold makes the nodes of a branch nodes of the graph, under new names, and
// joins its outputs to those of the If.
func (c *call) unfold(branch *onnx.Graph) {
	if len(branch.Outputs) != len(c.node.Outputs) {
		c.refuse("has branches of %d outputs for %d", len(branch.Outputs), len(c.node.Outputs))
		return
	}
	for i, out := range c.instance(branch, nil) {
		c.give(i, out)
	}
}

// instance copies the nodes of a body under new names, with its inputs bound to
// the given tensors, and returns what its outputs are called.
func (c *call) instance(body *onnx.Graph, inputs []string) []string {
	names := map[string]string{"": ""}
	for i, v := range body.Inputs {
		if i < len(inputs) {
			names[v.Name] = inputs[i]
		}
	}
	own := func(name string) {
		if name != "" {
			names[name] = c.fresh(body.Name + "/" + name)
		}
	}
	for _, t := range body.Initializers {
		own(t.Name)
		moved := *t
		moved.Name = names[t.Name]
		c.builder.out.Initializers = append(c.builder.out.Initializers, &moved)
	}
	for _, n := range body.Nodes {
		for _, out := range n.Outputs {
			own(out)
		}
	}
	for _, n := range body.Nodes {
		moved := renameNode(n, names)
		if moved.Name != "" { // the runtime takes no name twice
			c.count++
			moved.Name = fmt.Sprintf("%s#%d", moved.Name, c.count)
		}
		c.builder.out.Nodes = append(c.builder.out.Nodes, moved)
	}
	outputs := make([]string, len(body.Outputs))
	for i, v := range body.Outputs {
		outputs[i] = v.Name
		if inner, ok := names[v.Name]; ok {
			outputs[i] = inner
		}
	}
	return outputs
}

// renameNode is a copy of a node with other names of tensors, in its bodies
// too; names that the map does not have stay.
func renameNode(n *onnx.Node, names map[string]string) *onnx.Node {
	moved := *n
	moved.Inputs, moved.Outputs = renamed(n.Inputs, names), renamed(n.Outputs, names)
	if len(n.Bodies()) == 0 {
		return &moved
	}
	moved.Attrs = make([]*onnx.Attr, len(n.Attrs))
	for i, a := range n.Attrs {
		copied := *a
		if a.G != nil {
			copied.G = renameBody(a.G, names)
		}
		copied.Graphs = slices.Clone(a.Graphs)
		for k, g := range a.Graphs {
			copied.Graphs[k] = renameBody(g, names)
		}
		moved.Attrs[i] = &copied
	}
	return &moved
}

// renameBody renames what a body reads from around it.
func renameBody(g *onnx.Graph, outer map[string]string) *onnx.Graph {
	names := map[string]string{}
	for _, name := range g.Captures() {
		if to, ok := outer[name]; ok {
			names[name] = to
		}
	}
	out := *g
	out.Nodes = make([]*onnx.Node, len(g.Nodes))
	for i, n := range g.Nodes {
		out.Nodes[i] = renameNode(n, names)
	}
	out.Outputs = make([]*onnx.Value, len(g.Outputs))
	for i, v := range g.Outputs {
		moved := *v
		if to, ok := names[v.Name]; ok {
			moved.Name = to
		}
		out.Outputs[i] = &moved
	}
	return &out
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
