package gradient_test

import (
	"math/rand/v2"

	"picasso/backend/onnx"
)

type attr = onnx.Attr

// booleans is a mask with both values.
func booleans(shape ...int64) *onnx.Tensor {
	n := int64(1)
	for _, d := range shape {
		n *= d
	}
	r := rand.New(rand.NewPCG(3, uint64(n)))
	t := &onnx.Tensor{Type: onnx.Bool, Dims: shape, Raw: make([]byte, n)}
	for k := range t.Raw {
		t.Raw[k] = byte(r.IntN(2))
	}
	t.Raw[0] = 1
	return t
}

func shapeRules() []single {
	im := x(1, 4, 3, 6)
	return []single{
		{op: "Reshape", args: []arg{im, ints(0, 2, -1)}}, {op: "Reshape", args: []arg{im, ints(-1, 72)}}, {op: "Reshape", args: []arg{im, ints(1, 8, 9)}, fixed: true},
		{op: "Reshape", args: []arg{im, ints(-1)}, fixed: true}, {op: "Reshape", args: []arg{im, ints(-1, 3, 6)}},
		{op: "Flatten", args: []arg{im}}, {op: "Flatten", args: []arg{im}, attrs: attrs(i("axis", 2))}, {op: "Flatten", args: []arg{im}, attrs: attrs(i("axis", -1))},
		{op: "Squeeze", args: []arg{x(1, 1, 3, 1), ints(1, 3)}}, {op: "Squeeze", opset: 11, args: []arg{x(1, 1, 3, 1)}, attrs: attrs(is("axes", 1))},
		{op: "Squeeze", args: []arg{x(1, 1, 3)}, fixed: true}, {op: "Unsqueeze", args: []arg{x(1, 3), ints(1, -1)}},
		{op: "Unsqueeze", opset: 11, args: []arg{x(1, 3)}, attrs: attrs(is("axes", 2))}, {op: "Unsqueeze", args: []arg{x(1, 3), ints(0)}},
		{op: "Transpose", args: []arg{im}, attrs: attrs(is("perm", 0, 2, 3, 1))}, {op: "Transpose", args: []arg{im}}, {op: "Transpose", args: []arg{im}, attrs: attrs(is("perm", 2, 0, 1, 3))},
		{op: "Concat", args: []arg{x(1, 2, 3), x(1, 4, 3)}, attrs: attrs(i("axis", 1))}, {op: "Concat", args: []arg{x(1, 2, 3), random(1, 2, 2)}, attrs: attrs(i("axis", -1)), fixed: true},
		{op: "Concat", args: []arg{x(2, 3), x(1, 3)}, attrs: attrs(i("axis", 0)), fixed: true},
		{op: "Split", args: []arg{im, ints(1, 3)}, attrs: attrs(i("axis", 1)), outs: []string{"a", "b"}},
		{op: "Split", args: []arg{im, ints(1, 3)}, attrs: attrs(i("axis", 1)), outs: []string{"a", "b"}, use: 1},
		{op: "Split", args: []arg{im}, attrs: attrs(i("axis", -1), i("num_outputs", 3)), outs: []string{"a", "b", "c"}, use: 1},
		{op: "Split", opset: 11, args: []arg{im}, attrs: attrs(i("axis", 1), is("split", 1, 2, 1)), outs: []string{"a", "b", "c"}, use: 2},
		{op: "Split", opset: 13, args: []arg{im}, attrs: attrs(i("axis", 3)), outs: []string{"a", "b"}},
		{op: "Expand", args: []arg{x(1, 1, 3), ints(1, 4, 1)}}, {op: "Expand", args: []arg{x(1, 3), ints(2, 4, 3)}, fixed: true}, {op: "Expand", args: []arg{x(1, 3, 1), ints(1, 1, 5)}},
		{op: "Tile", args: []arg{x(1, 2, 3), ints(1, 3, 2)}}, {op: "Tile", args: []arg{x(2, 3), ints(2, 1)}, fixed: true},
		{op: "DepthToSpace", args: []arg{x(1, 8, 2, 3)}, attrs: attrs(i("blocksize", 2))}, {op: "DepthToSpace", args: []arg{x(1, 8, 2, 3)}, attrs: attrs(i("blocksize", 2), s("mode", "CRD"))},
		{op: "SpaceToDepth", args: []arg{x(1, 2, 4, 6)}, attrs: attrs(i("blocksize", 2))},
		{op: "Pad", args: []arg{im, ints(0, 0, 1, 2, 0, 1, 3, 0)}}, {op: "Pad", args: []arg{im, ints(0, 0, -1, 2, 0, 0, 1, -2), scalar(0.5)}},
		{op: "Pad", args: []arg{im, ints(0, 0, 2, 3, 0, 0, 1, 2)}, attrs: attrs(s("mode", "reflect"))}, {op: "Pad", args: []arg{im, ints(0, 1, 2, 3, 0, 0, 4, 1)}, attrs: attrs(s("mode", "edge"))},
		{op: "Pad", opset: 19, args: []arg{im, ints(0, 0, 2, 1, 0, 0, 1, 2)}, attrs: attrs(s("mode", "wrap"))},
		{op: "Pad", args: []arg{im, ints(1, 2, 2, 0), absent(), ints(2, -1)}}, {op: "Pad", args: []arg{im, ints(1, 2, 2, 1), absent(), ints(3, 2)}, attrs: attrs(s("mode", "edge"))},
		{op: "Pad", opset: 10, args: []arg{im}, attrs: attrs(is("pads", 0, 0, 1, 2, 0, 0, 2, 1), s("mode", "reflect"))}, {op: "Pad", opset: 7, args: []arg{im}, attrs: attrs(is("pads", 0, 1, 1, 0, 0, 0, 0, 1), f("value", 2))},
	}
}

