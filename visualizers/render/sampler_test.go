package render_test

import (
	"math"
	"testing"

	"picasso/visualizers/render"
)

// A field of two cells over the middle four of six columns.
func TestSample(t *testing.T) {
	f := render.Field{Width: 2, Height: 1, Values: []float32{1, 5}}
	at := render.Rect{X0: 1, Y0: 0, X1: 5, Y1: 1}
	nan := float32(math.NaN())
	for name, c := range map[string]struct {
		cells bool
		want  []float32
	}{
		"nearest":      {true, []float32{nan, 1, 1, 5, 5, nan, nan, nan, nan, nan, nan, nan}},
		"interpolated": {false, []float32{nan, 1, 2, 4, 5, nan, nan, nan, nan, nan, nan, nan}},
	} {
		got := render.Sample(6, 2, f, at, c.cells)
		for i, v := range c.want {
			if got[i] != v && (v == v || got[i] == got[i]) {
				t.Errorf("%s: %v, not %v", name, got, c.want)
				break
			}
		}
	}
	if got := render.Sample(2, 1, render.Field{}, at, true); len(got) != 2 || got[0] == got[0] {
		t.Errorf("of nothing: %v", got)
	}
}
