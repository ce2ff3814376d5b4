package voxels

import "math/rand/v2"

// Random draws a mask of a volume, values between 0 and 1 for slices × rows × columns:
// a random grid one cell larger along each axis than asked, enlarged smoothly and cut at
// a random place (RISE: Petsiuk, Das and Saenko 2018, 3.2, with a third axis). share is
// the chance that a cell of the grid is 1.
func Random(size [3]int, cells int, share float64, source *rand.Rand) []float32 {
	n := cells + 1
	grid := Grid{Size: [3]int{n, n, n}, Values: make([]float32, n*n*n)}
	for i := range grid.Values {
		if source.Float64() < share {
			grid.Values[i] = 1
		}
	}
	var axes [3]Axis
	for k := range axes { // the part of the enlarged grid behind the shift
		cell := (size[k] + cells - 1) / cells
		shift := source.IntN(cell)
		axes[k] = Axis{Of: k, Start: (float64(shift)+0.5)/float64(cell) - 0.5, Step: 1 / float64(cell), Len: size[k]}
	}
	return grid.Sample(axes, false).Values
}
