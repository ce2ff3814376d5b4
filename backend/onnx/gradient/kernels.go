package gradient

import (
	"slices"

	"picasso/backend/onnx"
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
	dx = c.kernel("MaxPoolGrad", []string{x, dy}, attrInts("in", w.in), attrInts("out", w.out), attrInts("kernel", w.kernel),
		attrInts("stride", w.stride), attrInts("begin", w.begin), attrInts("dilation", w.dilation), attrInt("positive", 0))
	if c.err == nil {
		c.pools[dx] = c.written()
	}
	return dx, true
}

// scatterKernel is [builder.scatter] for strides over rows and columns, where operators of
// our own make it faster: with a kernel for each channel alone, and with many channels.
func (b *builder) scatterKernel(g, weights string, shape []int64, w window, group, channels int64) (dx string, ok bool) {
	if !b.opt.Kernels || b.main != nil || b.err != nil || len(w.kernel) != 2 || slices.Max(w.dilation) > 1 || slices.Max(w.stride) > 4 || slices.Min(w.begin) < 0 {
		return "", false
	}
	if group == channels && shape[0] == channels {
		return b.kernel("DepthwiseScatter", []string{g, weights}, attrInts("in", w.in), attrInts("stride", w.stride), attrInts("begin", w.begin)), true
	}
	if group > 1 || channels < manyChannels || shape[0] < manyChannels || product(w.stride) > 4 {
		return "", false
	}
	return b.scatterPhases(g, weights, w), true
}

// manyChannels is the number of channels from which the runtime's blocked layout takes
// them all at once, on any processor.
const manyChannels = 16

// phase is what of a strided window falls on every stride-th place of an axis: the taps
// first, first+stride, …, as many as taps, are the kernel of a convolution of stride 1
// with a padding of begin and end, negative where gradients there fall on none of them.
type phase struct{ first, taps, begin, end int64 }

// phase number p of axis i; taps is 0 where nothing falls on these places.
func (w window) phase(i int, p int64) phase {
	s := w.stride[i]
	first := (p + w.begin[i]) % s
	if first >= w.kernel[i] {
		return phase{}
	}
	ph := phase{first: first, taps: (w.kernel[i] - first + s - 1) / s}
	q := (p + w.begin[i] - first) / s
	ph.begin = ph.taps - 1 - q
	ph.end = (w.in[i]-p+s-1)/s + q - w.out[i]
	return ph
}

// scatterPhases is [builder.scatter] by sub-pixel convolution: one convolution for all
// places that have the same remainders by the strides, which takes every weight once; the
// results are woven together.
func (b *builder) scatterPhases(g, weights string, w window) string {
	var parts []string
	var numbers []int64
	weights = b.transpose(weights, []int64{1, 0, 2, 3})
	for r := range min(w.stride[0], w.in[0]) {
		for c := range min(w.stride[1], w.in[1]) {
			down, across := w.phase(0, r), w.phase(1, c)
			if down.taps == 0 || across.taps == 0 {
				continue
			}
			falls := b.pad(g, []int64{0, 0, min(down.begin, 0), min(across.begin, 0)}, []int64{0, 0, min(down.end, 0), min(across.end, 0)})
			parts = append(parts, b.op("Conv", []string{falls, b.taps(weights, w, down, across)}, attrInts("kernel_shape", []int64{down.taps, across.taps}),
				attrInts("pads", []int64{max(down.begin, 0), max(across.begin, 0), max(down.end, 0), max(across.end, 0)})))
			numbers = append(numbers, r*w.stride[1]+c)
		}
	}
	return b.kernel("Interleave", parts, attrInts("in", w.in), attrInts("stride", w.stride), attrInts("phases", numbers))
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
