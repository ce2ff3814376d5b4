package backend_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/metadata"
	"picasso/backend/onnx"
	"picasso/backend/ort/orttest"
	"picasso/backend/score"
)

// What is a probability already gets no second activation, however the graph
// makes it.
func TestNoSecondActivation(t *testing.T) {
	r := orttest.Runtime(t)
	floats := func(name string, v ...float32) *onnx.Tensor { return onnx.NewTensor(name, []int64{int64(len(v))}, v) }
	constants := []*onnx.Tensor{
		ints("places", 2, 3), floats("half", 0.5), floats("mask", 1, 0, 1), floats("third", 0.3), floats("unit", 1), floats("hundredth", 0.01),
		onnx.NewTensor("least", nil, []float32{0}), onnx.NewTensor("most", nil, []float32{1}),
		onnx.NewTensor("step", nil, []float32{1.0 / 256}), {Name: "zero", Type: onnx.Uint8, Raw: []byte{0}},
		onnx.NewTensor("w", []int64{3, 3}, []float32{1, 0, 0, 0, 1, 0, 0, 0, 1}),
	}
	raw := classifying()[:1]
	for _, tt := range []struct {
		name  string
		nodes []*onnx.Node
		out   onnx.DataType
		want  []float32 // for raw scores −1, 0, 2
	}{
		{"cut off to 0…1", []*onnx.Node{call("MatMul", "a", []string{"raw", "w"}), call("Mul", "b", []string{"a", "third"}), call("Clip", "y", []string{"b", "least", "most"})}, onnx.Float, []float32{0, 0, 0.6}},
		{"masked sigmoid", []*onnx.Node{call("Sigmoid", "a", []string{"raw"}), call("Mul", "y", []string{"a", "mask"})}, onnx.Float, []float32{sigmoid(-1), 0, sigmoid(2)}},
		{"calibrated sigmoid", []*onnx.Node{call("Sigmoid", "a", []string{"raw"}), call("Less", "low", []string{"a", "third"}), call("Mul", "c", []string{"a", "half"}),
			call("Where", "y", []string{"low", "c", "a"})}, onnx.Float, []float32{sigmoid(-1) / 2, 0.5, sigmoid(2)}},
		{"quantised sigmoid", []*onnx.Node{call("Sigmoid", "a", []string{"raw"}), call("QuantizeLinear", "y", []string{"a", "step", "zero"})}, onnx.Uint8, []float32{69.0 / 256, 0.5, 225.0 / 256}},
		{"quantised softmax", []*onnx.Node{call("Softmax", "a", []string{"raw"}, axis(1)), call("QuantizeLinear", "q", []string{"a", "step", "zero"}), call("Reshape", "y", []string{"q", "row"})}, onnx.Uint8,
			[]float32{11.0 / 256, 29.0 / 256, 216.0 / 256}},
		{"logarithm of a softmax", []*onnx.Node{call("LogSoftmax", "y", []string{"raw"}, axis(1))}, onnx.Float, score.SoftmaxOf([]float32{-1, 0, 2})},
		{"raw scores", []*onnx.Node{call("MatMul", "y", []string{"raw", "w"})}, onnx.Float, score.SoftmaxOf([]float32{-1, 0, 2})},
		{"raw scores that look like probabilities", []*onnx.Node{call("Mul", "s", []string{"raw", "hundredth"}), call("Add", "m", []string{"s", "half"}), call("MatMul", "y", []string{"m", "w"})}, onnx.Float,
			score.SoftmaxOf([]float32{0.49, 0.5, 0.52})},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := writeOutputs(t, slices.Concat(raw, tt.nodes), []*onnx.Value{out("y", tt.out)}, append(constants, ints("row", 1, 3))...)
			m := open(t, r, path, backend.ModelOptions{Provider: infer.CPU})
			x := infer.NewTensor(3, 4, 4)
			x.Data[0], x.Data[32] = -1, 2
			s, err := m.Predict(t.Context(), []infer.Tensor{x})
			if err != nil {
				t.Fatal(err)
			}
			closeTo(t, "probabilities", s[0].Probabilities, tt.want)
			if len(m.Doubts) > 0 || m.Output.Name != "y" {
				t.Errorf("read from %q with doubts %+v", m.Output.Name, m.Doubts)
			}
			if _, err := m.Gradient(t.Context(), []infer.Tensor{x}, []score.Target{score.ClassTarget(2, score.Probability)}); err != nil {
				t.Error(err)
			}
		})
	}
}

