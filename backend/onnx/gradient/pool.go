package gradient

import (
	"slices"

	"picasso/backend/onnx"
)

// gradMaxPool sends every dy to the first maximum of its window. A second
// MaxPool in the backward model finds the positions, so that the model's own
// keeps its fast form; ScatterElements adds.
func gradMaxPool(c *call) {
	x, dy, f := c.x(0), c.single(), c.in(0)
	if f.rank() < 3 {
		c.refuse("has an input of shape %v", f.Shape)
		return
	}
	c.notFirst(f)
	if dx, ok := c.kernelPool(x, dy, f); ok {
		c.dx[0] = dx
		return
	}
	var attrs []*onnx.Attr
	for _, a := range c.node.Attrs {
		if slices.Contains([]string{"kernel_shape", "strides", "pads", "dilations", "auto_pad", "ceil_mode"}, a.Name) {
			attrs = append(attrs, a)
		}
	}
	positions := c.emit("MaxPool", []string{x}, 2, attrs...)[1]
	c.dx[0] = c.scatterFlat(dy, positions, f)
}

// notFirst gives up the open batch where it is not axis 0.
func (c *call) notFirst(f Fact) {
	if f.Batch > 0 {
		c.closed()
	}
}

// scatterFlat adds the gradients g to zeros of shape f. positions, which
// broadcast to g, count elements of the whole tensor; modulo the size of one
// image they count inside it.
func (c *call) scatterFlat(g, positions string, f Fact) string {
	size := product(f.Shape[1:])
	index := c.expandTo(c.op("Mod", []string{positions, c.shaped(nil, []int64{size})}), g)
	flat := c.reshape(g, []int64{0, -1})
	index = c.reshape(index, []int64{0, -1})
	empty := c.zeros(flat, 2, 1, size)
	d := c.op("ScatterElements", []string{empty, index, flat}, onnx.IntAttr("axis", 1), onnx.StringAttr("reduction", "add"))
	return c.reshape(d, append([]int64{-1}, f.Shape[1:]...))
}

// gradMaxUnpool: the operator writes x at the given positions of zeros, so the
// gradient is read there.
func gradMaxUnpool(c *call) {
	f := c.out(0)
	c.notFirst(f)
	dy := c.dy[0]
	index := c.op("Mod", []string{c.places(1), c.shaped(nil, []int64{product(f.Shape[1:])})})
	index = c.reshape(index, []int64{0, -1})
	flat := c.reshape(dy, []int64{0, -1})
	rows := c.op("Concat", []string{c.shapeOf(flat, 0, 1), c.ints(1)}, onnx.IntAttr("axis", 0))
	index = c.op("Expand", []string{index, rows})
	c.dx[0] = c.like(c.op("GatherElements", []string{flat, index}, onnx.IntAttr("axis", 1)), 0)
}

// gradAveragePool: every input under a window receives dy divided by the
// number of elements the window counts.
func gradAveragePool(c *call) {
	w := c.poolWindow()
	if c.err != nil {
		return
	}
	c.dx[0] = c.spreadWindows(c.mul(c.dy[0], c.weightOfWindows(w)), w)
}

// gradLpPool: y = (Σ|x|ᵖ)^(1/p), dx = sign(x)·|x|^(p−1)·Σ dy·y^(1−p) over the
// windows that x lies in.
func gradLpPool(c *call) {
	p := c.power()
	w := c.poolWindow()
	if c.err != nil {
		return
	}
	g := c.mul(c.dy[0], c.lpScale(c.y(0), p))
	c.dx[0] = c.mul(c.lpSlope(c.x(0), p), c.spreadWindows(g, w))
}

// gradGlobalLpPool is [gradLpPool] with one window.
func gradGlobalLpPool(c *call) {
	p := c.power()
	g := c.mul(c.dy[0], c.lpScale(c.y(0), p))
	c.dx[0] = c.mul(c.lpSlope(c.x(0), p), g)
}

