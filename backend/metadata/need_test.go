package metadata

import (
	"errors"
	"strings"
	"testing"

	"picasso/backend/onnx"
)

func dimsOf(sizes ...int64) []onnx.Dim {
	dims := make([]onnx.Dim, len(sizes))
	for i, n := range sizes {
		dims[i].Size = n
	}
	return dims
}

// Every further input is listed in words, with a constant that fits it.
func TestExamplesFitTheirInputs(t *testing.T) {
	for _, tt := range []struct {
		value   onnx.Value
		form    string
		example string
	}{
		{onnx.Value{Name: "b", Type: onnx.Float, Shape: dimsOf(1, 3, 32, 32)}, "float32 1×3×32×32", `"other.png"`},
		{onnx.Value{Name: "mask", Type: onnx.Bool, Shape: dimsOf(1, 1, 32, 32)}, "bool 1×1×32×32", `"other.png"`},
		{onnx.Value{Name: "age", Type: onnx.Float, Shape: dimsOf(-1, 1)}, "float32 ?×1", "0"},
		{onnx.Value{Name: "k", Type: onnx.Int64, Shape: []onnx.Dim{}}, "int64, a single value", "0"},
		{onnx.Value{Name: "on", Type: onnx.Bool, Shape: []onnx.Dim{}}, "bool, a single value", "true"},
		{onnx.Value{Name: "axes", Type: onnx.Int64, Shape: dimsOf(2)}, "int64 2", "[0, 0]"},
		{onnx.Value{Name: "im_scale", Type: onnx.Float, Shape: dimsOf(2)}, "float32 2", "[1, 1]"}, // it may be divided by
		{onnx.Value{Name: "im_shape", Type: onnx.Float, Shape: dimsOf(1, 2)}, "float32 1×2", "1"},
		{onnx.Value{Name: "flags", Type: onnx.Bool, Shape: dimsOf(2)}, "bool 2", "[true, true]"},
		{onnx.Value{Name: "ids", Type: onnx.Int64, Shape: dimsOf(16, 77)}, "int64 16×77", "0"},
		{onnx.Value{Name: "any", Type: onnx.Float}, "float32 of unknown shape", `"other.png"`},
	} {
		m := &onnx.Model{Graph: &onnx.Graph{Inputs: []*onnx.Value{&tt.value}}}
		if got := form(&tt.value); got != tt.form {
			t.Errorf("%s is described as %q, want %q", tt.value.Name, got, tt.form)
		}
		if got := ExampleFor(m, &tt.value); got != tt.example {
			t.Errorf("%s: the example is %s, want %s", tt.value.Name, got, tt.example)
		}
	}
}

// What takes no picture says why, and what to do.
func TestInputsThatAreNoPictures(t *testing.T) {
	jpeg := &onnx.Node{OpType: "DecodeImage", Domain: "ai.onnx.contrib", Inputs: []string{"x"}, Outputs: []string{"y"}}
	for _, tt := range []struct {
		name   string
		inputs []*onnx.Value
		nodes  []*onnx.Node
		says   []string
	}{
		{"bytes of a file", []*onnx.Value{{Name: "x", Type: onnx.Uint8, Shape: dimsOf(-1)}}, []*onnx.Node{jpeg}, []string{"encoded pictures", "without its decoder"}},
		{"a row of numbers", []*onnx.Value{{Name: "x", Type: onnx.Float, Shape: dimsOf(1, 64)}}, nil, []string{`"x" (float32 1×64)`, "not a picture"}},
		{"a number", []*onnx.Value{{Name: "x", Type: onnx.Int64, Shape: []onnx.Dim{}}}, nil, []string{`"x" (int64, a single value)`}},
		{"volumes over time", []*onnx.Value{{Name: "x", Type: onnx.Float, Shape: dimsOf(1, 1, 4, 8, 8, 8)}}, nil, []string{"batch×channels×height×width"}},
		{"numbers only", []*onnx.Value{{Name: "a", Type: onnx.Float, Shape: dimsOf(1, 2)}, {Name: "b", Type: onnx.Float, Shape: dimsOf(2)}}, nil, []string{"is a picture"}},
		{"two pictures and a number", []*onnx.Value{
			{Name: "a", Type: onnx.Float, Shape: dimsOf(1, 3, 32, 32)}, {Name: "b", Type: onnx.Float, Shape: dimsOf(1, 3, 32, 32)}, {Name: "c", Type: onnx.Int64, Shape: dimsOf(2)},
		}, nil, []string{`"input": "a", "inputs": {"b": "other.png", "c": [0, 0]}`, "--input-name a --input b=other.png --input c=[0,0]"}},
	} {
		f := &Facts{File: &onnx.Model{Path: "m.onnx", Graph: &onnx.Graph{Inputs: tt.inputs, Nodes: tt.nodes}}, path: "m.onnx"}
		_, err := f.FindInput()
		if err == nil {
			t.Errorf("%s: taken for a picture", tt.name)
			continue
		}
		var file *onnx.FileError
		if !errors.As(err, &file) || file.Remedy == "" {
			t.Errorf("%s: %q has no remedy", tt.name, err)
		}
		for _, part := range append(tt.says, "m.onnx") {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %q does not say %q", tt.name, err, part)
			}
		}
	}
}
