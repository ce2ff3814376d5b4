package backend_test

import (
	"errors"
	"slices"
	"testing"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/ort/orttest"
	"picasso/backend/score"
)

func ml(op string, outputs []string, in []string, attrs ...*onnx.Attr) *onnx.Node {
	return &onnx.Node{OpType: op, Domain: "ai.onnx.ml", Inputs: in, Outputs: outputs, Attrs: attrs}
}

func attrTexts(name string, v ...string) *onnx.Attr {
	a := &onnx.Attr{Name: name, Kind: onnx.AttrStrings}
	for _, s := range v {
		a.Strings = append(a.Strings, []byte(s))
	}
	return a
}

// classifying is a classifier of 3 classes: "raw" and its softmax "p", 1×3. The
// raw score of class c is the sum of channel c.
func classifying() []*onnx.Node {
	return []*onnx.Node{
		call("ReduceSum", "raw", []string{"x", "places"}, attrInt("keepdims", 0)),
		call("Softmax", "p", []string{"raw"}, axis(1)),
	}
}

// Outputs that tell only the best classes, their names or a map of them are
// looked through for the scores, and give the classes their names.
func TestScoresBehindTheirTail(t *testing.T) {
	r := orttest.Runtime(t)
	names := []string{"daisy", "rose", "tulip"}
	words := &onnx.Tensor{Name: "words", Type: onnx.String, Dims: []int64{3}, Strings: [][]byte{[]byte("daisy"), []byte("rose"), []byte("tulip")}}
	top := &onnx.Node{OpType: "TopK", Inputs: []string{"p", "k"}, Outputs: []string{"values", "at"}, Attrs: []*onnx.Attr{axis(1)}}
	best := call("ArgMax", "best", []string{"p"}, axis(1), attrInt("keepdims", 0))
	sequence := &onnx.Value{Name: "map"}
	for _, tt := range []struct {
		name    string
		more    []*onnx.Node
		outputs []*onnx.Value
		labels  []string
	}{
		{"best values and their places", []*onnx.Node{top}, []*onnx.Value{out("values", onnx.Float), out("at", onnx.Int64)}, nil},
		{"places alone", []*onnx.Node{top}, []*onnx.Value{out("at", onnx.Int64)}, nil},
		{"number as another type", []*onnx.Node{best, call("Cast", "n", []string{"best"}, attrInt("to", int64(onnx.Float)))}, []*onnx.Value{out("n", onnx.Float)}, nil},
		{"number as a text", []*onnx.Node{best, call("Cast", "n", []string{"best"}, attrInt("to", int64(onnx.String)))}, []*onnx.Value{out("n", onnx.String)}, nil},
		{"the largest value beside its place", []*onnx.Node{best, call("ReduceMax", "most", []string{"p"}, attrInts("axes", 1), attrInt("keepdims", 0))}, []*onnx.Value{out("most", onnx.Float), out("best", onnx.Int64)}, nil},
		{"what lies above a threshold", []*onnx.Node{call("Greater", "yes", []string{"p", "half"}), call("Cast", "n", []string{"yes"}, attrInt("to", int64(onnx.Float)))}, []*onnx.Value{out("n", onnx.Float)}, nil},
		{"name from a list", []*onnx.Node{best, call("Gather", "n", []string{"words", "best"}, axis(0))}, []*onnx.Value{out("n", onnx.String)}, names},
		{"name of no stated type", []*onnx.Node{best, call("Gather", "n", []string{"words", "best"}, axis(0))}, []*onnx.Value{out("n", 0)}, names},
		{"name by feature extraction and a map", []*onnx.Node{best, ml("ArrayFeatureExtractor", []string{"n"}, []string{"words", "best"}), ml("ZipMap", []string{"map"}, []string{"p"}, attrTexts("classlabels_strings", names...))},
			[]*onnx.Value{out("n", onnx.String), sequence}, names},
		{"a map of numbers", []*onnx.Node{best, ml("ZipMap", []string{"map"}, []string{"p"}, attrInts("classlabels_int64s", 3, 5, 8))},
			[]*onnx.Value{sequence, out("best", onnx.Int64)}, []string{"3", "5", "8"}},
		{"name by a LabelEncoder", []*onnx.Node{best, ml("LabelEncoder", []string{"n"}, []string{"best"}, attrInts("keys_int64s", 2, 0, 1), attrTexts("values_strings", "tulip", "daisy", "rose"))},
			[]*onnx.Value{out("n", onnx.String)}, names},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := writeOutputs(t, append(classifying(), tt.more...), tt.outputs, ints("places", 2, 3), ints("k", 2), words, onnx.NewTensor("half", []int64{1}, []float32{0.5}))
			m := open(t, r, path, backend.ModelOptions{Provider: infer.CPU})
			if m.Output.Kind != score.Classes || m.Classes() != 3 || m.Output.Activation != score.Softmax || !m.HasLogits() {
				t.Fatalf("%d classes of %+v", m.Classes(), m.Output)
			}
			if !slices.Equal(m.Labels, tt.labels) {
				t.Errorf("the labels are %q, want %q", m.Labels, tt.labels)
			}
			x := infer.NewTensor(3, 4, 4)
			x.Data[16], x.Data[32] = 1, 2
			s, err := m.Predict(t.Context(), []infer.Tensor{x, x})
			if err != nil {
				t.Fatal(err)
			}
			closeTo(t, "logits", s[1].Logits, []float32{0, 1, 2})
			closeTo(t, "probabilities", s[1].Probabilities, score.SoftmaxOf([]float32{0, 1, 2}))
			g, err := m.Gradient(t.Context(), []infer.Tensor{x}, []score.Target{score.ClassTarget(1, score.Logit)})
			if err != nil {
				t.Fatal(err)
			}
			if v := g[0][0].Data; v[0] != 0 || v[16] != 1 || v[47] != 0 {
				t.Errorf("the gradient is %v", v)
			}
		})
	}
}

