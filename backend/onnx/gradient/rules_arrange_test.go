package gradient_test

func arrangeRules() []single {
	list := []single{
		{op: "ReverseSequence", args: []arg{x(4, 2, 3), ints(3, 4)}, fixed: true}, {op: "ReverseSequence", args: []arg{x(2, 4), ints(1, 3)}, attrs: attrs(i("batch_axis", 0), i("time_axis", 1)), fixed: true},
		{op: "CenterCropPad", args: []arg{x(1, 5, 4), ints(1, 8, 3)}, fixed: true}, {op: "CenterCropPad", args: []arg{x(1, 5, 4), ints(2, 7)}, attrs: attrs(is("axes", 1, 2))},
		{op: "Col2Im", args: []arg{x(1, 8, 6), ints(3, 4), ints(2, 2)}}, {op: "Col2Im", args: []arg{x(1, 12, 8), ints(5, 4), ints(2, 3)}, attrs: attrs(is("pads", 1, 1, 0, 0), is("strides", 1, 2), is("dilations", 2, 1))},
		{op: "Col2Im", args: []arg{x(1, 12, 8), ints(5, 4), ints(2, 3)}, attrs: attrs(is("pads", 0, 1, 0, 0), is("strides", 1, 2))},
	}
	for inverse := range int64(2) {
		list = append(list, single{op: "DFT", args: []arg{x(1, 5, 2)}, attrs: attrs(i("inverse", inverse))}, single{op: "DFT", args: []arg{x(1, 3, 4, 2)}, attrs: attrs(i("axis", 2), i("inverse", inverse))},
			single{op: "DFT", opset: 20, args: []arg{x(1, 3, 4, 2), absent(), number(1)}, attrs: attrs(i("inverse", inverse))})
	}
	return append(list, single{op: "DFT", args: []arg{x(1, 5, 1)}, attrs: attrs(i("onesided", 1))}, single{op: "DFT", args: []arg{x(1, 6, 1)}},
		single{op: "DFT", args: []arg{x(1, 5, 1), number(8)}, attrs: attrs(i("onesided", 1))}, single{op: "DFT", args: []arg{x(1, 5, 2), number(4)}})
}
