package gradient

import "picasso/backend/onnx"

// gradNegativeLogLikelihood: with labels t and weights w of classes,
// loss = −w[t]·x[t] per place, and then its sum, or its mean over the weights.
func gradNegativeLogLikelihood(c *call) { c.dx[0] = c.likelihood(c.dy[0]) }

// gradSoftmaxCrossEntropy is [gradNegativeLogLikelihood] of the logarithm p of
// a softmax over axis 1, which is output 1: dx = dp − exp(p)·Σ dp.
func gradSoftmaxCrossEntropy(c *call) {
	var parts []string
	if c.dy[0] != "" {
		parts = append(parts, c.likelihood(c.dy[0]))
	}
	if len(c.dy) > 1 && c.dy[1] != "" {
		parts = append(parts, c.dy[1])
	}
	g := c.total(parts)
	probability := c.op("Softmax", []string{c.x(0)}, attrInt("axis", 1))
	c.dx[0] = c.sub(g, c.mul(probability, c.sum(g, 1)))
}

// likelihood is the gradient of the logarithms of probabilities.
func (c *call) likelihood(g string) string {
	c.closed()
	f := c.in(0)
	if f.rank() < 2 {
		c.refuse("has scores of shape %v", f.Shape)
		return ""
	}
	labels := c.places(1)
	hot := c.op("OneHot", []string{labels, c.ints(f.Shape[1]), c.floats([]int64{2}, []float32{0, 1})}, attrInt("axis", 1))
	if c.node.Attr("ignore_index") != nil {
		counts := c.op("Not", []string{c.equal(labels, c.shaped(nil, []int64{c.node.AttrInt("ignore_index", 0)}))})
		hot = c.mul(hot, c.unsqueeze(c.cast(counts, onnx.Float), 1))
	}
	if c.has(2) {
		hot = c.mul(hot, c.perChannel(c.x(2)))
	}
	switch reduction := c.node.AttrString("reduction", "mean"); reduction {
	case "none":
		g = c.unsqueeze(g, 1)
	case "mean":
		g = c.div(g, c.op("ReduceSum", []string{hot}, attrInt("keepdims", 0)))
	case "sum":
	default:
		c.refuse("has the reduction %q, for which there is no rule", reduction)
	}
	return c.neg(c.mul(hot, g))
}
