// Package inpaint fills what is unknown of a picture smoothly from what lies around
// it.
package inpaint

import "math"

// Plane replaces the unknown pixels of one plane so that each is the mean of
// its neighbours, known and unknown alike: a sixth for each of the four that
// share an edge, a twelfth for each at a corner, and what lies outside the
// picture left out (Rong et al. 2022, ROAD). That is a discrete harmonic function: it
// has no peaks of its own, and stays between the values around it. The plane,
// height×width in row order, holds a first guess where pixels are unknown. Where all
// are, nothing changes. tolerance is how exactly the equations are solved, as a share
// of the largest value.
//
// The system is symmetric and diagonally dominant; conjugate gradients solve it.
func Plane(plane []float64, height, width int, unknown []bool, tolerance float64) {
	var list []int
	for i, u := range unknown {
		if u {
			list = append(list, i)
		}
	}
	if len(list) == 0 || len(list) == len(plane) {
		return
	}
	s := stencil{height, width}
	// r = b − A·x, where A·x of an unknown pixel is Σw·(x − neighbour).
	n := len(plane)
	r, p, ap := make([]float64, n), make([]float64, n), make([]float64, n)
	var rr, scale float64
	for _, i := range list {
		r[i] = -s.apply(plane, i)
		p[i] = r[i]
		rr += r[i] * r[i]
	}
	for _, v := range plane {
		scale = max(scale, math.Abs(v))
	}
	limit := tolerance * scale
	for range 4 * (height + width) {
		if rr <= limit*limit {
			return
		}
		var pap float64
		for _, i := range list {
			ap[i] = s.apply(p, i)
			pap += p[i] * ap[i]
		}
		if pap <= 0 {
			return
		}
		alpha, next := rr/pap, 0.0
		for _, i := range list {
			plane[i] += alpha * p[i]
			r[i] -= alpha * ap[i]
			next += r[i] * r[i]
		}
		for _, i := range list {
			p[i] = r[i] + next/rr*p[i]
		}
		rr = next
	}
}

type stencil struct{ height, width int }

// apply is Σ w·(v[i] − v[j]) over the neighbours j of pixel i.
func (s stencil) apply(v []float64, i int) float64 {
	y, x := i/s.width, i%s.width
	var sum float64
	for dy := max(-1, -y); dy <= min(1, s.height-1-y); dy++ {
		for dx := max(-1, -x); dx <= min(1, s.width-1-x); dx++ {
			switch {
			case dx == 0 && dy == 0:
			case dx == 0 || dy == 0:
				sum += (v[i] - v[i+dy*s.width+dx]) / 6
			default:
				sum += (v[i] - v[i+dy*s.width+dx]) / 12
			}
		}
	}
	return sum
}
