package onnx

import (
	"fmt"
	"slices"
	"strings"
)

// renewedOpset is the oldest operator set that ONNX Runtime runs in full.
const renewedOpset = 8

// Renew returns a model of operator sets 1 to 6 written for operator set 8, with
// the same names of tensors and the same result, as inference: attributes that
// are gone are dropped, and what became an input or numpy's broadcasting is
// written so. Newer models are returned as they are.
//
// A node whose meaning cannot be kept is a *[GraphError]. ONNX Runtime only
// promises operator sets from 7 on; whether it gives the same values for both
// forms is for the caller to see.
func (m *Model) Renew() (*Model, error) {
	version := m.Opsets[""]
	if version < 1 || version >= 7 || m.Graph == nil || len(m.Functions) > 0 {
		return m, nil
	}
	r := renewer{model: m.Clone(), version: version, made: map[string]bool{}}
	g := r.model.Graph
	if err := g.Sort(); err != nil {
		return nil, err
	}
	r.ranks, r.index = g.Ranks(), g.Index()
	for _, n := range g.Nodes {
		r.node(n)
		r.nodes = append(r.nodes, n)
		if r.err != nil {
			return nil, r.err
		}
	}
	g.Nodes = r.nodes
	r.model.Opsets[""] = renewedOpset
	return r.model, nil
}

// renewer goes through the nodes of a model.
type renewer struct {
	model   *Model
	version int64
	index   *Index
	ranks   map[string]int
	nodes   []*Node
	made    map[string]bool // names of tensors
	err     error
}

func (r *renewer) refuse(n *Node, fault string) {
	r.err = &GraphError{Graph: r.model.Graph.Name, Node: n.Label(),
		Fault: fmt.Sprintf("is of operator set %d and %s; convert the model to operator set 13 or later", r.version, fault)}
}

func drop(n *Node, names ...string) {
	n.Attrs = slices.DeleteFunc(n.Attrs, func(a *Attr) bool { return slices.Contains(names, a.Name) })
}

func set(n *Node, a *Attr) {
	drop(n, a.Name)
	n.Attrs = append(n.Attrs, a)
}

// constant adds a small tensor under a name of its own.
func (r *renewer) constant(t *Tensor) string {
	name := r.fresh(t.Name)
	t.Name = name
	r.model.Graph.Initializers = append(r.model.Graph.Initializers, t)
	if r.model.IRVersion < 4 {
		v := &Value{Name: name, Type: t.Type}
		for _, d := range t.Dims {
			v.Shape = append(v.Shape, Dim{Size: d})
		}
		r.model.Graph.Inputs = append(r.model.Graph.Inputs, v)
	}
	return name
}

// integers are the elements of a constant input, nil where it is none.
func (r *renewer) integers(name string) []int64 {
	t := r.index.Constant(name)
	if t == nil {
		return nil
	}
	v, err := t.Floats(r.model)
	if err != nil {
		return nil
	}
	out := make([]int64, len(v))
	for i, x := range v {
		out[i] = int64(x)
	}
	return out
}

func (r *renewer) node(n *Node) {
	if len(n.Bodies()) > 0 {
		r.refuse(n, "has branches or loops")
		return
	}
	drop(n, "consumed_inputs")
	switch {
	case n.Is("Add", "Sub", "Mul", "Div", "Pow", "And", "Or", "Xor", "Equal", "Less", "Greater"):
		r.broadcast(n)
	case n.Is("PRelu"):
		r.slopes(n)
	case n.Is("Gemm"):
		drop(n, "broadcast")
	case n.Is("BatchNormalization"):
		drop(n, "is_test")
		r.first(n)
	case n.Is("Dropout"):
		drop(n, "is_test")
	case n.Is("Reshape"):
		r.shapeToInput(n)
	case n.Is("Cast"):
		r.castType(n)
	case n.Is("Pad"):
		if a := n.Attr("paddings"); a != nil {
			a.Name = "pads"
		}
	case n.Is("Concat") && n.Attr("axis") == nil:
		set(n, &Attr{Name: "axis", Kind: AttrInt, I: 1})
	case n.Is("Selu") && r.version < 6:
		r.fallback(n, "alpha", 1.6732)
		r.fallback(n, "gamma", 1.0507)
	case n.Is("LpPool", "GlobalLpPool"):
		if a := n.Attr("p"); a != nil && a.Kind == AttrFloat {
			set(n, &Attr{Name: "p", Kind: AttrInt, I: int64(a.F)})
		}
	case n.Is("Split") && n.Input(1) != "":
		r.inputToAttr(n, "split")
	case n.Is("Tile") && r.version < 6:
		r.tiles(n)
	case n.Is("Upsample") && n.Attr("height_scale") != nil:
		scales := []float32{1, 1, n.AttrFloat("height_scale", 1), n.AttrFloat("width_scale", 1)}
		drop(n, "height_scale", "width_scale")
		set(n, &Attr{Name: "scales", Kind: AttrFloats, Floats: scales})
	case n.Is("LSTM", "GRU", "RNN"):
		drop(n, "output_sequence")
	}
}

