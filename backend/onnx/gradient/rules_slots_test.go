package gradient_test

import "picasso/backend/onnx"

// slotRules have the picture in inputs that are constants in most models, and
// the score in results that few models use.
func slotRules() []single {
	im := x(1, 4, 3, 5)
	fixed := func(c single) single { c.fixed = true; return c }
	condition := func(v ...byte) arg {
		return arg{value: &onnx.Tensor{Type: onnx.Bool, Dims: []int64{int64(len(v))}, Raw: v}}
	}
	list := []single{
		{op: "Pad", args: []arg{x(3, 4), ints(1, 2, 0, 1), x()}},
		{op: "Pad", args: []arg{x(3, 4), ints(1, -1, -1, 2), x(1)}},
		{op: "Clip", args: []arg{x(3, 4), x(), absent()}}, {op: "Clip", args: []arg{x(3, 4), absent(), x()}},
		{op: "Clip", args: []arg{x(3, 4), scalar(-0.4), x()}}, {op: "Clip", args: []arg{random(3, 4), x(), scalar(0.9)}},
		{op: "OneHot", args: []arg{matrix([]int64{2, 2}, 0, 2, -1, 1), number(3), x(2)}}, {op: "OneHot", args: []arg{ints(0, 2), number(3), x(2)}, attrs: attrs(i("axis", 0))},
		{op: "Where", args: []arg{condition(1, 0, 0, 1), x(3, 4), x()}},
		{op: "BatchNormalization", args: []arg{im, x(4), x(4), x(4), positive(4)}, lo: 0.3, hi: 1.5},
		{op: "BatchNormalization", args: []arg{im, random(4), random(4), x(4), x(4)}, lo: 0.3, hi: 1.5},
		{op: "InstanceNormalization", args: []arg{im, x(4), x(4)}, attrs: attrs(f("epsilon", 0.1))},
		{op: "LayerNormalization", args: []arg{im, x(5), x(5)}}, {op: "LayerNormalization", args: []arg{im, x(3, 5), x(5)}, attrs: attrs(i("axis", 2))},
		{op: "LayerNormalization", args: []arg{im, random(5), random(5)}, outs: []string{"y", "mean", "r"}, use: 1},
		{op: "LayerNormalization", args: []arg{im, random(3, 5)}, outs: []string{"y", "mean", "r"}, use: 2, attrs: attrs(i("axis", 2))},
		{op: "GroupNormalization", opset: 18, args: []arg{im, x(2), x(2)}, attrs: attrs(i("num_groups", 2))},
		{op: "GroupNormalization", opset: 21, args: []arg{im, x(4), x(4)}, attrs: attrs(i("num_groups", 2))},
		{op: "RMSNormalization", opset: 23, args: []arg{im, x(3, 5)}, attrs: attrs(i("axis", 2))},
		{op: "SimplifiedLayerNormalization", args: []arg{im, x(5)}, outs: []string{"y", "r"}}, {op: "SimplifiedLayerNormalization", args: []arg{im, random(5)}, outs: []string{"y", "r"}, use: 1},
		{op: "SkipLayerNormalization", domain: "com.microsoft", args: []arg{x(1, 3, 5), x(1, 3, 5), x(5), x(5), x(5)}},
		{op: "SkipLayerNormalization", domain: "com.microsoft", args: []arg{x(1, 3, 5), x(1, 3, 5), random(5), random(5)}, outs: []string{"y", "", "", "s"}, use: 3},
		{op: "Conv", args: []arg{x(2, 3, 6, 5), x(4, 3, 3, 2), x(4)}, attrs: attrs(is("pads", 1, 0, 2, 1))},
		{op: "Conv", args: []arg{x(2, 4, 7, 6), x(6, 2, 3, 2)}, attrs: attrs(is("strides", 2, 3), i("group", 2))},
		{op: "Conv", args: []arg{x(1, 2, 6, 9), x(3, 2, 1, 1)}, attrs: attrs(is("strides", 3, 5), s("auto_pad", "SAME_UPPER"))},
		{op: "Conv", args: []arg{x(1, 2, 9), x(3, 2, 3)}, attrs: attrs(is("strides", 2), s("auto_pad", "SAME_UPPER"))},
		{op: "Conv", args: []arg{x(1, 4, 5, 5), x(4, 1, 3, 3)}, attrs: attrs(i("group", 4), is("pads", 1, 1, 1, 1))},
		{op: "Conv", args: []arg{random(1, 2, 4, 4, 5), x(2, 2, 2, 2, 3)}, attrs: attrs(is("strides", 2, 1, 2))},
		{op: "ConvTranspose", args: []arg{x(2, 3, 4, 5), x(3, 2, 3, 3), x(2)}, attrs: attrs(is("strides", 2, 2), is("pads", 1, 0, 1, 1))},
		{op: "ConvTranspose", args: []arg{x(1, 4, 3, 3), x(4, 1, 2, 3)}, attrs: attrs(i("group", 2), is("dilations", 2, 1), is("output_padding", 0, 0))},
		{op: "ConvTranspose", args: []arg{x(1, 2, 4), x(2, 2, 3)}, attrs: attrs(is("strides", 3), is("output_padding", 2))},
		{op: "FusedConv", domain: "com.microsoft", args: []arg{x(1, 2, 4, 4), x(3, 2, 3, 3), x(3), x(1, 3, 2, 2)}, attrs: attrs(s("activation", "Tanh"))},
		{op: "Compress", args: []arg{x(3, 4), condition(0, 1, 1)}, attrs: attrs(i("axis", 1))}, {op: "Compress", args: []arg{x(3, 4), condition(0, 1, 1, 0, 0, 1, 1)}},
		{op: "Einsum", args: []arg{x(3, 3)}, attrs: attrs(s("equation", "ii->i"))}, {op: "Einsum", args: []arg{x(3, 3)}, attrs: attrs(s("equation", "ii"))},
		{op: "Einsum", args: []arg{x(2, 3, 3), x(3, 2)}, attrs: attrs(s("equation", "bii,ib->b"))},
		{op: "Einsum", args: []arg{x(2, 3), x(1, 3)}, attrs: attrs(s("equation", "bi,bi->bi"))},
	}
	for _, reduction := range []string{"mul", "max", "min"} {
		list = append(list, single{op: "ScatterElements", args: []arg{x(3, 4), matrix([]int64{2, 2}, 0, 1, 1, 1), x(2, 2)}, attrs: attrs(s("reduction", reduction))},
			single{op: "ScatterND", args: []arg{x(3, 4), matrix([]int64{3, 1}, 1, 2, 1), x(3, 4)}, attrs: attrs(s("reduction", reduction))})
	}
	for k := range list {
		list[k] = fixed(list[k])
	}
	return append(list, lossRules()...)
}

