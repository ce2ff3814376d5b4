package gradient_test

import "slices"

// rules lists models of one node with every attribute that changes a gradient.
func rules() []single {
	return slices.Concat(functionRules(), arithmeticRules(), linearRules(), poolRules(), normRules(),
		reduceRules(), shapeRules(), selectionRules(), resizeRules(), fusedRules(), slotRules(), recurrentRules(), sampleRules(), attentionRules(), packedRules(), arrangeRules())
}

func functionRules() []single {
	var list []single
	for _, op := range []string{"Neg", "Abs", "Exp", "Sin", "Cos", "Atan", "Sinh", "Cosh", "Tanh", "Asinh", "Erf", "Relu",
		"LeakyRelu", "ThresholdedRelu", "Elu", "Selu", "Celu", "Softplus", "Softsign", "Sigmoid", "HardSigmoid", "Identity", "Mish", "HardSwish"} {
		list = append(list, single{op: op, args: []arg{x(1, 3, 4)}})
	}
	for _, op := range []string{"Sqrt", "Log", "Reciprocal"} {
		list = append(list, single{op: op, args: []arg{x(1, 3, 4)}, lo: 0.4, hi: 3})
	}
	for _, op := range []string{"Asin", "Acos", "Atanh", "Tan"} {
		list = append(list, single{op: op, args: []arg{x(1, 3, 4)}, lo: -0.8, hi: 0.8})
	}
	in := []arg{x(1, 3, 4)}
	return append(list,
		single{op: "Acosh", args: in, lo: 1.3, hi: 3},
		single{op: "LeakyRelu", args: in, attrs: attrs(f("alpha", -0.3))},
		single{op: "LeakyRelu", args: in, attrs: attrs(f("alpha", 0.3))},
		single{op: "ThresholdedRelu", args: in, attrs: attrs(f("alpha", 0.5))},
		single{op: "Elu", args: in, attrs: attrs(f("alpha", 0.6))},
		single{op: "Selu", args: in, attrs: attrs(f("alpha", 1.2), f("gamma", 0.8))},
		single{op: "Celu", args: in, attrs: attrs(f("alpha", 1.7))},
		single{op: "HardSigmoid", args: in, attrs: attrs(f("alpha", 0.4), f("beta", 0.3))},
		single{op: "Shrink", args: in, attrs: attrs(f("lambd", 0.5), f("bias", 0.2))},
		single{op: "HardSwish", args: in, lo: -5, hi: 5},
		single{op: "Gelu", opset: 20, args: in},
		single{op: "Swish", opset: 24, args: in, attrs: attrs(f("alpha", 0.7))},
		single{op: "Gelu", opset: 20, args: in, attrs: attrs(s("approximate", "tanh"))},
		single{op: "Clip", args: []arg{x(1, 3, 4), scalar(-0.5), scalar(1)}},
		single{op: "Clip", args: []arg{x(1, 3, 4), absent(), scalar(0.5)}},
		single{op: "Clip", args: []arg{x(1, 3, 4), scalar(0)}},
		single{op: "Clip", opset: 7, args: in, attrs: attrs(f("min", -0.5), f("max", 0.5))},
		single{op: "Clip", opset: 7, args: in},
		single{op: "PRelu", args: []arg{x(1, 3, 4), random(3, 1)}},
		single{op: "PRelu", args: []arg{x(1, 3, 4), x(1, 3, 1)}},
		single{op: "Softmax", args: in},
		single{op: "Softmax", args: in, attrs: attrs(i("axis", 1))},
		single{op: "Softmax", opset: 11, args: in},
		single{op: "Softmax", opset: 11, args: in, attrs: attrs(i("axis", 2))},
		single{op: "LogSoftmax", args: in},
		single{op: "LogSoftmax", opset: 9, args: in, attrs: attrs(i("axis", 1))},
		single{op: "LogSoftmax", args: in, attrs: attrs(i("axis", -2))},
		single{op: "Dropout", opset: 7, args: in, attrs: attrs(f("ratio", 0.5))},
		single{op: "Dropout", opset: 10, args: in, outs: []string{"y", "mask"}},
		single{op: "Dropout", opset: 13, args: []arg{x(1, 3, 4), scalar(0.5)}},
		single{op: "Cast", args: in, attrs: attrs(i("to", 1))},
		single{op: "Trilu", args: []arg{x(1, 3, 4)}, attrs: attrs(i("upper", 0))},
		single{op: "Trilu", args: []arg{x(1, 3, 4), number(1)}},
	)
}

