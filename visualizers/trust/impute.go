package trust

import "math"

// impute replaces the unknown pixels of one plane so that each is the mean of
// its neighbours, known and unknown alike: a sixth for each of the four that
// share an edge, a twelfth for each at a corner, and what lies outside the
// picture left out (Rong et al. 2022, ROAD). The plane holds a first guess where
// pixels are unknown. Where all are, nothing changes.
//
// The system is symmetric and diagonally dominant. Conjugate gradients solve it, from
// what the same picture at half the size gives: that has the slow slopes already, for
// which they would take as many steps as the hole is wide (cascadic multigrid,
// Bornemann and Deuflhard 1996). tolerance is how far pixels may be from the mean of
// their neighbours, as a share of the largest value (root mean square).
func impute(plane []float64, height, width int, unknown []bool, tolerance float64) {
	var list []int
	for i, u := range unknown {
		if u {
			list = append(list, i)
		}
	}
	if len(list) == 0 || len(list) == len(plane) {
		return
	}
	if height > 1 && width > 1 {
		half, there := halved(plane, height, width, unknown)
		impute(half, (height+1)/2, (width+1)/2, there, tolerance)
		for _, i := range list {
			plane[i] = doubled(half, (height+1)/2, (width+1)/2, i/width, i%width)
		}
	}
	stencil{height, width}.solve(plane, list, tolerance)
}

// halved is a plane of half the size: each pixel is the mean of the known ones of
// four, and unknown where all are.
func halved(plane []float64, height, width int, unknown []bool) (half []float64, there []bool) {
	across := (width + 1) / 2
	half, there = make([]float64, (height+1)/2*across), make([]bool, (height+1)/2*across)
	known := make([]float64, len(half))
	for i, v := range plane {
		if !unknown[i] {
			at := i/width/2*across + i%width/2
			known[at]++
			half[at] += v
		}
	}
	for i, n := range known {
		there[i] = n == 0
		half[i] /= max(n, 1)
	}
	return half, there
}

// doubled is a pixel of a plane of twice the size, between the four nearest.
func doubled(half []float64, height, width, y, x int) float64 {
	near := func(at, n int) (first, second int) {
		return at / 2, min(max(at/2+2*(at%2)-1, 0), n-1)
	}
	y0, y1 := near(y, height)
	x0, x1 := near(x, width)
	return (9*half[y0*width+x0] + 3*(half[y0*width+x1]+half[y1*width+x0]) + half[y1*width+x1]) / 16
}

type stencil struct{ height, width int }

// solve improves the pixels of a list by conjugate gradients.
func (s stencil) solve(plane []float64, list []int, tolerance float64) {
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
	limit := tolerance * scale * tolerance * scale * float64(len(list))
	for range 4 * (s.height + s.width) {
		if rr <= limit {
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

// apply is Σ w·(v[i] − v[j]) over the neighbours j of pixel i.
func (s stencil) apply(v []float64, i int) float64 {
	y, x, w := i/s.width, i%s.width, s.width
	if y > 0 && x > 0 && y < s.height-1 && x < w-1 {
		above, row, below := v[i-w-1:i-w+2], v[i-1:i+2], v[i+w-1:i+w+2]
		return row[1] - (above[1]+row[0]+row[2]+below[1])/6 - (above[0]+above[2]+below[0]+below[2])/12
	}
	return s.applyAtBorder(v, y, x)
}

func (s stencil) applyAtBorder(v []float64, y, x int) float64 {
	i := y*s.width + x
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
