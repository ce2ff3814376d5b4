package incremental

import (
	"slices"

	"picasso/backend/onnx"
)

// conv: the axes of places are the last ones, behind batch and channels.
func conv(c *call, s *step) bool {
	l, weights := c.in(0), c.shape(c.node.Input(c.weights()))
	if !c.alone() || len(weights) != 2+c.Rank || !l.planar() {
		return false
	}
	out := c.gives(0)
	if out == nil {
		return false
	}
	pads, axes := make([]Padding, c.Rank), make([]Axis, c.Rank)
	for i := range axes {
		a, p, ok := c.window(l, out, i, weights[2+i])
		if !ok {
			return false
		}
		axes[i], pads[i] = a, p
	}
	c.reads(s, 0, axes)
	s.macs = float64(product(weights))
	s.cost, s.heavy = s.macs+float64(out.Depth())*elementCost, true
	if weights[1] == 1 && l.Depth() > 1 {
		s.cost += s.macs * depthwiseCost
	}
	if padded(pads) && !c.node.Is("QLinearConv") { // there padding is the zero point
		s.pads = pads
	}
	return true
}

// weights is the input that holds the weights.
func (c *call) weights() int { return weightSlot(c.node) }

func weightSlot(n *onnx.Node) int {
	if n.OpType == "QLinearConv" || n.OpType == "QLinearMatMul" {
		return 3
	}
	return 1
}

// planar reports the layout batch × channels × places.
func (l *Local) planar() bool { return l.first() == 2 && l.last() == len(l.Shape)-1 }

// window reads how a kernel moves along an axis, and the padding at both ends.
// The padding at the end may be less than stated, or more where ceil_mode adds
// a window.
func (c *call) window(l, out *Local, axis, kernel int) (a Axis, pads Padding, ok bool) {
	stride, dilation := c.perAxis("strides", axis), c.perAxis("dilations", axis)
	if kernel < 1 || stride < 1 || dilation < 1 || kernel > maxStep || stride > maxStep || dilation > maxStep {
		return a, pads, false
	}
	in, n := l.Length(axis), out.Length(axis)
	span := dilation*(kernel-1) + 1
	total := max(0, (n-1)*stride+span-in)
	switch c.node.AttrString("auto_pad", "NOTSET") {
	case "SAME_UPPER":
		pads = Padding{total / 2, total - total/2}
	case "SAME_LOWER":
		pads = Padding{total - total/2, total / 2}
	case "VALID":
	case "NOTSET", "":
		if v := c.node.AttrInts("pads"); len(v) == 2*c.Rank {
			pads = Padding{int(v[axis]), int(v[axis+c.Rank])}
		} else if len(v) != 0 {
			return a, pads, false
		}
	default:
		return a, pads, false
	}
	if pads[0] < 0 || pads[1] < 0 || pads[0] > maxStep || pads[1] > maxStep {
		return a, pads, false
	}
	return Axis{
		In: in, Out: n, Stride: stride, Factor: 1,
		Before: pads[0], After: span - 1 - pads[0],
		Least: max(1, span-pads[0]-pads[1]),
	}, pads, true
}

// perAxis is an attribute with one number per spatial axis, 1 where absent, 0
// where it is malformed.
func (c *call) perAxis(name string, axis int) int {
	v := c.node.AttrInts(name)
	switch len(v) {
	case 0:
		return 1
	case c.Rank:
		return int(v[axis])
	}
	return 0
}

// pool: a window per channel.
func pool(c *call, s *step) bool {
	l, kernel := c.in(0), c.node.AttrInts("kernel_shape")
	if !c.alone() || !l.planar() || len(kernel) != c.Rank {
		return false
	}
	out := c.gives(0)
	if out == nil {
		return false
	}
	axes := make([]Axis, c.Rank)
	taps := 1.0
	for i := range axes {
		a, _, ok := c.window(l, out, i, int(kernel[i]))
		if !ok {
			return false
		}
		axes[i] = a
		taps *= float64(kernel[i])
	}
	c.reads(s, 0, axes)
	s.cost, s.heavy = float64(out.Depth())*(taps+elementCost), true
	return true
}

// convTranspose: every input is spread over a window of outputs.
func convTranspose(c *call, s *step) bool {
	l, weights := c.in(0), c.shape(c.node.Input(1))
	plain := slices.Contains([]string{"NOTSET", ""}, c.node.AttrString("auto_pad", "NOTSET"))
	if !c.alone() || len(weights) != 2+c.Rank || !l.planar() || !plain || c.node.Attr("output_shape") != nil {
		return false
	}
	out := c.gives(0)
	if out == nil {
		return false
	}
	pads, extra := c.node.AttrInts("pads"), c.node.AttrInts("output_padding")
	axes := make([]Axis, c.Rank)
	strides := 1
	for i := range axes {
		stride, dilation := c.perAxis("strides", i), c.perAxis("dilations", i)
		if stride < 1 || dilation < 1 || stride > maxStep || dilation > maxStep || weights[2+i] > maxStep {
			return false
		}
		begin, end, more := 0, 0, 0
		if len(pads) == 2*c.Rank {
			begin, end = int(pads[i]), int(pads[i+c.Rank])
		}
		if len(extra) == c.Rank {
			more = int(extra[i])
		}
		span := dilation*(weights[2+i]-1) + 1
		in := l.Length(i)
		if begin < 0 || end < 0 || more < 0 || out.Length(i) != (in-1)*stride+span-begin-end+more {
			return false
		}
		// Output o gets input k where k·stride ≤ o + begin ≤ k·stride + span − 1.
		axes[i] = Axis{
			In: in, Out: out.Length(i), Stride: 1, Factor: stride,
			Before: span - 1 - begin, After: begin,
			Least: max(1, ceilDiv(begin+end-span+1, stride)+1),
		}
		strides *= stride
	}
	c.reads(s, 0, axes)
	s.macs = float64(product(weights)) / float64(strides)
	s.cost, s.heavy = s.macs+float64(out.Depth())*elementCost, true
	return true
}
