package gradient

import (
	"slices"

	"picasso/backend/onnx"
)

// gradBatchNorm: with the stored mean and variance y = (x−μ)·r·γ + β with
// r = 1/√(σ²+ε) is linear in x, dx = dy·γ·r. Statistics that depend on the
// picture have dμ = −γ·r·Σ dy and dσ² = −γ·r³/2·Σ dy·(x−μ).
func gradBatchNorm(c *call) {
	dy := c.single()
	r := c.inverse(c.x(4), c.epsilon(1e-5))
	if c.wants(0) {
		c.dx[0] = c.mul(dy, c.perChannel(c.mul(c.x(1), r)))
	}
	if !slices.Contains(c.want[1:], true) {
		return
	}
	sum := c.channelSum(dy)
	moment := c.channelSum(c.mul(dy, c.sub(c.x(0), c.perChannel(c.x(3)))))
	factor := c.mul(c.x(1), r)
	c.offer(1, func() string { return c.mul(moment, r) })
	c.offer(2, func() string { return sum })
	c.offer(3, func() string { return c.neg(c.mul(factor, sum)) })
	c.offer(4, func() string { return c.scale(c.mul(c.mul(factor, c.square(r)), moment), -0.5) })
}

// inferring is the check of BatchNormalization: statistics of the batch would
// make its pictures depend on each other.
func inferring(g *graph, n *onnx.Node) string {
	switch {
	case g.index.InTraining(n, g.model):
		return "is in training mode, which makes the pictures of a batch depend on each other; export the model after eval()"
	case g.model.Opsets[""] < 9 && n.AttrInt("spatial", 1) == 0:
		return "has spatial = 0, for which there is no rule"
	}
	return ""
}

// offer sets the gradient of input i where it is wanted.
func (c *call) offer(i int, gradient func() string) {
	if c.wants(i) {
		c.dx[i] = gradient()
	}
}

// inverse is 1/√(v+ε).
func (c *call) inverse(v string, eps float64) string {
	return c.div(c.number(1), c.sqrt(c.shift(v, eps)))
}

// channelSum adds g, of the shape of input 0, over all axes but the channels.
func (c *call) channelSum(g string) string { return c.sumBut(g, c.in(0), 1) }

// sumBut adds g of shape f over all axes but one; the result is a vector.
func (c *call) sumBut(g string, f Fact, kept int64) string {
	var axes []int64
	for a := range f.Shape {
		if int64(a) != kept {
			axes = append(axes, int64(a))
		}
	}
	c.alongBatch(f, axes...)
	return c.reshape(c.sum(g, axes...), []int64{-1})
}

func (c *call) epsilon(def float32) float64 {
	return float64(c.node.AttrFloat("epsilon", def))
}

// perChannel lays a vector along axis 1 of input 0.
func (c *call) perChannel(v string) string {
	shape := []int64{1, -1}
	for len(shape) < c.in(0).rank() {
		shape = append(shape, 1)
	}
	v = c.reshape(v, shape)
	if f := c.in(0); f.rank() == 4 {
		c.shapes[v] = []int64{1, f.Shape[1], 1, 1}
	}
	return v
}

// normalise is the gradient of x̂ = (x−μ)·r with r = 1/√(σ²+ε) over the given
// axes: dx = r·(dx̂ − mean(dx̂) − x̂·mean(dx̂·x̂)).
func (c *call) normalise(x, g string, eps float64, axes ...int64) string {
	hat, r := c.standard(x, eps, axes...)
	inner := c.sub(c.sub(g, c.mean(g, axes...)), c.mul(hat, c.mean(c.mul(g, hat), axes...)))
	return c.mul(r, inner)
}

// standard is x̂ and r.
func (c *call) standard(x string, eps float64, axes ...int64) (hat, r string) {
	centred := c.sub(x, c.mean(x, axes...))
	r = c.inverse(c.mean(c.square(centred), axes...), eps)
	return c.mul(centred, r), r
}

// gradInstanceNorm normalises each channel of each picture over its pixels.
func gradInstanceNorm(c *call) {
	f := c.in(0)
	c.notFirst(f)
	axes := from(2, f.rank())
	if c.wants(0) {
		c.dx[0] = c.normalise(c.x(0), c.mul(c.dy[0], c.perChannel(c.x(1))), c.epsilon(1e-5), axes...)
	}
	c.offer(1, func() string {
		hat, _ := c.standard(c.x(0), c.epsilon(1e-5), axes...)
		return c.channelSum(c.mul(c.dy[0], hat))
	})
	c.offer(2, func() string { return c.channelSum(c.dy[0]) })
}

