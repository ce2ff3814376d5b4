package similarity

import "math"

// SSIM is the structural similarity of two maps of one size (Wang et al. 2004),
// at most 1: Gaussian window of 11×11 with σ 1.5, cut at the border. Each map is
// first divided by its root mean square, so that only where matters and not how
// much; the dynamic range is that of both together. Places unknown in either
// take no part. Two constant maps are alike (1); NaN where nothing is known.
func SSIM(a, b Grid) float64 {
	a, b = a.normalised(), b.normalised()
	lowA, highA := span(a.Values)
	lowB, highB := span(b.Values)
	if a.Constant() && b.Constant() {
		return 1
	}
	return structure(a, b, gaussian(5, 1.5), max(highA, highB)-min(lowA, lowB))
}

func (g Grid) normalised() Grid {
	var sum float64
	known := 0
	for _, v := range g.Values {
		if !math.IsNaN(v) {
			sum += v * v
			known++
		}
	}
	if sum == 0 {
		return g
	}
	scale := 1 / math.Sqrt(sum/float64(known))
	out := Grid{Height: g.Height, Width: g.Width, Values: make([]float64, len(g.Values))}
	for i, v := range g.Values {
		out.Values[i] = v * scale
	}
	return out
}

// window weighs the neighbours of a pixel; sample: variances are those of a
// sample, as with a uniform window.
type window struct {
	radius  int
	weights []float64 // along one edge
	sample  bool
}

func gaussian(radius int, sigma float64) window {
	w := window{radius: radius, weights: make([]float64, 2*radius+1)}
	for i := range w.weights {
		d := float64(i - radius)
		w.weights[i] = math.Exp(-d * d / (2 * sigma * sigma))
	}
	return w
}

// structure is the mean over all places of the index of their windows.
func structure(a, b Grid, w window, dynamic float64) float64 {
	var sum float64
	counted := 0
	for y := range a.Height {
		for x := range a.Width {
			if v := w.index(a, b, y, x, dynamic); !math.IsNaN(v) {
				sum += v
				counted++
			}
		}
	}
	return sum / float64(counted)
}

// index is the similarity within the window around one place.
func (w window) index(a, b Grid, y, x int, dynamic float64) float64 {
	var weight, sumA, sumB, aa, bb, ab float64
	for dy := max(-w.radius, -y); dy <= min(w.radius, a.Height-1-y); dy++ {
		for dx := max(-w.radius, -x); dx <= min(w.radius, a.Width-1-x); dx++ {
			i := (y+dy)*a.Width + x + dx
			u, v := a.Values[i], b.Values[i]
			if math.IsNaN(u) || math.IsNaN(v) {
				continue
			}
			k := w.weights[dy+w.radius] * w.weights[dx+w.radius]
			weight += k
			sumA, sumB = sumA+k*u, sumB+k*v
			aa, bb, ab = aa+k*u*u, bb+k*v*v, ab+k*u*v
		}
	}
	meanA, meanB := sumA/weight, sumB/weight
	varA, varB, cov := aa/weight-meanA*meanA, bb/weight-meanB*meanB, ab/weight-meanA*meanB
	if w.sample {
		n := weight / (weight - 1)
		varA, varB, cov = varA*n, varB*n, cov*n
	}
	c1, c2 := .01*dynamic*.01*dynamic, .03*dynamic*.03*dynamic
	return (2*meanA*meanB + c1) * (2*cov + c2) / ((meanA*meanA + meanB*meanB + c1) * (varA + varB + c2))
}