// first drops the outputs behind the first, which only training needs.
func (r *renewer) first(n *Node) {
	if len(n.Outputs) == 0 {
		return
	}
	for _, out := range n.Outputs[1:] {
		if len(r.index.Consumers(out)) > 0 || r.index.Output(out) != nil {
			r.refuse(n, "hands its statistics on")
			return
		}
	}
	n.Outputs = n.Outputs[:1]
}

// broadcast lays the second operand of the old broadcasting, which names the
// first axis it belongs to, along the axes behind it.
func (r *renewer) broadcast(n *Node) {
	axis := n.Attr("axis")
	drop(n, "broadcast", "axis")
	if axis == nil {
		return
	}
	a, known := r.ranks[n.Input(0)]
	b, knownToo := r.ranks[n.Input(1)]
	if !known || !knownToo {
		r.refuse(n, "names an axis of tensors whose number of axes is not known")
		return
	}
	at := int(axis.I)
	if at < 0 {
		at += a
	}
	r.unsqueeze(n, 1, b, a-at-b)
}

// slopes lays a vector of slopes along the channels.
func (r *renewer) slopes(n *Node) {
	rank, known := r.ranks[n.Input(0)]
	if t := r.index.Constant(n.Input(1)); t != nil && t.Elements() == 1 {
		return
	}
	if own, ok := r.ranks[n.Input(1)]; ok && own == 1 {
		if !known {
			r.refuse(n, "has slopes for a tensor whose number of axes is not known")
			return
		}
		r.unsqueeze(n, 1, 1, rank-2)
	}
}

// unsqueeze adds axes of length 1 behind those of an input.
func (r *renewer) unsqueeze(n *Node, input, rank, more int) {
	if more <= 0 {
		return
	}
	axes := make([]int64, more)
	for i := range axes {
		axes[i] = int64(rank + i)
	}
	out := r.fresh(n.Output(0) + "/operand")
	r.nodes = append(r.nodes, &Node{OpType: "Unsqueeze", Inputs: []string{n.Inputs[input]}, Outputs: []string{out},
		Attrs: []*Attr{{Name: "axes", Kind: AttrInts, Ints: axes}}})
	n.Inputs[input] = out
}

// fresh is a name that no tensor has.
func (r *renewer) fresh(name string) string {
	for r.taken(name) {
		name += "'"
	}
	r.made[name] = true
	return name
}

func (r *renewer) taken(name string) bool {
	node, _ := r.index.Producer(name)
	return r.made[name] || node != nil || r.index.Value(name) != nil || r.index.Constant(name) != nil
}

// shapeToInput moves the shape of a Reshape from an attribute to an input.
func (r *renewer) shapeToInput(n *Node) {
	if a := n.Attr("shape"); a != nil {
		name := r.constant(NewInts(n.Output(0)+"/shape", []int64{int64(len(a.Ints))}, a.Ints))
		drop(n, "shape")
		n.Inputs = []string{n.Input(0), name}
	}
}

// castType turns the name of a type into its number.
func (r *renewer) castType(n *Node) {
	a := n.Attr("to")
	if a == nil || a.Kind != AttrString {
		return
	}
	names := []string{"UNDEFINED", "FLOAT", "UINT8", "INT8", "UINT16", "INT16", "INT32", "INT64", "STRING", "BOOL", "FLOAT16", "DOUBLE", "UINT32", "UINT64"}
	i := slices.Index(names, strings.ToUpper(string(a.S)))
	if i < 1 {
		r.refuse(n, fmt.Sprintf("casts to the unknown type %.40q", a.S))
		return
	}
	set(n, &Attr{Name: "to", Kind: AttrInt, I: int64(i)})
}

// fallback writes down what an attribute was by default.
func (r *renewer) fallback(n *Node, name string, v float32) {
	if n.Attr(name) == nil {
		set(n, &Attr{Name: name, Kind: AttrFloat, F: v})
	}
}

// inputToAttr moves constant input 1 to an attribute.
func (r *renewer) inputToAttr(n *Node, name string) {
	v := r.integers(n.Input(1))
	if v == nil {
		r.refuse(n, "computes its "+name)
		return
	}
	n.Inputs = n.Inputs[:1]
	set(n, &Attr{Name: name, Kind: AttrInts, Ints: v})
}

// tiles turns a number of copies along one axis into one for every axis.
func (r *renewer) tiles(n *Node) {
	copies, axis := r.integers(n.Input(1)), r.integers(n.Input(2))
	rank, known := r.ranks[n.Input(0)]
	if len(copies) != 1 || len(axis) != 1 || !known || axis[0] < 0 || int(axis[0]) >= rank {
		r.refuse(n, "computes how often it repeats")
		return
	}
	repeats := slices.Repeat([]int64{1}, rank)
	repeats[axis[0]] = copies[0]
	n.Inputs = []string{n.Input(0), r.constant(NewInts(n.Output(0)+"/repeats", []int64{int64(rank)}, repeats))}
}
