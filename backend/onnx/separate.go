package onnx

import "slices"

// Separate reports that the graph computes every picture of a batch by itself,
// as far as its operators show without knowing any length: the first axis of
// the input stays the first, and nothing sums, sorts or moves along it. False
// says nothing; then a run must tell.
func (m *Model) Separate(input string) bool {
	g := m.Graph
	s := separator{m: m, index: g.Index(), ranks: g.Ranks(), data: map[string]bool{input: true}}
	for _, n := range g.Nodes {
		if len(n.Bodies()) > 0 {
			return false
		}
		if !slices.ContainsFunc(n.Inputs, func(name string) bool { return s.data[name] }) {
			continue
		}
		if !s.separate(n) {
			return false
		}
		for _, out := range n.Outputs {
			s.data[out] = out != ""
		}
	}
	return true
}

// separator holds the tensors that have the pictures along their first axis.
type separator struct {
	m     *Model
	index *Index
	ranks map[string]int
	data  map[string]bool
}

func (s separator) separate(n *Node) bool {
	rank := s.ranks[n.Input(0)] // 0 where it is not known
	switch {
	case n.Is("BatchNormalization", "Dropout"):
		return s.alone(n) && !s.index.InTraining(n, s.m)
	case n.Is("Conv", "ConvTranspose", "MaxPool", "AveragePool", "LpPool", "GlobalAveragePool", "GlobalMaxPool", "LRN",
		"InstanceNormalization", "Identity", "Cast", "Relu", "LeakyRelu", "PRelu", "Elu", "Selu", "Sigmoid", "HardSigmoid", "HardSwish",
		"Tanh", "Clip", "Erf", "Exp", "Log", "Sqrt", "Abs", "Neg", "Softplus", "Softsign", "Gelu", "Mish", "Reciprocal", "DepthToSpace",
		"SpaceToDepth", "QuantizeLinear", "DequantizeLinear"):
		return s.alone(n) && (!n.Is("PRelu") || s.fits(n))
	case n.Is("Add", "Sub", "Mul", "Div", "Pow", "Min", "Max", "Sum"):
		return s.fits(n)
	case n.Is("Concat"):
		return s.fits(n) && n.AttrInt("axis", 1) > 0
	case n.Is("Flatten"):
		return n.AttrInt("axis", 1) == 1
	case n.Is("Softmax", "LogSoftmax"):
		axis := n.AttrInt("axis", 1)
		return n.Attr("axis") != nil && (axis > 0 || axis == -1 && rank > 1) || n.Attr("axis") == nil && rank > 1
	case n.Is("Transpose"):
		perm := n.AttrInts("perm")
		return len(perm) > 0 && perm[0] == 0
	case n.Is("Gemm"):
		return s.alone(n) && n.AttrInt("transA", 0) == 0
	case n.Is("MatMul"):
		return s.alone(n) && rank > 1 && s.ranks[n.Input(1)] == 2
	case n.Is("ReduceMean", "ReduceSum", "ReduceMax", "Squeeze"):
		return s.behind(n)
	}
	return false
}

// alone reports that the pictures come in through the first input only.
func (s separator) alone(n *Node) bool {
	return !slices.ContainsFunc(n.Inputs[1:], func(name string) bool { return s.data[name] })
}

// fits reports inputs that are broadcast axis by axis: those with pictures have
// as many axes as each other, others no more.
func (s separator) fits(n *Node) bool {
	rank := 0
	for _, name := range n.Inputs {
		if s.data[name] {
			own := s.ranks[name]
			if own == 0 || rank != 0 && own != rank {
				return false
			}
			rank = own
		}
	}
	return !slices.ContainsFunc(n.Inputs, func(name string) bool {
		own, known := s.ranks[name]
		return !s.data[name] && (!known || own > rank)
	})
}

// behind reports axes behind the first.
func (s separator) behind(n *Node) bool {
	axes := n.AttrInts("axes")
	if t := s.index.Constant(n.Input(1)); t != nil && t.Elements() <= maxRank {
		var err error
		if axes, err = t.Ints(s.m); err != nil {
			return false
		}
	}
	rank := int64(s.ranks[n.Input(0)])
	return len(axes) > 0 && !slices.ContainsFunc(axes, func(a int64) bool { return a == 0 || a < 0 && a <= -rank })
}
