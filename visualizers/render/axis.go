package render

import "math"

// axis places the cells of a field along one side of a picture: for the pixels
// first…first+len(near)-1, which cells make their value. A pixel's centre
// counts: those outside the field have none.
type axis struct {
	first  int
	near   []int32   // the cell that contains the pixel
	low    []int32   // the cell whose centre lies before the pixel's
	high   []int32   // and behind; the same at the border
	weight []float32 // share of high, 0…1
}

// newAxis lays cells between from and to over pixels 0…pixels-1.
func newAxis(cells, pixels int, from, to float64) axis {
	if !finite(from) || !finite(to) || !(to > from) || cells <= 0 {
		return axis{}
	}
	start := int(min(max(math.Ceil(from-0.5), 0), float64(pixels)))
	end := int(min(max(math.Ceil(to-0.5), 0), float64(pixels)))
	n := max(end-start, 0)
	a := axis{start, make([]int32, n), make([]int32, n), make([]int32, n), make([]float32, n)}
	last := float64(cells - 1)
	for i := range a.near {
		at := (float64(start+i) + 0.5 - from) / (to - from) * float64(cells)
		a.near[i] = int32(min(max(math.Floor(at), 0), last))
		centre := min(max(at-0.5, 0), last)
		low := math.Floor(centre)
		a.low[i] = int32(low)
		a.high[i] = int32(min(low+1, last))
		a.weight[i] = float32(centre - low)
	}
	return a
}
