package gradient_test

import (
	"slices"
	"testing"

	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/onnx/gradient"
	"picasso/backend/ort"
)

// quantised is a model x → QuantizeLinear → node → DequantizeLinear → y and the
// node's float twin, which must have the same gradient.
type quantised struct {
	node  *onnx.Node // inputs "q", "qs", "qz" are the quantised picture, "ys", "yz" those of the result
	twin  *onnx.Node // from "x" to "y"
	more  []*onnx.Tensor
	first *onnx.Node // of the twin, where it has two nodes
	shape []int

	domain string // of the operators around it
}

func bytesTensor(name string, kind onnx.DataType, dims []int64, v ...byte) *onnx.Tensor {
	return &onnx.Tensor{Name: name, Type: kind, Dims: dims, Raw: v}
}

func TestQuantisedOperatorsHaveTheGradientOfTheirFloatTwins(t *testing.T) {
	for name, c := range twins() {
		t.Run(name, func(t *testing.T) { checkTwins(t, c) })
	}
}

func twins() map[string]quantised {
	signed := []byte{1, 254, 3, 252, 5, 250, 7, 8, 247, 10, 11, 244} // 1, −2, 3, −4, …
	real := []float32{1, -2, 3, -4, 5, -6, 7, 8, -9, 10, 11, -12}
	scaled := func(factors ...float32) []float32 {
		out := slices.Clone(real)
		for k := range out {
			out[k] *= factors[k*len(factors)/len(out)]
		}
		return out
	}
	ms := "com.microsoft"
	conv := is("pads", 0, 1, 1, 0)
	return map[string]quantised{
		"QLinearConv": {
			node: &onnx.Node{OpType: "QLinearConv", Inputs: []string{"q", "qs", "qz", "w", "ws", "wz", "ys", "yz"}, Attrs: attrs(conv)},
			twin: &onnx.Node{OpType: "Conv", Inputs: []string{"x", "f"}, Attrs: attrs(conv)},
			more: []*onnx.Tensor{bytesTensor("w", onnx.Int8, []int64{3, 1, 2, 2}, signed...), onnx.NewTensor("ws", []int64{3}, []float32{0.1, 0.2, 0.05}),
				bytesTensor("wz", onnx.Int8, []int64{3}, 0, 0, 0), onnx.NewTensor("f", []int64{3, 1, 2, 2}, scaled(0.1, 0.2, 0.05))},
			shape: []int{1, 1, 3, 4},
		},
		"QLinearMatMul": {
			node: &onnx.Node{OpType: "QLinearMatMul", Inputs: []string{"q", "qs", "qz", "w", "ws", "wz", "ys", "yz"}},
			twin: &onnx.Node{OpType: "MatMul", Inputs: []string{"x", "f"}},
			more: []*onnx.Tensor{bytesTensor("w", onnx.Int8, []int64{4, 3}, signed...), onnx.NewTensor("ws", nil, []float32{0.1}),
				bytesTensor("wz", onnx.Int8, nil, 0), onnx.NewTensor("f", []int64{4, 3}, scaled(0.1))},
			shape: []int{1, 2, 4},
		},
		"com.microsoft.QLinearAdd": {
			node:  &onnx.Node{OpType: "QLinearAdd", Domain: ms, Inputs: []string{"q", "qs", "qz", "q", "qs", "qz", "ys", "yz"}},
			twin:  &onnx.Node{OpType: "Add", Inputs: []string{"x", "x"}},
			shape: []int{1, 2, 4},
		},
		"com.microsoft.QLinearMul": {
			node: &onnx.Node{OpType: "QLinearMul", Domain: ms, Inputs: []string{"q", "qs", "qz", "w", "ws", "wz", "ys", "yz"}},
			twin: &onnx.Node{OpType: "Mul", Inputs: []string{"x", "f"}},
			more: []*onnx.Tensor{bytesTensor("w", onnx.Uint8, []int64{4}, 130, 120, 128, 140), onnx.NewTensor("ws", nil, []float32{0.1}),
				bytesTensor("wz", onnx.Uint8, nil, 128), onnx.NewTensor("f", []int64{4}, []float32{0.2, -0.8, 0, 1.2})},
			shape: []int{1, 2, 4},
		},
		"com.microsoft.QLinearSigmoid": {
			node:  &onnx.Node{OpType: "QLinearSigmoid", Domain: ms, Inputs: []string{"q", "qs", "qz", "ps", "pz"}},
			twin:  &onnx.Node{OpType: "Sigmoid", Inputs: []string{"x"}},
			more:  []*onnx.Tensor{onnx.NewTensor("ps", nil, []float32{0.1}), bytesTensor("pz", onnx.Uint8, nil, 128)},
			shape: []int{1, 2, 4},
		},
		"com.microsoft.QLinearLeakyRelu": {
			node:  &onnx.Node{OpType: "QLinearLeakyRelu", Domain: ms, Inputs: []string{"q", "qs", "qz", "ys", "yz"}, Attrs: attrs(f("alpha", 0.2))},
			twin:  &onnx.Node{OpType: "LeakyRelu", Inputs: []string{"x"}, Attrs: attrs(f("alpha", 0.2))},
			shape: []int{1, 2, 4},
		},
		"com.microsoft.QuantizeLinear": {
			node:   &onnx.Node{OpType: "Identity", Inputs: []string{"q"}},
			twin:   &onnx.Node{OpType: "Mul", Inputs: []string{"x", "f"}},
			more:   []*onnx.Tensor{onnx.NewTensor("f", nil, []float32{5})}, // the scales of input and result differ by this
			shape:  []int{1, 2, 4},
			domain: ms,
		},
		"com.microsoft.QLinearGlobalAveragePool": {
			node:  &onnx.Node{OpType: "QLinearGlobalAveragePool", Domain: ms, Inputs: []string{"q", "qs", "qz", "ys", "yz"}},
			twin:  &onnx.Node{OpType: "GlobalAveragePool", Inputs: []string{"x"}},
			shape: []int{1, 2, 4, 3},
		},
		"com.microsoft.QLinearAveragePool": {
			node:  &onnx.Node{OpType: "QLinearAveragePool", Domain: ms, Inputs: []string{"q", "qs", "qz", "ys", "yz"}, Attrs: attrs(is("kernel_shape", 2, 2), is("pads", 1, 0, 0, 0))},
			twin:  &onnx.Node{OpType: "AveragePool", Inputs: []string{"x"}, Attrs: attrs(is("kernel_shape", 2, 2), is("pads", 1, 0, 0, 0))},
			shape: []int{1, 2, 4, 3},
		},
		"com.microsoft.QLinearSoftmax": {
			node:  &onnx.Node{OpType: "QLinearSoftmax", Domain: ms, Inputs: []string{"q", "qs", "qz", "ps", "pz"}, Attrs: attrs(i("axis", -1), i("opset", 13))},
			twin:  &onnx.Node{OpType: "Mul", Inputs: []string{"p", "f"}},
			more:  []*onnx.Tensor{onnx.NewTensor("ps", nil, []float32{0.00390625}), bytesTensor("pz", onnx.Uint8, nil, 0), onnx.NewTensor("f", nil, []float32{25.6})},
			first: &onnx.Node{OpType: "Softmax", Inputs: []string{"x"}, Outputs: []string{"p"}, Attrs: attrs(i("axis", -1))},
			shape: []int{1, 2, 4},
		},
		"com.microsoft.QLinearWhere": {
			node: &onnx.Node{OpType: "QLinearWhere", Domain: ms, Inputs: []string{"if", "q", "qs", "qz", "w", "ws", "wz", "ys", "yz"}},
			twin: &onnx.Node{OpType: "Where", Inputs: []string{"if", "x", "f"}},
			more: []*onnx.Tensor{bytesTensor("w", onnx.Uint8, []int64{4}, 130, 120, 128, 140), onnx.NewTensor("ws", nil, []float32{0.1}), bytesTensor("wz", onnx.Uint8, nil, 128),
				onnx.NewTensor("f", []int64{4}, []float32{0.2, -0.8, 0, 1.2}), bytesTensor("if", onnx.Bool, []int64{4}, 1, 0, 1, 1)},
			shape: []int{1, 2, 4},
		},
		"com.microsoft.QLinearConcat": {
			node:  &onnx.Node{OpType: "QLinearConcat", Domain: ms, Inputs: []string{"ys", "yz", "q", "qs", "qz", "q", "qs", "qz"}, Attrs: attrs(i("axis", 1))},
			twin:  &onnx.Node{OpType: "Concat", Inputs: []string{"x", "x"}, Attrs: attrs(i("axis", 1))},
			shape: []int{1, 2, 4},
		},
		"com.microsoft.QGemm": {
			node: &onnx.Node{OpType: "QGemm", Domain: ms, Inputs: []string{"q", "qs", "qz", "w", "ws", "wz", "", "ys", "yz"}, Attrs: attrs(i("transB", 1))},
			twin: &onnx.Node{OpType: "Gemm", Inputs: []string{"x", "f"}, Attrs: attrs(i("transB", 1))},
			more: []*onnx.Tensor{bytesTensor("w", onnx.Int8, []int64{3, 4}, signed...), onnx.NewTensor("ws", []int64{3}, []float32{0.1, 0.2, 0.05}),
				bytesTensor("wz", onnx.Int8, []int64{3}, 0, 0, 0), onnx.NewTensor("f", []int64{3, 4}, scaled(0.1, 0.2, 0.05))},
			shape: []int{1, 4},
		},
	}
}

