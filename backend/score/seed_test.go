package score

import (
	"math"
	"testing"
)

// The gradient of a region's sum is that of the same number.
func TestWeightsOfARegion(t *testing.T) {
	values := Table{1, 2, 4, []float32{3, -1, 0.5, 2, 1, 2, 0, 4}}
	for name, region := range map[string]Region{"all": {}, "mask": {Mask: true}, "box": {Box: []int{1, 0, 2, 2}}} {
		s := Reader{Output: Output{Kind: Segmentation, Classes: 2, Axis: 1, Shape: []int{1, 2, 2, 2}, Activation: Softmax, Region: region}}
		for _, target := range []Target{ClassTarget(0, Logit), ClassTarget(1, Probability), {Class: 0, Against: 1, Score: Probability}} {
			between := direct
			if target.Score == Probability {
				between = activated
			}
			seed := s.ClassSeed(target, values, between)
			for i := range values.Data {
				const h = 1e-2
				at := func(d float32) float64 {
					moved := values
					moved.Data = append([]float32{}, values.Data...)
					moved.Data[i] += d
					p := moved.softmax()
					scores := Scores{Probabilities: p.Sum(s.inside(p, evenProbability)), Logits: moved.Sum(s.inside(moved, evenLogit))}
					v, err := target.Value(scores)
					if err != nil {
						t.Fatal(err)
					}
					return v
				}
				if slope := (at(h) - at(-h)) / (2 * h); math.Abs(slope-float64(seed[i])) > 1e-3 {
					t.Errorf("%s, %+v: slope %d is %v, want %v", name, target, i, seed[i], slope)
				}
			}
		}
	}
}
