package trust

import (
	"context"
	"fmt"
	"image"
	"math"

	"picasso/backend/infer"
	"picasso/backend/perturb"
	"picasso/visualizers"
	"picasso/visualizers/inpaint"
)

// bench asks the model about covered copies of one picture.
type bench struct {
	in      visualizers.Input
	cells   cells
	measure measure
	whole   point // the score of the picture as it is
	passes  int   // so far
}

func newBench(in visualizers.Input, c cells, m measure) (*bench, error) {
	whole, err := m.of(in.Base)
	return &bench{in: in, cells: c, measure: m, whole: whole}, err
}

// predict scores pictures.
func (b *bench) predict(ctx context.Context, batch []infer.Tensor) ([]point, error) {
	scores, err := b.in.Subject.Predict(ctx, batch)
	if err != nil {
		return nil, err
	}
	b.passes += len(batch)
	points := make([]point, len(scores))
	for i, s := range scores {
		if points[i], err = b.measure.of(s); err != nil {
			return nil, err
		}
	}
	return points, nil
}

// job is one point of a curve to be measured.
type job struct {
	curve     *curve
	insertion bool
	step      int
}

func (j job) set(p point) {
	if j.insertion {
		j.curve.insertion[j.step] = p
		return
	}
	j.curve.deletion[j.step] = p
}

// base is the picture that a copy differs from in the changed cells.
func (j job) base(b *bench, s substrate) infer.Tensor {
	if j.insertion {
		return s.fill
	}
	return b.in.Tensor
}

// run measures points; done is called after each batch.
func (b *bench) run(ctx context.Context, s substrate, jobs []job, done func([]job, []point)) error {
	near, far := b.split(s, jobs)
	for _, side := range [2]bool{false, true} {
		if err := b.runNear(ctx, s, near[side], done); err != nil {
			return err
		}
	}
	size := max(1, b.in.Subject.Batch())
	copies := newCopies(size, b.in.Tensor)
	for len(far) > 0 {
		now := far[:min(size, len(far))]
		for i, j := range now {
			b.paint(copies[i].Data, s, j)
		}
		points, err := b.predict(ctx, copies[:len(now)])
		if err != nil {
			return err
		}
		done(now, points)
		far = far[len(now):]
	}
	return nil
}

func newCopies(n int, like infer.Tensor) []infer.Tensor {
	list := make([]infer.Tensor, n)
	for i := range list {
		list[i] = infer.Tensor{Shape: like.Shape, Data: make([]float32, len(like.Data))}
	}
	return list
}

// local is the part of the input up to which a change counts as near: beyond
// it, computing only what it reaches gains nothing.
const local = .25

// split sorts out the copies that differ from their base in a small place, by
// whether the base is the covered picture. Imputed pixels change with all
// others, so of them none is, and of volumes all are run whole.
func (b *bench) split(s substrate, jobs []job) (near map[bool][]job, far []job) {
	near = map[bool][]job{}
	_, can := b.in.Subject.(visualizers.Copier)
	for _, j := range jobs {
		r := b.changed(j)
		if can && !b.cells.solid && s.name != Impute && float64(r.Dx()*r.Dy()) <= local*float64(b.cells.size[1]*b.cells.size[2]) {
			near[j.insertion] = append(near[j.insertion], j)
			continue
		}
		far = append(far, j)
	}
	return near, far
}

// changed is the rectangle around the cells in which a copy of a picture differs.
func (b *bench) changed(j job) image.Rectangle {
	var r image.Rectangle
	for _, i := range j.curve.order[:j.curve.first(j.step)] {
		c := b.cells.box(i)
		r = r.Union(image.Rect(c.from[2], c.from[1], c.to[2], c.to[1]))
	}
	return r
}

// runNear measures copies that share a base and differ from it nearby.
func (b *bench) runNear(ctx context.Context, s substrate, jobs []job, done func([]job, []point)) error {
	if len(jobs) == 0 {
		return nil
	}
	windows := make([]perturb.Box, len(jobs))
	for i, j := range jobs {
		windows[i] = perturb.Rectangle(b.changed(j))
	}
	c, err := b.in.Subject.(visualizers.Copier).Copies(ctx, jobs[0].base(b, s), windows, nil, perturb.AutoEngine)
	if err != nil {
		return err
	}
	defer c.Close()
	size := max(1, c.Batch())
	copies := newCopies(min(size, len(jobs)), b.in.Tensor)
	for len(jobs) > 0 {
		n := min(size, len(jobs))
		for i, j := range jobs[:n] {
			b.paint(copies[i].Data, s, j)
		}
		scores, err := c.Score(ctx, copies[:n], windows[:n])
		if err != nil {
			return err
		}
		b.passes += n
		points := make([]point, n)
		for i := range points {
			if points[i], err = b.measure.of(scores[i]); err != nil {
				return err
			}
		}
		done(jobs[:n], points)
		jobs, windows = jobs[n:], windows[n:]
	}
	return nil
}

// paint makes the copy of a job: the base with some cells of the other picture.
func (b *bench) paint(dst []float32, s substrate, j job) {
	from, other := b.in.Tensor, s.fill
	if j.insertion {
		from, other = other, from
	}
	copy(dst, from.Data)
	changed := j.curve.order[:j.curve.first(j.step)]
	size := b.cells.size
	plane := size[0] * size[1] * size[2]
	for _, i := range changed {
		b.cells.box(i).rows(size, func(from, to int) {
			for c := 0; c < len(dst); c += plane {
				copy(dst[c+from:c+to], other.Data[c+from:c+to])
			}
		})
	}
	if s.noise != nil {
		b.guess(dst, s, j)
	}
}

// imputed is how exactly imputed pixels solve their equations: up to nine tenths
// covered they are within a third of the noise of their exact values.
const imputed = 1e-5

// guess replaces the covered pixels of a copy by imputed ones with noise.
func (b *bench) guess(dst []float32, s substrate, j job) {
	height, width := b.cells.size[1], b.cells.size[2]
	covered := make([]bool, height*width)
	for k, i := range j.curve.order {
		if (k < j.curve.first(j.step)) == j.insertion {
			continue
		}
		b.cells.box(i).rows(b.cells.size, func(from, to int) {
			for p := from; p < to; p++ {
				covered[p] = true
			}
		})
	}
	plane := make([]float64, height*width)
	for c := range len(dst) / len(plane) {
		part := dst[c*len(plane) : (c+1)*len(plane)]
		for i, v := range part {
			plane[i] = float64(v)
		}
		inpaint.Plane(plane, height, width, covered, imputed)
		for i := range part {
			if covered[i] {
				part[i] = float32(plane[i]) + s.noise[c*len(plane)+i]
			}
		}
	}
}

// subject is what the curves show, in words.
func (b *bench) subject() string {
	name := b.in.Subject.ClassName(b.measure.target.Class)
	switch {
	case b.measure.target.Against >= 0:
		return fmt.Sprintf("the lead of “%s” over “%s”", name, b.in.Subject.ClassName(b.measure.target.Against))
	case b.measure.share:
		return fmt.Sprintf("the probability of “%s”", name)
	}
	return fmt.Sprintf("the value of “%s”", name)
}

// saturated is the probability from which the logit tells more: covering has to
// take much of it away before the probability moves.
const saturated = .999

// onLogits reports whether the curves are read from logits.
func (b *bench) onLogits(s substrate) bool {
	return b.measure.share && b.whole.value >= saturated && b.whole.logit > s.covered.logit && !math.IsInf(b.whole.logit-s.covered.logit, 0)
}
