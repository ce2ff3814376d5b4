// Package shapes infers the shapes of a graph's tensors from those of its
// inputs, by the operators' definitions and without running anything.
//
// It knows the operators that image classifiers are made of, and the small
// integers by which exporters compute shapes. Of everything else, and of what
// follows from it, it says nothing: a tensor is known or it is not in the
// result. Whoever needs it then has to run the graph.
package shapes

import (
	"slices"

	"picasso/backend/onnx"
)

// maxElements bounds the elements of a tensor, and maxValue those of a tensor
// whose values are followed.
const (
	maxElements = 1 << 40
	maxValue    = 4096
)

// Known is what follows about one tensor.
type Known struct {
	Shape []int64
	// Value are the elements, of small tensors of integers that depend on
	// shapes and constants alone; nil where they are not known.
	Value []int64
}

// Infer returns what follows about the tensors of a graph, constants included,
// whose inputs have the given shapes. The nodes must be in order
// ([onnx.Graph.Sort]). The work is proportional to the graph.
func Infer(m *onnx.Model, feeds map[string][]int64) map[string]Known {
	f := &inference{model: m, index: m.Graph.Index(), known: map[string]Known{}}
	for name, shape := range feeds {
		f.known[name] = Known{Shape: shape}
	}
	for _, n := range m.Graph.Nodes {
		if r := ruleOf(n); r != nil && len(n.Bodies()) == 0 {
			r(&call{f, n, m.Opsets[n.Domain]})
		}
	}
	return f.known
}

type inference struct {
	model *onnx.Model
	index *onnx.Index
	known map[string]Known
}

// find is what is known of a tensor.
func (f *inference) find(name string) (Known, bool) {
	if k, ok := f.known[name]; ok {
		return k, true
	}
	t := f.index.Constant(name)
	if name == "" || t == nil {
		return Known{}, false
	}
	k := Known{Shape: t.Dims}
	if n := t.Elements(); !t.Type.IsFloat() && t.Type != onnx.String && n >= 0 && n <= maxValue {
		if v, err := t.Ints(f.model); err == nil {
			k.Value = v
		}
	}
	f.known[name] = k
	return k, true
}

// call is one node whose outputs are inferred.
type call struct {
	*inference
	node  *onnx.Node
	opset int64
}

// in is the shape of input i, and whether it is known.
func (c *call) in(i int) ([]int64, bool) {
	k, ok := c.find(c.node.Input(i))
	return k.Shape, ok
}

// ints are the elements of input i, and whether they are known.
func (c *call) ints(i int) ([]int64, bool) {
	k, ok := c.find(c.node.Input(i))
	return k.Value, ok && k.Value != nil
}

// list is a list of integers that older operator sets hold in an attribute and
// newer ones in input i. given tells that there is one, known that it is known
// what it holds.
func (c *call) list(attr string, i int) (v []int64, given, known bool) {
	if a := c.node.Attr(attr); a != nil {
		return a.Ints, true, true
	}
	if c.node.Input(i) == "" {
		return nil, false, true
	}
	v, known = c.ints(i)
	return v, true, known
}

// gives states the shape of output i, unless no tensor can have it.
func (c *call) gives(i int, shape []int64) {
	name, n := c.node.Output(i), int64(1)
	if name == "" {
		return
	}
	for _, d := range shape {
		if d < 0 || d > maxElements || n > maxElements/max(d, 1) {
			return
		}
		n *= max(d, 1)
	}
	c.known[name] = Known{Shape: slices.Clone(shape)}
}

// holds states the elements of output 0 too.
func (c *call) holds(shape, value []int64) {
	if c.gives(0, shape); len(value) > maxValue {
		return
	}
	if k, ok := c.known[c.node.Output(0)]; ok {
		k.Value = value
		c.known[c.node.Output(0)] = k
	}
}

// axis brings an axis number into 0…rank−1; ok is false where it lies outside.
func axis(a int64, rank int) (at int, ok bool) {
	if a < 0 {
		a += int64(rank)
	}
	return int(a), a >= 0 && a < int64(rank)
}

func product(dims []int64) int64 {
	n := int64(1)
	for _, d := range dims {
		n *= d
	}
	return n
}
