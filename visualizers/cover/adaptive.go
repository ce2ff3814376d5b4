package cover

import (
	"context"
	"math"
	"slices"

	"picasso/backend/score"
	"picasso/visualizers"
)

// refinement says how far a sweep goes beyond its coarse grid.
type refinement string

// Refinements, as the setting spells them.
const (
	refineFull     refinement = "full"     // every window
	refineAdaptive refinement = "adaptive" // windows around the strongest support, and where that does not suffice
	refineCoarse   refinement = "coarse"   // none
)

// windows is the number of windows that a refinement runs, the adaptive one at
// least.
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

// What adaptive refinement asks of a map before it leaves the rest interpolated.
// Measured on photographs and sizes of windows (docs/performance.md).
const (
	// steady is how much of the most important tenth has to stay, as far as can be
	// told.
	steady = 0.9
	// caution is by how much interpolation is taken to be worse where nothing was
	// run than where it could be compared: support was looked for there.
	caution = 2
	// rough is the error of interpolation, as a share of the least value of the most
	// important tenth, from which windows say nothing of their neighbours. Then
	// all are run.
	rough = 0.4
	// more is the part of all windows that is run before looking again.
	more = 12
)

// finest runs windows of the finest level, and then others until the most
// important tenth of each map is settled.
func (s *sweep) finest(ctx context.Context, points []int) error {
	guesses, err := s.guesses()
	if err != nil {
		return err
	}
	var run []int
	for len(points) > 0 {
		if err := s.level(ctx, points); err != nil {
			return err
		}
		run = append(run, points...)
		if points, err = s.unsettled(guesses, run); err != nil {
			return err
		}
		s.planned += len(points)
	}
	return nil
}

// guess is the surface of a target before the windows of the finest level were
// run.
type guess struct {
	target  score.Target
	surface []float64
}

func (s *sweep) guesses() ([]guess, error) {
	list := make([]guess, len(s.in.Targets))
	for i, t := range s.in.Targets {
		surface, err := s.windows.Surface(t)
		if err != nil {
			return nil, err
		}
		list[i] = guess{t, surface}
	}
	return list, nil
}

// unsettled are windows that have to be run, too: those that most likely belong to
// the most important tenth of a map, or do not, against what is interpolated. run are
// those of the finest level that were run, by which the guesses are judged.
func (s *sweep) unsettled(guesses []guess, run []int) ([]int, error) {
	chance := make([]float64, len(s.windows.Rects))
	settled, all := true, false
	for _, g := range guesses {
		surface, err := s.windows.Surface(g.target)
		if err != nil {
			return nil, err
		}
		off, least := deviation(surface, g.surface, run), visualizers.Threshold(surface)
		switch {
		case !(off <= rough*least): // or one is no number
			settled, all = false, true
		case s.windows.Steady(surface, caution*off) < steady:
			settled = false
		}
		for i, v := range surface {
			chance[i] = max(chance[i], beyond(math.Abs(v-least), off))
		}
	}
	if settled {
		return nil, nil
	}
	left := slices.DeleteFunc(s.lattice.Points(1), s.windows.Known)
	visualizers.Descending(left, chance)
	if all {
		return left, nil
	}
	return left[:min(len(left), max(len(s.batch), len(chance)/more))], nil
}

// deviation is the root mean square of the differences at some places, of which there
// is one.
func deviation(a, b []float64, places []int) float64 {
	sum := 0.0
	for _, i := range places {
		sum += (a[i] - b[i]) * (a[i] - b[i])
	}
	return math.Sqrt(sum / float64(len(places)))
}

// beyond is how likely a normal error of a standard deviation is larger than a
// distance, to one side.
func beyond(distance, deviation float64) float64 {
	if deviation == 0 {
		return 0
	}
	return math.Erfc(distance/deviation/math.Sqrt2) / 2
}
