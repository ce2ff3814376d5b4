//go:build cgo

package ort

import (
	"encoding/binary"
	"testing"

	"picasso/backend/infer"
	"picasso/backend/onnx"
)

// port declares a tensor; −1 is a free length.
func port(name string, kind onnx.DataType, shape ...int64) *onnx.Value {
	v := &onnx.Value{Name: name, Type: kind, Shape: []onnx.Dim{}}
	for _, d := range shape {
		v.Shape = append(v.Shape, onnx.Dim{Size: d})
	}
	return v
}

func node(op, from, to string, attrs ...*onnx.Attr) *onnx.Node {
	return &onnx.Node{OpType: op, Inputs: []string{from}, Outputs: []string{to}, Attrs: attrs}
}

func cast(from, to string, kind onnx.DataType) *onnx.Node {
	return node("Cast", from, to, &onnx.Attr{Name: "to", Kind: onnx.AttrInt, I: int64(kind)})
}

func encode(t *testing.T, g *onnx.Graph) infer.Source {
	t.Helper()
	g.Name = "test"
	m := &onnx.Model{IRVersion: 8, Opsets: map[string]int64{"": 13}, Graph: g}
	data, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return infer.Source{Bytes: data}
}

func longsTensor(name string, values ...int64) *onnx.Tensor {
	t := &onnx.Tensor{Name: name, Type: onnx.Int64, Dims: []int64{int64(len(values))}}
	for _, v := range values {
		t.Raw = binary.LittleEndian.AppendUint64(t.Raw, uint64(v))
	}
	return t
}
