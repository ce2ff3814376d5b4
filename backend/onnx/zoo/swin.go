package zoo

import (
	"math"

	"picasso/backend/onnx"
)

// Windows builds a Swin transformer (Liu et al. 2021, arXiv:2103.14030) the way
// exporters write it with open sizes: over six thousand nodes for the depths
// 2, 2, 6, 2 of the small published one, most of which compute shapes, masks
// and indices. width is the number of channels of the first stage (96 there),
// a multiple of 3. What preparing a large graph takes is measured on it.
func Windows(depths []int, width, side int) *onnx.Model {
	b := &swin{newBuilder("swin", 3, side)}
	b.graph.Inputs = []*onnx.Value{{Name: "image", Type: onnx.Float, Shape: dims(3, side, side)}}
	b.at = "image"
	b.conv(kernel{out: width, size: 4, stride: 4, gain: 0.5})
	b.move(0, 2, 3, 1)
	b.layerNorm()
	heads := 3
	for stage, depth := range depths {
		for i := range depth {
			b.block(heads, i%2*3)
		}
		if stage < len(depths)-1 {
			b.merge()
			heads *= 2
		}
	}
	b.layerNorm()
	b.move(0, 3, 1, 2)
	b.head()
	b.graph.Outputs = []*onnx.Value{{Name: b.at, Type: onnx.Float, Shape: dims(classes)}}
	return &onnx.Model{IRVersion: 8, Producer: "picasso", Opsets: map[string]int64{"": 17}, Graph: b.graph}
}

// swin adds layers behind a tensor N×side×side×depth.
type swin struct{ *builder }

// window is the side of a window of attention.
const window = 7

// constant is a node of its own, as exporters write small numbers.
func (b *swin) constant(t *onnx.Tensor) string {
	at := b.at
	defer func() { b.at = at }()
	return b.node("Constant", nil, &onnx.Attr{Name: "value", Kind: onnx.AttrTensor, T: t})
}

func (b *swin) ints(v ...int64) string {
	return b.constant(onnx.NewInts("", []int64{int64(len(v))}, v))
}
func (b *swin) scalar(v int64) string { return b.constant(onnx.NewInts("", nil, []int64{v})) }
func (b *swin) number(v float32) string {
	return b.constant(onnx.NewTensor("", nil, []float32{v}))
}

func (b *swin) move(perm ...int) { b.node("Transpose", []string{b.at}, numbers("perm", perm...)) }

func (b *swin) layerNorm() {
	scale := b.weight(0.2, int64(b.depth))
	bias := b.weight(0.1, int64(b.depth))
	b.node("LayerNormalization", []string{b.at, scale, bias}, number("axis", -1))
}

func (b *swin) dense(in, out int) {
	w, bias := b.weight(1/math.Sqrt(float64(in)), int64(in), int64(out)), b.weight(0.1, int64(out))
	b.node("Add", []string{bias, b.node("MatMul", []string{b.at, w})})
}

// length is the run-time length of an axis of x, as a vector of one.
func (b *swin) length(x string, axis int64) string {
	at := b.at
	defer func() { b.at = at }()
	n := b.node("Gather", []string{b.node("Shape", []string{x}), b.ints(axis)}, number("axis", 0))
	return b.node("Cast", []string{b.node("Cast", []string{n}, number("to", int(onnx.Int64)))}, number("to", int(onnx.Int64)))
}

// over is the run-time quotient of a length by a number.
func (b *swin) over(length string, by int64) string {
	at := b.at
	defer func() { b.at = at }()
	return b.node("Div", []string{length, b.ints(by)})
}

// shaped reshapes to run-time lengths.
func (b *swin) shaped(parts ...string) {
	x := b.at
	shape := b.node("Concat", parts, number("axis", 0))
	b.node("Reshape", []string{x, shape})
}

