package similarity

import "math"

// Grid is a field of numbers in row order; NaN where nothing is known.
type Grid struct {
	Height, Width int
	Values        []float64 // Height×Width
}

// Of makes a grid of the numbers of a map, Height×Width in row order.
func Of(values []float32, height, width int) Grid {
	g := Grid{Height: height, Width: width, Values: make([]float64, height*width)}
	for i := range g.Values {
		g.Values[i] = float64(values[i])
	}
	return g
}

// ComparedEdge is the longest edge at which two maps are compared: finer
// differences are noise to the eye that reads a map.
const ComparedEdge = 64

// Shrunk is g with neither edge longer than edge, averaged by area.
func (g Grid) Shrunk(edge int) Grid {
	return g.Pooled(min(g.Height, edge), min(g.Width, edge))
}

// Pooled is g on a grid of height×width cells, each the mean of the area that
// it spans; pixels that a border of cells cuts count by their share. NaN takes
// no part, and a cell of nothing else is NaN.
func (g Grid) Pooled(height, width int) Grid {
	if height == g.Height && width == g.Width {
		return g
	}
	rows, columns := shares(g.Height, height), shares(g.Width, width)
	out := Grid{Height: height, Width: width, Values: make([]float64, height*width)}
	for y := range height {
		for x := range width {
			out.Values[y*width+x] = g.mean(rows[y], columns[x])
		}
	}
	return out
}

func (g Grid) mean(rows, columns []share) float64 {
	var sum, weight float64
	for _, r := range rows {
		for _, c := range columns {
			if v := g.Values[r.index*g.Width+c.index]; !math.IsNaN(v) {
				sum += v * r.part * c.part
				weight += r.part * c.part
			}
		}
	}
	if weight == 0 {
		return math.NaN()
	}
	return sum / weight
}

// share is how much of one old pixel belongs to a new cell.
type share struct {
	index int
	part  float64 // in old pixels
}

// shares divides an edge of from pixels among to cells.
func shares(from, to int) [][]share {
	out := make([][]share, to)
	for cell := range out {
		low, high := float64(cell)*float64(from)/float64(to), float64(cell+1)*float64(from)/float64(to)
		for i := int(low); i < from && float64(i) < high; i++ {
			if part := min(high, float64(i+1)) - max(low, float64(i)); part > 1e-9 {
				out[cell] = append(out[cell], share{i, part})
			}
		}
	}
	return out
}

// Mirrored is g seen in a mirror: left and right change places.
func (g Grid) Mirrored() Grid {
	out := Grid{Height: g.Height, Width: g.Width, Values: make([]float64, len(g.Values))}
	for y := range g.Height {
		for x := range g.Width {
			out.Values[y*g.Width+x] = g.Values[y*g.Width+g.Width-1-x]
		}
	}
	return out
}

// Abs is g without its signs.
func (g Grid) Abs() Grid {
	out := Grid{Height: g.Height, Width: g.Width, Values: make([]float64, len(g.Values))}
	for i, v := range g.Values {
		out.Values[i] = math.Abs(v)
	}
	return out
}

// Constant reports whether all known values are the same, or none is known:
// such a map says nothing about places.
func (g Grid) Constant() bool {
	low, high := span(g.Values)
	return !(high > low)
}

// span is the least and the greatest known value, NaN where there is none.
func span(values []float64) (low, high float64) {
	low, high = math.NaN(), math.NaN()
	for _, v := range values {
		if math.IsNaN(v) {
			continue
		}
		if !(low <= v) {
			low = v
		}
		if !(high >= v) {
			high = v
		}
	}
	return low, high
}