func selectionRules() []single {
	im := x(1, 4, 3, 6)
	return []single{
		{op: "Slice", args: []arg{im, ints(1), ints(3), ints(1)}}, {op: "Slice", args: []arg{im, ints(0, -4), ints(9223372036854775807, -1), ints(1, 3)}},
		{op: "Slice", args: []arg{im, ints(1, 0), ints(4, 6), ints(1, 3), ints(2, 3)}}, {op: "Slice", args: []arg{im, ints(-1), ints(-9223372036854775807), ints(3), ints(-2)}},
		{op: "Slice", args: []arg{im, ints(0, 1, 0, 2), ints(1, 3, 3, 5)}}, {op: "Slice", opset: 9, args: []arg{im}, attrs: attrs(is("starts", 1, 0), is("ends", 3, -1), is("axes", 1, 3))},
		{op: "Slice", opset: 9, args: []arg{im}, attrs: attrs(is("starts", 0, 1), is("ends", 1, 3))}, {op: "Slice", args: []arg{x(3, 4), ints(1), ints(3), ints(0)}, fixed: true},
		{op: "Gather", args: []arg{im, ints(2, 0, 2)}, attrs: attrs(i("axis", 1))}, {op: "Gather", args: []arg{im, number(-1)}, attrs: attrs(i("axis", 3))},
		{op: "Gather", args: []arg{im, matrix([]int64{2, 2}, 0, 1, -1, 1)}, attrs: attrs(i("axis", 2))}, {op: "Gather", args: []arg{x(4, 3), ints(1, 3)}, fixed: true},
		{op: "GatherElements", args: []arg{x(1, 3, 4), matrix([]int64{1, 3, 2}, 0, 3, 1, -1, 2, 2)}, attrs: attrs(i("axis", 2)), fixed: true},
		{op: "GatherND", args: []arg{x(3, 4, 2), matrix([]int64{2, 2}, 0, 1, 2, -1)}, fixed: true}, {op: "GatherND", args: []arg{x(3, 4, 2), matrix([]int64{2, 1}, 1, 1)}, fixed: true},
		{op: "GatherND", args: []arg{x(1, 4, 3), matrix([]int64{1, 2, 1}, 3, 0)}, attrs: attrs(i("batch_dims", 1)), fixed: true},
		{op: "ScatterElements", args: []arg{x(3, 4), matrix([]int64{2, 2}, 0, 3, 1, 2), x(2, 2)}, attrs: attrs(i("axis", 1)), fixed: true},
		{op: "ScatterElements", args: []arg{x(3, 4), matrix([]int64{2, 2}, 0, 1, 1, 1), x(2, 2)}, attrs: attrs(s("reduction", "add")), fixed: true},
		{op: "Scatter", opset: 9, args: []arg{x(3, 4), matrix([]int64{2, 2}, 0, 3, 1, 2), x(2, 2)}, attrs: attrs(i("axis", 1)), fixed: true},
		{op: "CastLike", args: []arg{im, random(1)}},
		{op: "ScatterND", args: []arg{x(3, 4), matrix([]int64{2, 1}, 2, 0), x(2, 4)}, fixed: true}, {op: "ScatterND", args: []arg{x(3, 4), matrix([]int64{2, 1}, 1, 1), x(2, 4)}, attrs: attrs(s("reduction", "add")), fixed: true},
		{op: "TopK", args: []arg{x(1, 3, 5), ints(2)}, outs: []string{"v", "i"}}, {op: "TopK", args: []arg{x(1, 5, 2), ints(3)}, attrs: attrs(i("axis", 1), i("largest", 0)), outs: []string{"v", "i"}},
	}
}

