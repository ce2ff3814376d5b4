package backend_test

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/metadata"
	"picasso/backend/onnx"
)

// table turns rows into what a session returns, as rows or as columns.
func boxTable(columns bool, rows ...[]float32) func(infer.Tensor) infer.Tensor {
	n, width := len(rows), len(rows[0])
	data := slices.Concat(rows...)
	if !columns {
		return constant([]int{n, width}, data...)
	}
	turned := make([]float32, 0, len(data))
	for k := range width {
		for _, row := range rows {
			turned = append(turned, row[k])
		}
	}
	return constant([]int{width, n}, turned...)
}

func TestDetectorsOfEveryForm(t *testing.T) {
	var yolo5, yolo8, scores [][]float32
	for i := range 9 { // the box 6 is the best, the box 2 is asked for
		v := float32(i) / 10
		if i == 6 {
			v = 0.95
		}
		yolo5 = append(yolo5, []float32{50, 40, 10, 20, 0.9, v, v / 2})
		yolo8 = append(yolo8, []float32{50, 40, 10, 20, v, v / 2, v / 4})
		scores = append(scores, []float32{v, v / 2, v / 4})
	}
	for _, tt := range []struct {
		name   string
		answer func(infer.Tensor) infer.Tensor
		set    []string
		best   []float32
		second []float32
	}{
		{"rows with objectness", boxTable(false, yolo5...), nil, []float32{0.95, 0.475}, []float32{0.2, 0.1}},
		{"columns without", boxTable(true, yolo8...), nil, []float32{0.95, 0.475, 0.2375}, []float32{0.2, 0.1, 0.05}},
		{"rows without, as the sidecar says", boxTable(false, yolo8...), []string{"skip=4"}, []float32{0.95, 0.475, 0.2375}, []float32{0.2, 0.1, 0.05}},
		{"columns with objectness, as the sidecar says", boxTable(true, yolo5...), []string{"skip=5", "columns=true"}, []float32{0.95, 0.475}, []float32{0.2, 0.1}},
		{"scores alone, as the sidecar says", boxTable(false, scores...), []string{"kind=detection", "skip=0", "columns=false"}, []float32{0.95, 0.475, 0.2375}, []float32{0.2, 0.1, 0.05}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for box, want := range map[string][]float32{"": tt.best, "box=2": tt.second} {
				set := tt.set
				if box != "" {
					set = append(slices.Clone(set), box)
				}
				path := writeModel(t, shape(-1, 3, 4, 8), onnx.Float, "Concat", nil)
				m := open(t, answer(tt.answer), path, backend.ModelOptions{Choices: choose(t, set...)})
				check := func(m *backend.Model) {
					t.Helper()
					s, err := m.Predict(t.Context(), []infer.Tensor{infer.NewTensor(3, 4, 8)})
					if err != nil {
						t.Fatal(err)
					}
					closeTo(t, "probabilities", s[0].Probabilities, want)
				}
				check(m)
				if err := m.Save(metadata.SidecarPath(path)); err != nil {
					t.Fatal(err)
				}
				check(open(t, answer(tt.answer), path, backend.ModelOptions{}))
			}
		})
	}
	path := writeModel(t, shape(-1, 3, 4, 8), onnx.Float, "Concat", nil)
	m, err := backend.OpenModel(t.Context(), answer(boxTable(false, yolo8...)), path, backend.ModelOptions{Choices: choose(t, "skip=7")})
	if err == nil {
		m.Close()
		t.Error("seven of seven numbers before the classes were taken")
	}
}

// Segmenting detectors have mask coefficients behind the class scores.
func TestNamesTellWhereTheScoresEnd(t *testing.T) {
	var rows [][]float32
	for i := range 20 {
		rows = append(rows, []float32{50, 40, 10, 20, float32(i) / 40, 0.25, 7, -7, 9, -9, 3, -3})
	}
	for _, columns := range []bool{true, false} {
		path := writeModel(t, shape(-1, 3, 4, 8), onnx.Float, "Concat", nil)
		if err := os.WriteFile(filepath.Join(filepath.Dir(path), "labels.txt"), []byte("cat\ndog\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		set := []string{"box=10"}
		if !columns {
			set = append(set, "skip=4")
		}
		m := open(t, answer(boxTable(columns, rows...)), path, backend.ModelOptions{Choices: choose(t, set...)})
		s, err := m.Predict(t.Context(), []infer.Tensor{infer.NewTensor(3, 4, 8)})
		if err != nil {
			t.Fatal(err)
		}
		closeTo(t, "probabilities", s[0].Probabilities, []float32{0.25, 0.25})
		if m.Output.Tail != 6 || m.ClassName(1) != "dog" {
			t.Errorf("%d numbers behind the scores of %q", m.Output.Tail, m.Labels)
		}
	}
}

func TestRegressionIsItsValue(t *testing.T) {
	path := writeModel(t, shape(-1, 3, 4, 8), onnx.Float, "Identity", nil)
	text := []byte(`{"kind": "regression", "value": "age", "unit": "years"}`)
	if err := os.WriteFile(metadata.SidecarPath(path), text, 0o600); err != nil {
		t.Fatal(err)
	}
	m := open(t, answer(constant([]int{1}, 54.5)), path, backend.ModelOptions{})
	s, err := m.Predict(t.Context(), []infer.Tensor{infer.NewTensor(3, 4, 8)})
	if err != nil {
		t.Fatal(err)
	}
	closeTo(t, "value", s[0].Probabilities, []float32{54.5})
	closeTo(t, "value", s[0].Logits, []float32{54.5})
	if m.Classes() != 1 || m.ClassName(0) != "age (years)" || m.Output.Unit != "years" {
		t.Errorf("%d values, the first is %q in %q", m.Classes(), m.ClassName(0), m.Output.Unit)
	}
}

func TestBinaryAndMultiLabelFromFilesBeside(t *testing.T) {
	for _, tt := range []struct {
		config string
		want   []float32
	}{
		{`{"problem_type": "multi_label_classification", "id2label": {"0": "a", "1": "b"}}`, []float32{0.5, 0.75}},
		{`{"problem_type": "single_label_classification"}`, []float32{0.25, 0.75}},
		{`{"problem_type": "regression"}`, []float32{0, float32(math.Log(3))}},
	} {
		path := writeModel(t, shape(-1, 3, 4, 8), onnx.Float, "Identity", nil)
		if err := os.WriteFile(filepath.Join(filepath.Dir(path), "config.json"), []byte(tt.config), 0o600); err != nil {
			t.Fatal(err)
		}
		m := open(t, answer(constant([]int{2}, 0, float32(math.Log(3)))), path, backend.ModelOptions{})
		s, err := m.Predict(t.Context(), []infer.Tensor{infer.NewTensor(3, 4, 8)})
		if err != nil {
			t.Fatal(err)
		}
		closeTo(t, tt.config, s[0].Probabilities, tt.want)
	}
}