func arithmeticRules() []single {
	a, b := x(1, 3, 4), x(1, 3, 4)
	row, column := x(1, 1, 4), x(1, 3, 1)
	var list []single
	for _, op := range []string{"Add", "Sub", "Mul", "Max", "Min", "Sum", "Mean"} {
		list = append(list,
			single{op: op, args: []arg{a, b}}, single{op: op, args: []arg{row, column}},
			single{op: op, args: []arg{a, random(4)}}, single{op: op, args: []arg{scalar(0.3), b}})
	}
	return append(list,
		single{op: "Max", args: []arg{a, b, row}}, single{op: "Sum", args: []arg{a, b, row, a}}, single{op: "Mean", args: []arg{a, column, b}},
		single{op: "Max", args: []arg{a}}, single{op: "Add", args: []arg{x(1, 1, 1), random(2, 3, 1, 4)}, fixed: true},
		single{op: "Div", args: []arg{a, b}, lo: 0.5, hi: 2}, single{op: "Div", args: []arg{row, column}, lo: 0.5, hi: 2},
		single{op: "Div", args: []arg{a, random(3, 1)}}, single{op: "Div", args: []arg{scalar(2), b}, lo: 0.5, hi: 2},
		single{op: "Pow", args: []arg{a, scalar(2)}}, single{op: "Pow", args: []arg{a, scalar(3)}}, single{op: "Pow", args: []arg{a, scalar(1)}},
		single{op: "Pow", args: []arg{a, scalar(0)}}, single{op: "Pow", args: []arg{a, scalar(0.5)}, lo: 0.3, hi: 2},
		single{op: "Pow", args: []arg{a, number(2)}}, single{op: "Pow", args: []arg{a, vector(0, 1, 2, 3)}, lo: 0.3, hi: 2},
		single{op: "Pow", args: []arg{a, b}, lo: 0.3, hi: 2},
		single{op: "Where", args: []arg{{value: booleans(1, 3, 1)}, a, b}}, single{op: "Where", args: []arg{{value: booleans(4)}, row, column}},
		single{op: "Mod", attrs: attrs(i("fmod", 1)), args: []arg{a, scalar(0.7)}},
		single{op: "CumSum", args: []arg{a, number(1)}}, single{op: "CumSum", args: []arg{a, number(2)}, attrs: attrs(i("exclusive", 1))},
		single{op: "CumSum", args: []arg{a, number(-1)}, attrs: attrs(i("reverse", 1))},
	)
}