func resizeRules() []single {
	im := x(1, 2, 5, 6)
	var list []single
	for _, mode := range []string{"nearest", "linear", "cubic"} {
		for _, coordinate := range []string{"half_pixel", "pytorch_half_pixel", "asymmetric", "align_corners", "half_pixel_symmetric"} {
			opset := int64(18)
			if coordinate == "half_pixel_symmetric" {
				opset = 19
			}
			a := attrs(s("mode", mode), s("coordinate_transformation_mode", coordinate))
			list = append(list,
				single{op: "Resize", opset: opset, args: []arg{im, absent(), vector(1, 1, 2, 2)}, attrs: a}, single{op: "Resize", opset: opset, args: []arg{im, absent(), vector(1, 1, 1.7, 0.6)}, attrs: a},
				single{op: "Resize", opset: opset, args: []arg{im, absent(), absent(), ints(1, 2, 8, 4)}, attrs: a, fixed: true})
		}
	}
	for _, rounding := range []string{"round_prefer_floor", "round_prefer_ceil", "floor", "ceil"} {
		list = append(list, single{op: "Resize", args: []arg{im, absent(), vector(1, 1, 2.4, 0.5)}, attrs: attrs(s("nearest_mode", rounding), s("mode", "nearest"))},
			single{op: "Resize", opset: 11, args: []arg{im, vector(), vector(1, 1, 0.6, 3)}, attrs: attrs(s("nearest_mode", rounding), s("mode", "nearest"), s("coordinate_transformation_mode", "tf_half_pixel_for_nn"))})
	}
	return append(list,
		single{op: "Resize", args: []arg{im, absent(), vector(1, 1, 1.5, 2)}, attrs: attrs(s("mode", "cubic"), f("cubic_coeff_a", -0.5), i("exclude_outside", 1))},
		single{op: "Resize", args: []arg{im, absent(), vector(1, 1, 0.6, 0.4)}, attrs: attrs(s("mode", "linear"), i("antialias", 1))},
		single{op: "Resize", args: []arg{im, absent(), vector(1, 1, 0.6, 0.5)}, attrs: attrs(s("mode", "cubic"), i("antialias", 1))},
		single{op: "Resize", args: []arg{im, absent(), vector(1, 1, 0.6, 0.5)}, attrs: attrs(s("mode", "cubic"), i("antialias", 1), i("exclude_outside", 1))},
		single{op: "Resize", args: []arg{im, absent(), vector(2, 0.5)}, attrs: attrs(s("mode", "linear"), is("axes", 2, 3))},
		single{op: "Resize", args: []arg{im, absent(), absent(), ints(9, 9)}, attrs: attrs(s("mode", "linear"), is("axes", 3, 2), s("keep_aspect_ratio_policy", "not_larger"))},
		single{op: "Resize", args: []arg{im, absent(), absent(), ints(9, 9)}, attrs: attrs(s("mode", "linear"), is("axes", 2, 3), s("keep_aspect_ratio_policy", "not_smaller"))},
		single{op: "Resize", args: []arg{im, vector(0, 0, 0.2, -0.1, 1, 1, 0.8, 1.2), absent(), ints(1, 2, 4, 7)}, attrs: attrs(s("mode", "linear"), s("coordinate_transformation_mode", "tf_crop_and_resize"), f("extrapolation_value", 2)), fixed: true},
		single{op: "Resize", opset: 13, args: []arg{x(1, 5, 6, 2), absent(), vector(1, 2, 2, 1)}, attrs: attrs(s("mode", "nearest"), s("coordinate_transformation_mode", "asymmetric"), s("nearest_mode", "floor"))},
		single{op: "Resize", opset: 13, args: []arg{x(1, 2, 5), absent(), vector(1, 1, 2.5)}, attrs: attrs(s("mode", "linear"))},
		single{op: "Resize", opset: 10, args: []arg{im, vector(1, 1, 2, 0.6)}}, single{op: "Resize", opset: 10, args: []arg{im, vector(1, 1, 1.6, 2)}, attrs: attrs(s("mode", "linear"))},
		single{op: "Upsample", opset: 9, args: []arg{im, vector(1, 1, 2, 3)}}, single{op: "Upsample", opset: 9, args: []arg{im, vector(1, 1, 2, 1.5)}, attrs: attrs(s("mode", "linear"))},
		single{op: "Upsample", opset: 7, args: []arg{im}, attrs: attrs(fs("scales", 1, 1, 2, 2))}, single{op: "Upsample", opset: 7, args: []arg{im}, attrs: attrs(fs("scales", 1, 1, 3, 2), s("mode", "linear"))},
	)
}

