package incremental

import (
	"slices"
	"sync"
)

// rule fills in a step; it returns false for a node that is not local.
type rule func(c *call, s *step) bool

// rules maps the operators that work locally: those of the standard set by their
// name, others with their domain.
var rules = sync.OnceValue(func() map[string]rule {
	table := map[string]rule{
		"Conv": conv, "ConvTranspose": convTranspose, "MatMul": matMul,
		"MaxPool": pool, "AveragePool": pool, "LpPool": pool,
		"BatchNormalization": channelwise, "LRN": channelwise, "Dropout": channelwise,
		"QuantizeLinear": channelwise, "DequantizeLinear": channelwise,
		"Softmax": along, "LogSoftmax": along, "Hardmax": along, "LpNormalization": along,
		"LayerNormalization": layerNorm, "RMSNormalization": layerNorm, "SimplifiedLayerNormalization": layerNorm,
		"CastLike": alike, "Reshape": reshape, "Flatten": reshape,
		"QLinearConv": conv, "QLinearMatMul": matMul,
		"Transpose": transpose, "Concat": concat, "Split": split, "Pad": pad,
		"Slice": slice, "Gather": gather, "Squeeze": squeeze, "Unsqueeze": unsqueeze,
		"Resize": resize, "Upsample": resize, "DepthToSpace": depthToSpace, "SpaceToDepth": spaceToDepth,
	}
	for _, op := range []string{"ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceL1", "ReduceL2",
		"ReduceSumSquare", "ReduceLogSum", "ReduceLogSumExp", "ReduceProd"} {
		table[op] = reduce
	}
	for _, op := range pointwiseOps() {
		table[op] = pointwise
	}
	for op, r := range fused() {
		table["com.microsoft."+op] = r
	}
	return table
})

// pointwiseOps compute every element from the elements at the same place, with
// broadcasting.
func pointwiseOps() []string {
	return []string{
		"Abs", "Acos", "Acosh", "Add", "And", "Asin", "Asinh", "Atan", "Atanh", "BitShift", "BitwiseAnd", "BitwiseNot", "BitwiseOr",
		"BitwiseXor", "Cast", "Ceil", "Celu", "Clip", "Cos", "Cosh", "Div", "Elu", "Equal", "Erf", "Exp", "Floor", "Gelu",
		"Greater", "GreaterOrEqual", "HardSigmoid", "HardSwish", "Identity", "IsInf", "IsNaN", "LeakyRelu", "Less", "LessOrEqual", "Log", "Max", "Mean",
		"Min", "Mish", "Mod", "Mul", "Neg", "Not", "Or", "PRelu", "Pow", "Reciprocal", "Relu", "Round", "Selu", "Sigmoid",
		"Shrink", "Sign", "Sin", "Sinh", "Softplus", "Softsign", "Sqrt", "Sub", "Sum", "Swish", "Tan", "Tanh", "ThresholdedRelu", "Where", "Xor",
	}
}

// pointwise: all inputs broadcast to the output, none of them along an axis of
// places unless it is constant there.
func pointwise(c *call, s *step) bool {
	shape := c.shape(c.node.Output(0))
	var axes []int
	for i := range c.node.Inputs {
		l := c.in(i)
		if l == nil {
			continue
		}
		if len(shape) != len(l.Shape) || len(s.reads) > 0 && !slices.Equal(l.Axes, axes) {
			return false
		}
		axes = l.Axes
		c.reads(s, i, l.same())
	}
	for i, name := range c.node.Inputs {
		if name != "" && c.in(i) == nil && !c.uniform(c.shape(name), shape, axes) {
			return false
		}
	}
	out := c.gives(0)
	if out == nil || !slices.Equal(out.Axes, axes) {
		return false
	}
	s.cost = float64(out.Depth()) * elementCost
	return true
}

// uniform reports whether a constant is the same at every place when it is
// broadcast to a shape.
func (c *call) uniform(constant, shape, axes []int) bool {
	if constant == nil || len(constant) > len(shape) {
		return false
	}
	for _, a := range axes {
		if own := a - (len(shape) - len(constant)); own >= 0 && constant[own] != 1 {
			return false
		}
	}
	return true
}

