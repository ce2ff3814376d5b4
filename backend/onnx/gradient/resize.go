package gradient

import (
	"slices"

	"picasso/backend/onnx"
)

// gradResize: resampling is linear and works axis by axis, y = A·x with one row
// of weights per output position, so dx = Aᵀ·dy along each axis. The weights
// are computed here for every mode; copying each element n times, the usual
// enlargement, becomes a sum over the copies.
func gradResize(c *call) {
	f, y := c.in(0), c.out(0)
	r := c.resampling()
	if c.err != nil {
		return
	}
	g := c.dy[0]
	shape := y // as g goes along
	for a := range f.Shape {
		if f.Shape[a] == y.Shape[a] && r.identity(a) {
			continue
		}
		if f.Batch >= a {
			c.closed()
		}
		if f.Shape[a]*y.Shape[a] > maxWeights {
			c.refuse("resamples %d positions to %d, which takes too many weights", f.Shape[a], y.Shape[a])
			return
		}
		weights := r.weights(a, int(f.Shape[a]), int(y.Shape[a]))
		g = c.applyTransposed(g, weights, shape, a, f.Shape[a])
		shape.Shape = slices.Clone(shape.Shape)
		shape.Shape[a] = f.Shape[a]
	}
	c.dx[0] = c.like(g, 0)
}

// maxWeights bounds the weights of one axis.
const maxWeights = 1 << 25

// applyTransposed multiplies axis a of g, which has length len(weights), by the
// transposed weights; the result has length n there and is a matrix [leading,
// n, trailing] or [leading, n].
func (c *call) applyTransposed(g string, weights [][]float32, shape Fact, a int, n int64) string {
	m, rest := int64(len(weights)), product(shape.Shape[a+1:])
	if copies := m / n; copies > 1 && m%n == 0 && repeats(weights, int(copies)) {
		return c.op("ReduceSum", []string{c.reshape(g, []int64{-1, n, copies, rest}), c.ints(2)}, onnx.IntAttr("keepdims", 0))
	}
	if rest == 1 {
		flat := make([]float32, 0, m*n)
		for _, row := range weights {
			flat = append(flat, row...)
		}
		return c.matmul(c.reshape(g, []int64{-1, m}), c.floats([]int64{m, n}, flat))
	}
	turned := make([]float32, m*n)
	for o, row := range weights {
		for i, w := range row {
			turned[i*int(m)+o] = w
		}
	}
	return c.matmul(c.floats([]int64{n, m}, turned), c.reshape(g, []int64{-1, m, rest}))
}

// repeats reports that output o is input o/copies.
func repeats(weights [][]float32, copies int) bool {
	for o, row := range weights {
		for i, w := range row {
			if (i == o/copies) != (w == 1) || w != 0 && w != 1 {
				return false
			}
		}
	}
	return true
}

// resampling reads how a Resize or Upsample works. Upsample and Resize before
// operator set 11 take every coordinate as output/scale and round down;
// scales are an attribute of Upsample before 9, else an input.
func (c *call) resampling() resampling {
	rank := c.in(0).rank()
	r := resampling{
		mode:       c.node.AttrString("mode", "nearest"),
		coordinate: c.node.AttrString("coordinate_transformation_mode", "half_pixel"),
		rounding:   c.node.AttrString("nearest_mode", "round_prefer_floor"),
		cubic:      float64(c.node.AttrFloat("cubic_coeff_a", -0.75)),
		exclude:    c.node.AttrInt("exclude_outside", 0) != 0,
		antialias:  c.node.AttrInt("antialias", 0) != 0,
		scale:      make([]float32, rank), start: make([]float32, rank), end: slices.Repeat([]float32{1}, rank),
	}
	var scales, roi []float32
	switch {
	case c.node.Is("Upsample") || c.opset < 11:
		r.coordinate, r.rounding = "asymmetric", "simple"
		if scales = c.node.AttrFloats("scales"); scales == nil {
			scales = c.numbers(1)
		}
	default:
		roi, scales = c.numbersIf(1, r.coordinate == "tf_crop_and_resize"), c.numbers(2)
	}
	r.lay(c, scales, roi)
	if !slices.Contains([]string{"nearest", "linear", "bilinear", "cubic"}, r.mode) {
		c.refuse("has mode %q, for which there is no rule", r.mode)
	}
	return r
}

func (c *call) numbersIf(i int, needed bool) []float32 {
	if !needed {
		return nil
	}
	return c.numbers(i)
}

// lay assigns scales and region to axes. Where sizes are given the scale is
// the ratio of lengths, one for all axes if the aspect ratio is to be kept.
func (r *resampling) lay(c *call, scales, roi []float32) {
	in, out := c.in(0), c.out(0)
	axes := c.node.AttrInts("axes")
	if axes == nil {
		axes = from(0, in.rank())
	}
	for i := range r.scale {
		if in.rank() == out.rank() && in.Shape[i] > 0 {
			r.scale[i] = float32(out.Shape[i]) / float32(in.Shape[i])
		}
	}
	var sizes []int64
	if len(scales) == 0 {
		sizes = c.integers(3)
	}
	keep := float32(0)
	for k, a := range axes {
		a = axis(a, in.rank())
		if a < 0 || a >= int64(in.rank()) {
			c.refuse("has axes %v for a tensor of shape %v", axes, in.Shape)
			return
		}
		if len(scales) == len(axes) {
			r.scale[a] = scales[k]
		}
		if len(roi) == 2*len(axes) {
			r.start[a], r.end[a] = roi[k], roi[k+len(axes)]
		}
		if len(sizes) == len(axes) {
			s := float32(sizes[k]) / float32(in.Shape[a])
			policy := c.node.AttrString("keep_aspect_ratio_policy", "stretch")
			if k == 0 || policy == "not_larger" && s < keep || policy == "not_smaller" && s > keep {
				keep = s
			}
		}
	}
	if c.node.AttrString("keep_aspect_ratio_policy", "stretch") != "stretch" && keep > 0 {
		for _, a := range axes {
			r.scale[axis(a, in.rank())] = keep
		}
	}
}
