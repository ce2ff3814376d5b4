package visualizers

import (
	"math"
	"slices"
	"testing"
)

// TestPlateBendsAsItShould: a plane stays one, known points stay, nothing goes
// far beyond the range, and a dome between four known points is rounder than
// straight lines make it.
func TestPlateBendsAsItShould(t *testing.T) {
	const rows, columns = 9, 13
	grid := func(f func(r, c float64) float64) (values []float64, unknown []int) {
		l := NewLattice(rows, columns)
		for i := range rows * columns {
			values = append(values, math.NaN())
			r, c := i/columns, i%columns
			if r%4 == 0 && c%4 == 0 {
				values[i] = f(float64(r), float64(c))
			} else {
				unknown = append(unknown, i)
			}
		}
		l.Step, l.row, l.column = 4, 0, 0
		l.fill(values)
		return values, unknown
	}
	tilted := func(r, c float64) float64 { return 2*r - 3*c + 1 }
	values, unknown := grid(tilted)
	thinPlate{rows, columns, values}.fit(unknown)
	for i, v := range values {
		if want := tilted(float64(i/columns), float64(i%columns)); math.Abs(v-want) > 1e-9 {
			t.Fatalf("plane: point %d is %g, want %g", i, v, want)
		}
	}
	dome := func(r, c float64) float64 { return -(r-4)*(r-4) - (c-6)*(c-6) }
	lines, unknown := grid(dome)
	bent := slices.Clone(lines)
	thinPlate{rows, columns, bent}.fit(unknown)
	straight, round := 0.0, 0.0
	for i := range bent {
		want := dome(float64(i/columns), float64(i%columns))
		straight += math.Abs(lines[i] - want)
		round += math.Abs(bent[i] - want)
		if !slices.Contains(unknown, i) && bent[i] != lines[i] {
			t.Errorf("known point %d moved", i)
		}
		if low, high := slices.Min(lines), slices.Max(lines); bent[i] < low-(high-low)/4 || bent[i] > high+(high-low)/4 {
			t.Errorf("point %d leaves the range", i)
		}
	}
	if round > straight/2 {
		t.Errorf("a dome is off by %g, by straight lines %g", round, straight)
	}
	lines[unknown[3]] = math.NaN()
	kept := slices.Clone(lines)
	thinPlate{rows, columns, lines}.fit(unknown)
	if lines[0] != kept[0] || lines[unknown[0]] != kept[unknown[0]] {
		t.Error("a value without a number spreads")
	}
}
