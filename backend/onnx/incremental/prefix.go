package incremental

import (
	"fmt"
	"slices"

	"picasso/backend/onnx"
	"picasso/backend/onnx/axes"
)

// Prefix is the spatially local beginning of a network: the tensors that keep
// the input's axes of places, and the steps between them in the order of the graph.
type Prefix struct {
	Tensors []*Local // the model's input first
	Rank    int      // number of axes of places: 2 for pictures, 3 for volumes

	model   *onnx.Model
	facts   axes.Facts
	roles   *axes.Map
	index   *onnx.Index
	data    map[string]bool // tensors that depend on the picture
	ids     map[string]int
	steps   []*step
	others  []*onnx.Node // nodes that depend on the picture and are no steps
	outputs []string     // what the caller wants to know
}

// step is one node of the prefix.
type step struct {
	node  *onnx.Node
	reads []read
	outs  []int   // tensors it writes
	macs  float64 // multiply-adds at one place of the output
	cost  float64 // time at one place of the output, in multiply-adds
	heavy bool    // a segment may begin here
	pads  []Padding
	keeps []int // a Reshape's new shape, negative where a crop decides: see ofPictures
}

// read is a tensor that a step depends on: which input it is, and how.
type read struct {
	tensor, slot int
	axes         []Axis
}

// Trace finds the local prefix of a model without local functions. layout says
// what the axes of the input are; outputs are the tensors that a run should
// give. Which axes of a tensor are slices, rows and columns is followed by
// [axes.Trace]; a step is a node whose results at a place depend on places
// around it.
func Trace(m *onnx.Model, facts axes.Facts, input string, layout axes.Layout, outputs []string) (*Prefix, error) {
	shape, ok := facts(input)
	at := layout.Places()
	if !ok || len(shape.Shape) != len(layout) || len(at) != len(layout)-2 || shape.Shape[0] != 1 {
		return nil, fmt.Errorf("the input %q is not a batch of pictures or volumes", input)
	}
	p := &Prefix{
		Rank: len(at), model: m, facts: facts, index: m.Graph.Index(),
		data: map[string]bool{input: true}, ids: map[string]int{}, outputs: outputs,
	}
	for _, name := range outputs {
		if node, _ := p.index.Producer(name); node == nil {
			return nil, fmt.Errorf("no node computes the output %q", name)
		}
	}
	if !p.ordered(at) {
		return nil, fmt.Errorf("the input %q has no rows and columns in this order", input)
	}
	p.roles = axes.Trace(m, facts, input, layout)
	p.add(&Local{Name: input, Type: shape.Type, Shape: shape.Shape, Axes: at, step: slices.Repeat([]int{unit}, p.Rank)})
	for _, n := range m.Graph.Nodes {
		if p.dependent(n) {
			p.visit(n)
		}
	}
	return p, nil
}

// unit is how many parts a pixel of the input is counted as, so that tensors
// with more rows than the input have whole steps too.
const unit = 64

func (p *Prefix) add(l *Local) int {
	id := len(p.Tensors)
	p.ids[l.Name] = id
	p.Tensors = append(p.Tensors, l)
	return id
}

// dependent reports whether a node depends on the picture, and marks its
// outputs.
func (p *Prefix) dependent(n *onnx.Node) bool {
	touched := slices.ContainsFunc(n.Inputs, func(name string) bool { return p.data[name] })
	for _, body := range n.Bodies() {
		touched = touched || slices.ContainsFunc(body.Captures(), func(name string) bool { return p.data[name] })
	}
	if touched {
		for _, name := range n.Outputs {
			if name != "" {
				p.data[name] = true
			}
		}
	}
	return touched
}

// visit makes a step of the node where there is a rule for it.
func (p *Prefix) visit(n *onnx.Node) {
	c := &call{Prefix: p, node: n}
	name := n.OpType
	if !n.Is(name) {
		name = n.Domain + "." + name
	}
	rule := rules()[name]
	if rule == nil || len(n.Bodies()) > 0 || !c.sources() {
		p.others = append(p.others, n)
		return
	}
	s := &step{node: n}
	if !rule(c, s) || !c.finish(s) {
		p.others = append(p.others, n)
		return
	}
	p.steps = append(p.steps, s)
}

// call is a node for which a rule is asked.
type call struct {
	*Prefix
	node *onnx.Node
	outs []*Local
}

// sources reports whether every input is local or constant.
func (c *call) sources() bool {
	for _, name := range c.node.Inputs {
		if _, local := c.ids[name]; name != "" && c.data[name] && !local {
			return false
		}
	}
	return true
}

