package similarity

import "math"

// Grid is a field of numbers in row order, of a volume slice by slice; NaN where
// nothing is known.
type Grid struct {
	Depth         int // slices of a volume, 0 for a picture
	Height, Width int // of a slice
	Values        []float64
}

// Of makes a grid of the numbers of a map, Height×Width in row order.
func Of(values []float32, height, width int) Grid {
	g := Grid{Height: height, Width: width, Values: make([]float64, height*width)}
	for i := range g.Values {
		g.Values[i] = float64(values[i])
	}
	return g
}

// Sizes are slices, rows and columns; a picture is one slice.
func (g Grid) Sizes() [3]int { return [3]int{max(g.Depth, 1), g.Height, g.Width} }

// With has other values in the same places.
func (g Grid) With(values []float64) Grid {
	g.Values = values
	return g
}

// Longest edges at which two maps are compared, of pictures and of volumes: finer
// differences are noise to the eye that reads a map.
const (
	ComparedEdge = 64
	SolidEdge    = 24
)

// Edge is the longest edge at which g is compared.
func (g Grid) Edge() int {
	if g.Depth > 0 {
		return SolidEdge
	}
	return ComparedEdge
}

// Shrunk is g with no edge longer than edge, averaged by area.
func (g Grid) Shrunk(edge int) Grid {
	size := g.Sizes()
	return g.On([3]int{min(size[0], edge), min(size[1], edge), min(size[2], edge)})
}

// On is g on a grid of cells, each the mean of the space that it spans; pixels
// that a border of cells cuts count by their share. NaN takes no part, and a cell
// of nothing else is NaN.
func (g Grid) On(size [3]int) Grid {
	if size == g.Sizes() {
		return g
	}
	var parts [3][][]share
	for k, n := range g.Sizes() {
		parts[k] = shares(n, size[k])
	}
	out := Grid{Depth: min(g.Depth, size[0]), Height: size[1], Width: size[2], Values: make([]float64, 0, size[0]*size[1]*size[2])}
	for _, slices := range parts[0] {
		for _, rows := range parts[1] {
			for _, columns := range parts[2] {
				out.Values = append(out.Values, g.mean(slices, rows, columns))
			}
		}
	}
	return out
}

func (g Grid) mean(slices, rows, columns []share) float64 {
	var sum, weight float64
	for _, s := range slices {
		for _, r := range rows {
			for _, c := range columns {
				part := s.part * r.part * c.part
				if v := g.Values[(s.index*g.Height+r.index)*g.Width+c.index]; !math.IsNaN(v) {
					sum += v * part
					weight += part
				}
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
	out := g.With(make([]float64, len(g.Values)))
	for i := range g.Values {
		out.Values[i] = g.Values[i-i%g.Width+g.Width-1-i%g.Width]
	}
	return out
}

// Abs is g without its signs.
func (g Grid) Abs() Grid {
	out := g.With(make([]float64, len(g.Values)))
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
