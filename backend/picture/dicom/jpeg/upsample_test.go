package jpeg

import (
	"slices"
	"testing"
)

// Chroma of half the height, worked by hand: 3:1 between neighbours, the edge
// repeats, and halves are rounded up and down by turns.
func TestDoubleHeight(t *testing.T) {
	c := &component{h: 1, v: 1, width: 2, height: 2, stride: 2, rows: 2, pix: []uint16{0, 100, 40, 60}}
	up := upsamplerOf(c, &frame{width: 2, height: 4, hMax: 1, vMax: 2})
	line := make([]uint16, 2)
	for y, want := range [][]uint16{{0, 100}, {10, 90}, {30, 70}, {40, 60}} {
		if got := up(y, line); !slices.Equal(got, want) {
			t.Errorf("row %d: %v, want %v", y, got, want)
		}
	}
}