// Answers that contradict the usual reading are asked about, with other ways
// to read them, until the user settles it.
func TestDoubts(t *testing.T) {
	r := orttest.Runtime(t)
	many := onnx.NewTensor("many", []int64{1, 4}, []float32{4, 1, 17, 3})
	constants := []*onnx.Tensor{ints("places", 1, 2, 3), many, onnx.NewTensor("none", []int64{1}, []float32{0}), onnx.NewTensor("hundred", []int64{1}, []float32{100}),
		onnx.NewTensor("two", []int64{1}, []float32{2}), ints("table", 1, 8, 6), ints("row", 1, 1), ints("all", 2, 3), ints("column", 1, 1), ints("rows", 2, 3)}
	nothing := []*onnx.Node{call("ReduceSum", "sum", []string{"x", "places"}, attrInt("keepdims", 0)), call("Mul", "nothing", []string{"sum", "none"}), call("Reshape", "still", []string{"nothing", "column"})}
	for _, tt := range []struct {
		name    string
		nodes   []*onnx.Node
		key     string
		kind    score.OutputKind
		settle  string
		percent bool // once it is settled
	}{
		{"whole numbers", append(slices.Clone(nothing), call("Add", "y", []string{"still", "many"})), "kind", score.Regression, "kind=regression", false},
		{"equal values", []*onnx.Node{call("ReduceSum", "raw", []string{"x", "all"}, attrInt("keepdims", 0)), call("Mul", "y", []string{"raw", "none"})}, "activation", score.Classes, "activation=softmax", true},
		{"a softmax that is doubled", []*onnx.Node{call("ReduceSum", "raw", []string{"x", "all"}, attrInt("keepdims", 0)), call("Softmax", "p", []string{"raw"}, axis(0)), call("Cast", "y", []string{"p"}, attrInt("to", 1))}, "activation", score.Classes, "activation=none", true},
		{"a scaled sigmoid", []*onnx.Node{nothing[0], call("Sigmoid", "p", []string{"sum"}), call("Mul", "a", []string{"p", "hundred"}), call("Reshape", "y", []string{"a", "row"})}, "kind", score.Regression, "kind=regression", false},
		{"percentages", []*onnx.Node{call("ReduceSum", "raw", []string{"x", "rows"}, attrInt("keepdims", 0)), call("Softmax", "p", []string{"raw"}, axis(1)), call("Mul", "y", []string{"p", "hundred"})}, "activation", score.Classes, "activation=none", false},
		{"a map of grey values", []*onnx.Node{call("ReduceMean", "m", []string{"x"}, attrInts("axes", 1), attrInt("keepdims", 1)), call("Sigmoid", "p", []string{"m"}), call("Mul", "y", []string{"p", "hundred"})}, "kind", score.Dense, "kind=dense", false},
		{"a map behind a ReLU", []*onnx.Node{call("ReduceMean", "m", []string{"x"}, attrInts("axes", 1), attrInt("keepdims", 1)), call("Relu", "y", []string{"m"})}, "kind", score.Dense, "kind=segmentation", true},
		{"a value behind a ReLU", []*onnx.Node{nothing[0], call("Reshape", "r", []string{"sum", "row"}), call("Relu", "y", []string{"r"})}, "kind", score.Regression, "kind=regression", false},
		{"classes in one line", []*onnx.Node{call("ReduceMean", "y", []string{"x"}, attrInts("axes", 2), attrInt("keepdims", 1))}, "kind", score.Sequence, "kind=segmentation", true},
		{"a table of anything", []*onnx.Node{call("Reshape", "t", []string{"x", "table"}), call("Mul", "y", []string{"t", "two"})}, "kind", score.Detection, "kind=sequence", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := writeOutputs(t, tt.nodes, []*onnx.Value{out("y", onnx.Float)}, constants...)
			m := open(t, r, path, backend.ModelOptions{Provider: infer.CPU})
			if m.Output.Kind != tt.kind || len(m.Doubts) != 1 || m.Percent() {
				t.Fatalf("%+v, doubts %+v", m.Output, m.Doubts)
			}
			d := m.Doubts[0]
			if d.Key != tt.key || len(d.Readings) < 2 || !d.Readings[0].Taken || d.Readings[1].Taken || !strings.Contains(d.Text, "probably") {
				t.Errorf("%+v", d)
			}
			for i, reading := range d.Readings {
				if texts := reading.Choices.Settings(); len(texts) == 0 || !slices.Equal(choose(t, texts...).Settings(), texts) {
					t.Errorf("the reading %q is written as %q", reading.Title, texts)
				}
				card := m.Known()
				if now, err := card.With(reading.Choices); i == 0 && (err != nil || len(now.Doubts) > 0) {
					t.Errorf("what was taken is confirmed: %v, doubts %+v", err, now.Doubts)
				}
				other, err := backend.OpenModel(t.Context(), r, path, backend.ModelOptions{Provider: infer.CPU, Choices: reading.Choices})
				if err != nil {
					t.Fatalf("the reading %q: %v", reading.Title, err)
				}
				if slices.ContainsFunc(other.Doubts, func(o metadata.Doubt) bool { return o.Key == d.Key }) {
					t.Errorf("the reading %q leaves %+v", reading.Title, other.Doubts)
				}
				other.Close()
			}
			settled := open(t, r, path, backend.ModelOptions{Provider: infer.CPU, Choices: choose(t, tt.settle)})
			if named := settled.Output.Kind.OfClasses() && strings.HasPrefix(settled.Measure(0, score.Probability), "P("); named != tt.percent {
				t.Errorf("the score is called %s", settled.Measure(0, score.Probability))
			}
			if len(settled.Doubts) > 0 || settled.Percent() != tt.percent {
				t.Errorf("settled: %+v, doubts %+v", settled.Output, settled.Doubts)
			}
		})
	}
}

