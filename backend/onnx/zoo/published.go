package zoo

import (
	"fmt"

	"picasso/backend/onnx"
)

// Published names files that people bring, and the look-alikes of them that
// [LookAlike] builds.
func Published() []string {
	return []string{
		"vgg16-12", "resnet50-v1-12", "resnet50-v2-7", "mnist-12", "torchvision", "tf2onnx", "yolov8n-cls", "yolov8n", "optimum-clip", "matlab",
		"scikit-learn",
	}
}

// LookAlike builds a file with the names, shapes and operators of a published
// one at both ends, and little in between: what a program can tell about the
// real file it can tell about this one.
func LookAlike(name string) (*onnx.Model, error) {
	b := newBuilder(name, 3, Side)
	m := &onnx.Model{IRVersion: 8, Opsets: map[string]int64{"": 13}, Graph: b.graph}
	switch name {
	case "vgg16-12":
		m.IRVersion, m.Opsets[""] = 4, 12
		b.zooVGG()
	case "resnet50-v1-12":
		m.IRVersion, m.Opsets[""] = 4, 12
		b.zooResNet(false)
	case "resnet50-v2-7":
		m.IRVersion, m.Opsets[""] = 3, 7
		b.zooResNet(true)
		b.listWeights()
	case "mnist-12":
		m.IRVersion, m.Opsets[""], m.Producer = 7, 12, "CNTK"
		b.zooMNIST()
	case "torchvision":
		m.Producer = "pytorch"
		b.port("input", "batch", 3, Side, Side)
		b.body()
		b.finish("logits", "batch", classes)
	case "tf2onnx":
		m.Producer = "tf2onnx"
		b.tf2onnx()
	case "yolov8n-cls", "yolov8n":
		m.Producer = "pytorch"
		b.ultralytics(m, name == "yolov8n")
	case "optimum-clip":
		m.Producer = "pytorch"
		b.port("pixel_values", "batch_size", 3, -1, -1)
		b.body()
		b.finish("image_embeds", "batch_size", 64)
	case "matlab":
		m.Producer, b.side = "MATLAB Deep Learning Toolbox Converter for ONNX Model Format", 32
		b.matlab()
	case "scikit-learn":
		m.Producer = "skl2onnx"
		b.port("X", "", 64)
		b.depth, b.side = 64, 1
		b.linear(64, 10)
		b.finish("probabilities", "", 10)
	default:
		return nil, fmt.Errorf("there is no look-alike of %q; known are %v", name, Published())
	}
	return m, nil
}

// port adds the input; the batch axis is called so, or 1 for "".
func (b *builder) port(name, batch string, lengths ...int) {
	b.graph.Inputs = append(b.graph.Inputs, &onnx.Value{Name: name, Type: onnx.Float, Shape: named(batch, lengths...)})
	b.at = name
}

// finish gives the last tensor a name and makes it the output.
func (b *builder) finish(name, batch string, lengths ...int) {
	last := b.graph.Nodes[len(b.graph.Nodes)-1]
	last.Outputs[0] = name
	b.at = name
	b.graph.Outputs = append(b.graph.Outputs, &onnx.Value{Name: name, Type: onnx.Float, Shape: named(batch, lengths...)})
}

func named(batch string, lengths ...int) []onnx.Dim {
	shape := dims(lengths...)
	shape[0] = onnx.Dim{Size: -1, Symbol: batch}
	if batch == "" {
		shape[0] = onnx.Dim{Size: 1}
	}
	for i := range shape[1:] {
		if shape[i+1].Size < 0 {
			shape[i+1].Symbol = [...]string{"channels", "height", "width"}[i]
		}
	}
	return shape
}

// body is a small network down to averages of its features.
func (b *builder) body() {
	b.conv(kernel{out: 8, size: 7, stride: 4, pad: 3})
	b.relu()
	b.pool(3, 2, 1, 0)
	b.conv(kernel{out: 16, size: 3, stride: 2, pad: 1})
	b.relu()
	b.node("GlobalAveragePool", []string{b.at})
	b.flatten()
	out := classes
	if b.graph.Name == "optimum-clip" {
		out = 64
	}
	b.linear(b.depth, out)
}

func (b *builder) zooVGG() {
	b.port("data", "N", 3, Side, Side)
	for range 5 {
		b.conv(kernel{out: 4, size: 3, pad: 1})
		b.relu()
		b.pool(2, 2, 0, 0)
	}
	b.flatten()
	b.linear(b.depth*b.side*b.side, 16)
	b.relu()
	b.node("Dropout", []string{b.at})
	b.linear(16, classes)
	b.finish("vgg0_dense2_fwd", "N", classes)
}

// zooResNet is that of MXNet. Its second version normalises the picture once
// more before anything else.
func (b *builder) zooResNet(second bool) {
	prefix := "resnetv17"
	b.port("data", "N", 3, Side, Side)
	if second {
		prefix = "resnetv24"
		b.batchNorm(0.02, 1.1)
	}
	b.conv(kernel{out: 8, size: 7, stride: 2, pad: 3})
	b.batchNorm(0.1, 0.9)
	b.relu()
	b.pool(3, 2, 1, 0)
	b.residual(8, 2, 1, b.basic)
	b.node("GlobalAveragePool", []string{b.at})
	b.flatten()
	b.linear(b.depth, classes)
	b.finish(prefix+"_dense0_fwd", "N", classes)
}

