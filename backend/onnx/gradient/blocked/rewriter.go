package blocked

import (
	"fmt"
	"slices"

	"picasso/backend/onnx"
	"picasso/backend/onnx/gradient/kernel"
)

// rewriter writes the nodes of a graph anew.
type rewriter struct {
	Rewriting
	model    *onnx.Model
	graph    *onnx.Graph
	index    *onnx.Index // of the graph as it was
	convs    bool        // convolutions and poolings are rewritten
	nodes    []*onnx.Node
	tensors  map[string]*tensor
	taken    map[string]bool
	consts   map[string]string // by content
	used     map[string]bool   // inputs that are read in rows
	inputs   map[string]*onnx.Value
	source   *onnx.Index // of Model
	filled   map[layout]string
	weights  []Weights
	absorbed map[*onnx.Node]bool // by the convolution in front of it
	steady   map[string]bool     // what weights alone decide
	own      []*onnx.Value       // what operators of ours give
	count    int
}

// tensor is [N, C, H, W] in one form or in both. In rows it has the name that it had.
type tensor struct {
	rows   bool
	blocks string // its name in blocks, "" while it is not there
	shape  shape
	conv   *onnx.Node // the convolution that gives it and may take a sum or an activation
}

// shape is [N, C, H, W]. 0 stands for numbers of rows and columns that are not known, −1
// for the number of pictures or scores.
type shape [4]int64

// sized is s with other rows and columns.
func (s shape) sized(size []int64) shape { return shape{s[0], s[1], size[0], size[1]} }

// of is s with other channels.
func (s shape) of(channels int64) shape { return shape{s[0], channels, s[2], s[3]} }

func newRewriter(w Rewriting, m *onnx.Model) *rewriter {
	g := m.Graph
	r := &rewriter{Rewriting: w, model: m, graph: g, index: g.Index(), tensors: map[string]*tensor{}, taken: g.Defined(),
		consts: map[string]string{}, used: map[string]bool{}, inputs: map[string]*onnx.Value{}, filled: map[layout]string{}, absorbed: map[*onnx.Node]bool{}, steady: map[string]bool{}}
	if w.Model != nil {
		r.source = w.Model.Graph.Index()
	}
	r.convs = w.Given != nil || !slices.ContainsFunc(g.Nodes, r.joined)
	return r
}

// node writes a node, in blocks where that helps.
func (r *rewriter) node(n *onnx.Node) {
	if write := operators[operator{n.Domain, n.OpType}]; write != nil && write(r, n) {
		return
	}
	for _, name := range n.Inputs {
		r.rows(name)
	}
	for _, body := range n.Bodies() {
		for _, name := range body.Captures() {
			r.rows(name)
		}
	}
	r.nodes = append(r.nodes, n)
	if n.Is(steadily...) && !slices.ContainsFunc(n.Inputs, func(name string) bool { return name != "" && !r.constant(name) }) {
		r.steady[n.Output(0)] = true
	}
}

// steadily are the operators by which weights are made of others. The runtime computes them
// once.
var steadily = []string{"Identity", "Cast", "Transpose", "Reshape", "Squeeze", "Unsqueeze", "Slice", "Concat", "Pad", "Add", "Sub", "Mul", "Div", "Sqrt", "DequantizeLinear"}

// constant tells whether weights alone decide on a tensor.
func (r *rewriter) constant(name string) bool { return r.index.Constant(name) != nil || r.steady[name] }

// tensor is what is known of a name; nil for what has not four axes.
func (r *rewriter) tensor(name string) *tensor {
	if t := r.tensors[name]; t != nil {
		return t
	}
	known := r.Shape(name)
	if len(known) != 4 || known[1] < 1 || name == "" {
		return nil
	}
	t := &tensor{rows: true, shape: shape(known)}
	r.tensors[name] = t
	return t
}

// given tells whether a tensor is in blocks already, or can be had in them from outside.
func (r *rewriter) given(name string) bool {
	t := r.tensor(name)
	return t != nil && (t.blocks != "" || r.single(t.shape) || r.fromOutside(name, t) != "")
}

// fromOutside is the name under which an input can be had in blocks.
func (r *rewriter) fromOutside(name string, t *tensor) string {
	if r.Given == nil || !r.input(name) || t.shape[1]%r.Block != 0 {
		return ""
	}
	return r.Given(name)
}

// blocks is a tensor in blocks, which are made where it is in rows alone; ok is false
// where it cannot be had.
func (r *rewriter) blocks(name string) (blocks string, ok bool) {
	t := r.tensor(name)
	switch {
	case t == nil:
		return "", false
	case t.blocks != "":
	case r.single(t.shape) && r.fromOutside(name, t) == "":
		r.rows(name)
		t.blocks = name
	case r.fromOutside(name, t) != "":
		v := *r.index.Input(name)
		v.Name = r.fromOutside(name, t)
		r.inputs[name], t.blocks = &v, v.Name
	case t.shape[1]%Alignment != 0:
		return "", false
	default:
		r.rows(name)
		t.blocks = r.fresh(name)
		r.add(&onnx.Node{OpType: "ReorderInput", Domain: Domain, Inputs: []string{name}, Outputs: []string{t.blocks}})
	}
	return t.blocks, true
}

