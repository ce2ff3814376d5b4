package gradient

import "slices"

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
		total := max(0, (w.out[i]-1)*w.stride[i]+w.span(i)-w.in[i])
		switch c.node.AttrString("auto_pad", "NOTSET") {
		case "SAME_UPPER":
			w.begin[i] = total / 2
		case "SAME_LOWER":
			w.begin[i] = total - total/2
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
// runtime computes in its fast blocked layout; few input channels and other
// strides go by ConvTranspose, which is measured faster than zero insertion or
// sub-pixel convolution.
func (b *builder) scatter(g, weights string, shape []int64, w window, group, channels int64) string {
	if flipped, ok := b.flip(weights, shape, w, group, channels); ok {
		begin, end := make([]int64, len(w.kernel)), make([]int64, len(w.kernel))
		for i := range w.kernel {
			begin[i] = w.span(i) - 1 - w.begin[i]
			end[i] = w.in[i] - w.out[i] + w.span(i) - 1 - begin[i]
		}
		return b.op("Conv", []string{g, flipped}, attrInts("kernel_shape", w.kernel), attrInts("dilations", w.dilation),
			attrInts("pads", append(begin, end...)), attrInt("group", group))
	}
	end, extra := make([]int64, len(w.kernel)), make([]int64, len(w.kernel))
	for i, e := range w.end {
		end[i], extra[i] = max(e, 0), max(-e, 0)
	}
	y := b.op("ConvTranspose", []string{g, weights}, attrInts("kernel_shape", w.kernel), attrInts("strides", w.stride),
		attrInts("dilations", w.dilation), attrInts("pads", append(slices.Clone(w.begin), end...)), attrInt("group", group))
	// Inputs behind the last window: ConvTranspose's output_padding may not
	// exceed the stride everywhere, zeros may.
	lead := []int64{0, 0}
	return b.pad(y, slices.Repeat([]int64{0}, len(w.kernel)+2), append(lead, extra...))
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
