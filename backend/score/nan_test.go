package score

import (
	"errors"
	"math"
	"testing"
)

// No score is made of what is no number, nor of a difference of infinities.
func TestNaNIsNoScore(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for name, s := range map[string][]float32{"class": {nan, 0}, "other class": {0, nan}, "infinities": {inf, inf}} {
		if v, err := (Target{Class: 0, Against: 1}).Value(Scores{Probabilities: s}); !errors.Is(err, ErrNoNumber) {
			t.Errorf("%s: %v, %v", name, v, err)
		}
	}
	if v, err := (Target{Class: 1, Against: NoClass}).Value(Scores{Probabilities: []float32{nan, 0.5}}); err != nil || v != 0.5 {
		t.Errorf("another class's NaN: %v, %v", v, err)
	}
}
