package zoo

import "picasso/backend/onnx"

// vgg16 is configuration D of Simonyan and Zisserman 2014 (arXiv:1409.1556).
func (b *builder) vgg16() {
	for _, block := range [][]int{{64, 64}, {128, 128}, {256, 256, 256}, {512, 512, 512}, {512, 512, 512}} {
		for _, out := range block {
			b.conv(kernel{out: out, size: 3, pad: 1})
			b.relu()
		}
		b.pool(2, 2, 0, 0)
	}
	b.flatten()
	b.linear(b.depth*b.side*b.side, 4096)
	b.relu()
	b.linear(4096, 4096)
	b.relu()
	b.linear(4096, classes)
}

// resnet is He et al. 2015 (arXiv:1512.03385): four groups of blocks whose
// output has 64, 128, 256 and 512 times wide channels.
func (b *builder) resnet(blocks []int, block func(planes, stride int), wide int) {
	b.conv(kernel{out: 64, size: 7, stride: 2, pad: 3})
	b.relu()
	b.pool(3, 2, 1, 0)
	for i, n := range blocks {
		for k := range n {
			stride := 1
			if k == 0 && i > 0 {
				stride = 2
			}
			b.residual(64<<i, stride, wide, block)
		}
	}
	b.head()
}

// residual adds a block to its input, which a strided 1×1 convolution brings
// to the same shape where needed.
func (b *builder) residual(planes, stride, wide int, block func(planes, stride int)) {
	input, depth, side := b.at, b.depth, b.side
	block(planes, stride)
	inner := b.at
	if stride != 1 || depth != planes*wide {
		b.at, b.depth, b.side = input, depth, side
		b.conv(kernel{out: planes * wide, size: 1, stride: stride})
		input = b.at
	}
	b.node("Add", []string{inner, input})
	b.relu()
}

// residualGain keeps the sum of many blocks from growing.
const residualGain = 0.3

func (b *builder) basic(planes, stride int) {
	b.conv(kernel{out: planes, size: 3, stride: stride, pad: 1})
	b.relu()
	b.conv(kernel{out: planes, size: 3, pad: 1, gain: residualGain})
}

func (b *builder) bottleneck(planes, stride int) {
	b.conv(kernel{out: planes, size: 1})
	b.relu()
	b.conv(kernel{out: planes, size: 3, stride: stride, pad: 1})
	b.relu()
	b.conv(kernel{out: planes * 4, size: 1, gain: residualGain})
}

// mobileNetV2 is Sandler et al. 2018 (arXiv:1801.04381).
func (b *builder) mobileNetV2() {
	low, high := b.scalar(0), b.scalar(6)
	relu6 := func() { b.node("Clip", []string{b.at, low, high}) }
	b.conv(kernel{out: 32, size: 3, stride: 2, pad: 1})
	relu6()
	for _, group := range [][4]int{{1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2}, {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}} {
		expand, out := group[0], group[1]
		for k := range group[2] {
			stride := 1
			if k == 0 {
				stride = group[3]
			}
			input, depth := b.at, b.depth
			if expand > 1 {
				b.conv(kernel{out: depth * expand, size: 1})
				relu6()
			}
			b.conv(kernel{out: b.depth, size: 3, stride: stride, pad: 1, group: b.depth})
			relu6()
			b.conv(kernel{out: out, size: 1})
			if stride == 1 && depth == out {
				b.node("Add", []string{b.at, input})
			}
		}
	}
	b.conv(kernel{out: 1280, size: 1})
	relu6()
	b.head()
}

func (b *builder) scalar(v float32) string {
	name := "bound_" + map[bool]string{false: "low", true: "high"}[v > 0]
	b.graph.Initializers = append(b.graph.Initializers, onnx.NewTensor(name, nil, []float32{v}))
	return name
}

// squeezeNet is version 1.1 of Iandola et al. 2016 (arXiv:1602.07360).
func (b *builder) squeezeNet() {
	b.conv(kernel{out: 64, size: 3, stride: 2})
	b.relu()
	for i, fire := range [][2]int{{16, 64}, {16, 64}, {32, 128}, {32, 128}, {48, 192}, {48, 192}, {64, 256}, {64, 256}} {
		if i == 0 || i == 2 || i == 4 {
			b.pool(3, 2, 0, 1)
		}
		b.fire(fire[0], fire[1])
	}
	b.conv(kernel{out: classes, size: 1})
	b.relu()
	b.node("GlobalAveragePool", []string{b.at})
	b.flatten()
}

func (b *builder) fire(squeeze, expand int) {
	b.conv(kernel{out: squeeze, size: 1})
	b.relu()
	input := b.at
	b.conv(kernel{out: expand, size: 1})
	b.relu()
	small := b.at
	b.at, b.depth = input, squeeze
	b.conv(kernel{out: expand, size: 3, pad: 1})
	b.relu()
	b.node("Concat", []string{small, b.at}, number("axis", 1))
	b.depth = 2 * expand
}
