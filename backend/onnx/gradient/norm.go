package gradient

// gradBatchNorm: with the stored mean and variance the operator is linear,
// dx = dy·scale/√(var+ε).
func gradBatchNorm(c *call) {
	c.only(0)
	if c.node.AttrInt("training_mode", 0) != 0 {
		c.refuse("is in training mode, which makes the pictures of a batch depend on each other")
		return
	}
	if c.opset < 9 && c.node.AttrInt("spatial", 1) == 0 {
		c.refuse("has spatial = 0, for which there is no rule")
		return
	}
	factor := c.div(c.x(1), c.sqrt(c.shift(c.x(4), c.epsilon(1e-5))))
	c.dx[0] = c.mul(c.single(), c.perChannel(factor))
}

func (c *call) epsilon(def float32) float64 {
	return float64(c.node.AttrFloat("epsilon", def))
}

// perChannel lays a vector along axis 1 of input 0.
func (c *call) perChannel(v string) string {
	shape := []int64{-1}
	for len(shape) < c.in(0).rank()-1 {
		shape = append(shape, 1)
	}
	return c.reshape(v, shape)
}

// normalise is the gradient of x̂ = (x−μ)·r with r = 1/√(σ²+ε) over the given
// axes: dx = r·(dx̂ − mean(dx̂) − x̂·mean(dx̂·x̂)).
func (c *call) normalise(x, g string, eps float64, axes ...int64) string {
	centred := c.sub(x, c.mean(x, axes...))
	r := c.div(c.number(1), c.sqrt(c.shift(c.mean(c.square(centred), axes...), eps)))
	hat := c.mul(centred, r)
	inner := c.sub(c.sub(g, c.mean(g, axes...)), c.mul(hat, c.mean(c.mul(g, hat), axes...)))
	return c.mul(r, inner)
}

// gradInstanceNorm normalises each channel of each picture over its pixels.
func gradInstanceNorm(c *call) {
	c.only(0)
	f := c.in(0)
	c.notFirst(f)
	axes := from(2, f.rank())
	c.dx[0] = c.normalise(c.x(0), c.mul(c.dy[0], c.perChannel(c.x(1))), c.epsilon(1e-5), axes...)
}

// gradLayerNorm normalises over the given axis and all behind it.
func gradLayerNorm(c *call) {
	c.only(0)
	f := c.in(0)
	axes := from(axis(c.node.AttrInt("axis", -1), f.rank()), f.rank())
	c.alongBatch(f, axes...)
	c.dx[0] = c.normalise(c.x(0), c.mul(c.single(), c.x(1)), c.epsilon(1e-5), axes...)
}

// gradGroupNorm normalises groups of channels. Scale is per group before
// operator set 21 and per channel since.
func gradGroupNorm(c *call) {
	c.only(0)
	f := c.in(0)
	c.notFirst(f)
	groups := c.node.AttrInt("num_groups", 1)
	if f.rank() < 3 || groups < 1 || f.Shape[1]%groups != 0 {
		c.refuse("has %d groups for a tensor of shape %v", groups, f.Shape)
		return
	}
	split := []int64{0, groups, f.Shape[1] / groups, -1}
	scale := []int64{1, groups, f.Shape[1] / groups, 1}
	if s := c.in(1).Shape; len(s) == 1 && s[0] == groups {
		scale[2] = 1
	}
	g := c.mul(c.reshape(c.dy[0], split), c.reshape(c.x(1), scale))
	c.dx[0] = c.like(c.normalise(c.reshape(c.x(0), split), g, c.epsilon(1e-5), 2, 3), 0)
}

// gradMVN: y = (x−μ)/(σ+1e-9) over the given axes.
func gradMVN(c *call) {
	axes := c.node.AttrInts("axes")
	if axes == nil {
		axes = []int64{0, 2, 3}
	}
	f := c.in(0)
	for i, a := range axes {
		axes[i] = axis(a, f.rank())
	}
	c.alongBatch(f, axes...)
	c.dx[0] = c.normalise(c.x(0), c.dy[0], 1e-18, axes...)
}

// gradRMSNorm: y = x·r·scale with r = 1/√(mean(x²)+ε), so with g = dy·scale
// dx = r·(g − x̂·mean(g·x̂)), x̂ = x·r.
func gradRMSNorm(c *call) {
	c.only(0)
	c.dx[0] = c.rms(c.x(0), c.mul(c.single(), c.x(1)), c.node.AttrInt("axis", -1), c.epsilon(1e-5))
}

func (c *call) rms(x, g string, first int64, eps float64) string {
	f := c.in(0)
	axes := from(axis(first, f.rank()), f.rank())
	c.alongBatch(f, axes...)
	r := c.div(c.number(1), c.sqrt(c.shift(c.mean(c.square(x), axes...), eps)))
	hat := c.mul(x, r)
	return c.mul(r, c.sub(g, c.mul(hat, c.mean(c.mul(g, hat), axes...))))
}

// gradLRN: y = x·D^−β with D = k + α/n·Σ x² over n neighbouring channels.
// dx = dy·D^−β − 2αβ/n·x·Σ dy·x·D^(−β−1), the sum over the channels whose
// neighbourhood holds this one.
func gradLRN(c *call) {
	f := c.in(0)
	if f.rank() < 3 {
		c.refuse("has an input of shape %v", f.Shape)
		return
	}
	c.notFirst(f)
	n := c.node.AttrInt("size", 1)
	alpha, beta := float64(c.node.AttrFloat("alpha", 1e-4)), float64(c.node.AttrFloat("beta", 0.75))
	before, behind := (n-1)/2, n/2
	columns := []int64{0, 1, f.Shape[1], -1}
	x, dy := c.reshape(c.x(0), columns), c.reshape(c.dy[0], columns)
	d := c.shift(c.scale(c.neighbours(c.square(x), n, before, behind), alpha/float64(n)), float64(c.node.AttrFloat("bias", 1)))
	direct := c.mul(dy, c.pow(d, -beta))
	across := c.neighbours(c.div(c.mul(direct, x), d), n, behind, before)
	c.dx[0] = c.like(c.sub(direct, c.scale(c.mul(x, across), 2*alpha*beta/float64(n))), 0)
}

// neighbours sums n entries along axis 2 of a tensor of rank 4.
func (c *call) neighbours(x string, n, before, behind int64) string {
	average := c.op("AveragePool", []string{x}, attrInts("kernel_shape", []int64{n, 1}),
		attrInts("pads", []int64{before, 0, behind, 0}), attrInt("count_include_pad", 1))
	return c.scale(average, float64(n))
}

// gradLpNorm: y = x/‖x‖ along an axis. For p = 2, dx = (dy − y·Σ dy·y)/‖x‖; for
// p = 1, dx = (dy − sign(x)·Σ dy·y)/‖x‖.
func gradLpNorm(c *call) {
	f := c.in(0)
	a := axis(c.node.AttrInt("axis", -1), f.rank())
	c.alongBatch(f, a)
	x, y := c.x(0), c.y(0)
	norm, slope := c.sqrt(c.sum(c.square(x), a)), y
	if c.node.AttrInt("p", 2) == 1 {
		norm, slope = c.sum(c.abs(x), a), c.sign(x)
	}
	c.dx[0] = c.div(c.sub(c.dy[0], c.mul(slope, c.sum(c.mul(c.dy[0], y), a))), norm)
}

// from lists the axes from first to the last.
func from[T int | int64](first T, rank int) []int64 {
	var axes []int64
	for a := int64(first); a < int64(rank); a++ {
		axes = append(axes, a)
	}
	return axes
}
