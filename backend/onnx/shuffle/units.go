package shuffle

import (
	"cmp"
	"slices"

	"picasso/backend/onnx"
)

// Unit is a layer of a network with weights of its own, to be replaced
// together: its kernel and its bias. Layers that share a kernel are one unit.
//
// Normalisation layers keep their scale, offset and statistics and are no
// units: see [Settle].
type Unit struct {
	Name    string // of the layer: its node's, else that of the tensor it writes
	Output  string // tensor that the layer writes, bias included
	Weights []Weight
	// Type is that of Output where it may be scaled by a factor, else 0: quantised
	// layers cannot be, and those that write the scores must not be, for a factor
	// that restores the spread of two logits restores the answer. See [NewGauge].
	Type onnx.DataType

	nodes []*onnx.Node // that read the weights
}

// Weight is one constant of a unit.
type Weight struct {
	Tensor string // its name: of an initializer or of what a Constant node writes
	Bias   bool   // it is added, not multiplied by
	FanIn  int64  // inputs of a kernel that make up one output
	Scale  string // constant that its integers are multiplied by, "" for plain numbers
}

// Values is the number of weights of the unit.
func (u Unit) Values(m *onnx.Model) int64 {
	var sum int64
	x := m.Graph.Index()
	for _, w := range u.Weights {
		sum += x.Constant(w.Tensor).Elements()
	}
	return sum
}

// slots are the inputs of an operator that hold weights; −1 for none.
type slots struct {
	kernels []int // where its kernel may stand
	scale   int   // of an integer kernel
	bias    int
}

// operators are those that multiply by a kernel. Embeddings, Einsum and
// recurrent cells are left as they are.
var operators = map[string]slots{
	"Conv":          {[]int{1}, -1, 2},
	"FusedConv":     {[]int{1}, -1, 2},
	"ConvTranspose": {[]int{1}, -1, 2},
	"Gemm":          {[]int{1, 0}, -1, 2},
	"FusedGemm":     {[]int{1, 0}, -1, 2},
	"MatMul":        {[]int{1, 0}, -1, -1},
	"FusedMatMul":   {[]int{1, 0}, -1, -1},
	"QLinearConv":   {[]int{3}, 4, 8},
	"QLinearMatMul": {[]int{3, 0}, 4, -1},
	"ConvInteger":   {[]int{1}, -1, -1},
	"MatMulInteger": {[]int{1, 0}, -1, -1},
}

// Units lists the layers with weights between the picture and the outputs, from
// the top: the one next to the outputs comes first. The graph's nodes stand in
// the order in which they run. Only layers of the main graph are found.
//
// A layer is a node that multiplies by a constant of at least two axes which
// reaches it directly or through nodes that do not compute with it. A bias that
// other layers read as well stays as it is.
func Units(m *onnx.Model) []Unit {
	f := finder{model: m, index: m.Graph.Index(), of: map[string]int{}, depends: dependent(m.Graph)}
	for _, n := range slices.Backward(m.Graph.Nodes) {
		f.node(n)
	}
	for i := range f.units {
		f.biases(&f.units[i])
	}
	feeding := f.feeding()
	for i := range f.units {
		if !feeding[f.units[i].Output] {
			f.units[i].Type = 0
		}
	}
	return f.units
}

// feeding are the tensors that units read, directly or through other nodes.
func (f *finder) feeding() map[string]bool {
	layers := map[*onnx.Node]bool{}
	for _, u := range f.units {
		for _, n := range u.nodes {
			layers[n] = true
		}
	}
	feeding := map[string]bool{}
	for _, n := range slices.Backward(f.model.Graph.Nodes) {
		if !layers[n] && !slices.ContainsFunc(n.Outputs, func(name string) bool { return feeding[name] }) {
			continue
		}
		for _, name := range n.Inputs {
			feeding[name] = true
		}
	}
	return feeding
}

// dependent are the tensors that depend on what is fed.
func dependent(g *onnx.Graph) map[string]bool {
	depends := map[string]bool{}
	for _, v := range g.Feeds() {
		depends[v.Name] = true
	}
	for _, n := range g.Nodes {
		reads := slices.ContainsFunc(n.Inputs, func(name string) bool { return depends[name] })
		for _, body := range n.Bodies() {
			reads = reads || slices.ContainsFunc(body.Captures(), func(name string) bool { return depends[name] })
		}
		for _, out := range n.Outputs {
			depends[out] = depends[out] || reads
		}
	}
	return depends
}

type finder struct {
	model   *onnx.Model
	index   *onnx.Index
	units   []Unit
	of      map[string]int // unit that has a kernel
	depends map[string]bool
}

// node adds the node to the units, where it is a layer.
func (f *finder) node(n *onnx.Node) {
	at, known := operators[n.OpType]
	if !known || !f.depends[n.Output(0)] {
		return
	}
	for _, slot := range at.kernels {
		w, typ, found := f.kernel(n, slot, at.scale)
		if !found {
			continue
		}
		if i, shared := f.of[w.Tensor]; shared {
			f.units[i].nodes = append(f.units[i].nodes, n)
			return
		}
		f.of[w.Tensor] = len(f.units)
		u := Unit{Name: n.Name, Output: n.Output(0), Weights: []Weight{w}, Type: typ, nodes: []*onnx.Node{n}}
		if u.Name == "" {
			u.Name = u.Output
		}
		f.units = append(f.units, u)
		return
	}
}

