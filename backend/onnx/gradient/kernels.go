package gradient

import (
	"math"
	"slices"

	"picasso/backend/onnx"
	"picasso/backend/onnx/gradient/blocked"
	"picasso/backend/onnx/gradient/kernel"
)

// kernel writes a node of an operator of our own, see package kernel.
func (b *builder) kernel(op string, inputs []string, attrs ...*onnx.Attr) string {
	y := b.op(op, inputs, attrs...)
	if b.err == nil {
		b.written().Domain = kernel.Domain
		b.kernels = true
	}
	return y
}

// kernelsFor tells whether operators of our own may work on a tensor of the forward pass
// and gradients of its shape. They take those of several scores one after the other.
func (c *call) kernelsFor(f Fact) bool {
	return c.opt.Kernels && c.main == nil && c.err == nil && f.Type == onnx.Float && f.Batch <= 0 && !f.unknown
}

// kernelPool leaves the gradient of a pooling to a kernel. The runtime has
// MaxPool in its fast blocked layout only without the positions, which the
// gradient needs; and it has no operator that adds at positions quickly.
func (c *call) kernelPool(x, dy string, f Fact) (dx string, ok bool) {
	if axes := f.rank() - 2; !c.kernelsFor(f) || c.out(0).rank() != f.rank() || axes > 3 || product(f.Shape) > 1<<30 {
		return "", false
	}
	w := c.poolWindow()
	if c.err != nil || slices.Min(w.begin) < 0 {
		return "", false
	}
	for i := range w.kernel {
		if w.span(i) > farthest {
			return "", false
		}
	}
	passed := c.fromReLUs(c.node.Input(0))
	positive := int64(0)
	if passed {
		positive = 1
	}
	dx = c.kernel("MaxPoolGrad", []string{x, dy}, onnx.IntsAttr("in", w.in), onnx.IntsAttr("out", w.out), onnx.IntsAttr("kernel", w.kernel),
		onnx.IntsAttr("stride", w.stride), onnx.IntsAttr("begin", w.begin), onnx.IntsAttr("dilation", w.dilation), onnx.IntAttr("positive", positive), onnx.IntAttr("block", 1))
	c.passed[dx] = passed
	return dx, true
}

// farthest bounds the windows of poolings that the kernel holds rows for.
const farthest = 1 << 12

// scatterKernel is [builder.scatter] for strides over rows and columns, where operators of
// our own make it faster: with a kernel for each channel alone, and with many channels.
func (b *builder) scatterKernel(g, weights string, shape []int64, w window, group, channels int64) (dx string, ok bool) {
	if !b.opt.Kernels || b.main != nil || b.err != nil || len(w.kernel) != 2 || slices.Max(w.dilation) > 1 || slices.Max(w.stride) > 4 || slices.Min(w.begin) < 0 {
		return "", false
	}
	if group == channels && shape[0] == channels {
		return b.kernel("DepthwiseScatter", []string{g, weights}, onnx.IntsAttr("in", w.in), onnx.IntsAttr("stride", w.stride), onnx.IntsAttr("begin", w.begin), onnx.IntAttr("block", 1)), true
	}
	if !w.strided() || group > 1 || shape[0] < manyChannels || product(w.stride) > 4 || product(shape) >= manyWeights && b.opt.Block < blocked.Smallest {
		return "", false
	}
	weights = b.transpose(weights, []int64{1, 0, 2, 3})
	if channels < manyChannels {
		return b.scatterStacked(g, weights, w, channels, shape[0]), true
	}
	return b.scatterPhases(g, weights, []int64{channels, shape[0]}, w), true
}

// manyWeights is the number of weights from which sorting them by phases, when a session is
// opened, takes the runtime longer than some ten gradients win by it; weights in blocks are
// sorted anyway.
const manyWeights = 2 << 20

// manyChannels is the number of channels from which the runtime's blocked layout takes
// them all at once, on any processor.
const manyChannels = 16

// phase is what of a strided window falls on every stride-th place of an axis, the first
// of them number: the taps first, first+stride, …, as many as taps, are the kernel of a
// convolution of stride 1 that begins so many gradients in front of a place, and ends so
// many behind it; negative numbers are on the other side.
type phase struct{ number, length, first, taps, front, behind int64 }

// phases are those of axis i that something falls on.
func (w window) phases(i int) (list []phase) {
	s := w.stride[i]
	for p := range min(s, w.in[i]) {
		first := (p + w.begin[i]) % s
		if first >= w.kernel[i] {
			continue
		}
		taps, behind := (w.kernel[i]-first+s-1)/s, (p+w.begin[i]-first)/s
		list = append(list, phase{p, (w.in[i] - p + s - 1) / s, first, taps, taps - 1 - behind, behind})
	}
	return list
}

