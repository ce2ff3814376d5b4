package visualizers

import (
	"math"
	"slices"
)

// lattice orders a grid from coarse to fine: first every step-th row and
// column, then, halving the distance each time, the ones between. A point of
// a finer level lies midway between points of the coarser ones, so a partly
// known grid is filled in by averaging.
type lattice struct {
	rows, columns int
	step          int // of the coarsest level, a power of two
	row, column   int // first coarse row and column
}

// coarsest bounds the first level to this part of all points, so that a first
// map is there after a tenth of the time, drawing it included.
const coarsest = 12

// newLattice chooses the finest first level that is no more than that part of
// the grid. Grids of a handful of points have one level only.
func newLattice(rows, columns int) lattice {
	l := lattice{rows: rows, columns: columns, step: 1}
	n := rows * columns
	if n < 2*coarsest {
		return l
	}
	for {
		l.step *= 2
		if l.place(n / coarsest) {
			return l
		}
	}
}

// place chooses where the coarse rows and columns begin: in the middle, with
// as many of them as fit or one fewer on an axis, and as many points as are
// allowed. It reports whether there is a choice.
func (l *lattice) place(most int) bool {
	best := 0
	for _, r := range starts(l.rows, l.step) {
		for _, c := range starts(l.columns, l.step) {
			if n := count(l.rows, r, l.step) * count(l.columns, c, l.step); n > best && n <= most {
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

// points lists the grid's points at a distance, row by row.
func (l lattice) points(step int) []int {
	var out []int
	for r := l.row % step; r < l.rows; r += step {
		for c := l.column % step; c < l.columns; c += step {
			out = append(out, r*l.columns+c)
		}
	}
	return out
}

// between lists the points at a distance that the next coarser level lacks.
func (l lattice) between(step int) []int {
	return slices.DeleteFunc(l.points(step), func(i int) bool { return l.on(i, 2*step) })
}

func (l lattice) on(i, step int) bool {
	r, c := i/l.columns, i%l.columns
	return r%step == l.row%step && c%step == l.column%step
}

// fill replaces NaN by what the coarser levels predict: the mean of the
// neighbours at the level's distance. Unknown points of the coarsest level
// take the mean of all known ones.
func (l lattice) fill(values []float64) {
	mean := knownMean(values)
	for _, i := range l.points(l.step) {
		if math.IsNaN(values[i]) {
			values[i] = mean
		}
	}
	for step := l.step / 2; step >= 1; step /= 2 {
		for _, i := range l.between(step) {
			if math.IsNaN(values[i]) {
				values[i] = l.predict(values, i, step)
			}
		}
	}
}

// predict averages the points of the coarser level around i.
func (l lattice) predict(values []float64, i, step int) float64 {
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
func (l lattice) around(i, step int, visit func(int)) {
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

// liveliest sorts points of a level so that those come first between which the
// coarser level changes most. values must be filled.
func (l lattice) liveliest(points []int, values []float64, step int) {
	change := make([]float64, len(values))
	for _, i := range points {
		low, high := l.span(values, i, step)
		change[i] = high - low
	}
	descending(points, change)
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
