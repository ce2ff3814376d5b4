package shapes

import (
	"slices"
	"strings"

	"picasso/backend/onnx"
)

// rule states what follows about the outputs of a node.
type rule func(c *call)

var rules = table()

// ruleOf is the rule of a node, nil where there is none.
func ruleOf(n *onnx.Node) rule {
	if n.Domain != "" && n.Domain != "ai.onnx" {
		return nil
	}
	return rules[n.OpType]
}

func table() map[string]rule {
	t := map[string]rule{
		"Conv": conv, "MaxPool": pool, "AveragePool": pool, "LpPool": pool,
		"GlobalAveragePool": globalPool, "GlobalMaxPool": globalPool, "GlobalLpPool": globalPool,
		"Gemm": gemm, "MatMul": matMul, "Flatten": flatten, "Reshape": reshape, "Transpose": transpose,
		"Concat": concat, "Split": split, "Squeeze": squeeze, "Unsqueeze": unsqueeze, "Expand": expand,
		"Pad": pad, "Slice": slice, "Gather": gather, "Shape": shapeOf, "DepthToSpace": depthToSpace,
		"Identity": same, "Cast": cast,
	}
	add := func(r rule, names string) {
		for _, name := range strings.Fields(names) {
			t[name] = r
		}
	}
	add(first, `Abs BatchNormalization Ceil Celu Clip Cos Dropout Elu Erf Exp Floor Gelu HardSigmoid HardSwish
		InstanceNormalization GroupNormalization LayerNormalization LeakyRelu Log LogSoftmax LRN Mish Neg Not PRelu Reciprocal Relu Round
		Selu Sigmoid Sign Sin Softmax Softplus Softsign Sqrt Tanh ThresholdedRelu`)
	add(broadcast, `Add Sub Mul Div Pow Mod Max Min Sum Mean Where And Or Xor Equal Greater Less GreaterOrEqual LessOrEqual`)
	add(reduce, `ReduceMean ReduceSum ReduceMax ReduceMin ReduceL1 ReduceL2 ReduceSumSquare ReduceLogSum ReduceLogSumExp ReduceProd`)
	return t
}

// first: every element stays where it is. A second output of Dropout is the
// mask; other operators' further outputs are not followed.
func first(c *call) {
	shape, ok := c.in(0)
	if !ok {
		return
	}
	c.gives(0, shape)
	if c.node.Is("Dropout") {
		c.gives(1, shape)
	}
}

// same passes elements on.
func same(c *call) {
	if k, ok := c.find(c.node.Input(0)); ok {
		c.holds(k.Shape, k.Value)
	}
}

// cast is same between integers; other numbers are not followed.
func cast(c *call) {
	k, ok := c.find(c.node.Input(0))
	if !ok {
		return
	}
	to := onnx.DataType(c.node.AttrInt("to", 0))
	if to != onnx.Int64 && to != onnx.Int32 {
		k.Value = nil
	}
	c.holds(k.Shape, k.Value)
}

// broadcast: the inputs are repeated along axes of length 1.
func broadcast(c *call) {
	var shape []int64
	for i := range c.node.Inputs {
		in, ok := c.in(i)
		if !ok {
			return
		}
		if shape, ok = common(shape, in); !ok {
			return
		}
	}
	if value := c.arithmetic(); value != nil {
		c.holds(shape, value)
		return
	}
	c.gives(0, shape)
}

// common is the shape to which two shapes are broadcast.
func common(a, b []int64) ([]int64, bool) {
	if len(a) < len(b) {
		a, b = b, a
	}
	out, lead := slices.Clone(a), len(a)-len(b)
	for i, d := range b {
		switch at := lead + i; {
		case out[at] == d || d == 1:
		case out[at] == 1:
			out[at] = d
		default:
			return nil, false
		}
	}
	return out, true
}

// arithmetic computes what shapes are computed with: sums, differences,
// products and quotients of lists of one length, or of a list and one number.
func (c *call) arithmetic() []int64 {
	if !c.node.Is("Add", "Sub", "Mul", "Div") {
		return nil
	}
	a, oka := c.ints(0)
	b, okb := c.ints(1)
	n := max(len(a), len(b))
	if !oka || !okb || len(a) != n && len(a) != 1 || len(b) != n && len(b) != 1 {
		return nil
	}
	out := make([]int64, n)
	for i := range out {
		x, y := a[i%len(a)], b[i%len(b)]
		switch c.node.OpType {
		case "Add":
			out[i] = x + y
		case "Sub":
			out[i] = x - y
		case "Mul":
			out[i] = x * y
		case "Div":
			if y == 0 {
				return nil
			}
			out[i] = x / y
		}
	}
	return out
}

func reduce(c *call) {
	shape, ok := c.in(0)
	axes, _, known := c.list("axes", 1)
	if !ok || !known {
		return
	}
	if len(axes) == 0 {
		if c.node.AttrInt("noop_with_empty_axes", 0) != 0 {
			c.gives(0, shape)
			return
		}
		for i := range shape {
			axes = append(axes, int64(i))
		}
	}
	out := slices.Clone(shape)
	for _, a := range axes {
		at, ok := axis(a, len(shape))
		if !ok {
			return
		}
		out[at] = 1
		if c.node.AttrInt("keepdims", 1) == 0 {
			out[at] = gone
		}
	}
	c.gives(0, slices.DeleteFunc(out, func(d int64) bool { return d == gone }))
}

// gone marks an axis that is taken away.
const gone = -1

// gemm: [M, K] · [K, N].
func gemm(c *call) {
	a, oka := c.in(0)
	b, okb := c.in(1)
	if !oka || !okb || len(a) != 2 || len(b) != 2 {
		return
	}
	rows, columns := a[0], b[1]
	if c.node.AttrInt("transA", 0) != 0 {
		rows = a[1]
	}
	if c.node.AttrInt("transB", 0) != 0 {
		columns = b[0]
	}
	c.gives(0, []int64{rows, columns})
}

// matMul: […, M, K] · […, K, N], the axes in front broadcast.
func matMul(c *call) {
	a, oka := c.in(0)
	b, okb := c.in(1)
	if !oka || !okb || len(a) < 2 || len(b) < 2 {
		return
	}
	lead, ok := common(a[:len(a)-2], b[:len(b)-2])
	if ok {
		c.gives(0, append(slices.Clip(lead), a[len(a)-2], b[len(b)-1]))
	}
}
