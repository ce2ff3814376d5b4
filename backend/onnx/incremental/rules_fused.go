package incremental

import "slices"

// fused maps the operators of ONNX Runtime (domain com.microsoft) that work
// locally.
func fused() map[string]rule {
	table := map[string]rule{
		"FusedConv": conv, "FusedMatMul": fusedMatMul, "TransposeMatMul": fusedMatMul, "MatMulNBits": packedMatMul,
		"QuantizeLinear": channelwise, "DequantizeLinear": channelwise,
		"QLinearConcat": quantisedConcat, "QLinearAveragePool": channelsFirst(pool), "QLinearSoftmax": quantisedSoftmax,
	}
	for _, op := range []string{"Gelu", "QuickGelu", "FastGelu", "BiasGelu", "QLinearAdd", "QLinearMul", "QLinearSigmoid", "QLinearLeakyRelu", "QLinearWhere"} {
		table[op] = pointwise
	}
	return table
}

// channelsFirst is a rule for the usual layout alone.
func channelsFirst(r rule) rule {
	return func(c *call, s *step) bool { return c.node.AttrInt("channels_last", 0) == 0 && r(c, s) }
}

// fusedMatMul: a product without transposition is one of weights and places.
func fusedMatMul(c *call, s *step) bool {
	for _, a := range []string{"transA", "transB", "transBatchA", "transBatchB"} {
		if c.node.AttrInt(a, 0) != 0 {
			return false
		}
	}
	return matMul(c, s)
}

// packedMatMul: weights of a few bits applied to the last axis of every place.
func packedMatMul(c *call, s *step) bool {
	l := c.in(0)
	if !c.alone() || l.last() >= len(l.Shape)-1 {
		return false
	}
	c.reads(s, 0, l.same())
	out := c.gives(0)
	if out == nil || !slices.Equal(out.Axes, l.Axes) {
		return false
	}
	s.macs = float64(out.Depth()) * float64(c.node.AttrInt("K", 1))
	s.cost, s.heavy = s.macs+float64(out.Depth())*elementCost, true
	return true
}

// quantisedConcat: inputs scale and zero point of the result, then each part
// with its own.
func quantisedConcat(c *call, s *step) bool { return join(c, s, 2, 3) }

// quantisedSoftmax: attribute opset says whether the axes behind the given one
// count too.
func quantisedSoftmax(c *call, s *step) bool {
	l := c.in(0)
	if !c.alone() {
		return false
	}
	axis := normal(c.node.AttrInt("axis", -1), len(l.Shape))
	if axis < 1 || l.has(axis) || c.node.AttrInt("opset", 13) < 13 && axis != len(l.Shape)-1 {
		return false
	}
	return c.keep(s, l, 4)
}