// layer is a normalisation over the last axes with what may depend on the
// picture besides x: inputs scale and bias, and results mean and r.
type layer struct {
	x           string
	f           Fact // of x
	axes        []int64
	epsilon     float64
	scale, bias int // inputs
	mean, r     int // outputs
	rms         bool
}

// differentiate sets the gradients of scale and bias and returns that of x,
// for y = x̂·γ + β: that of [call.normalise] or [call.rms], and through the
// results dμ/dx = 1/n and dr/dx = −r²·x̂/n.
func (l layer) differentiate(c *call) string {
	c.alongBatch(l.f, l.axes...)
	count := float64(1)
	for _, a := range l.axes {
		count *= float64(l.f.Shape[a])
	}
	hat := func() (string, string) { return c.standard(l.x, l.epsilon, l.axes...) }
	if l.rms {
		hat = func() (string, string) { return c.unit(l.x, l.epsilon, l.axes...) }
	}
	arrives := func(i int) string {
		if i < 0 || i >= len(c.dy) {
			return ""
		}
		return c.dy[i]
	}
	var parts []string
	if dy := arrives(0); dy != "" {
		g := dy
		if c.has(l.scale) {
			g = c.mul(g, c.x(l.scale))
		}
		if l.rms {
			parts = append(parts, c.rms(l.x, g, l.epsilon, l.axes...))
		} else {
			parts = append(parts, c.normalise(l.x, g, l.epsilon, l.axes...))
		}
		c.offer(l.scale, func() string {
			unit, _ := hat()
			return c.fit(c.mul(dy, unit), l.scale)
		})
		c.offer(l.bias, func() string { return c.fit(dy, l.bias) })
	}
	if dm := arrives(l.mean); dm != "" {
		parts = append(parts, c.expand(c.scale(dm, 1/count), l.f))
	}
	if dr := arrives(l.r); dr != "" {
		unit, r := hat()
		parts = append(parts, c.scale(c.mul(dr, c.mul(c.square(r), unit)), -1/count))
	}
	return c.total(parts)
}

// gradLayerNorm normalises over the given axis and all behind it.
func gradLayerNorm(c *call) {
	f := c.in(0)
	axes := from(axis(c.node.AttrInt("axis", -1), f.rank()), f.rank())
	g := layer{x: c.x(0), f: f, axes: axes, epsilon: c.epsilon(1e-5), scale: 1, bias: 2, mean: 1, r: 2}.differentiate(c)
	c.offer(0, func() string { return g })
}

// gradGroupNorm normalises groups of channels. Scale and bias are per group
// before operator set 21 and per channel since.
func gradGroupNorm(c *call) {
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
	x, dy := c.reshape(c.x(0), split), c.reshape(c.dy[0], split)
	g := c.mul(dy, c.reshape(c.x(1), scale))
	c.offer(0, func() string { return c.like(c.normalise(x, g, c.epsilon(1e-5), 2, 3), 0) })
	gathered := func(v string) string { // to the shape of scale and bias
		axes := []int64{0, 3}
		if scale[2] == 1 {
			axes = []int64{0, 2, 3}
		}
		c.alongBatch(f, 0)
		return c.reshape(c.sum(v, axes...), []int64{-1})
	}
	c.offer(1, func() string {
		hat, _ := c.standard(x, c.epsilon(1e-5), 2, 3)
		return gathered(c.mul(dy, hat))
	})
	c.offer(2, func() string { return gathered(dy) })
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
	f := c.in(0)
	axes := from(axis(c.node.AttrInt("axis", -1), f.rank()), f.rank())
	g := layer{x: c.x(0), f: f, axes: axes, epsilon: c.epsilon(1e-5), scale: 1, bias: -1, mean: -1, r: 1, rms: true}.differentiate(c)
	c.offer(0, func() string { return g })
}

func (c *call) rms(x, g string, eps float64, axes ...int64) string {
	hat, r := c.unit(x, eps, axes...)
	return c.mul(r, c.sub(g, c.mul(hat, c.mean(c.mul(g, hat), axes...))))
}

// unit is x̂ = x·r and r.
func (c *call) unit(x string, eps float64, axes ...int64) (hat, r string) {
	r = c.inverse(c.mean(c.square(x), axes...), eps)
	return c.mul(x, r), r
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
	average := c.op("AveragePool", []string{x}, onnx.IntsAttr("kernel_shape", []int64{n, 1}),
		onnx.IntsAttr("pads", []int64{before, 0, behind, 0}), onnx.IntAttr("count_include_pad", 1))
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