func checkTwins(t *testing.T, c quantised) {
	r := library(t)
	in := infer.NewTensor(c.shape...)
	for k := range in.Data {
		in.Data[k] = float32(k%7)*0.11 - 0.3
	}
	c.node.Outputs, c.twin.Outputs = []string{"r"}, []string{"y"}
	m := chain(17, c.shape, &onnx.Node{OpType: "QuantizeLinear", Domain: c.domain, Inputs: []string{"x", "qs", "qz"}, Outputs: []string{"q"}}, c.node,
		&onnx.Node{OpType: "DequantizeLinear", Domain: c.domain, Inputs: []string{"r", "ys", "yz"}, Outputs: []string{"y"}})
	m.Opsets["com.microsoft"] = 1
	m.Graph.Initializers = append(slices.Clone(c.more), onnx.NewTensor("qs", nil, []float32{0.02}), bytesTensor("qz", onnx.Uint8, nil, 120),
		onnx.NewTensor("ys", nil, []float32{0.1}), bytesTensor("yz", onnx.Uint8, nil, 128))
	twin := chain(17, c.shape, c.twin)
	if c.first != nil {
		twin.Graph.Nodes = []*onnx.Node{c.first, c.twin}
	}
	twin.Graph.Initializers = c.more
	compareTwins(t, r, m, twin, in)
}

