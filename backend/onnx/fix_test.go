package onnx

import (
	"math"
	"testing"
)

func TestConstantsOfEveryTypeReadBack(t *testing.T) {
	values := []float32{0, 1, 100, 3}
	for _, typ := range []DataType{Float, Double, Float16, Uint8, Int8, Uint16, Int16, Int32, Uint32, Int64, Uint64} {
		c, err := NewConstant("c", typ, []int{2, 2}, values)
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.Floats(nil)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range values {
			if got[i] != v {
				t.Errorf("%v: value %d is %v, want %v", typ, i, got[i], v)
			}
		}
	}
	if _, err := NewConstant("c", String, []int{1}, []float32{1}); err == nil {
		t.Error("a text was filled with a number")
	}
	if _, err := NewConstant("c", Float, []int{2}, []float32{1}); err == nil {
		t.Error("two values were made of one")
	}
}

func TestHalvesGoThereAndBack(t *testing.T) {
	for h := range uint32(1 << 16) {
		v := half(uint16(h))
		if v != v {
			continue
		}
		if got := toHalf(v); got != uint16(h) {
			t.Fatalf("%#04x is %v and becomes %#04x", h, v, got)
		}
	}
	for v, want := range map[float32]uint16{1 + 1.0/2048: 0x3c00, 1 + 3.0/2048: 0x3c02, 65519: 0x7bff, 65520: 0x7c00, float32(math.Inf(-1)): 0xfc00, 1e-9: 0} {
		if got := toHalf(v); got != want {
			t.Errorf("%v becomes %#04x, want %#04x", v, got, want)
		}
	}
}

func TestFixedInputNeedsNoFeed(t *testing.T) {
	for _, ir := range []int64{3, 8} {
		m := &Model{IRVersion: ir, Graph: &Graph{Inputs: []*Value{{Name: "x"}, {Name: "mask"}}}}
		c, err := NewConstant("mask", Bool, []int{1}, []float32{1})
		if err != nil {
			t.Fatal(err)
		}
		m.Fix(c)
		if feeds := m.Graph.Feeds(); len(feeds) != 1 || feeds[0].Name != "x" {
			t.Errorf("IR %d: %d inputs must be fed", ir, len(feeds))
		}
	}
}
