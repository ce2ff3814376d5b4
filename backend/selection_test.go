package backend_test

import (
	"errors"
	"math"
	"os"
	"path/filepath"
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

// out is an output without a stated shape, as exporters leave it where they
// cannot tell.
func out(name string, typ onnx.DataType) *onnx.Value { return &onnx.Value{Name: name, Type: typ} }

// writeOutputs writes a model of 1×3×4×4 pixels with several outputs.
func writeOutputs(t *testing.T, nodes []*onnx.Node, outputs []*onnx.Value, constants ...*onnx.Tensor) string {
	t.Helper()
	return saveModel(t, &onnx.Model{IRVersion: 8, Opsets: map[string]int64{"": 13, "ai.onnx.ml": 2}, Graph: &onnx.Graph{
		Name: "g", Nodes: nodes, Initializers: constants, Outputs: outputs,
		Inputs: []*onnx.Value{{Name: "x", Type: onnx.Float, Shape: shape(1, 3, 4, 4)}},
	}})
}

func ints(name string, values ...int64) *onnx.Tensor {
	return onnx.NewInts(name, []int64{int64(len(values))}, values)
}

func scalar(name string, v int64) *onnx.Tensor { return onnx.NewInts(name, nil, []int64{v}) }

func attrInts(name string, v ...int64) *onnx.Attr {
	return &onnx.Attr{Name: name, Kind: onnx.AttrInts, Ints: v}
}

func attrInt(name string, v int64) *onnx.Attr {
	return &onnx.Attr{Name: name, Kind: onnx.AttrInt, I: v}
}

// selecting is a detector of 8 boxes and 2 classes that gives its 3 best
// scores: pixel 6·box+4+class is the raw score of a class in a box. Tensors:
// picked (1×3×4), best (1×3 scores), number (1×3 class numbers, whole).
func selecting() ([]*onnx.Node, []*onnx.Tensor) {
	return []*onnx.Node{
			call("Reshape", "table", []string{"x", "table.shape"}),
			call("Slice", "boxes", []string{"table", "zero", "four", "two"}),
			call("Slice", "raw", []string{"table", "four", "six", "two"}),
			call("Sigmoid", "probable", []string{"raw"}),
			call("Reshape", "flat", []string{"probable", "flat.shape"}),
			{OpType: "TopK", Inputs: []string{"flat", "three"}, Outputs: []string{"best", "at"}, Attrs: []*onnx.Attr{axis(1)}},
			call("Mod", "number", []string{"at", "classes"}),
			call("Div", "row", []string{"at", "classes"}),
			call("Unsqueeze", "row1", []string{"row", "two"}),
			call("Expand", "row4", []string{"row1", "row.shape"}),
			call("GatherElements", "picked", []string{"boxes", "row4"}, axis(1)),
		}, []*onnx.Tensor{
			ints("table.shape", 1, 8, 6), ints("zero", 0), ints("two", 2), ints("three", 3), ints("four", 4), ints("six", 6),
			ints("flat.shape", 1, 16), scalar("classes", 2), ints("row.shape", 1, 3, 4), scalar("one", 1),
		}
}

// at is the pixel of the raw score of a class in a box of [selecting].
func at(box, class int) int { return 6*box + 4 + class }

// picture has raw scores 2 for class 1 in box 3, 1 for class 1 in box 5 and
// 0.5 for class 0 in box 6; all others are far below.
func selectedPicture() infer.Tensor {
	x := infer.NewTensor(3, 4, 4)
	for box := range 8 {
		x.Data[at(box, 0)], x.Data[at(box, 1)] = -9, -9
	}
	x.Data[at(3, 1)], x.Data[at(5, 1)], x.Data[at(6, 0)] = 2, 1, 0.5
	return x
}

func sigmoid(z float64) float32 { return float32(1 / (1 + math.Exp(-z))) }

// A class has the score of its best box, in whatever form the boxes are given,
// and the gradient leads back to the one number that made it.
func TestSelectedBoxes(t *testing.T) {
	r := orttest.Runtime(t)
	nodes, constants := selecting()
	column := func(from, to string) *onnx.Node { return call("Unsqueeze", to, []string{from, "two"}) }
	class := call("Cast", "class", []string{"number"}, attrInt("to", int64(onnx.Float)))
	label := call("Add", "label", []string{"number", "one"})
	for _, tt := range []struct {
		name    string
		more    []*onnx.Node
		outputs []*onnx.Value
		first   int // number of the first class
	}{
		{"labels, boxes, scores", nil, []*onnx.Value{out("number", onnx.Int64), out("picked", onnx.Float), out("best", onnx.Float)}, 0},
		{"scores, labels, boxes without types", nil, []*onnx.Value{out("best", 0), out("number", 0), out("picked", 0)}, 0},
		{"boxes, class numbers as floats, scores", []*onnx.Node{class}, []*onnx.Value{out("picked", onnx.Float), out("class", onnx.Float), out("best", onnx.Float)}, 0},
		{"nameless lists of floats", []*onnx.Node{call("Cast", "1", []string{"number"}, attrInt("to", int64(onnx.Float)))},
			[]*onnx.Value{out("picked", onnx.Float), out("1", onnx.Float), out("best", onnx.Float)}, 0},
		{"labels that start at 1", []*onnx.Node{label}, []*onnx.Value{out("picked", onnx.Float), out("best", onnx.Float), out("label", onnx.Int64)}, 1},
		{"boxes with scores beside labels", []*onnx.Node{column("best", "b"), call("Concat", "dets", []string{"picked", "b"}, axis(2))},
			[]*onnx.Value{out("dets", onnx.Float), out("number", onnx.Int64)}, 0},
		{"rows of box, score, class", []*onnx.Node{class, column("class", "c"), column("best", "b"), call("Concat", "y", []string{"picked", "b", "c"}, axis(-1))},
			[]*onnx.Value{out("y", onnx.Float)}, 0},
		{"rows of class, score, box", []*onnx.Node{class, column("class", "c"), column("best", "b"), call("Concat", "y", []string{"c", "b", "picked"}, axis(2))},
			[]*onnx.Value{out("y", onnx.Float)}, 0},
		{"rows of box, class, score", []*onnx.Node{class, column("class", "c"), column("best", "b"), call("Concat", "y", []string{"picked", "c", "b"}, axis(2))},
			[]*onnx.Value{out("y", onnx.Float)}, 0},
		{"rows without a batch", []*onnx.Node{class, column("class", "c"), column("best", "b"), call("Concat", "all", []string{"picked", "b", "c"}, axis(2)), call("Squeeze", "y", []string{"all", "zero"})},
			[]*onnx.Value{out("y", onnx.Float)}, 0},
		{"rows of picture, box, class, score", []*onnx.Node{class, column("class", "c"), column("best", "b"), call("Mul", "p", []string{"c", "nothing"}),
			call("Concat", "all", []string{"p", "picked", "c", "b"}, axis(2)), call("Squeeze", "y", []string{"all", "zero"})}, []*onnx.Value{out("y", onnx.Float)}, 0},
		{"lists without a batch", []*onnx.Node{call("Squeeze", "s", []string{"best", "zero"}), call("Squeeze", "n", []string{"number", "zero"}), call("Squeeze", "b", []string{"picked", "zero"})},
			[]*onnx.Value{out("n", onnx.Int64), out("s", onnx.Float), out("b", onnx.Float)}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := writeOutputs(t, slices.Concat(nodes, tt.more), tt.outputs, append(constants, onnx.NewTensor("nothing", []int64{1}, []float32{0}))...)
			m := open(t, r, path, backend.ModelOptions{Provider: infer.CPU})
			if m.Output.Kind != score.Selection || m.Classes() != 2+tt.first || len(m.Doubts) > 0 {
				t.Fatalf("%d classes of %+v, doubts %+v", m.Classes(), m.Output, m.Doubts)
			}
			x := selectedPicture()
			s, err := m.Predict(t.Context(), []infer.Tensor{x, infer.NewTensor(3, 4, 4)})
			if err != nil {
				t.Fatal(err)
			}
			want := append(make([]float32, tt.first), sigmoid(0.5), sigmoid(2))
			closeTo(t, "scores", s[0].Probabilities, want)
			best := tt.first + 1
			g, err := m.Gradient(t.Context(), []infer.Tensor{x}, []score.Target{score.ClassTarget(best, score.Probability), {Class: best - 1, Against: best}})
			if err != nil {
				t.Fatal(err)
			}
			slope := func(z float64) float32 { return sigmoid(z) * sigmoid(-z) }
			alone, both := make([]float32, len(x.Data)), make([]float32, len(x.Data))
			alone[at(3, 1)], both[at(3, 1)], both[at(6, 0)] = slope(2), -slope(2), slope(0.5)
			closeTo(t, "gradient", g[0][0].Data, alone)
			closeTo(t, "gradient of a difference", g[0][1].Data, both)
			y := selectedPicture()
			y.Data[at(3, 1)], y.Data[at(4, 1)] = 0, 3
			if g, err = m.Gradient(t.Context(), []infer.Tensor{x, y}, []score.Target{score.ClassTarget(best, score.Probability)}); err != nil {
				t.Fatal(err)
			}
			other := make([]float32, len(x.Data))
			other[at(4, 1)] = slope(3)
			closeTo(t, "gradient of the first of two", g[0][0].Data, alone)
			closeTo(t, "gradient of the second of two", g[1][0].Data, other)
		})
	}
}

