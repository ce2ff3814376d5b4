package gradient

import (
	"slices"

	"picasso/backend/onnx"
)

// Bounds of unrolling: beyond them a loop is refused.
const (
	maxTurns    = 1024
	maxUnrolled = 20000 // nodes
)

// lowerLoop writes the turns of a Loop one behind the other. Its count must be
// known, and its condition true throughout.
func lowerLoop(c *call) {
	body := c.body()
	if body == nil {
		return
	}
	carried := c.node.Inputs[2:]
	turns := c.loops(body, len(carried))
	if !c.unrollable(turns, body) {
		return
	}
	state := carried
	going := c.constant("true", func(name string) *onnx.Tensor {
		return &onnx.Tensor{Name: name, Type: onnx.Bool, Raw: []byte{1}}
	})
	stacks := make([][]string, len(body.Outputs)-1-len(carried))
	for turn := range turns {
		outputs := c.instance(body, append([]string{c.shaped(nil, []int64{turn}), going}, state...))
		state = outputs[1 : 1+len(carried)]
		for i, value := range outputs[1+len(carried):] {
			stacks[i] = append(stacks[i], c.unsqueeze(value, 0))
		}
	}
	for i, value := range state {
		c.give(i, value)
	}
	for i, parts := range stacks {
		c.give(len(carried)+i, c.joined(parts, 0))
	}
}

// steady is the check of Loop: a condition of the body's own would end it.
func steady(g *graph, n *onnx.Node) string {
	if a := n.Attr("body"); a != nil && a.G != nil && len(a.G.Inputs) > 1 && len(a.G.Outputs) > 0 && !alwaysTrue(g, a.G) {
		return "ends by a condition that is only known at run time; export with a fixed number of turns"
	}
	return ""
}

// loops is how often a Loop with a body of so many states runs.
func (c *call) loops(body *onnx.Graph, states int) int64 {
	if reason := steady(c.graph, c.node); reason != "" {
		c.refuse("%s", reason)
		return 0
	}
	if len(body.Inputs) != states+2 || len(body.Outputs) < states+1 {
		c.refuse("has a body of %d inputs for %d", len(body.Inputs), states+2)
		return 0
	}
	if c.has(1) {
		if v := c.integers(1); c.err != nil || len(v) != 1 || v[0] == 0 {
			c.refuse("does not run, or for how long is not known beforehand")
			return 0
		}
	}
	if v := c.turns(); len(v) == 1 {
		return v[0]
	}
	return -1
}

// turns reads the number of turns, which must not depend on the picture.
func (c *call) turns() []int64 {
	if !c.has(0) || c.data[c.arg(0)] && !c.facts.picture {
		c.refuse("repeats a part of the graph for a number of times that is only known at run time; export with a fixed number of turns")
		return nil
	}
	return c.integers(0)
}

func (c *call) body() *onnx.Graph {
	a := c.node.Attr("body")
	if a == nil || a.G == nil || len(c.node.Inputs) < 2 && c.node.Is("Loop") {
		c.refuse("has no body")
		return nil
	}
	return a.G
}

func (c *call) unrollable(turns int64, body *onnx.Graph) bool {
	switch {
	case c.err != nil:
		return false
	case turns < 1:
		c.refuse("has no turns")
	case turns > maxTurns || turns*int64(len(body.Nodes)) > maxUnrolled:
		c.refuse("has %d turns of %d nodes, more than are written out (%d turns, %d nodes)", turns, len(body.Nodes), maxTurns, maxUnrolled)
	}
	return c.err == nil
}

// alwaysTrue reports that the body of a Loop hands on the condition it was
// given, or a constant that is true.
func alwaysTrue(outer *graph, body *onnx.Graph) bool {
	index := body.Index()
	name := body.Outputs[0].Name
	for range len(body.Nodes) + 1 {
		if name == body.Inputs[1].Name {
			return true
		}
		t := index.Constant(name)
		if n, _ := index.Producer(name); t == nil && n == nil {
			t = outer.index.Constant(name)
		}
		if t != nil {
			v, err := t.Floats(outer.model)
			return err == nil && len(v) == 1 && v[0] != 0
		}
		n, _ := index.Producer(name)
		if !n.Is("Identity", "Cast") {
			return false
		}
		name = n.Input(0)
	}
	return false
}

// lowerScan writes the turns of a Scan one behind the other (operator set 9
// and later).
func lowerScan(c *call) {
	body := c.body()
	if body == nil {
		return
	}
	s := scanning{call: c, body: body, items: int(c.node.AttrInt("num_scan_inputs", 0))}
	s.states = len(c.node.Inputs) - s.items
	switch {
	case c.opset < 9:
		c.refuse("is of an operator set before 9, for which there is no rule")
	case s.items < 1 || s.states < 0 || len(body.Inputs) != len(c.node.Inputs) || len(body.Outputs) < s.states:
		c.refuse("has a body of %d inputs for %d", len(body.Inputs), len(c.node.Inputs))
	case c.in(s.states).rank() == 0:
		c.refuse("has an input without axes")
	}
	if c.err != nil {
		return
	}
	turns := c.in(s.states).Shape[s.axis("scan_input_axes", 0, c.in(s.states).rank())]
	if !c.unrollable(turns, body) {
		return
	}
	state := c.node.Inputs[:s.states]
	stacks := make([][]string, len(body.Outputs)-s.states)
	for turn := range turns {
		outputs := c.instance(body, append(slices.Clone(state), s.entries(turn, turns)...))
		state = outputs[:s.states]
		for i, value := range outputs[s.states:] {
			stacks[i] = append(stacks[i], value)
		}
	}
	for i, value := range state {
		c.give(i, value)
	}
	for i, parts := range stacks {
		s.stack(i, parts)
	}
}

// scanning is a Scan being written out.
type scanning struct {
	*call
	body          *onnx.Graph
	states, items int
}

// number is entry i of an attribute, 0 by default.
func (s scanning) number(attr string, i int) int64 {
	if list := s.node.AttrInts(attr); i < len(list) {
		return list[i]
	}
	return 0
}

func (s scanning) axis(attr string, i, rank int) int64 { return axis(s.number(attr, i), rank) }

// entries are what the items have at a turn.
func (s scanning) entries(turn, turns int64) []string {
	var list []string
	for i := range s.items {
		place := turn
		if s.number("scan_input_directions", i) != 0 {
			place = turns - 1 - turn
		}
		a := s.axis("scan_input_axes", i, s.in(s.states+i).rank())
		list = append(list, s.pick(s.arg(s.states+i), a, place))
	}
	return list
}

// stack gives the results of all turns as one output.
func (s scanning) stack(i int, parts []string) {
	if s.number("scan_output_directions", i) != 0 {
		slices.Reverse(parts)
	}
	a := s.axis("scan_output_axes", i, s.outRank(s.states+i, s.body))
	for k, part := range parts {
		parts[k] = s.unsqueeze(part, a)
	}
	s.give(s.states+i, s.joined(parts, a))
}

// outRank is the number of axes of output i of a Scan, for axes counted from
// the end.
func (c *call) outRank(i int, body *onnx.Graph) int {
	if f, known := c.facts.tensors[c.node.Output(i)]; known {
		return f.rank()
	}
	return len(body.Outputs[i].Shape) + 1
}
