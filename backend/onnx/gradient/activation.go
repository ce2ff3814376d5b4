package gradient

import (
	"math"
	"slices"

	"picasso/backend/onnx"
)

// gradRelu: y = max(x, 0), dx = dy where y > 0. The mask comes from y so that
// the runtime can go on fusing the ReLU with what precedes it. See [ReLURule]
// for the variants.
func gradRelu(c *call) { c.dx[0] = c.rectified(func() string { return c.active(c.dy[0]) }) }

// active is g where the result of the node is above 0, else 0. Where g comes from the
// kernel of a pooling of it, the kernel has seen to that as it looked for the maxima.
func (c *call) active(g string) string {
	if c.passed[g] {
		return g
	}
	return c.above(g, 0)
}

// fromReLUs tells whether all of a tensor comes from ReLUs, joined or not, that let only
// pass what was active, and nobody asks for its gradient in front of them.
func (b *builder) fromReLUs(name string) bool {
	parts := []string{name}
	if n, _ := b.index.Producer(name); n != nil && n.Is("Concat") {
		parts = append(parts, n.Inputs...)[1:]
	}
	return b.opt.ReLU != Deconvnet && !slices.Contains(b.wrt, name) && !slices.ContainsFunc(parts, func(part string) bool {
		n, _ := b.index.Producer(part)
		return n == nil || !n.Is("Relu") || slices.Contains(b.wrt, part)
	})
}

// rectified is exact, the gradient of a unit where it was active and 0 elsewhere,
// or what another rule makes of it.
func (c *call) rectified(exact func() string) string {
	switch c.opt.ReLU {
	case Guided:
		return c.op("Relu", []string{exact()})
	case Deconvnet:
		return c.op("Relu", []string{c.dy[0]})
	}
	return exact()
}

// steep is a slope at which HardSigmoid is a step from 0 to 1: a power of two,
// so that scaling rounds nothing. The step times the gradient takes half the
// time of a comparison and a choice, which are a third of the backward pass of
// small networks.
const steep = 1 << 100

// above is g where the result of the node is above a bound, else 0.
func (c *call) above(g string, bound float64) string { return c.between(g, bound, math.Inf(1)) }

// between is g where the result y of the node lies between two bounds, low < y < high,
// else 0; bounds may be infinite.
func (c *call) between(g string, low, high float64) string {
	switch name := c.node.Output(0); {
	case math.IsInf(low, -1) && math.IsInf(high, 1):
		return g
	case c.kernelsFor(c.out(0)) && c.data[name] && c.out(0).rank() > 0:
		mask := c.inside(inside{name, float32(low), float32(high)})
		if part, ok := c.parts[g]; ok {
			return c.kernel("Keep", []string{part.of, mask}, onnx.IntAttr("from", part.from))
		}
		return c.kernel("Keep", []string{g, mask}, onnx.IntAttr("from", -1))
	case math.IsInf(high, 1):
		return c.mul(g, c.step(c.y(0), low, steep))
	case math.IsInf(low, -1):
		return c.mul(g, c.step(c.y(0), high, -steep))
	}
	// The mask is made first: it is the same for all seeds.
	return c.mul(g, c.mul(c.step(c.y(0), low, steep), c.step(c.y(0), high, -steep)))
}

// step is 1 where y is beyond bound in the direction of the slope, else 0.
func (c *call) step(y string, bound, slope float64) string {
	return c.op("HardSigmoid", []string{y}, onnx.FloatAttr("alpha", float32(slope)), onnx.FloatAttr("beta", float32(-bound*slope)))
}

// gradClip: y = min(max(x, lo), hi), dx = dy where lo < y < hi. Bounds are
// attributes before operator set 11, inputs since.
func gradClip(c *call) {
	if c.data[c.node.Input(1)] || c.data[c.node.Input(2)] {
		c.clipped()
		return
	}
	lo, hi := c.bound("min", 1, math.Inf(-1)), c.bound("max", 2, math.Inf(1))
	exact := func() string { return c.between(c.dy[0], lo, hi) }
	if lo == 0 {
		c.dx[0] = c.rectified(exact)
	} else {
		c.dx[0] = exact()
	}
}