func fusedRules() []single {
	ms := "com.microsoft"
	im := x(1, 4, 5, 5)
	seq := x(1, 3, 6)
	return []single{
		{op: "Gelu", domain: ms, args: []arg{seq}}, {op: "QuickGelu", domain: ms, args: []arg{seq}}, {op: "QuickGelu", domain: ms, args: []arg{seq}, attrs: attrs(f("alpha", 1))},
		{op: "FastGelu", domain: ms, args: []arg{seq}}, {op: "FastGelu", domain: ms, args: []arg{seq, random(6)}}, {op: "BiasGelu", domain: ms, args: []arg{seq, random(6)}},
		{op: "FusedConv", domain: ms, args: []arg{im, random(3, 4, 3, 3), random(3)}, attrs: attrs(s("activation", "Relu"))},
		{op: "FusedConv", domain: ms, args: []arg{im, random(3, 4, 3, 3), random(3)}, attrs: attrs(s("activation", "LeakyRelu"), fs("activation_params", 0.2), is("strides", 2, 2))},
		{op: "FusedConv", domain: ms, args: []arg{im, random(3, 4, 3, 3)}, attrs: attrs(s("activation", "Tanh"))}, {op: "FusedConv", domain: ms, args: []arg{im, random(3, 4, 3, 3)}, attrs: attrs(s("activation", "Clip"), fs("activation_params", -1, 1))},
		{op: "FusedMatMul", domain: ms, args: []arg{x(1, 2, 3, 4), x(1, 2, 5, 4)}, attrs: attrs(f("alpha", 0.5), i("transB", 1))},
		{op: "FusedMatMul", domain: ms, args: []arg{x(1, 2, 4, 3), x(1, 2, 4, 5)}, attrs: attrs(i("transA", 1))}, {op: "FusedMatMul", domain: ms, args: []arg{x(1, 2, 4, 3), random(5, 4)}, attrs: attrs(i("transA", 1), i("transB", 1), f("alpha", 2))},
		{op: "FusedGemm", domain: ms, args: []arg{x(1, 4), random(4, 3), random(3)}, attrs: attrs(s("activation", "LeakyRelu"), f("activation_alpha", 0.3))},
		{op: "SkipLayerNormalization", domain: ms, args: []arg{seq, x(1, 3, 6), random(6), random(6), random(6)}, attrs: attrs(f("epsilon", 0.01))},
		{op: "SkipLayerNormalization", domain: ms, args: []arg{seq, x(1, 3, 6), random(6), random(6)}, attrs: attrs(f("epsilon", 0.01)), outs: []string{"a", "", "", "s"}, use: 3},
		{op: "SkipSimplifiedLayerNormalization", domain: ms, args: []arg{seq, x(1, 3, 6), random(6)}, attrs: attrs(f("epsilon", 0.01))},
	}
}
