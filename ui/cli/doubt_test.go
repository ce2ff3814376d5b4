package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"picasso/backend/onnx"
)

// percentages writes a model whose scores are a softmax times 100.
func percentages(t *testing.T) string {
	t.Helper()
	m := &onnx.Model{IRVersion: 8, Opsets: map[string]int64{"": 13}, Graph: &onnx.Graph{
		Name: "g",
		Nodes: []*onnx.Node{
			{OpType: "GlobalAveragePool", Inputs: []string{"x"}, Outputs: []string{"p"}},
			{OpType: "Flatten", Inputs: []string{"p"}, Outputs: []string{"z"}},
			{OpType: "Softmax", Inputs: []string{"z"}, Outputs: []string{"s"}},
			{OpType: "Mul", Inputs: []string{"s", "hundred"}, Outputs: []string{"y"}},
		},
		Initializers: []*onnx.Tensor{onnx.NewTensor("hundred", []int64{1}, []float32{100})},
		Inputs:       []*onnx.Value{{Name: "x", Type: onnx.Float, Shape: []onnx.Dim{{Size: 1}, {Size: 3}, {Size: 128}, {Size: 128}}}},
		Outputs:      []*onnx.Value{{Name: "y", Type: onnx.Float, Shape: []onnx.Dim{{Size: 1}, {Size: 3}}}},
	}}
	data, err := m.Encode()
	path := filepath.Join(t.TempDir(), "net.onnx")
	if err == nil {
		err = os.WriteFile(path, data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

type doubt struct {
	Key, Text string
	Readings  []struct {
		Title    string
		Settings []string
		Taken    bool
	}
}

// What is in doubt is said on standard error with the flags that settle it, and
// in JSON, by every command; the flags settle it.
func TestDoubtsAreSaid(t *testing.T) {
	_, images := sample(t, "tanks-fair")
	model := percentages(t)
	asks := func(args ...string) string {
		t.Helper()
		code, stdout, stderr := picasso(t.Context(), args...)
		if code != 0 {
			t.Fatalf("%q ends with %d: %s", args, code, stderr)
		}
		if !strings.Contains(stderr, "in doubt:") || !strings.Contains(stderr, "probably") || !strings.Contains(stderr, "--model-set activation=none") {
			t.Errorf("%q says %q", args, stderr)
		}
		return stdout
	}
	check := func(what string, doubts []doubt) {
		t.Helper()
		if len(doubts) != 1 || doubts[0].Key != "activation" || len(doubts[0].Readings) != 3 || !doubts[0].Readings[0].Taken ||
			strings.Join(doubts[0].Readings[1].Settings, " ") != "kind=classes activation=softmax" {
			t.Errorf("%s: %+v", what, doubts)
		}
	}
	text := asks("inspect", "--model", model)
	if !strings.Contains(text, "doubt   ") || !strings.Contains(text, "or: probabilities by softmax: --model-set kind=classes --model-set activation=softmax") {
		t.Errorf("inspect: %s", text)
	}
	var about struct{ Doubts []doubt }
	text = asks("inspect", "--json", "--model", model)
	read(t, []byte(text), &about)
	check("inspect", about.Doubts)

	var predicted []struct{ Doubts []doubt }
	text = asks("predict", "--json", "--model", model, "--image", images[0])
	read(t, []byte(text), &predicted)
	check("predict", predicted[0].Doubts)
	if text = asks("predict", "--model", model, "--image", images[0]); strings.Contains(text, "%") {
		t.Errorf("called percentages: %s", text)
	}

	out := t.TempDir()
	asks("explain", "--model", model, "--image", images[0], "--visualizer", "occlusion", "--set", "size=64", "--set", "stride=64", "--out", out)
	results, err := filepath.Glob(filepath.Join(out, "*", "result.json"))
	if err != nil || len(results) != 1 {
		t.Fatalf("%q, %v", results, err)
	}
	data, err := os.ReadFile(results[0])
	if err != nil {
		t.Fatal(err)
	}
	about.Doubts = nil
	read(t, data, &about)
	check("explain", about.Doubts)
	if strings.Contains(string(data), "P(class") || !strings.Contains(string(data), "score(class") {
		t.Errorf("called probabilities: %s", data)
	}

	code, _, stderr := picasso(t.Context(), "predict", "--model", model, "--image", images[0], "--model-set", "activation=none")
	if code != 0 || strings.Contains(stderr, "in doubt") {
		t.Errorf("settled, it ends with %d: %s", code, stderr)
	}
}

func read(t *testing.T, data []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatalf("%v: %s", err, data)
	}
}
