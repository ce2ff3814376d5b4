package phantom

import (
	"math"
	"slices"
	"testing"
)

// mean is the mean of the values within a circle.
func mean(slice []int16, cx, cy, r float64) float64 {
	sum, n := 0.0, 0.0
	for i, v := range slice {
		if math.Hypot(float64(i%Side)-cx, float64(i/Side)-cy) <= r {
			sum, n = sum+float64(v), n+1
		}
	}
	return sum / n
}

func TestNoduleIsWhereItIsSaidToBe(t *testing.T) {
	for seed := range uint64(12) {
		with, without := New(seed, true), New(seed, false)
		cut := 0
		for z := range Depth {
			x, y, r, ok := with.Nodule.In(z)
			if !ok {
				if !slices.Equal(with.Slices[z], without.Slices[z]) {
					t.Errorf("seed %d: slice %d differs without nodule in it", seed, z)
				}
				continue
			}
			if cut++; r < 2 {
				continue
			}
			if a, b := mean(with.Slices[z], x, y, r-1), mean(without.Slices[z], x, y, r-1); a < -120 || b > -500 {
				t.Errorf("seed %d, slice %d: %.0f HU with and %.0f HU without nodule", seed, z, a, b)
			}
			// Nothing else differs.
			for i := range with.Slices[z] {
				if far := math.Hypot(float64(i%Side)-x, float64(i/Side)-y); far > r+3 && with.Slices[z][i] != without.Slices[z][i] {
					t.Fatalf("seed %d, slice %d: a pixel %v away from the nodule differs", seed, z, far)
				}
			}
		}
		if cut < 2 {
			t.Errorf("seed %d: the nodule is in %d slices", seed, cut)
		}
	}
}

func TestTissues(t *testing.T) {
	p := New(7, false)
	if len(p.Slices[0]) != Side*Side || p.Nodule != nil {
		t.Fatal("wrong shape")
	}
	middle := p.Slices[10]
	if v := mean(middle, 3, 3, 3); v > -900 {
		t.Errorf("the corner has %.0f HU, want air", v)
	}
	air, lung, soft, bone := 0, 0, 0, 0
	for _, v := range middle {
		switch {
		case v < -930:
			air++
		case v > -920 && v < -750:
			lung++
		case v > 0 && v < 120:
			soft++
		case v > 300:
			bone++
		}
	}
	if air < 5000 || lung < 1200 || soft < 1500 || bone < 100 {
		t.Errorf("air %d, lung %d, soft %d, bone %d pixels", air, lung, soft, bone)
	}
}

func TestSameSeedSameBody(t *testing.T) {
	a, b, c := New(3, true), New(3, true), New(4, true)
	for z := range Depth {
		if !slices.Equal(a.Slices[z], b.Slices[z]) {
			t.Fatal("a seed gives two bodies")
		}
	}
	if slices.Equal(a.Slices[5], c.Slices[5]) {
		t.Error("two seeds give one body")
	}
}