func linearRules() []single {
	im := x(1, 4, 7, 6)
	conv := func(w arg, a ...*attr) single { return single{op: "Conv", args: []arg{im, w}, attrs: a} }
	up := func(w arg, a ...*attr) single { return single{op: "ConvTranspose", args: []arg{im, w}, attrs: a} }
	return []single{
		conv(random(3, 4, 3, 3)), conv(random(12, 4, 3, 3)), conv(random(3, 4, 3, 3), is("pads", 1, 1, 1, 1)),
		conv(random(3, 4, 3, 2), is("pads", 2, 0, 1, 1)), conv(random(3, 4, 3, 3), is("strides", 2, 2), is("pads", 1, 1, 1, 1)),
		conv(random(3, 4, 3, 3), is("strides", 3, 2), is("pads", 0, 1, 1, 2)), conv(random(3, 4, 2, 2), is("strides", 3, 3)),
		conv(random(3, 4, 1, 1), is("strides", 2, 2)), conv(random(6, 2, 3, 3), i("group", 2), is("pads", 1, 1, 1, 1)),
		conv(random(4, 1, 3, 3), i("group", 4)), conv(random(8, 1, 3, 3), i("group", 4), is("strides", 2, 2)),
		conv(random(3, 4, 3, 2), is("dilations", 2, 3)), conv(random(3, 4, 3, 2), is("dilations", 2, 2), is("strides", 2, 1), is("pads", 2, 1, 2, 1)),
		conv(random(3, 4, 3, 3), s("auto_pad", "SAME_UPPER"), is("strides", 2, 2)), conv(random(3, 4, 2, 4), s("auto_pad", "SAME_LOWER")),
		conv(random(3, 4, 2, 2), s("auto_pad", "SAME_LOWER"), is("strides", 2, 3)), conv(random(3, 4, 2, 2), s("auto_pad", "VALID")),
		conv(random(3, 4, 1, 1), is("pads", 1, 1, 1, 1)), conv(random(3, 4, 3, 3), is("pads", 3, 3, 3, 3)),
		{op: "Conv", args: []arg{im, random(3, 4, 3, 3), random(3)}, fixed: true},
		{op: "Conv", args: []arg{x(1, 9, 7, 6), random(3, 9, 3, 3)}},
		{op: "Conv", args: []arg{x(1, 4, 9), random(3, 4, 3)}, attrs: attrs(is("strides", 2))},
		{op: "Conv", args: []arg{x(1, 8, 9), random(8, 4, 3)}, attrs: attrs(i("group", 2), is("pads", 1, 2))},
		{op: "Conv", args: []arg{x(1, 2, 4, 5, 4), random(3, 2, 2, 3, 2)}},
		{op: "Conv", args: []arg{x(1, 2, 6, 9), random(3, 2, 1, 2)}, attrs: attrs(is("strides", 3, 4), s("auto_pad", "SAME_UPPER"))},
		{op: "Conv", args: []arg{x(1, 2, 6, 14), random(3, 2, 1, 1)}, attrs: attrs(is("strides", 3, 8), s("auto_pad", "SAME_LOWER"))},
		{op: "MaxPool", args: []arg{x(1, 2, 6, 8)}, attrs: attrs(is("kernel_shape", 1, 1), is("strides", 3, 4), s("auto_pad", "SAME_LOWER"))},
		{op: "AveragePool", args: []arg{x(1, 2, 6, 8)}, attrs: attrs(is("kernel_shape", 1, 2), is("strides", 3, 4), s("auto_pad", "SAME_UPPER"))},
		{op: "Conv", args: []arg{x(1, 2, 5, 5, 4), random(3, 2, 2, 3, 2)}, attrs: attrs(is("strides", 2, 1, 2), is("pads", 1, 0, 1, 0, 1, 1))},
		up(random(4, 3, 3, 3)), up(random(4, 3, 2, 2), is("strides", 2, 2)), up(random(4, 3, 3, 3), is("strides", 2, 2), is("pads", 1, 1, 1, 1), is("output_padding", 1, 1)),
		up(random(4, 2, 3, 3), i("group", 2), is("strides", 2, 1)), up(random(4, 3, 2, 3), is("dilations", 2, 2), is("pads", 1, 0, 0, 1)),
		up(random(4, 3, 3, 3), is("strides", 2, 2), is("output_padding", 1, 1)), up(random(4, 3, 2, 2), is("dilations", 3, 3), is("output_padding", 1, 1), is("strides", 2, 2)),
		up(random(4, 3, 3, 3), s("auto_pad", "SAME_UPPER"), is("strides", 2, 2)), up(random(4, 3, 3, 3), s("auto_pad", "SAME_LOWER"), is("strides", 2, 2)),
		up(random(4, 3, 3, 3), is("strides", 2, 2), is("output_shape", 14, 12)), up(random(4, 3, 4, 4), is("strides", 2, 2), is("output_shape", 15, 13)),
		{op: "ConvTranspose", args: []arg{x(1, 4, 5), random(4, 3, 3), random(3)}, attrs: attrs(is("strides", 2))},
		{op: "Gemm", args: []arg{x(1, 5), random(5, 3), random(3)}}, {op: "Gemm", args: []arg{x(1, 5), random(3, 5), random(1, 3)}, attrs: attrs(i("transB", 1), f("alpha", 0.7), f("beta", 1.3))},
		{op: "Gemm", args: []arg{x(5, 4), random(5, 3), x(3)}, attrs: attrs(i("transA", 1), f("beta", 0.5)), fixed: true},
		{op: "Gemm", args: []arg{x(4, 5), x(3, 5), x(4, 1)}, attrs: attrs(i("transB", 1), f("alpha", 2)), fixed: true},
		{op: "Gemm", args: []arg{x(5, 4), x(3, 5)}, attrs: attrs(i("transA", 1), i("transB", 1)), fixed: true},
		{op: "Gemm", args: []arg{x(4, 5), x(5, 3)}, fixed: true}, {op: "Gemm", args: []arg{x(5, 4), x(5, 3)}, attrs: attrs(i("transA", 1)), fixed: true},
		{op: "MatMul", args: []arg{x(1, 5), random(5, 3)}}, {op: "MatMul", args: []arg{x(1, 2, 5), random(5, 3)}},
		{op: "MatMul", args: []arg{random(3, 2), x(1, 2, 5)}}, {op: "MatMul", args: []arg{x(1, 3, 2, 5), x(1, 3, 5, 4)}},
		{op: "MatMul", args: []arg{x(1, 3, 2, 5), x(1, 1, 5, 4)}}, {op: "MatMul", args: []arg{x(1, 2, 5), random(3, 1, 5, 4)}, fixed: true},
		{op: "MatMul", args: []arg{x(1, 2, 5), random(5)}}, {op: "MatMul", args: []arg{random(2), x(1, 2, 5)}},
		{op: "MatMul", args: []arg{x(5), x(5)}, fixed: true}, {op: "MatMul", args: []arg{x(3, 5), x(5)}, fixed: true}, {op: "MatMul", args: []arg{x(5), x(2, 5, 3)}, fixed: true},
		{op: "Einsum", args: []arg{x(1, 3, 4), random(4, 5)}, attrs: attrs(s("equation", "bij,jk->bik"))},
		{op: "Einsum", args: []arg{x(1, 3, 4), x(1, 5, 4)}, attrs: attrs(s("equation", "bij,bkj->bik"))},
		{op: "Einsum", args: []arg{x(1, 3, 4)}, attrs: attrs(s("equation", "bij->bj"))}, {op: "Einsum", args: []arg{x(1, 3, 4)}, attrs: attrs(s("equation", "bij -> bji"))},
		{op: "Einsum", args: []arg{x(1, 2, 3, 4), random(4, 5)}, attrs: attrs(s("equation", "...j,jk->...k"))},
		{op: "Einsum", args: []arg{x(2, 3), x(3, 4)}, attrs: attrs(s("equation", "ij,jk")), fixed: true},
		{op: "Einsum", args: []arg{x(1, 2, 5, 3), x(1, 2, 4, 3)}, attrs: attrs(s("equation", "bhid,bhjd->bhij"))},
		{op: "Einsum", args: []arg{x(1, 4, 3, 2), random(5, 4)}, attrs: attrs(s("equation", "nchw,oc->nohw"))},
	}
}

