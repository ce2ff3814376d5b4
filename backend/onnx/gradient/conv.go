package gradient

// gradConv: y = W ∗ x + b. dx adds every dy times the kernel to the inputs under
// its window; a bias passes nothing on.
func gradConv(c *call) {
	c.only(0)
	c.dx[0] = c.convolved(c.dy[0])
}

// convolved is the gradient of a convolution's input from that of its output.
func (c *call) convolved(g string) string {
	shape := c.in(1).Shape
	if len(shape) < 3 {
		c.refuse("has weights of shape %v", shape)
		return ""
	}
	w := c.window(c.in(0), c.out(0), shape[2:])
	if c.err != nil {
		return ""
	}
	group := c.node.AttrInt("group", 1)
	return c.scatter(g, c.x(1), shape, w, group, c.in(0).Shape[1])
}

// gradConvTranspose: the operator is itself the gradient of a convolution, so
// its gradient is that convolution: dx = Conv(dy, W) with the same weights
// [C, M/g, k…] read as [out, in/g, k…].
func gradConvTranspose(c *call) {
	c.only(0)
	shape := c.in(1).Shape
	if len(shape) < 3 {
		c.refuse("has weights of shape %v", shape)
		return
	}
	w := c.transposedWindow(shape[2:])
	if c.err != nil {
		return
	}
	g := c.dy[0]
	end := make([]int64, len(w.end))
	for i, e := range w.end {
		if e < 0 { // outputs behind the last kernel hold the bias alone
			g = c.slice(g, int64(i+2), 0, w.in[i]+e)
		}
		end[i] = max(e, 0)
	}
	c.dx[0] = c.op("Conv", []string{g, c.x(1)}, attrInts("kernel_shape", w.kernel), attrInts("strides", w.stride),
		attrInts("dilations", w.dilation), attrInts("pads", append(w.begin, end...)), attrInt("group", c.node.AttrInt("group", 1)))
}

// transposedWindow is the window of the convolution that a ConvTranspose is
// the gradient of. With auto_pad or output_shape the runtime distributes the
// padding that the output's length leaves, the larger half at the end for
// SAME_UPPER and at the begin otherwise.
func (c *call) transposedWindow(kernel []int64) window {
	w := c.window(c.out(0), c.in(0), kernel)
	if c.err != nil {
		return w
	}
	auto := c.node.AttrString("auto_pad", "NOTSET")
	explicit := auto == "NOTSET" && len(c.node.AttrInts("output_shape")) == 0 || auto == "VALID"
	extra := c.node.AttrInts("output_padding")
	for i := range w.kernel {
		if explicit {
			continue
		}
		total := (w.out[i]-1)*w.stride[i] + w.span(i) - w.in[i]
		if i < len(extra) {
			total += extra[i]
		}
		total = max(total, 0)
		w.begin[i] = total - total/2
		if auto == "SAME_UPPER" {
			w.begin[i] = total / 2
		}
		w.end[i] = (w.out[i]-1)*w.stride[i] + w.span(i) - w.in[i] - w.begin[i]
	}
	return w
}
