package gradient

import (
	"errors"
	"testing"

	"picasso/backend/bounded"
	"picasso/backend/onnx"
)

// hostileSeeds are graphs that are built to be awkward, as bytes of files.
func hostileSeeds(f *testing.F) {
	node := func(op, domain string, in, out []string, attrs ...*onnx.Attr) *onnx.Node {
		return &onnx.Node{OpType: op, Domain: domain, Inputs: in, Outputs: out, Attrs: attrs}
	}
	body := &onnx.Graph{Name: "b", Nodes: []*onnx.Node{node("Relu", "", []string{"x"}, []string{"z"})}, Outputs: []*onnx.Value{{Name: "z", Type: onnx.Float}}}
	function := func(name string, nodes ...*onnx.Node) *onnx.Function {
		return &onnx.Function{Name: name, Domain: "d", Inputs: []string{"a"}, Outputs: []string{"b"}, Nodes: nodes, Opsets: map[string]int64{"": 13}}
	}
	call := func(name, in, out string) *onnx.Node { return node(name, "d", []string{in}, []string{out}) }
	for _, m := range []struct {
		nodes     []*onnx.Node
		functions []*onnx.Function
	}{
		{nodes: []*onnx.Node{node("Conv", "", []string{"x", "w", "", ""}, []string{"y"}, &onnx.Attr{Name: "strides", Kind: onnx.AttrInts, Ints: []int64{0, -1, 1 << 40}})}},
		{nodes: []*onnx.Node{node("Einsum", "", []string{"x", "x"}, []string{"y"}, &onnx.Attr{Name: "equation", Kind: onnx.AttrString, S: []byte("...ij,jk->...i->k")})}},
		{nodes: []*onnx.Node{node("Concat", "", []string{"x", "", "x"}, []string{"h"}, &onnx.Attr{Name: "axis", Kind: onnx.AttrInt, I: -99}), node("Split", "", []string{"h"}, []string{"", "y", "q"})}},
		{nodes: []*onnx.Node{node("If", "", []string{"c"}, []string{"y"}, &onnx.Attr{Name: "then_branch", Kind: onnx.AttrGraph, G: body}, &onnx.Attr{Name: "else_branch", Kind: onnx.AttrGraph, G: body})}},
		{nodes: []*onnx.Node{node("Loop", "", []string{"n", "c", "x"}, []string{"y"}, &onnx.Attr{Name: "body", Kind: onnx.AttrGraph, G: body})}},
		{nodes: []*onnx.Node{node("LSTM", "", []string{"x", "w", "w"}, []string{"y"}, &onnx.Attr{Name: "hidden_size", Kind: onnx.AttrInt, I: 1 << 40}), node("TopK", "", []string{"x"}, nil)}},
		{nodes: []*onnx.Node{call("F", "x", "y")}, functions: []*onnx.Function{function("F", call("G", "a", "t"), call("G", "t", "b")), function("G", node("Relu", "", []string{"a"}, []string{"b"}))}},
		{nodes: []*onnx.Node{call("F", "x", "y")}, functions: []*onnx.Function{function("F", call("F", "a", "b"))}},
	} {
		data, err := (&onnx.Model{
			IRVersion: 8, Opsets: map[string]int64{"": 13, "d": 1}, Functions: m.functions,
			Graph: &onnx.Graph{
				Name: "g", Nodes: m.nodes, Inputs: []*onnx.Value{{Name: "x", Type: onnx.Float, Shape: []onnx.Dim{{Size: -1}, {Size: 3}, {Size: 8}, {Size: 8}}}},
				Outputs:      []*onnx.Value{{Name: "y", Type: onnx.Float}},
				Initializers: []*onnx.Tensor{onnx.NewTensor("w", []int64{1, 3, 1, 1}, []float32{1, 2, 3}), onnx.NewInts("n", nil, []int64{1 << 40}), {Name: "c", Type: onnx.Bool, Raw: []byte{1}}},
			},
		}).Encode()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
}

// FuzzHostileGraphs builds gradients of whatever decodes and passes the check of
// its structure: an error in words or a model, soon and within bounds.
func FuzzHostileGraphs(f *testing.F) {
	hostileSeeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<16 {
			t.Skip("longer than what is to be found")
		}
		bounded.Run(t, bounded.Limits{Time: 10e9, Memory: 2 << 30}, func() { differentiate(t, data) })
	})
}

func differentiate(t *testing.T, data []byte) {
	m, err := onnx.Decode(data)
	if err != nil || m.Check() != nil || len(m.Graph.Feeds()) == 0 {
		return
	}
	input, output := m.Graph.Feeds()[0].Name, m.Graph.Outputs[0].Name
	m = Widen(Real(m, input))
	if m, err = Inline(m); err != nil {
		return
	}
	if decided, _, err := Decide(m, Facts{}); err == nil {
		m = decided
	}
	if _, err := NewProbe(m); err != nil && err.Error() == "" {
		t.Fatal("an error without words")
	}
	_, _ = Cover(m, output, input)        // both may be of a graph without a way
	_, _ = CoverPicture(m, output, input) // between them
	plan, err := Build(m, Facts{}, output, []string{input}, Options{})
	switch {
	case err != nil && err.Error() == "":
		t.Fatal("an error without words")
	case err == nil && plan.Model.Check() != nil && !errors.Is(plan.Model.Check(), onnx.ErrElsewhere):
		t.Fatalf("the gradient is no model: %v", plan.Model.Check())
	}
}