// power is the attribute p, which is a float before operator set 2.
func (c *call) power() float64 {
	if a := c.node.Attr("p"); a != nil && a.Kind == onnx.AttrFloat {
		return float64(a.F)
	}
	return float64(c.node.AttrInt("p", 2))
}

// lpSlope is sign(x)·|x|^(p−1).
func (c *call) lpSlope(x string, p float64) string {
	switch p {
	case 1:
		return c.sign(x)
	case 2:
		return x
	}
	return c.mul(c.sign(x), c.pow(c.abs(x), p-1))
}

// lpScale is y^(1−p), and 0 where y is 0.
func (c *call) lpScale(y string, p float64) string {
	zero := c.equal(y, c.number(0))
	safe := c.choose(zero, c.number(1), y)
	return c.choose(zero, c.number(0), c.pow(safe, 1-p))
}

// gradGlobalAveragePool: every element receives dy/n.
func gradGlobalAveragePool(c *call) {
	f := c.in(0)
	c.dx[0] = c.expand(c.scale(c.dy[0], 1/float64(product(f.Shape[2:]))), f)
}

// gradGlobalMaxPool sends dy to the first maximum.
func gradGlobalMaxPool(c *call) {
	f := c.in(0)
	c.notFirst(f)
	size := product(f.Shape[2:])
	rows := []int64{0, f.Shape[1], -1}
	first := c.op("ArgMax", []string{c.reshape(c.x(0), rows)}, onnx.IntAttr("axis", 2), onnx.IntAttr("keepdims", 1))
	places := make([]int64, size)
	for i := range places {
		places[i] = int64(i)
	}
	hit := c.equal(first, c.shaped([]int64{1, 1, size}, places))
	c.dx[0] = c.like(c.keep(hit, c.reshape(c.dy[0], rows)), 0)
}

// poolWindow reads the window of a pooling.
func (c *call) poolWindow() window {
	return c.window(c.in(0), c.out(0), c.node.AttrInts("kernel_shape"))
}

// spreadWindows adds every gradient to all inputs under its window, each
// channel by itself.
func (c *call) spreadWindows(g string, w window) string {
	c.notFirst(c.in(0))
	shape := append([]int64{1, 1}, w.kernel...)
	ones := c.floats(shape, slices.Repeat([]float32{1}, int(product(w.kernel))))
	planes := c.reshape(g, append([]int64{-1, 1}, w.out...))
	return c.like(c.scatter(planes, ones, shape, w, 1, 1), 0)
}

// weightOfWindows is one over the number of elements that each window of an
// AveragePool counts: those inside the picture, and with count_include_pad
// those of the padding too.
func (c *call) weightOfWindows(w window) string {
	include := c.node.AttrInt("count_include_pad", 0) != 0
	weights := []float32{1}
	for i := range w.out {
		pads := c.node.AttrInts("pads")
		end := max(w.end[i], 0)
		if len(pads) == 2*len(w.out) {
			end = pads[i+len(w.out)]
		}
		next := make([]float32, 0, len(weights)*int(w.out[i]))
		for _, outer := range weights {
			for o := range w.out[i] {
				n := max(1, w.count(i, o, include, end))
				if include && c.opset < 19 {
					n = w.kernel[i] // so does the runtime, also behind the padding that ceil_mode reaches
				}
				next = append(next, outer/float32(n))
			}
		}
		weights = next
	}
	return c.floats(append([]int64{1, 1}, w.out...), weights)
}

// count is the number of elements of window o on axis i that an average
// divides by.
func (w window) count(i int, o int64, padding bool, end int64) int64 {
	n := int64(0)
	for k := range w.kernel[i] {
		at := o*w.stride[i] - w.begin[i] + k*w.dilation[i]
		if at >= 0 && at < w.in[i] || padding && at >= -w.begin[i] && at < w.in[i]+end {
			n++
		}
	}
	return n
}
