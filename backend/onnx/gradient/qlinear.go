package gradient

import "picasso/backend/onnx"

// The operators of this file compute on integers that stand for x = (q−z)·s.
// Their gradients are those of the same operators on x, taken through the
// integers: d/dq = s·d/dx. Rounding is passed straight through, and nothing
// passes where the result stands at the end of its range.

// quantity is an integer tensor with its scale and zero point: inputs at, at+1
// and at+2.
func (c *call) quantity(at int) string {
	x := c.x(at)
	if c.has(at + 2) {
		x = c.sub(x, c.reshape(c.x(at+2), nil))
	}
	return c.mul(x, c.lone(at+1))
}

// lone is a constant of one element as a scalar.
func (c *call) lone(i int) string {
	if c.in(i).elements() != 1 {
		c.refuse("has more than one scale for a tensor, for which there is no rule")
	}
	return c.reshape(c.x(i), nil)
}

// incoming is dy in terms of the numbers that the integers of output 0 stand
// for; its scale is input at.
func (c *call) incoming(at int) string {
	c.note(straightThrough)
	lo, hi, ok := integerRange(c.out(0).Type)
	if !ok {
		c.refuse("gives %v, for which there is no rule", c.out(0).Type)
		return ""
	}
	inside := c.both(c.greater(c.y(0), lo), c.less(c.y(0), hi))
	return c.div(c.keep(inside, c.dy[0]), c.lone(at))
}

// gradQLinearConv: inputs x, s, z, W, s, z, s, z, bias. Weights may have one
// scale per output channel.
func gradQLinearConv(c *call) {
	shape := c.in(3).Shape
	if len(shape) < 3 {
		c.refuse("has weights of shape %v", shape)
		return
	}
	w := c.window(c.in(0), c.out(0), shape[2:])
	g := c.incoming(6)
	if c.err != nil {
		return
	}
	weights := c.op("DequantizeLinear", present(c.raw(c.node.Input(3)), c.perOutput(4), c.perOutput(5)), onnx.IntAttr("axis", 0))
	d := c.scatter(g, weights, shape, w, c.node.AttrInt("group", 1), c.in(0).Shape[1])
	c.dx[0] = c.mul(d, c.lone(1))
}

// perOutput is a scale or zero point of weights: a vector, or a scalar where
// one serves all.
func (c *call) perOutput(i int) string {
	v := c.raw(c.node.Input(i))
	if c.in(i).elements() == 1 {
		return c.reshape(v, nil)
	}
	return v
}

// gradQLinearMatMul: inputs a, s, z, b, s, z, s, z.
func gradQLinearMatMul(c *call) {
	g := c.incoming(6)
	if c.err != nil {
		return
	}
	c.factors(g, 0, 3, c.quantity(0), c.quantity(3))
	for _, i := range []int{0, 3} {
		if c.wants(i) {
			c.dx[i] = c.mul(c.dx[i], c.lone(i+1))
		}
	}
}

// gradQLinearAdd: inputs a, s, z, b, s, z, s, z.
func gradQLinearAdd(c *call) {
	g := c.incoming(6)
	for _, i := range []int{0, 3} {
		if c.wants(i) {
			c.dx[i] = c.mul(c.fit(g, i), c.lone(i+1))
		}
	}
}

// gradQLinearMul: inputs a, s, z, b, s, z, s, z.
func gradQLinearMul(c *call) {
	g := c.incoming(6)
	for _, i := range []int{0, 3} {
		if c.wants(i) {
			c.dx[i] = c.mul(c.fit(c.mul(g, c.quantity(3-i)), i), c.lone(i+1))
		}
	}
}

// gradQLinearGlobalAveragePool: inputs x, s, z, s, z.
func gradQLinearGlobalAveragePool(c *call) {
	f := c.in(0)
	if !c.channelsFirst() {
		return
	}
	g := c.scale(c.incoming(3), 1/float64(product(f.Shape[2:])))
	c.dx[0] = c.mul(c.expand(g, f), c.lone(1))
}

