package scenes

import "math"

// noise is smooth random terrain: values 0…1 at the points of a lattice, with
// smooth transitions between them.
type noise struct{ seed uint64 }

func (n noise) lattice(x, y int) float64 {
	h := n.seed + uint64(int64(x))*0x9E3779B97F4A7C15 + uint64(int64(y))*0xC2B2AE3D27D4EB4F
	h ^= h >> 29
	h *= 0xBF58476D1CE4E5B9
	h ^= h >> 32
	h *= 0x94D049BB133111EB
	h ^= h >> 31
	return float64(h>>11) / (1 << 53)
}

// at is the noise at a point; features are one unit wide.
func (n noise) at(x, y float64) float64 {
	fx, fy := math.Floor(x), math.Floor(y)
	ix, iy := int(fx), int(fy)
	tx, ty := fade(x-fx), fade(y-fy)
	a, b := n.lattice(ix, iy), n.lattice(ix+1, iy)
	c, d := n.lattice(ix, iy+1), n.lattice(ix+1, iy+1)
	top := a + (b-a)*tx
	return top + (c+(d-c)*tx-top)*ty
}

// fractal sums octaves, each twice as fine and half as strong; the values
// stay in 0…1 with a mean of ½.
func (n noise) fractal(x, y float64, octaves int) float64 {
	sum, weight, total := 0.0, 1.0, 0.0
	for i := range octaves {
		sum += weight * noise{n.seed + uint64(i)*7919}.at(x, y)
		total += weight
		weight /= 2
		x, y = 2*x+17.3, 2*y-9.1
	}
	return sum / total
}

func fade(t float64) float64 { return t * t * t * (t*(6*t-15) + 10) }
