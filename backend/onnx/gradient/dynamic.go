package gradient

import "picasso/backend/onnx"

// Dynamic quantisation rounds activations with a scale taken from themselves.
// Without the rounding the scale cancels out of a layer, so that it counts as a
// constant here; rounding is passed straight through. The scale is one for all
// pictures of a batch, so that such models take one picture at a time.

// gradDynamicQuantize: y = round(x/s) + z with the scale s = output 1.
func gradDynamicQuantize(c *call) {
	c.note(straightThrough)
	c.alongBatch(c.in(0), int64(c.in(0).Batch))
	c.dx[0] = c.div(c.dy[0], c.y(1))
}

// centred is input i without its zero point in input z, which may have one
// number for every row (of the first operand) or column.
func (c *call) centred(i, z int, rows bool) string {
	x := c.x(i)
	if !c.has(z) {
		return x
	}
	zero := c.x(z)
	switch f := c.in(z); {
	case f.elements() == 1:
		zero = c.reshape(zero, nil)
	case rows && f.rank() == 1:
		zero = c.unsqueeze(zero, 1)
	}
	return c.sub(x, zero)
}

// gradMatMulInteger: Y = (A−a)·(B−b) on integers.
func gradMatMulInteger(c *call) {
	c.note(straightThrough)
	c.factors(c.dy[0], 0, 1, c.centred(0, 2, true), c.centred(1, 3, false))
}

// factors sets the gradients of a product of two matrices, inputs i and j, whose
// values are a and b.
func (c *call) factors(g string, i, j int, a, b string) {
	plain := &call{builder: c.builder, node: &onnx.Node{OpType: c.node.OpType, Domain: c.node.Domain, Name: c.node.Name,
		Inputs: []string{c.node.Input(i), c.node.Input(j)}, Outputs: c.node.Outputs},
		opset: c.opset, want: []bool{c.wants(i), c.wants(j)}, dx: make([]string, 2), given: []string{a, b}}
	plain.matrices(g, 1, false, false)
	c.offer(i, func() string { return plain.dx[0] })
	c.offer(j, func() string { return plain.dx[1] })
}

// gradConvInteger: y = (W−w) ∗ (x−z) on integers.
func gradConvInteger(c *call) {
	c.note(straightThrough)
	shape := c.in(1).Shape
	if len(shape) < 3 {
		c.refuse("has weights of shape %v", shape)
		return
	}
	w := c.window(c.in(0), c.out(0), shape[2:])
	if c.err != nil {
		return
	}
	weights := c.x(1)
	if c.has(3) {
		zero := c.x(3)
		if c.in(3).elements() > 1 { // one for every output channel
			ones := make([]int64, len(shape))
			for i := range ones {
				ones[i] = 1
			}
			ones[0] = -1
			zero = c.reshape(zero, ones)
		} else {
			zero = c.reshape(zero, nil)
		}
		weights = c.sub(weights, zero)
	}
	c.dx[0] = c.scatter(c.dy[0], weights, shape, w, c.node.AttrInt("group", 1), c.in(0).Shape[1])
}

// gradMatMulIntegerToFloat: inputs A, B, s, s, z, z, bias; Y is a product of what
// the integers stand for.
func gradMatMulIntegerToFloat(c *call) {
	c.note(straightThrough)
	a := c.mul(c.centred(0, 4, true), c.perRow(2))
	b := c.mul(c.centred(1, 5, false), c.perColumn(3))
	c.factors(c.dy[0], 0, 1, a, b)
	for i, scale := range []string{c.perRow(2), c.perColumn(3)} {
		if c.wants(i) {
			c.dx[i] = c.mul(c.dx[i], scale)
		}
	}
	c.offer(6, func() string { return c.fit(c.dy[0], 6) })
}

// gradDynamicQuantizeMatMul: inputs A, B, s, z, bias; A is rounded inside.
func gradDynamicQuantizeMatMul(c *call) {
	c.note(straightThrough)
	c.alongBatch(c.in(0), int64(c.in(0).Batch))
	b := c.mul(c.centred(1, 3, false), c.perColumn(2))
	c.factors(c.dy[0], 0, 1, c.x(0), b)
	c.offer(4, func() string { return c.fit(c.dy[0], 4) })
}

// perRow and perColumn are the scales in input i: one for all, or for every row
// of the first and column of the second operand.
func (c *call) perRow(i int) string {
	if c.in(i).elements() == 1 {
		return c.reshape(c.x(i), nil)
	}
	return c.unsqueeze(c.x(i), 1)
}

func (c *call) perColumn(i int) string {
	if c.in(i).elements() == 1 {
		return c.reshape(c.x(i), nil)
	}
	return c.x(i)
}

// gradMatMulNBits: Y = A·Wᵀ with the weights W [N, K] packed into a few bits:
// blocks along K with a scale and a zero point each.
func gradMatMulNBits(c *call) {
	bits, k, n, block := c.node.AttrInt("bits", 4), c.node.AttrInt("K", 0), c.node.AttrInt("N", 0), c.node.AttrInt("block_size", 0)
	if bits != 4 && bits != 8 || k < 1 || n < 1 || block < 1 || c.has(4) {
		c.refuse("has weights of %d bits in blocks of %d, or in an order of their own, for which there is no rule", bits, block)
		return
	}
	blocks := (k + block - 1) / block
	w := c.reshape(c.unpacked(c.x(1), bits), []int64{n, blocks, -1})
	zero := c.number(float64(int64(1) << (bits - 1)))
	if c.has(3) {
		zero = c.x(3)
		if !c.in(3).Type.IsFloat() {
			zero = c.slice(c.reshape(c.unpacked(zero, bits), []int64{n, -1}), 1, 0, blocks)
		}
		zero = c.reshape(zero, []int64{n, blocks, 1})
	}
	w = c.mul(c.sub(w, zero), c.reshape(c.x(2), []int64{n, blocks, 1}))
	w = c.slice(c.reshape(w, []int64{n, -1}), 1, 0, k)
	c.offer(0, func() string { return c.matmul(c.dy[0], w) })
	c.offer(5, func() string { return c.fit(c.dy[0], 5) })
}

// unpacked takes the numbers out of bytes, the lower half of a byte first.
func (c *call) unpacked(x string, bits int64) string {
	if bits == 8 {
		return x
	}
	high := c.op("Floor", []string{c.scale(x, 1.0/16)})
	low := c.sub(x, c.scale(high, 16))
	flat := []int64{-1, 1}
	return c.reshape(c.concat([]string{c.reshape(low, flat), c.reshape(high, flat)}, 1), []int64{-1})
}