// gradQLinearConcat: inputs s, z of the result, then x, s, z for each part.
func gradQLinearConcat(c *call) {
	g := c.incoming(0)
	a := axis(c.node.AttrInt("axis", 0), c.out(0).rank())
	c.alongBatch(c.out(0), a)
	start := int64(0)
	for i := 2; i < len(c.node.Inputs) && c.err == nil; i += 3 {
		end := start + c.in(i).Shape[a]
		if c.wants(i) {
			c.dx[i] = c.mul(c.slice(g, a, start, end), c.lone(i+1))
		}
		start = end
	}
}

// gradQLinearSigmoid: inputs x, s, z, s, z.
func gradQLinearSigmoid(c *call) {
	y := c.op("Sigmoid", []string{c.quantity(0)})
	slope := c.mul(y, c.complement(y))
	c.dx[0] = c.mul(c.mul(c.incoming(3), slope), c.lone(1))
}

// gradQLinearLeakyRelu: inputs x, s, z, s, z.
func gradQLinearLeakyRelu(c *call) {
	alpha := float64(c.node.AttrFloat("alpha", 0.01))
	slope := c.choose(c.greater(c.quantity(0), 0), c.number(1), c.number(alpha))
	c.dx[0] = c.mul(c.mul(c.incoming(3), slope), c.lone(1))
}

// gradQGemm: inputs A, s, z, B, s, z, C, and for integer results s, z.
func gradQGemm(c *call) {
	g := c.dy[0]
	if c.has(7) {
		g = c.incoming(7)
	} else {
		c.note(straightThrough)
	}
	if c.err != nil || c.node.AttrInt("transA", 0) != 0 {
		c.refuse("transposes its first operand, for which there is no rule")
		return
	}
	transB := c.node.AttrInt("transB", 0)
	weights := c.op("DequantizeLinear", present(c.raw(c.node.Input(3)), c.perOutput(4), c.perOutput(5)), onnx.IntAttr("axis", 1-transB))
	d := c.op("Gemm", []string{g, weights}, onnx.FloatAttr("alpha", c.node.AttrFloat("alpha", 1)), onnx.IntAttr("transB", 1-transB))
	c.dx[0] = c.mul(d, c.lone(1))
}

// channelsFirst refuses the layout with the channels last.
func (c *call) channelsFirst() bool {
	if c.node.AttrInt("channels_last", 0) != 0 {
		c.refuse("has the channels last, for which there is no rule")
	}
	return c.err == nil
}

// gradQLinearAveragePool: inputs x, s, z, s, z.
func gradQLinearAveragePool(c *call) {
	if !c.channelsFirst() {
		return
	}
	w, g := c.poolWindow(), c.incoming(3)
	if c.err == nil {
		c.dx[0] = c.mul(c.spreadWindows(c.mul(g, c.weightOfWindows(w)), w), c.lone(1))
	}
}

// gradQLinearSoftmax: inputs x, s, z, s, z; attribute opset says which axes are
// normalised.
func gradQLinearSoftmax(c *call) {
	c.opset = c.node.AttrInt("opset", 13)
	axes := c.normalised()
	x := c.quantity(0)
	e := c.exp(c.sub(x, c.op("ReduceMax", []string{x, c.ints(axes...)}, onnx.IntAttr("keepdims", 1))))
	p := c.div(e, c.sum(e, axes...))
	g := c.incoming(3)
	c.dx[0] = c.mul(c.mul(p, c.sub(g, c.sum(c.mul(g, p), axes...))), c.lone(1))
}

// gradQLinearWhere: inputs condition, a, s, z, b, s, z, s, z.
func gradQLinearWhere(c *call) {
	g, condition := c.incoming(7), c.raw(c.node.Input(0))
	c.offer(1, func() string { return c.mul(c.fit(c.keep(condition, g), 1), c.lone(2)) })
	c.offer(4, func() string { return c.mul(c.fit(c.choose(condition, c.number(0), g), 4), c.lone(5)) })
}
