package gradient

import (
	"slices"

	"picasso/backend/onnx"
)

// The methods of this file write the arithmetic that rules are made of. All
// operands broadcast as in ONNX.

func (b *builder) add(x, y string) string { return b.op("Add", []string{x, y}) }
func (b *builder) sub(x, y string) string { return b.op("Sub", []string{x, y}) }
func (b *builder) mul(x, y string) string { return b.op("Mul", []string{x, y}) }
func (b *builder) div(x, y string) string { return b.op("Div", []string{x, y}) }
func (b *builder) neg(x string) string    { return b.op("Neg", []string{x}) }
func (b *builder) exp(x string) string    { return b.op("Exp", []string{x}) }
func (b *builder) sqrt(x string) string   { return b.op("Sqrt", []string{x}) }
func (b *builder) sign(x string) string   { return b.op("Sign", []string{x}) }
func (b *builder) abs(x string) string    { return b.op("Abs", []string{x}) }

func (b *builder) pow(x string, e float64) string {
	return b.op("Pow", []string{x, b.number(e)})
}

// scale multiplies by a number.
func (b *builder) scale(x string, f float64) string {
	if f == 1 {
		return x
	}
	return b.mul(x, b.number(f))
}

// shift adds a number.
func (b *builder) shift(x string, v float64) string { return b.add(x, b.number(v)) }

// complement is 1 − x.
func (b *builder) complement(x string) string { return b.sub(b.number(1), x) }

func (b *builder) square(x string) string { return b.mul(x, x) }

func (b *builder) greater(x string, v float64) string {
	return b.op("Greater", []string{x, b.number(v)})
}

func (b *builder) less(x string, v float64) string {
	return b.op("Less", []string{x, b.number(v)})
}

func (b *builder) equal(x, y string) string { return b.op("Equal", []string{x, y}) }
func (b *builder) both(x, y string) string  { return b.op("And", []string{x, y}) }

// choose is x where the condition holds, else y.
func (b *builder) choose(condition, x, y string) string {
	return b.op("Where", []string{condition, x, y})
}

// keep is x where the condition holds, else 0.
func (b *builder) keep(condition, x string) string {
	return b.choose(condition, x, b.number(0))
}

func (b *builder) cast(x string, to onnx.DataType) string {
	return b.op("Cast", []string{x}, onnx.IntAttr("to", int64(to)))
}

// sum adds along axes, which stay with length 1.
func (b *builder) sum(x string, axes ...int64) string { return b.reduce("ReduceSum", 13, x, axes) }

// mean averages along axes, which stay with length 1.
func (b *builder) mean(x string, axes ...int64) string { return b.reduce("ReduceMean", 18, x, axes) }

// reduce writes a reduction whose axes are an input from an operator set on.
func (b *builder) reduce(op string, since int64, x string, axes []int64) string {
	if b.opset < since {
		return b.op(op, []string{x}, onnx.IntsAttr("axes", axes), onnx.IntAttr("keepdims", 1))
	}
	return b.op(op, []string{x, b.ints(axes...)}, onnx.IntAttr("keepdims", 1))
}

// unsqueeze adds an axis of length 1, squeeze takes it away.
func (b *builder) unsqueeze(x string, axis int64) string { return b.axes("Unsqueeze", x, axis) }
func (b *builder) squeeze(x string, axis int64) string   { return b.axes("Squeeze", x, axis) }

func (b *builder) axes(op, x string, axis int64) string {
	if b.opset < 13 {
		return b.op(op, []string{x}, onnx.IntsAttr("axes", []int64{axis}))
	}
	return b.op(op, []string{x, b.ints(axis)})
}

// pick is one entry along an axis, without the axis.
func (b *builder) pick(x string, axis, place int64) string {
	return b.op("Gather", []string{x, b.shaped(nil, []int64{place})}, onnx.IntAttr("axis", axis))
}

func (b *builder) reshape(x string, shape []int64) string {
	return b.op("Reshape", []string{x, b.ints(shape...)})
}

func (b *builder) transpose(x string, perm []int64) string {
	return b.op("Transpose", []string{x}, onnx.IntsAttr("perm", perm))
}

func (b *builder) matmul(x, y string) string { return b.op("MatMul", []string{x, y}) }

// shapeOf is the run-time shape as a vector, from axis start up to end.
func (b *builder) shapeOf(x string, start, end int64) string {
	return b.op("Shape", []string{x}, onnx.IntAttr("start", start), onnx.IntAttr("end", end))
}

// expandTo repeats x to the run-time shape of y.
func (b *builder) expandTo(x, y string) string {
	return b.op("Expand", []string{x, b.op("Shape", []string{y})})
}

// concat joins along an axis.
func (b *builder) concat(parts []string, axis int64) string {
	if len(parts) == 1 {
		return parts[0]
	}
	return b.op("Concat", parts, onnx.IntAttr("axis", axis))
}

// joined is [builder.concat] of many parts. They are joined in groups, for
// the time that the runtime takes to prepare a node grows with the square of
// the number of its inputs.
func (b *builder) joined(parts []string, axis int64) string {
	const most = 32
	for len(parts) > most {
		groups := slices.Collect(slices.Chunk(parts, most))
		parts = make([]string, len(groups))
		for i, group := range slices.Backward(groups) { // as [Probe.attach] says
			parts[i] = b.concat(group, axis)
		}
	}
	return b.concat(parts, axis)
}

// slice cuts [start, end) out of an axis.
func (b *builder) slice(x string, axis, start, end int64) string {
	if b.opset < 10 {
		return b.op("Slice", []string{x}, onnx.IntsAttr("starts", []int64{start}), onnx.IntsAttr("ends", []int64{end}), onnx.IntsAttr("axes", []int64{axis}))
	}
	return b.op("Slice", []string{x, b.ints(start), b.ints(end), b.ints(axis)})
}

// reverse turns an axis round.
func (b *builder) reverse(x string, axes []int64) string {
	n := len(axes)
	starts, ends, steps := make([]int64, n), make([]int64, n), make([]int64, n)
	for i := range axes {
		starts[i], ends[i], steps[i] = -1, -1<<62, -1
	}
	return b.op("Slice", []string{x, b.ints(starts...), b.ints(ends...), b.ints(axes...), b.ints(steps...)})
}

// pad adds zeros, or with negative numbers cuts, at the begin and end of every
// axis.
func (b *builder) pad(x string, begin, end []int64) string {
	for _, p := range append(append([]int64(nil), begin...), end...) {
		if p != 0 && b.opset < 11 {
			return b.op("Pad", []string{x}, onnx.IntsAttr("pads", append(append([]int64(nil), begin...), end...)))
		}
		if p != 0 {
			return b.op("Pad", []string{x, b.ints(append(append([]int64(nil), begin...), end...)...)})
		}
	}
	return x
}

// zeros is a tensor of zeros with the run-time shape of x, except that axis
// has the given length.
func (b *builder) zeros(x string, rank int, axis, length int64) string {
	var parts []string
	if axis > 0 {
		parts = append(parts, b.shapeOf(x, 0, axis))
	}
	parts = append(parts, b.ints(length))
	if axis < int64(rank)-1 {
		parts = append(parts, b.shapeOf(x, axis+1, int64(rank)))
	}
	return b.op("ConstantOfShape", []string{b.concat(parts, 0)})
}
