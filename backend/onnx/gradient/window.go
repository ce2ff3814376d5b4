package gradient

import (
	"slices"

	"picasso/backend/onnx"
)

// window is how a convolution or pooling moves over the axes behind batch and
// channels. end is what the output needs behind the input: negative where the
// last inputs are read by no window.
type window struct {
	in, out                  []int64 // lengths of the axes
	kernel, stride, dilation []int64
	begin, end               []int64 // padding
}

// span is the number of input elements under the kernel on axis i.
func (w window) span(i int) int64 { return w.dilation[i]*(w.kernel[i]-1) + 1 }

// axes is the window on the axes from…to−1 alone.
func (w window) axes(from, to int) window {
	return window{w.in[from:to], w.out[from:to], w.kernel[from:to], w.stride[from:to], w.dilation[from:to], w.begin[from:to], w.end[from:to]}
}

// strided reports a stride above 1.
func (w window) strided() bool {
	return slices.ContainsFunc(w.stride, func(s int64) bool { return s > 1 })
}

// window reads the attributes of a node that maps the wide shape to the narrow
// one (a convolution forwards, a transposed one backwards). Padding at the end
// follows from the lengths, which covers ceil_mode and auto_pad.
func (c *call) window(wide, narrow Fact, kernel []int64) window {
	n := wide.rank() - 2
	if n < 1 || narrow.rank() != wide.rank() || len(kernel) != n {
		c.refuse("has a shape %v for which there is no rule", wide.Shape)
		return window{}
	}
	w := window{
		in: wide.Shape[2:], out: narrow.Shape[2:], kernel: kernel,
		stride: c.perAxis("strides", n, 1), dilation: c.perAxis("dilations", n, 1),
		begin: make([]int64, n), end: make([]int64, n),
	}
	if c.err != nil {
		return window{}
	}
	pads := c.node.AttrInts("pads")
	for i := range n {
		total := (w.out[i]-1)*w.stride[i] + w.span(i) - w.in[i]
		switch auto := c.node.AttrString("auto_pad", "NOTSET"); auto {
		case "SAME_UPPER", "SAME_LOWER":
			w.begin[i] = c.samePadding(total, auto == "SAME_LOWER")
		case "VALID":
		default:
			if len(pads) == 2*n {
				w.begin[i] = pads[i]
			}
		}
		w.end[i] = (w.out[i]-1)*w.stride[i] + w.span(i) - w.in[i] - w.begin[i]
	}
	return w
}

// samePadding is how much of the padding that SAME needs on an axis, total, is in
// front. Where strides leave inputs over that no window reaches, total is
// negative, and the runtime begins behind some of them: behind half of them in
// poolings, of one less in convolutions.
func (c *call) samePadding(total int64, lower bool) int64 {
	if total >= 0 {
		if lower {
			total++
		}
		return total / 2
	}
	over := -total
	if lower {
		over--
	}
	if c.node.Is("Conv", "FusedConv", "ConvInteger", "QLinearConv") {
		over--
	}
	return -max(over, 0) / 2
}

// perAxis is an attribute with one number per axis, def where it is absent.
func (c *call) perAxis(name string, n int, def int64) []int64 {
	v := c.node.AttrInts(name)
	if len(v) == 0 {
		return slices.Repeat([]int64{def}, n)
	}
	if len(v) != n || slices.Min(v) < 1 {
		c.refuse("has %s %v for %d axes", name, v, n)
	}
	return v
}

