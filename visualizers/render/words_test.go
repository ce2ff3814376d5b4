package render

import (
	"math"
	"strings"
	"testing"
)

func labels(ticks []Tick) string {
	var all []string
	for _, t := range ticks {
		all = append(all, t.Label)
	}
	return strings.Join(all, " ")
}

func TestTicks(t *testing.T) {
	for _, c := range []struct {
		r    Range
		n    int
		want string
	}{
		{Range{-0.83, 0.83}, 8, "\u20130.8 \u20130.6 \u20130.4 \u20130.2 0 +0.2 +0.4 +0.6 +0.8"},
		{Range{0, 1}, 5, "0 0.2 0.4 0.6 0.8 1.0"},
		{Range{0, 250}, 5, "0 50 100 150 200 250"},
		{Range{3, 3}, 5, "3.00"},
		{Range{}, 5, "0"},
		{Range{-2e-6, 2e-6}, 4, "\u20132 \u20131 0 +1 +2"},
		{Range{0, 3e6}, 3, "0 1 2 3"},
		{Range{1e6, 1e6 + 4}, 4, "1.000000 1.000001 1.000002 1.000003 1.000004"},
	} {
		if got := labels(Ticks(c.r, c.n)); got != c.want {
			t.Errorf("Ticks(%v, %d) = %s, want %s", c.r, c.n, got, c.want)
		}
	}
}

func TestAxesHaveOneUnitInWords(t *testing.T) {
	for _, c := range []struct {
		size float64
		want string
	}{
		{0, "drop"}, {0.5, "drop"}, {5e-4, "drop"}, {9e5, "drop"},
		{4e-4, "drop, in millionths"}, {2e-6, "drop, in millionths"}, {2e-9, "drop, in billionths"}, {3e6, "drop, in millions"},
		{2e-20, "drop, in units of 10\u207b\u00b2\u00b9"},
	} {
		if got := (Range{-c.size, c.size}).Axis("drop"); got != c.want {
			t.Errorf("±%g has the unit %q, want %q", c.size, got, c.want)
		}
	}
}

func TestTicksStayInRangeAndZeroIsLabelled(t *testing.T) {
	for power := -40; power <= 38; power++ {
		for _, m := range []float64{1, 1.7, 3.3, 9.9} {
			r := Range{-m * math.Pow(10, float64(power)), m * math.Pow(10, float64(power))}
			ticks := Ticks(r, 6)
			if len(ticks) < 3 || len(ticks) > 15 {
				t.Errorf("%v has %d ticks", r, len(ticks))
			}
			zero := false
			for _, tick := range ticks {
				zero = zero || tick.Label == "0"
				if tick.Value < r.Lo*(1+1e-6) || tick.Value > r.Hi*(1+1e-6) {
					t.Errorf("%v has a tick at %v", r, tick.Value)
				}
			}
			if !zero {
				t.Errorf("%v has no zero: %s", r, labels(ticks))
			}
		}
	}
}

func TestDescribe(t *testing.T) {
	for _, c := range []struct {
		field  Field
		signed bool
		want   string
	}{
		{line(-1, 0.5), true, ""},
		{line(0, 0.5), false, ""},
		{line(0.25, 0.25), false, "every value is 0.250"},
		{line(0, 0), true, "every value is 0,"},
		{line(-0.5, -0.1), true, "\u20130.500 to \u20130.100"},
		{line(-0.5, -0.1), false, ""},
		{line(nan, nan), true, "no values"},
		{Field{}, true, "no values"},
		{line(nan, 1, 2), false, ""},
		{line(inf, 1, 2), false, "one value is infinite"},
		{line(inf, -inf, 2), false, "2 values are infinite"},
	} {
		if got := Describe(c.field, c.signed); (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("Describe(%v, %v) = %q, want %q", c.field.Values, c.signed, got, c.want)
		}
	}
}
