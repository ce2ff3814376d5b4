package metadata

import (
	"testing"

	"picasso/backend/onnx"
)

// What a port holds is said as far as the file says it.
func TestPortsAreSaid(t *testing.T) {
	for want, v := range map[string]*onnx.Value{
		"x: float32 n×3×?":            {Name: "x", Type: onnx.Float, Shape: []onnx.Dim{{Size: -1, Symbol: "n"}, {Size: 3}, {Size: -1}}},
		"x: int64, a single value":    {Name: "x", Type: onnx.Int64, Shape: []onnx.Dim{}},
		"x: numbers of unknown shape": {Name: "x"},
	} {
		if got := summarizePorts([]*onnx.Value{v})[0]; got.String() != want || got.Type == "undefined" {
			t.Errorf("says %q (%s), want %q", got, got.Type, want)
		}
	}
}
