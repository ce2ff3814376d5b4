package gradient_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"picasso/backend/fixtures"
	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/onnx/gradient"
)

// chain is a model of nodes x → … → y, each reading the one before.
func chain(opset int64, shape []int, nodes ...*onnx.Node) *onnx.Model {
	v := &onnx.Value{Name: "x", Type: onnx.Float}
	for axis, d := range shape {
		dim := onnx.Dim{Size: int64(d)}
		if axis == 0 {
			dim = onnx.Dim{Size: -1, Symbol: "N"}
		}
		v.Shape = append(v.Shape, dim)
	}
	g := &onnx.Graph{Name: "chain", Nodes: nodes, Inputs: []*onnx.Value{v}, Outputs: []*onnx.Value{{Name: "y", Type: onnx.Float}}}
	return &onnx.Model{IRVersion: 8, Opsets: map[string]int64{"": opset}, Graph: g}
}

func TestLinearModelHasItsWeightsAsGradient(t *testing.T) {
	m := chain(17, []int{1, 2, 3}, &onnx.Node{OpType: "Flatten", Inputs: []string{"x"}, Outputs: []string{"f"}},
		&onnx.Node{OpType: "Gemm", Inputs: []string{"f", "w"}, Outputs: []string{"y"}})
	w := []float32{1, -2, 3, 4, -5, 6, 7, 8, -9, 10, 11, 12}
	m.Graph.Initializers = []*onnx.Tensor{onnx.NewTensor("w", []int64{6, 2}, w)}
	b := newBench(t, library(t), m, infer.NewTensor(1, 2, 3))
	plan, err := gradient.Build(m, b.facts, "y", []string{"x"}, gradient.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(plan.Activations) != 0 || plan.Batching != gradient.Broadcast {
		t.Errorf("a linear model needs no activations, got %v, batching %d", plan.Activations, plan.Batching)
	}
	got := b.backward(plan, nil, infer.Tensor{Shape: []int{2, 2}, Data: []float32{1, 0, 0, 1}})[0]
	for k := range 6 {
		if got.Data[k] != w[2*k] || got.Data[6+k] != w[2*k+1] {
			t.Fatalf("gradient %v of weights %v", got.Data, w)
		}
	}
}

func TestRectifierRules(t *testing.T) {
	m := chain(17, []int{1, 4}, &onnx.Node{OpType: "Relu", Inputs: []string{"x"}, Outputs: []string{"y"}})
	in := infer.Tensor{Shape: []int{1, 4}, Data: []float32{2, 2, -2, 0}}
	seed := infer.Tensor{Shape: []int{1, 4}, Data: []float32{3, -3, 3, 3}}
	for rule, want := range map[gradient.ReLURule][]float32{
		gradient.Exact: {3, -3, 0, 0}, gradient.Guided: {3, 0, 0, 0}, gradient.Deconvnet: {3, 0, 3, 3},
	} {
		b := newBench(t, library(t), m, in)
		plan, err := gradient.Build(m, b.facts, "y", []string{"x"}, gradient.Options{ReLU: rule})
		if err != nil {
			t.Fatal(err)
		}
		got := b.backward(plan, b.forward(append(plan.Activations, "y"), in), seed)[0]
		if !slices.Equal(got.Data, want) {
			t.Errorf("rule %d gives %v, want %v", rule, got.Data, want)
		}
	}
}

func TestConventionsAtCorners(t *testing.T) {
	one := infer.Tensor{Shape: []int{1, 1}, Data: []float32{1}}
	for _, c := range []struct {
		node *onnx.Node
		in   []float32
		want []float32
	}{
		{&onnx.Node{OpType: "ReduceMax", Attrs: attrs(is("axes", 1))}, []float32{2, 5, 5, 1}, []float32{0, 0.5, 0.5, 0}},
		{&onnx.Node{OpType: "ReduceProd", Attrs: attrs(is("axes", 1))}, []float32{2, 0, 5, 1}, []float32{0, 10, 0, 0}},
		{&onnx.Node{OpType: "ReduceL1", Attrs: attrs(is("axes", 1))}, []float32{2, 0, -5, 1}, []float32{1, 0, -1, 1}},
		{&onnx.Node{OpType: "ReduceL2", Attrs: attrs(is("axes", 1))}, []float32{0, 0, 0, 0}, []float32{0, 0, 0, 0}},
	} {
		n := c.node
		n.Inputs, n.Outputs = []string{"x"}, []string{"y"}
		m := chain(12, []int{1, 4}, n)
		in := infer.Tensor{Shape: []int{1, 4}, Data: c.in}
		b := newBench(t, library(t), m, in)
		plan, err := gradient.Build(m, b.facts, "y", []string{"x"}, gradient.Options{})
		if err != nil {
			t.Fatal(err)
		}
		got := b.backward(plan, b.forward(plan.Activations, in), one)[0]
		if !slices.Equal(got.Data, c.want) {
			t.Errorf("%s at %v: %v, want %v", n.OpType, c.in, got.Data, c.want)
		}
	}
}

func TestTensorsWithSeveralConsumersAddUp(t *testing.T) {
	m := chain(17, []int{1, 2}, &onnx.Node{OpType: "Mul", Inputs: []string{"x", "x"}, Outputs: []string{"s"}},
		&onnx.Node{OpType: "Mul", Inputs: []string{"s", "x"}, Outputs: []string{"c"}},
		&onnx.Node{OpType: "Sum", Inputs: []string{"c", "s", "x"}, Outputs: []string{"y"}})
	in := infer.Tensor{Shape: []int{1, 2}, Data: []float32{2, -3}}
	b := newBench(t, library(t), m, in)
	plan, err := gradient.Build(m, b.facts, "y", []string{"x"}, gradient.Options{})
	if err != nil {
		t.Fatal(err)
	}
	got := b.backward(plan, b.forward(plan.Activations, in), infer.Tensor{Shape: []int{1, 2}, Data: []float32{1, 1}})[0]
	if want := []float32{3*4 + 4 + 1, 3*9 - 6 + 1}; !slices.Equal(got.Data, want) {
		t.Errorf("gradient of x³+x²+x is %v, want %v", got.Data, want)
	}
}

func TestUnsupportedOperatorsAreNamed(t *testing.T) {
	m := chain(17, []int{1, 2, 3}, &onnx.Node{Name: "first", OpType: "Relu", Inputs: []string{"x"}, Outputs: []string{"a"}},
		&onnx.Node{Name: "middle", OpType: "SparseAttention", Domain: "com.microsoft", Inputs: []string{"a"}, Outputs: []string{"b"}},
		&onnx.Node{Name: "last", OpType: "Strange", Domain: "my.own", Inputs: []string{"b"}, Outputs: []string{"y"}})
	c, err := gradient.Cover(m, "y", "x")
	if err != nil || c.Total != 3 || c.Differentiable != 1 || len(c.Blockers) != 2 {
		t.Fatalf("coverage %+v, %v", c, err)
	}
	if text := c.Blockers[1].Error(); !strings.Contains(text, "Strange") || !strings.Contains(text, "my.own") || !strings.Contains(text, "last") {
		t.Errorf("blocker is described as %q", text)
	}
	_, err = gradient.Build(m, gradient.Facts{}, "y", []string{"x"}, gradient.Options{})
	var unsupported *gradient.Unsupported
	if !errors.As(err, &unsupported) || unsupported.Op != "SparseAttention" {
		t.Errorf("building gives %v", err)
	}
}

func TestNoPath(t *testing.T) {
	m := chain(17, []int{1, 2}, &onnx.Node{OpType: "Floor", Inputs: []string{"x"}, Outputs: []string{"y"}})
	if _, err := gradient.Build(m, gradient.Facts{}, "y", []string{"x"}, gradient.Options{}); !errors.Is(err, gradient.ErrNoPath) {
		t.Errorf("a constant function gives %v", err)
	}
	if c, err := gradient.Cover(m, "y", "x"); err != nil || c.Total != 0 {
		t.Errorf("coverage %+v, %v", c, err)
	}
}

func TestInlineFunctions(t *testing.T) {
	m := chain(17, []int{1, 2, 3}, &onnx.Node{OpType: "Block", Domain: "local", Inputs: []string{"x"}, Outputs: []string{"a"}, Attrs: attrs(f("slope", 0.25))},
		&onnx.Node{OpType: "Block", Domain: "local", Inputs: []string{"a"}, Outputs: []string{"y"}})
	m.Opsets["local"] = 1
	m.Functions = []*onnx.Function{
		{Name: "Block", Domain: "local", Inputs: []string{"in"}, Outputs: []string{"out"}, Opsets: map[string]int64{"": 17, "local": 1}, Default: []*onnx.Attr{f("slope", 0.5)},
			Nodes: []*onnx.Node{
				{OpType: "Sin", Inputs: []string{"in"}, Outputs: []string{"mid"}},
				{OpType: "Inner", Domain: "local", Inputs: []string{"mid"}, Outputs: []string{"out"}, Attrs: []*onnx.Attr{{Name: "alpha", Kind: onnx.AttrFloat, Ref: "slope"}}},
			}},
		{Name: "Inner", Domain: "local", Inputs: []string{"in"}, Outputs: []string{"out"}, Opsets: map[string]int64{"": 17}, Attrs: []string{"alpha"},
			Nodes: []*onnx.Node{{OpType: "LeakyRelu", Inputs: []string{"in"}, Outputs: []string{"out"}, Attrs: []*onnx.Attr{{Name: "alpha", Kind: onnx.AttrFloat, Ref: "alpha"}}}}},
	}
	in := infer.Tensor{Shape: []int{1, 2, 3}, Data: []float32{0.3, -0.7, 1.1, -1.2, 0.5, 0.9}}
	b := newBench(t, library(t), m, in)
	checkModel(t, b, rand.New(rand.NewPCG(1, 2)))
	for _, n := range b.model.Graph.Nodes {
		if n.Is("LeakyRelu") && n.Outputs[0] == "a" && n.AttrFloat("alpha", 0) != 0.25 {
			t.Errorf("the caller's attribute is lost: %v", n.Attrs)
		}
	}
	m.Functions[1].Nodes[0] = &onnx.Node{OpType: "Block", Domain: "local", Inputs: []string{"in"}, Outputs: []string{"out"}}
	if _, err := gradient.Inline(m); err == nil {
		t.Error("functions that call each other are inlined without end")
	}
}

// TestHalfPrecision turns a reference model into float16 throughout: the
// gradient, computed in float32 from float16 activations, stays near that of
// the same weights in float32, and the widened model has just that.
func TestHalfPrecision(t *testing.T) {
	folder := fixtures.Path(t, "public", "lenet5_softmax")
	m, err := onnx.Open(filepath.Join(folder, "model.onnx"))
	if err != nil {
		t.Fatal(err)
	}
	in := readArray(t, filepath.Join(folder, "input.npy"))
	half, full := m.Clone(), m.Clone()
	half.Path, full.Path = "", ""
	half.Graph.ValueInfo = nil
	for k, w := range half.Graph.Initializers {
		if w.Type == onnx.Float {
			toHalf(t, m, w)
			v, err := w.Floats(nil)
			if err != nil {
				t.Fatal(err)
			}
			*full.Graph.Initializers[k] = *onnx.NewTensor(w.Name, w.Dims, v)
		}
	}
	for _, v := range slices.Concat(half.Graph.Inputs, half.Graph.Outputs) {
		*v = onnx.Value{Name: v.Name, Type: onnx.Float16, Shape: v.Shape}
	}
	seed := infer.NewTensor(1, 10)
	seed.Data[3] = 1
	var results [][]float32
	for _, model := range []*onnx.Model{full, gradient.Widen(half), half} {
		b := newBench(t, library(t), model, in)
		plan, err := gradient.Build(b.model, b.facts, "/body/head/Gemm_output_0", []string{m.Graph.Feeds()[0].Name}, gradient.Options{})
		if err != nil {
			t.Fatal(err)
		}
		results = append(results, b.backward(plan, b.forward(plan.Activations, in), seed)[0].Data)
	}
	if relative, cosine := compare(results[1], results[0]); relative > 1e-5 {
		t.Errorf("widened: error %g, cosine %g", relative, cosine)
	}
	if relative, cosine := compare(results[2], results[0]); cosine < 0.999 {
		t.Errorf("float16: error %g, cosine %g", relative, cosine)
	}
	if gradient.Widen(full) != full {
		t.Error("a model of float32 was changed")
	}
}

func toHalf(t *testing.T, m *onnx.Model, w *onnx.Tensor) {
	t.Helper()
	v, err := w.Floats(m)
	if err != nil {
		t.Fatal(err)
	}
	raw := make([]byte, 0, 2*len(v))
	for _, x := range v {
		bits := math.Float32bits(x)
		exponent := int(bits>>23&0xff) - 112
		h := uint16(bits >> 16 & 0x8000)
		if exponent > 0 && exponent < 31 {
			h |= uint16(exponent)<<10 | uint16(bits>>13&0x3ff)
		}
		raw = append(raw, byte(h), byte(h>>8))
	}
	*w = onnx.Tensor{Name: w.Name, Type: onnx.Float16, Dims: w.Dims, Raw: raw}
}

func TestIntegerPicturesBecomeReal(t *testing.T) {
	m := chain(17, []int{1, 2, 3}, &onnx.Node{OpType: "Transpose", Inputs: []string{"x"}, Outputs: []string{"t"}, Attrs: attrs(is("perm", 0, 2, 1))},
		&onnx.Node{OpType: "Cast", Inputs: []string{"t"}, Outputs: []string{"f"}, Attrs: attrs(i("to", 1))},
		&onnx.Node{OpType: "Mul", Inputs: []string{"f", "f"}, Outputs: []string{"y"}})
	m.Graph.Inputs[0].Type = onnx.Uint8
	in := infer.Tensor{Shape: []int{1, 2, 3}, Data: []float32{1, 2, 3, 4, 5, 250}}
	b := newBench(t, library(t), m, in)
	plan, err := gradient.Build(m, b.facts, "y", []string{"x"}, gradient.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ones := infer.Tensor{Shape: []int{1, 3, 2}, Data: []float32{1, 1, 1, 1, 1, 1}}
	got := b.backward(plan, b.forward(plan.Activations, in), ones)[0]
	for k, v := range in.Data {
		if got.Data[k] != 2*v {
			t.Fatalf("gradient %v of the squares of %v", got.Data, in.Data)
		}
	}
	real := gradient.Real(m, "x")
	if real == m || m.Graph.Inputs[0].Type != onnx.Uint8 {
		t.Fatal("the model was not copied")
	}
	half := infer.Tensor{Shape: in.Shape, Data: []float32{0.5, 1.5, 2.5, 3.5, 4.5, 5.5}}
	checkModel(t, newBench(t, library(t), real, half), rand.New(rand.NewPCG(1, 1)))
	m.Graph.Nodes[1].Attrs[0].I = int64(onnx.Int32)
	if gradient.Real(m, "x") != m {
		t.Error("an input that is computed with as an integer was made real")
	}
}

func TestBuildingTellsHowFarItIsAndStops(t *testing.T) {
	var nodes []*onnx.Node
	at := "x"
	for k := range 200 {
		out := fmt.Sprintf("n%d", k)
		nodes = append(nodes, node("Sin", out, at))
		at = out
	}
	m := chain(17, []int{1, 2}, append(nodes, node("Sin", "y", at))...)
	b := newBench(t, library(t), m, infer.NewTensor(1, 2))
	var told []int
	stop := errors.New("enough")
	options := gradient.Options{Progress: func(done, nodes int) error {
		if told = append(told, done); nodes != 201 {
			t.Errorf("%d nodes", nodes)
		}
		if done > 100 {
			return stop
		}
		return nil
	}}
	if _, err := gradient.Build(b.model, b.facts, "y", []string{"x"}, options); !errors.Is(err, stop) {
		t.Errorf("error %v", err)
	}
	if !slices.Equal(told, []int{0, 64, 128}) {
		t.Errorf("was told %v", told)
	}
}

// TestInlineFunctionsWithBranches: a function whose branch calls another one, as
// exporters through functions write it.
func TestInlineFunctionsWithBranches(t *testing.T) {
	branch := func(name string, n *onnx.Node) *onnx.Graph {
		return &onnx.Graph{Name: name, Nodes: []*onnx.Node{n}, Outputs: values(onnx.Float, n.Outputs[0])}
	}
	inner := &onnx.Node{OpType: "Scaled", Domain: "local", Inputs: []string{"in"}, Outputs: []string{"scaled"}, Attrs: []*onnx.Attr{{Name: "by", Kind: onnx.AttrFloat, Ref: "by"}}}
	m := chain(17, []int{1, 3}, &onnx.Node{OpType: "Chosen", Domain: "local", Inputs: []string{"x"}, Outputs: []string{"a"}, Attrs: attrs(f("by", 0.25))},
		&onnx.Node{OpType: "Chosen", Domain: "local", Inputs: []string{"a"}, Outputs: []string{"y"}, Attrs: attrs(f("by", 3))})
	m.Opsets["local"] = 1
	opsets := map[string]int64{"": 17, "local": 1}
	m.Functions = []*onnx.Function{
		{Name: "Chosen", Domain: "local", Inputs: []string{"in"}, Outputs: []string{"out"}, Attrs: []string{"by"}, Opsets: opsets, Nodes: []*onnx.Node{
			node("Shape", "shape", "in"), node("Size", "rank", "shape"), with(node("Constant", "two"), &onnx.Attr{Name: "value_int", Kind: onnx.AttrInt, I: 2}), node("Equal", "flat", "rank", "two"),
			with(node("If", "out", "flat"), body("then_branch", branch("then", inner)), body("else_branch", branch("else", node("Sin", "turned", "in"))))}},
		{Name: "Scaled", Domain: "local", Inputs: []string{"v"}, Outputs: []string{"w"}, Attrs: []string{"by"}, Opsets: opsets, Nodes: []*onnx.Node{
			with(node("Constant", "factor"), &onnx.Attr{Name: "value_float", Kind: onnx.AttrFloat, Ref: "by"}), node("Mul", "product", "v", "factor"), node("Mul", "w", "product", "v")}},
	}
	in := infer.Tensor{Shape: []int{1, 3}, Data: []float32{0.5, -1, 2}}
	b := newBench(t, library(t), m, in)
	plan, err := gradient.Build(b.model, b.facts, "y", []string{"x"}, gradient.Options{})
	if err != nil {
		t.Fatal(err)
	}
	got := b.backward(plan, b.forward(plan.Activations, in), infer.Tensor{Shape: []int{1, 3}, Data: []float32{1, 1, 1}})[0]
	for k, x := range in.Data { // y = 3·(x²/4)², so that dy/dx = 3·x³/4
		if want := 0.75 * x * x * x; math.Abs(float64(got.Data[k]-want)) > 1e-5 {
			t.Errorf("gradient at %g is %g, want %g", x, got.Data[k], want)
		}
	}
}
