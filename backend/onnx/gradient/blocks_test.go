package gradient_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/onnx/gradient"
	"picasso/backend/onnx/gradient/blocked"
	"picasso/backend/onnx/gradient/kernel"
	"picasso/backend/onnx/zoo"
)

// changes is how often a graph brings tensors into blocks of channels and out of them.
func changes(m *onnx.Model) (n int) {
	for _, node := range m.Graph.Nodes {
		if node.Domain == blocked.Domain && node.OpType != "Conv" && strings.HasPrefix(node.OpType, "Reorder") {
			n++
		}
	}
	return n
}

// TestLayersStayInBlocks: between the layers of well-known networks nothing changes its
// layout, neither forwards nor backwards.
func TestLayersStayInBlocks(t *testing.T) {
	block := library(t).Block()
	if block == 0 {
		t.Skip("the runtime computes nothing in blocks on this machine")
	}
	for name, rows := range map[string]int{"squeezenet": 1, "mobilenetv2": 0, "resnet18": 0} { // SqueezeNet's 1000 classes fill no blocks
		path, err := zoo.File(name)
		if err != nil {
			t.Fatal(err)
		}
		m, err := onnx.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		in, out := m.Graph.Feeds()[0].Name, m.Graph.Outputs[0].Name
		facts, ok := gradient.Foretell(m, map[string][]int64{in: {1, 3, 224, 224}}, map[string][]int64{in: {2, 3, 224, 224}})
		if !ok {
			t.Fatalf("the shapes of %s are not known", name)
		}
		plan, err := gradient.Build(m, facts, out, []string{in}, gradient.Options{Kernels: true, Block: block})
		if err != nil {
			t.Fatal(err)
		}
		masks, inRows := 0, 0
		for _, n := range plan.Model.Graph.Nodes {
			if n.Domain == kernel.Domain && n.OpType == "Keep" {
				masks++
				if !strings.HasPrefix(n.Inputs[1], "blocks ") {
					inRows++
				}
			}
		}
		forward, err := gradient.Forward(m, facts, append(slices.Clone(plan.Activations), out))
		if err != nil {
			t.Fatal(err)
		}
		// What was averaged, and the stem's gradient, which is in rows.
		if back, forth := changes(plan.Model), changes(forward.Model); back > 2 || forth > 1+rows || masks < 10 || inRows > rows {
			t.Errorf("%s: %d changes of layout backwards, %d forwards; %d masks, %d in rows", name, back, forth, masks, inRows)
		}
		if len(plan.Weights) < 15 || len(forward.Weights) < 20 {
			t.Errorf("%s: the sessions fill %d and %d weights", name, len(plan.Weights), len(forward.Weights))
		}
	}
}

// A tensor whose name is that of another one in blocks is meant itself.
func TestNamesLikeThoseOfBlocks(t *testing.T) {
	r := library(t)
	name := "blocks 16 x"
	m := chain(17, []int{1, 16, 4, 4}, &onnx.Node{OpType: "Relu", Inputs: []string{"x"}, Outputs: []string{name}},
		&onnx.Node{OpType: "Neg", Inputs: []string{name}, Outputs: []string{"y"}})
	x := noise(rand.New(rand.NewPCG(1, 2)), []int{1, 16, 4, 4})
	got := newBench(t, r, m, x).forward([]string{name, "y"}, x)
	for i, v := range x.Data {
		if want := max(v, 0); got[name].Data[i] != want || got["y"].Data[i] != -want {
			t.Fatalf("element %d of %v: %v, %v", i, v, got[name].Data[i], got["y"].Data[i])
		}
	}
}

// normalised are two convolutions of 16 channels, each followed by a normalisation.
func normalised(rng *rand.Rand, op string, inputs ...string) *onnx.Model {
	weights := func(name string, middle float32, shape ...int) *onnx.Tensor {
		w := noise(rng, shape)
		dims := make([]int64, len(shape))
		for i, n := range shape {
			dims[i] = int64(n)
		}
		for i := range w.Data {
			w.Data[i] = middle + w.Data[i]/4
		}
		return onnx.NewTensor(name, dims, w.Data)
	}
	m := chain(17, []int{1, 3, 9, 9},
		&onnx.Node{OpType: "Conv", Inputs: []string{"x", "w"}, Outputs: []string{"a"}},
		&onnx.Node{OpType: op, Inputs: append([]string{"a"}, inputs...), Outputs: []string{"n"}},
		&onnx.Node{OpType: "Relu", Inputs: []string{"n"}, Outputs: []string{"r"}},
		&onnx.Node{OpType: "Conv", Inputs: []string{"r", "v"}, Outputs: []string{"c"}},
		&onnx.Node{OpType: op, Inputs: append([]string{"c"}, inputs...), Outputs: []string{"d"}},
		&onnx.Node{OpType: "Conv", Inputs: []string{"d", "u"}, Outputs: []string{"e"}},
		&onnx.Node{OpType: "Relu", Inputs: []string{"e"}, Outputs: []string{"f"}},
		&onnx.Node{OpType: "GlobalAveragePool", Inputs: []string{"f"}, Outputs: []string{"y"}})
	m.Graph.Initializers = append(m.Graph.Initializers, weights("w", 0, 16, 3, 3, 3), weights("v", 0, 16, 16, 3, 3), weights("u", 0, 16, 16, 1, 1),
		weights("scale", 1, 16), weights("shift", 0, 16), weights("mean", 0, 16), weights("variance", 2, 16))
	return m
}

// TestNormalisedNetworks: where the runtime has no blocks they end, and where a
// normalisation is a scale for each channel, they go on; the gradient is that of rows.
func TestNormalisedNetworks(t *testing.T) {
	r := library(t)
	for _, tt := range []struct {
		op      string
		inputs  []string
		changes int
	}{
		{"InstanceNormalization", []string{"scale", "shift"}, 9},
		{"BatchNormalization", []string{"scale", "shift", "mean", "variance"}, 2},
	} {
		rng := rand.New(rand.NewPCG(4, 2))
		b := newBench(t, r, normalised(rng, tt.op, tt.inputs...), noise(rng, []int{1, 3, 9, 9}))
		var all []infer.Tensor
		for _, opt := range ways(r) {
			plan, err := gradient.Build(b.model, b.facts, "y", []string{"x"}, opt)
			if err != nil {
				t.Fatal(err)
			}
			if n := changes(plan.Model); n > tt.changes {
				t.Errorf("%s: %d changes of layout", tt.op, n)
			}
			got := b.forward(append(slices.Clone(plan.Activations), "y"), b.inputs...)
			all = append(all, b.backward(plan, got, infer.Tensor{Shape: []int{1, 16, 1, 1}, Data: slices.Repeat([]float32{1}, 16)})[0])
		}
		for k, g := range all[1:] {
			if relative, _ := compare(g.Data, all[0].Data); relative > 1e-5 {
				t.Errorf("%s, way %d: differs by %g of the largest", tt.op, k+1, relative)
			}
		}
	}
}
