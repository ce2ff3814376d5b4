package visualizers

import (
	"cmp"
	"math"
	"slices"
)

// refinement says how far a sweep goes beyond its coarse grid.
type refinement string

// Refinements, as the setting spells them.
const (
	refineFull     refinement = "full"     // every window
	refineAdaptive refinement = "adaptive" // windows around the strongest support
	refineCoarse   refinement = "coarse"   // none
)

// Adaptive refinement runs a window when the coarser grid changes around it by
// more than a share of the map's whole range: those next to the strongest
// support first, and no more than a part of each level. Measured on photographs
// this order finds the most important tenth of the pixels better than most
// change first, or most doubt about that tenth.
const (
	adaptiveChange = 0.01
	adaptivePart   = 3 // a third of a level at most
)

// windows is the number of windows that a refinement runs.
func (r refinement) windows(l lattice) int {
	n := len(l.points(l.step))
	for step := l.step / 2; step >= 1 && r != refineCoarse; step /= 2 {
		level := len(l.between(step))
		if r == refineAdaptive {
			level = portion(level)
		}
		n += level
	}
	return n
}

// portion is how many windows of a level adaptive refinement runs.
func portion(level int) int { return (level + adaptivePart - 1) / adaptivePart }

// worth picks the points of a level that are worth running, the best first.
func (s *sweep) worth(points []int, step int) ([]int, error) {
	support := make([]float64, len(s.windows.Rects))
	for _, t := range s.in.Targets {
		drops, err := s.windows.Drops(t)
		if err != nil {
			return nil, err
		}
		low := slices.Min(drops)
		span := slices.Max(drops) - low
		if !(span > 0) {
			continue // a flat map, or one without numbers
		}
		for _, i := range points {
			_, high := s.lattice.span(drops, i, step)
			support[i] = max(support[i], (high-low)/span)
		}
	}
	descending(points, support)
	return points[:portion(len(points))], nil
}

// span is the range of the coarser level's values around point i of a level.
// values must be filled.
func (l lattice) span(values []float64, i, step int) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	l.around(i, step, func(k int) { low, high = min(low, values[k]), max(high, values[k]) })
	return low, high
}

// descending sorts points by a number each, the largest first.
func descending(points []int, by []float64) {
	slices.SortStableFunc(points, func(a, b int) int { return cmp.Compare(by[b], by[a]) })
}
