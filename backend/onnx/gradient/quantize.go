package gradient

import "picasso/backend/onnx"

// straightThrough is the note of plans that pass rounding straight through.
const straightThrough = "rounding to integers is passed straight through: the gradient is that of the model without rounding"

// gradQuantize: y = clamp(round(x/s)+z). Rounding is passed straight through
// (Bengio et al. 2013, arXiv:1308.3432): dx = dy/s where nothing was clamped.
func gradQuantize(c *call) {
	c.note(straightThrough)
	lo, hi, ok := integerRange(c.out(0).Type)
	if !ok {
		c.refuse("rounds to %v, for which there is no rule", c.out(0).Type)
		return
	}
	s := c.alongAxis(1)
	r := c.div(c.x(0), s)
	if c.has(2) {
		r = c.add(r, c.alongAxis(2))
	}
	inside := c.both(c.greater(r, lo-0.5), c.less(r, hi+0.5))
	g := c.keep(inside, c.div(c.dy[0], s))
	c.offer(0, func() string { return g })
	c.offer(1, func() string { return c.perScale(c.neg(c.div(c.mul(g, c.x(0)), s))) })
}

// gradDequantize: y = (x−z)·s, dx = dy·s, ds = Σ dy·(x−z).
func gradDequantize(c *call) {
	c.offer(0, func() string { return c.mul(c.dy[0], c.alongAxis(1)) })
	c.offer(1, func() string {
		x := c.x(0)
		if c.has(2) {
			x = c.sub(x, c.alongAxis(2))
		}
		return c.perScale(c.mul(c.dy[0], x))
	})
}

// perScale adds g, of the shape of input 0, up for each scale.
func (c *call) perScale(g string) string {
	f, s := c.in(0), c.in(1)
	if s.rank() == 0 || s.Shape[0] == 1 {
		c.closed()
		return c.like(c.sum(g, from(0, f.rank())...), 1)
	}
	return c.sumBut(g, f, axis(c.node.AttrInt("axis", 1), f.rank()))
}

// alongAxis lays a scale or zero point, one number or one per entry of the
// attribute axis, along input 0.
func (c *call) alongAxis(i int) string {
	f, x := c.in(i), c.in(0)
	switch {
	case f.rank() > 1:
		c.refuse("has scales per block, for which there is no rule")
		return ""
	case f.rank() == 0 || f.Shape[0] == 1:
		return c.reshape(c.x(i), nil)
	}
	var shape []int64
	for a := range x.Shape {
		shape = append(shape, 1)
		if int64(a) == axis(c.node.AttrInt("axis", 1), x.rank()) {
			shape[a] = f.Shape[0]
		}
	}
	return c.reshape(c.x(i), shape)
}

func integerRange(t onnx.DataType) (lo, hi float64, ok bool) {
	switch t {
	case onnx.Uint8:
		return 0, 255, true
	case onnx.Int8:
		return -128, 127, true
	case onnx.Uint16:
		return 0, 65535, true
	case onnx.Int16:
		return -32768, 32767, true
	}
	return 0, 0, false
}
