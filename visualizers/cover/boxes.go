package cover

import (
	"context"
	"fmt"
	"image"
	"math"

	"picasso/backend/infer"
	"picasso/backend/perturb"
	"picasso/backend/score"
	"picasso/visualizers"
)

// boxes is where a covering box stands in a volume: on each axis as [grid] has it,
// from the first voxel until the last is covered. Three numbers stand for depth,
// height and width.
type boxes struct{ sides, size, stride, count perturb.Size }

func occlusionBoxes(s visualizers.Subject, v visualizers.Values) boxes {
	depth := visualizers.DepthOf(s)
	_, rows, width := s.Shape()
	b := boxes{sides: perturb.Size{depth, rows / depth, width}}
	b.size, b.stride = OcclusionSize.InVolume(v, b.sides), OcclusionStride.InVolume(v, b.sides)
	for k, side := range b.sides {
		b.size[k] = min(b.size[k], side)
		b.count[k] = positions(side, b.size[k], b.stride[k])
	}
	return b
}

// total is the number of boxes.
func (b boxes) total() int { return b.count[0] * b.count[1] * b.count[2] }

// place is the box's position on each axis.
func (b boxes) place(i int) [3]int {
	return [3]int{i / b.count[2] / b.count[1], i / b.count[2] % b.count[1], i % b.count[2]}
}

func (b boxes) index(p [3]int) int { return (p[0]*b.count[1]+p[1])*b.count[2] + p[2] }

// at is what box i covers; the last on each axis is cut off at the border.
func (b boxes) at(i int) perturb.Box {
	var out perturb.Box
	for k, n := range b.place(i) {
		out.From[k] = n * b.stride[k]
		out.To[k] = min(out.From[k]+b.size[k], b.sides[k])
	}
	return out
}

// all lists what the boxes cover.
func (b boxes) all() []perturb.Box {
	list := make([]perturb.Box, b.total())
	for i := range list {
		list[i] = b.at(i)
	}
	return list
}

// firstShare is the part of the boxes that the first map needs at most.
const firstShare = 10

// step is how many boxes lie from one to the next of the coarsest level, a power of
// two.
func (b boxes) step() int {
	step := 1
	for b.onLevel(step) > max(1, b.total()/firstShare) {
		step *= 2
	}
	return step
}

func (b boxes) onLevel(step int) int {
	n := 1
	for _, c := range b.count {
		n *= (c + step - 1) / step
	}
	return n
}

// level lists the boxes at a distance of step that the coarser level lacks; all of
// them at the coarsest.
func (b boxes) level(step, coarsest int) []int {
	var out []int
	for i := range b.total() {
		p := b.place(i)
		on := func(step int) bool { return p[0]%step == 0 && p[1]%step == 0 && p[2]%step == 0 }
		if on(step) && (step == coarsest || !on(2*step)) {
			out = append(out, i)
		}
	}
	return out
}

// occlude runs the boxes through the model, coarse to fine.
type occlude struct {
	boxes
	in     visualizers.Input
	occ    occluder
	scorer scorer
	copies []infer.Tensor
	hidden []perturb.Box
	scores []score.Scores
	passes int
	emit   func(visualizers.Result)
}

// explainBoxes is occlusion of a volume.
func explainBoxes(ctx context.Context, in visualizers.Input, emit func(visualizers.Result)) (visualizers.Result, error) {
	b := occlusionBoxes(in.Subject, in.Values)
	if err := b.affordable(in.Subject); err != nil {
		return visualizers.Result{}, fmt.Errorf("occlusion: %w", err)
	}
	o := &occlude{boxes: b, in: in, emit: emit, scores: make([]score.Scores, b.total())}
	o.occ = newOccluder(in, image.Pt(b.size[2], b.size[1]))
	var err error
	if o.scorer, err = newScorer(ctx, in, b.all(), o.described(), perturb.Engine(occlusionEngine.In(in.Values))); err != nil {
		return visualizers.Result{}, fmt.Errorf("occlusion: %w", err)
	}
	defer o.scorer.close()
	for range min(b.total(), max(1, o.scorer.batch())) {
		o.copies, o.hidden = append(o.copies, in.Tensor.Clone()), append(o.hidden, perturb.Box{})
	}
	r, err := o.run(ctx)
	if err != nil {
		return visualizers.Result{}, fmt.Errorf("occlusion: %w", err)
	}
	return r, nil
}

