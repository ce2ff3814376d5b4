package cover

import (
	"context"
	"fmt"
	"slices"

	"picasso/backend/infer"
	"picasso/backend/score"
	"picasso/visualizers"
)

// hider makes the images in which one window is hidden. The tensor belongs to
// the hider, which may use it again when asked for the same slot.
type hider interface {
	hide(slot, window int) (infer.Tensor, error)
}

// sweep runs all windows of a grid through the model, coarse to fine and in
// batches, and turns what is known into maps as it goes. Memory does not grow
// with the number of windows beyond their scores.
type sweep struct {
	in       visualizers.Input
	hider    hider
	scorer   scorer
	lattice  visualizers.Lattice
	warnings []string
	emit     func(visualizers.Result)

	windows *visualizers.Patches // with the scores so far
	batch   []infer.Tensor
	passes  int
	planned int
	stage   string

	drawn visualizers.Result // maps and evidence of the last drawing
	since int                // passes since then
}

// Maps are redrawn after this share of the work, so that drawing stays
// cheap beside the model.
const redraws = 16

func newSweep(in visualizers.Input, w *visualizers.Patches, h hider, s scorer, warnings []string, emit func(visualizers.Result)) *sweep {
	w.Base = in.Base
	w.Scores = make([]score.Scores, len(w.Rects))
	return &sweep{
		in: in, hider: h, scorer: s, lattice: visualizers.NewLattice(w.Rows, w.Columns), warnings: warnings, emit: emit,
		windows: w, planned: len(w.Rects),
		batch: make([]infer.Tensor, min(len(w.Rects), max(1, s.batch()))),
	}
}

// run works through the levels of the lattice, as far as the refinement goes,
// and returns the final result.
func (s *sweep) run(ctx context.Context, refine refinement) (visualizers.Result, error) {
	if len(s.in.Targets) == 0 && refine == refineAdaptive {
		refine = refineFull // nothing says where the map changes
	}
	s.planned = refine.windows(s.lattice)
	s.stage = "coarse grid"
	if err := s.level(ctx, s.lattice.Points(s.lattice.Step)); err != nil {
		return visualizers.Result{}, err
	}
	if refine != refineCoarse && s.lattice.Step > 1 {
		if err := s.in.Rest(ctx, 1); err != nil {
			return visualizers.Result{}, err
		}
	}
	s.stage = "refining"
	for step := s.lattice.Step / 2; step >= 1 && refine != refineCoarse; step /= 2 {
		points, err := s.choose(s.lattice.Between(step), step, refine)
		if err != nil {
			return visualizers.Result{}, err
		}
		if refine == refineAdaptive && step == 1 {
			err = s.finest(ctx, points)
		} else {
			err = s.level(ctx, points)
		}
		if err != nil {
			return visualizers.Result{}, err
		}
	}
	return s.finish()
}

// choose are the points of a level that are run, in order.
func (s *sweep) choose(points []int, step int, refine refinement) ([]int, error) {
	if refine == refineAdaptive {
		return s.worth(points, step)
	}
	return points, s.sort(points, step)
}

// sort puts first the points where the first target's map changes most.
func (s *sweep) sort(points []int, step int) error {
	if len(s.in.Targets) == 0 {
		return nil
	}
	drops, err := s.windows.Drops(s.in.Targets[0])
	if err != nil {
		return err
	}
	s.lattice.Liveliest(points, drops, step)
	return nil
}

// level runs the windows in batches and reports after each.
func (s *sweep) level(ctx context.Context, points []int) error {
	for done := 0; done < len(points); {
		part := points[done:min(len(points), done+len(s.batch))]
		if err := s.runBatch(ctx, part); err != nil {
			return err
		}
		done += len(part)
		if err := s.report(done == len(points)); err != nil {
			return err
		}
	}
	return nil
}

func (s *sweep) runBatch(ctx context.Context, part []int) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	batch := s.batch[:len(part)]
	for k, i := range part {
		t, err := s.hider.hide(k, i)
		if err != nil {
			return fmt.Errorf("window %d: %w", i, err)
		}
		batch[k] = t
	}
	scores, err := s.scorer.score(ctx, batch, part)
	if err != nil {
		return fmt.Errorf("window %d of %d: %w", s.passes+1, s.planned, err)
	}
	if len(scores) != len(part) {
		return fmt.Errorf("the model returned answers for %d of %d pictures", len(scores), len(part))
	}
	for k, i := range part {
		s.windows.Scores[i] = scores[k]
	}
	s.passes += len(part)
	s.since += len(part)
	return nil
}

// report emits the progress, with new maps once enough has changed. There are
// no maps before the coarse level is whole, and the end belongs to finish.
func (s *sweep) report(levelDone bool) error {
	if s.emit == nil || s.passes == s.planned {
		return nil
	}
	first := levelDone && s.drawn.Patches == nil
	more := s.drawn.Patches != nil && s.since >= max(1, s.planned/redraws)
	if first || more {
		if err := s.draw(); err != nil {
			return err
		}
	}
	s.emit(s.result())
	return nil
}

// draw makes maps and a copy of the evidence from what is known.
func (s *sweep) draw() error {
	known := *s.windows
	known.Scores = slices.Clone(s.windows.Scores)
	maps := make([]visualizers.Map, 0, len(s.in.Targets))
	for _, t := range s.in.Targets {
		m, err := known.Map(t, s.in.Subject)
		if err != nil {
			return err
		}
		if run := known.Run(); run < len(known.Scores) {
			m.Metrics = map[string]float64{"interpolated_windows": 1 - float64(run)/float64(len(known.Scores))}
		}
		maps = append(maps, m)
	}
	s.drawn, s.since = visualizers.Result{Maps: maps, Patches: &known}, 0
	return nil
}

func (s *sweep) result() visualizers.Result {
	r := s.drawn
	r.Maps = slices.Clone(s.drawn.Maps)
	r.Stats = s.scorer.account()
	r.Warnings = append(slices.Clone(s.warnings), engineWarning(r.Stats)...)
	r.Done = float64(s.passes) / float64(s.planned)
	r.Passes, r.Stage = s.passes, s.stage
	return r
}

func (s *sweep) finish() (visualizers.Result, error) {
	if err := s.draw(); err != nil {
		return visualizers.Result{}, err
	}
	r := s.result()
	r.Stage = ""
	if n := len(s.windows.Rects); s.passes < n {
		r.Note = fmt.Sprintf("%d of %d windows were run; the others are interpolated.", s.passes, n)
	}
	return r, nil
}
