package gradient

import "picasso/backend/onnx"

// gradDFT: the discrete Fourier transform is linear, y = F·x, and the inverse
// one y = Fᴴ·x/n. With real and imaginary parts as two real numbers the gradient
// is dx = Fᴴ·dy, so n times the inverse transform, and F·dy/n. Of a one-sided
// transform the missing half has gradient 0; of a real x the imaginary part of
// dx is dropped. Axis and length are attribute and input 1 before operator set
// 20, input 2 and 1 since.
func gradDFT(c *call) {
	f, y := c.in(0), c.out(0)
	a := c.node.AttrInt("axis", 1)
	if c.opset >= 20 {
		a = -2
		if v := c.integers(2); len(v) == 1 {
			a = v[0]
		}
	}
	a = axis(a, f.rank())
	inverse := c.node.AttrInt("inverse", 0) != 0
	n := f.Shape[a]
	if v := c.integers(1); len(v) == 1 {
		n = v[0]
	}
	if c.err != nil || f.rank() < 3 || a < 0 || int(a) >= f.rank()-1 {
		c.refuse("transforms a tensor of shape %v along axis %d, for which there is no rule", f.Shape, a)
		return
	}
	onesided := c.node.AttrInt("onesided", 0) != 0
	if onesided && inverse {
		c.refuse("is an inverse of one side, for which there is no rule")
		return
	}
	c.alongBatch(f, a)
	g := c.dy[0]
	resize := func(g string, axis, from, to int64) string { // cut, or filled with zeros
		if from > to {
			return c.slice(g, axis, 0, to)
		}
		end := make([]int64, f.rank())
		end[axis] = to - from
		return c.pad(g, make([]int64, f.rank()), end)
	}
	g = resize(g, a, y.Shape[a], n)
	back := int64(1)
	factor := float64(n)
	if inverse {
		back, factor = 0, 1/factor
	}
	g = c.scale(c.op("DFT", []string{g}, onnx.IntAttr("axis", a), onnx.IntAttr("inverse", back)), factor)
	g = resize(g, a, n, f.Shape[a])
	last := int64(f.rank() - 1)
	c.dx[0] = resize(g, last, 2, f.Shape[last])
}
