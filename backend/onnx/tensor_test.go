package onnx

import (
	"errors"
	"math"
	"slices"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

// TestTypedFields encodes and decodes elements outside raw_data.
func TestTypedFields(t *testing.T) {
	data, err := typed().Encode()
	if err != nil {
		t.Fatal(err)
	}
	m, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	x := m.Graph.Index()
	for name, want := range map[string][]float64{
		"floats":   {1.5, -2},
		"bytes":    {-128, -1, 127},
		"halves":   {1, -2},
		"ints":     {-1, 1 << 40},
		"unsigned": {math.MaxUint32},
		"doubles":  {1},
		"flag":     {1},
	} {
		got, err := x.Initializer(name).Float64s(nil)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v (%v), want %v", name, got, err, want)
		}
	}
	if words := x.Initializer("words").Strings; len(words) != 2 || string(words[1]) != "dog" {
		t.Errorf("words are %q", words)
	}
	if _, err := x.Initializer("words").Floats(nil); err == nil {
		t.Error("texts have numbers")
	}
}

// TestHalf checks all kinds of half-precision numbers.
func TestHalf(t *testing.T) {
	for bits, want := range map[uint16]float32{
		0x0000: 0, 0x3c00: 1, 0xc000: -2, 0x7bff: 65504, 0x0400: 1.0 / (1 << 14), 0x0001: 1.0 / (1 << 24),
		0x83ff: -1023.0 / (1 << 24), 0x7c00: float32(math.Inf(1)), 0xfc00: float32(math.Inf(-1)), 0x3555: 0.333251953125,
	} {
		if got := half(bits); got != want {
			t.Errorf("%#04x is %v, want %v", bits, got, want)
		}
	}
	if got := half(0x7e00); got == got {
		t.Errorf("0x7e00 is %v, want NaN", got)
	}
}

// TestElements bounds products of dimensions.
func TestElements(t *testing.T) {
	for _, test := range []struct {
		dims []int64
		want int64
	}{
		{nil, 1}, {[]int64{2, 3}, 6}, {[]int64{0, 1 << 62}, 0}, {[]int64{-1}, -1},
		{[]int64{1 << 32, 1 << 32}, -1}, {[]int64{1 << 62, 1 << 62, 0}, -1},
	} {
		if got := (&Tensor{Dims: test.dims}).Elements(); got != test.want {
			t.Errorf("%v has %d elements, want %d", test.dims, got, test.want)
		}
	}
}

// TestDecodeRefuses gives tensors and structures that must not be believed.
func TestDecodeRefuses(t *testing.T) {
	raw := func(dims []int64, typ DataType, n int) *Tensor {
		return &Tensor{Name: "w", Type: typ, Dims: dims, Raw: make([]byte, n)}
	}
	for name, tensor := range map[string]*Tensor{
		"too few bytes":    raw([]int64{1 << 40}, Float, 8),
		"overflow":         raw([]int64{1 << 40, 1 << 40}, Float, 8),
		"negative length":  raw([]int64{-3}, Float, 8),
		"too many axes":    raw(make([]int64, 100), Float, 0),
		"negative offset":  {Name: "w", Type: Float, Dims: []int64{1}, External: &External{Location: "w.bin", Offset: -4}},
		"external too few": {Name: "w", Type: Float, Dims: []int64{1 << 50}, External: &External{Location: "w.bin", Length: 16}},
	} {
		m := tiny(13, op("Relu", "x", "y"))
		m.Graph.Initializers = []*Tensor{tensor}
		data, err := m.Encode()
		if err != nil {
			t.Fatal(err)
		}
		var file *FileError
		if _, err := Decode(data); !errors.As(err, &file) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// TestDecodeBounds wants depth and memory bounded.
func TestDecodeBounds(t *testing.T) {
	graph := []byte{}
	for range 200 { // graph in attribute in node in graph in attribute …
		attr := protowire.AppendBytes(protowire.AppendTag(nil, 6, protowire.BytesType), graph)
		node := protowire.AppendBytes(protowire.AppendTag(nil, 5, protowire.BytesType), attr)
		graph = protowire.AppendBytes(protowire.AppendTag(nil, 1, protowire.BytesType), node)
	}
	data := protowire.AppendBytes(protowire.AppendTag(nil, 7, protowire.BytesType), graph)
	if _, err := Decode(data); err == nil {
		t.Error("200 nested graphs were decoded")
	}

	many := slices.Repeat([]byte{0x0a, 0x00}, 2<<20) // 2²¹ empty nodes
	data = protowire.AppendBytes(protowire.AppendTag(nil, 7, protowire.BytesType), many)
	if _, err := Decode(data); err == nil {
		t.Error("two million empty nodes were decoded")
	}
}
