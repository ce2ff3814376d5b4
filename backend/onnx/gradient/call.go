package gradient

import (
	"fmt"
	"slices"

	"picasso/backend/onnx"
)

// call is one node being differentiated: what a rule works with.
type call struct {
	*builder
	node  *onnx.Node
	opset int64
	dy    []string                        // gradient by output, "" where none arrives
	want  []bool                          // inputs whose gradient is wanted
	dx    []string                        // result: gradient by input
	given []string                        // values that stand in for the inputs, where set
	lists map[string]func(*call) []string // sequences, while a node is lowered
}

// x is the value of input i as float32, y that of output i.
func (c *call) x(i int) string {
	if c.given != nil {
		return c.given[i]
	}
	return c.value(c.node.Input(i))
}

func (c *call) y(i int) string { return c.value(c.node.Output(i)) }

// observed fails where the shape of an input is not known, which rules
// and lowerings may then rely on.
func (c *call) observed() {
	for _, name := range c.node.Inputs {
		if name != "" {
			c.fact(name)
		}
	}
}

// in and out describe input and output i.
func (c *call) in(i int) Fact  { return c.fact(c.node.Input(i)) }
func (c *call) out(i int) Fact { return c.fact(c.node.Output(i)) }

// has reports whether the optional input i is given.
func (c *call) has(i int) bool { return c.node.Input(i) != "" }

// wants reports whether the gradient of input i is asked for.
func (c *call) wants(i int) bool { return i >= 0 && i < len(c.want) && c.want[i] }

// refuse says that the rule does not cover this node.
func (c *call) refuse(format string, args ...any) {
	c.fail(unsupported(c.node, fmt.Sprintf(format, args...)))
}

// single refuses nodes where a gradient arrives at another output than the
// first, and returns the gradient of the first.
func (c *call) single() string {
	for i, g := range c.dy {
		if i > 0 && g != "" {
			c.refuse("passes its output %d on, for which there is no rule", i)
		}
	}
	return c.dy[0]
}

// reads the integers of input i, which must not depend on the picture; nil
// where the input is not given.
func (c *call) integers(i int) []int64 {
	name := c.node.Input(i)
	if name == "" || c.err != nil {
		return nil
	}
	if t := c.index.Constant(name); t != nil {
		if t.Type.IsFloat() {
			return integers(c.numbers(i))
		}
		v, err := t.Ints(c.model)
		if err != nil {
			c.fail(err)
		}
		return v
	}
	return integers(c.numbers(i))
}

// numbers reads the elements of input i like [call.integers].
func (c *call) numbers(i int) []float32 {
	name := c.node.Input(i)
	if name == "" || c.err != nil {
		return nil
	}
	if t := c.index.Constant(name); t != nil {
		v, err := t.Floats(c.model)
		if err != nil {
			c.fail(err)
		}
		return v
	}
	f := c.fact(name)
	if c.data[name] && !c.facts.picture {
		c.refuse("takes its input %d from the picture, where a constant is needed", i)
		return nil
	}
	if f.Value == nil {
		c.refuse("has an input %d too large to be read as a constant", i)
	}
	return f.Value
}

// list reads a list of integers that older operator sets hold in an attribute
// and newer ones in input i; nil where it is given in neither.
func (c *call) list(attr string, i int) []int64 {
	if a := c.node.Attr(attr); a != nil {
		return a.Ints
	}
	return c.integers(i)
}

// like gives g the shape of input i.
func (c *call) like(g string, i int) string {
	return c.reshape(g, c.in(i).open())
}

// fit sums g, which has the shape of output 0, over the axes along which input
// i was broadcast.
func (c *call) fit(g string, i int) string { return c.unbroadcast(g, c.out(0), c.in(i)) }

// unbroadcast sums g of shape from over the axes along which to was repeated.
func (b *builder) unbroadcast(g string, from, to Fact) string {
	lead := from.rank() - to.rank()
	if lead < 0 || b.err != nil {
		b.fail(fmt.Errorf("shape %v does not broadcast to %v", to.Shape, from.Shape))
		return ""
	}
	var axes []int64
	for axis, d := range from.Shape {
		own := axis - lead
		switch {
		case axis == from.Batch && (own < 0 || own != to.Batch):
			b.closed()
		case d != 1 && (own < 0 || to.Shape[own] == 1):
			axes = append(axes, int64(axis))
		}
	}
	if len(axes) > 0 {
		g = b.sum(g, axes...)
	}
	if lead > 0 {
		g = b.reshape(g, to.open())
	}
	return g
}

// expand repeats g along the axes of length 1 up to the shape f.
func (b *builder) expand(g string, f Fact) string {
	shape := slices.Clone(f.Shape)
	if f.Batch >= 0 {
		shape[f.Batch] = 1 // whatever g has
	}
	return b.op("Expand", []string{g, b.ints(shape...)})
}

// axis brings an axis number into 0…rank−1.
func axis(a int64, rank int) int64 {
	if a < 0 {
		a += int64(rank)
	}
	return a
}

// alongBatch gives up the open batch when a rule works along the batch axis.
func (b *builder) alongBatch(f Fact, axes ...int64) {
	if f.Batch >= 0 && slices.Contains(axes, int64(f.Batch)) {
		b.closed()
	}
}
