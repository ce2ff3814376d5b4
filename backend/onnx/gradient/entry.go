package gradient

import (
	"fmt"
	"slices"

	"picasso/backend/onnx"
)

// rule writes the nodes that turn c.dy into c.dx.
type rule func(c *call)

// entry is a row of the table of rules. An input that depends on the picture
// either has a rule, or leaves the result constant, or the node is refused:
// nothing is dropped in silence.
type entry struct {
	rule rule
	// from are the inputs that the rule differentiates; nil is all.
	from []int
	// flat are the inputs that the result is constant in almost everywhere:
	// conditions and places.
	flat []int
	// to is the number of outputs that carry a gradient; 0 is all.
	to int
	// stops says that the outputs are constant almost everywhere; with only
	// set, where it holds.
	stops bool
	only  func(*graph, *onnx.Node) bool
	// check says as a clause why the rule does not cover a node, as far as its
	// attributes and constants show it; "" where they do not.
	check func(*graph, *onnx.Node) string
	// lower writes the node in simpler operators before gradients are built.
	lower lowering
	why   string // why there is no rule, as a clause
}

// entryOf is the row for a node; an empty one for an operator that is not in
// the table.
func entryOf(n *onnx.Node) entry {
	name := n.OpType
	if n.Domain != "" && n.Domain != "ai.onnx" {
		name = n.Domain + "." + n.OpType
	}
	return table[name]
}

// carries reports whether the result depends on input slot smoothly, so far as
// the table knows; −1 and slots beyond the inputs stand for tensors that a body
// captures.
func (g *graph) carries(n *onnx.Node, slot int) bool {
	e := entryOf(n)
	if e.stops && (e.only == nil || e.only(g, n)) {
		return false
	}
	return !slices.Contains(e.flat, slot)
}

// ruled reports whether the rule differentiates input slot.
func (e entry) ruled(slot int) bool { return e.from == nil || slices.Contains(e.from, slot) }

// results are the outputs that carry a gradient.
func (e entry) results(n *onnx.Node) []string {
	if e.to == 0 || e.to > len(n.Outputs) {
		return n.Outputs
	}
	return n.Outputs[:e.to]
}

// refusal is why a node on a route cannot be differentiated, as a clause; ""
// when its rule covers it as far as can be seen without running it.
func (g *graph) refusal(n *onnx.Node, r route) string {
	e := entryOf(n)
	switch {
	case e.why != "":
		return e.why
	case e.rule == nil && e.lower == nil:
		return "has no gradient rule"
	}
	if e.check != nil {
		if reason := e.check(g, n); reason != "" {
			return reason
		}
	}
	if e.lower != nil {
		return ""
	}
	for slot, name := range n.Inputs {
		if r.on[name] && g.carries(n, slot) && !e.ruled(slot) {
			return unruled(slot)
		}
	}
	return ""
}

func unruled(slot int) string {
	return fmt.Sprintf("has input %d computed from the picture, for which there is no rule", slot)
}