// A detector that gives a set of boxes for every size of objects is read by one
// set; the others are one choice away.
func TestSeveralSetsOfBoxes(t *testing.T) {
	r := orttest.Runtime(t)
	var nodes []*onnx.Node
	var outputs []*onnx.Value
	constants := []*onnx.Tensor{ints("large", 1, 12, 4), ints("small", 1, 6, 8), ints("four", 4), ints("zero", 0), ints("two", 2)}
	nodes = append(nodes, call("Reshape", "large_boxes", []string{"x", "large"}), call("Reshape", "wide", []string{"x", "small"}),
		call("Slice", "small_boxes", []string{"wide", "zero", "four", "two"}))
	for _, set := range []string{"large", "small"} {
		nodes = append(nodes, call("ReduceMean", set+"_mean", []string{set + "_boxes"}, attrInts("axes", 2), attrInt("keepdims", 0)),
			call("Sigmoid", set+"_scores", []string{set + "_mean"}),
			call("ArgMax", set+"_labels", []string{set + "_boxes"}, attrInt("axis", 2), attrInt("keepdims", 0)))
		outputs = append(outputs, out(set+"_boxes", onnx.Float), out(set+"_labels", onnx.Int64), out(set+"_scores", onnx.Float))
	}
	path := writeOutputs(t, nodes, outputs, constants...)
	m := open(t, r, path, backend.ModelOptions{Provider: infer.CPU})
	i := slices.IndexFunc(m.Doubts, func(d metadata.Doubt) bool { return d.Key == "output" })
	if m.Output.Kind != score.Selection || m.Output.Name != "large_scores" || i < 0 || len(m.Doubts[i].Readings) != 2 || m.Percent() {
		t.Fatalf("%+v, doubts %+v", m.Output, m.Doubts)
	}
	for k, want := range []string{"large_scores", "small_scores"} {
		other := open(t, r, path, backend.ModelOptions{Provider: infer.CPU, Choices: m.Doubts[i].Readings[k].Choices})
		if other.Output.Kind != score.Selection || other.Output.Name != want || slices.ContainsFunc(other.Doubts, func(d metadata.Doubt) bool { return d.Key == "output" }) {
			t.Errorf("%s: %+v, doubts %+v", want, other.Output, other.Doubts)
		}
	}
}

