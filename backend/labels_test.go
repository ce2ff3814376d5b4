package backend_test

import (
	"os"
	"path/filepath"
	"picasso/backend/labelfile"
	"picasso/backend/ort/orttest"
	"slices"
	"strings"
	"testing"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/score"
)

// Label files as they are found in the world. All name two classes.
func TestLabelFilesOfEveryForm(t *testing.T) {
	for _, tt := range []struct{ what, file, text string }{
		{"lines", "labels.txt", "cat\ndog\n"},
		{"of Windows", "labels.txt", "\xef\xbb\xbfcat\r\ndog\r\n\r\n"},
		{"of old Macs", "labels.txt", "cat\rdog\r"},
		{"in UTF-16", "labels.txt", "\xff\xfec\x00a\x00t\x00\n\x00d\x00o\x00g\x00\n\x00"},
		{"with numbers", "labels.txt", "0: cat\n1: dog\n"},
		{"with numbers from 1", "labels.txt", "1. cat\n2. dog\n"},
		{"with numbers and spaces", "labels.txt", "0 cat\n1 dog\n"},
		{"with numbers in any order", "labels.txt", "1\tdog\n0\tcat\n"},
		{"with numbers and ids", "labels.txt", "0 n02123045 cat\n1 n02085620 dog\n"},
		{"with a head", "labels.txt", "label\ncat\ndog\n"},
		{"with a comment", "labels.txt", "# of the pets\ncat\ndog\n"},
		{"with ids", "synset.txt", "n02123045 cat\nn02085620 dog\n"},
		{"of darknet", "net.names", "cat\ndog\n"},
		{"a table", "labels.csv", "index,name\n1,dog\n0,cat\n"},
		{"a table of Europe", "labels.csv", "index;name\n1;dog\n0;cat\n"},
		{"a table with tabs", "labels.csv", "index\tname\n1\tdog\n0\tcat\n"},
		{"a table with ids", "labels.csv", "id,label\nn02123045,cat\nn02085620,dog\n"},
		{"a table without a head", "labels.csv", "dog,1\ncat,0\n"},
		{"a table of one column", "labels.csv", "cat\n\"dog\"\n"},
		{"a list", "classes.json", `["cat", "dog"]`},
		{"an object", "classes.json", `{"1": "dog", "0": "cat"}`},
		{"an object from 1", "classes.json", `{"1": "cat", "2": "dog"}`},
		{"an object turned round", "classes.json", `{"dog": 1, "cat": 0}`},
		{"of Keras", "imagenet_class_index.json", `{"0": ["n02123045", "cat"], "1": ["n02085620", "dog"]}`},
		{"of COCO", "classes.json", `{"categories": [{"id": 2, "name": "dog"}, {"id": 1, "name": "cat"}]}`},
		{"in a larger object", "labels.json", `{"model": "x", "names": ["cat", "dog"]}`},
	} {
		m, err := beside(t, "", shape(-1, 3, 9, 9), nil, map[string]string{tt.file: tt.text}, backend.ModelOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(m.Labels, []string{"cat", "dog"}) {
			t.Errorf("%s: labels %q, warnings %q", tt.what, m.Labels, m.Warnings)
		}
	}
}

// What looks like a number in front of a label may be part of it.
func TestNumbersThatBelongToLabels(t *testing.T) {
	for _, text := range []string{"0\n1\n", "2 euro\n1 euro and more\n5 euro\n", "1.5 mm\n2.5 mm\n", "0-1 years\n1-2 years\n", "1 cat\ndog\n"} {
		path := filepath.Join(t.TempDir(), "labels.txt")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := labelfile.Read(path)
		if err != nil || strings.Join(got, "\n")+"\n" != text {
			t.Errorf("%q is read as %q, %v", text, got, err)
		}
	}
}

func TestLabelsInLatin1(t *testing.T) {
	path := filepath.Join(t.TempDir(), "labels.txt")
	if err := os.WriteFile(path, []byte("caf\xe9\r\nth\xe9\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := labelfile.Read(path); err != nil || !slices.Equal(got, []string{"café", "thé"}) {
		t.Errorf("read as %q, %v", got, err)
	}
}

// A sidecar that names ports which are not there says so with key and line.
func TestPortsOfTheSidecarAreChecked(t *testing.T) {
	for key, want := range map[string]string{"output": `it has "y"`, "input": `it has "x"`} {
		_, err := withSidecar(t, "{\n\n\""+key+"\": \"nope\"}")
		if err == nil || !strings.Contains(err.Error(), "picasso.json: line 3: "+key) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", key, err)
		}
	}
	if _, err := withSidecar(t, `{"inputs": {"mask": 1}}`); err == nil || !strings.Contains(err.Error(), "picasso.json") || !strings.Contains(err.Error(), "inputs.mask") {
		t.Errorf("a constant for an input that is not there: %v", err)
	}
}

// Few boxes lie in rows or in columns: the number of class names tells.
func TestNamesTellRowsFromColumns(t *testing.T) {
	var rows [][]float32
	for i := range 6 { // fewer boxes than numbers of a box
		rows = append(rows, []float32{50, 40, 10, 20, float32(i) / 10, 0.25, 0.125, 0.5})
	}
	for _, columns := range []bool{true, false} {
		path := writeModel(t, shape(-1, 3, 4, 8), onnx.Float, "Concat", nil)
		if err := os.WriteFile(filepath.Join(filepath.Dir(path), "labels.txt"), []byte("a\nb\nc\nd\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		m := open(t, answer(boxTable(columns, rows...)), path, backend.ModelOptions{Choices: choose(t, "box=3")})
		s, err := m.Predict(t.Context(), []infer.Tensor{infer.NewTensor(3, 4, 8)})
		if err != nil {
			t.Fatal(err)
		}
		closeTo(t, "probabilities", s[0].Probabilities, []float32{0.3, 0.25, 0.125, 0.5})
	}
}

// Of two outputs without telling names, N×4 holds the boxes.
func TestScoresBesideBoxes(t *testing.T) {
	r := orttest.Runtime(t)
	conv := func(name string, out int64) *onnx.Tensor {
		return onnx.NewTensor(name, []int64{3 * 4 * 8, 6 * out}, make([]float32, 3*4*8*6*out))
	}
	m := &onnx.Model{IRVersion: 8, Opsets: map[string]int64{"": 13}, Graph: &onnx.Graph{
		Name: "g",
		Nodes: []*onnx.Node{
			{OpType: "Flatten", Inputs: []string{"x"}, Outputs: []string{"f"}},
			{OpType: "MatMul", Inputs: []string{"f", "wb"}, Outputs: []string{"fb"}},
			{OpType: "MatMul", Inputs: []string{"f", "ws"}, Outputs: []string{"fs"}},
			{OpType: "Reshape", Inputs: []string{"fb", "sb"}, Outputs: []string{"out0"}},
			{OpType: "Reshape", Inputs: []string{"fs", "ss"}, Outputs: []string{"out1"}},
		},
		Inputs:  []*onnx.Value{{Name: "x", Type: onnx.Float, Shape: shape(1, 3, 4, 8)}},
		Outputs: []*onnx.Value{{Name: "out0", Type: onnx.Float, Shape: shape(1, 6, 4)}, {Name: "out1", Type: onnx.Float, Shape: shape(1, 6, 5)}},
		Initializers: []*onnx.Tensor{conv("wb", 4), conv("ws", 5),
			onnx.NewInts("sb", []int64{3}, []int64{1, 6, 4}), onnx.NewInts("ss", []int64{3}, []int64{1, 6, 5})},
	}}
	model := open(t, r, saveModel(t, m), backend.ModelOptions{Provider: infer.CPU})
	if o := model.Output; o.Name != "out1" || o.Kind != score.Detection || o.Classes != 5 || o.Skip != 0 {
		t.Errorf("the output is %+v", o)
	}
}
