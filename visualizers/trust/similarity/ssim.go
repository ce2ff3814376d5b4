package similarity

import "math"

// SSIM is the structural similarity of two maps of one size (Wang et al. 2004),
// at most 1: Gaussian window of 11×11 (of volumes 11×11×11) with σ 1.5, cut at the border. Each map is
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
	out := g.With(make([]float64, len(g.Values)))
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
	counted, size := 0, a.Sizes()
	for z := range size[0] {
		for y := range size[1] {
			for x := range size[2] {
				if v := w.index(a, b, [3]int{z, y, x}, dynamic); !math.IsNaN(v) {
					sum += v
					counted++
				}
			}
		}
	}
	return sum / float64(counted)
}

// index is the similarity within the window around one place.
func (w window) index(a, b Grid, at [3]int, dynamic float64) float64 {
	size := a.Sizes()
	var from, to [3]int
	for k, p := range at {
		from[k], to[k] = max(p-w.radius, 0), min(p+w.radius, size[k]-1)
	}
	var weight, sumA, sumB, aa, bb, ab float64
	for z := from[0]; z <= to[0]; z++ {
		deep := 1.0 // of one slice all weighs the same
		if size[0] > 1 {
			deep = w.weights[z-at[0]+w.radius]
		}
		for y := from[1]; y <= to[1]; y++ {
			for x := from[2]; x <= to[2]; x++ {
				i := (z*size[1]+y)*size[2] + x
				u, v := a.Values[i], b.Values[i]
				if math.IsNaN(u) || math.IsNaN(v) {
					continue
				}
				k := w.weights[y-at[1]+w.radius] * w.weights[x-at[2]+w.radius] * deep
				weight += k
				sumA, sumB = sumA+k*u, sumB+k*v
				aa, bb, ab = aa+k*u*u, bb+k*v*v, ab+k*u*v
			}
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