// A class of which a picture has no box has the score 0, and is refused a
// gradient in words.
func TestClassWithoutABox(t *testing.T) {
	r := orttest.Runtime(t)
	nodes, constants := selecting()
	m := open(t, r, writeOutputs(t, nodes, []*onnx.Value{out("picked", onnx.Float), out("number", onnx.Int64), out("best", onnx.Float)}, constants...), backend.ModelOptions{Provider: infer.CPU})
	x := selectedPicture()
	x.Data[at(6, 0)], x.Data[at(6, 1)] = -9, 1.5
	s, err := m.Predict(t.Context(), []infer.Tensor{x})
	if err != nil {
		t.Fatal(err)
	}
	closeTo(t, "scores", s[0].Probabilities, []float32{0, sigmoid(2)})
	_, err = m.Gradient(t.Context(), []infer.Tensor{x}, []score.Target{score.ClassTarget(0, score.Probability)})
	var absent *score.AbsentError
	if !errors.As(err, &absent) || absent.Class != 0 {
		t.Errorf("got %v", err)
	}
}

// suppressing is a detector of 2 classes with NonMaxSuppression inside: none
// to 8 boxes come out.
func suppressing() ([]*onnx.Node, []*onnx.Tensor) {
	return []*onnx.Node{
			call("Reshape", "table", []string{"x", "table.shape"}),
			call("Slice", "corners", []string{"table", "zero", "four", "two"}),
			call("Add", "apart", []string{"corners", "places"}),
			call("Slice", "raw", []string{"table", "four", "six", "two"}),
			call("Sigmoid", "probable", []string{"raw"}),
			call("Transpose", "turned", []string{"probable"}, attrInts("perm", 0, 2, 1)),
			call("NonMaxSuppression", "kept", []string{"apart", "turned", "many", "overlap", "least"}),
			call("Gather", "number", []string{"kept", "1"}, axis(1)),
			call("Gather", "box", []string{"kept", "2"}, axis(1)),
			call("Squeeze", "all", []string{"apart", "zero"}),
			call("Gather", "boxes", []string{"all", "box"}, axis(0)),
			call("GatherND", "scores", []string{"turned", "kept"}),
		}, []*onnx.Tensor{
			ints("table.shape", 1, 8, 6), ints("zero", 0), ints("two", 2), ints("four", 4), ints("six", 6), scalar("1", 1), scalar("2", 2),
			ints("many", 8), onnx.NewTensor("overlap", []int64{1}, []float32{0.5}), onnx.NewTensor("least", []int64{1}, []float32{0.6}),
			onnx.NewTensor("places", []int64{1, 8, 4}, func() []float32 {
				var v []float32
				for i := range 8 {
					v = append(v, float32(100*i), 0, float32(100*i+50), 50)
				}
				return v
			}()),
		}
}

