package visualizers

import (
	"context"
	"fmt"
	"image"
	"slices"

	"picasso/backend"
)

// sweep runs the windows of one occlusion, coarse to fine, in batches whose
// tensors are built in place: hiding a window and showing it again touches
// the window's pixels only, and memory does not grow with their number.
type sweep struct {
	in      Input
	grid    grid
	lattice lattice
	curtain curtain
	emit    func(Result)

	windows Windows // with the scores so far
	batch   []backend.Tensor
	maps    []Map // of the last emitted result
	known   *Windows
	passes  int
	planned int
	drawn   int // passes when maps were last made
	stage   string
}

// Maps are drawn anew after this share of the work, so that drawing stays
// cheap beside the model.
const redraws = 16

func newSweep(in Input, g grid, emit func(Result)) *sweep {
	n := g.windows()
	s := &sweep{
		in: in, grid: g, lattice: newLattice(g.rows, g.columns), curtain: newCurtain(in, g.size), emit: emit,
		planned: n,
		windows: Windows{
			Height: g.height, Width: g.width, Rows: g.rows, Columns: g.columns,
			Size: g.size, Stride: g.stride, Base: in.Base,
			Rects: make([]image.Rectangle, n), Scores: make([]backend.Scores, n),
		},
	}
	for i := range s.windows.Rects {
		s.windows.Rects[i] = g.rect(i)
	}
	for range min(n, max(1, in.Subject.Batch())) {
		s.batch = append(s.batch, in.Tensor.Clone())
	}
	return s
}

// run works through the levels of the lattice; coarse stops after the first.
func (s *sweep) run(ctx context.Context, coarse bool) error {
	first := s.lattice.points(s.lattice.step)
	if coarse {
		s.planned = len(first)
	}
	s.stage = "coarse grid"
	if err := s.level(ctx, first); err != nil || coarse {
		return err
	}
	s.stage = "refining"
	for step := s.lattice.step / 2; step >= 1; step /= 2 {
		points := s.lattice.between(step)
		if err := s.sort(points, step); err != nil {
			return err
		}
		if err := s.level(ctx, points); err != nil {
			return err
		}
	}
	return nil
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
	s.lattice.liveliest(points, drops, step)
	return nil
}

// level runs the windows in batches and reports after each.
func (s *sweep) level(ctx context.Context, points []int) error {
	for part := range slices.Chunk(points, len(s.batch)) {
		if err := s.runBatch(ctx, part); err != nil {
			return err
		}
		last := part[len(part)-1] == points[len(points)-1]
		if err := s.report(last); err != nil {
			return err
		}
	}
	return nil
}

func (s *sweep) runBatch(ctx context.Context, part []int) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	for k, i := range part {
		s.curtain.paint(s.batch[k].Data, s.windows.Rects[i])
	}
	scores, err := s.in.Subject.Predict(ctx, s.batch[:len(part)])
	if err != nil {
		return fmt.Errorf("window %d of %d: %w", s.passes+1, s.planned, err)
	}
	if len(scores) != len(part) {
		return fmt.Errorf("the model answered %d of %d images", len(scores), len(part))
	}
	for k, i := range part {
		s.windows.Scores[i] = scores[k]
		s.curtain.restore(s.batch[k].Data, s.windows.Rects[i])
	}
	s.passes += len(part)
	return nil
}

// report emits the progress, with new maps once enough has changed. Nothing
// is emitted before the coarse level is whole, and the end belongs to finish.
func (s *sweep) report(levelDone bool) error {
	if s.emit == nil || s.passes == s.planned {
		return nil
	}
	if !levelDone && s.known == nil {
		s.emit(s.result())
		return nil
	}
	if s.known == nil || s.passes-s.drawn >= max(1, s.planned/redraws) {
		if err := s.draw(); err != nil {
			return err
		}
	}
	s.emit(s.result())
	return nil
}

// draw makes maps and a copy of the evidence from what is known.
func (s *sweep) draw() error {
	known := s.windows
	known.Scores = slices.Clone(s.windows.Scores)
	maps := make([]Map, 0, len(s.in.Targets))
	for _, t := range s.in.Targets {
		m, err := known.Map(t, s.in.Subject.ClassName)
		if err != nil {
			return err
		}
		maps = append(maps, m)
	}
	s.maps, s.known, s.drawn = maps, &known, s.passes
	return nil
}

func (s *sweep) result() Result {
	return Result{
		Maps: slices.Clone(s.maps), Windows: s.known, Warnings: s.grid.warnings(),
		Done: float64(s.passes) / float64(s.planned), Passes: s.passes, Stage: s.stage,
	}
}

func (s *sweep) finish() (Result, error) {
	if err := s.draw(); err != nil {
		return Result{}, fmt.Errorf("occlusion: %w", err)
	}
	r := s.result()
	r.Stage = ""
	r.Note = s.note()
	return r, nil
}

// note says what the numbers say: the window that matters most.
func (s *sweep) note() string {
	if len(s.in.Targets) == 0 {
		return ""
	}
	t := s.in.Targets[0]
	drops, err := s.windows.Drops(t)
	if err != nil {
		return ""
	}
	best := 0
	for i, d := range drops {
		if d > drops[best] {
			best = i
		}
	}
	text := s.interpolated()
	symbol := t.Symbol(s.in.Subject.ClassName)
	if drops[best] <= 0 {
		return fmt.Sprintf("No window lowers %s: nothing in this image supports it.%s", symbol, text)
	}
	base, _ := t.Value(s.in.Base)
	r := s.windows.Rects[best]
	return fmt.Sprintf("%s is %.3g; it falls most, to %.3g, when x %d…%d, y %d…%d of the model's input is covered.%s",
		symbol, base, base-drops[best], r.Min.X, r.Max.X-1, r.Min.Y, r.Max.Y-1, text)
}

func (s *sweep) interpolated() string {
	if s.passes == s.grid.windows() {
		return ""
	}
	return fmt.Sprintf(" Coarse map: %d of %d windows were run, the rest is interpolated.", s.passes, s.grid.windows())
}