func poolRules() []single {
	im := x(1, 3, 7, 6)
	pool := func(op string, a ...*attr) single { return single{op: op, args: []arg{im}, attrs: a} }
	var list []single
	for _, op := range []string{"MaxPool", "AveragePool", "LpPool"} {
		list = append(list,
			pool(op, is("kernel_shape", 2, 2)), pool(op, is("kernel_shape", 2, 2), is("strides", 2, 2)),
			pool(op, is("kernel_shape", 3, 3), is("strides", 2, 2), is("pads", 1, 1, 1, 1)), pool(op, is("kernel_shape", 3, 2), is("strides", 1, 3), is("pads", 1, 0, 1, 1)),
			pool(op, is("kernel_shape", 3, 3), is("strides", 2, 2), s("auto_pad", "SAME_UPPER")), pool(op, is("kernel_shape", 2, 2), is("strides", 1, 1), s("auto_pad", "SAME_LOWER")),
			single{op: op, args: []arg{x(1, 2, 9)}, attrs: attrs(is("kernel_shape", 3), is("strides", 2))},
			single{op: op, args: []arg{x(1, 2, 4, 4, 5)}, attrs: attrs(is("kernel_shape", 2, 2, 3), is("strides", 2, 1, 2))})
	}
	for _, op := range []string{"MaxPool", "AveragePool"} {
		list = append(list, pool(op, is("kernel_shape", 3, 3), is("strides", 2, 2), i("ceil_mode", 1)),
			pool(op, is("kernel_shape", 2, 3), is("strides", 2, 2), is("pads", 1, 1, 1, 1), i("ceil_mode", 1)))
	}
	return append(list,
		pool("MaxPool", is("kernel_shape", 2, 2), is("dilations", 2, 3)), pool("MaxPool", is("kernel_shape", 2, 2), i("storage_order", 1)),
		pool("AveragePool", is("kernel_shape", 3, 3), is("strides", 2, 2), is("pads", 1, 1, 1, 1), i("count_include_pad", 1)),
		pool("AveragePool", is("kernel_shape", 3, 3), is("strides", 1, 1), is("pads", 1, 1, 1, 1), i("count_include_pad", 1)),
		pool("AveragePool", is("kernel_shape", 2, 3), is("strides", 2, 2), is("pads", 1, 1, 0, 1), i("count_include_pad", 1), i("ceil_mode", 1)),
		single{op: "AveragePool", opset: 19, args: []arg{im}, attrs: attrs(is("kernel_shape", 2, 3), is("dilations", 2, 2), is("pads", 1, 1, 0, 1))},
		single{op: "AveragePool", opset: 19, args: []arg{im}, attrs: attrs(is("kernel_shape", 2, 3), is("dilations", 2, 2), is("pads", 1, 1, 0, 1), i("count_include_pad", 1))},
		single{op: "AveragePool", opset: 19, args: []arg{im}, attrs: attrs(is("kernel_shape", 2, 3), is("strides", 2, 2), is("pads", 1, 1, 0, 1), i("count_include_pad", 1), i("ceil_mode", 1))},
		single{op: "AveragePool", opset: 19, args: []arg{im}, attrs: attrs(is("kernel_shape", 2, 3), is("strides", 2, 2), is("pads", 1, 1, 0, 1), i("ceil_mode", 1))},
		pool("LpPool", is("kernel_shape", 2, 2), i("p", 1)), pool("LpPool", is("kernel_shape", 2, 3), i("p", 3), is("strides", 2, 1)),
		single{op: "MaxPool", opset: 8, args: []arg{im}, attrs: attrs(is("kernel_shape", 2, 2)), outs: []string{"y", "at"}},
		single{op: "GlobalAveragePool", args: []arg{im}}, single{op: "GlobalMaxPool", args: []arg{im}},
		single{op: "GlobalLpPool", args: []arg{im}}, single{op: "GlobalLpPool", args: []arg{im}, attrs: attrs(i("p", 3))},
		single{op: "GlobalAveragePool", args: []arg{x(1, 3, 5)}}, single{op: "GlobalMaxPool", args: []arg{x(1, 3, 2, 3, 2)}, fixed: true},
		single{op: "MaxUnpool", args: []arg{x(1, 2, 2, 2), matrix([]int64{1, 2, 2, 2}, 0, 3, 9, 14, 17, 18, 27, 31)}, attrs: attrs(is("kernel_shape", 2, 2), is("strides", 2, 2)), fixed: true},
	)
}