// A detector that finds nothing in the trial picture opens all the same, and
// knows its classes.
func TestSuppressedBoxes(t *testing.T) {
	r := orttest.Runtime(t)
	nodes, constants := suppressing()
	m := open(t, r, writeOutputs(t, nodes, []*onnx.Value{out("boxes", onnx.Float), out("number", onnx.Int64), out("scores", onnx.Float)}, constants...), backend.ModelOptions{Provider: infer.CPU})
	if m.Output.Kind != score.Selection || m.Classes() != 2 || !m.Output.Whole {
		t.Fatalf("%d classes of %+v", m.Classes(), m.Output)
	}
	s, err := m.Predict(t.Context(), []infer.Tensor{selectedPicture(), infer.NewTensor(3, 4, 4)})
	if err != nil {
		t.Fatal(err)
	}
	closeTo(t, "scores", s[0].Probabilities, []float32{sigmoid(0.5), sigmoid(2)})
	closeTo(t, "scores without a box", s[1].Probabilities, []float32{0, 0})
}

// Rows out of a suppression are told by what they are joined from, also where
// the trial picture has none.
func TestRowsOfSuppressedBoxes(t *testing.T) {
	r := orttest.Runtime(t)
	nodes, constants := suppressing()
	wide := func(from string) []*onnx.Node {
		return []*onnx.Node{call("Cast", from+".f", []string{from}, attrInt("to", int64(onnx.Float))), call("Unsqueeze", from+".c", []string{from + ".f", "one"})}
	}
	nodes = slices.Concat(nodes, []*onnx.Node{call("Gather", "picture", []string{"kept", "0"}, axis(1)), call("Unsqueeze", "scores.c", []string{"scores", "one"})}, wide("number"), wide("picture"))
	constants = append(constants, ints("one", 1), scalar("0", 0), ints("top", 1, 1, -1, 7))
	for name, tt := range map[string]struct {
		rows    []string
		classes int
	}{
		"picture, box, class, score": {[]string{"picture.c", "boxes", "number.c", "scores.c"}, 2},
		"picture, class, score, box": {[]string{"picture.c", "number.c", "scores.c", "boxes"}, 2},
		"class, score, box":          {[]string{"number.c", "scores.c", "boxes"}, 2},
		"box, score, class":          {[]string{"boxes", "scores.c", "number.c"}, 2},
		"box, score":                 {[]string{"boxes", "scores.c"}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			m := open(t, r, writeOutputs(t, append(slices.Clone(nodes), call("Concat", "y", tt.rows, axis(1))), []*onnx.Value{out("y", onnx.Float)}, constants...), backend.ModelOptions{Provider: infer.CPU})
			if m.Output.Kind != score.Selection || m.Classes() != tt.classes || !m.Output.Whole || len(m.Doubts) > 0 {
				t.Fatalf("%d classes of %+v, doubts %+v", m.Classes(), m.Output, m.Doubts)
			}
			s, err := m.Predict(t.Context(), []infer.Tensor{selectedPicture(), infer.NewTensor(3, 4, 4)})
			if err != nil {
				t.Fatal(err)
			}
			want := []float32{sigmoid(0.5), sigmoid(2)}
			if tt.classes == 1 {
				want = want[1:]
			}
			closeTo(t, "scores", s[0].Probabilities, want)
			closeTo(t, "scores without a box", s[1].Probabilities, make([]float32, tt.classes))
		})
	}
	m := open(t, r, writeOutputs(t, append(slices.Clone(nodes), call("Concat", "rows", []string{"picture.c", "number.c", "scores.c", "boxes"}, axis(1)), call("Reshape", "y", []string{"rows", "top"})),
		[]*onnx.Value{out("y", onnx.Float)}, constants...), backend.ModelOptions{Provider: infer.CPU})
	if m.Output.Kind != score.Selection || m.Output.Selected.Class != 1 || m.Output.Selected.Score != 2 {
		t.Errorf("with axes of 1 in front: %+v", m.Output)
	}
}

