package gradient

import "picasso/backend/onnx"

// scatter is one of the two operators that combine updates with data at given
// places, with the one that reads there.
type scatter struct {
	write, read string
	attrs       []*onnx.Attr
}

// combined is the gradient of a scatter that multiplies, or takes the largest
// or smallest.
func (c *call) combined(s scatter, reduction string) {
	c.closed()
	index := c.places(1)
	read := func(x string) string { return c.op(s.read, []string{x, index}, s.attrs...) }
	write := func(data, updates, how string) string {
		attrs := append([]*onnx.Attr{onnx.StringAttr("reduction", how)}, s.attrs...)
		return c.op(s.write, []string{data, index, updates}, attrs...)
	}
	switch reduction {
	case "mul":
		c.multiplied(read, write)
	case "max", "min":
		c.largest(read, write)
	default:
		c.refuse("combines by %s, for which there is no rule", reduction)
	}
}

// multiplied: y = data·Π u over the updates of a place. d data = dy·Π u; d u is
// dy·data times the other updates, found by division where no update is 0.
func (c *call) multiplied(read func(string) string, write func(data, updates, how string) string) {
	dy, updates := c.dy[0], c.x(2)
	c.offer(0, func() string { return write(dy, updates, "mul") })
	c.offer(2, func() string {
		zero := c.equal(updates, c.number(0))
		safe := c.choose(zero, c.number(1), updates)
		others := read(write(c.x(0), safe, "mul"))
		none := c.op("ConstantOfShape", []string{c.ints(c.in(0).Shape...)})
		zeros := read(write(none, c.cast(zero, onnx.Float), "add"))
		alone := c.both(zero, c.less(zeros, 1.5))
		share := c.choose(zero, c.keep(alone, others), c.keep(c.less(zeros, 0.5), c.div(others, safe)))
		return c.mul(read(dy), share)
	})
}

// largest: y is the largest (or smallest) of the element and its updates, and
// dy goes in even shares to those equal to y.
func (c *call) largest(read func(string) string, write func(data, updates, how string) string) {
	y, dy := c.y(0), c.dy[0]
	data := c.cast(c.equal(c.x(0), y), onnx.Float)
	updates := c.cast(c.equal(c.x(2), read(y)), onnx.Float)
	count := write(data, updates, "add")
	share := c.div(dy, c.op("Max", []string{count, c.number(1)}))
	c.offer(0, func() string { return c.mul(share, data) })
	c.offer(2, func() string { return c.mul(read(share), updates) })
}

// gradCompress adds dy at the places that the condition keeps; without an axis
// the elements are counted one behind the other.
func gradCompress(c *call) {
	f := c.in(0)
	a, flat := int64(0), c.node.Attr("axis") == nil
	if flat {
		c.closed()
		f = Fact{Shape: []int64{f.elements()}, Batch: -1}
	} else {
		a = axis(c.node.AttrInt("axis", 0), f.rank())
	}
	c.alongBatch(f, a)
	if c.err != nil {
		return
	}
	shape := make([]int64, f.rank())
	for i := range shape {
		shape[i] = 1
	}
	shape[a] = -1
	places := c.reshape(c.op("NonZero", []string{c.raw(c.node.Input(1))}), shape)
	g := c.scatterAt(c.dy[0], f, int(a), places)
	if flat {
		g = c.like(g, 0)
	}
	c.dx[0] = g
}

// gradOneHot: the result is values[1] at the given places and values[0]
// elsewhere.
func gradOneHot(c *call) {
	c.closed()
	hot := c.op("OneHot", []string{c.raw(c.node.Input(0)), c.raw(c.node.Input(1)), c.floats([]int64{2}, []float32{0, 1})},
		onnx.IntAttr("axis", c.node.AttrInt("axis", -1)))
	axes := from(0, c.out(0).rank())
	on := c.sum(c.mul(c.dy[0], hot), axes...)
	off := c.sum(c.mul(c.dy[0], c.complement(hot)), axes...)
	c.dx[2] = c.concat([]string{c.reshape(off, []int64{1}), c.reshape(on, []int64{1})}, 0)
}

// gradUnique adds dy at the first place of each value.
func gradUnique(c *call) {
	f := c.in(0)
	if c.node.Attr("axis") != nil {
		c.refuse("looks for different slices, for which there is no rule")
		return
	}
	c.closed()
	first := c.emit("Unique", []string{c.x(0)}, 2, onnx.IntAttr("sorted", c.node.AttrInt("sorted", 1)))[1]
	flat := Fact{Shape: []int64{f.elements()}, Batch: -1}
	c.dx[0] = c.like(c.scatterAt(c.dy[0], flat, 0, first), 0)
}

// gradRange: y = start + i·step.
func gradRange(c *call) {
	c.closed()
	n := c.out(0).elements()
	steps := make([]float32, n)
	for k := range steps {
		steps[k] = float32(k)
	}
	c.offer(0, func() string { return c.like(c.sum(c.dy[0], 0), 0) })
	c.offer(2, func() string { return c.like(c.sum(c.mul(c.dy[0], c.floats([]int64{n}, steps)), 0), 2) })
}
