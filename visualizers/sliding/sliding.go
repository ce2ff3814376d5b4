// Package sliding moves a model of volumes over a volume larger than its input. What
// comes of it is a model of the whole volume, whose score is the mean of the scores
// over all blocks, so that methods explain it as they explain any other. Blocks
// overlap, and the last on each axis ends with the volume, as those of MONAI's
// sliding window do.
package sliding

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"picasso/backend/infer"
	"picasso/backend/perturb"
	"picasso/backend/picture"
	"picasso/backend/score"
	"picasso/visualizers"
)

// Overlap is the share of a block that the next one covers too.
const Overlap = 0.25

// Over is a model moved over a volume.
type Over struct {
	model visualizers.Subject
	size  [3]int // of the volume: depth, height and width
	block [3]int // of the model's input
	from  [][3]int
	known known
}

// New moves a model over a volume of a size, which is nowhere less than the model's
// input, and over copies of it that are covered in part. The volume is kept and must not
// change.
func New(m visualizers.Subject, size [3]int, volume infer.Tensor) (*Over, error) {
	depth := visualizers.DepthOf(m)
	if depth == 0 {
		return nil, fmt.Errorf("only models of volumes are moved over them")
	}
	_, rows, width := m.Shape()
	if c, _, _ := m.Shape(); len(volume.Data) != c*size[0]*size[1]*size[2] {
		return nil, fmt.Errorf("%d values are no volume of %d×%d×%d×%d", len(volume.Data), c, size[0], size[1], size[2])
	}
	o := &Over{model: m, size: size, block: [3]int{depth, rows / depth, width}}
	var along [3][]int
	for k, n := range size {
		if n < o.block[k] {
			return nil, fmt.Errorf("a volume of %v voxels is smaller than the %v of the model", size, o.block)
		}
		along[k] = starts(n, o.block[k])
	}
	for _, z := range along[0] {
		for _, y := range along[1] {
			for _, x := range along[2] {
				o.from = append(o.from, [3]int{z, y, x})
			}
		}
	}
	o.known = known{volume: volume, scores: make([]*score.Scores, len(o.from))}
	return o, nil
}

// starts are where blocks of a length begin on an axis of n voxels.
func starts(n, block int) (out []int) {
	step := max(1, int(math.Round(float64(block)*(1-Overlap))))
	for at := 0; at+block < n; at += step {
		out = append(out, at)
	}
	return append(out, n-block)
}

// Blocks is how many there are; none without a volume.
func (o *Over) Blocks() int {
	if o == nil {
		return 0
	}
	return len(o.from)
}

// Remark says in words what is done.
func (o *Over) Remark() string {
	return fmt.Sprintf("the model is moved over the volume in %d blocks that overlap by a quarter; scores are means over them", len(o.from))
}

// Shape is that of the whole volume, its slices under each other.
func (o *Over) Shape() (channels, height, width int) {
	channels, _, _ = o.model.Shape()
	return channels, o.size[0] * o.size[1], o.size[2]
}

// Depth is the number of its slices.
func (o *Over) Depth() int { return o.size[0] }

// Batch is one volume, of which there are blocks enough.
func (o *Over) Batch() int { return 1 }

// Classes and the rest are those of the model.
func (o *Over) Classes() int           { return o.model.Classes() }
func (o *Over) ClassName(c int) string { return o.model.ClassName(c) }
func (o *Over) HasLogits() bool        { return o.model.HasLogits() }
func (o *Over) Prepare(m *picture.Image) (infer.Tensor, error) {
	return o.model.Prepare(m)
}
func (o *Over) Encoder(m *picture.Image) func(raw []float32) []float32 { return o.model.Encoder(m) }

// Predict implements [visualizers.Subject]: means over the blocks of each volume. Blocks
// of the volume itself run once, so that of one that is covered in part only those run
// that the part reaches.
func (o *Over) Predict(ctx context.Context, batch []infer.Tensor) ([]score.Scores, error) {
	out := make([]score.Scores, len(batch))
	for i, x := range batch {
		scores, err := o.scores(ctx, x)
		if err != nil {
			return nil, err
		}
		sum := mean{}
		for _, s := range scores {
			sum.add(s, 1/float64(len(o.from)))
		}
		out[i] = sum.scores()
	}
	return out, nil
}

// scores are those of the blocks of a volume.
func (o *Over) scores(ctx context.Context, x infer.Tensor) ([]score.Scores, error) {
	out := make([]score.Scores, len(o.from))
	own := make([]bool, len(o.from))
	var all []int
	for b := range o.from {
		own[b] = o.same(x, b)
		if s := o.known.of(b); own[b] && s != nil {
			out[b] = *s
			continue
		}
		all = append(all, b)
	}
	done := len(o.from) - len(all)
	err := o.each(ctx, x, all, func(blocks []infer.Tensor, which []int) error {
		scores, err := o.model.Predict(ctx, blocks)
		if err == nil && len(scores) != len(blocks) {
			err = fmt.Errorf("the model returned answers for %d of %d blocks", len(scores), len(blocks))
		}
		if err != nil {
			return err
		}
		for k, b := range which {
			if out[b] = scores[k]; own[b] {
				o.known.put(b, scores[k])
			}
		}
		done += len(which)
		told(ctx, done, len(o.from))
		return nil
	})
	return out, err
}