// subpixel is a convolution of stride 1 whose results begin so many gradients in front of
// each place and end so many behind it, by axis.
type subpixel struct{ front, behind, length [2]int64 }

// conv convolves g; weights are [C, M, …], where channels are C and M.
func (p subpixel) conv(b *builder, g, weights string, channels []int64, w window) string {
	pads, cut, kernel := make([]int64, 4), make([]int64, 8), make([]int64, 2)
	for i := range 2 {
		end := p.length[i] + p.behind[i] - w.out[i]
		kernel[i] = p.front[i] + p.behind[i] + 1
		pads[i], cut[i+2] = max(p.front[i], 0), min(p.front[i], 0)
		pads[i+2], cut[i+6] = max(end, 0), min(end, 0)
	}
	b.shapes[weights] = slices.Concat(channels, kernel)
	return b.op("Conv", []string{b.pad(g, cut[:4], cut[4:]), weights}, onnx.IntsAttr("kernel_shape", kernel), onnx.IntsAttr("pads", pads))
}

// scatterPhases is [builder.scatter] by sub-pixel convolution: one convolution for all
// places that have the same remainders by the strides, which takes every weight once; the
// results are woven together. weights are [C, M, k, l].
func (b *builder) scatterPhases(g, weights string, channels []int64, w window) string {
	var parts []string
	var numbers []int64
	for _, down := range w.phases(0) {
		for _, across := range w.phases(1) {
			p := subpixel{[2]int64{down.front, across.front}, [2]int64{down.behind, across.behind}, [2]int64{down.length, across.length}}
			parts = append(parts, p.conv(b, g, b.taps(weights, w, down, across), channels, w))
			numbers = append(numbers, down.number*w.stride[1]+across.number)
		}
	}
	return b.weave(parts, numbers, w)
}

// weave puts planes together from those of all phases.
func (b *builder) weave(parts []string, numbers []int64, w window) string {
	return b.kernel("Interleave", parts, onnx.IntsAttr("in", w.in), onnx.IntsAttr("stride", w.stride), onnx.IntsAttr("phases", numbers), onnx.IntAttr("block", 1))
}

// scatterStacked is [builder.scatterPhases] for few channels, which would leave most of a
// block of the runtime's layout empty: the phases are channels of one convolution, whose
// kernel holds those of all of them.
func (b *builder) scatterStacked(g, weights string, w window, channels, narrow int64) string {
	rows, columns := w.phases(0), w.phases(1)
	all := subpixel{front: [2]int64{math.MinInt64, math.MinInt64}, behind: [2]int64{math.MinInt64, math.MinInt64}}
	for i, list := range [][]phase{rows, columns} {
		for _, ph := range list {
			all.front[i], all.behind[i], all.length[i] = max(all.front[i], ph.front), max(all.behind[i], ph.behind), max(all.length[i], ph.length)
		}
	}
	var stack []string
	for _, down := range rows {
		for _, across := range columns {
			stack = append(stack, b.pad(b.taps(weights, w, down, across), []int64{0, 0, all.front[0] - down.front, all.front[1] - across.front},
				[]int64{0, 0, all.behind[0] - down.behind, all.behind[1] - across.behind}))
		}
	}
	y := all.conv(b, g, b.op("Concat", stack, onnx.IntAttr("axis", 0)), []int64{int64(len(stack)) * channels, narrow}, w)
	var parts []string
	var numbers []int64
	for _, down := range rows {
		for _, across := range columns {
			at := int64(len(parts)) * channels
			parts = append(parts, b.op("Slice", []string{y, b.ints(at, 0, 0), b.ints(at+channels, down.length, across.length), b.ints(1, 2, 3)}))
			numbers = append(numbers, down.number*w.stride[1]+across.number)
		}
	}
	return b.weave(parts, numbers, w)
}

// taps are the weights [C, M, k, l] that belong to two phases, turned round: those from
// the last ones back.
func (b *builder) taps(weights string, w window, down, across phase) string {
	if product(w.kernel) == 1 {
		return weights
	}
	last := b.ints(down.first+(down.taps-1)*w.stride[0], across.first+(across.taps-1)*w.stride[1])
	return b.op("Slice", []string{weights, last, b.ints(-1<<62, -1<<62), b.ints(2, 3), b.ints(-w.stride[0], -w.stride[1])})
}

// written is the node that was written last.
func (b *builder) written() *onnx.Node { return b.out.Nodes[len(b.out.Nodes)-1] }
