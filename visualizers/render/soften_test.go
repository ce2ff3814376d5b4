package render

import (
	"image"
	"math"
	"slices"
	"testing"
)

func TestStepsBecomeSlopes(t *testing.T) {
	f := Field{8, 1, []float32{0, 0, 0, 0, 8, 8, 8, 8}}
	// Boxes of four cells: a half of each end cell, three whole ones between.
	want := []float32{0, 0, 1, 3, 5, 7, 8, 8}
	if got := f.softened(image.Pt(4, 4)); !slices.Equal(got.Values, want) {
		t.Errorf("across: %v, want %v", got.Values, want)
	}
	down := Field{1, 8, f.Values}
	if got := down.softened(image.Pt(4, 4)); !slices.Equal(got.Values, want) || got.Height != 8 {
		t.Errorf("down: %v, want %v", got.Values, want)
	}
	if got := f.softened(image.Pt(1, 0)); !slices.Equal(got.Values, f.Values) {
		t.Errorf("a box of one cell changes %v to %v", f.Values, got.Values)
	}
}

func TestUnknownStaysUnknownWhenSoftened(t *testing.T) {
	nan := float32(math.NaN())
	got := Field{4, 1, []float32{6, nan, 2, 2}}.softened(image.Pt(3, 1)).Values
	if got[0] != 6 || got[1] == got[1] || got[2] != 2 || got[3] != 2 {
		t.Errorf("softened to %v", got)
	}
}

// A box does not care for scale or offset, and never leaves the range.
func TestSofteningIsAnAverage(t *testing.T) {
	f := Field{5, 3, []float32{1, -4, 2, 9, 0, 3, 3, 7, -2, 5, 8, 1, 0, 0, 6}}
	twice := Field{5, 3, slices.Clone(f.Values)}
	for i, v := range f.Values {
		twice.Values[i] = 2*v + 1
	}
	a, b := f.softened(image.Pt(3, 2)).Values, twice.softened(image.Pt(3, 2)).Values
	for i := range a {
		if math.Abs(float64(b[i]-2*a[i]-1)) > 1e-5 || a[i] < -4 || a[i] > 9 {
			t.Errorf("cell %d: %v and %v", i, a[i], b[i])
		}
	}
}
