package gradient

import "picasso/backend/onnx"

// gradAdd: y = a + b, da = db = dy.
func gradAdd(c *call) {
	c.alignable()
	for i := range c.want {
		if c.wants(i) {
			c.dx[i] = c.fit(c.dy[0], i)
		}
	}
}

// gradSub: y = a − b, da = dy, db = −dy.
func gradSub(c *call) {
	c.alignable()
	if c.wants(0) {
		c.dx[0] = c.fit(c.dy[0], 0)
	}
	if c.wants(1) {
		c.dx[1] = c.fit(c.neg(c.dy[0]), 1)
	}
}

// gradMul: y = a·b, da = dy·b, db = dy·a.
func gradMul(c *call) {
	if c.wants(0) {
		c.dx[0] = c.fit(c.mul(c.dy[0], c.aligned(1)), 0)
	}
	if c.wants(1) {
		c.alignable()
		c.dx[1] = c.fit(c.mul(c.dy[0], c.x(0)), 1)
	}
}

// gradDiv: y = a/b, da = dy/b, db = −dy·y/b.
func gradDiv(c *call) {
	part := c.div(c.dy[0], c.aligned(1))
	if c.wants(0) {
		c.dx[0] = c.fit(part, 0)
	}
	if c.wants(1) {
		c.alignable()
		c.dx[1] = c.fit(c.neg(c.mul(part, c.y(0))), 1)
	}
}

// gradPow: y = a^b, da = dy·b·a^(b−1), which is 0 where b is 0;
// db = dy·y·log a, which is 0 where a ≤ 0.
func gradPow(c *call) {
	if c.wants(0) {
		c.dx[0] = c.fit(c.mul(c.dy[0], c.powerSlope()), 0)
	}
	if c.wants(1) {
		a := c.x(0)
		log := c.keep(c.greater(a, 0), c.op("Log", []string{c.choose(c.greater(a, 0), a, c.number(1))}))
		c.dx[1] = c.fit(c.mul(c.dy[0], c.mul(c.y(0), log)), 1)
	}
}

// powerSlope is b·a^(b−1), short for the usual constant exponents.
func (c *call) powerSlope() string {
	if !c.data[c.node.Input(1)] && c.in(1).elements() == 1 {
		switch e := float64(c.numbers(1)[0]); e {
		case 0:
			return c.number(0)
		case 1:
			return c.number(1)
		case 2:
			return c.scale(c.x(0), 2)
		case 0.5:
			return c.div(c.number(0.5), c.y(0))
		default:
			return c.scale(c.pow(c.x(0), e-1), e)
		}
	}
	b := c.aligned(1)
	slope := c.mul(b, c.op("Pow", []string{c.x(0), c.sub(b, c.number(1))}))
	return c.choose(c.equal(b, c.number(0)), c.number(0), slope)
}

// gradSum: y = Σ xᵢ, dxᵢ = dy.
func gradSum(c *call) { gradAdd(c) }

// gradMean: y = Σ xᵢ / n, dxᵢ = dy/n.
func gradMean(c *call) {
	part := c.scale(c.dy[0], 1/float64(len(c.node.Inputs)))
	for i := range c.want {
		if c.wants(i) {
			c.dx[i] = c.fit(part, i)
		}
	}
}

// gradExtreme: y = max xᵢ (or min). The gradient goes to the inputs equal to
// y, in even shares.
func gradExtreme(c *call) {
	hits := make([]string, len(c.node.Inputs))
	for i := range hits {
		hits[i] = c.cast(c.equal(c.x(i), c.y(0)), onnx.Float)
	}
	if len(hits) == 1 {
		c.dx[0] = c.dy[0]
		return
	}
	share := c.div(c.dy[0], c.total(hits))
	for i := range c.want {
		if c.wants(i) {
			c.dx[i] = c.fit(c.mul(share, hits[i]), i)
		}
	}
}

// gradMod: y = a − b·q with the constant quotient q, da = dy, db = −dy·q.
func gradMod(c *call) {
	if c.wants(0) {
		c.dx[0] = c.fit(c.dy[0], 0)
	}
	if c.wants(1) {
		q := c.div(c.sub(c.x(0), c.y(0)), c.x(1))
		c.dx[1] = c.fit(c.neg(c.mul(c.dy[0], q)), 1)
	}
}

// gradWhere: y = a where the condition holds, else b.
func gradWhere(c *call) {
	condition := c.raw(c.node.Input(0))
	if c.wants(1) {
		c.dx[1] = c.fit(c.keep(condition, c.dy[0]), 1)
	}
	if c.wants(2) {
		c.dx[2] = c.fit(c.choose(condition, c.number(0), c.dy[0]), 2)
	}
}

// aligned is the second operand with the axes where operator sets before 7 put
// it: attribute axis names the first of them.
func (c *call) aligned(i int) string {
	v := c.x(i)
	a := c.node.Attr("axis")
	if c.opset >= 7 || a == nil {
		return v
	}
	shape := c.in(i).open()
	for len(shape) < c.in(0).rank()-int(a.I) {
		shape = append(shape, 1)
	}
	return c.reshape(v, shape)
}

// alignable refuses the old form of broadcasting where the operand moves and
// its gradient is wanted.
func (c *call) alignable() {
	if c.opset < 7 && c.node.Attr("axis") != nil && c.wants(1) {
		c.refuse("uses the broadcasting of operator sets before 7 on a tensor computed from the picture")
	}
}
