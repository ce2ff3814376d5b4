package backend_test

import (
	"fmt"
	"math"
	"path/filepath"
	"picasso/backend/ort/orttest"
	"testing"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/npy"
	"picasso/backend/score"
	"picasso/visualizers"
)

var (
	_ visualizers.Differentiable      = (*backend.Model)(nil)
	_ visualizers.LayerDifferentiable = (*backend.Model)(nil)
	_ visualizers.Rectified           = (*backend.Model)(nil)
)

// gradientCase is the part of case.json that concerns gradients.
type gradientCase struct {
	Input   struct{ File, Layout string }
	Score   struct{ Kind string }
	Outputs []struct{ Name string }
	Targets []struct {
		Class  int
		Output []any  `json:"output_index"`
		Logit  string `json:"grad_logit"`
		Prob   string `json:"grad_prob"`
	}
	CAM *struct {
		Tensor string
		File   string
		Grads  map[string]string
	}
	Tolerances struct {
		Max    *float64 `json:"grad_maxabs_over_refmax"`
		Cosine *float64 `json:"grad_cosine_min"`
	}
}

func TestGradientsAgreeWithReferenceCases(t *testing.T) {
	r := orttest.Runtime(t)
	for _, folder := range caseFolders(t) {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			var ref gradientCase
			readCase(t, folder, &ref)
			m := open(t, r, filepath.Join(folder, "model.onnx"), backend.ModelOptions{Provider: infer.CPU, Threads: 1, Choices: choose(t, "output="+ref.Outputs[0].Name)})
			if ref.Score.Kind == "yolo" {
				m.Output.Box = int(ref.Targets[0].Output[1].(float64))
			}
			checkGradients(t, m, ref, folder)
		})
	}
}

func checkGradients(t *testing.T, m *backend.Model, ref gradientCase, folder string) {
	if err := m.CheckGradient(); err != nil {
		t.Fatal(err)
	}
	x := planar(m, readArray(t, filepath.Join(folder, ref.Input.File)))
	var targets []score.Target
	var want []infer.Tensor
	for _, c := range ref.Targets {
		targets = append(targets, score.ClassTarget(c.Class, score.Logit), score.ClassTarget(c.Class, score.Probability))
		want = append(want, planar(m, readArray(t, filepath.Join(folder, c.Logit))), planar(m, readArray(t, filepath.Join(folder, c.Prob))))
	}
	other := x.Clone()
	for i := range other.Data {
		other.Data[i] *= 0.5
	}
	got, err := m.Gradient(t.Context(), []infer.Tensor{x, other, x}, targets)
	if err != nil {
		t.Fatal(err)
	}
	for k, w := range want {
		sameMap(t, ref, fmt.Sprint(targets[k]), got[0][k], w)
		sameMap(t, ref, fmt.Sprint(targets[k], " in a batch"), got[2][k], w)
	}
	if ref.CAM == nil {
		return
	}
	t.Logf("last layer %s, reference uses %s", m.LastLayer(), ref.CAM.Tensor)
	var logits []score.Target
	for _, c := range ref.Targets {
		logits = append(logits, score.ClassTarget(c.Class, score.Logit))
	}
	activation, gradients, err := m.LayerGradient(t.Context(), ref.CAM.Tensor, x, logits)
	if err != nil {
		t.Fatal(err)
	}
	sameMap(t, ref, "activation", activation, infer.Tensor{Data: readArray(t, filepath.Join(folder, ref.CAM.File)).Data})
	for k, g := range gradients {
		sameMap(t, ref, "layer", g, infer.Tensor{Data: readArray(t, filepath.Join(folder, ref.CAM.Grads[fmt.Sprint(logits[k].Class)])).Data})
	}
}

// planar is one picture of an array in the file's layout as C×H×W.
func planar(m *backend.Model, a npy.Array) infer.Tensor { return m.Input.Planar(a.Data) }

func sameMap(t *testing.T, ref gradientCase, what string, got, want infer.Tensor) {
	t.Helper()
	if len(got.Data) != len(want.Data) {
		t.Fatalf("%s: %d numbers, want %d", what, len(got.Data), len(want.Data))
	}
	if ref.Tolerances.Max == nil {
		return
	}
	var worst, largest, ab, aa, bb float64
	for i, w := range want.Data {
		g, w := float64(got.Data[i]), float64(w)
		worst, largest = max(worst, math.Abs(g-w)), max(largest, math.Abs(w))
		ab, aa, bb = ab+g*w, aa+g*g, bb+w*w
	}
	if cosine := ab / math.Sqrt(aa*bb); !(worst <= *ref.Tolerances.Max*largest) || !(cosine >= *ref.Tolerances.Cosine) {
		t.Errorf("%s: max error %g of %g, cosine %g", what, worst, largest, cosine)
	}
}
