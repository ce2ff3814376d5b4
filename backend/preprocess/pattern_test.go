package preprocess

import (
	"testing"

	"picasso/backend/onnx"
)

// The pattern is its formula, however many elements it has.
func TestPattern(t *testing.T) {
	for _, side := range []int{1, 15, 16, 40, 113, 300} {
		for kind, scale := range map[onnx.DataType]float32{onnx.Float: 1, onnx.Uint8: 100} {
			in := Input{Type: kind, Channels: 3, Height: side, Width: side + 1}
			for i, v := range in.Pattern().Data {
				if want := scale * float32((i*i/7+i)%101) / 100; v != want {
					t.Fatalf("%d×%d, element %d: %v, not %v", side, side+1, i, v, want)
				}
			}
		}
	}
}
