package zoo

import (
	"math"

	"picasso/backend/onnx"
)

// Solid is ResNet-18 for volumes of one channel and side × side × side voxels: every
// kernel is as deep as it is wide (Hara et al. 2018, arXiv:1711.09577). It has 2 classes
// and random weights.
func Solid(side int) *onnx.Model {
	b := &solid{newBuilder("resnet18-3d", 1, side)}
	b.graph.Inputs = []*onnx.Value{{Name: "volume", Type: onnx.Float, Shape: dims(1, side, side, side)}}
	b.at = "volume"
	b.conv(kernel{out: 64, size: 7, stride: 2, pad: 3})
	b.relu()
	b.node("MaxPool", []string{b.at}, numbers("kernel_shape", 3, 3, 3), numbers("strides", 2, 2, 2), numbers("pads", 1, 1, 1, 1, 1, 1))
	for group := range 4 {
		for k := range 2 {
			stride := 1
			if k == 0 && group > 0 {
				stride = 2
			}
			b.residual(64<<group, stride)
		}
	}
	b.node("GlobalAveragePool", []string{b.at})
	b.flatten()
	b.linear(b.depth, 2)
	b.graph.Outputs = []*onnx.Value{{Name: b.at, Type: onnx.Float, Shape: dims(2)}}
	return &onnx.Model{IRVersion: 8, Producer: "picasso", Opsets: map[string]int64{"": 13}, Graph: b.graph}
}

// solid is a builder of layers with three axes of places.
type solid struct{ *builder }

func (b *solid) conv(k kernel) {
	k.stride = max(k.stride, 1)
	if k.gain == 0 {
		k.gain = 1
	}
	n := int64(k.size)
	w := b.weight(k.gain*math.Sqrt(2/float64(int64(b.depth)*n*n*n)), int64(k.out), int64(b.depth), n, n, n)
	b.node("Conv", []string{b.at, w, b.weight(0.1, int64(k.out))}, numbers("kernel_shape", k.size, k.size, k.size),
		numbers("strides", k.stride, k.stride, k.stride), numbers("pads", k.pad, k.pad, k.pad, k.pad, k.pad, k.pad))
	b.depth = k.out
}

func (b *solid) residual(planes, stride int) {
	input, depth := b.at, b.depth
	b.conv(kernel{out: planes, size: 3, stride: stride, pad: 1})
	b.relu()
	b.conv(kernel{out: planes, size: 3, pad: 1, gain: residualGain})
	inner := b.at
	if stride != 1 || depth != planes {
		b.at, b.depth = input, depth
		b.conv(kernel{out: planes, size: 1, stride: stride})
		input = b.at
	}
	b.node("Add", []string{inner, input})
	b.relu()
}
