//go:build cgo

package ort

import (
	"slices"
	"testing"

	"picasso/backend/infer"
	"picasso/backend/onnx"
)

var cpuOnly = infer.SessionOptions{Provider: infer.CPU}

// Every element type goes in and comes out, through a node that the library
// computes in that type or casts.
func TestElementTypesGoInAndOut(t *testing.T) {
	r := library(t)
	for _, kind := range []onnx.DataType{
		onnx.Float, onnx.Double, onnx.Float16, onnx.BFloat16, onnx.Uint8, onnx.Int8, onnx.Uint16, onnx.Int16,
		onnx.Uint32, onnx.Int32, onnx.Uint64, onnx.Int64, onnx.Bool,
	} {
		t.Run(kind.String(), func(t *testing.T) {
			s := open(t, r, encode(t, &onnx.Graph{
				Inputs:  []*onnx.Value{port("x", kind, -1, 3)},
				Outputs: []*onnx.Value{port("same", kind, -1, 3), port("real", onnx.Float, -1, 3)},
				Nodes:   []*onnx.Node{node("Identity", "x", "same"), cast("x", "real", onnx.Float)},
			}), cpuOnly)
			in := infer.Tensor{Shape: []int{2, 3}, Data: []float32{0, 1, 2, 3, 100, 127}}
			want := in.Data
			if kind == onnx.Bool {
				want = []float32{0, 1, 1, 1, 1, 1}
			}
			got, err := s.Run(t.Context(), []infer.Tensor{in})
			if err != nil {
				t.Fatal(err)
			}
			for i, out := range got {
				if !slices.Equal(out.Shape, in.Shape) || !slices.Equal(out.Data, want) {
					t.Errorf("output %s: %v %v", s.Outputs()[i].Name, out.Shape, out.Data)
				}
			}
			if p := s.Outputs()[0]; p.Type != kind || p.Name != "same" {
				t.Errorf("port %+v", p)
			}
		})
	}
}

// Tensors inside of a model that computes in 16 bits often state no type.
func TestHalfOutputsOfUnknownType(t *testing.T) {
	r := library(t)
	untyped := func(name string) *onnx.Value { return &onnx.Value{Name: name} }
	s := open(t, r, encode(t, &onnx.Graph{
		Inputs:  []*onnx.Value{port("x", onnx.Float, -1, 3)},
		Outputs: []*onnx.Value{untyped("half"), untyped("twice"), untyped("best"), untyped("real"), untyped("whole")},
		Nodes: []*onnx.Node{
			cast("x", "half", onnx.Float16),
			{OpType: "Add", Inputs: []string{"half", "half"}, Outputs: []string{"twice"}},
			node("ArgMax", "half", "best", &onnx.Attr{Name: "axis", Kind: onnx.AttrInt, I: 1}),
			cast("twice", "real", onnx.Float),
			cast("twice", "whole", onnx.Int64),
		},
	}), cpuOnly)
	got, err := s.Run(t.Context(), []infer.Tensor{{Shape: []int{1, 3}, Data: []float32{1, 5, 2}}})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range [][]float32{{1, 5, 2}, {2, 10, 4}, {1}, {2, 10, 4}, {2, 10, 4}} {
		if !slices.Equal(got[i].Data, want) {
			t.Errorf("output %s: %v, want %v", s.Outputs()[i].Name, got[i].Data, want)
		}
	}
	k, err := s.(infer.Keeper).RunKeep(t.Context(), []infer.Value{infer.Given(infer.NewTensor(1, 3))})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []onnx.DataType{onnx.Float, onnx.Float, onnx.Int64, onnx.Float, onnx.Int64} {
		if have := k[i].(*kept).kind; have != want {
			t.Errorf("output %s is kept as %s, want %s", s.Outputs()[i].Name, have, want)
		}
		k[i].Close()
	}
}

