package phantom

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestExamplesAreTwins(t *testing.T) {
	twins, others := 0, 0
	for seed := range uint64(10) {
		list := Examples(seed)
		if len(list) == 0 || len(list)%2 != 0 {
			t.Fatalf("seed %d: %d examples", seed, len(list))
		}
		for i := 0; i < len(list); i += 2 {
			with, without := list[i], list[i+1]
			if with.Radius < ClearRadius || without.Radius != 0 {
				t.Fatalf("seed %d: radius %v beside %v", seed, with.Radius, without.Radius)
			}
			far := 0
			for k := range with.Values {
				if math.Hypot(float64(k%Side)-with.X, float64(k/Side)-with.Y) > with.Radius+3 && with.Values[k] != without.Values[k] {
					far++
				}
			}
			switch {
			case far == 0:
				twins++
			case far > Side:
				others++
			default:
				t.Errorf("seed %d: %d pixels away from the nodule differ", seed, far)
			}
		}
	}
	if twins == 0 || others == 0 {
		t.Errorf("%d twins, %d other slices", twins, others)
	}
}

// TestBrightnessGivesNothingAway: lungs have bright spots of many kinds, so
// that counting what is bright in them does not tell which slices have a nodule.
func TestBrightnessGivesNothingAway(t *testing.T) {
	type counted struct {
		bright int
		nodule bool
	}
	var all []counted
	for seed := range uint64(20) {
		lungs := newAnatomy(rand.New(rand.NewPCG(seed, 1))).lungs
		with, without := New(seed, true), New(seed, false)
		for z := range Depth {
			if _, _, r, ok := with.Nodule.In(z); ok && r >= ClearRadius {
				all = append(all, counted{bright(lungs, with, z), true})
			}
			all = append(all, counted{bright(lungs, without, z), false})
		}
	}
	slices.SortFunc(all, func(a, b counted) int { return a.bright - b.bright })
	nodules := 0
	for _, c := range all {
		if c.nodule {
			nodules++
		}
	}
	// Balanced accuracy of the best threshold: above it all are called nodules.
	best, with, without := 0.0, 0, 0
	for _, c := range all {
		if c.nodule {
			with++
		} else {
			without++
		}
		best = max(best, (1-float64(with)/float64(nodules)+float64(without)/float64(len(all)-nodules))/2)
	}
	t.Logf("the best threshold is right in %.0f %%", 100*best)
	if best > 0.85 {
		t.Errorf("bright area alone tells %.0f %% of the slices", 100*best)
	}
}

// bright counts the pixels within the lungs that are denser than lung tissue.
func bright(lungs [2]lung, p *Phantom, z int) int {
	n := 0
	for i, v := range p.Slices[z] {
		for _, l := range lungs {
			rx, ry := l.at(float64(z))
			if v > -400 && rx > 3 && ry > 3 && sq((float64(i%Side)-l.x)/(rx-2))+sq((float64(i/Side)-l.y)/(ry-2)) < 1 {
				n++
			}
		}
	}
	return n
}
