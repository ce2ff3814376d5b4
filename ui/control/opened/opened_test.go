package opened

import (
	"errors"
	"os"
	"path/filepath"
	"picasso/backend/infer"
	"picasso/backend/metadata"
	"picasso/backend/preprocess"
	"picasso/backend/score"
	"slices"
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
	m := open(t, control.OpenOptions{Choices: metadata.Choices{Preprocess: preprocess.Preprocess{Mean: preprocess.Values{1, 2, 3}}, Stated: []string{"mean"}}})
	about := m.About().Facts
	for name, want := range map[string]string{"Input": "x: 4×4 pixels", "Output": "logits: 2 classes, softmax", "Mean": "1, 2, 3", "Labels": "none"} {
		if got := value(about, name); !strings.HasPrefix(got, want) {
			t.Errorf("%s is told as %q, want %q", name, got, want)
		}
	}
	details := m.(control.Describer).Details()
	for name, want := range map[string]string{"Exported by": "by hand", "Graph": "2 nodes, 96 parameters", "Operators": "Flatten ×1, MatMul ×1", "Inputs": "x: float32 n×3×4×4"} {
		if got := value(details, name); got != want {
			t.Errorf("%s is told as %q, want %q", name, got, want)
		}
	}
	card := m.(control.Adjustable).Card()
	if o := card.Output; o.Kind != score.Classes || card.Input.Name != "x" || o.Name != "logits" {
		t.Errorf("known as %+v", card)
	}
	if ins, outs := m.(control.Ported).Ports(); !slices.Equal(ins, []string{"x"}) || !slices.Equal(outs, []string{"logits"}) {
		t.Errorf("offers %q and %q", ins, outs)
	}
}

// A correction holds from now on, and a sidecar brings it back.
func TestACorrectionIsKept(t *testing.T) {
	m := open(t, control.OpenOptions{}).(control.Adjustable)
	now := m.Card()
	card, err := now.With(metadata.Choices{Preset: "keras-tf", Activation: score.Sigmoid})
	if err != nil {
		t.Fatal(err)
	}
	if m.Card().Output.Activation == score.Sigmoid {
		t.Fatal("a card shares its values with the model")
	}
	if err := m.Use(card); err != nil {
		t.Fatal(err)
	}
	if got := m.Card(); got.Output.Activation != score.Sigmoid || got.Preprocess.Scale != card.Preprocess.Scale {
		t.Errorf("in use: %+v", got)
	}
	path, elsewhere, err := m.SaveSidecar()
	if err != nil || len(elsewhere) != 0 || filepath.Base(path) != "net.picasso.json" {
		t.Fatalf("saved as %q, leaving out %q: %v", path, elsewhere, err)
	}
	again := open(t, control.OpenOptions{Sidecar: path}).(control.Adjustable).Card()
	if again.Output.Activation != score.Sigmoid || again.Preprocess.Scale != card.Preprocess.Scale {
		t.Errorf("the sidecar brings back %+v", again)
	}
	card.Preprocess.Std = []float64{0, 1, 1}
	if err := m.Use(card); err == nil {
		t.Error("a deviation of 0 is taken")
	}
	card = m.Card()
	card.Output.Name = "elsewhere"
	if err := m.Use(card); !errors.Is(err, metadata.ErrOtherSession) {
		t.Errorf("another output: %v", err)
	}
}
