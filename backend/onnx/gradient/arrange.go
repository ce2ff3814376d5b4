package gradient

import (
	"slices"

	"picasso/backend/onnx"
)

// gradReverseSequence: turning the first entries of each sequence round is its
// own inverse.
func gradReverseSequence(c *call) {
	c.closed()
	batch, time := c.node.AttrInt("batch_axis", 1), c.node.AttrInt("time_axis", 0)
	c.dx[0] = c.op("ReverseSequence", []string{c.dy[0], c.places(1)}, onnx.IntAttr("batch_axis", batch), onnx.IntAttr("time_axis", time))
}

// gradCenterCropPad: what was cut off has gradient 0, what was added passes
// nothing on.
func gradCenterCropPad(c *call) {
	f, y := c.in(0), c.out(0)
	begin, end := make([]int64, f.rank()), make([]int64, f.rank())
	for a, n := range f.Shape {
		more := y.Shape[a] - n
		if more == 0 {
			continue
		}
		c.alongBatch(f, int64(a))
		if more > 0 {
			begin[a] = -(more / 2)
		} else {
			begin[a] = -more / 2
		}
		end[a] = -more - begin[a]
	}
	c.dx[0] = c.crop(c.dy[0], begin, end)
}

// gradCol2Im: the operator adds columns up where their blocks overlap, so that
// the gradient is read under every block: a convolution with kernels of a
// single 1.
func gradCol2Im(c *call) {
	image, block := c.integers(1), c.integers(2)
	f, y := c.in(0), c.out(0)
	c.notFirst(f)
	if c.err != nil || len(image) != len(block) || len(block) < 1 {
		c.refuse("has blocks of shape %v for a picture of shape %v", block, image)
		return
	}
	n, taps := len(block), product(block)
	kernels := make([]float32, taps*taps)
	for k := range taps {
		kernels[k*taps+k] = 1
	}
	pads := c.node.AttrInts("pads")
	if len(pads) == 0 {
		pads = slices.Repeat([]int64{0}, 2*n)
	}
	planes := c.reshape(c.dy[0], append([]int64{-1, 1}, image...))
	columns := c.op("Conv", []string{planes, c.floats(append([]int64{taps, 1}, block...), kernels)},
		onnx.IntsAttr("kernel_shape", block), onnx.IntsAttr("strides", c.perAxis("strides", n, 1)),
		onnx.IntsAttr("dilations", c.perAxis("dilations", n, 1)), onnx.IntsAttr("pads", pads))
	c.dx[0] = c.reshape(columns, []int64{-1, y.Shape[1] * taps, f.Shape[2]})
}
