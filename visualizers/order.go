package visualizers

import (
	"cmp"
	"math"
	"slices"
)

// Lattice orders a grid from coarse to fine: first every step-th row and
// column, then, halving the distance each time, the ones between. A point of
// a finer level lies midway between points of the coarser ones, so a partly
// known grid is filled in by averaging.
type Lattice struct {
	rows, columns int
	Step          int // of the coarsest level, a power of two
	row, column   int // first coarse row and column
}

// NewLattice chooses the finest first level that is no more than that part of
// the grid. Grids of a handful of points have one level only.
func NewLattice(rows, columns int) Lattice {
	l := Lattice{rows: rows, columns: columns, Step: 1}
	n := rows * columns
	if n < 2*coarsest {
		return l
	}
	for {
		l.Step *= 2
		if l.place(n / coarsest) {
			return l
		}
	}
}

// place chooses where the coarse rows and columns begin: in the middle, with
// as many of them as fit or one fewer on an axis, and as many points as are
// allowed. It reports whether there is a choice.
func (l *Lattice) place(most int) bool {
	best := 0
	for _, r := range starts(l.rows, l.Step) {
		for _, c := range starts(l.columns, l.Step) {
			if n := count(l.rows, r, l.Step) * count(l.columns, c, l.Step); n > best && n <= most {
				best, l.row, l.column = n, r, c
			}
		}
	}
	return best > 0
}

// starts are the first of n places at a distance such that the outer ones are
// as far from either end: with as many as fit, and with one fewer.
func starts(n, step int) [2]int {
	rest := (n - 1) % step
	return [2]int{rest / 2, (rest + step) / 2}
}

// count is how many places there are from the first on.
func count(n, first, step int) int { return max(0, (n-first+step-1)/step) }

// Points lists the grid's points at a distance, row by row.
func (l Lattice) Points(step int) []int {
	var out []int
	for r := l.row % step; r < l.rows; r += step {
		for c := l.column % step; c < l.columns; c += step {
			out = append(out, r*l.columns+c)
		}
	}
	return out
}

// Between lists the points at a distance that the next coarser level lacks.
func (l Lattice) Between(step int) []int {
	return slices.DeleteFunc(l.Points(step), func(i int) bool { return l.on(i, 2*step) })
}

func (l Lattice) on(i, step int) bool {
	r, c := i/l.columns, i%l.columns
	return r%step == l.row%step && c%step == l.column%step
}

// fill replaces NaN by what the coarser levels predict: the mean of the
// neighbours at the level's distance. Unknown points of the coarsest level
// take the mean of all known ones.
func (l Lattice) fill(values []float64) {
	mean := knownMean(values)
	for _, i := range l.Points(l.Step) {
		if math.IsNaN(values[i]) {
			values[i] = mean
		}
	}
	for step := l.Step / 2; step >= 1; step /= 2 {
		for _, i := range l.Between(step) {
			if math.IsNaN(values[i]) {
				values[i] = l.predict(values, i, step)
			}
		}
	}
}

// predict averages the points of the coarser level around i.
func (l Lattice) predict(values []float64, i, step int) float64 {
	var sum float64
	n := 0
	l.around(i, step, func(k int) {
		sum += values[k]
		n++
	})
	return sum / float64(n)
}

// around visits the points of the coarser level next to point i of a level:
// two on its row or column, or four across the corners; fewer at the border.
func (l Lattice) around(i, step int, visit func(int)) {
	r, c := i/l.columns, i%l.columns
	dr, dc := step, step
	if r%(2*step) == l.row%(2*step) {
		dr = 0
	}
	if c%(2*step) == l.column%(2*step) {
		dc = 0
	}
	for _, y := range ends(r, dr) {
		for _, x := range ends(c, dc) {
			if y >= 0 && y < l.rows && x >= 0 && x < l.columns {
				visit(y*l.columns + x)
			}
		}
	}
}

func ends(at, distance int) []int {
	if distance == 0 {
		return []int{at}
	}
	return []int{at - distance, at + distance}
}

// Liveliest sorts points of a level so that those come first between which the
// coarser level changes most. values must be filled.
func (l Lattice) Liveliest(points []int, values []float64, step int) {
	change := make([]float64, len(values))
	for _, i := range points {
		low, high := l.Span(values, i, step)
		change[i] = high - low
	}
	Descending(points, change)
}

func knownMean(values []float64) float64 {
	var sum float64
	n := 0
	for _, v := range values {
		if !math.IsNaN(v) {
			sum += v
			n++
		}
	}
	return sum / float64(n)
}

// Adaptive refinement runs the windows next to the strongest support: a part
// of each level between the coarse grid and the finest, and of the finest what
// is left of a share of all windows. Measured on photographs these windows find
// the most important tenth of the pixels better than those with most change
// around them or with most doubt about that tenth.
const (
	adaptivePart  = 4
	adaptiveShare = 0.27
)

// Portion is how many windows of a level adaptive refinement runs after the
// coarser levels ran some.
func (l Lattice) Portion(step, run int) int {
	level := len(l.Between(step))
	if step > 1 {
		return (level + adaptivePart - 1) / adaptivePart
	}
	return min(level, max(0, int(math.Ceil(adaptiveShare*float64(l.rows*l.columns)))-run))
}

// Span is the range of the coarser level's values around point i of a level.
// values must be filled.
func (l Lattice) Span(values []float64, i, step int) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	l.around(i, step, func(k int) { low, high = min(low, values[k]), max(high, values[k]) })
	return low, high
}

// Descending sorts points by a number each, the largest first.
func Descending(points []int, by []float64) {
	slices.SortStableFunc(points, func(a, b int) int { return cmp.Compare(by[b], by[a]) })
}
