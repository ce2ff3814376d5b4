package picture

import (
	"image"
	"testing"
)

// TestPainted covers a corner that reaches beyond the border of an 8-bit and a
// float picture, and leaves the original alone.
func TestPainted(t *testing.T) {
	grey := image.NewGray(image.Rect(0, 0, 4, 3))
	for i := range grey.Pix {
		grey.Pix[i] = 9
	}
	for name, m := range map[string]*Image{
		"8-bit": FromImage("a", grey),
		"float": NewFloat("b", 4, 3, 1, []float32{9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9}),
	} {
		for _, value := range []float32{200, -0.5} {
			got := m.Painted(image.Rect(2, 1, 40, 2), value)
			for y := range 3 {
				for x := range 4 {
					want := float32(9)
					if y == 1 && x >= 2 {
						want = value
					}
					if got.At(x, y, 0) != want || m.At(x, y, 0) != 9 {
						t.Errorf("%s: (%d, %d) is %v, want %v; the original has %v", name, x, y, got.At(x, y, 0), want, m.At(x, y, 0))
					}
				}
			}
		}
	}
}