// batchNorm has about the same mean and variance on every channel.
func (b *builder) batchNorm(mean, variance float32) {
	values := func(v float32) string {
		list := make([]float32, b.depth)
		for i := range list {
			list[i] = v * (1 + 0.01*float32(i))
		}
		name := fmt.Sprintf("statistic_%d", len(b.graph.Initializers))
		b.graph.Initializers = append(b.graph.Initializers, onnx.NewTensor(name, []int64{int64(b.depth)}, list))
		return name
	}
	b.node("BatchNormalization", []string{b.at, values(1), values(0), values(mean), values(variance)})
}

// listWeights makes the weights inputs too, as files before IR version 4 have
// to.
func (b *builder) listWeights() {
	for _, t := range b.graph.Initializers {
		var shape []onnx.Dim
		for _, n := range t.Dims {
			shape = append(shape, onnx.Dim{Size: n})
		}
		b.graph.Inputs = append(b.graph.Inputs, &onnx.Value{Name: t.Name, Type: t.Type, Shape: shape})
	}
}

// zooMNIST is the network of CNTK's tutorial.
func (b *builder) zooMNIST() {
	b.depth, b.side = 1, 28
	b.port("Input3", "", 1, 28, 28)
	same := &onnx.Attr{Name: "auto_pad", Kind: onnx.AttrString, S: []byte("SAME_UPPER")}
	for i, out := range []int{8, 16} {
		w := b.weight(0.2, int64(out), int64(b.depth), 5, 5)
		b.node("Conv", []string{b.at, w}, numbers("kernel_shape", 5, 5), same)
		b.node("Add", []string{b.at, b.weight(0.1, int64(out), 1, 1)})
		b.depth = out
		b.relu()
		b.pool(2+i, 2+i, 0, 0)
	}
	for _, s := range []struct {
		name  string
		shape []int64
	}{{"flat", []int64{1, 256}}, {"square", []int64{256, 10}}} {
		b.graph.Initializers = append(b.graph.Initializers, onnx.NewInts(s.name, []int64{2}, s.shape))
	}
	features := b.node("Reshape", []string{b.at, "flat"})
	w := b.node("Reshape", []string{b.weight(0.1, 16, 4, 4, 10), "square"})
	b.node("MatMul", []string{features, w})
	b.node("Add", []string{b.at, b.weight(0.1, 1, 10)})
	b.finish("Plus214_Output_0", "", 10)
}

// tf2onnx keeps channels last outside and turns them inside.
func (b *builder) tf2onnx() {
	b.port("input_1", "unk__100", Side, Side, 3)
	b.node("Transpose", []string{b.at}, numbers("perm", 0, 3, 1, 2))
	b.body()
	b.node("Softmax", []string{b.at}, number("axis", -1))
	b.finish("predictions", "unk__101", classes)
}

func (b *builder) ultralytics(m *onnx.Model, detector bool) {
	b.side = 64
	b.port("images", "", 3, b.side, b.side)
	m.Metadata = map[string]string{
		"author": "Ultralytics", "stride": "32", "task": "classify", "batch": "1", "imgsz": "[64, 64]",
		"names": `{0: 'person', 1: 'traffic light', 2: "jack-o'-lantern"}`,
	}
	if !detector {
		b.conv(kernel{out: 8, size: 3, stride: 2, pad: 1})
		b.node("Sigmoid", []string{b.at})
		b.node("GlobalAveragePool", []string{b.at})
		b.flatten()
		b.linear(b.depth, 3)
		b.node("Softmax", []string{b.at}, number("axis", 1))
		b.finish("output0", "", 3)
		return
	}
	m.Metadata["task"] = "detect"
	b.conv(kernel{out: 7, size: 8, stride: 8}) // 8×8 boxes of 4+3 numbers
	b.graph.Initializers = append(b.graph.Initializers, onnx.NewInts("rows", []int64{3}, []int64{1, 7, 64}), onnx.NewInts("split", []int64{2}, []int64{4, 3}))
	b.node("Reshape", []string{b.at, "rows"})
	b.node("Split", []string{b.at, "split"}, number("axis", 1))
	split := b.graph.Nodes[len(b.graph.Nodes)-1]
	split.Outputs = []string{"boxes", "scores"}
	b.node("Sigmoid", []string{"scores"})
	b.node("Concat", []string{"boxes", b.at}, number("axis", 1))
	b.finish("output0", "", 7, 64)
}

// matlab subtracts a mean picture first and ends in a Softmax over channels.
func (b *builder) matlab() {
	b.port("imageinput", "BatchSize", 3, b.side, b.side)
	mean := make([]float32, 3*b.side*b.side)
	for i := range mean {
		mean[i] = 120
	}
	b.graph.Initializers = append(b.graph.Initializers, onnx.NewTensor("imageinput_Mean", []int64{1, 3, int64(b.side), int64(b.side)}, mean))
	b.node("Sub", []string{b.at, "imageinput_Mean"})
	b.conv(kernel{out: 8, size: 3, pad: 1})
	b.relu()
	b.conv(kernel{out: 5, size: b.side})
	b.node("Softmax", []string{b.at}, number("axis", 1))
	b.node("Flatten", []string{b.at}, number("axis", 1))
	b.finish("classoutput", "BatchSize", 5)
}