// block is attention within windows, shifted or not, and a perceptron, both
// with a way past them.
func (b *swin) block(heads, shift int) {
	past := b.at
	b.layerNorm()
	mask := ""
	if shift > 0 {
		mask = b.mask(b.at, shift)
		b.roll(int64(shift))
	}
	n, side, count := b.length(b.at, 0), b.length(b.at, 1), b.ints(window)
	across := b.over(side, window)
	deep := b.ints(int64(b.depth))
	b.shaped(n, across, count, across, count, deep)
	b.move(0, 1, 3, 2, 4, 5)
	b.shaped(b.ints(-1), b.ints(window*window), deep)
	b.attention(heads, mask)
	b.shaped(n, across, across, count, count, deep)
	b.move(0, 1, 3, 2, 4, 5)
	b.shaped(n, side, side, deep)
	if shift > 0 {
		b.roll(int64(-shift))
	}
	past = b.node("Add", []string{past, b.at})
	b.layerNorm()
	b.dense(b.depth, 4*b.depth)
	b.gelu()
	b.dense(4*b.depth, b.depth)
	b.node("Add", []string{past, b.at})
}

// roll turns rows and columns round by shift.
func (b *swin) roll(shift int64) {
	for axis := range int64(2) {
		x, a := b.at, b.ints(axis+1)
		first := b.node("Slice", []string{x, b.ints(shift), b.ints(math.MaxInt64), a})
		last := b.node("Slice", []string{x, b.ints(0), b.ints(shift), a})
		b.node("Concat", []string{first, last}, number("axis", int(axis+1)))
	}
}

// attention is self-attention of the tokens of a window, with a bias for every
// pair of places.
func (b *swin) attention(heads int, mask string) {
	each := int64(b.depth / heads)
	windows := b.length(b.at, 0)
	b.dense(b.depth, 3*b.depth)
	b.shaped(windows, b.ints(window*window), b.ints(3), b.ints(int64(heads)), b.ints(each))
	b.move(2, 0, 3, 1, 4)
	all := b.at
	part := func(i int64) string {
		return b.node("Squeeze", []string{b.node("Gather", []string{all, b.ints(i)}, number("axis", 0)), b.ints(0)})
	}
	q := b.node("Mul", []string{part(0), b.weight(0.2, 1)})
	k := b.node("Transpose", []string{part(1)}, numbers("perm", 0, 1, 3, 2))
	v := part(2)
	b.node("MatMul", []string{q, k})
	b.node("Add", []string{b.at, b.places(int64(heads))})
	if mask != "" {
		b.masked(mask, int64(heads), windows)
	}
	b.node("Softmax", []string{b.at}, number("axis", -1))
	b.node("MatMul", []string{b.at, v})
	b.move(0, 2, 1, 3)
	b.shaped(windows, b.ints(window*window), b.ints(int64(b.depth)))
	b.dense(b.depth, b.depth)
}

// places looks the bias of every pair of places up in a table.
func (b *swin) places(heads int64) string {
	at := b.at
	defer func() { b.at = at }()
	const n = window * window
	index := make([]int64, n*n)
	for i := range index {
		from, to := i/n, i%n
		index[i] = int64((from/window-to/window+window-1)*(2*window-1) + from%window - to%window + window - 1)
	}
	table := b.weight(0.1, (2*window-1)*(2*window-1), heads)
	b.node("Gather", []string{table, b.ints(index...)}, number("axis", 0))
	b.shaped(b.ints(n), b.ints(n), b.ints(-1))
	b.move(2, 0, 1)
	return b.node("Unsqueeze", []string{b.at, b.ints(0)})
}

// masked adds the mask of the windows to the products of queries and keys.
func (b *swin) masked(mask string, heads int64, windows string) {
	scores := b.at
	count := b.length(mask, 0)
	images := b.node("Div", []string{windows, count})
	n := b.ints(window * window)
	b.at = scores
	b.shaped(images, count, b.ints(heads), n, n)
	scores = b.at
	b.node("Unsqueeze", []string{mask, b.ints(0, 2)})
	b.node("Add", []string{scores, b.at})
	b.shaped(b.ints(-1), b.ints(heads), n, n)
}