// kernel is the constant behind an input of a layer.
func (f *finder) kernel(n *onnx.Node, slot, scale int) (w Weight, typ onnx.DataType, ok bool) {
	r := f.trace(n.Input(slot))
	if r.tensor == nil || len(r.tensor.Dims) < 2 || r.tensor.Elements() < 2 {
		return w, 0, false
	}
	integer := n.OpType == "ConvInteger" || n.OpType == "MatMulInteger"
	switch {
	case scale >= 0:
		r.scale, r.typ = n.Input(scale), 0
	case integer:
		r.typ = 0
	case r.scale == "" && !r.tensor.Type.IsFloat():
		return w, 0, false
	}
	if r.tensor.Type.Size() == 0 || r.tensor.Type == onnx.Bool {
		return w, 0, false
	}
	if r.scale != "" && len(f.index.Consumers(r.scale)) > 1 {
		r.typ = 0 // the scale is that of other tensors too
	}
	return Weight{Tensor: r.name, FanIn: cmp.Or(fanIn(n, slot, r.axes), r.tensor.Elements()/r.tensor.Dims[0]), Scale: r.scale}, r.typ, true
}

// reached is a constant and what lies between it and the node that reads it.
type reached struct {
	tensor *onnx.Tensor
	name   string        // of the constant; a tensor inside a node need not have one
	axes   []int64       // as the node sees them, nil where a Reshape hides them
	typ    onnx.DataType // as the node sees it
	scale  string
}

// trace follows an input back to the constant that it comes from.
func (f *finder) trace(name string) reached {
	var r reached
	var turns []*onnx.Node // between the constant and the node, from the node on
	for range len(f.model.Graph.Nodes) + 1 {
		if t := f.index.Constant(name); t != nil {
			r.tensor, r.name = t, name
			r.axes = turned(t.Dims, turns)
			if r.typ == 0 {
				r.typ = t.Type
			}
			return r
		}
		n, slot := f.index.Producer(name)
		switch {
		case n == nil || slot != 0:
			return reached{}
		case n.Is("Identity"):
		case n.Is("Transpose", "Reshape", "Squeeze", "Unsqueeze", "Flatten"):
			turns = append(turns, n)
		case n.Is("Cast"):
			if r.typ == 0 {
				r.typ = onnx.DataType(n.AttrInt("to", 0))
			}
		case n.Is("DequantizeLinear"):
			t := f.index.Constant(n.Input(1))
			if t == nil {
				return reached{}
			}
			r.scale = n.Input(1)
			if r.typ == 0 {
				r.typ = t.Type
			}
		default:
			return reached{}
		}
		name = n.Input(0)
	}
	return reached{}
}

// turned are the axes behind transpositions, nil where other nodes change them.
func turned(dims []int64, turns []*onnx.Node) []int64 {
	for _, n := range slices.Backward(turns) {
		if !n.Is("Transpose") {
			return nil
		}
		perm := n.AttrInts("perm")
		next := make([]int64, len(dims))
		for i := range next {
			from := int64(len(dims) - 1 - i)
			if len(perm) == len(dims) {
				from = perm[i]
			}
			if from < 0 || from >= int64(len(dims)) {
				return nil
			}
			next[i] = dims[from]
		}
		dims = next
	}
	return dims
}

// fanIn is the number of inputs that a layer adds up for one output. Where axes
// is nil it is 0: not known.
func fanIn(n *onnx.Node, slot int, axes []int64) int64 {
	if len(axes) < 2 {
		return 0
	}
	product := func(list []int64) int64 {
		p := int64(1)
		for _, d := range list {
			p *= d
		}
		return p
	}
	last := len(axes) - 1
	switch n.OpType {
	case "Conv", "FusedConv", "QLinearConv", "ConvInteger":
		return product(axes[1:]) // outputs × inputs of a group × window
	case "ConvTranspose":
		return axes[0] / max(n.AttrInt("group", 1), 1) * product(axes[2:])
	}
	turned := slot == 1 && n.AttrInt("transB", 0) != 0 || slot == 0 && n.AttrInt("transA", 0) != 0
	if (slot == 0) != turned { // K is the last axis of the first factor, the last but one of the second
		return axes[last]
	}
	return axes[last-1]
}

// biases adds what the layers of a unit add to their products.
func (f *finder) biases(u *Unit) {
	for _, n := range u.nodes {
		if slot := operators[n.OpType].bias; slot >= 0 {
			f.bias(u, n.Input(slot), n)
			continue
		}
		if !n.Is("MatMul") {
			continue
		}
		next := f.index.Consumers(n.Output(0))
		if len(next) != 1 || !next[0].Node.Is("Add") {
			continue
		}
		add := next[0].Node
		if f.bias(u, add.Input(1-next[0].Slot), add) && u.Output == n.Output(0) {
			u.Output = add.Output(0)
		}
	}
}

// bias adds the constant behind a name to the unit, if it is one of at most one
// long axis that only layers of the unit read, such as reader.
func (f *finder) bias(u *Unit, name string, reader *onnx.Node) bool {
	r := f.trace(name)
	if name == "" || r.tensor == nil || r.tensor.Type.Size() == 0 || longAxes(r.tensor.Dims) != 1 {
		return false
	}
	for _, use := range f.index.Consumers(r.name) {
		if use.Node != reader && len(f.index.Consumers(r.name)) > 1 && !slices.Contains(u.nodes, use.Node) {
			return false
		}
	}
	if !slices.ContainsFunc(u.Weights, func(w Weight) bool { return w.Tensor == r.name }) {
		if r.scale != "" && len(f.index.Consumers(r.scale)) > 1 {
			u.Type = 0
		}
		u.Weights = append(u.Weights, Weight{Tensor: r.name, Bias: true, Scale: r.scale})
	}
	return true
}

func longAxes(dims []int64) int {
	long := 0
	for _, d := range dims {
		if d > 1 {
			long++
		}
	}
	return long
}
