package trust

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// half is a smooth picture with an edge, of values from 0 to 1, of which a share of
// the 16 × 16 cells is unknown and holds the mean.
func half(side int, share float64) (plane []float64, unknown []bool) {
	random := rand.New(rand.NewPCG(1, 2))
	plane, unknown = make([]float64, side*side), make([]bool, side*side)
	var covered [256]bool
	for i, cell := range random.Perm(len(covered)) {
		covered[cell] = float64(i) < share*float64(len(covered))
	}
	for i := range plane {
		y, x := i/side, i%side
		plane[i] = .3 + .2*math.Sin(float64(x)/20) + .1*math.Cos(float64(y)/9)
		if x+y > side {
			plane[i] += .3
		}
		if unknown[i] = covered[y*16/side*16+x*16/side]; unknown[i] {
			plane[i] = .45
		}
	}
	return plane, unknown
}

// What is imputed for the curves is as good as the exact solution beside the noise
// that is added to it.
func TestImputedPixelsAreExactEnough(t *testing.T) {
	const noise = .01
	for share, most := range map[float64]float64{.1: noise / 2, .5: noise / 2, .9: noise / 2, .97: noise} {
		plane, unknown := half(128, share)
		exact := slices.Clone(plane)
		impute(plane, 128, 128, unknown, imputed)
		impute(exact, 128, 128, unknown, 1e-12)
		worst := 0.
		for i := range plane {
			worst = max(worst, math.Abs(plane[i]-exact[i]))
		}
		if worst > most {
			t.Errorf("%.0f %% unknown: off by %.2g, more than %.2g", 100*share, worst, most)
		}
	}
}

func BenchmarkImpute(b *testing.B) {
	for b.Loop() {
		for _, share := range []float64{.1, .5, .9} {
			plane, unknown := half(224, share)
			impute(plane, 224, 224, unknown, imputed)
		}
	}
}
