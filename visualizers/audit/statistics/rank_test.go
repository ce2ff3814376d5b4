package statistics

import (
	"math"
	"testing"
)

// What is left out and what is no number has no part in a comparison: the same as if
// it had never been there. Of 5 and 3 against 2, 2 and 3 by hand: 5 beats all, 3
// beats both 2 and ties with 3, so U = 5.5 of 6.
func TestRankingLeavesOut(t *testing.T) {
	values := []float64{3, math.NaN(), 2, 9, 5, 2, 3, 2}
	of := []Group{Positive, Positive, Negative, LeftOut, Positive, Negative, Negative, LeftOut}
	r := Rank(len(values), func(i int) float64 { return values[i] })
	auroc, p := r.Compare(of)
	if math.Abs(auroc-5.5/6) > 1e-15 {
		t.Errorf("AUROC %v, want 5.5/6", auroc)
	}
	kept, positive := []float64{3, 2, 5, 2, 3}, []bool{true, false, true, false, false}
	if want := MannWhitney(kept, positive); p != want || p >= 1 {
		t.Errorf("p %v, want %v", p, want)
	}
	if auroc, p := r.Compare(make([]Group, len(values))); !math.IsNaN(auroc) || p != 1 {
		t.Errorf("of nothing: %v, %v", auroc, p)
	}
}