// channelwise: the first input element by element, with parameters along an
// axis that is none of places.
func channelwise(c *call, s *step) bool {
	l := c.in(0)
	if l == nil || c.node.AttrInt("training_mode", 0) != 0 {
		return false
	}
	for i := range c.node.Inputs {
		if i > 0 && c.in(i) != nil {
			return false
		}
	}
	if c.node.Is("QuantizeLinear", "DequantizeLinear") && c.node.Input(1) != "" && product(c.shape(c.node.Input(1))) != 1 {
		if axis := normal(c.node.AttrInt("axis", 1), len(l.Shape)); l.has(axis) {
			return false
		}
	} else if !c.node.Is("Dropout", "QuantizeLinear", "DequantizeLinear") && l.first() == 1 {
		return false // the channels are axis 1
	}
	c.reads(s, 0, l.same())
	s.cost = float64(l.Depth()) * elementCost
	if c.node.Is("LRN") {
		s.cost *= 8
	}
	return c.gives(0) != nil
}

// along: a normalisation along one axis. Before operator set 13 it went over
// all axes from there on.
func along(c *call, s *step) bool {
	l := c.in(0)
	if l == nil {
		return false
	}
	first, def := c.model.Opsets[""] < 13 && !c.node.Is("LpNormalization"), int64(-1)
	if first {
		def = 1
	}
	axis := normal(c.node.AttrInt("axis", def), len(l.Shape))
	if axis < 1 || l.has(axis) || first && axis != len(l.Shape)-1 {
		return false
	}
	return c.keep(s, l, 4)
}

// layerNorm: over the axes behind those of places.
func layerNorm(c *call, s *step) bool {
	l := c.in(0)
	if l == nil || c.in(1) != nil || c.in(2) != nil || normal(c.node.AttrInt("axis", -1), len(l.Shape)) <= l.last() {
		return false
	}
	return c.keep(s, l, 4)
}

// alike: an element type taken from a constant.
func alike(c *call, s *step) bool { return c.alone() && c.keep(s, c.in(0), 1) }

// keep is a step whose output has the places of its first input.
func (c *call) keep(s *step, l *Local, cost float64) bool {
	c.reads(s, 0, l.same())
	s.cost = float64(l.Depth()) * elementCost * cost
	return c.gives(0) != nil
}

// reduce: over axes that are neither places nor pictures.
func reduce(c *call, s *step) bool {
	l := c.in(0)
	if l == nil {
		return false
	}
	axes := ints(c.node.AttrInts("axes"))
	if c.node.Input(1) != "" {
		var ok bool
		if axes, ok = c.numbers(1); !ok {
			return false
		}
	}
	if len(axes) == 0 {
		return false
	}
	for _, a := range axes {
		if a = normal(int64(a), len(l.Shape)); a < 1 || l.has(a) {
			return false
		}
	}
	c.reads(s, 0, l.same())
	s.cost = float64(l.Depth()) * elementCost
	return c.gives(0) != nil
}

// matMul: weights applied to the last axis of every place.
func matMul(c *call, s *step) bool {
	l, weights := c.in(0), c.shape(c.node.Input(c.weights()))
	if !c.alone() || len(weights) != 2 || l.last() >= len(l.Shape)-1 {
		return false
	}
	c.reads(s, 0, l.same())
	out := c.gives(0)
	if out == nil {
		return false
	}
	s.macs = float64(out.Depth()) * float64(weights[0])
	s.cost, s.heavy = s.macs+float64(out.Depth())*elementCost, true
	return true
}

// normal brings an axis number into 0…rank−1.
func normal(axis int64, rank int) int {
	if axis < 0 {
		axis += int64(rank)
	}
	return int(axis)
}

func ints(v []int64) []int {
	out := make([]int, len(v))
	for i := range v {
		out[i] = int(v[i])
	}
	return out
}

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

// alone reports whether all inputs but the first are constant.
func (c *call) alone() bool {
	return c.in(0) != nil && !slices.ContainsFunc(c.node.Inputs[1:], func(name string) bool { return c.data[name] })
}