// described tells the model about what covers the boxes.
func (o *occlude) described() *perturb.Occluder {
	v := &perturb.Occluder{Fill: infer.Tensor{Shape: o.in.Tensor.Shape, Data: o.occ.background}}
	if o.occ.soft {
		v.Weights = o.bells
	}
	return v
}

// bells are the weights along each axis of a box: see [occluder.blend].
func (o *occlude) bells(b perturb.Box) (along [3][]float32) {
	for k, visible := range b.Size() {
		along[k] = bell(visible, o.size[k])
	}
	return along
}

// affordable refuses a run that could not keep what it learns.
func (b boxes) affordable(s visualizers.Subject) error {
	if n := int64(b.total()) * int64(s.Classes()) * 2; n > maxEvidence {
		return fmt.Errorf("%d boxes × %d classes are too many results to keep; choose a larger stride", b.total(), s.Classes())
	}
	return nil
}

func (o *occlude) run(ctx context.Context) (visualizers.Result, error) {
	coarsest := o.step()
	refine := occlusionRefinement(o.in.Values)
	for step := coarsest; step >= 1; step /= 2 {
		points := o.level(step, coarsest)
		for len(points) > 0 {
			n := min(len(points), len(o.copies))
			if err := o.score(ctx, points[:n]); err != nil {
				return visualizers.Result{}, err
			}
			points = points[n:]
			if o.emit != nil && o.passes < o.total() {
				o.emit(visualizers.Result{Done: float64(o.passes) / float64(o.total()), Passes: o.passes, Stage: "covering boxes", Stats: o.scorer.account()})
			}
		}
		if step == 1 || refine == refineCoarse {
			return o.result(step)
		}
		r, err := o.result(step)
		if err != nil {
			return visualizers.Result{}, err
		}
		if o.emit != nil {
			r.Stage = "covering boxes"
			o.emit(r)
		}
		if err := o.in.Rest(ctx, r.Done); err != nil {
			return visualizers.Result{}, err
		}
	}
	return visualizers.Result{}, nil
}

// score runs some boxes together.
func (o *occlude) score(ctx context.Context, points []int) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	for k, i := range points {
		data := o.copies[k].Data
		o.paint(data, o.in.Tensor.Data, o.hidden[k], false)
		o.hidden[k] = o.at(i)
		o.paint(data, o.occ.background, o.hidden[k], o.occ.soft)
	}
	scores, err := o.scorer.score(ctx, o.copies[:len(points)], points)
	if err != nil {
		return fmt.Errorf("box %d of %d: %w", o.passes+1, o.total(), err)
	}
	if len(scores) != len(points) {
		return fmt.Errorf("the model returned answers for %d of %d volumes", len(scores), len(points))
	}
	for k, i := range points {
		o.scores[i] = scores[k]
	}
	o.passes += len(points)
	return nil
}

// paint takes the values of a box from another tensor, faded in towards its middle
// where soft is set: see [occluder.blend].
func (o *occlude) paint(dst, from []float32, b perturb.Box, soft bool) {
	channels := o.in.Tensor.Shape[0]
	if !soft {
		b.Lines(channels, o.sides, func(begin, end int) { copy(dst[begin:end], from[begin:end]) })
		return
	}
	bells, size, row := o.bells(b), b.Size(), 0
	b.Lines(channels, o.sides, func(begin, end int) {
		weight := bells[0][row/size[1]%size[0]] * bells[1][row%size[1]]
		for i := begin; i < end; i++ {
			dst[i] += weight * bells[2][i-begin] * (from[i] - dst[i])
		}
		row++
	})
}

// result draws what is known when the boxes at a distance of step were run: a box
// that was not has the value of the one before it on each axis that was.
func (o *occlude) result(step int) (visualizers.Result, error) {
	r := visualizers.Result{Done: float64(o.passes) / float64(o.total()), Passes: o.passes, Stats: o.scorer.account(), Warnings: o.warnings()}
	for _, t := range o.in.Targets {
		m, err := o.draw(t, step)
		if err != nil {
			return visualizers.Result{}, err
		}
		r.Maps = append(r.Maps, m)
	}
	if o.passes < o.total() {
		r.Note = fmt.Sprintf("%d of %d boxes were run; the others have the value of their neighbour.", o.passes, o.total())
	} else {
		r.Note = fmt.Sprintf("%d boxes of %d×%d×%d voxels.", o.total(), o.size[0], o.size[1], o.size[2])
	}
	return r, nil
}

