package viewer

import (
	"math"
	"testing"
)

func TestFittedPictureIsCentred(t *testing.T) {
	p, v := place(fitted, shape{200, 100, 1}, 400, 400)
	if p != (placement{left: 0, top: 100, scaleX: 2, scaleY: 2}) || v != fitted {
		t.Errorf("%+v, %+v", p, v)
	}
	if p, _ := place(fitted, shape{tall: 1}, 400, 400); !p.empty() {
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
		if _, got := place(c.view, shape{100, 100, 1}, 100, 100); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestZoomHoldsThePixelUnderThePointer(t *testing.T) {
	const w, h = 500, 500
	picture := shape{640, 400, 1.6}
	for _, at := range [][2]float64{{250, 250}, {100, 200}, {400, 350}} {
		v := View{2, 0.5, 0.5}
		before, _ := place(v, picture, w, h)
		for range 5 {
			v = zoomAround(v, 1.3, at[0], at[1], picture, w, h)
		}
		after, _ := place(v, picture, w, h)
		x0, y0 := before.point(at[0], at[1])
		x1, y1 := after.point(at[0], at[1])
		if math.Hypot(x0-x1, y0-y1) > 1e-6 {
			t.Errorf("at %v the pixel moved from %.3f, %.3f to %.3f, %.3f", at, x0, y0, x1, y1)
		}
	}
}

func TestPointsAndTheirWayBack(t *testing.T) {
	p, _ := place(fitted, shape{200, 100, 2}, 400, 400) // pixels twice as high as wide
	if p != (placement{left: 0, top: 0, scaleX: 2, scaleY: 4}) {
		t.Fatalf("%+v", p)
	}
	for _, c := range [][4]float64{{0, 0, 0, 0}, {2, 4, 1, 1}, {399, 398, 199.5, 99.5}} {
		px, py := p.point(c[0], c[1])
		x, y := p.at(px, py)
		if px != c[2] || py != c[3] || x != c[0] || y != c[1] {
			t.Errorf("%v is point %v, %v and back at %v, %v", c, px, py, x, y)
		}
	}
}
