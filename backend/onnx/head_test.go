package onnx

import (
	"encoding/json"
	"os"
	"path/filepath"
	"picasso/backend/fixtures"
	"slices"
	"testing"
)

// reference is the part of a fixture's case.json that describes the head.
type reference struct {
	Outputs []struct{ Name string }
	Score   struct {
		Kind          string
		LogitTensor   string   `json:"logit_tensor"`
		EqualTensors  []string `json:"equal_tensors"`
		LogitIsOutput bool     `json:"logit_is_output"`
		Prob          string
		ProbInGraph   bool `json:"prob_in_graph"`
	}
	CAM *struct {
		Tensor       string
		EqualTensors []string `json:"equal_tensors"`
	}
}

func references(t *testing.T) map[string]reference {
	t.Helper()
	fixtures.Path(t, "public")
	paths := fixtures.Glob("public", "*", "case.json")
	cases := map[string]reference{}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var c reference
		if err := json.Unmarshal(data, &c); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		cases[filepath.Dir(path)] = c
	}
	if len(cases) < 25 {
		t.Fatalf("only %d cases", len(cases))
	}
	return cases
}

// TestFindHeadFixtures compares the head of every reference model with the
// tensor that was found by its values.
func TestFindHeadFixtures(t *testing.T) {
	for folder, c := range references(t) {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			m, err := Open(filepath.Join(folder, "model.onnx"))
			if err != nil {
				t.Fatal(err)
			}
			h := FindHead(m, "")
			if h.Output != c.Outputs[0].Name {
				t.Errorf("output %q, want %q", h.Output, c.Outputs[0].Name)
			}
			if h.Logits != c.Score.LogitTensor && !slices.Contains(c.Score.EqualTensors, h.Logits) {
				t.Errorf("%v logits %q, want %q", h.Kind, h.Logits, c.Score.LogitTensor)
			}
			if want := kindOf(c); !slices.Contains(want, h.Kind) {
				t.Errorf("kind %v, want one of %v", h.Kind, want)
			}
		})
	}
}

func kindOf(c reference) []HeadKind {
	switch {
	case c.Score.LogitIsOutput:
		return []HeadKind{HeadLogits}
	case c.Score.Kind == "yolo":
		return []HeadKind{HeadMixed}
	case c.Score.Prob == "sigmoid":
		return []HeadKind{HeadSigmoid}
	}
	return []HeadKind{HeadSoftmax, HeadLogSoftmax}
}

// TestSpatialFixtures wants the layer that the references take class
// activation maps from among those that the graph offers.
func TestSpatialFixtures(t *testing.T) {
	for folder, c := range references(t) {
		if c.CAM == nil || c.CAM.Tensor == "" {
			continue
		}
		m, err := Open(filepath.Join(folder, "model.onnx"))
		if err != nil {
			t.Fatal(err)
		}
		if got := m.Graph.Spatial(); !slices.Contains(got, c.CAM.Tensor) {
			t.Errorf("%s: %q is not among %q", filepath.Base(folder), c.CAM.Tensor, got)
		}
	}
}

