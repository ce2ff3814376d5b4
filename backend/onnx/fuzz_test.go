package onnx

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"picasso/backend/bounded"
)

// FuzzDecode feeds bytes of any kind: no panic, every error in words, and
// what decodes also survives encoding.
func FuzzDecode(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte("<html>"))
	f.Add([]byte{0x08, 0x08, 0x3a, 0x02, 0x0a, 0x00})
	for _, m := range []*Model{sample(), typed(), old()} {
		data, err := m.Encode()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
		f.Add(data[:len(data)/2])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		bounded.Run(t, bounded.Small(len(data)), func() { decodeAndUse(t, data) })
	})
}

func decodeAndUse(t *testing.T, data []byte) {
	m, err := Decode(data)
	if err != nil {
		var file *FileError
		if !errors.As(err, &file) || file.Fault == "" || file.Remedy == "" {
			t.Fatalf("error %#v", err)
		}
		return
	}
	encoded, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	again, err := Decode(encoded)
	if err != nil {
		t.Fatalf("cannot decode what Encode wrote: %v", err)
	}
	twice, err := again.Encode()
	if err != nil || !bytes.Equal(encoded, twice) {
		t.Fatalf("encoding is not stable: %v", err)
	}
	if err := m.Dump(io.Discard); err != nil {
		t.Fatal(err)
	}
	FindHead(m, "")
	for _, v := range outputsOf(m) {
		FindTail(m, v.Name)
		FindClassNumbers(m, v.Name)
		FindBounded(m, v.Name)
		RowParts(m, v.Name)
		m.HoldsNumbers(v)
	}
	if m.Check() == nil {
		c := m.Clone()
		if err := c.Graph.Sort(); err != nil {
			t.Fatal(err)
		}
		c.Graph.Spatial()
		c.Graph.Prune()
		c.Graph.FreeBatch("N")
		c.DequantiseOutputs()
		m.Training()
		if _, err := m.Renew(); err != nil && err.Error() == "" {
			t.Fatalf("error %#v", err)
		}
	}
}

// old is a model of operator set 3.
func old() *Model {
	axis := []*Attr{{Name: "axis", Kind: AttrInt, I: 1}, {Name: "broadcast", Kind: AttrInt, I: 1}}
	shape := []*Attr{{Name: "shape", Kind: AttrInts, Ints: []int64{1, -1}}}
	return &Model{IRVersion: 3, Opsets: map[string]int64{"": 3}, Graph: &Graph{Name: "old",
		Inputs:       []*Value{{Name: "x", Type: Float, Shape: []Dim{{Size: 1}, {Size: 2}, {Size: 2}}}, {Name: "v", Type: Float, Shape: []Dim{{Size: 2}}}},
		Outputs:      []*Value{{Name: "y", Type: Float}},
		Initializers: []*Tensor{NewTensor("v", []int64{2}, []float32{1, 2})},
		Nodes: []*Node{{OpType: "Add", Inputs: []string{"x", "v"}, Outputs: []string{"a"}, Attrs: axis}, {OpType: "PRelu", Inputs: []string{"a", "v"}, Outputs: []string{"p"}},
			{OpType: "Reshape", Inputs: []string{"p"}, Outputs: []string{"y"}, Attrs: shape}}}}
}

func outputsOf(m *Model) []*Value {
	if m.Graph == nil {
		return nil
	}
	return m.Graph.Outputs
}

// TestDecodeBroken cuts and bends a real model everywhere: no panic, and an
// equal model from memory and from a file.
func TestDecodeBroken(t *testing.T) {
	data, err := typed().Encode()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "m.onnx")
	for i := range data {
		bent := bytes.Clone(data)
		bent[i] ^= 0x2a
		for _, broken := range [][]byte{data[:i], bent} {
			memory, errMemory := Decode(broken)
			file, errFile := decode(&source{file: bytes.NewReader(broken), size: int64(len(broken))})
			if (errMemory == nil) != (errFile == nil) {
				t.Fatalf("byte %d: from memory %v, from a file %v", i, errMemory, errFile)
			}
			if errMemory == nil && !reflect.DeepEqual(memory, file) {
				t.Fatalf("byte %d: the models differ", i)
			}
		}
	}
	if err := os.WriteFile(path, data[:len(data)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = Open(path)
	expectFault(t, err, "m.onnx", "cut off")
}
