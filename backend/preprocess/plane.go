package preprocess

import "math"

// Plane is how the cells of a map of a block lie on one slice of the source: the layer of
// cells nearest to it, in the rows and columns of the slice.
type Plane struct {
	block Block
	size  [3]int // of the map
	slice int    // of the source
	axes  [3]int // of the map, which run along the slices, rows and columns of the source
	at    int    // the cell along slices
}

// Plane is the layer of cells of a map of so many values that lies nearest to a slice of
// the source; ok is false where the block does not reach that.
func (b Block) Plane(size [3]int, slice int) (p Plane, ok bool) {
	b.Tensor.Data = nil // planes do not keep the model's input
	p = Plane{block: b, size: size, slice: slice, axes: [3]int{b.along(0), b.along(1), b.along(2)}}
	p.at, ok = p.cell(0, lying(b.Lies, [3]float64{float64(slice)})[0])
	return p, ok
}

// cell is the cell at a place along an axis of the source.
func (p Plane) cell(of int, place float64) (int, bool) {
	k := p.axes[of]
	a := p.block.Axes[k]
	at := int(math.Floor((a.Index(place) + 0.5) * float64(p.size[k]) / float64(a.Len)))
	return min(max(at, 0), p.size[k]-1), at >= 0 && at < p.size[k]
}

// Size is how many rows and columns of cells there are.
func (p Plane) Size() (rows, columns int) { return p.size[p.axes[1]], p.size[p.axes[2]] }

// Index is where a row and column of the plane lies among the values of the map; rows and
// columns run as those of the source, whichever way the map does.
func (p Plane) Index(row, column int) int {
	var at [3]int
	at[p.axes[0]] = p.at
	for of, n := range map[int]int{1: row, 2: column} {
		k := p.axes[of]
		if at[k] = n; p.block.Axes[k].Step < 0 {
			at[k] = p.size[k] - 1 - n
		}
	}
	return (at[0]*p.size[1]+at[1])*p.size[2] + at[2]
}

// At is the row and column of the plane at a pixel of the slice; ok is false where the
// block does not reach that.
func (p Plane) At(row, column float64) (cellRow, cellColumn int, ok bool) {
	place := lying(p.block.Lies, [3]float64{float64(p.slice), row, column})
	var cells [3]int
	for of := 1; of < 3; of++ {
		n, in := p.cell(of, place[of])
		if !in {
			return 0, 0, false
		}
		k := p.axes[of]
		if cells[of] = n; p.block.Axes[k].Step < 0 {
			cells[of] = p.size[k] - 1 - n
		}
	}
	return cells[1], cells[2], true
}

// Covers is the part of the source that voxels of the block cover, from a voxel up to but
// not including another on each axis: slices, rows and columns, at the outer edges.
func (b Block) Covers(from, to [3]int) (low, high [3]float64) {
	for k, a := range b.Axes {
		x, y := a.At(float64(from[k])-0.5), a.At(float64(to[k])-0.5)
		low[a.Of], high[a.Of] = min(x, y), max(x, y)
	}
	return low, high
}
