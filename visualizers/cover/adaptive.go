package cover

import (
	"slices"

	"picasso/visualizers"
)

// refinement says how far a sweep goes beyond its coarse grid.
type refinement string

// Refinements, as the setting spells them.
const (
	refineFull     refinement = "full"     // every window
	refineAdaptive refinement = "adaptive" // windows around the strongest support
	refineCoarse   refinement = "coarse"   // none
)

// windows is the number of windows that a refinement runs.
func (r refinement) windows(l visualizers.Lattice) int {
	n := len(l.Points(l.Step))
	for step := l.Step / 2; step >= 1 && r != refineCoarse; step /= 2 {
		if r == refineAdaptive {
			n += l.Portion(step, n)
		} else {
			n += len(l.Between(step))
		}
	}
	return n
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
			_, high := s.lattice.Span(drops, i, step)
			support[i] = max(support[i], (high-low)/span)
		}
	}
	visualizers.Descending(points, support)
	return points[:s.lattice.Portion(step, s.passes)], nil
}