func lossRules() []single {
	labels, weights := matrix([]int64{2, 2}, 0, 2, 1, 2), vector(0.5, 2, 0.7)
	var list []single
	for _, reduction := range []string{"none", "sum", "mean"} {
		for _, more := range [][]arg{nil, {weights}} {
			args := append([]arg{x(2, 3, 2), labels}, more...)
			list = append(list, single{op: "NegativeLogLikelihoodLoss", args: args, attrs: attrs(s("reduction", reduction)), fixed: true},
				single{op: "SoftmaxCrossEntropyLoss", args: args, attrs: attrs(s("reduction", reduction), i("ignore_index", 2)), fixed: true},
				single{op: "SoftmaxCrossEntropyLoss", args: args, attrs: attrs(s("reduction", reduction)), fixed: true, outs: []string{"y", "p"}, use: 1})
		}
		for _, op := range []string{"NegativeLogLikelihoodLoss", "SoftmaxCrossEntropyLoss"} {
			list = append(list, single{op: op, args: []arg{x(2, 3, 2), labels, x(3)}, attrs: attrs(s("reduction", reduction)), fixed: true, lo: 0.3, hi: 1.5},
				single{op: op, args: []arg{x(2, 3, 2), labels, x(3)}, attrs: attrs(s("reduction", reduction), i("ignore_index", 1)), fixed: true, lo: 0.3, hi: 1.5})
		}
	}
	return list
}
