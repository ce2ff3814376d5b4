package gradient

import (
	"slices"

	"picasso/backend/onnx"
)

// gradConv: y = W ∗ x + b. dx adds every dy times the kernel to the inputs under
// its window. Kernels that depend on the picture (dynamic filters) have
// dW = Σ dy·x over the places, and db = Σ dy.
func gradConv(c *call) { c.convolution(c.dy[0]) }

// convolution sets the gradients of a convolution from that of its output.
func (c *call) convolution(g string) {
	shape := c.in(1).Shape
	if len(shape) < 3 {
		c.refuse("has weights of shape %v", shape)
		return
	}
	w := c.window(c.in(0), c.out(0), shape[2:])
	if c.err != nil {
		return
	}
	group := c.node.AttrInt("group", 1)
	c.offer(0, func() string { return c.scatter(g, c.x(1), shape, w, group, c.in(0).Shape[1]) })
	c.offer(1, func() string { return c.kernels(c.x(0), c.in(0), g, c.out(0), w, group) })
	c.offer(2, func() string { return c.sumBut(g, c.out(0), 1) })
}

// kernels is the gradient of the weights [B, A, k…] of a convolution between a
// wide tensor [N, group·A, …] and a narrow one [N, B, …]. It is itself a
// convolution, of the wide tensor with the narrow one as its kernel: channels
// take the place of pictures, and stride and dilation change places.
func (c *call) kernels(wide string, wf Fact, narrow string, nf Fact, w window, group int64) string {
	c.closed()
	if c.err != nil {
		return ""
	}
	n, channels := wf.Shape[0], wf.Shape[1]/group
	perm := []int64{2, 1, 0}
	swap := []int64{1, 0}
	for i := range w.kernel {
		perm, swap = append(perm, int64(i+3)), append(swap, int64(i+2))
	}
	wide = c.transpose(c.reshape(wide, append([]int64{n, group, channels}, w.in...)), perm)
	wide = c.reshape(wide, append([]int64{channels, group * n}, w.in...))
	begin, end := slices.Clone(w.begin), slices.Clone(w.end)
	for i := range w.in {
		if begin[i] < 0 || end[i] < 0 { // the first and last inputs are under no kernel
			wide = c.slice(wide, int64(i+2), max(-begin[i], 0), w.in[i]+min(end[i], 0))
			begin[i], end[i] = max(begin[i], 0), max(end[i], 0)
		}
	}
	d := c.op("Conv", []string{wide, c.transpose(narrow, swap)}, onnx.IntsAttr("kernel_shape", w.out), onnx.IntsAttr("strides", w.dilation),
		onnx.IntsAttr("dilations", w.stride), onnx.IntsAttr("pads", append(begin, end...)), onnx.IntAttr("group", group))
	return c.transpose(d, swap)
}

// gradConvTranspose: the operator is itself the gradient of a convolution, so
// its gradient is that convolution: dx = Conv(dy, W) with the same weights
// [C, M/g, k…] read as [out, in/g, k…].
func gradConvTranspose(c *call) {
	shape := c.in(1).Shape
	if len(shape) < 3 {
		c.refuse("has weights of shape %v", shape)
		return
	}
	w := c.transposedWindow(shape[2:])
	if c.err != nil {
		return
	}
	group := c.node.AttrInt("group", 1)
	c.offer(0, func() string { return c.gathered(c.dy[0], w, group) })
	c.offer(1, func() string { return c.kernels(c.dy[0], c.out(0), c.x(0), c.in(0), w, group) })
	c.offer(2, func() string { return c.sumBut(c.dy[0], c.out(0), 1) })
}

// gathered convolves the gradient of a ConvTranspose with its weights.
func (c *call) gathered(g string, w window, group int64) string {
	end := make([]int64, len(w.end))
	for i, e := range w.end {
		if e < 0 { // outputs behind the last kernel hold the bias alone
			g = c.slice(g, int64(i+2), 0, w.in[i]+e)
		}
		end[i] = max(e, 0)
	}
	return c.op("Conv", []string{g, c.x(1)}, onnx.IntsAttr("kernel_shape", w.kernel), onnx.IntsAttr("strides", w.stride),
		onnx.IntsAttr("dilations", w.dilation), onnx.IntsAttr("pads", append(slices.Clone(w.begin), end...)), onnx.IntAttr("group", group))
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
