package inpaint

import (
	"math"
	"testing"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s = %.12g, want %.12g", what, got, want)
	}
}

func TestSmoothPixels(t *testing.T) {
	const h, w = 6, 7
	ramp := func(i int) float64 { return float64(2*(i%w)+3*(i/w)) + 1 }
	plane, hole := make([]float64, h*w), make([]bool, h*w)
	for i := range plane {
		plane[i] = ramp(i)
		if y, x := i/w, i%w; y > 0 && y < h-1 && x > 0 && x < w-1 && (y+x)%3 > 0 {
			hole[i], plane[i] = true, 0
		}
	}
	Plane(plane, h, w, hole, 1e-15)
	for i, v := range plane {
		near(t, "a ramp with a hole", v, ramp(i), 1e-9)
	}
	border := make([]bool, h*w)
	border[3] = true
	plane[3] = 0
	Plane(plane, h, w, border, 1e-15)
	near(t, "a ramp without a pixel of its border", plane[3], 8.5, 1e-9)

	squares, middle := make([]float64, 9), make([]bool, 9)
	for i := range squares {
		squares[i] = float64(i * i)
	}
	middle[4] = true
	Plane(squares, 3, 3, middle, 1e-15)
	near(t, "the middle of squares", squares[4], 68./3, 1e-9)
}

// What is filled stays between what is known, and nothing known changes.
func TestSmoothHasNoPeaks(t *testing.T) {
	const n = 24
	plane, hole := make([]float64, n*n), make([]bool, n*n)
	for i := range plane {
		if y, x := i/n, i%n; y > 3 && y < 20 && x > 5 {
			hole[i], plane[i] = true, 100
			continue
		}
		plane[i] = math.Sin(float64(i * i))
	}
	before := append([]float64(nil), plane...)
	Plane(plane, n, n, hole, 1e-12)
	for i, v := range plane {
		if !hole[i] && v != before[i] || hole[i] && math.Abs(v) > 1 {
			t.Fatalf("pixel %d is %g after %g", i, v, before[i])
		}
	}
}