func normRules() []single {
	im := x(1, 4, 3, 5)
	return []single{
		{op: "BatchNormalization", args: []arg{im, random(4), random(4), random(4), positive(4)}, attrs: attrs(f("epsilon", 0.01))},
		{op: "BatchNormalization", opset: 9, args: []arg{x(1, 4), random(4), random(4), random(4), positive(4)}},
		{op: "BatchNormalization", opset: 7, args: []arg{im, random(4), random(4), random(4), positive(4)}},
		{op: "InstanceNormalization", args: []arg{im, random(4), random(4)}, attrs: attrs(f("epsilon", 0.1))},
		{op: "LayerNormalization", opset: 17, args: []arg{im, random(5), random(5)}}, {op: "LayerNormalization", opset: 17, args: []arg{im, random(3, 5)}, attrs: attrs(i("axis", 2), f("epsilon", 0.01))},
		{op: "LayerNormalization", opset: 17, args: []arg{im, random(4, 3, 5), random(4, 3, 5)}, attrs: attrs(i("axis", -3))},
		{op: "GroupNormalization", opset: 18, args: []arg{im, random(2), random(2)}, attrs: attrs(i("num_groups", 2))},
		{op: "GroupNormalization", opset: 21, args: []arg{im, random(4), random(4)}, attrs: attrs(i("num_groups", 2), f("epsilon", 0.01))},
		{op: "MeanVarianceNormalization", args: []arg{im}, attrs: attrs(is("axes", 2, 3))}, {op: "MeanVarianceNormalization", args: []arg{im}, fixed: true},
		{op: "LRN", args: []arg{x(1, 6, 2, 3)}, attrs: attrs(i("size", 3), f("alpha", 0.5), f("beta", 0.6), f("bias", 1.5))},
		{op: "LRN", args: []arg{x(1, 6, 2, 3)}, attrs: attrs(i("size", 5), f("alpha", 1))}, {op: "LRN", args: []arg{x(1, 3, 2, 3)}, attrs: attrs(i("size", 7), f("alpha", 1))},
		{op: "LpNormalization", args: []arg{im}}, {op: "LpNormalization", args: []arg{im}, attrs: attrs(i("axis", 1), i("p", 1))},
		{op: "LpNormalization", args: []arg{im}, attrs: attrs(i("axis", 1), i("p", 2))},
		{op: "SimplifiedLayerNormalization", args: []arg{im, random(5)}, attrs: attrs(f("epsilon", 0.01))},
		{op: "RMSNormalization", opset: 23, args: []arg{im, random(3, 5)}, attrs: attrs(i("axis", 2), f("epsilon", 0.01))},
	}
}

