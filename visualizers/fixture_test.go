package visualizers_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"picasso/backend"
	"picasso/backend/fixtures"
	"picasso/backend/infer"
	"picasso/backend/metadata"
	"picasso/backend/npy"
	"picasso/backend/ort/orttest"
	"picasso/backend/picture"
	"picasso/backend/preprocess"
	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/vistest"
)

// openModel opens a model with the real runtime.
func openModel(t testing.TB, path string) *backend.Model {
	t.Helper()
	return orttest.Open(t, path, backend.ModelOptions{})
}

func readArray(t testing.TB, path string) npy.Array {
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

func readJSON(t testing.TB, path string, into any) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(data, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// explained is what a registered visualizer finds, with settings as users
// write them.
func explained(t testing.TB, id string, in visualizers.Input, settings ...string) visualizers.Result {
	t.Helper()
	v := vistest.Find(t, id)
	var err error
	if in.Values, err = visualizers.ParseValues(v, in.Subject, settings); err != nil {
		t.Fatal(err)
	}
	r, err := v.Explain(t.Context(), in, func(visualizers.Result) {})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// answered is an input with the model's answer for a tensor.
func answered(t testing.TB, s visualizers.Subject, x infer.Tensor) visualizers.Input {
	t.Helper()
	base, err := s.Predict(t.Context(), []infer.Tensor{x})
	if err != nil {
		t.Fatal(err)
	}
	return visualizers.Input{Subject: s, Tensor: x, Base: base[0]}
}

// occlusionCase is the part of case.json that concerns occlusion.
type occlusionCase struct {
	Input struct{ File string }
	Score struct{ Kind string }

	Targets []struct {
		OutputIndex []any `json:"output_index"`
	}
	Occlusion struct {
		Window, Stride int
		Baseline       float64
		Grid           [2]int
		Captum         map[string]string
	}
}

// captumTolerance is how far numbers may be from Captum's, as a share of their
// scale.
const captumTolerance = 1e-5

// TestOcclusionAgreesWithCaptum: every window's logits and probabilities, and
// the map of a class, on every reference model, whichever way they are computed.
func TestOcclusionAgreesWithCaptum(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(fixtures.Path(t, "public"), "*", "case.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		folder := filepath.Dir(file)
		t.Run(filepath.Base(folder), func(t *testing.T) {
			var c occlusionCase
			readJSON(t, file, &c)
			m := openModel(t, filepath.Join(folder, "model.onnx"))
			if c.Score.Kind == "yolo" || c.Score.Kind == "ssd" {
				m.Output.Box = int(c.Targets[0].OutputIndex[1].(float64))
			}
			x := m.Input.Planar(readArray(t, filepath.Join(folder, c.Input.File)).Data)
			for _, engine := range []string{"plain", "incremental", "graph", "auto"} {
				agreesWithCaptum(t, folder, c, m, answered(t, m, x), engine)
			}
		})
	}
}

func agreesWithCaptum(t *testing.T, folder string, c occlusionCase, m *backend.Model, in visualizers.Input, engine string) {
	o := c.Occlusion
	var classes []int
	for text := range o.Captum {
		var class int
		if _, err := fmt.Sscan(text, &class); err != nil {
			t.Fatal(err)
		}
		classes = append(classes, class)
		in.Targets = append(in.Targets, score.ClassTarget(class, score.Logit))
	}
	r := explained(t, "occlusion", in, fmt.Sprintf("size=%d", o.Window), fmt.Sprintf("stride=%d", o.Stride), fmt.Sprintf("fill=%g", o.Baseline), "engine="+engine)
	if len(r.Warnings) > 0 {
		t.Logf("%s: %v", engine, r.Warnings)
	}
	w := r.Patches
	if [2]int{w.Rows, w.Columns} != o.Grid {
		t.Fatalf("grid of %d×%d, want %v", w.Rows, w.Columns, o.Grid)
	}
	var logits, probabilities []float32
	for _, s := range w.Scores {
		logits, probabilities = append(logits, s.Logits...), append(probabilities, s.Probabilities...)
	}
	close32(t, "logits", logits, readArray(t, filepath.Join(folder, "occ_scores.npy")).Data, captumTolerance)
	close32(t, "probabilities", probabilities, readArray(t, filepath.Join(folder, "occ_probs.npy")).Data, captumTolerance)
	for i, class := range classes {
		want := m.Input.Planar(readArray(t, filepath.Join(folder, o.Captum[fmt.Sprint(class)])).Data)
		close32(t, fmt.Sprintf("map of class %d", class), r.Maps[i].Values, want.Slice(0).Data, captumTolerance)
	}
}

// close32 compares by the largest error over the largest reference value.
func close32(t *testing.T, what string, got, want []float32, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d values, want %d", what, len(got), len(want))
	}
	var worst, scale float64
	for i := range want {
		d := math.Abs(float64(got[i]) - float64(want[i]))
		if math.IsNaN(d) {
			t.Fatalf("%s: value %d is %v, want %v", what, i, got[i], want[i])
		}
		worst, scale = max(worst, d), max(scale, math.Abs(float64(want[i])))
	}
	if worst > tolerance*scale {
		t.Errorf("%s: off by %.3g of the largest value, allowed is %g", what, worst/scale, tolerance)
	}
}

// classicReference is the part of the first Picasso's reference that concerns
// occlusion.
type classicReference struct {
	Top5      []int
	Occlusion map[string]struct {
		Window, Strides, Occlusion, File string
		Geometry                         struct {
			Centers []int `json:"centers_horizontal"`
			Side    int   `json:"win_width"`
		}
	}
}

// TestClassicAgreesWithTheFirstPicasso reproduces its grids number for number.
func TestClassicAgreesWithTheFirstPicasso(t *testing.T) {
	folder := fixtures.Path(t, "picasso")
	in, ref := firstPicasso(t, folder)
	for name, c := range ref.Occlusion {
		path := filepath.Join(folder, "expected", c.File)
		if _, err := os.Stat(path); err != nil {
			continue // of all combinations the reference keeps some
		}
		t.Run(name, func(t *testing.T) {
			want := readArray(t, path)
			r := explained(t, "occlusion-classic", in, "window="+c.Window, "strides="+c.Strides, "occlusion="+c.Occlusion)
			var got []float32
			for i := range r.Maps[0].Values {
				for _, m := range r.Maps {
					got = append(got, m.Values[i])
				}
			}
			if m := r.Maps[0]; m.Height != want.Shape[0] || m.Width != want.Shape[1] || *m.Fixed != [2]float64{0, 1} {
				t.Errorf("grid of %d×%d on the scale %v, want %v on 0…1", m.Height, m.Width, *m.Fixed, want.Shape[:2])
			}
			close32(t, "grid", got, want.Data, 1e-4)
		})
	}
}

// firstPicasso is the original's network and example with its five best
// classes.
func firstPicasso(t *testing.T, folder string) (visualizers.Input, classicReference) {
	var ref classicReference
	readJSON(t, filepath.Join(folder, "expected", "reference.json"), &ref)
	m := openModel(t, filepath.Join(folder, "picasso_mnist_nchw.onnx"))
	err := prepare(m, preprocess.Preprocess{
		Color:  preprocess.Grey,
		Resize: preprocess.Resize{Mode: preprocess.Stretch, Filter: picture.Lanczos},
		Scale:  [2]float64{1.0 / 255, 0},
	})
	if err != nil {
		t.Fatal(err)
	}
	img, err := picture.Open(filepath.Join(folder, "9.png"))
	if err != nil {
		t.Fatal(err)
	}
	x, err := m.Prepare(img)
	if err != nil {
		t.Fatal(err)
	}
	in := answered(t, m, x)
	in.Image = img
	for _, class := range ref.Top5 {
		in.Targets = append(in.Targets, score.ClassTarget(class, score.Probability))
	}
	return in, ref
}

// prepare lets a model see pictures prepared so from now on.
func prepare(m *backend.Model, p preprocess.Preprocess) error {
	now := m.Known()
	card, err := now.With(metadata.Choices{Preprocess: p, Stated: metadata.PreprocessKeys})
	if err != nil {
		return err
	}
	return m.Use(card)
}
