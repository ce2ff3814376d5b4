package backend_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"picasso/backend"
)

// An array goes in as it is, but for its batch axis; one that no picture can be
// is refused.
func TestArraysGoInAsTheyAre(t *testing.T) {
	m, err := beside(t, "", shape(-1, 1, 1, 3), nil, nil, backend.ModelOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, shape := range [][]int{{1, 1, 3}, {1, 1, 1, 3}} {
		got, err := m.Accept(backend.Tensor{Shape: shape, Data: []float32{-1, 0.5, 900}})
		if err != nil || !slices.Equal(got.Data, []float32{-1, 0.5, 900}) || !slices.Equal(got.Shape, []int{1, 1, 3}) {
			t.Errorf("%v: %v, %v", shape, got, err)
		}
	}
	nan, inf := float32(math.NaN()), float32(math.Inf(-1))
	for says, bad := range map[string]backend.Tensor{
		"shape [3 1 1]":   {Shape: []int{3, 1, 1}, Data: []float32{1, 2, 3}},
		"NaN at place 1":  {Shape: []int{1, 1, 3}, Data: []float32{1, nan, 3}},
		"-Inf at place 2": {Shape: []int{1, 1, 3}, Data: []float32{1, 2, inf}},
	} {
		if _, err := m.Accept(bad); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v: %v, want %q", bad.Data, err, says)
		}
	}
}
