package gradient

import "picasso/backend/onnx"

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
	if reason := steady(c.graph, c.node); reason != "" {
		c.refuse("%s", reason)
		return
	}
	if len(body.Inputs) != len(carried)+2 || len(body.Outputs) < len(carried)+1 {
		c.refuse("has a body of %d inputs for %d", len(body.Inputs), len(carried)+2)
		return
	}
	if c.has(1) {
		if v := c.integers(1); c.err != nil || len(v) != 1 || v[0] == 0 {
			c.refuse("does not run, or for how long is not known beforehand")
			return
		}
	}
	turns := int64(-1)
	if v := c.turns(); len(v) == 1 {
		turns = v[0]
	}
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
	if c.opset < 9 {
		c.refuse("is of an operator set before 9, for which there is no rule")
		return
	}
	scans := int(c.node.AttrInt("num_scan_inputs", 0))
	states := len(c.node.Inputs) - scans
	if scans < 1 || states < 0 || len(body.Inputs) != len(c.node.Inputs) || len(body.Outputs) < states {
		c.refuse("has a body of %d inputs for %d", len(body.Inputs), len(c.node.Inputs))
		return
	}
	at := func(attr string, i int) int64 {
		if list := c.node.AttrInts(attr); i < len(list) {
			return list[i]
		}
		return 0
	}
	first := c.in(states)
	if first.rank() == 0 {
		c.refuse("has an input without axes")
		return
	}
	turns := first.Shape[axis(at("scan_input_axes", 0), first.rank())]
	if !c.unrollable(turns, body) {
		return
	}
	state := c.node.Inputs[:states]
	stacks := make([][]string, len(body.Outputs)-states)
	for turn := range turns {
		given := append([]string(nil), state...)
		for i := range scans {
			place := turn
			if at("scan_input_directions", i) != 0 {
				place = turns - 1 - turn
			}
			f := c.in(states + i)
			a := axis(at("scan_input_axes", i), f.rank())
			given = append(given, c.pick(c.arg(states+i), a, place))
		}
		outputs := c.instance(body, given)
		state = outputs[:states]
		for i, value := range outputs[states:] {
			if at("scan_output_directions", i) != 0 {
				stacks[i] = append([]string{value}, stacks[i]...)
			} else {
				stacks[i] = append(stacks[i], value)
			}
		}
	}
	for i, value := range state {
		c.give(i, value)
	}
	for i, parts := range stacks {
		a := axis(at("scan_output_axes", i), c.outRank(states+i, body))
		for k, part := range parts {
			parts[k] = c.unsqueeze(part, a)
		}
		c.give(states+i, c.joined(parts, a))
	}
}

// outRank is the number of axes of output i of a Scan, for axes counted from
// the end.
func (c *call) outRank(i int, body *onnx.Graph) int {
	if f, known := c.facts.tensors[c.node.Output(i)]; known {
		return f.rank()
	}
	return len(body.Outputs[i].Shape) + 1
}
