package cli_test

import (
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"picasso/backend/onnx"
)

// difference writes a model with logits w·(a − b) of 2×2 grey pixels, w being
// 1, 2, 3, 4 for class 0 and the opposite for class 1.
func difference(t *testing.T, folder string) string {
	t.Helper()
	form := []onnx.Dim{{Size: -1, Symbol: "n"}, {Size: 1}, {Size: 2}, {Size: 2}}
	m := &onnx.Model{IRVersion: 8, Opsets: map[string]int64{"": 13}, Graph: &onnx.Graph{
		Name: "difference",
		Nodes: []*onnx.Node{
			{OpType: "Sub", Inputs: []string{"a", "b"}, Outputs: []string{"d"}},
			{OpType: "Flatten", Inputs: []string{"d"}, Outputs: []string{"f"}},
			{OpType: "MatMul", Inputs: []string{"f", "w"}, Outputs: []string{"logits"}},
		},
		Inputs:       []*onnx.Value{{Name: "a", Type: onnx.Float, Shape: form}, {Name: "b", Type: onnx.Float, Shape: form}},
		Outputs:      []*onnx.Value{{Name: "logits", Type: onnx.Float, Shape: []onnx.Dim{{Size: -1, Symbol: "n"}, {Size: 2}}}},
		Initializers: []*onnx.Tensor{onnx.NewTensor("w", []int64{4, 2}, []float32{1, -1, 2, -2, 3, -3, 4, -4})},
	}}
	data, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "net.onnx")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func greyPixels(t *testing.T, path string, values ...uint8) string {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, 2, 2))
	for i, v := range values {
		m.SetGray(i%2, i/2, color.Gray{Y: v})
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, m); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestSecondPictureOnTheCommandLine(t *testing.T) {
	_, _ = sample(t, "tanks-fair") // skips without a library
	folder := t.TempDir()
	model := difference(t, folder)
	a := greyPixels(t, filepath.Join(folder, "a.png"), 255, 255, 0, 0)
	b := greyPixels(t, filepath.Join(folder, "b.png"), 0, 51, 51, 102)
	args := []string{"--model", model, "--input", "b=" + b, "--model-set", "preprocess.preset=0..1"}
	out := filepath.Join(folder, "out")
	// a − b is 1, 0.8, −0.2, −0.4: the logit is 1 + 1.6 − 0.6 − 1.6.
	code, _, stderr := picasso(t.Context(), append([]string{"explain", "--image", a, "--visualizer", "occlusion", "--set", "size=1", "--set", "stride=1",
		"--set", "fill=black", "--output", "logit", "--target", "0", "--out", out}, args...)...)
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	r := readResult(t, filepath.Join(out, "a", "result.json"))
	if p := r.Predictions[0]; p.Index != 0 || p.Logit == nil || math.Abs(*p.Logit-0.4) > 1e-5 {
		t.Errorf("the best is %+v", p)
	}
	drop := readArray(t, filepath.Join(out, "a", r.Maps[0].NPY))
	for i, want := range []float32{1, 2, 0, 0} { // covering a in black
		if d := math.Abs(float64(drop.Data[i] - want)); d > 1e-5 {
			t.Errorf("pixel %d drops by %g, want %g", i, drop.Data[i], want)
		}
	}
	code, stdout, stderr := picasso(t.Context(), append([]string{"inspect", "--json"}, args...)...)
	var about struct {
		Constants []struct{ Name, Form, Value string }
	}
	if err := json.Unmarshal([]byte(stdout), &about); err != nil || code != 0 || len(about.Constants) != 1 || !strings.Contains(about.Constants[0].Value, "b.png") {
		t.Errorf("exit code %d, %v, %+v: %s", code, err, about, stderr)
	}
	code, _, stderr = picasso(t.Context(), "predict", "--model", model, "--input-name", "a", "--image", a, "--input", "b=missing.png")
	if code != 3 || !strings.Contains(stderr, "missing.png") || !strings.Contains(stderr, "inputs.b") {
		t.Errorf("a missing picture ends with %d: %s", code, stderr)
	}
	code, _, stderr = picasso(t.Context(), "predict", "--model", model, "--image", a)
	if code != 3 || !strings.Contains(stderr, "inputs") {
		t.Errorf("no constant ends with %d: %s", code, stderr)
	}
}