// in is input i where it is local, else nil.
func (c *call) in(i int) *Local {
	if id, ok := c.ids[c.node.Input(i)]; ok {
		return c.Tensors[id]
	}
	return nil
}

// shape is the shape of a tensor, nil where it is not known.
func (c *call) shape(name string) []int {
	if t := c.index.Constant(name); t != nil {
		dims := make([]int, len(t.Dims))
		for i, d := range t.Dims {
			dims[i] = int(d)
		}
		return dims
	}
	if k, ok := c.facts(name); ok {
		return k.Shape
	}
	return nil
}

// numbers are the elements of input i, which must be a small constant.
func (c *call) numbers(i int) ([]int, bool) {
	if t := c.index.Constant(c.node.Input(i)); t != nil && !t.Type.IsFloat() && t.Elements() <= maxConstant {
		v, err := t.Ints(c.model)
		return ints(v), err == nil
	}
	values, ok := c.floats(i)
	out := make([]int, len(values))
	for k, v := range values {
		out[k] = int(min(max(v, -endless), endless))
	}
	return out, ok
}

// endless stands for numbers too large for float32 to hold exactly, such as
// the end of a slice without end.
const endless = 1 << 40

const maxConstant = 4096

func (c *call) floats(i int) ([]float32, bool) {
	name := c.node.Input(i)
	if name == "" || c.data[name] {
		return nil, false
	}
	if t := c.index.Constant(name); t != nil {
		if t.Elements() > maxConstant {
			return nil, false
		}
		v, err := t.Floats(c.model)
		return v, err == nil
	}
	k, ok := c.facts(name)
	return k.Value, ok && k.Value != nil
}

// reads records that the step depends on input slot.
func (c *call) reads(s *step, slot int, axes []Axis) {
	s.reads = append(s.reads, read{tensor: c.ids[c.node.Input(slot)], slot: slot, axes: axes})
}

// ordered reports axes of places for each of the input's, rising and none of them
// that of the batch.
func (p *Prefix) ordered(axes []int) bool {
	for i, a := range axes {
		if a < 1 || i > 0 && a <= axes[i-1] {
			return false
		}
	}
	return len(axes) == p.Rank && p.Rank > 0
}

// gives declares output i, if it has axes of places of its own.
func (c *call) gives(i int) *Local {
	name := c.node.Output(i)
	k, ok := c.facts(name)
	at := c.roles.Of(name).Places()
	if !ok || !c.ordered(at) || at[c.Rank-1] >= len(k.Shape) || k.Shape[0] != 1 || !carried(k.Type) {
		return nil
	}
	l := &Local{Name: name, Type: k.Type, Shape: k.Shape, Axes: at, step: make([]int, c.Rank)}
	c.outs = append(c.outs, l)
	return l
}

// carried are the element types that come through float32 unchanged.
func carried(t onnx.DataType) bool {
	switch t {
	case onnx.Float, onnx.Float16, onnx.BFloat16, onnx.Uint8, onnx.Int8, onnx.Bool, onnx.Int16, onnx.Uint16:
		return true
	}
	return false
}

// finish checks that lengths and steps of inputs and outputs agree and takes
// the outputs in.
func (c *call) finish(s *step) bool {
	if len(c.outs) == 0 || len(s.reads) == 0 || s.cost < 0 {
		return false
	}
	for _, l := range c.outs {
		if product(l.Shape) == 0 {
			return false
		}
		for axis := range l.Axes {
			for _, r := range s.reads {
				a, from := r.axes[axis], c.Tensors[r.tensor]
				if a.In != from.Length(axis) || a.Out != l.Length(axis) || a.Stride < 1 || a.Factor < 1 {
					return false
				}
				distance := from.step[axis] * a.Stride
				if distance%a.Factor != 0 {
					return false
				}
				distance /= a.Factor
				if l.step[axis] != 0 && l.step[axis] != distance || distance > maxStep {
					return false
				}
				l.step[axis] = distance
			}
		}
	}
	for _, name := range c.node.Outputs {
		local := slices.ContainsFunc(c.outs, func(l *Local) bool { return l.Name == name })
		if name != "" && !local && (len(c.index.Consumers(name)) > 0 || c.index.Output(name) != nil) {
			return false
		}
	}
	for _, l := range c.outs {
		s.outs = append(s.outs, c.add(l))
	}
	return true
}

// maxStep bounds the product of all strides.
const maxStep = 1 << 20
