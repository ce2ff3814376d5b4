package preprocess

import (
	"testing"

	"picasso/backend/picture/voxels"
)

// A plane of cells runs as the slice does, whichever way the axes of the model run.
func TestPlanesOfCells(t *testing.T) {
	// The model's depth runs along the columns backwards, its height along the slices, its
	// width along the rows; every cell spans two voxels.
	b := Block{Source: [3]int{4, 6, 8}, Axes: [3]voxels.Axis{{Of: 2, Start: 7, Step: -1, Len: 8}, {Of: 0, Step: 1, Len: 4}, {Of: 1, Step: 1, Len: 6}}}
	size := [3]int{4, 2, 3}
	for slice := range 4 {
		p, ok := b.Plane(size, slice)
		rows, columns := p.Size()
		if !ok || rows != 3 || columns != 4 {
			t.Fatalf("slice %d: %v, %d×%d cells", slice, ok, rows, columns)
		}
		for row := range 6 {
			for column := range 8 {
				r, c, ok := p.At(float64(row), float64(column))
				want := ((7-column)/2*2+slice/2)*3 + row/2
				if got := p.Index(r, c); !ok || got != want || r != row/2 || c != column/2 {
					t.Errorf("slice %d, pixel %d, %d: cell %d, %d with value %d, want %d", slice, row, column, r, c, got, want)
				}
			}
		}
		if _, _, ok := p.At(-1, 0); ok {
			t.Error("a pixel outside of the block has a cell")
		}
	}
	if _, ok := b.Plane(size, 4); ok {
		t.Error("a slice outside of the block has cells")
	}
	if low, high := b.Covers([3]int{0, 1, 2}, [3]int{2, 2, 4}); low != [3]float64{0.5, 1.5, 5.5} || high != [3]float64{1.5, 3.5, 7.5} {
		t.Errorf("voxels cover %v to %v", low, high)
	}
}
