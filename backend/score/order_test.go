package score

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// The order is that of comparing probabilities, then logits, then indices, with what is no
// number, with infinite numbers and with zeros of both signs among them.
func TestOrderIsThatOfComparing(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	odd := []float32{float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1)), 0, float32(math.Copysign(0, -1)), 0.5, -0.5, math.SmallestNonzeroFloat32}
	number := func() float32 {
		if r.IntN(3) > 0 {
			return odd[r.IntN(len(odd))]
		}
		return r.Float32() - 0.3
	}
	for range 300 {
		s := Scores{}
		for range r.IntN(60) {
			s.Probabilities = append(s.Probabilities, number())
			s.Logits = append(s.Logits, number())
		}
		if r.IntN(4) == 0 {
			s.Logits = nil
		}
		want := make([]int, len(s.Probabilities))
		for i := range want {
			want[i] = i
		}
		slices.SortStableFunc(want, func(a, b int) int {
			c := cmp.Compare(s.Probabilities[b], s.Probabilities[a])
			if c == 0 && len(s.Logits) == len(want) {
				c = cmp.Compare(s.Logits[b], s.Logits[a])
			}
			return c
		})
		if got := s.Order(); !slices.Equal(got, want) {
			t.Fatalf("%v, want %v of %v and %v", got, want, s.Probabilities, s.Logits)
		}
	}
}
