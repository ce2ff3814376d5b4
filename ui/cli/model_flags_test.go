package cli_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"picasso/backend/npy"
	"picasso/backend/onnx"
)

func TestFolderStandsForItsNewestModel(t *testing.T) {
	model, images := sample(t, "tanks-fair")
	code, stdout, stderr := picasso(t.Context(), "predict", "--model", filepath.Dir(model), "--image", images[0])
	if code != 0 || stdout == "" {
		t.Errorf("exit code %d, %s", code, stderr)
	}
	code, _, stderr = picasso(t.Context(), "predict", "--model", t.TempDir(), "--image", images[0])
	if code != 3 || !strings.Contains(stderr, ".onnx") {
		t.Errorf("an empty folder ends with %d: %s", code, stderr)
	}
}

func TestValuesOfTheSidecarOnTheCommandLine(t *testing.T) {
	model, _ := sample(t, "tanks-fair")
	code, stdout, stderr := picasso(t.Context(), "inspect", "--json", "--model", model,
		"--model-set", "preprocess.preset=keras-caffe", "--model-set", "preprocess.mean=[1,2,3]")
	var about struct {
		Preprocessing struct {
			Color string
			Mean  []float64
		}
	}
	if err := json.Unmarshal([]byte(stdout), &about); err != nil || code != 0 {
		t.Fatalf("exit code %d, %v: %s", code, err, stderr)
	}
	if p := about.Preprocessing; p.Color != "bgr" || len(p.Mean) != 3 || p.Mean[2] != 3 {
		t.Errorf("preprocessing is %+v", p)
	}
	code, _, stderr = picasso(t.Context(), "inspect", "--model", model, "--model-set", "preprocess.preset=vgg")
	if code != 3 || !strings.Contains(stderr, "keras-caffe") {
		t.Errorf("an unknown preset ends with %d: %s", code, stderr)
	}
}

// A model without a size of its own takes that of the array it is given.
func TestOpenSizeFollowsTheArray(t *testing.T) {
	_, _ = sample(t, "tanks-fair") // skips without a library
	open := []onnx.Dim{{Size: -1, Symbol: "batch"}, {Size: 3}, {Size: -1, Symbol: "h"}, {Size: -1, Symbol: "w"}}
	m := &onnx.Model{IRVersion: 8, Opsets: map[string]int64{"": 13}, Graph: &onnx.Graph{
		Name: "g",
		Nodes: []*onnx.Node{
			{OpType: "GlobalAveragePool", Inputs: []string{"x"}, Outputs: []string{"p"}},
			{OpType: "Flatten", Inputs: []string{"p"}, Outputs: []string{"y"}},
		},
		Inputs:  []*onnx.Value{{Name: "x", Type: onnx.Float, Shape: open}},
		Outputs: []*onnx.Value{{Name: "y", Type: onnx.Float, Shape: []onnx.Dim{{Size: -1, Symbol: "batch"}, {Size: 3}}}},
	}}
	data, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	model, array := filepath.Join(folder, "net.onnx"), filepath.Join(folder, "x.npy")
	var text bytes.Buffer
	err = npy.Write(&text, []int{3, 20, 30}, make([]float32, 3*20*30))
	if err == nil {
		err = os.WriteFile(array, text.Bytes(), 0o600)
	}
	if err == nil {
		err = os.WriteFile(model, data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := picasso(t.Context(), "predict", "--model", model, "--image", array); code != 0 {
		t.Errorf("exit code %d: %s", code, stderr)
	}
	code, _, stderr := picasso(t.Context(), "predict", "--model", model, "--image", array, "--size", "40x20")
	if code != 1 || !strings.Contains(stderr, "--size WxH") {
		t.Errorf("an array of another size ends with %d: %s", code, stderr)
	}
	if code, _, _ := picasso(t.Context(), "predict", "--model", model, "--image", array, "--size", "40"); code != 2 {
		t.Errorf("half a size ends with %d, want 2", code)
	}
}