// Where only values tell the columns and corners of boxes are whole numbers too,
// the usual places are taken, and asked about.
func TestColumnsByValues(t *testing.T) {
	r := orttest.Runtime(t)
	nodes, constants := selecting()
	hidden := []*onnx.Node{ // neither a joint nor class numbers are to be seen
		call("Floor", "corners", []string{"picked"}), call("Cast", "class", []string{"number"}, attrInt("to", int64(onnx.Float))), call("Unsqueeze", "c", []string{"class", "two"}),
		call("Unsqueeze", "b", []string{"best", "two"}), call("Concat", "rows", []string{"corners", "b", "c"}, axis(2)), call("Abs", "y", []string{"rows"}),
	}
	path := writeOutputs(t, append(nodes, hidden...), []*onnx.Value{out("y", onnx.Float)}, constants...)
	m := open(t, r, path, backend.ModelOptions{Provider: infer.CPU, Choices: metadata.Choices{LabelFile: writeLabels(t, "cat\ndog\n")}})
	if m.Output.Kind != score.Selection || m.Output.Selected.Class != 5 || m.Output.Selected.Score != 4 || m.Classes() != 2 {
		t.Errorf("%d classes of %+v", m.Classes(), m.Output)
	}
	if !slices.ContainsFunc(m.Doubts, func(d metadata.Doubt) bool { return d.Key == "class" }) {
		t.Errorf("doubts %+v", m.Doubts)
	}
	if d := m.Doubts[0]; use(m, d.Readings[0].Choices) != nil || len(m.Doubts) > 0 || !errors.Is(use(m, d.Readings[2].Choices), metadata.ErrOtherSession) {
		t.Errorf("confirmed as they are: doubts %+v; other columns: %v", m.Doubts, use(m, d.Readings[2].Choices))
	}
	m = open(t, r, path, backend.ModelOptions{Provider: infer.CPU, Choices: choose(t, "kind=selection", "score=4", "class=5").Merge(metadata.Choices{LabelFile: writeLabels(t, "cat\ndog\n")})})
	if len(m.Doubts) > 0 {
		t.Errorf("settled: %+v", m.Doubts)
	}
	if _, err := backend.OpenModel(t.Context(), r, path, backend.ModelOptions{Provider: infer.CPU, Choices: choose(t, "class=6")}); err == nil {
		t.Error("a column beyond the last was taken")
	}
}

