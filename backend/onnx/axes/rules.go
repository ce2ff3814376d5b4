package axes

import "strings"

// rule sets the layouts of a node's outputs; it leaves out those it cannot
// tell.
type rule func(c *call)

var rules = table()

// table maps operators to rules. What is not listed gives tensors of unknown
// layout, until an operator of pictures such as Conv reads them.
func table() map[string]rule {
	t := map[string]rule{
		"Transpose": transpose, "Concat": concat, "Split": split, "Slice": slice, "Gather": gather,
		"MatMul": matMul, "MatMulInteger": matMul, "Gemm": gemm, "Einsum": einsum,
		"com.microsoft.FusedMatMul": matMul, "com.microsoft.FusedGemm": gemm, "com.microsoft.MatMulNBits": matMul,
		"com.microsoft.DynamicQuantizeMatMul": matMul, "com.microsoft.MatMulIntegerToFloat": matMul,
		"QLinearMatMul": qlinearMatMul, "com.microsoft.QGemm": gemm, "com.microsoft.QLinearConcat": concatQuantised,
		"GlobalAveragePool": globalPool, "GlobalMaxPool": globalPool, "GlobalLpPool": globalPool,
		"com.microsoft.QLinearGlobalAveragePool": globalPool,
		"Attention":                              attention, "com.microsoft.Attention": attention, "com.microsoft.QAttention": attention,
		"com.microsoft.MultiHeadAttention": attention, "com.microsoft.GroupQueryAttention": attention,
	}
	add := func(r rule, names string) {
		for _, name := range strings.Fields(names) {
			t[name] = r
		}
	}
	add(reshape, "Reshape Flatten Squeeze Unsqueeze")
	add(window, `Conv ConvTranspose ConvInteger QLinearConv DeformConv MaxPool AveragePool LpPool MaxUnpool Resize Upsample
		DepthToSpace SpaceToDepth GridSample Pad CenterCropPad com.microsoft.FusedConv com.microsoft.QLinearAveragePool`)
	add(keep, `BatchNormalization LRN InstanceNormalization GroupNormalization LayerNormalization RMSNormalization
		SimplifiedLayerNormalization LpNormalization MeanVarianceNormalization Softmax LogSoftmax Hardmax Dropout QuantizeLinear
		DequantizeLinear DynamicQuantizeLinear CumSum CumProd Trilu ScatterND ScatterElements Scatter RotaryEmbedding
		com.microsoft.RotaryEmbedding com.microsoft.QuantizeLinear com.microsoft.DequantizeLinear com.microsoft.GroupNorm
		com.microsoft.QLinearSoftmax com.microsoft.QLinearLeakyRelu com.microsoft.QLinearSigmoid`)
	add(reduce, `ReduceMean ReduceSum ReduceMax ReduceMin ReduceL1 ReduceL2 ReduceSumSquare ReduceLogSum ReduceLogSumExp
		ReduceProd ArgMax ArgMin`)
	add(pointwise, `Abs Acos Acosh Add And Asin Asinh Atan Atanh BitShift BitwiseAnd BitwiseNot BitwiseOr BitwiseXor Cast CastLike
		Ceil Celu Clip Cos Cosh Div Elu Equal Erf Exp Expand Floor Gelu Greater GreaterOrEqual HardSigmoid HardSwish Identity IsInf
		IsNaN LeakyRelu Less LessOrEqual Log Max Mean Min Mish Mod Mul Neg Not Or PRelu Pow Reciprocal Relu Round Selu Shrink
		Sigmoid Sign Sin Sinh Softplus Softsign Sqrt Sub Sum Swish Tan Tanh ThresholdedRelu Tile Where Xor
		com.microsoft.BiasGelu com.microsoft.FastGelu com.microsoft.Gelu com.microsoft.QuickGelu
		com.microsoft.SkipLayerNormalization com.microsoft.SkipSimplifiedLayerNormalization
		com.microsoft.QLinearAdd com.microsoft.QLinearMul com.microsoft.QLinearWhere`)
	return t
}

// keep: the elements of the first input stay where they are.
func keep(c *call) {
	at := 0
	if strings.Contains(c.node.OpType, "RotaryEmbedding") && c.in(0) == nil {
		at = 1
	}
	c.gives(0, c.in(at))
}

// pointwise: the inputs are broadcast to the output.
func pointwise(c *call) {
	c.gives(0, c.broadcast(c.node.Inputs, c.out(0)))
	if out := c.node.Output(3); out != "" { // the sum in front of a normalisation
		c.set(out, c.broadcast(c.node.Inputs, c.out(3)))
	}
}

