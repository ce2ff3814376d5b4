package opened

import (
	"os"
	"path/filepath"
	"picasso/backend/infer"
	"picasso/backend/score"
	"strings"
	"testing"

	"picasso/backend"
	"picasso/backend/fake"
	"picasso/backend/onnx"
	"picasso/ui/control"
)

// open opens a model of two classes of 3×4×4 pictures: the sum of all values
// and its opposite.
func open(t *testing.T, opt control.OpenOptions) control.Model {
	t.Helper()
	weights := make([]float32, 2*48)
	for i := range weights {
		weights[i] = float32(1 - 2*(i%2))
	}
	batch := onnx.Dim{Size: -1, Symbol: "n"}
	file := &onnx.Model{IRVersion: 8, Producer: "by hand", Opsets: map[string]int64{"": 13}, Graph: &onnx.Graph{
		Nodes: []*onnx.Node{
			{OpType: "Flatten", Inputs: []string{"x"}, Outputs: []string{"f"}},
			{OpType: "MatMul", Inputs: []string{"f", "w"}, Outputs: []string{"logits"}},
		},
		Inputs:       []*onnx.Value{{Name: "x", Type: onnx.Float, Shape: []onnx.Dim{batch, {Size: 3}, {Size: 4}, {Size: 4}}}},
		Outputs:      []*onnx.Value{{Name: "logits", Type: onnx.Float, Shape: []onnx.Dim{batch, {Size: 2}}}},
		Initializers: []*onnx.Tensor{onnx.NewTensor("w", []int64{48, 2}, weights)},
	}}
	data, err := file.Encode()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "net.onnx")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	o := &fake.Opener{Make: func(infer.Source, infer.SessionOptions) (infer.Session, error) {
		return &fake.Session{In: []infer.Port{{Name: "x"}}, Out: []infer.Port{{Name: "logits"}}, Func: fake.PerPicture(func(x infer.Tensor) infer.Tensor {
			var sum float32
			for _, v := range x.Data {
				sum += v
			}
			return infer.Tensor{Shape: []int{2}, Data: []float32{sum, -sum}}
		})}, nil
	}}
	m, err := With(o, backend.ModelOptions{})(t.Context(), path, opt, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}

func value(facts []control.Fact, name string) string {
	for _, f := range facts {
		if f.Name == name {
			return f.Value
		}
	}
	return ""
}

func TestAModelIsDescribed(t *testing.T) {
	m := open(t, control.OpenOptions{Set: []string{"preprocess.mean=[1,2,3]"}})
	about := m.About().Facts
	for name, want := range map[string]string{"Input": "x: 4×4 pixels", "Output": "logits: 2 classes, softmax", "Mean": "1, 2, 3", "Labels": "none"} {
		if got := value(about, name); !strings.HasPrefix(got, want) {
			t.Errorf("%s is told as %q, want %q", name, got, want)
		}
	}
	details := m.(control.Describer).Details()
	for name, want := range map[string]string{"Exported by": "by hand", "Graph": "2 nodes, 96 parameters", "Operators": "Flatten ×1, MatMul ×1", "Inputs": "x: float32, n×3×4×4"} {
		if got := value(details, name); got != want {
			t.Errorf("%s is told as %q, want %q", name, got, want)
		}
	}
	if a := m.(control.Answering).Answer(); a.Kind != score.Classes || a.Input != "x" || a.Output != "logits" || len(a.Outputs) != 1 {
		t.Errorf("answers as %+v", a)
	}
}

// A correction holds from now on, and a sidecar brings it back.
func TestACorrectionIsKept(t *testing.T) {
	m := open(t, control.OpenOptions{}).(control.Adjustable)
	p := m.Preparation()
	pre, err := m.Preset("keras-tf")
	if err != nil {
		t.Fatal(err)
	}
	p.Preprocess, p.Activation = pre, score.Sigmoid
	if err := m.Adjust(p); err != nil {
		t.Fatal(err)
	}
	if got := m.Preparation(); got.Activation != score.Sigmoid || got.Preprocess.Scale != pre.Scale {
		t.Errorf("in use: %+v", got)
	}
	path, elsewhere, err := m.SaveSidecar()
	if err != nil || len(elsewhere) != 0 || filepath.Base(path) != "net.picasso.json" {
		t.Fatalf("saved as %q, leaving out %q: %v", path, elsewhere, err)
	}
	again := open(t, control.OpenOptions{Sidecar: path}).(control.Adjustable).Preparation()
	if again.Activation != score.Sigmoid || again.Preprocess.Scale != pre.Scale {
		t.Errorf("the sidecar brings back %+v", again)
	}
	p.Preprocess.Std = []float64{0, 1, 1}
	if err := m.Adjust(p); err == nil {
		t.Error("a deviation of 0 is taken")
	}
}

func TestMeaningOfTheOutput(t *testing.T) {
	for want, a := range map[string]control.Answer{
		"an embedding, compared with cat.png": {Kind: score.Embedding, References: []string{"/a/cat.png"}},
		"an embedding of 3 numbers":           {Kind: score.Embedding},
		"3 values":                            {Kind: score.Regression},
		"3 classes, sigmoid":                  {Kind: score.Classes, Activation: score.Sigmoid},
	} {
		if got := meaning(a, 3); got != want {
			t.Errorf("%+v means %q, want %q", a, got, want)
		}
	}
	for want, r := range map[string]score.Region{"all": {}, "[1,2,3,4]": {Box: []int{1, 2, 3, 4}}} {
		if got := regionText(r); got != want {
			t.Errorf("%+v is written %q, want %q", r, got, want)
		}
	}
}
