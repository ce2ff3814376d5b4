package viewer

import (
	"math"
	"testing"
)

func TestFittedPictureIsCentred(t *testing.T) {
	p, v := place(fitted, 200, 100, 400, 400)
	if p != (placement{left: 0, top: 100, scale: 2}) || v != fitted {
		t.Errorf("%+v, %+v", p, v)
	}
	if p, _ := place(fitted, 0, 0, 400, 400); p.scale != 0 {
		t.Errorf("no picture is placed at %+v", p)
	}
}

func TestViewsAreCorrected(t *testing.T) {
	for _, c := range []struct {
		name       string
		view, want View
	}{
		{"too far", View{0.1, 0.9, 0.9}, fitted},
		{"no number", View{math.NaN(), math.NaN(), 0.5}, fitted},
		{"too close", View{1e9, 0.5, 0.5}, View{64, 0.5, 0.5}},
		{"beyond an edge", View{4, -1, 2}, View{4, 0.125, 0.875}},
	} {
		if _, got := place(c.view, 100, 100, 100, 100); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestZoomHoldsThePixelUnderThePointer(t *testing.T) {
	const pw, ph, w, h = 640, 400, 500, 500
	for _, at := range [][2]float64{{250, 250}, {100, 200}, {400, 350}} {
		v := View{2, 0.5, 0.5}
		before, _ := place(v, pw, ph, w, h)
		for range 5 {
			v = zoomAround(v, 1.3, at[0], at[1], pw, ph, w, h)
		}
		after, _ := place(v, pw, ph, w, h)
		x0, y0 := (at[0]-before.left)/before.scale, (at[1]-before.top)/before.scale
		x1, y1 := (at[0]-after.left)/after.scale, (at[1]-after.top)/after.scale
		if math.Hypot(x0-x1, y0-y1) > 1e-6 {
			t.Errorf("at %v the pixel moved from %.3f, %.3f to %.3f, %.3f", at, x0, y0, x1, y1)
		}
	}
}

func TestPixelsAndTheirEdges(t *testing.T) {
	p, _ := place(fitted, 200, 100, 400, 400)
	for _, c := range []struct {
		x, y   float64
		px, py int
		inside bool
	}{
		{0, 100, 0, 0, true}, {1.9, 101.9, 0, 0, true}, {2, 100, 1, 0, true},
		{399.9, 299.9, 199, 99, true}, {0, 99.9, 0, -1, false}, {400, 200, 200, 50, false},
	} {
		if px, py, inside := p.pixel(c.x, c.y, 200, 100); px != c.px || py != c.py || inside != c.inside {
			t.Errorf("%v, %v is pixel %d, %d (%v)", c.x, c.y, px, py, inside)
		}
	}
}