func TestSingleNumbers(t *testing.T) {
	r := library(t)
	for _, kind := range []onnx.DataType{onnx.Float, onnx.Float16, onnx.Int64} {
		s := open(t, r, encode(t, &onnx.Graph{
			Inputs:  []*onnx.Value{port("x", onnx.Float)},
			Outputs: []*onnx.Value{port("y", kind)},
			Nodes:   []*onnx.Node{cast("x", "y", kind)},
		}), cpuOnly)
		got, err := s.Run(t.Context(), []infer.Tensor{{Shape: []int{}, Data: []float32{7}}})
		if err != nil {
			t.Fatal(kind, err)
		}
		if len(got[0].Shape) != 0 || !slices.Equal(got[0].Data, []float32{7}) {
			t.Errorf("%s: %v", kind, got)
		}
	}
}

// The largest float32 integers would lose their last digit on the way; a kept
// value does not.
func TestKeptValuesFeedAnotherSessionExactly(t *testing.T) {
	r := library(t)
	big := open(t, r, encode(t, &onnx.Graph{
		Inputs:       []*onnx.Value{port("x", onnx.Float, 1)},
		Outputs:      []*onnx.Value{port("n", onnx.Int64, 1)},
		Initializers: []*onnx.Tensor{longsTensor("one", 1)},
		Nodes: []*onnx.Node{
			cast("x", "whole", onnx.Int64),
			{OpType: "Add", Inputs: []string{"whole", "one"}, Outputs: []string{"n"}},
		},
	}), cpuOnly)
	small := open(t, r, encode(t, &onnx.Graph{
		Inputs:       []*onnx.Value{port("n", onnx.Int64, 1), port("x", onnx.Float, 1)},
		Outputs:      []*onnx.Value{port("y", onnx.Float, 1)},
		Initializers: []*onnx.Tensor{longsTensor("minus", -(1 << 40))},
		Nodes: []*onnx.Node{
			{OpType: "Add", Inputs: []string{"n", "minus"}, Outputs: []string{"rest"}},
			cast("rest", "real", onnx.Float),
			{OpType: "Add", Inputs: []string{"real", "x"}, Outputs: []string{"y"}},
		},
	}), cpuOnly)
	first, ok := infer.AsKeeper(infer.Limited(big, 1))
	if !ok {
		t.Fatal("a session in a decorator is no keeper")
	}
	second, _ := infer.AsKeeper(small)
	half := infer.Given(infer.Tensor{Shape: []int{1}, Data: []float32{0.5}})
	kept, err := first.RunKeep(t.Context(), []infer.Value{infer.Given(infer.Tensor{Shape: []int{1}, Data: []float32{1 << 40}})})
	if err != nil {
		t.Fatal(err)
	}
	out, err := second.RunKeep(t.Context(), []infer.Value{kept[0], half})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := out[0].Tensor(); err != nil || !slices.Equal(got.Data, []float32{1.5}) {
		t.Errorf("%v, %v", got, err)
	}
	for range 2 {
		if err := kept[0].Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := second.RunKeep(t.Context(), []infer.Value{kept[0], half}); err == nil {
		t.Error("a closed value was fed")
	}
	if _, err := kept[0].Tensor(); err == nil {
		t.Error("a closed value was read")
	}
}

// A kept value of another type than the port's is converted.
func TestKeptValuesAreConvertedForOtherPorts(t *testing.T) {
	r := library(t)
	s := open(t, r, encode(t, &onnx.Graph{
		Inputs:  []*onnx.Value{port("x", onnx.Uint8, -1)},
		Outputs: []*onnx.Value{port("y", onnx.Float, -1)},
		Nodes:   []*onnx.Node{cast("x", "y", onnx.Float)},
	}), cpuOnly).(infer.Keeper)
	v := []infer.Value{infer.Given(infer.Tensor{Shape: []int{2}, Data: []float32{3, 4}})}
	for range 2 {
		var err error
		if v, err = s.RunKeep(t.Context(), v); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := v[0].Tensor(); err != nil || !slices.Equal(got.Data, []float32{3, 4}) {
		t.Errorf("%v, %v", got, err)
	}
}