func writeLabels(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "names.txt")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Scores of one class beside boxes are those of the best box; where there are
// scores of several classes too, the list is something else.
func TestListsBesideBoxes(t *testing.T) {
	r := orttest.Runtime(t)
	nodes := []*onnx.Node{
		call("Reshape", "table", []string{"x", "table.shape"}),
		call("Slice", "boxes", []string{"table", "0", "4", "2"}),
		call("Slice", "raw", []string{"table", "4", "5", "2"}),
		call("Sigmoid", "list", []string{"raw"}),
		call("Slice", "rest", []string{"table", "4", "6", "2"}),
		call("Sigmoid", "classes", []string{"rest"}),
	}
	constants := []*onnx.Tensor{ints("table.shape", 1, 8, 6), ints("0", 0), ints("2", 2), ints("4", 4), ints("5", 5), ints("6", 6)}
	one := open(t, r, writeOutputs(t, nodes[:4], []*onnx.Value{out("boxes", onnx.Float), out("list", onnx.Float)}, constants...), backend.ModelOptions{Provider: infer.CPU})
	if one.Output.Kind != score.Selection || one.Classes() != 1 {
		t.Errorf("one class: %d of %+v", one.Classes(), one.Output)
	}
	two := open(t, r, writeOutputs(t, nodes, []*onnx.Value{out("list", onnx.Float), out("classes", onnx.Float), out("boxes", onnx.Float)}, constants...), backend.ModelOptions{Provider: infer.CPU})
	if two.Output.Kind != score.Detection || two.Output.Name != "classes" || two.Classes() != 2 {
		t.Errorf("two classes: %d of %+v", two.Classes(), two.Output)
	}
}

