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

// Adaptive refinement runs the windows next to the strongest support: a part
// of each level between the coarse grid and the finest, and of the finest what
// is left of a share of all windows. Measured on photographs these windows find
// the most important tenth of the pixels better than those with most change
// around them or with most doubt about that tenth.
const (
	adaptivePart  = 4
	adaptiveShare = 0.27
)

// windows is the number of windows that a refinement runs.
func (r refinement) windows(l lattice) int {
	n := len(l.points(l.step))
	for step := l.step / 2; step >= 1 && r != refineCoarse; step /= 2 {
		if r == refineAdaptive {
			n += l.portion(step, n)
		} else {
			n += len(l.between(step))
		}
	}
	return n
}

// portion is how many windows of a level adaptive refinement runs after the
// coarser levels ran some.
func (l lattice) portion(step, run int) int {
	level := len(l.between(step))
	if step > 1 {
		return (level + adaptivePart - 1) / adaptivePart
	}
	return min(level, max(0, int(math.Ceil(adaptiveShare*float64(l.rows*l.columns)))-run))
}

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
	return points[:s.lattice.portion(step, s.passes)], nil
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
