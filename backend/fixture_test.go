package backend_test

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"picasso/backend/fixtures"
	"picasso/backend/ort/orttest"
	"picasso/backend/preprocess"
	"testing"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/metadata"
	"picasso/backend/npy"
	"picasso/backend/onnx"
)

func open(t *testing.T, o infer.Opener, path string, opt backend.ModelOptions) *backend.Model {
	t.Helper()
	m, err := backend.OpenModel(t.Context(), o, path, opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	return m
}

func readArray(t *testing.T, path string) npy.Array {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	a, err := npy.Read(bytes.NewReader(data), 1<<28)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// caseFolders are the folders of the public reference cases.
func caseFolders(t *testing.T) []string {
	t.Helper()
	root := fixtures.Path(t, "public")
	files, err := filepath.Glob(filepath.Join(root, "*", "case.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases in %s: %v", root, err)
	}
	for i, file := range files {
		files[i] = filepath.Dir(file)
	}
	return files
}

// readCase reads the case.json of a folder, or as much of it as the value has
// room for.
func readCase(t *testing.T, folder string, into any) {
	t.Helper()
	readJSON(t, filepath.Join(folder, "case.json"), into)
}

func readJSON(t *testing.T, path string, into any) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(data, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// saveModel writes a model into a folder of the test's own.
func saveModel(t *testing.T, m *onnx.Model) string {
	t.Helper()
	data, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "net.onnx")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// referenceCase is the part of case.json that concerns predictions.
type referenceCase struct {
	Input struct{ Name, File, Layout string }
	Score struct {
		Kind        string
		LogitTensor string `json:"logit_tensor"`
		Prob        string
	}
	Outputs []struct{ Name string }
	Targets []struct {
		Class       int
		OutputIndex []any `json:"output_index"`
		Logit, Prob float64
	}
	Tolerances struct {
		Output float64 `json:"output_maxabs"`
	}
}

func TestPredictAgreesWithReferenceCases(t *testing.T) {
	r := orttest.Runtime(t)
	for _, folder := range caseFolders(t) {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			var c referenceCase
			readCase(t, folder, &c)
			checkCase(t, r, folder, c)
		})
	}
}

func checkCase(t *testing.T, r infer.Opener, folder string, c referenceCase) {
	m := open(t, r, filepath.Join(folder, "model.onnx"), backend.ModelOptions{Provider: infer.CPU})
	if m.Input.Name != c.Input.Name || string(m.Input.Layout) != c.Input.Layout {
		t.Errorf("input is %q %s, want %q %s", m.Input.Name, m.Input.Layout, c.Input.Name, c.Input.Layout)
	}
	if m.Output.Name != c.Outputs[0].Name || string(m.Output.Activation) != c.Score.Prob {
		t.Errorf("output is %q with %s, want %q with %s", m.Output.Name, m.Output.Activation, c.Outputs[0].Name, c.Score.Prob)
	}
	if c.Score.Kind == "yolo" || c.Score.Kind == "ssd" {
		m.Output.Box = int(c.Targets[0].OutputIndex[1].(float64))
	}
	if m.Output.LogitTensor != c.Score.LogitTensor {
		t.Errorf("logits are read from %q, want %q", m.Output.LogitTensor, c.Score.LogitTensor)
	}
	a := readArray(t, filepath.Join(folder, c.Input.File))
	x := m.Input.Planar(a.Data)
	scores, err := m.Predict(t.Context(), []infer.Tensor{x, x, x})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range scores {
		for _, target := range c.Targets {
			almost(t, "probability", float64(s.Probabilities[target.Class]), target.Prob)
			if !m.HasLogits() {
				t.Fatal("there are no logits")
			}
			almost(t, "logit", float64(s.Logits[target.Class]), target.Logit)
		}
	}
}

func almost(t *testing.T, what string, got, want float64) {
	t.Helper()
	if d := math.Abs(got - want); !(d <= 1e-3*max(1, math.Abs(want))) {
		t.Errorf("%s is %g, want %g", what, got, want)
	}
}

// choose are choices as the command line states them.
func choose(t *testing.T, pairs ...string) metadata.Choices {
	t.Helper()
	c, err := metadata.ParseChoices(pairs)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// use uses a model otherwise from now on.
func use(m *backend.Model, c metadata.Choices) error {
	now := m.Known()
	card, err := now.With(c)
	if err != nil {
		return err
	}
	return m.Use(card)
}

// prepared are choices of a whole preparation.
func prepared(p preprocess.Preprocess) metadata.Choices {
	return metadata.Choices{Preprocess: p, Stated: metadata.PreprocessKeys}
}

// texts are a model's warnings.
func texts(m *backend.Model) []string { return m.Warnings.Texts() }
