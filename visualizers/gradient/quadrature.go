package gradient

import (
	"math"
)

// quadrature returns n points in 0…1 and their weights, which add up to one.
// The trapezoid rule of a single point falls back to the midpoint.
func quadrature(rule string, n int) (points, weights []float64) {
	if rule == "gauss" {
		return gaussLegendre(n)
	}
	if rule == "trapezoid" && n == 1 {
		rule = "midpoint"
	}
	points, weights = make([]float64, n), make([]float64, n)
	for i := range points {
		weights[i] = 1 / float64(n)
		switch rule {
		case "left":
			points[i] = float64(i) / float64(n)
		case "right":
			points[i] = float64(i+1) / float64(n)
		case "trapezoid":
			points[i] = float64(i) / float64(n-1)
			weights[i] = 1 / float64(n-1)
		default:
			points[i] = (float64(i) + 0.5) / float64(n)
		}
	}
	if rule == "trapezoid" {
		weights[0] /= 2
		weights[n-1] /= 2
	}
	return points, weights
}

// gaussLegendre is the rule of n points that is exact for polynomials up to
// degree 2n−1, on 0…1. The roots of the Legendre polynomial are found by
// Newton's method from Chebyshev's guess.
func gaussLegendre(n int) (points, weights []float64) {
	points, weights = make([]float64, n), make([]float64, n)
	for i := range points {
		x := math.Cos(math.Pi * (float64(i) + 0.75) / (float64(n) + 0.5))
		var slope float64
		for range 100 {
			var value float64
			value, slope = legendre(n, x)
			step := value / slope
			x -= step
			if math.Abs(step) < 1e-15 {
				break
			}
		}
		_, slope = legendre(n, x)
		points[i] = (1 - x) / 2
		weights[i] = 1 / ((1 - x*x) * slope * slope)
	}
	return points, weights
}

// legendre is the Legendre polynomial of degree n at x, and its derivative.
func legendre(n int, x float64) (value, slope float64) {
	before, value := 1.0, x
	for k := 2; k <= n; k++ {
		before, value = value, (float64(2*k-1)*x*value-float64(k-1)*before)/float64(k)
	}
	return value, float64(n) * (x*value - before) / (x*x - 1)
}
