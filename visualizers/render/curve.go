package render

import (
	"math"
	"slices"
)

// curveSteps is the number of chords that stand for the curve between two points.
const curveSteps = 16

// curve is a smooth line through points of a plane, measured by its length.
type curve struct {
	points [][2]float64
	length []float64 // from the start to each point
}

// newCurve is the Catmull-Rom curve through knots.
func newCurve(knots [][2]float64) curve {
	if len(knots) == 1 {
		return curve{knots, []float64{0}}
	}
	var c curve
	for i := range (len(knots)-1)*curveSteps + 1 {
		p := catmullRom(knots, float64(i)/curveSteps)
		l := 0.0
		if i > 0 {
			q := c.points[i-1]
			l = c.length[i-1] + math.Hypot(p[0]-q[0], p[1]-q[1])
		}
		c.points, c.length = append(c.points, p), append(c.length, l)
	}
	return c
}

// at is the point at share t of the curve's length.
func (c curve) at(t float64) (x, y float64) {
	last := len(c.points) - 1
	want := t * c.length[last]
	i, _ := slices.BinarySearch(c.length, want)
	i = min(i, last)
	if i == 0 {
		return c.points[0][0], c.points[0][1]
	}
	u := 0.0
	if d := c.length[i] - c.length[i-1]; d > 0 {
		u = (want - c.length[i-1]) / d
	}
	p, q := c.points[i-1], c.points[i]
	return p[0] + u*(q[0]-p[0]), p[1] + u*(q[1]-p[1])
}

// catmullRom is the curve at parameter s: knots[i] at s = i. Beyond the ends
// it goes straight on.
func catmullRom(knots [][2]float64, s float64) (p [2]float64) {
	last := len(knots) - 1
	i := min(int(s), last-1)
	u := s - float64(i)
	knot := func(j, axis int) float64 {
		switch {
		case j < 0:
			return 2*knots[0][axis] - knots[1][axis]
		case j > last:
			return 2*knots[last][axis] - knots[last-1][axis]
		}
		return knots[j][axis]
	}
	for axis := range p {
		a, b, c, d := knot(i-1, axis), knot(i, axis), knot(i+1, axis), knot(i+2, axis)
		p[axis] = b + u*(c-a)/2 + u*u*(a-2.5*b+2*c-d/2) + u*u*u*(1.5*(b-c)+(d-a)/2)
	}
	return p
}
