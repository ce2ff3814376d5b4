package visualizers

import (
	"math"
	"slices"
)

// thinPlate bends a partly known grid into the surface of least bending energy
// Σ v_xx² + 2·v_xy² + v_yy² through the known points: the thin plate of
// Terzopoulos (1983), by successive over-relaxation from what is there. Values
// of covered windows are smooth, for neighbouring windows share most of their
// pixels; on photographs the most important tenth of the pixels comes out
// nearer to that of the full map than with straight lines between the points.
type thinPlate struct {
	rows, columns int
	values        []float64
}

const (
	bendings   = 30 // rounds, after which nothing moves any more at our distances
	relaxation = 1.2
	beyond     = 0.25 // of the range of values
)

// fit moves the unknown points of values, which must be filled. Beyond the
// outermost known points the surface goes on, a little further than the range
// of the values that are there at most.
func (p thinPlate) fit(unknown []int) {
	if len(unknown) == 0 {
		return
	}
	low, high := slices.Min(p.values), slices.Max(p.values)
	if math.IsNaN(low) {
		return // one value without a number would spread
	}
	low, high = low-beyond*(high-low), high+beyond*(high-low)
	for range bendings {
		for _, i := range unknown {
			pull, weight := p.pull(i)
			if weight > 0 {
				v := p.values[i] + relaxation*(pull/weight-p.values[i])
				p.values[i] = min(max(v, low), high)
			}
		}
	}
}

// pull is the value of least energy at a point, all others held, times its
// weight.
func (p thinPlate) pull(i int) (pull, weight float64) {
	r, c := i/p.columns, i%p.columns
	a, b := p.line(p.values[c:], p.columns, p.rows, r)
	pull, weight = pull+a, weight+b
	a, b = p.line(p.values[r*p.columns:], 1, p.columns, c)
	pull, weight = pull+a, weight+b
	for y := max(0, r-1); y <= min(r, p.rows-2); y++ {
		for x := max(0, c-1); x <= min(c, p.columns-2); x++ {
			k := y*p.columns + x
			twist := p.values[k] + p.values[k+p.columns+1] - p.values[k+1] - p.values[k+p.columns]
			own := 1.0
			if y-r != x-c { // the other diagonal
				own = -1
			}
			pull += 2 * (p.values[i] - own*twist)
			weight += 2
		}
	}
	return pull, weight
}

// line is the share of the second differences along a row or column of n points
// that contain point k.
func (thinPlate) line(v []float64, step, n, k int) (pull, weight float64) {
	for middle := max(1, k-1); middle <= min(k+1, n-2); middle++ {
		own := 1.0
		if middle == k {
			own = -2
		}
		bent := v[(middle-1)*step] - 2*v[middle*step] + v[(middle+1)*step]
		pull += own * (own*v[k*step] - bent)
		weight += own * own
	}
	return pull, weight
}
