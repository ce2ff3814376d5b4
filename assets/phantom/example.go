package phantom

import "math/rand/v2"

// ClearRadius is the radius in pixels from which a cut shows a nodule clearly;
// smaller cuts are no larger than those of vessels.
const ClearRadius = 3.0

// Example is a slice to learn from or to try a model on.
type Example struct {
	Values []int16 // as [Phantom.Slices]
	X, Y   float64 // where the nodule is cut: column and row of the middle
	Radius float64 // pixels, at least ClearRadius; 0 where there is no nodule
}

// Examples are slices of a body, every other one with a nodule clearly cut.
// The one that follows has none: it is by turns the same slice of the same
// body without the nodule, and another slice of the body with it.
func Examples(seed uint64) []Example {
	with, without := New(seed, true), New(seed, false)
	var free []int
	for z := range Depth {
		if _, _, _, ok := with.Nodule.In(z); !ok {
			free = append(free, z)
		}
	}
	random := rand.New(rand.NewPCG(seed, 4))
	var out []Example
	for z := range Depth {
		x, y, r, ok := with.Nodule.In(z)
		if !ok || r < ClearRadius {
			continue
		}
		other := without.Slices[z]
		if len(out)/2%2 == 1 {
			other = with.Slices[free[random.IntN(len(free))]]
		}
		out = append(out, Example{with.Slices[z], x, y, r}, Example{Values: other})
	}
	return out
}
