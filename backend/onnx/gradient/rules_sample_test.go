package gradient_test

import "picasso/backend/onnx"

// sampleRules read pictures between their places.
func sampleRules() []single {
	var list []single
	for _, mode := range []string{"bilinear", "bicubic", "nearest"} {
		for _, padding := range []string{"zeros", "border", "reflection"} {
			for align := range int64(2) {
				grid := x(1, 3, 4, 2)
				if mode == "nearest" { // its places are steps
					grid = random(1, 3, 4, 2)
				}
				list = append(list, single{op: "GridSample", opset: 16, args: []arg{x(1, 2, 4, 5), grid}, fixed: mode == "nearest",
					attrs: attrs(s("mode", mode), s("padding_mode", padding), i("align_corners", align))})
			}
		}
	}
	for _, padding := range []string{"zeros", "border", "reflection"} {
		list = append(list, single{op: "GridSample", opset: 20, args: []arg{x(1, 2, 3, 4, 3), x(1, 2, 2, 3, 3)}, attrs: attrs(s("mode", "linear"), s("padding_mode", padding))})
	}
	regions := floats([]int64{3, 4}, 0.5, 1.25, 4.5, 3.5, -1.5, 2, 7, 8.25, 2, 2, 2.5, 2.25)
	all := arg{value: onnx.NewInts("", []int64{3}, []int64{0, 0, 0})}
	align := func(opset int64, a ...*attr) single {
		return single{op: "RoiAlign", opset: opset, fixed: true, args: []arg{x(1, 2, 5, 6), regions, all},
			attrs: append(attrs(i("output_height", 2), i("output_width", 3), i("sampling_ratio", 2), f("spatial_scale", 0.75)), a...)}
	}
	moved := align(16)
	moved.args, moved.lo, moved.hi = []arg{random(1, 2, 5, 6), x(3, 4), all}, 0.3, 4.8
	return append(list,
		single{op: "GridSample", domain: "com.microsoft", opset: 15, args: []arg{x(1, 2, 4, 5), x(1, 3, 4, 2)}, attrs: attrs(s("mode", "bilinear"))},
		single{op: "AffineGrid", opset: 20, args: []arg{x(1, 2, 3), ints(1, 3, 4, 5)}}, single{op: "AffineGrid", opset: 20, args: []arg{x(1, 2, 3), ints(1, 3, 4, 5)}, attrs: attrs(i("align_corners", 1))},
		single{op: "AffineGrid", opset: 20, args: []arg{x(1, 3, 4), ints(1, 3, 2, 4, 5)}},
		align(16), align(16, s("coordinate_transformation_mode", "output_half_pixel")), align(10), moved)
}
