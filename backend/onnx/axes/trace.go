package axes

import (
	"slices"

	"picasso/backend/onnx"
	"picasso/backend/onnx/gradient"
)

// Known is what was observed of a tensor for one picture.
type Known struct {
	Type  onnx.DataType
	Shape []int
	Value []float32 // elements of small tensors that do not depend on the picture
}

// Facts look up what is known of a tensor. Constants of the file need not be
// among them.
type Facts func(name string) (Known, bool)

// Observed are the facts that a probe of the model showed.
func Observed(f gradient.Facts) Facts {
	return func(name string) (Known, bool) {
		fact, ok := f.Fact(name)
		if !ok {
			return Known{}, false
		}
		return Known{Type: fact.Type, Shape: f.Shape(name), Value: fact.Value}, true
	}
}

// Map is the layout of every tensor of a model that depends on its picture.
type Map struct {
	model   *onnx.Model
	facts   Facts
	index   *onnx.Index
	data    map[string]bool // tensors that depend on the picture
	layouts map[string]Layout
	order   []*onnx.Node // nodes that depend on the picture, in execution order
	before  *Map         // see [Map.Rewritten]
}

// Trace follows the axes of the picture through a model without local
// functions. of says what the axes of the input are.
func Trace(m *onnx.Model, facts Facts, input string, of Layout) *Map {
	return trace(m, facts, input, of, nil)
}

// Rewritten is the map of the same model with some of its nodes written in
// simpler operators: their results keep the layouts that the nodes gave them.
func (p *Map) Rewritten(m *onnx.Model, facts Facts, input string) *Map {
	return trace(m, facts, input, p.layouts[input], p)
}

func trace(m *onnx.Model, facts Facts, input string, of Layout, before *Map) *Map {
	p := &Map{
		model: m, facts: facts, index: m.Graph.Index(),
		data: map[string]bool{input: true}, layouts: map[string]Layout{}, before: before,
	}
	p.set(input, of)
	for _, n := range m.Graph.Nodes {
		if !p.dependent(n) {
			continue
		}
		p.order = append(p.order, n)
		p.visit(n)
	}
	return p
}

// Picture is the layout of an input of pictures: batch (where pictures is not
// 0), then channels, rows and columns, or with last set rows, columns and
// channels.
func Picture(pictures, channel, rows, columns int, last bool) Layout {
	return Spread(pictures, channel, []int{rows, columns}, last)
}

// Spread is the layout of an input like [Picture] that has places on one to three
// axes of the given lengths: columns, behind rows, behind slices.
func Spread(pictures, channel int, lengths []int, last bool) Layout {
	var l Layout
	for i, n := range lengths {
		l = append(l, place(places[len(places)-len(lengths)+i], n))
	}
	if last {
		l = append(l, channels(channel))
	} else {
		l = append(Layout{channels(channel)}, l...)
	}
	if pictures > 0 {
		l = append(Layout{{{Role: Batch, Size: pictures, Stride: 1}}}, l...)
	}
	return l
}

// Of is the layout of a tensor, nil where it is not known.
func (p *Map) Of(name string) Layout { return p.layouts[name] }

// set notes a layout, if it has the observed shape.
func (p *Map) set(name string, l Layout) {
	shape := p.shape(name)
	if name == "" || l == nil || len(l) != len(shape) {
		return
	}
	for i, a := range l {
		if a.size() != shape[i] {
			return
		}
	}
	p.layouts[name] = l
}

// dependent reports whether a node depends on the picture, and marks its
// outputs.
func (p *Map) dependent(n *onnx.Node) bool {
	if n.Is("Shape", "Size") {
		return false
	}
	reads := func(name string) bool { return p.data[name] }
	touched := slices.ContainsFunc(n.Inputs, reads)
	for _, body := range n.Bodies() {
		touched = touched || slices.ContainsFunc(body.Captures(), reads)
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

// visit asks the rule of a node's operator.
func (p *Map) visit(n *onnx.Node) {
	if p.before != nil {
		for _, name := range n.Outputs {
			p.set(name, p.before.layouts[name])
		}
	}
	if len(n.Bodies()) > 0 || p.layouts[n.Output(0)] != nil {
		return
	}
	c := &call{Map: p, node: n}
	if rule := rules[qualified(n)]; rule != nil {
		rule(c)
	}
}

// qualified is the operator with its domain unless that is the standard one.
func qualified(n *onnx.Node) string {
	if n.Domain == "" || n.Domain == "ai.onnx" {
		return n.OpType
	}
	return n.Domain + "." + n.OpType
}

// shape is the shape of a tensor, nil where it is not known.
func (p *Map) shape(name string) []int {
	if t := p.index.Constant(name); t != nil {
		return ints(t.Dims)
	}
	if k, ok := p.facts(name); ok {
		return k.Shape
	}
	return nil
}

// call is a node whose rule is asked.
type call struct {
	*Map
	node *onnx.Node
}

// in is the layout of input i, nil where it has none.
func (c *call) in(i int) Layout { return c.layouts[c.node.Input(i)] }

// gives sets the layout of output i.
func (c *call) gives(i int, l Layout) { c.set(c.node.Output(i), l) }

// out is the shape of output i.
func (c *call) out(i int) []int { return c.shape(c.node.Output(i)) }

// maxConstant bounds the constants that are read: indices, starts and ends.
const maxConstant = 4096

// numbers are the elements of input i, which must be a small constant.
func (c *call) numbers(i int) ([]int, bool) {
	name := c.node.Input(i)
	if name == "" || c.data[name] {
		return nil, false
	}
	if t := c.index.Constant(name); t != nil {
		if t.Elements() > maxConstant {
			return nil, false
		}
		v, err := t.Ints(c.model)
		return ints(v), err == nil
	}
	k, ok := c.facts(name)
	if !ok || k.Value == nil {
		return nil, false
	}
	out := make([]int, len(k.Value))
	for j, v := range k.Value {
		out[j] = int(min(max(v, -endless), endless))
	}
	return out, true
}

// endless stands for numbers too large for float32 to hold exactly, such as
// the end of a slice without end.
const endless = 1 << 40

// list reads integers that older operator sets hold in an attribute and newer
// ones in input i; nil where there are none, false where they are not constant.
func (c *call) list(attr string, i int) ([]int, bool) {
	if v := c.node.AttrInts(attr); len(v) > 0 {
		return ints(v), true
	}
	if c.node.Input(i) == "" {
		return nil, true
	}
	return c.numbers(i)
}

func ints(v []int64) []int {
	out := make([]int, len(v))
	for i := range v {
		out[i] = int(v[i])
	}
	return out
}

// normal brings an axis number into 0…rank−1; −1 where it is none.
func normal(axis int64, rank int) int {
	if axis < 0 {
		axis += int64(rank)
	}
	if axis < 0 || axis >= int64(rank) {
		return -1
	}
	return int(axis)
}
