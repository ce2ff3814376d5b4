package backend_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"picasso/backend"
	"picasso/backend/infer"
)

// An array goes in as it is, but for its batch axis; one that no picture can be
// is refused.
func TestArraysGoInAsTheyAre(t *testing.T) {
	m, err := beside(t, "", shape(-1, 1, 5, 7), nil, nil, backend.ModelOptions{})
	if err != nil {
		t.Fatal(err)
	}
	array := func(at int, v float32) []float32 {
		data := make([]float32, 5*7)
		data[at] = v
		return data
	}
	for _, shape := range [][]int{{1, 5, 7}, {1, 1, 5, 7}} {
		got, err := m.Accept(infer.Tensor{Shape: shape, Data: array(8, 900)})
		if err != nil || !slices.Equal(got.Data, array(8, 900)) || !slices.Equal(got.Shape, []int{1, 5, 7}) {
			t.Errorf("%v: %v, %v", shape, got, err)
		}
	}
	for says, bad := range map[string]infer.Tensor{
		"shape 5×7, but the model takes 1×5×7": {Shape: []int{5, 7}, Data: array(0, 1)},
		"NaN at position 9":                    {Shape: []int{1, 5, 7}, Data: array(9, float32(math.NaN()))},
		"-Inf at position 2":                   {Shape: []int{1, 5, 7}, Data: array(2, float32(math.Inf(-1)))},
	} {
		if _, err := m.Accept(bad); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v: %v, want %q", bad.Shape, err, says)
		}
	}
}