func reduceRules() []single {
	im := x(1, 3, 2, 4)
	var list []single
	for _, op := range []string{"ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceL1", "ReduceL2", "ReduceSumSquare", "ReduceLogSumExp", "ReduceLogSum", "ReduceProd"} {
		lo, hi := -1.5, 1.5
		if op == "ReduceLogSum" {
			lo, hi = 0.3, 1.5
		}
		list = append(list,
			single{op: op, args: []arg{im, ints(1)}, lo: lo, hi: hi}, single{op: op, args: []arg{im, ints(-1, 1)}, attrs: attrs(i("keepdims", 0)), lo: lo, hi: hi},
			single{op: op, opset: 12, args: []arg{im}, attrs: attrs(is("axes", 2, 3)), lo: lo, hi: hi},
			single{op: op, opset: 11, args: []arg{im}, attrs: attrs(is("axes", -1), i("keepdims", 0)), lo: lo, hi: hi},
			single{op: op, args: []arg{x(2, 3)}, fixed: true, lo: lo, hi: hi},
			single{op: op, args: []arg{x(2, 3), ints(0)}, fixed: true, lo: lo, hi: hi, attrs: attrs(i("keepdims", 0))})
	}
	return append(list, single{op: "ReduceSum", args: []arg{im}, attrs: attrs(i("noop_with_empty_axes", 1))},
		single{op: "ReduceMean", args: []arg{im}, attrs: attrs(i("noop_with_empty_axes", 1))})
}
