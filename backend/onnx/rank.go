package onnx

// Ranks gives the number of axes of the graph's tensors as far as the file
// states it or the operators imply it without knowing any length. Nodes must
// be in order, as [Graph.Sort] leaves them.
func (g *Graph) Ranks() map[string]int {
	ranks := make(map[string]int, len(g.Nodes))
	for _, list := range [][]*Value{g.ValueInfo, g.Outputs, g.Inputs} {
		for _, v := range list {
			if v.Shape != nil {
				ranks[v.Name] = len(v.Shape)
			}
		}
	}
	for _, t := range g.Initializers {
		ranks[t.Name] = len(t.Dims)
	}
	shapes := make(map[string]*Tensor)
	for _, t := range g.Initializers {
		shapes[t.Name] = t
	}
	for _, n := range g.Nodes {
		if t := constantOf(n); t != nil {
			shapes[n.Output(0)] = t
			ranks[n.Output(0)] = len(t.Dims)
			continue
		}
		if _, known := ranks[n.Output(0)]; known || len(n.Outputs) == 0 {
			continue
		}
		if rank, ok := outputRank(n, ranks, shapes); ok {
			for _, name := range n.Outputs {
				if _, known := ranks[name]; !known && name != "" {
					ranks[name] = rank
				}
			}
		}
	}
	return ranks
}

func constantOf(n *Node) *Tensor {
	if !n.Is("Constant") {
		return nil
	}
	return n.constant()
}

// outputRank applies the rule of one operator.
func outputRank(n *Node, ranks map[string]int, constants map[string]*Tensor) (int, bool) {
	in, known := ranks[n.Input(0)]
	switch {
	case n.Is("Flatten", "Gemm"):
		return 2, true
	case n.Is("Shape"):
		return 1, true
	case n.Is(sameRank...):
		return in, known
	case n.Is(broadcasts...):
		return widest(n, ranks)
	case n.Is("Concat"):
		return anyRank(n, ranks)
	case n.Is("Reshape", "Expand", "ConstantOfShape"):
		return shapeRank(n, constants)
	case n.Is("ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceL1", "ReduceL2", "ArgMax", "ArgMin"):
		return in, known && n.AttrInt("keepdims", 1) != 0
	case n.Is("Squeeze", "Unsqueeze"):
		axes := int64(len(n.AttrInts("axes")))
		if t := constants[n.Input(1)]; t != nil {
			axes = t.Elements()
		}
		if n.Is("Squeeze") {
			axes = -axes
		}
		return in + int(axes), known && axes != 0 && in+int(axes) >= 0
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

func widest(n *Node, ranks map[string]int) (int, bool) {
	rank := 0
	for _, name := range n.Inputs {
		r, known := ranks[name]
		if !known {
			return 0, false
		}
		rank = max(rank, r)
	}
	return rank, len(n.Inputs) > 0
}

func anyRank(n *Node, ranks map[string]int) (int, bool) {
	for _, name := range n.Inputs {
		if r, known := ranks[name]; known {
			return r, true
		}
	}
	return 0, false
}

func shapeRank(n *Node, constants map[string]*Tensor) (int, bool) {
	if shape := n.AttrInts("shape"); shape != nil { // operator sets before 5
		return len(shape), true
	}
	name := n.Input(1)
	if n.Is("ConstantOfShape") {
		name = n.Input(0)
	}
	t := constants[name]
	if t == nil || len(t.Dims) != 1 || t.Dims[0] > maxRank {
		return 0, false
	}
	if n.Is("Expand") {
		return 0, false // the input may have more axes than the shape
	}
	return int(t.Dims[0]), true
}

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
