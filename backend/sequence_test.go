package backend_test

import (
	"math"
	"slices"
	"testing"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/ort/orttest"
	"picasso/backend/score"
)

// logits of a sequence of 12 steps and 4 classes made of the 48 pixels; tensors:
// "steps" (1×12×4). Pixel 4·step+class is a logit.
func stepping() []*onnx.Node {
	return []*onnx.Node{call("Reshape", "steps", []string{"x", "steps.shape"})}
}

func steppingConstants() []*onnx.Tensor {
	return []*onnx.Tensor{ints("steps.shape", 1, 12, 4), ints("zero", 0), ints("first.shape", 12, 1, 4), ints("four", 1, 4, 12)}
}

// steps are logits of which class 2 is highest at step 7 and class 1 at step 3.
func steps() infer.Tensor {
	x := infer.NewTensor(3, 4, 4)
	x.Data[4*7+2], x.Data[4*3+1], x.Data[4*9+2] = 3, 2, 1
	return x
}

// The classes of a sequence lie along the axis of its softmax; a class has the
// score of its best step, or of the step that is asked for.
func TestSequences(t *testing.T) {
	r := orttest.Runtime(t)
	turn := call("Transpose", "turned", []string{"steps"}, attrInts("perm", 0, 2, 1))
	first := call("Reshape", "first", []string{"steps", "first.shape"})
	for _, tt := range []struct {
		name  string
		nodes []*onnx.Node
		whole bool
	}{
		{"steps × classes", []*onnx.Node{call("Softmax", "y", []string{"steps"}, axis(2))}, false},
		{"classes × steps", []*onnx.Node{turn, call("Softmax", "y", []string{"turned"}, axis(1))}, false},
		{"logarithms", []*onnx.Node{call("LogSoftmax", "y", []string{"steps"}, axis(-1))}, false},
		{"steps × batch × classes", []*onnx.Node{first, call("Softmax", "y", []string{"first"}, axis(2))}, true},
		{"raw steps × batch × classes", []*onnx.Node{first, call("Mul", "y", []string{"first", "unit"})}, true},
		{"logarithms of steps × batch × classes", []*onnx.Node{first, call("LogSoftmax", "y", []string{"first"}, axis(2))}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := writeOutputs(t, append(stepping(), tt.nodes...), []*onnx.Value{out("y", onnx.Float)},
				append(steppingConstants(), onnx.NewTensor("unit", []int64{1}, []float32{1}))...)
			m := open(t, r, path, backend.ModelOptions{Provider: infer.CPU})
			if m.Output.Kind != score.Sequence || m.Classes() != 4 || m.Output.Whole != tt.whole || m.Output.Steps() != 12 || len(m.Doubts) > 0 {
				t.Fatalf("%d classes of %+v, doubts %+v", m.Classes(), m.Output, m.Doubts)
			}
			x := steps()
			s, err := m.Predict(t.Context(), []infer.Tensor{x, infer.NewTensor(3, 4, 4)})
			if err != nil {
				t.Fatal(err)
			}
			e := math.Exp
			closeTo(t, "probabilities", s[0].Probabilities, []float32{0.25, float32(e(2) / (e(2) + 3)), float32(e(3) / (e(3) + 3)), 0.25})
			closeTo(t, "logits", s[0].Logits, []float32{0, 2, 3, 0})
			slopes(t, m, x, score.ClassTarget(2, score.Logit), score.ClassTarget(1, score.Probability), score.Target{Class: 2, Against: 1})

			m = open(t, r, path, backend.ModelOptions{Provider: infer.CPU, Choices: choose(t, "step=3")})
			if s, err = m.Predict(t.Context(), []infer.Tensor{x}); err != nil {
				t.Fatal(err)
			}
			closeTo(t, "logits of a step", s[0].Logits, []float32{0, 2, 0, 0})
			slopes(t, m, x, score.ClassTarget(2, score.Probability))
		})
	}
	path := writeOutputs(t, append(stepping(), call("Softmax", "y", []string{"steps"}, axis(2))), []*onnx.Value{out("y", onnx.Float)}, steppingConstants()...)
	if _, err := backend.OpenModel(t.Context(), r, path, backend.ModelOptions{Provider: infer.CPU, Choices: choose(t, "step=12")}); err == nil {
		t.Error("a step beyond the last was taken")
	}
}