// clipped is [gradClip] for bounds that depend on the picture: the gradient
// goes to x between the bounds, to the lower one below it, to the upper one
// above it and where the bounds cross.
func (c *call) clipped() {
	x, dy := c.x(0), c.dy[0]
	limit := func(i int, infinite float64) string {
		if c.has(i) {
			return c.x(i)
		}
		return c.number(infinite)
	}
	lo, hi := limit(1, -math.MaxFloat32), limit(2, math.MaxFloat32)
	less := func(a, b string) string { return c.op("Less", []string{a, b}) }
	passes := c.both(less(lo, x), less(x, hi))
	lower := c.both(less(x, lo), less(lo, hi))
	c.offer(0, func() string { return c.keep(passes, dy) })
	for i, takes := range []string{"", lower, less(hi, c.op("Max", []string{x, lo}))} {
		if i > 0 {
			c.offer(i, func() string { return c.fit(c.keep(takes, dy), i) })
		}
	}
}

// bound reads a bound of Clip, none where it is missing; a bound that float32 numbers
// hardly reach is none.
const reachable = 1 << 26

func (c *call) bound(attr string, i int, none float64) float64 {
	v := none
	if a := c.node.Attr(attr); a != nil {
		v = float64(a.F)
	} else if c.has(i) {
		if list := c.numbers(i); len(list) == 1 {
			v = float64(list[0])
		}
	}
	if math.Abs(v) >= reachable {
		return none
	}
	return v
}

// gradPRelu: y = x where x > 0, else s·x; dx = dy or s·dy, ds = dy·min(x, 0).
// Before operator set 7 a vector of slopes belongs to axis 1.
func gradPRelu(c *call) {
	x := c.x(0)
	if c.wants(0) {
		s := c.x(1)
		if f := c.in(1); c.opset < 7 && f.rank() == 1 && f.Shape[0] != 1 {
			shape := []int64{-1}
			for len(shape) < c.in(0).rank()-1 {
				shape = append(shape, 1)
			}
			s = c.reshape(s, shape)
		}
		c.dx[0] = c.choose(c.greater(x, 0), c.dy[0], c.mul(c.dy[0], s))
	}
	if c.wants(1) {
		c.dx[1] = c.fit(c.mul(c.dy[0], c.op("Min", []string{x, c.number(0)})), 1)
	}
}

// leaky is 1 where x > 0, else α. For α ≥ 0 the sign of y is that of x.
func leaky(c *call) string {
	alpha := float64(c.node.AttrFloat("alpha", 0.01))
	from := c.x
	if alpha >= 0 {
		from = c.y
	}
	return c.choose(c.greater(from(0), 0), c.number(1), c.number(alpha))
}

// aboveThreshold is the slope of ThresholdedRelu: 1 where x > α, else 0.
func aboveThreshold(c *call) string {
	return c.keep(c.greater(c.x(0), float64(c.node.AttrFloat("alpha", 1))), c.number(1))
}

// shrunk is 1 outside [−λ, λ], else 0.
func shrunk(c *call) string {
	return c.keep(c.greater(c.abs(c.x(0)), float64(c.node.AttrFloat("lambd", 0.5))), c.number(1))
}

// elu is 1 where x > 0, else α·exp(x) = y + α.
func elu(c *call) string {
	alpha := float64(c.node.AttrFloat("alpha", 1))
	return c.choose(c.greater(c.x(0), 0), c.number(1), c.shift(c.y(0), alpha))
}

// selu is γ where x > 0, else γ·α·exp(x) = y + γ·α.
func selu(c *call) string {
	alpha := float64(c.node.AttrFloat("alpha", 1.67326319217681884765625))
	gamma := float64(c.node.AttrFloat("gamma", 1.05070102214813232421875))
	return c.choose(c.greater(c.x(0), 0), c.number(gamma), c.shift(c.y(0), gamma*alpha))
}

// celu is 1 where x > 0, else exp(x/α) = y/α + 1.
func celu(c *call) string {
	alpha := float64(c.node.AttrFloat("alpha", 1))
	return c.choose(c.greater(c.x(0), 0), c.number(1), c.shift(c.scale(c.y(0), 1/alpha), 1))
}

