package gradient

import (
	"errors"
	"fmt"

	"picasso/backend/onnx"
)

// lowering writes what a node computes in simpler operators of the model's own
// operator set, before gradients are built: c.dx stays empty, and every output
// is given by [call.give].
type lowering func(c *call)

// Decide returns the model with every node that is known by the facts alone
// written in simpler operators, so that the rules of those differentiate it: an
// If whose condition does not depend on the picture becomes the branch that is
// taken, a Loop of a known count its turns, and a fused operator its parts.
// changed tells whether there was one; the result must then be probed anew.
// Nodes that the picture does not reach, and those that cannot be written that
// way, stay as they are.
func Decide(m *onnx.Model, facts Facts) (decided *onnx.Model, changed bool, err error) {
	g, err := newGraph(m)
	if err != nil {
		return nil, false, err
	}
	var feeds []string
	for _, v := range g.model.Graph.Feeds() {
		feeds = append(feeds, v.Name)
	}
	active := g.activate(feeds)
	l := newLowerer(g, facts)
	var nodes []*onnx.Node
	for _, n := range g.nodes {
		l.note(n)
		made, err := l.attempt(n, anyOf(active, n.Outputs))
		if isUnsupported(err) {
			made, err = nil, nil // [Build] says why, if it matters
		}
		if err != nil {
			return nil, false, err
		}
		if made == nil {
			nodes = append(nodes, n)
			continue
		}
		changed = true
		nodes = append(nodes, made...)
	}
	if !changed {
		return m, false, nil
	}
	out := g.model.Graph
	out.Nodes = nodes
	l.merge(out)
	return Widen(g.model), true, nil // which branches kept from being widened before
}

// lowerer rewrites the nodes of a model one after the other.
type lowerer struct {
	*builder
	// sequences are the lists of tensors whose members are known, by name. The
	// nodes of a list are written when a member is taken.
	sequences map[string]func(*call) []string
	// constants are what the nodes of the model being made need besides.
	constants []*onnx.Tensor
	inputs    []*onnx.Value
	written   int // nodes
}

// maxWritten bounds the nodes of a graph that is written out: loops inside loops
// multiply.
const maxWritten = 200_000

func newLowerer(g *graph, facts Facts) *lowerer {
	b := newEditor(g.model)
	b.graph, b.facts, b.level = g, facts, Broadcast
	b.values, b.known, b.notes, b.plan = map[string]string{}, map[string]string{}, map[string]bool{}, &Plan{}
	return &lowerer{builder: b, sequences: map[string]func(*call) []string{}}
}

// errUnlowered is the answer for a node that needs no lowering.
var errUnlowered = errors.New("the node is kept")

// keepNode is the lowering of nodes that make lists: they stay, and have no
// meaning on a route once their members are taken by name.
func keepNode(c *call) { c.fail(errUnlowered) }

// attempt returns the nodes that stand for n, nil where it is kept.
func (l *lowerer) attempt(n *onnx.Node, active bool) ([]*onnx.Node, error) {
	lower := entryOf(n).lower
	if branch := l.graph.taken(n, l.facts); branch != nil {
		lower = func(c *call) { c.unfold(branch) }
	}
	if lower == nil || !active && !n.Is("If") {
		return nil, nil
	}
	before := *l.builder
	l.out = &onnx.Graph{}
	c := &call{builder: l.builder, node: n, opset: l.opsetOf(n.Domain), lists: l.sequences}
	c.dx, c.want = make([]string, len(n.Inputs)), make([]bool, len(n.Inputs))
	if !structural(n) {
		c.observed()
		c.wide()
	}
	if l.err == nil {
		lower(c)
	}
	made, err := l.out, l.err
	l.out, l.err = before.out, nil
	if l.written += len(made.Nodes); err == nil && len(l.nodes)+l.written > maxWritten {
		return nil, unsupported(n, fmt.Sprintf("makes the graph larger than %d nodes when it is written out", maxWritten))
	}
	if errors.Is(err, errUnlowered) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	l.constants = append(l.constants, made.Initializers...)
	l.inputs = append(l.inputs, made.Inputs...)
	return made.Nodes, nil
}

// wide refuses nodes in half or double precision: the constants of lowerings are
// float32, to which [Widen] brings all models that it can.
func (c *call) wide() {
	for _, name := range c.node.Inputs {
		if t := c.kinds[name]; otherFloat(t) {
			c.refuse("computes in %v inside a model with branches or loops, for which there is no rule", t)
			return
		}
	}
}

// structural are the nodes that may hand lists and conditions around, of which
// no shape is known.
func structural(n *onnx.Node) bool {
	return n.Is("If", "Loop", "Scan", "SequenceAt", "ConcatFromSequence", "SequenceConstruct", "SequenceEmpty",
		"SequenceInsert", "SequenceErase", "SplitToSequence")
}

// merge adds the constants to the graph. Files of IR version 3 list them among
// the inputs.
func (l *lowerer) merge(g *onnx.Graph) {
	g.Initializers = append(g.Initializers, l.constants...)
	g.Inputs = append(g.Inputs, l.inputs...)
	if l.model.IRVersion >= 4 {
		return
	}
	for _, t := range l.constants {
		v := &onnx.Value{Name: t.Name, Type: t.Type}
		for _, d := range t.Dims {
			v.Shape = append(v.Shape, onnx.Dim{Size: d})
		}
		g.Inputs = append(g.Inputs, v)
	}
}

// whyKept is why [Decide] kept a node that a table entry can lower.
func (g *graph) whyKept(n *onnx.Node, facts Facts) string {
	_, err := newLowerer(g, facts).attempt(n, true)
	var u *Unsupported
	if errors.As(err, &u) {
		return u.Reason
	}
	if err != nil {
		return fmt.Sprintf("cannot be written in simpler operators (%v)", err)
	}
	return "makes a list of tensors that is used in a way without a gradient rule"
}

// give makes a tensor the node's output i.
func (c *call) give(i int, value string) {
	name := c.node.Output(i)
	if name == "" || c.err != nil {
		return
	}
	c.builder.out.Nodes = append(c.builder.out.Nodes, &onnx.Node{OpType: "Identity", Inputs: []string{value}, Outputs: []string{name}})
}

// arg is the name of input i, for lowering.
func (c *call) arg(i int) string { return c.node.Input(i) }

// gives reports whether output i is asked for.
func (c *call) gives(i int) bool { return c.node.Output(i) != "" }