// each cuts blocks out of a volume, and hands them over in batches that suit the model,
// with their numbers.
func (o *Over) each(ctx context.Context, x infer.Tensor, all []int, do func(blocks []infer.Tensor, which []int) error) error {
	n := max(1, o.model.Batch())
	for which := range slices.Chunk(all, n) {
		if err := ctx.Err(); err != nil {
			return err
		}
		var blocks []infer.Tensor
		for _, b := range which {
			blocks = append(blocks, o.cut(x, o.from[b]))
		}
		if err := do(blocks, which); err != nil {
			return err
		}
	}
	return nil
}

// rows visits the rows of a block: where each lies in the volume and in the block.
func (o *Over) rows(channels int, from [3]int, visit func(volume, block int)) {
	at := 0
	for c := range channels {
		for z := range o.block[0] {
			for y := range o.block[1] {
				visit(((c*o.size[0]+from[0]+z)*o.size[1]+from[1]+y)*o.size[2]+from[2], at)
				at += o.block[2]
			}
		}
	}
}

func (o *Over) cut(x infer.Tensor, from [3]int) infer.Tensor {
	out := infer.NewTensor(x.Shape[0], o.block[0]*o.block[1], o.block[2])
	o.rows(x.Shape[0], from, func(volume, block int) { copy(out.Data[block:block+o.block[2]], x.Data[volume:]) })
	return out
}

// mean sums scores up.
type mean struct{ probabilities, logits []float64 }

func (m *mean) add(s score.Scores, weight float64) {
	grow := func(to []float64, values []float32) []float64 {
		if to == nil {
			to = make([]float64, len(values))
		}
		for i, v := range values {
			to[i] += weight * float64(v)
		}
		return to
	}
	m.probabilities = grow(m.probabilities, s.Probabilities)
	if s.Logits != nil {
		m.logits = grow(m.logits, s.Logits)
	}
}

func (m *mean) scores() score.Scores {
	narrow := func(values []float64) []float32 {
		if values == nil {
			return nil
		}
		out := make([]float32, len(values))
		for i, v := range values {
			out[i] = float32(v)
		}
		return out
	}
	return score.Scores{Probabilities: narrow(m.probabilities), Logits: narrow(m.logits)}
}

// CheckGradient is that of the model.
func (o *Over) CheckGradient() error {
	_, err := visualizers.AsDifferentiable(o.model)
	return err
}

// Gradient implements [visualizers.Differentiable]: the mean of the blocks'
// gradients, each where its block lies.
func (o *Over) Gradient(ctx context.Context, batch []infer.Tensor, targets []score.Target) ([][]infer.Tensor, error) {
	d, err := visualizers.AsDifferentiable(o.model)
	if err != nil {
		return nil, err
	}
	out := make([][]infer.Tensor, len(batch))
	for i, x := range batch {
		for range targets {
			out[i] = append(out[i], infer.NewTensor(x.Shape...))
		}
		done := 0
		err := o.each(ctx, x, o.all(), func(blocks []infer.Tensor, which []int) error {
			gradients, err := d.Gradient(ctx, blocks, targets)
			for b, list := range gradients {
				for k, g := range list {
					o.rows(x.Shape[0], o.from[which[b]], func(volume, block int) {
						for j := range o.block[2] {
							out[i][k].Data[volume+j] += g.Data[block+j] / float32(len(o.from))
						}
					})
				}
			}
			done += len(which)
			infer.Tell(ctx, fmt.Sprintf("block %d of %d", done, len(o.from)), float64(done)/float64(len(o.from)))
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// EstimateCopies implements [visualizers.Estimator] as if every copy took all blocks,
// which is the most that it can take.
func (o *Over) EstimateCopies(window perturb.Size, copies int, engine perturb.Engine) perturb.Estimate {
	if e, ok := o.model.(visualizers.Estimator); ok {
		return e.EstimateCopies(window, copies*len(o.from), engine)
	}
	return perturb.Estimate{}
}

// LearnCopies has nothing to learn: blocks go through the whole model.
func (o *Over) LearnCopies(context.Context, perturb.Size) error { return nil }

// EstimateGradients is for the gradients of all blocks of some volumes.
func (o *Over) EstimateGradients(n int) time.Duration {
	if e, ok := o.model.(visualizers.Estimator); ok {
		return e.EstimateGradients(n * len(o.from))
	}
	return 0
}
