//go:build cgo

package ort

import (
	"errors"
	"strings"
	"testing"

	"picasso/backend/infer"
	"picasso/backend/onnx"
)

// scaled is a model that multiplies its input by another one of a fixed shape.
func scaled(t *testing.T) infer.Source {
	t.Helper()
	m := &onnx.Model{IRVersion: 8, Opsets: map[string]int64{"": 17}, Graph: &onnx.Graph{
		Name:    "g",
		Nodes:   []*onnx.Node{{OpType: "Mul", Inputs: []string{"x", "w"}, Outputs: []string{"y"}}},
		Inputs:  []*onnx.Value{{Name: "x", Type: onnx.Float, Shape: []onnx.Dim{{Size: -1}, {Size: 2}}}, {Name: "w", Type: onnx.Float, Shape: []onnx.Dim{{Size: 1}, {Size: 2}}}},
		Outputs: []*onnx.Value{{Name: "y", Type: onnx.Float, Shape: []onnx.Dim{{Size: -1}, {Size: 2}}}},
	}}
	data, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return infer.Source{Bytes: data}
}

// A session gives what it fills by itself to every run, and asks for the rest alone.
func TestFixedInputsAreTheSessions(t *testing.T) {
	r, src := library(t), scaled(t)
	filled := 0
	src.Fixed = []infer.Fixed{func(data []float32) error {
		filled++
		copy(data, []float32{3, -2})
		return nil
	}}
	s, err := r.Open(t.Context(), src, infer.SessionOptions{Provider: infer.CPU})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if in := s.Inputs(); len(in) != 1 || in[0].Name != "x" {
		t.Errorf("it asks for %v", in)
	}
	for range 3 {
		y, err := s.Run(t.Context(), []infer.Tensor{{Shape: []int{2, 2}, Data: []float32{1, 2, 3, 4}}})
		if err != nil || y[0].Data[0] != 3 || y[0].Data[1] != -4 || y[0].Data[2] != 9 || y[0].Data[3] != -8 {
			t.Fatalf("%v, %v", y, err)
		}
	}
	if filled != 1 {
		t.Errorf("filled %d times", filled)
	}
	if held := s.(infer.Holder).Held(); held < sessionBytes+8 {
		t.Errorf("%d bytes are held", held)
	}
}

func TestFixedInputsThatCannotBeFilled(t *testing.T) {
	r, src := library(t), scaled(t)
	src.Fixed = []infer.Fixed{func([]float32) error { return errors.New("the file is gone") }}
	if _, err := r.Open(t.Context(), src, infer.SessionOptions{Provider: infer.CPU}); err == nil || !strings.Contains(err.Error(), "the file is gone") {
		t.Errorf("%v", err)
	}
	none := func([]float32) error { return nil }
	for _, list := range [][]infer.Fixed{{none, none}, {none, none, none}} { // x has no fixed shape
		src.Fixed = list
		if _, err := r.Open(t.Context(), src, infer.SessionOptions{Provider: infer.CPU}); err == nil {
			t.Errorf("%d inputs are filled", len(list))
		}
	}
}