// Saving how a model is used settles nothing that nobody has said.
func TestSavingLeavesDoubtsOpen(t *testing.T) {
	r := orttest.Runtime(t)
	hundred := onnx.NewTensor("hundred", []int64{1}, []float32{100})
	nodes := []*onnx.Node{call("ReduceSum", "raw", []string{"x", "rows"}, attrInt("keepdims", 0)), call("Softmax", "p", []string{"raw"}, axis(1)), call("Mul", "y", []string{"p", "hundred"})}
	path := writeOutputs(t, nodes, []*onnx.Value{out("y", onnx.Float)}, hundred, ints("rows", 2, 3))
	m := open(t, r, path, backend.ModelOptions{Provider: infer.CPU})
	reopened := func() *backend.Model {
		t.Helper()
		if err := m.Save(metadata.SidecarPath(path)); err != nil {
			t.Fatal(err)
		}
		return open(t, r, path, backend.ModelOptions{Provider: infer.CPU})
	}
	if again := reopened(); len(m.Doubts) != 1 || len(again.Doubts) != 1 || m.Measure(0, score.Probability) != "score(class 0)" {
		t.Errorf("doubts %+v, then %+v", m.Doubts, again.Doubts)
	}
	if err := use(m, m.Doubts[0].Readings[0].Choices); err != nil {
		t.Fatal(err)
	}
	if again := reopened(); len(m.Doubts) != 0 || len(again.Doubts) != 0 || again.Output.Activation != score.Identity || again.Percent() || again.Measure(0, score.Probability) != "score(class 0)" {
		t.Errorf("settled: %+v, then %+v", m.Doubts, again.Doubts)
	}
}

// watched remembers what the sessions give that it opens.
type watched struct {
	infer.Opener
	outputs [][]string
}

func (w *watched) Open(ctx context.Context, src infer.Source, opt infer.SessionOptions) (infer.Session, error) {
	s, err := w.Opener.Open(ctx, src, opt)
	if err == nil {
		var names []string
		for _, p := range s.Outputs() {
			names = append(names, p.Name)
		}
		w.outputs = append(w.outputs, names)
	}
	return s, err
}

func (w *watched) last() []string { return w.outputs[len(w.outputs)-1] }

// Only what scores are made from comes out of a run.
func TestOnlyNeededOutputs(t *testing.T) {
	r := orttest.Runtime(t)
	opened := &watched{Opener: r}
	nodes := append(classifying(), call("Relu", "features", []string{"x"}))
	m := open(t, opened, writeOutputs(t, nodes, []*onnx.Value{out("features", onnx.Float), out("p", onnx.Float)}, ints("places", 2, 3)), backend.ModelOptions{Provider: infer.CPU})
	if got := opened.last(); !slices.Equal(got, []string{"p", "raw"}) || m.Output.Name != "p" {
		t.Errorf("the session gives %q", got)
	}
}