// A text beside scores never blocks them, and one without any scores in front
// is refused in words.
func TestTextOutputs(t *testing.T) {
	r := orttest.Runtime(t)
	words := &onnx.Tensor{Name: "words", Type: onnx.String, Dims: []int64{1}, Strings: [][]byte{[]byte("version 3")}}
	text := call("Identity", "version", []string{"words"})
	m := open(t, r, writeOutputs(t, append(classifying(), text), []*onnx.Value{out("version", onnx.String), out("p", onnx.Float)}, ints("places", 2, 3), words), backend.ModelOptions{Provider: infer.CPU})
	if m.Output.Name != "p" {
		t.Errorf("read from %q", m.Output.Name)
	}
	_, err := backend.OpenModel(t.Context(), r, writeOutputs(t, append(classifying(), text), []*onnx.Value{out("version", onnx.String)}, ints("places", 2, 3), words), backend.ModelOptions{Provider: infer.CPU})
	var file *onnx.FileError
	if !asFileError(err, &file) || file.Remedy == "" {
		t.Errorf("got %v", err)
	}
}

// A classifier that hands a text on, as ML.NET exports its true label, opens
// without it.
func TestInputsOfTextThatServeNothing(t *testing.T) {
	r := orttest.Runtime(t)
	words := &onnx.Tensor{Name: "words", Type: onnx.String, Dims: []int64{3}, Strings: [][]byte{[]byte("daisy"), []byte("rose"), []byte("tulip")}}
	m := &onnx.Model{IRVersion: 8, Opsets: map[string]int64{"": 13}, Graph: &onnx.Graph{
		Name: "g", Initializers: []*onnx.Tensor{ints("places", 2, 3), words},
		Nodes: append(classifying(), call("ArgMax", "best", []string{"p"}, axis(1), attrInt("keepdims", 0)),
			call("Gather", "PredictedLabel.output", []string{"words", "best"}), call("Identity", "Label.output", []string{"Label"}), call("Identity", "Score.output", []string{"p"})),
		Inputs:  []*onnx.Value{{Name: "Label", Type: onnx.String, Shape: shape(1, 1)}, {Name: "x", Type: onnx.Float, Shape: shape(1, 3, 4, 4)}},
		Outputs: []*onnx.Value{out("Label.output", onnx.String), out("PredictedLabel.output", onnx.String), out("Score.output", onnx.Float)},
	}}
	model := open(t, r, saveModel(t, m), backend.ModelOptions{Provider: infer.CPU})
	if model.Output.Name != "Score.output" || model.Classes() != 3 || !slices.Equal(model.Labels, []string{"daisy", "rose", "tulip"}) {
		t.Errorf("%q of %+v", model.Labels, model.Output)
	}
}

func asFileError(err error, into **onnx.FileError) bool { return errors.As(err, into) }