// draw is the map of one target: in every voxel the mean fall of the score over the
// boxes that cover it.
func (o *occlude) draw(t score.Target, step int) (visualizers.Map, error) {
	whole, err := t.Value(o.in.Base)
	if err != nil {
		return visualizers.Map{}, err
	}
	symbol := t.Symbol(o.in.Subject)
	m := visualizers.Map{
		Target: t, Channels: 1, Depth: o.sides[0], Height: o.sides[0] * o.sides[1], Width: o.sides[2], Signed: true,
		Unit: "drop in " + symbol, Positive: symbol + " needs this region",
		Step: image.Pt(o.stride[2], o.stride[1]),
	}
	sum, count := make([]float64, m.Height*m.Width), make([]int32, m.Height*m.Width)
	best, top := -1, math.Inf(-1)
	for i := range o.total() {
		p := o.place(i)
		for k := range p {
			p[k] -= p[k] % step
		}
		v, err := t.Value(o.scores[o.index(p)])
		if err != nil {
			return visualizers.Map{}, err
		}
		if drop := whole - v; drop > top {
			best, top = i, drop
		}
		o.spread(sum, count, i, whole-v)
	}
	m.Values = make([]float32, len(sum))
	for i, n := range count {
		m.Values[i] = float32(sum[i] / float64(n)) // NaN where no box lies
	}
	m.Finding = o.found(t, symbol, best, top)
	return m, nil
}

// spread adds a box's value to the voxels that it covers.
func (o *occlude) spread(sum []float64, count []int32, i int, value float64) {
	o.at(i).Lines(1, o.sides, func(from, to int) {
		for x := from; x < to; x++ {
			sum[x] += value
			count[x]++
		}
	})
}

// found says which box the score needs most.
func (o *occlude) found(t score.Target, symbol string, best int, drop float64) string {
	is := visualizers.Stated(t, o.in.Base, o.in.Subject)
	if best < 0 || drop <= 0 {
		return is + " No box lowers it when it is covered."
	}
	b := o.at(best)
	return fmt.Sprintf("%s It falls most, by %s, when the box of slices %d to %d, y %d to %d, x %d to %d of the model's input is covered.",
		is, visualizers.ScoreWords(drop, t.Score), b.From[0], b.To[0]-1, b.From[1], b.To[1]-1, b.From[2], b.To[2]-1)
}

// warnings says in words what is doubtful about the boxes, and what was asked for
// that is not done.
func (o *occlude) warnings() []string {
	var out []string
	for k := range o.sides {
		if o.stride[k] > o.size[k] {
			out = append(out, "The stride is larger than the box, so some voxels are never covered and stay empty.")
			break
		}
	}
	if o.size == o.sides {
		out = append(out, "The box covers the whole volume, so every voxel gets the same value; choose a smaller box.")
	}
	account := o.scorer.account()
	if engine := perturb.Engine(occlusionEngine.In(o.in.Values)); account == nil && engine != perturb.AutoEngine && engine != perturb.PlainEngine {
		out = append(out, fmt.Sprintf("The engine %q is not for models that are moved over a volume: every block goes through the whole model.", engine))
	}
	out = append(out, engineWarning(account)...)
	if occlusionRefinement(o.in.Values) == refineAdaptive {
		out = append(out, "Adaptive refinement is for pictures: all boxes are run.")
	}
	return out
}

// boxPreview counts the boxes.
func boxPreview(s visualizers.Subject, v visualizers.Values, engine string) visualizers.Preview {
	b := occlusionBoxes(s, v)
	n := b.total()
	if occlusionRefinement(v) == refineCoarse {
		n = b.onLevel(b.step())
	}
	p := visualizers.CopiesPreview(s, n, b.size, perturb.Engine(engine))
	p.Bytes += int64(b.sides[0]*b.sides[1]*b.sides[2]) * 12
	return p
}