// What a sidecar saves of an output is read again as the same.
func TestReadingsAreSaved(t *testing.T) {
	r := orttest.Runtime(t)
	selected, constants := selecting()
	rows := append(slices.Clone(selected), call("Cast", "class", []string{"number"}, attrInt("to", int64(onnx.Float))), call("Unsqueeze", "c", []string{"class", "two"}),
		call("Unsqueeze", "b", []string{"best", "two"}), call("Concat", "y", []string{"c", "b", "picked"}, axis(2)))
	mean := call("ReduceMean", "mean", []string{"x"}, attrInts("axes", 1), attrInt("keepdims", 0))
	for name, tt := range map[string]struct {
		nodes   []*onnx.Node
		outputs []*onnx.Value
		set     []string
	}{
		"rows":     {rows, []*onnx.Value{out("y", onnx.Float)}, nil},
		"lists":    {selected, []*onnx.Value{out("picked", onnx.Float), out("best", onnx.Float), out("number", onnx.Int64)}, nil},
		"sequence": {append(stepping(), call("Softmax", "y", []string{"steps"}, axis(2))), []*onnx.Value{out("y", onnx.Float)}, []string{"step=4"}},
		"columns":  {append(stepping(), call("Transpose", "turned", []string{"steps"}, attrInts("perm", 0, 2, 1)), call("Softmax", "y", []string{"turned"}, axis(1))), []*onnx.Value{out("y", onnx.Float)}, nil},
		"map":      {[]*onnx.Node{mean}, []*onnx.Value{out("mean", onnx.Float)}, []string{"region=[1,1,3,4]"}},
	} {
		t.Run(name, func(t *testing.T) {
			path := writeOutputs(t, tt.nodes, tt.outputs, append(constants, steppingConstants()[0])...)
			first := open(t, r, path, backend.ModelOptions{Provider: infer.CPU, Choices: choose(t, tt.set...)})
			if err := first.Save(metadata.SidecarPath(path)); err != nil {
				t.Fatal(err)
			}
			again := open(t, r, path, backend.ModelOptions{Provider: infer.CPU})
			a, b := first.Output, again.Output
			if a.Kind != b.Kind || a.Selected != b.Selected || a.Step != b.Step || a.Axis != b.Axis || a.Classes != b.Classes || !slices.Equal(a.Region.Box, b.Region.Box) {
				t.Errorf("saved %+v, read %+v", a, b)
			}
			x := selectedPicture()
			s, err := first.Predict(t.Context(), []infer.Tensor{x})
			if err != nil {
				t.Fatal(err)
			}
			s2, err := again.Predict(t.Context(), []infer.Tensor{x})
			if err != nil {
				t.Fatal(err)
			}
			closeTo(t, "scores", s2[0].Probabilities, s[0].Probabilities)
		})
	}
}

// An answer without a batch axis is that of one picture.
func TestAnswerWithoutABatch(t *testing.T) {
	r := orttest.Runtime(t)
	m := open(t, r, writeOutputs(t, []*onnx.Node{call("ReduceSum", "raw", []string{"x", "places"}, attrInt("keepdims", 0)), call("Softmax", "p", []string{"raw"}, axis(1)), call("Squeeze", "y", []string{"p"})},
		[]*onnx.Value{out("y", onnx.Float)}, ints("places", 2, 3)), backend.ModelOptions{Provider: infer.CPU})
	x := infer.NewTensor(3, 4, 4)
	x.Data[16], x.Data[32] = 1, 2
	s, err := m.Predict(t.Context(), []infer.Tensor{x, infer.NewTensor(3, 4, 4)})
	if err != nil {
		t.Fatal(err)
	}
	if !m.Output.Whole {
		t.Errorf("%+v", m.Output)
	}
	closeTo(t, "probabilities", s[0].Probabilities, score.SoftmaxOf([]float32{0, 1, 2}))
	closeTo(t, "logits", s[0].Logits, []float32{0, 1, 2})
	slopes(t, m, x, score.ClassTarget(2, score.Logit), score.ClassTarget(1, score.Probability))
}
