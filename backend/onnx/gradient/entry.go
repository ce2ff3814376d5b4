package gradient

import "picasso/backend/onnx"

// rule writes the nodes that turn c.dy into c.dx.
type rule func(c *call)

// entry is a row of the table of rules.
type entry struct {
	rule rule
	// from are the inputs through which a gradient flows; nil is all.
	from []int
	// to is the number of outputs that carry a gradient; 0 is all.
	to int
	// stops says that the outputs are constant almost everywhere; with only
	// set, where it holds.
	stops bool
	only  func(*onnx.Node) bool
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

// carries reports whether a gradient can flow through input slot; −1 and
// slots beyond the inputs stand for tensors that a body captures.
func (e entry) carries(n *onnx.Node, slot int) bool {
	if e.stops && (e.only == nil || e.only(n)) {
		return false
	}
	if e.from == nil {
		return true
	}
	for _, s := range e.from {
		if s == slot {
			return true
		}
	}
	return false
}

// results are the outputs that carry a gradient.
func (e entry) results(n *onnx.Node) []string {
	if e.to == 0 || e.to > len(n.Outputs) {
		return n.Outputs
	}
	return n.Outputs[:e.to]
}

// refusal is why nodes with this entry cannot be differentiated, "" when they
// can.
func (e entry) refusal() string {
	switch {
	case e.why != "":
		return e.why
	case e.rule == nil:
		return "has no gradient rule"
	}
	return ""
}
