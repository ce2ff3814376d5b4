package ascent

import "math"

// Prior says what is held against a picture whose parameters are its pixels, of
// values −1…1: L2 times the mean square, and Variation times the mean difference
// of neighbours |Δx| + |Δy|, both in units of the score.
type Prior struct{ L2, Variation float64 }

// rounding is the difference from which on |Δ| counts in full: √(Δ² + rounding²)
// has a derivative everywhere.
const rounding = 1e-2

// value of the prior for a canvas.
func (p Prior) value(s size, canvas []float64) float64 {
	sum := 0.0
	for _, v := range canvas {
		sum += p.L2 * v * v
	}
	s.neighbours(func(i, j int) {
		sum += p.Variation * math.Hypot(canvas[j]-canvas[i], rounding)
	})
	return sum / float64(len(canvas))
}

// pull takes the derivative of the prior from g.
func (p Prior) pull(s size, canvas, g []float64) {
	n := float64(len(canvas))
	for i, v := range canvas {
		g[i] -= 2 * p.L2 * v / n
	}
	if p.Variation == 0 {
		return
	}
	s.neighbours(func(i, j int) {
		d := canvas[j] - canvas[i]
		d *= p.Variation / math.Hypot(d, rounding) / n
		g[i] += d
		g[j] -= d
	})
}

// neighbours visits all pairs of neighbours.
func (s size) neighbours(visit func(i, j int)) {
	for c := range s.channels {
		for y := range s.height {
			for x := range s.width {
				i := (c*s.height+y)*s.width + x
				if x+1 < s.width {
					visit(i, i+1)
				}
				if y+1 < s.height {
					visit(i, i+s.width)
				}
			}
		}
	}
}

// adam goes up by the first two moments of the gradient (Kingma and Ba 2015).
type adam struct {
	rate          float64
	first, second []float64
	steps         int
}

const (
	keepFirst, keepSecond = 0.9, 0.999
	leastMoment           = 1e-12
)

func newAdam(rate float64, parameters int) *adam {
	return &adam{rate: rate, first: make([]float64, parameters), second: make([]float64, parameters)}
}

func (a *adam) step(parameters, g []float64) {
	a.steps++
	one, two := 1-math.Pow(keepFirst, float64(a.steps)), 1-math.Pow(keepSecond, float64(a.steps))
	for i, v := range g {
		a.first[i] += (1 - keepFirst) * (v - a.first[i])
		a.second[i] += (1 - keepSecond) * (v*v - a.second[i])
		parameters[i] += a.rate * a.first[i] / one / (math.Sqrt(a.second[i]/two) + leastMoment)
	}
}
