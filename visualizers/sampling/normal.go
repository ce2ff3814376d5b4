package sampling

import (
	"context"
	"math"
)

// normal are the normal equations of a weighted least squares problem over
// coalitions: A = Σ w z zᵀ, symmetric, row by row.
type normal struct {
	size int
	a    []float64
}

// checked is how many trials are worked on between two looks at the context.
const checked = 64

// normalOf sums the trials' products.
func normalOf(ctx context.Context, trials []trial, size int) (normal, error) {
	n := normal{size, make([]float64, size*size)}
	members := make([]int, 0, size)
	for i, t := range trials {
		if i%checked == 0 && ctx.Err() != nil {
			return n, ctx.Err()
		}
		members = members[:0]
		for s, in := range t.shown {
			if in {
				members = append(members, s)
			}
		}
		for _, r := range members {
			row := n.a[r*size : (r+1)*size]
			for _, c := range members {
				row[c] += t.weight
			}
		}
	}
	return n, nil
}

// factor is the lower triangle L of A = L·Lᵀ (Cholesky).
type factor struct {
	size int
	l    []float64
}

// factored decomposes A; false where it is singular but for rounding.
func (n normal) factored(ctx context.Context) (factor, bool, error) {
	const rounding = 1e-10
	size := n.size
	f := factor{size, make([]float64, size*size)}
	for r := range size {
		if ctx.Err() != nil {
			return f, false, ctx.Err()
		}
		row := f.l[r*size : (r+1)*size]
		for c := 0; c <= r; c++ {
			other := f.l[c*size : (c+1)*size]
			sum := n.a[r*size+c]
			for k := range c {
				sum -= row[k] * other[k]
			}
			if c < r {
				row[c] = sum / other[c]
				continue
			}
			if !(sum > rounding*n.a[r*size+r]) {
				return f, false, nil
			}
			row[c] = math.Sqrt(sum)
		}
	}
	return f, true, nil
}

// solve is A⁻¹·b.
func (f factor) solve(b []float64) []float64 {
	x := append([]float64(nil), b...)
	for r := range x {
		row := f.l[r*f.size : (r+1)*f.size]
		for c := range r {
			x[r] -= row[c] * x[c]
		}
		x[r] /= row[r]
	}
	for r := len(x) - 1; r >= 0; r-- {
		x[r] /= f.l[r*f.size+r]
		row := f.l[r*f.size : r*f.size+r]
		for c, v := range row {
			x[c] -= v * x[r]
		}
	}
	return x
}

// worth is Σ of values over a coalition's members.
func (c coalition) worth(values []float64) float64 {
	sum := 0.0
	for s, in := range c {
		if in {
			sum += values[s]
		}
	}
	return sum
}

// members is how many superpixels are shown.
func (c coalition) members() int {
	n := 0
	for _, in := range c {
		if in {
			n++
		}
	}
	return n
}