// softsign is 1/(1+|x|)².
func softsign(c *call) string {
	return c.div(c.number(1), c.square(c.shift(c.abs(c.x(0)), 1)))
}

// hardSigmoid is α where 0 < y < 1, else 0.
func hardSigmoid(c *call) string {
	inside := c.both(c.greater(c.y(0), 0), c.less(c.y(0), 1))
	return c.keep(inside, c.number(float64(c.node.AttrFloat("alpha", 0.2))))
}

// hardSwish is HardSigmoid(x) + x/6 between −3 and 3.
func hardSwish(c *call) string {
	x := c.x(0)
	gate := c.op("HardSigmoid", []string{x}, onnx.FloatAttr("alpha", 1.0/6), onnx.FloatAttr("beta", 0.5))
	return c.add(gate, c.keep(c.less(c.abs(x), 3), c.scale(x, 1.0/6)))
}

// swish: y = x·σ(αx), y′ = σ + α·x·σ·(1−σ).
func swish(c *call) string { return c.gated(float64(c.node.AttrFloat("alpha", 1))) }

// quickGelu is [swish] with another default.
func quickGelu(c *call) string { return c.gated(float64(c.node.AttrFloat("alpha", 1.702))) }

func (c *call) gated(alpha float64) string {
	x := c.x(0)
	s := c.op("Sigmoid", []string{c.scale(x, alpha)})
	return c.add(s, c.mul(c.mul(c.scale(x, alpha), s), c.complement(s)))
}

// mish: y = x·t with t = tanh(softplus x), y′ = t + x·σ(x)·(1−t²).
func mish(c *call) string {
	x := c.x(0)
	t := c.op("Tanh", []string{c.op("Softplus", []string{x})})
	s := c.op("Sigmoid", []string{x})
	return c.add(t, c.mul(c.mul(x, s), c.complement(c.square(t))))
}

// gelu: y = x·Φ(x), y′ = Φ(x) + x·φ(x); attribute approximate = tanh chooses
// the usual approximation of Φ (Hendrycks and Gimpel 2016, arXiv:1606.08415).
func gelu(c *call) string {
	if c.node.AttrString("approximate", "none") == "tanh" {
		return c.geluTanh(c.x(0))
	}
	return c.geluErf(c.x(0))
}

// geluErf is Φ(x) + x·φ(x) with the normal distribution Φ and its density φ.
func (c *call) geluErf(x string) string {
	cdf := c.scale(c.shift(c.op("Erf", []string{c.scale(x, math.Sqrt2/2)}), 1), 0.5)
	density := c.scale(c.exp(c.scale(c.square(x), -0.5)), 1/math.Sqrt(2*math.Pi))
	return c.add(cdf, c.mul(x, density))
}

// geluTanh is (1+t)/2 + x·(1−t²)/2·k·(1+3·0.044715·x²) with
// t = tanh(k·(x+0.044715·x³)) and k = √(2/π).
func (c *call) geluTanh(x string) string {
	k := math.Sqrt(2 / math.Pi)
	sq := c.square(x)
	t := c.op("Tanh", []string{c.scale(c.mul(x, c.shift(c.scale(sq, 0.044715), 1)), k)})
	inner := c.scale(c.shift(c.scale(sq, 3*0.044715), 1), k/2)
	return c.add(c.scale(c.shift(t, 1), 0.5), c.mul(c.mul(x, c.complement(c.square(t))), inner))
}

// gradBiasedGelu: FastGelu(x, bias) and BiasGelu(x, bias) are Gelu(x + bias),
// the first with tanh, the second with erf.
func gradBiasedGelu(c *call) {
	x := c.x(0)
	if c.has(1) {
		x = c.add(x, c.x(1))
	}
	slope := c.geluErf
	if c.node.OpType == "FastGelu" {
		slope = c.geluTanh
	}
	g := c.mul(c.dy[0], slope(x))
	for i := range c.want {
		if c.wants(i) {
			c.dx[i] = c.fit(g, i)
		}
	}
}