// mask numbers the nine regions that a shift brings together, the way an
// exporter writes assignments to slices, and forbids attention between them.
func (b *swin) mask(x string, shift int) string {
	at := b.at
	defer func() { b.at = at }()
	side := b.length(x, 1)
	plane := b.node("ConstantOfShape", []string{b.node("Concat", []string{side, side}, number("axis", 0))})
	edges := []string{b.ints(0), b.node("Sub", []string{side, b.ints(window)}), b.node("Sub", []string{side, b.ints(int64(shift))}), side}
	for i := range 9 {
		plane = b.assign(plane, edges[i/3], edges[i/3+1], edges[i%3], edges[i%3+1], float32(i))
	}
	across := b.over(side, window)
	b.at = plane
	b.shaped(across, b.ints(window), across, b.ints(window))
	b.move(0, 2, 1, 3)
	b.shaped(b.ints(-1), b.ints(window*window))
	regions := b.at
	rows, columns := b.node("Unsqueeze", []string{regions, b.ints(1)}), b.node("Unsqueeze", []string{regions, b.ints(2)})
	apart := b.node("Not", []string{b.node("Equal", []string{b.node("Sub", []string{rows, columns}), b.number(0)})})
	return b.node("Where", []string{apart, b.number(-100), b.number(0)})
}

// assign writes a number into a rectangle of a plane: the places are computed
// from ranges and written by ScatterND.
func (b *swin) assign(plane, top, bottom, left, right string, value float32) string {
	rows, columns := b.span(plane, 0, top, bottom), b.span(plane, 1, left, right)
	shape := b.node("Shape", []string{b.node("Add", []string{rows, columns})})
	place := func(v string) string {
		ones := b.node("ConstantOfShape", []string{b.node("Shape", []string{shape})},
			&onnx.Attr{Name: "value", Kind: onnx.AttrTensor, T: onnx.NewInts("", []int64{1}, []int64{1})})
		open := b.node("Equal", []string{shape, b.node("Mul", []string{ones, b.ints(-1)})})
		repeated := b.node("Expand", []string{v, b.node("Where", []string{open, ones, shape})})
		return b.node("Unsqueeze", []string{repeated, b.ints(-1)})
	}
	index := b.node("Concat", []string{place(rows), place(columns)}, number("axis", -1))
	lengths := b.node("Slice", []string{b.node("Shape", []string{index}), b.ints(0), b.ints(2), b.ints(0)})
	values := b.node("Reshape", []string{b.node("Expand", []string{b.number(value), shape}), lengths})
	return b.node("ScatterND", []string{plane, index, values})
}

// span is the places from … to along an axis of a plane, laid along it.
func (b *swin) span(plane string, axis int64, from, to string) string {
	length := b.node("Gather", []string{b.node("Shape", []string{plane}), b.scalar(axis)}, number("axis", 0))
	all := b.node("Range", []string{b.scalar(0), b.node("Cast", []string{length}, number("to", int(onnx.Int64))), b.scalar(1)})
	chosen := b.node("Slice", []string{all, from, to, b.ints(0), b.ints(1)})
	shape := b.node("Concat", []string{b.ints(-1), b.ints(1)}, number("axis", 0))
	if axis == 1 {
		shape = b.node("Concat", []string{b.ints(1), b.ints(-1)}, number("axis", 0))
	}
	return b.node("Cast", []string{b.node("Reshape", []string{chosen, shape})}, number("to", int(onnx.Int64)))
}

// gelu is written out, as exporters before operator set 20 do.
func (b *swin) gelu() {
	x := b.at
	b.node("Div", []string{x, b.number(math.Sqrt2)})
	b.node("Add", []string{b.node("Erf", []string{b.at}), b.number(1)})
	b.node("Mul", []string{b.node("Mul", []string{x, b.at}), b.number(0.5)})
}

// merge joins two by two places and doubles the channels.
func (b *swin) merge() {
	x := b.at
	var parts []string
	for i := range int64(4) {
		half := b.node("Slice", []string{x, b.ints(i % 2), b.ints(math.MaxInt64), b.ints(1), b.ints(2)})
		parts = append(parts, b.node("Slice", []string{half, b.ints(i / 2), b.ints(math.MaxInt64), b.ints(2), b.ints(2)}))
	}
	b.node("Concat", parts, number("axis", -1))
	b.depth *= 4
	b.layerNorm()
	w := b.weight(1/math.Sqrt(float64(b.depth)), int64(b.depth), int64(b.depth/2))
	b.node("MatMul", []string{b.at, w})
	b.depth /= 2
}