// scatter is the adjoint of a convolution with the weights w of shape [M, C/g,
// k…] over the windows: it adds every gradient, times the kernel, to the
// inputs under its window. channels is C.
//
// For stride 1 that is a convolution with the kernel turned round, which the
// runtime computes in its fast blocked layout. Few input channels and other
// strides go by ConvTranspose, which is measured faster than zero insertion, where
// operators of our own do not help: see [builder.scatterKernel]. Volumes go slice by
// slice, see [builder.scatterSlices].
func (b *builder) scatter(g, weights string, shape []int64, w window, group, channels int64) string {
	if flipped, ok := b.flip(weights, shape, w, group, channels); ok {
		begin, end := make([]int64, len(w.kernel)), make([]int64, len(w.kernel))
		for i := range w.kernel {
			begin[i] = w.span(i) - 1 - w.begin[i]
			end[i] = w.in[i] - w.out[i] + w.span(i) - 1 - begin[i]
		}
		b.shapes[flipped] = slices.Concat([]int64{channels, shape[0] / group}, w.kernel)
		return b.op("Conv", []string{g, flipped}, onnx.IntsAttr("kernel_shape", w.kernel), onnx.IntsAttr("dilations", w.dilation),
			onnx.IntsAttr("pads", append(begin, end...)), onnx.IntAttr("group", group))
	}
	if dx, ok := b.scatterKernel(g, weights, shape, w, group, channels); ok {
		return dx
	}
	if len(w.kernel) == 3 {
		return b.scatterSlices(g, weights, shape, w, group, channels)
	}
	pads, outside := []int64{}, []int64{0, 0}
	for _, p := range slices.Concat(w.begin, w.end) {
		pads = append(pads, max(p, 0))
		outside = append(outside, max(-p, 0))
	}
	y := b.op("ConvTranspose", []string{g, weights}, onnx.IntsAttr("kernel_shape", w.kernel), onnx.IntsAttr("strides", w.stride),
		onnx.IntsAttr("dilations", w.dilation), onnx.IntsAttr("pads", pads), onnx.IntAttr("group", group))
	// Inputs in front of the first window and behind the last one:
	// ConvTranspose's output_padding may not exceed the stride everywhere, zeros
	// may.
	n := len(w.kernel) + 2
	return b.pad(y, outside[:n], append([]int64{0, 0}, outside[n:]...))
}

// scatterSlices is [builder.scatter] for three axes, of which the runtime adds the
// windows up place by place, some ten times slower than those of two. So each
// slice of the gradients is scattered over rows and columns first, once for
// every slice of the kernel, which are channels there; then the results are
// scattered over the slices.
func (b *builder) scatterSlices(g, weights string, shape []int64, w window, group, channels int64) string {
	n, depth, plane := w.out[0], w.kernel[0], product(w.in[1:])
	flat := []int64{shape[0], shape[1] * depth, shape[3], shape[4]}
	each := b.reshape(b.transpose(g, []int64{0, 2, 1, 3, 4}), []int64{-1, shape[0], w.out[1], w.out[2]})
	each = b.scatter(each, b.reshape(weights, flat), flat, w.axes(1, 3), group, channels*depth)
	each = b.transpose(b.reshape(each, []int64{-1, n, channels, depth, plane}), []int64{0, 2, 3, 1, 4})
	over := window{
		in: []int64{w.in[0], plane}, out: []int64{n, plane}, kernel: []int64{depth, 1},
		stride: []int64{w.stride[0], 1}, dilation: []int64{w.dilation[0], 1},
		begin: []int64{w.begin[0], 0}, end: []int64{w.end[0], 0},
	}
	one := make([]float32, depth*depth)
	for i := range depth {
		one[i*depth+i] = 1
	}
	to := []int64{depth, 1, depth, 1}
	sum := b.scatter(b.reshape(each, []int64{-1, depth, n, plane}), b.floats(to, one), to, over, 1, 1)
	return b.reshape(sum, append([]int64{-1, channels}, w.in...))
}

// flip turns the kernels of stride-1 convolutions round: [M, C/g, k…] becomes
// [C, M/g, k…] with all kernel axes reversed. The runtime folds these nodes
// when the weights are constant.
func (b *builder) flip(weights string, shape []int64, w window, group, channels int64) (string, bool) {
	if w.strided() || channels < 8 && len(shape) == 4 && group == 1 && shape[0] >= 8 {
		return "", false
	}
	var turned []int64
	for i, k := range w.kernel {
		if w.begin[i] > w.span(i)-1 || w.end[i] > w.span(i)-1 {
			return "", false
		}
		if k > 1 {
			turned = append(turned, int64(i+2))
		}
	}
	if len(turned) > 0 {
		weights = b.reverse(weights, turned)
	}
	if group > 1 && shape[0] == group && shape[1] == 1 {
		return weights, true
	}
	perm := []int64{1, 0}
	if group > 1 {
		perm = []int64{0, 2, 1}
		weights = b.reshape(weights, append([]int64{group, shape[0] / group, shape[1]}, w.kernel...))
	}
	for range w.kernel {
		perm = append(perm, int64(len(perm)))
	}
	weights = b.transpose(weights, perm)
	if group > 1 {
		weights = b.reshape(weights, append([]int64{channels, shape[0] / group}, w.kernel...))
	}
	return weights, true
}
