package gradient

import (
	"math"
	"testing"

	"picasso/visualizers"
)

func TestQuadratureIsExactWhereItShouldBe(t *testing.T) {
	cases := []struct {
		rule   string
		n      int
		degree int // highest power integrated exactly
	}{
		{"midpoint", 5, 1}, {"trapezoid", 5, 1}, {"trapezoid", 1, 1}, {"left", 5, 0}, {"right", 5, 0},
		{"gauss", 1, 1}, {"gauss", 2, 3}, {"gauss", 5, 9}, {"gauss", 50, 20},
	}
	for _, c := range cases {
		points, weights := quadrature(c.rule, c.n)
		for power := 0; power <= c.degree; power++ {
			var sum float64
			for i, x := range points {
				sum += weights[i] * math.Pow(x, float64(power))
			}
			if want := 1 / float64(power+1); math.Abs(sum-want) > 1e-12 {
				t.Errorf("%s with %d points: ∫x^%d is %g, want %g", c.rule, c.n, power, sum, want)
			}
		}
	}
}

func TestEnlargeInterpolatesBetweenCentres(t *testing.T) {
	got := visualizers.Enlarge([]float32{0, 4}, 1, 2, 1, 4)
	want := []float32{0, 1, 3, 4} // centres at 0.25, 0.75 of the width; the border repeats
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("got %v, want %v", got, want)
		}
	}
}
