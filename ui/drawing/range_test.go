package drawing

import (
	"math"
	"testing"

	"picasso/visualizers"
)

func TestScaleOfAMap(t *testing.T) {
	nan := float32(math.NaN())
	for _, c := range []struct {
		m    visualizers.Map
		want Range
	}{
		{visualizers.Map{Values: []float32{3, nan, -1}}, Range{-1, 3}},
		{visualizers.Map{Values: []float32{3, nan, -4}, Signed: true}, Range{-4, 4}},
		{visualizers.Map{Values: []float32{3}, Fixed: &[2]float64{0, 1}}, Range{0, 1}},
		{visualizers.Map{Values: []float32{nan, float32(math.Inf(1))}, Signed: true}, Range{}},
	} {
		if got := ScaleOf(c.m); got != c.want {
			t.Errorf("%v: %v, want %v", c.m.Values, got, c.want)
		}
	}
	if got := (Range{-1, 2}).Joined(Range{}).Joined(Range{-3, 1}); got != (Range{-3, 2}) {
		t.Errorf("joined %v", got)
	}
	if e := Extremes(nil); !math.IsNaN(e.Lo) || !math.IsNaN(e.Hi) {
		t.Errorf("extremes of nothing are %v", e)
	}
}