// slopes compares gradients with differences of the scores themselves.
func slopes(t *testing.T, m *backend.Model, x infer.Tensor, targets ...score.Target) {
	t.Helper()
	g, err := m.Gradient(t.Context(), []infer.Tensor{x}, targets)
	if err != nil {
		t.Fatal(err)
	}
	const h = 1.0 / 64
	for i := range x.Data {
		var moved []infer.Tensor
		for _, d := range []float32{h, -h} {
			y := x.Clone()
			y.Data[i] += d
			moved = append(moved, y)
		}
		s, err := m.Predict(t.Context(), moved)
		if err != nil {
			t.Fatal(err)
		}
		for k, target := range targets {
			up, err := target.Value(s[0])
			if err != nil {
				t.Fatal(err)
			}
			down, _ := target.Value(s[1])
			if slope := (up - down) / (2 * h); math.Abs(slope-float64(g[0][k].Data[i])) > 2e-3 {
				t.Errorf("target %+v, value %d: the gradient is %v, the slope %v", target, i, g[0][k].Data[i], slope)
				return
			}
		}
	}
}

// The dictionary of a reader names its classes: the blank, the characters, and
// the space where there is room for it.
func TestCharactersOfAReader(t *testing.T) {
	r := orttest.Runtime(t)
	for text, want := range map[string][]string{"a\nb": {"blank", "a", "b", "space"}, "a\nb\nc": {"blank", "a", "b", "c"}} {
		m := &onnx.Model{IRVersion: 8, Opsets: map[string]int64{"": 13}, Metadata: map[string]string{"character": text}, Graph: &onnx.Graph{
			Name: "g", Nodes: append(stepping(), call("Softmax", "y", []string{"steps"}, axis(2))), Initializers: steppingConstants()[:1],
			Inputs: []*onnx.Value{{Name: "x", Type: onnx.Float, Shape: shape(1, 3, 4, 4)}}, Outputs: []*onnx.Value{out("y", onnx.Float)},
		}}
		model := open(t, r, saveModel(t, m), backend.ModelOptions{Provider: infer.CPU, Choices: choose(t, "step=2")})
		if !slices.Equal(model.Labels, want) || model.Measure(1, score.Probability) != "P(a) at step 2" {
			t.Errorf("%q gave the labels %q, %s", text, model.Labels, model.Measure(1, score.Probability))
		}
	}
}

// A sequence whose probabilities are computed here finds the best step among
// these, while logits have their own.
func TestBestStepOfAScale(t *testing.T) {
	r := orttest.Runtime(t)
	path := writeOutputs(t, append(stepping(), call("Mul", "y", []string{"steps", "unit"})), []*onnx.Value{out("y", onnx.Float)},
		append(steppingConstants(), onnx.NewTensor("unit", []int64{1}, []float32{1}))...)
	m := open(t, r, path, backend.ModelOptions{Provider: infer.CPU, Choices: choose(t, "kind=sequence")})
	x := infer.NewTensor(3, 4, 4)
	x.Data[4*2+0], x.Data[4*2+1] = 5, 4 // class 1 is high, but class 0 higher
	x.Data[4*6+1] = 3                   // lower, but alone
	s, err := m.Predict(t.Context(), []infer.Tensor{x})
	if err != nil {
		t.Fatal(err)
	}
	if s[0].Logits[1] != 4 || math.Abs(float64(s[0].Probabilities[1])-math.Exp(3)/(math.Exp(3)+3)) > 1e-5 {
		t.Errorf("class 1 has the logit %v and the probability %v", s[0].Logits[1], s[0].Probabilities[1])
	}
	slopes(t, m, x, score.ClassTarget(1, score.Probability), score.ClassTarget(1, score.Logit))
}
