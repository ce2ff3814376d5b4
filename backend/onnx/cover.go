package onnx

import (
	"fmt"
	"slices"
)

// Covering names the inputs that [Model.CoverInput] puts in the place of a
// picture. With N copies of a picture:
//
//	Image    1×(picture)   the untouched picture
//	Fill     1×(picture)   what covers it
//	Weights  N×length      0…1 along each axis of places, with axes of length 1 for the others
//
// Copy n is image·(1 − w) + fill·w, where w is the product of the weights of rows and
// columns, of a volume of slices too: weights of 0 and 1 give the image's and the
// fill's own numbers.
type Covering struct {
	Image, Fill string
	Weights     []string
}

// CoverInput lets the graph cover a picture by itself: the input of pictures
// becomes a tensor that is computed from one picture, one fill and a box per
// copy. shape is that of one picture, axes are those of its places in shape. A model whose input cannot be covered that way is a *[GraphError].
// Weights stay where they are, and the nodes of the model as they were.
func (m *Model) CoverInput(name string, shape []int64, axes ...int) (Covering, error) {
	g := m.Graph
	input := g.Index().Input(name)
	refuse := func(fault string) (Covering, error) {
		return Covering{}, &GraphError{Graph: g.Name, Tensor: name, Fault: fault}
	}
	switch {
	case input == nil:
		return refuse("is not an input of the model")
	case input.Type != Float && input.Type != 0:
		return refuse(fmt.Sprintf("contains %v; only float32 pictures can be covered inside the graph", input.Type))
	case m.Opsets[""] < 7:
		return refuse(fmt.Sprintf("belongs to a model of operator set %d, which has no broadcasting", m.Opsets[""]))
	case len(shape) != len(axes)+1 || !distinct(axes, len(shape)):
		return refuse(fmt.Sprintf("has no rows and columns in the shape %v", shape))
	}
	c := coverer{index: g.Index()}
	image := append([]int64{1}, shape...)
	names := Covering{Image: c.name("image"), Fill: c.name("fill")}
	inputs := []*Value{feed(names.Image, image), feed(names.Fill, image)}
	for i, axis := range axes {
		names.Weights = append(names.Weights, c.name(fmt.Sprintf("weights_%d", i)))
		inputs = append(inputs, feed(names.Weights[i], along(axis, shape)))
	}
	one := c.call("Constant")
	c.last().Attrs = []*Attr{{Name: "value", Kind: AttrTensor, T: NewTensor("", []int64{1}, []float32{1})}}
	weight := names.Weights[0]
	for _, more := range names.Weights[1:] {
		weight = c.call("Mul", weight, more)
	}
	kept := c.call("Mul", names.Image, c.call("Sub", one, weight))
	c.call("Add", kept, c.call("Mul", names.Fill, weight))
	c.last().Outputs[0] = name
	g.Nodes = append(c.nodes, g.Nodes...)
	g.replaceInput(input, inputs)
	return names, nil
}

// feed is an input of numbers; a length of −1 is the number of copies.
func feed(name string, shape []int64) *Value {
	v := &Value{Name: name, Type: Float}
	for _, n := range shape {
		d := Dim{Size: n}
		if n < 0 {
			d.Symbol = "picasso_copies"
		}
		v.Shape = append(v.Shape, d)
	}
	return v
}

// along is the shape of weights along one axis of a picture.
func along(axis int, shape []int64) []int64 {
	out := append([]int64{-1}, slices.Repeat([]int64{1}, len(shape))...)
	out[axis+1] = shape[axis]
	return out
}

// distinct reports axes of a shape of n, none of them twice and at least one.
func distinct(axes []int, n int) bool {
	for i, a := range axes {
		if a < 0 || a >= n || slices.Contains(axes[:i], a) {
			return false
		}
	}
	return len(axes) > 0
}

// replaceInput puts several inputs in the place of one.
func (g *Graph) replaceInput(old *Value, by []*Value) {
	var inputs []*Value
	for _, v := range g.Inputs {
		if v == old {
			inputs = append(inputs, by...)
			continue
		}
		inputs = append(inputs, v)
	}
	g.Inputs = inputs
}

// coverer makes nodes with names that the graph does not use.
type coverer struct {
	index *Index
	nodes []*Node
}

func (c *coverer) name(of string) string {
	name := "picasso_" + of
	for n := 2; c.taken(name); n++ {
		name = fmt.Sprintf("picasso_%s_%d", of, n)
	}
	return name
}

func (c *coverer) taken(name string) bool {
	node, _ := c.index.Producer(name)
	return node != nil || c.index.Value(name) != nil || c.index.Constant(name) != nil || len(c.index.Consumers(name)) > 0
}

func (c *coverer) call(op string, inputs ...string) string {
	out := c.name(fmt.Sprintf("cover_%d", len(c.nodes)))
	c.nodes = append(c.nodes, &Node{OpType: op, Inputs: inputs, Outputs: []string{out}})
	return out
}

func (c *coverer) last() *Node { return c.nodes[len(c.nodes)-1] }
