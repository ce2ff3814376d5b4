package likeness_test

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"picasso/visualizers/audit/likeness"
)

// Four directions in the plane: 0°, 10°, 90° and one without a length.
func TestDirectionsByHand(t *testing.T) {
	s, c := math.Sincos(math.Pi / 18)
	vectors := [][]float32{{2, 0}, {float32(3 * c), float32(3 * s)}, {0, 1}, {0, 0}, nil}
	l, err := likeness.Find(t.Context(), len(vectors), func(i int) []float32 { return vectors[i] })
	if err != nil {
		t.Fatal(err)
	}
	if l.Compared != 3 || !slices.Equal(l.Near[0], []int32{1, 2}) || !slices.Equal(l.Near[2], []int32{1, 0}) || l.Near[3] != nil || l.Near[4] != nil {
		t.Errorf("%+v", l)
	}
	for i, want := range []float64{c, c, s} { // cos 10°, cos 10°, cos 80°
		if math.Abs(float64(l.Similarity[i])-want) > 1e-6 {
			t.Errorf("similarity of %d: %v, want %v", i, l.Similarity[i], want)
		}
	}
	if l.Apart[0] == l.Apart[0] || l.Similarity[3] == l.Similarity[3] {
		t.Error("few vectors and missing ones are compared")
	}
}

// spread gives n vectors of a length, of which 7 and 3 are nearly the same, and 11 is
// unlike the rest.
func spread(n, length int) [][]float32 {
	random := rand.New(rand.NewPCG(5, 6))
	vectors := make([][]float32, n)
	for i := range vectors {
		vectors[i] = make([]float32, length)
		for c := range vectors[i] {
			vectors[i][c] = 1 + 0.3*float32(random.NormFloat64())
		}
	}
	copy(vectors[7], vectors[3])
	vectors[7][0] += 0.001
	for c := range vectors[11] {
		vectors[11][c] = float32(random.NormFloat64())
	}
	return vectors
}

func TestTwinsAndStrangersAreFound(t *testing.T) {
	for _, n := range []int{60, likeness.Exactly + 400} {
		length := 300 // is projected
		if n > 1000 {
			length = 12
		}
		vectors := spread(n, length)
		find := func() *likeness.Likeness {
			l, err := likeness.Find(t.Context(), n, func(i int) []float32 { return vectors[i] })
			if err != nil {
				t.Fatal(err)
			}
			return l
		}
		l := find()
		if !slices.ContainsFunc(l.Alike, func(g []int) bool { return slices.Equal(g, []int{3, 7}) }) {
			t.Errorf("%d: the twins are not among %v", n, l.Alike)
		}
		if l.Near[3][0] != 7 || l.Near[7][0] != 3 || l.Similarity[3] < 0.9999 {
			t.Errorf("%d: the nearest of the twins are %d and %d at %v", n, l.Near[3][0], l.Near[7][0], l.Similarity[3])
		}
		for i, a := range l.Apart {
			if a > l.Apart[11] {
				t.Errorf("%d: picture %d (%v) is farther from the rest than the stranger (%v)", n, i, a, l.Apart[11])
				break
			}
		}
		if (l.Sampled > 0) != (n > likeness.Exactly) {
			t.Errorf("%d: sampled %d", n, l.Sampled)
		}
		if n < 1000 {
			if again := find(); !slices.Equal(again.Similarity, l.Similarity) {
				t.Error("another run gives other numbers")
			}
		}
	}
}

func TestFindingEnds(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	vectors := spread(60, 4)
	if _, err := likeness.Find(ctx, 60, func(i int) []float32 { return vectors[i] }); err == nil {
		t.Error("it goes on")
	}
}
