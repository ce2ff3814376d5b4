package visualizers

import (
	"math"
	"slices"
	"testing"
)

// TestLatticeVisitsEveryPointOnce, and its first level is at most a twelfth.
func TestLatticeVisitsEveryPointOnce(t *testing.T) {
	for rows := 1; rows <= 20; rows++ {
		for columns := 1; columns <= 20; columns++ {
			l := NewLattice(rows, columns)
			order := l.Points(l.Step)
			if n := rows * columns; n >= 2*coarsest && len(order)*coarsest > n {
				t.Fatalf("%d×%d: the first level has %d points", rows, columns, len(order))
			}
			for step := l.Step / 2; step >= 1; step /= 2 {
				order = append(order, l.Between(step)...)
			}
			slices.Sort(order)
			if len(order) != rows*columns || order[0] != 0 || order[len(order)-1] != rows*columns-1 || len(slices.Compact(order)) != rows*columns {
				t.Fatalf("%d×%d: %d points, from %d to %d", rows, columns, len(order), order[0], order[len(order)-1])
			}
		}
	}
}

// TestLatticeFill: from any subset of points no gap is left, nothing leaves
// the range of what is known, known points stay, and a plane known on the
// coarse level is a plane between.
func TestLatticeFill(t *testing.T) {
	for rows := 1; rows <= 13; rows++ {
		for columns := 1; columns <= 17; columns++ {
			l := NewLattice(rows, columns)
			values := make([]float64, rows*columns)
			for i := range values {
				values[i] = math.NaN()
			}
			coarse := l.Points(l.Step)
			low, high := math.Inf(1), math.Inf(-1)
			for _, i := range coarse {
				values[i] = float64(2*(i/columns) + 3*(i%columns))
				low, high = min(low, values[i]), max(high, values[i])
			}
			l.fill(values)
			for i, v := range values {
				if !(v >= low && v <= high) {
					t.Fatalf("%d×%d: point %d is %v, outside %v…%v", rows, columns, i, v, low, high)
				}
				r, c := i/columns, i%columns
				inside := r >= l.row && c >= l.column && r <= coarse[len(coarse)-1]/columns && c <= coarse[len(coarse)-1]%columns
				if want := float64(2*r + 3*c); inside && math.Abs(v-want) > 1e-9 {
					t.Fatalf("%d×%d: point (%d, %d) is %v, want %v", rows, columns, r, c, v, want)
				}
			}
		}
	}
	values := []float64{math.NaN(), 5, math.NaN()}
	NewLattice(1, 3).fill(values)
	if !slices.Equal(values, []float64{5, 5, 5}) {
		t.Errorf("one known point of three fills to %v", values)
	}
}

// TestLiveliest: points beside a step come before points on flat ground.
func TestLiveliest(t *testing.T) {
	l := NewLattice(16, 16)
	values := make([]float64, 256)
	for i := range values {
		if i%16 >= 8 {
			values[i] = 1
		}
	}
	step := l.Step / 2
	points := l.Between(step)
	l.Liveliest(points, values, step)
	change := func(i int) bool {
		low, high := 1.0, 0.0
		l.around(i, step, func(k int) { low, high = min(low, values[k]), max(high, values[k]) })
		return high > low
	}
	if !change(points[0]) || change(points[len(points)-1]) {
		t.Errorf("first %d, last %d", points[0], points[len(points)-1])
	}
	if !slices.IsSortedFunc(points, func(a, b int) int {
		if change(a) == change(b) {
			return 0
		}
		if change(a) {
			return -1
		}
		return 1
	}) {
		t.Error("a flat point stands before a lively one")
	}
}