// compareTwins compares the gradient of a model that rounds with that of one
// that does not.
func compareTwins(t *testing.T, r *ort.Runtime, m, twin *onnx.Model, in infer.Tensor) {
	t.Helper()
	var results [][]float32
	for _, model := range []*onnx.Model{m, twin} {
		b := newBench(t, r, model, in)
		plan, err := gradient.Build(b.model, b.facts, "y", []string{"x"}, gradient.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if (len(plan.Notes) > 0) != (model == m) {
			t.Errorf("notes are %v", plan.Notes)
		}
		got := b.forward(append(slices.Clone(plan.Activations), "y"), in)
		seed := infer.NewTensor(got["y"].Shape...)
		for k := range seed.Data {
			seed.Data[k] = float32(k%5) - 1.5
		}
		results = append(results, b.backward(plan, got, seed)[0].Data)
	}
	if relative, cosine := compare(results[0], results[1]); relative > 0.02 {
		t.Errorf("gradient %v, of the float twin %v (error %g, cosine %g)", results[0], results[1], relative, cosine)
	}
}

func TestQuantisationClampsTheGradient(t *testing.T) {
	m := chain(17, []int{1, 4}, &onnx.Node{OpType: "QuantizeLinear", Inputs: []string{"x", "s", "z"}, Outputs: []string{"q"}},
		&onnx.Node{OpType: "DequantizeLinear", Inputs: []string{"q", "s", "z"}, Outputs: []string{"y"}})
	m.Graph.Initializers = []*onnx.Tensor{onnx.NewTensor("s", nil, []float32{0.1}), bytesTensor("z", onnx.Uint8, nil, 10)}
	in := infer.Tensor{Shape: []int{1, 4}, Data: []float32{-2, 0.33, 24.4, 30}}
	b := newBench(t, library(t), m, in)
	plan, err := gradient.Build(m, b.facts, "y", []string{"x"}, gradient.Options{})
	if err != nil {
		t.Fatal(err)
	}
	got := b.backward(plan, b.forward(plan.Activations, in), infer.Tensor{Shape: []int{1, 4}, Data: []float32{1, 1, 1, 1}})[0]
	if relative, _ := compare(got.Data, []float32{0, 1, 1, 0}); relative > 1e-6 {
		t.Errorf("gradient %v", got.Data)
	}
}

func TestBranchesThatAreAlwaysTaken(t *testing.T) {
	branch := func(name, op string) *onnx.Graph {
		return &onnx.Graph{Name: name, Nodes: []*onnx.Node{{OpType: op, Inputs: []string{"x"}, Outputs: []string{"inner"}}}, Outputs: []*onnx.Value{{Name: "inner", Type: onnx.Float}}}
	}
	m := chain(17, []int{1, 3}, &onnx.Node{OpType: "Shape", Inputs: []string{"x"}, Outputs: []string{"shape"}},
		&onnx.Node{OpType: "Gather", Inputs: []string{"shape", "one"}, Outputs: []string{"length"}},
		&onnx.Node{OpType: "Equal", Inputs: []string{"length", "three"}, Outputs: []string{"is"}},
		&onnx.Node{OpType: "If", Inputs: []string{"is"}, Outputs: []string{"y"}, Attrs: []*onnx.Attr{
			{Name: "then_branch", Kind: onnx.AttrGraph, G: branch("then", "Sin")}, {Name: "else_branch", Kind: onnx.AttrGraph, G: branch("else", "Cos")}}})
	m.Graph.Initializers = []*onnx.Tensor{onnx.NewInts("one", nil, []int64{1}), onnx.NewInts("three", nil, []int64{3})}
	in := infer.Tensor{Shape: []int{1, 3}, Data: []float32{0.1, 0.2, 0.3}}
	if c, err := gradient.Cover(m, "y", "x"); err != nil || len(c.Blockers) > 0 || c.Total == 0 {
		t.Errorf("coverage %+v, %v", c, err)
	}
	b := newBench(t, library(t), m, in)
	plan, err := gradient.Build(b.model, b.facts, "y", []string{"x"}, gradient.Options{})
	if err != nil {
		t.Fatal(err)
	}
	got := b.backward(plan, b.forward(plan.Activations, in), infer.Tensor{Shape: []int{1, 3}, Data: []float32{1, 1, 1}})[0]
	if relative, _ := compare(got.Data, []float32{0.99500417, 0.98006658, 0.95533649}); relative > 1e-6 {
		t.Errorf("gradient %v", got.Data)
	}
}