// broadcast joins the layouts of tensors in a shape: every axis is that of a
// tensor that has its length; features where none has.
func (c *call) broadcast(names []string, shape []int) Layout {
	if shape == nil {
		return nil
	}
	out := make(Layout, len(shape))
	set := make([]bool, len(shape))
	any := false
	for _, name := range names {
		l := c.layouts[name]
		lead := len(shape) - len(l)
		if l == nil || lead < 0 {
			continue
		}
		any = true
		for i, a := range l {
			at := lead + i
			switch {
			case a.size() != shape[at]:
			case !set[at]:
				out[at], set[at] = a, len(a) > 0
			default:
				var ok bool
				if out[at], ok = agreed(out[at], a); !ok {
					return nil
				}
			}
		}
	}
	if !any {
		return nil
	}
	for i, a := range out {
		if a.size() != shape[i] {
			out[i] = channels(shape[i])
		}
	}
	return out
}

// agreed is the axis of two operands. Where one is a part of a map and the
// other a map by itself, it is the map.
func agreed(a, b Axis) (Axis, bool) {
	switch {
	case len(a) == 0 || a.has(Channel) && !a.placed() && b.placed():
		return b, true
	case len(b) == 0 || !b.placed():
		return a, true
	case !a.placed():
		return b, true
	}
	if len(a) != len(b) {
		return nil, false
	}
	out := make(Axis, len(a))
	for i, f := range a {
		g := b[i]
		if f.Role != g.Role || f.Size != g.Size || f.Stride != g.Stride || f.Key != g.Key {
			return nil, false
		}
		switch {
		case f.Start == g.Start:
		case f.Start != 0 && f.Size != f.Full:
			f = g
		case g.Start != 0 && g.Size != g.Full:
		default: // rolled and not rolled
			return nil, false
		}
		if f.Role == Tokens && !sameParts(f.Parts, g.Parts) {
			return nil, false
		}
		out[i] = f
	}
	return out, true
}

func sameParts(a, b []Part) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Size != b[i].Size || (a[i].Grid == nil) != (b[i].Grid == nil) {
			return false
		}
	}
	return true
}

// window: rows and columns are the last of four axes, behind slices where there
// are five, and become other ones; channels are mixed. Reading four axes of which nothing is known, such an
// operator tells that they are channels, rows and columns.
func window(c *call) {
	shape, l := c.out(0), c.in(0)
	if len(shape) < 3 {
		return
	}
	if l == nil {
		if len(shape) != 4 {
			return
		}
		l = Picture(1, 2, 2, 2, false)
		if in := c.shape(c.node.Input(0)); len(in) == 4 {
			l = Picture(in[0], in[1], in[2], in[3], false)
		}
	}
	if len(l) != len(shape) {
		return
	}
	out := make(Layout, len(shape))
	for i, a := range l {
		switch {
		case a.size() == shape[i] && c.node.Is("Pad"):
			out[i] = a
		case a.size() == shape[i]:
			out[i] = a.plain()
		case a.whole():
			out[i] = place(a[0].Role, shape[i])
			out[i][0].Padded = c.node.Is("Pad") && shape[i] > a.size()
		case len(a) == 0 && i >= 2 && len(shape) <= len(places)+2: // one row becomes several
			out[i] = place(places[i+1-max(len(shape)-2, 2)], shape[i])
		case !a.placed() && !a.has(Batch):
			out[i] = channels(shape[i])
		default:
			return
		}
	}
	if mixes(c.node.OpType) && !out[1].has(Batch) {
		out[1] = channels(shape[1])
		out = out.coarsened()
	}
	c.gives(0, out)
}

// mixes reports operators whose channels are sums over those of the input.
func mixes(op string) bool { return strings.Contains(op, "Conv") }

// globalPool: rows and columns become one.
func globalPool(c *call) {
	l := c.in(0)
	if len(l) < 3 {
		return
	}
	out := l.clone()
	for i := 2; i < len(out); i++ {
		out[i] = nil
	}
	c.gives(0, out)
}

// reduce: the axes are used up.
func reduce(c *call) {
	l := c.in(0)
	axes, ok := c.list("axes", 1)
	if c.node.Is("ArgMax", "ArgMin") {
		axes, ok = []int{int(c.node.AttrInt("axis", 0))}, true
	}
	if l == nil || !ok {
		return
	}
	if len(axes) == 0 {
		if c.node.AttrInt("noop_with_empty_axes", 0) != 0 {
			c.gives(0, l)
		}
		return
	}
	gone := make([]bool, len(l))
	out := l.clone()
	for _, a := range axes {
		i := normal(int64(a), len(l))
		if i < 0 {
			return
		}
		gone[i] = true
		if !l[i].has(Batch) {
			out[i] = nil
		}
	}
	if c.node.AttrInt("keepdims", 1) == 0 {
		var kept Layout
		for i, a := range out {
			if !gone[i] {
				kept = append(kept, a)
			}
		}
		out = kept
	}
	c.gives(0, out.coarsened())
}

// attention: what attends stays where it is.
func attention(c *call) {
	l, shape := c.in(0), c.out(0)
	if len(l) != len(shape) {
		return
	}
	out := l.clone()
	for i, a := range l {
		if a.size() != shape[i] {
			out[i] = channels(shape[i])
		}
	}
	c.gives(0, out)
}