// The scores in front of a suppression are read where they are an output too.
func TestScoresBesideTheirSelection(t *testing.T) {
	r := orttest.Runtime(t)
	nodes, constants := suppressing()
	m := open(t, r, writeOutputs(t, nodes, []*onnx.Value{out("apart", onnx.Float), out("turned", onnx.Float), out("kept", onnx.Int64)}, constants...), backend.ModelOptions{Provider: infer.CPU})
	if m.Output.Kind != score.Detection || m.Output.Name != "turned" || m.Classes() != 2 || m.Output.Skip != 0 {
		t.Fatalf("%d classes of %+v", m.Classes(), m.Output)
	}
	s, err := m.Predict(t.Context(), []infer.Tensor{selectedPicture()})
	if err != nil {
		t.Fatal(err)
	}
	closeTo(t, "scores of the best box", s[0].Probabilities, []float32{sigmoid(-9), sigmoid(2)})
}

// Coordinates of boxes are never classes, whatever outputs and axes are called
// and however their values are bounded.
func TestBoxesAreNoClasses(t *testing.T) {
	r := orttest.Runtime(t)
	nodes := []*onnx.Node{
		call("Reshape", "table", []string{"x", "table.shape"}),
		call("Slice", "raw", []string{"table", "zero", "four", "two"}),
		call("Sigmoid", "1207", []string{"raw"}),
		call("Slice", "1193", []string{"table", "four", "seven", "two"}),
	}
	constants := []*onnx.Tensor{ints("table.shape", 1, 6, 8), ints("zero", 0), ints("two", 2), ints("four", 4), ints("seven", 7)}
	for _, outputs := range [][]*onnx.Value{
		{out("1207", onnx.Float), out("1193", onnx.Float)}, {out("1193", onnx.Float), out("1207", onnx.Float)},
	} {
		m := open(t, r, writeOutputs(t, nodes, outputs, constants...), backend.ModelOptions{Provider: infer.CPU})
		if m.Output.Name != "1193" || m.Output.Kind != score.Detection || m.Classes() != 3 || m.Output.Skip != 0 {
			t.Errorf("%d classes of %+v", m.Classes(), m.Output)
		}
	}
}

// Where the number of classes is not said, a class beyond those that were seen
// is refused, and names settle it.
func TestUnknownNumberOfClasses(t *testing.T) {
	r := orttest.Runtime(t)
	nodes, constants := selecting()
	nodes = append(nodes, call("Cast", "f", []string{"number"}, attrInt("to", int64(onnx.Float))), call("Abs", "label", []string{"f"}))
	path := writeOutputs(t, nodes, []*onnx.Value{out("picked", onnx.Float), out("label", onnx.Float), out("best", onnx.Float)}, constants...)
	m := open(t, r, path, backend.ModelOptions{Provider: infer.CPU})
	if len(m.Doubts) != 1 || m.Doubts[0].Key != "labels" || !strings.Contains(m.Doubts[0].Text, "probably") || !m.Percent() {
		t.Errorf("doubts %+v, warnings %q", m.Doubts, m.Warnings)
	}
	if err := use(m, choose(t, `labels=["cat","dog","cow"]`)); !errors.Is(err, metadata.ErrOtherSession) {
		t.Errorf("the open model takes more classes: %v", err)
	}
	m = open(t, r, path, backend.ModelOptions{Provider: infer.CPU, Choices: choose(t, `labels=["cat","dog","cow"]`)})
	if len(m.Doubts) != 0 || m.Classes() != 3 || m.ClassName(2) != "cow" {
		t.Errorf("%d classes, doubts %+v", m.Classes(), m.Doubts)
	}
}
