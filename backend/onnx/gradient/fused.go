package gradient

// gradFusedConv: y = f(W ∗ x + b + z) with an activation function f whose slope
// is taken from y.
func gradFusedConv(c *call) {
	g := c.activated(c.node.AttrFloats("activation_params"))
	c.convolution(g)
	c.offer(3, func() string { return g })
}

// gradFusedGemm is [gradGemm] followed by an activation function.
func gradFusedGemm(c *call) {
	g := c.activated([]float32{c.node.AttrFloat("activation_alpha", 0), c.node.AttrFloat("activation_beta", 0)})
	c.gemm(g)
	if c.wants(2) {
		c.dx[2] = c.fit(c.scale(g, float64(c.node.AttrFloat("beta", 1))), 2)
	}
}

// activated takes dy through the fused activation function.
func (c *call) activated(params []float32) string {
	param := func(i int) float64 {
		if i < len(params) {
			return float64(params[i])
		}
		return 0
	}
	y, dy := c.y(0), c.dy[0]
	switch name := c.node.AttrString("activation", ""); name {
	case "":
		return dy
	case "Relu":
		return c.rectified(func() string { return c.above(dy, 0) })
	case "LeakyRelu":
		return c.choose(c.greater(y, 0), dy, c.scale(dy, param(0)))
	case "Clip":
		return c.between(dy, param(0), param(1))
	case "Sigmoid":
		return c.mul(dy, c.mul(y, c.complement(y)))
	case "Tanh":
		return c.mul(dy, c.complement(c.square(y)))
	case "HardSigmoid":
		return c.keep(c.both(c.greater(y, 0), c.less(y, 1)), c.scale(dy, param(0)))
	default:
		c.refuse("has the fused activation %q, for which there is no rule", name)
		return ""
	}
}

// gradSkipLayerNorm: LayerNormalization of s = input + skip + bias; outputs 1
// and 2 are its statistics, output 3 is s itself.
func gradSkipLayerNorm(c *call) { c.skipped(layer{bias: 3, mean: 1, r: 2}, 4) }

// gradSkipRMSNorm is the same with RMSNormalization.
func gradSkipRMSNorm(c *call) { c.skipped(layer{bias: -1, mean: -1, r: 2, rms: true}, 3) }

func (c *call) skipped(l layer, bias int) {
	s := c.add(c.x(0), c.x(1))
	if c.has(bias) {
		s = c.add(s, c.x(bias))
	}
	f := c.in(0)
	l.x, l.f, l.scale, l.epsilon, l.axes = s, f, 2, c.epsilon(1e-12), []int64{int64(f.rank() - 1)}
	g := l.differentiate(c)
	if len(c.dy) > 3 {
		g = c.total(present(g, c.dy[3]))
	}
	for _, i := range []int{0, 1, bias} {
		c.offer(i, func() string { return c.fit(g, i) })
	}
}

func present(names ...string) []string {
	var some []string
	for _, n := range names {
		if n != "" {
			some = append(some, n)
		}
	}
	return some
}
