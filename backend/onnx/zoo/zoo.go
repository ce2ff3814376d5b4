// Package zoo writes networks of well-known architectures with random weights:
// what benchmarks measure on, without a download. Batch normalisation is
// folded into the convolutions, as exporters do it. The same name gives the
// same file, byte for byte.
package zoo

import (
	"fmt"
	"math"
	"math/rand/v2"

	"picasso/backend/onnx"
)

// Side is the height and width of the networks' input.
const Side = 224

// Names lists the architectures.
func Names() []string {
	return []string{"vgg16", "resnet18", "resnet50", "mobilenetv2", "squeezenet"}
}

// Network builds an architecture for colour pictures of side × side pixels and
// 1000 classes.
func Network(name string, side int) (*onnx.Model, error) {
	b := newBuilder(name, 3, side)
	b.graph.Inputs = []*onnx.Value{{Name: "image", Type: onnx.Float, Shape: dims(3, side, side)}}
	b.at = "image"
	switch name {
	case "vgg16":
		b.vgg16()
	case "resnet18":
		b.resnet([]int{2, 2, 2, 2}, b.basic, 1)
	case "resnet50":
		b.resnet([]int{3, 4, 6, 3}, b.bottleneck, 4)
	case "mobilenetv2":
		b.mobileNetV2()
	case "squeezenet":
		b.squeezeNet()
	default:
		return nil, fmt.Errorf("there is no network %q; known are %v", name, Names())
	}
	b.graph.Outputs = []*onnx.Value{{Name: b.at, Type: onnx.Float, Shape: dims(classes)}}
	return &onnx.Model{
		IRVersion: 8, Producer: "picasso", Opsets: map[string]int64{"": 13}, Graph: b.graph,
	}, nil
}

const classes = 1000

func dims(lengths ...int) []onnx.Dim {
	shape := []onnx.Dim{{Size: -1, Symbol: "batch"}}
	for _, n := range lengths {
		shape = append(shape, onnx.Dim{Size: int64(n)})
	}
	return shape
}

// builder adds layers behind the tensor at, which has depth channels and side
// × side places.
type builder struct {
	rng   *rand.Rand
	graph *onnx.Graph
	count int
	at    string
	depth int
	side  int
}

func newBuilder(name string, depth, side int) *builder {
	return &builder{rng: rand.New(rand.NewPCG(1, uint64(len(name)))), graph: &onnx.Graph{Name: name}, side: side, depth: depth}
}

func (b *builder) node(op string, inputs []string, attrs ...*onnx.Attr) string {
	b.count++
	out := fmt.Sprintf("%s_%d", op, b.count)
	b.graph.Nodes = append(b.graph.Nodes, &onnx.Node{Name: out + "_node", OpType: op, Inputs: inputs, Outputs: []string{out}, Attrs: attrs})
	b.at = out
	return out
}

func number(name string, v int) *onnx.Attr { return onnx.IntAttr(name, int64(v)) }

func numbers(name string, v ...int) *onnx.Attr {
	a := &onnx.Attr{Name: name, Kind: onnx.AttrInts}
	for _, n := range v {
		a.Ints = append(a.Ints, int64(n))
	}
	return a
}

// weight is a constant of normally distributed numbers.
func (b *builder) weight(deviation float64, shape ...int64) string {
	n := int64(1)
	for _, d := range shape {
		n *= d
	}
	values := make([]float32, n)
	for i := range values {
		values[i] = float32(b.rng.NormFloat64() * deviation)
	}
	name := fmt.Sprintf("weight_%d", len(b.graph.Initializers))
	b.graph.Initializers = append(b.graph.Initializers, onnx.NewTensor(name, shape, values))
	return name
}

// kernel describes a convolution.
type kernel struct {
	out, size, stride, pad, group int
	gain                          float64 // of the weights, 1 keeps the variance behind a ReLU
}

func (b *builder) conv(k kernel) {
	k.stride, k.group = max(k.stride, 1), max(k.group, 1)
	if k.gain == 0 {
		k.gain = 1
	}
	fan := float64(b.depth / k.group * k.size * k.size)
	w := b.weight(k.gain*math.Sqrt(2/fan), int64(k.out), int64(b.depth/k.group), int64(k.size), int64(k.size))
	bias := b.weight(0.1, int64(k.out))
	b.node("Conv", []string{b.at, w, bias}, numbers("kernel_shape", k.size, k.size), numbers("strides", k.stride, k.stride),
		numbers("pads", k.pad, k.pad, k.pad, k.pad), number("group", k.group))
	b.depth = k.out
	b.side = (b.side+2*k.pad-k.size)/k.stride + 1
}

func (b *builder) relu() { b.node("Relu", []string{b.at}) }

// pool is a maximum over windows.
func (b *builder) pool(size, stride, pad, ceil int) {
	attrs := []*onnx.Attr{numbers("kernel_shape", size, size), numbers("strides", stride, stride), numbers("pads", pad, pad, pad, pad)}
	if ceil > 0 { // unknown before operator set 10
		attrs = append(attrs, number("ceil_mode", ceil))
	}
	b.node("MaxPool", []string{b.at}, attrs...)
	b.side = (b.side+2*pad-size+ceil*(stride-1))/stride + 1
}

// linear is a fully connected layer behind n numbers.
func (b *builder) linear(n, out int) {
	w, bias := b.weight(math.Sqrt(2/float64(n)), int64(out), int64(n)), b.weight(0.1, int64(out))
	b.node("Gemm", []string{b.at, w, bias}, number("transB", 1))
}

func (b *builder) flatten() { b.node("Flatten", []string{b.at}, number("axis", 1)) }

// head averages over all places and classifies.
func (b *builder) head() {
	b.node("GlobalAveragePool", []string{b.at})
	b.flatten()
	b.linear(b.depth, classes)
}