// input tells whether callers feed a tensor.
func (r *rewriter) input(name string) bool {
	return r.index.Input(name) != nil && r.index.Constant(name) == nil
}

// rows sees to it that a tensor is there in rows.
func (r *rewriter) rows(name string) {
	if r.input(name) {
		r.used[name] = true
		return
	}
	if t := r.tensors[name]; t != nil && !t.rows {
		t.rows = true
		if r.single(t.shape) {
			r.add(&onnx.Node{OpType: "Identity", Inputs: []string{t.blocks}, Outputs: []string{name}})
			return
		}
		r.add(&onnx.Node{OpType: "ReorderOutput", Domain: Domain, Inputs: []string{t.blocks}, Outputs: []string{name}, Attrs: []*onnx.Attr{onnx.IntAttr("channels", t.shape[1])}})
	}
}

// result says that a node gives a tensor in blocks, and returns its name there.
func (r *rewriter) result(name string, is shape) string {
	if known := r.Shape(name); len(known) == 4 {
		is = shape(known)
	}
	t := &tensor{blocks: r.fresh(name), shape: is}
	r.tensors[name] = t
	return t.blocks
}

// write writes a node of which one tensor is known to be in blocks, as the others are.
func (r *rewriter) write(n *onnx.Node, inputs []string, is shape) {
	copied := *n
	copied.Inputs = inputs
	copied.Outputs = []string{r.result(n.Output(0), is)}
	r.add(&copied)
	if n.Domain == kernel.Domain {
		r.describe(copied.Outputs[0], r.tensors[n.Output(0)].shape)
	}
}

// describe writes down the shape of a gradient that an operator of ours gives, where it is
// known. The runtime does not know it, and lets no operator write to the memory
// of its input without.
func (r *rewriter) describe(name string, is shape) {
	if is = is.of(r.whole(is[1])); r.Scores == "" || slices.Min(is[1:]) < 1 {
		return
	}
	v := &onnx.Value{Name: name, Type: onnx.Float}
	for _, length := range is {
		v.Shape = append(v.Shape, onnx.Dim{Size: length})
	}
	if is[0] < 0 {
		v.Shape[0].Symbol = r.Scores
	}
	r.own = append(r.own, v)
}

func (r *rewriter) add(n *onnx.Node) { r.nodes = append(r.nodes, n) }

// alone tells whether a tensor is read in one place only.
func (r *rewriter) alone(name string) bool {
	return len(r.index.Consumers(name)) == 1 && r.index.Output(name) == nil
}

func (r *rewriter) fresh(base string) string {
	for {
		r.count++
		if name := fmt.Sprintf("%s blocks %d", base, r.count); !r.taken[name] {
			r.taken[name] = true
			return name
		}
	}
}

// whole rounds channels up to whole blocks.
func (r *rewriter) whole(channels int64) int64 {
	return (channels + r.Block - 1) / r.Block * r.Block
}

// finish gives the graph its new nodes, inputs and outputs.
func (r *rewriter) finish() error {
	for i, v := range r.graph.Outputs {
		if !r.Wanted[v.Name] {
			r.rows(v.Name)
			continue
		}
		blocks, ok := r.blocks(v.Name)
		if !ok {
			return fmt.Errorf("%q cannot be had in blocks of channels", v.Name)
		}
		r.graph.Outputs[i] = &onnx.Value{Name: blocks}
	}
	var inputs []*onnx.Value
	for _, v := range r.graph.Feeds() { // some files list constants among the inputs
		blocks := r.inputs[v.Name]
		if blocks == nil || r.used[v.Name] {
			inputs = append(inputs, v)
		}
		if blocks != nil {
			inputs = append(inputs, blocks)
		}
	}
	for _, w := range r.weights {
		v := &onnx.Value{Name: w.Name, Type: onnx.Float}
		for _, length := range w.Shape {
			v.Shape = append(v.Shape, onnx.Dim{Size: length})
		}
		inputs = append(inputs, v)
	}
	r.graph.Inputs, r.graph.Nodes = inputs, r.nodes
	r.graph.ValueInfo = r.own // and not of names that stand for other forms
	r.graph.Prune()
	if slices.ContainsFunc(r.graph.Nodes, func(n *onnx.Node) bool { return n.Domain == Domain }) {
		r.model.Opsets[Domain] = 1
	}
	r.model.IRVersion = max(r.model.IRVersion, 4) // the first one that need not
	return nil
}

// list is a constant of whole numbers.
func (r *rewriter) list(v ...int64) string {
	key := fmt.Sprint(v)
	if r.consts[key] == "" {
		r.consts[key] = r.fresh("list")
		t := onnx.NewInts(r.consts[key], []int64{int64(len(v))}, v)
		r.graph.Initializers = append(r.graph.Initializers, t)
	}
	return r.consts[key]
}
