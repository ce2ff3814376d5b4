package onnx

// Ranks gives the number of axes of the graph's tensors as far as the file
// states it or the operators imply it without knowing any length. Nodes must
// be in order, as [Graph.Sort] leaves them.
func (g *Graph) Ranks() map[string]int {
	r := ranker{
		ranks:     make(map[string]int, len(g.Nodes)),
		lengths:   make(map[string]int),
		constants: make(map[string]*Tensor, len(g.Initializers)),
	}
	for _, list := range [][]*Value{g.ValueInfo, g.Outputs, g.Inputs} {
		for _, v := range list {
			if v.Shape != nil {
				r.ranks[v.Name] = len(v.Shape)
			}
		}
	}
	for _, t := range g.Initializers {
		r.constant(t.Name, t)
	}
	for _, n := range g.Nodes {
		r.node(n)
	}
	return r.ranks
}

// ranker carries what is known while it goes through the nodes in order.
type ranker struct {
	ranks     map[string]int
	lengths   map[string]int // of vectors, which may be the shape of a Reshape
	constants map[string]*Tensor
}

func (r *ranker) constant(name string, t *Tensor) {
	r.constants[name] = t
	r.ranks[name] = len(t.Dims)
	if len(t.Dims) == 1 && t.Dims[0] <= maxRank {
		r.lengths[name] = int(t.Dims[0])
	}
}

func (r *ranker) node(n *Node) {
	if n.Is("Constant") {
		if t := n.constant(); t != nil {
			r.constant(n.Output(0), t)
		}
		return
	}
	if size, ok := r.length(n); ok {
		r.lengths[n.Output(0)] = size
	}
	rank, ok := r.rank(n)
	for _, name := range n.Outputs {
		if _, known := r.ranks[name]; ok && !known && name != "" {
			r.ranks[name] = rank
		}
	}
}

// length follows the vectors that exporters compute shapes with.
func (r *ranker) length(n *Node) (int, bool) {
	switch {
	case n.Is("Shape"):
		rank, known := r.ranks[n.Input(0)]
		return rank, known && n.Attr("start") == nil && n.Attr("end") == nil
	case n.Is("Cast", "Identity"):
		size, known := r.lengths[n.Input(0)]
		return size, known
	case n.Is("Gather"):
		size, known := r.lengths[n.Input(1)]
		return size, known
	case n.Is("Unsqueeze"):
		rank, known := r.ranks[n.Input(0)]
		return 1, known && rank == 0
	case n.Is("Concat"):
		total := 0
		for _, name := range n.Inputs {
			size, known := r.lengths[name]
			if !known {
				return 0, false
			}
			total += size
		}
		return total, true
	}
	return 0, false
}

// rank applies the rule of one operator.
func (r *ranker) rank(n *Node) (int, bool) {
	in, known := r.ranks[n.Input(0)]
	switch {
	case n.Is("Flatten", "Gemm"):
		return 2, true
	case n.Is("Shape"):
		return 1, true
	case n.Is(sameRank...):
		return in, known
	case n.Is("Gather"):
		index, also := r.ranks[n.Input(1)]
		return in + index - 1, known && also && in > 0
	case n.Is("MatMul"):
		rank, all := r.widest(n)
		return rank, all && in > 1 && r.ranks[n.Input(1)] > 1
	case n.Is(broadcasts...):
		return r.widest(n)
	case n.Is("Concat"):
		return r.any(n)
	case n.Is("Reshape"):
		if shape := n.AttrInts("shape"); shape != nil { // operator sets before 5
			return len(shape), true
		}
		size, known := r.lengths[n.Input(1)]
		return size, known
	case n.Is("ConstantOfShape"):
		size, known := r.lengths[n.Input(0)]
		return size, known
	case n.Is("Expand"):
		size, also := r.lengths[n.Input(1)]
		return max(in, size), known && also
	case n.Is("ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceL1", "ReduceL2", "ArgMax", "ArgMin"):
		rank, sure := r.reduced(n, in)
		return rank, known && sure
	case n.Is("Squeeze", "Unsqueeze"):
		axes := r.axes(n)
		if n.Is("Squeeze") {
			axes = -axes
		}
		return in + axes, known && axes != 0 && in+axes >= 0
	}
	return 0, false
}

// reduced is the rank behind a reduction.
func (r *ranker) reduced(n *Node, in int) (int, bool) {
	switch axes := r.axes(n); {
	case n.AttrInt("keepdims", 1) != 0:
		return in, true
	case n.Is("ArgMax", "ArgMin"):
		return in - 1, in > 0
	case axes > 0:
		return in - axes, in >= axes
	}
	return 0, n.Input(1) == "" && n.AttrInt("noop_with_empty_axes", 0) == 0 // over all axes
}

// axes is the number of axes that an attribute or the second input lists.
func (r *ranker) axes(n *Node) int {
	if axes := n.AttrInts("axes"); axes != nil {
		return len(axes)
	}
	return r.lengths[n.Input(1)]
}

func (r *ranker) widest(n *Node) (int, bool) {
	rank := 0
	for _, name := range n.Inputs {
		in, known := r.ranks[name]
		if !known {
			return 0, false
		}
		rank = max(rank, in)
	}
	return rank, len(n.Inputs) > 0
}

func (r *ranker) any(n *Node) (int, bool) {
	for _, name := range n.Inputs {
		if rank, known := r.ranks[name]; known {
			return rank, true
		}
	}
	return 0, false
}

// sameRank are operators whose outputs have as many axes as the first input.
var sameRank = []string{
	"Conv", "ConvTranspose", "MaxPool", "AveragePool", "LpPool", "GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool",
	"BatchNormalization", "InstanceNormalization", "GroupNormalization", "LayerNormalization", "LRN", "LpNormalization",
	"Relu", "LeakyRelu", "PRelu", "Elu", "Selu", "Celu", "Gelu", "Mish", "HardSigmoid", "HardSwish", "Sigmoid", "Tanh",
	"Softplus", "Softsign", "Softmax", "LogSoftmax", "Clip", "ThresholdedRelu", "Erf", "Exp", "Log", "Sqrt", "Reciprocal",
	"Abs", "Neg", "Floor", "Ceil", "Round", "Sign", "Sin", "Cos", "Cast", "Identity", "Dropout", "Transpose", "Pad",
	"Slice", "Split", "Resize", "Upsample", "DepthToSpace", "SpaceToDepth", "QuantizeLinear", "DequantizeLinear", "Tile",
}

// broadcasts are operators whose output has as many axes as the widest input.
var broadcasts = []string{"Add", "Sub", "Mul", "Div", "Pow", "Max", "Min", "Mean", "Sum", "Where", "And", "Or", "Equal", "Greater", "Less"}

// Spatial lists the outputs of nodes that have two spatial axes (rank 4) and
// that depend on the inputs: the layers that class activation maps can be
// taken from, in the order of the nodes.
func (g *Graph) Spatial() []string {
	ranks := g.Ranks()
	live := make(map[string]bool)
	for _, v := range g.Feeds() {
		live[v.Name] = true
	}
	var names []string
	for _, n := range g.Nodes {
		if !reachesAny(n, live) {
			continue
		}
		for _, name := range n.Outputs {
			live[name] = true
			if ranks[name] == 4 {
				names = append(names, name)
			}
		}
	}
	return names
}

func reachesAny(n *Node, live map[string]bool) bool {
	for _, name := range n.reads() {
		if name != "" && live[name] {
			return true
		}
	}
	return false
}
