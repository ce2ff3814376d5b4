package gradient

import "picasso/backend/onnx"

// gradNegativeLogLikelihood: with labels t and weights w of classes,
// loss = −w[t]·x[t] per place, and then its sum, or its mean over the weights.
func gradNegativeLogLikelihood(c *call) {
	dx, dw := c.likelihood(c.dy[0], c.x(0))
	c.offer(0, dx)
	c.offer(2, dw)
}

// gradSoftmaxCrossEntropy is [gradNegativeLogLikelihood] of the logarithm p of
// a softmax over axis 1, which is output 1: dx = dp − exp(p)·Σ dp.
func gradSoftmaxCrossEntropy(c *call) {
	var parts []string
	if c.dy[0] != "" {
		dp, dw := c.likelihood(c.dy[0], c.op("LogSoftmax", []string{c.x(0)}, onnx.IntAttr("axis", 1)))
		parts = append(parts, dp())
		c.offer(2, dw)
	}
	if len(c.dy) > 1 && c.dy[1] != "" {
		parts = append(parts, c.dy[1])
	}
	g := c.total(parts)
	c.offer(0, func() string {
		probability := c.op("Softmax", []string{c.x(0)}, onnx.IntAttr("axis", 1))
		return c.sub(g, c.mul(probability, c.sum(g, 1)))
	})
}

// likelihood is the gradient of the logarithms p of probabilities, −w·g at the
// labels, and that of the weights, −p·g for each label, less the loss where it
// is a mean.
func (c *call) likelihood(g, p string) (dp, dw func() string) {
	none := func() string { return "" }
	f := c.in(0)
	if c.closed(); c.err != nil || f.rank() < 2 {
		c.refuse("has scores of shape %v", f.Shape)
		return none, none
	}
	hot := c.labelled(f)
	weighed := hot
	if c.has(2) {
		weighed = c.mul(hot, c.perChannel(c.x(2)))
	}
	loss := ""
	switch reduction := c.node.AttrString("reduction", "mean"); reduction {
	case "none":
		g = c.unsqueeze(g, 1)
	case "mean":
		g = c.div(g, c.op("ReduceSum", []string{weighed}, onnx.IntAttr("keepdims", 0)))
		loss = c.y(0)
	case "sum":
	default:
		c.refuse("has the reduction %q, for which there is no rule", reduction)
	}
	return func() string { return c.neg(c.mul(weighed, g)) }, func() string {
		each := c.neg(c.sum(c.mul(hot, p), 1))
		if loss != "" {
			each = c.sub(each, loss)
		}
		return c.sumBut(c.mul(hot, c.mul(each, g)), f, 1)
	}
}

// labelled is 1 at the label of every place, with the classes along axis 1, and
// 0 elsewhere and where the label does not count.
func (c *call) labelled(f Fact) string {
	labels := c.places(1)
	hot := c.op("OneHot", []string{labels, c.ints(f.Shape[1]), c.floats([]int64{2}, []float32{0, 1})}, onnx.IntAttr("axis", 1))
	if c.node.Attr("ignore_index") == nil {
		return hot
	}
	counts := c.op("Not", []string{c.equal(labels, c.shaped(nil, []int64{c.node.AttrInt("ignore_index", 0)}))})
	return c.mul(hot, c.unsqueeze(c.cast(counts, onnx.Float), 1))
}
