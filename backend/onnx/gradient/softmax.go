package gradient

// gradSoftmax: dx = y·(dy − Σ dy·y), summed over the normalised axes.
func gradSoftmax(c *call) {
	y := c.y(0)
	c.dx[0] = c.mul(y, c.sub(c.dy[0], c.sum(c.mul(c.dy[0], y), c.normalised()...)))
}

// gradLogSoftmax: dx = dy − exp(y)·Σ dy.
func gradLogSoftmax(c *call) {
	c.dx[0] = c.sub(c.dy[0], c.mul(c.exp(c.y(0)), c.sum(c.dy[0], c.normalised()...)))
}

// normalised are the axes that a softmax sums to 1: one since operator set 13,
// before that the given one and all behind it together.
func (c *call) normalised() []int64 {
	f := c.in(0)
	if c.opset >= 13 {
		a := axis(c.node.AttrInt("axis", -1), f.rank())
		c.alongBatch(f, a)
		return []int64{a}
	}
	var axes []int64
	for a := axis(c.node.AttrInt("axis", 1), f.rank()); a < int64(f.rank()); a++ {
		axes = append(axes, a)
	}
	c.alongBatch(f, axes...)
	return axes
}
