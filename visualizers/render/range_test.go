package render

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

var (
	nan = float32(math.NaN())
	inf = float32(math.Inf(1))
)

// line is a field of one row.
func line(values ...float32) Field { return Field{len(values), 1, values} }

func TestRangeOfAllValues(t *testing.T) {
	for _, c := range []struct {
		name   string
		field  Field
		signed bool
		want   Range
	}{
		{"unsigned", line(0.2, 0.7, 0.4), false, Range{float64(float32(0.2)), float64(float32(0.7))}},
		{"signed is symmetric", line(-1, 3), true, Range{-3, 3}},
		{"signed, all negative", line(-2, -1), true, Range{-2, 2}},
		{"unknown and infinite values do not count", line(nan, 1, inf, -inf, 2), false, Range{1, 2}},
		{"nothing known", line(nan, nan), true, Range{}},
		{"flat", line(5, 5), false, Range{5, 5}},
		{"wrong length", Field{3, 2, make([]float32, 5)}, false, Range{}},
		{"no cells", Field{}, true, Range{}},
	} {
		if got := RobustRange(c.field, c.signed, 0); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestRobustRangeLeavesOutExtremes(t *testing.T) {
	values := make([]float32, 1000)
	for i := range values {
		values[i] = float32(i) / 1000
	}
	values[7], values[8] = 1e9, -1e9
	f := Field{100, 10, values}
	if r := RobustRange(f, true, 0.01); r.Hi > 1 || r.Hi < 0.95 || r.Lo != -r.Hi {
		t.Errorf("signed: %v", r)
	}
	if r := RobustRange(f, false, 0.01); r.Hi > 1 || r.Lo < 0 {
		t.Errorf("unsigned: %v", r)
	}
	if r := RobustRange(line(4), false, 1); r != (Range{4, 4}) {
		t.Errorf("one value: %v", r)
	}
}

func TestNthIsTheSortedValue(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		values := make([]float64, 1+rng.IntN(40))
		for i := range values {
			values[i] = float64(rng.IntN(12))
		}
		k := rng.IntN(len(values))
		sorted := slices.Sorted(slices.Values(values))
		if got := nth(slices.Clone(values), k); got != sorted[k] {
			t.Fatalf("nth(%v, %d) = %v, want %v", values, k, got, sorted[k])
		}
	}
}

func TestPosition(t *testing.T) {
	for _, c := range []struct {
		r       Range
		v, want float64
	}{
		{Range{-2, 2}, 0, 0.5}, {Range{-2, 2}, 9, 1}, {Range{0, 4}, 1, 0.25},
		{Range{3, 3}, 3, 0.5}, {Range{3, 3}, 2, 0}, {Range{3, 3}, 4, 1},
	} {
		if got := c.r.Position(c.v); got != c.want {
			t.Errorf("%v.Position(%v) = %v, want %v", c.r, c.v, got, c.want)
		}
	}
}

func TestScaleShowsWhatIsDrawn(t *testing.T) {
	f := line(-0.5, 0.25)
	if s := (Style{Signed: true, Range: &Range{-0.1, 0.8}}).Scale(f); s.Range != (Range{-0.8, 0.8}) {
		t.Errorf("a locked signed range is not symmetric: %v", s.Range)
	}
	if s := (Style{Signed: true, Sign: Absolute, Colors: "blue-red"}).Scale(f); s.Range != (Range{0, 0.5}) || s.Colors.Signed {
		t.Errorf("magnitudes have %v on %s", s.Range, s.Colors.Name)
	}
	if s := (Style{Colors: "blue-red"}).Scale(f); s.Colors.Signed {
		t.Errorf("unsigned values on the diverging map %s", s.Colors.Name)
	}
	if s := (Style{Colors: "night", Signed: true}).Scale(f); s.Colors.Name != "night" {
		t.Errorf("asked for night, got %s", s.Colors.Name)
	}
	if s := (Style{Range: &Range{4, math.Inf(-1)}}).Scale(f); s.Range != (Range{-math.MaxFloat32, 4}) {
		t.Errorf("a range in disorder became %v", s.Range)
	}
}