// TestFindHead works through ends of models that the references lack.
func TestFindHead(t *testing.T) {
	one := NewTensor("one", nil, []float32{1})
	axes := NewInts("axes", []int64{1}, []int64{1})
	tests := []struct {
		name   string
		opset  int64
		output string
		nodes  []*Node
		want   Head
		after  int
	}{
		{"scores", 13, "y", []*Node{op("Gemm", "x", "y")}, Head{Kind: HeadLogits, Logits: "y"}, 0},
		{"softmax", 13, "y", []*Node{op("Softmax", "x", "y")}, Head{Kind: HeadSoftmax, Logits: "x", Probs: "y", Axis: -1}, 0},
		{"softmax of opset 11 on rank 2", 11, "y", []*Node{op("Flatten", "x", "f"), op("Softmax", "f", "y")},
			Head{Kind: HeadSoftmax, Logits: "f", Probs: "y", Axis: 1}, 0},
		{"softmax of opset 11 over three axes", 11, "y", []*Node{op("Relu", "x", "f"), op("Softmax", "f", "y")},
			Head{Kind: HeadSoftmax, Logits: "f", Probs: "y", Axis: 1, Joint: true}, 0},
		{"moved", 13, "y", []*Node{op("Softmax", "x", "a"), op("Reshape", "a,shape", "b"), op("Squeeze", "b", "c"), op("Identity", "c", "y")},
			Head{Kind: HeadSoftmax, Logits: "x", Probs: "a", Axis: -1}, 3},
		{"cast to half", 13, "y", []*Node{op("Sigmoid", "x", "a"), op("Cast", "a", "y", intAttr("to", int64(Float16)))},
			Head{Kind: HeadSigmoid, Logits: "x", Probs: "a"}, 1},
		{"cast to integers", 13, "y", []*Node{op("Sigmoid", "x", "a"), op("Cast", "a", "y", intAttr("to", int64(Int64)))},
			Head{Kind: HeadLogits, Logits: "y"}, 0},
		{"logarithm", 13, "y", []*Node{op("LogSoftmax", "x", "y", intAttr("axis", 1))},
			Head{Kind: HeadLogSoftmax, Logits: "x", Probs: "y", Axis: 1}, 0},
		{"log of softmax", 13, "y", []*Node{op("Softmax", "x", "a"), op("Log", "a", "y")},
			Head{Kind: HeadLogSoftmax, Logits: "x", Probs: "y", Axis: -1}, 0},
		{"log of sigmoid", 13, "y", []*Node{op("Sigmoid", "x", "a"), op("Log", "a", "y")},
			Head{Kind: HeadLogSigmoid, Logits: "x", Probs: "y"}, 0},
		{"exp of log-softmax", 13, "y", []*Node{op("LogSoftmax", "x", "a"), op("Exp", "a", "y")},
			Head{Kind: HeadSoftmax, Logits: "x", Probs: "y", Axis: -1}, 0},
		{"plain exponential", 13, "y", []*Node{op("Exp", "x", "y")}, Head{Kind: HeadLogits, Logits: "y"}, 0},
		{"softmax spelt out", 13, "y", []*Node{op("ReduceMax", "x", "m"), op("Sub", "x,m", "s"), op("Exp", "s", "e"),
			op("ReduceSum", "e,axes", "t"), op("Div", "e,t", "y")}, Head{Kind: HeadSoftmax, Logits: "x", Probs: "y", Axis: 1}, 0},
		{"sigmoid spelt out", 13, "y", []*Node{op("Neg", "x", "n"), op("Exp", "n", "e"), op("Add", "one,e", "d"), op("Div", "one,d", "y")},
			Head{Kind: HeadSigmoid, Logits: "x", Probs: "y"}, 0},
		{"swish", 13, "y", []*Node{op("Sigmoid", "x", "a"), op("Mul", "x,a", "y")}, Head{Kind: HeadLogits, Logits: "y"}, 0},
		{"best class", 13, "y", []*Node{op("Softmax", "x", "a"), op("ArgMax", "a", "y")},
			Head{Kind: HeadArgMax, Logits: "x", Probs: "a", Axis: -1}, 0},
		{"boxes and classes", 13, "y", []*Node{op("Sigmoid", "x", "a"), op("Mul", "x,x", "b"), op("Concat", "a,b", "y")},
			Head{Kind: HeadMixed, Logits: "x", Probs: "a"}, 0},
		{"circle", 13, "y", []*Node{op("Identity", "y", "a"), op("Identity", "a", "y")}, Head{Kind: HeadLogits, Logits: "y"}, 0},
		{"absent", 13, "z", []*Node{op("Softmax", "x", "y")}, Head{}, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := tiny(test.opset, test.nodes...)
			m.Graph.Initializers = []*Tensor{one, axes}
			h := FindHead(m, test.output)
			if len(h.After) != test.after {
				t.Errorf("%d nodes after the activation, want %d", len(h.After), test.after)
			}
			h.Node, h.After, h.Output = nil, nil, ""
			if !equalHeads(h, test.want) {
				t.Errorf("got %+v, want %+v", h, test.want)
			}
		})
	}
}

func equalHeads(a, b Head) bool {
	return a.Kind == b.Kind && a.Logits == b.Logits && a.Probs == b.Probs && a.Axis == b.Axis && a.Joint == b.Joint
}

// TestFindHeadChoice takes probabilities before scores before class numbers.
func TestFindHeadChoice(t *testing.T) {
	m := tiny(13, op("Gemm", "x", "s"), op("ArgMax", "s", "label"), op("Softmax", "s", "p"))
	m.Graph.Outputs = []*Value{{Name: "label", Type: Int64}, {Name: "s", Type: Float}, {Name: "p", Type: Float}}
	if h := FindHead(m, ""); h.Output != "p" || h.Logits != "s" {
		t.Errorf("chose %q with scores %q", h.Output, h.Logits)
	}
	m.Graph.Outputs = m.Graph.Outputs[:2]
	if h := FindHead(m, ""); h.Output != "s" {
		t.Errorf("chose %q", h.Output)
	}
}
