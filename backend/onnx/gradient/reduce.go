package gradient

import (
	"slices"

	"picasso/backend/onnx"
)

// reduction is a Reduce operator with its axes known: gradient and result with
// the reduced axes kept at length 1.
type reduction struct {
	axes  []int64
	count float64 // elements that one result comes from
	dy    string
	y     func() string
}

// reduction reads the axes, which are an attribute or, since operator set 18
// (ReduceSum 13), an input. No axes mean all, or none if so asked for.
func (c *call) reduction() reduction {
	f := c.in(0)
	axes := slices.Clone(c.list("axes", 1))
	if len(axes) == 0 && c.node.AttrInt("noop_with_empty_axes", 0) == 0 {
		axes = from(0, f.rank())
	}
	kept := f.open()
	count := int64(1)
	for i, a := range axes {
		axes[i] = axis(a, f.rank())
		if axes[i] < 0 || axes[i] >= int64(f.rank()) {
			c.refuse("reduces axis %d of a tensor of shape %v", a, f.Shape)
			return reduction{y: func() string { return "" }}
		}
		kept[axes[i]] = 1
		count *= f.Shape[axes[i]]
	}
	c.alongBatch(f, axes...)
	restore := func(v string) string {
		if c.node.AttrInt("keepdims", 1) == 0 {
			return c.reshape(v, kept)
		}
		return v
	}
	return reduction{axes, float64(count), restore(c.dy[0]), func() string { return restore(c.y(0)) }}
}

// gradReduceSum: dx = dy, repeated.
func gradReduceSum(c *call) {
	c.dx[0] = c.expand(c.reduction().dy, c.in(0))
}

// gradReduceMean: dx = dy/n, repeated.
func gradReduceMean(c *call) {
	r := c.reduction()
	c.dx[0] = c.expand(c.scale(r.dy, 1/r.count), c.in(0))
}

// gradReduceExtreme shares dy evenly among the elements equal to the maximum
// (or minimum).
func gradReduceExtreme(c *call) {
	r := c.reduction()
	hit := c.cast(c.equal(c.x(0), r.y()), onnx.Float)
	if len(r.axes) == 0 {
		c.dx[0] = r.dy
		return
	}
	c.dx[0] = c.mul(hit, c.div(r.dy, c.sum(hit, r.axes...)))
}

// gradReduceL1: dx = dy·sign(x).
func gradReduceL1(c *call) { c.dx[0] = c.mul(c.reduction().dy, c.sign(c.x(0))) }

// gradReduceL2: dx = dy·x/y, and 0 where y is 0.
func gradReduceL2(c *call) {
	r := c.reduction()
	y := r.y()
	c.dx[0] = c.mul(r.dy, c.div(c.x(0), c.choose(c.equal(y, c.number(0)), c.number(1), y)))
}

// gradReduceSumSquare: dx = 2·dy·x.
func gradReduceSumSquare(c *call) {
	c.dx[0] = c.mul(c.reduction().dy, c.scale(c.x(0), 2))
}

// gradReduceLogSum: y = log Σx, dx = dy/exp(y).
func gradReduceLogSum(c *call) {
	r := c.reduction()
	c.dx[0] = c.expand(c.div(r.dy, c.exp(r.y())), c.in(0))
}

// gradReduceLogSumExp: dx = dy·exp(x−y).
func gradReduceLogSumExp(c *call) {
	r := c.reduction()
	c.dx[0] = c.mul(r.dy, c.exp(c.sub(c.x(0), r.y())))
}

// gradReduceProd: dx is dy times the product of the other elements: P/x with
// the product P of all without zeros, P at a zero that is the only one, else 0.
func gradReduceProd(c *call) {
	r := c.reduction()
	x := c.x(0)
	zero := c.equal(x, c.number(0))
	safe := c.choose(zero, c.number(1), x)
	if len(r.axes) == 0 {
		c.dx[0] = r.dy
		return
	}
	p := c.op("ReduceProd", []string{safe, c.ints(r.axes...)}, onnx.IntAttr("keepdims", 1))
	zeros := c.sum(c.cast(zero, onnx.Float), r.axes...)
	none, one := c.less(zeros, 0.5), c.less(c.op("Abs", []string{c.shift(zeros, -1)}), 0.5)
	others := c.choose(zero, c.keep(one, p), c.keep(none, c.div(p, safe)))
	c.dx[0] = c.mul(r.dy, others)
}

// gradCumSum: the sum of all later gradients is a running sum from the other
// end.
func gradCumSum(c *call) {
	axes := c.integers(1)
	if len(axes) != 1 {
		c.refuse("has no constant axis")
		return
	}
	c.alongBatch(c.in(0), axis(axes[0], c.in(0).rank()))
	c.dx[0] = c.op("CumSum", []string{c.dy[0], c.shaped(nil, axes)},
		onnx.IntAttr("exclusive", c.node.AttrInt("exclusive", 0)), onnx.IntAttr("reverse", 1-c.node.AttrInt("reverse", 0)))
}
