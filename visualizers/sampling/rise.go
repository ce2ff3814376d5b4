package sampling

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"picasso/backend/infer"
	"picasso/backend/picture/voxels"
	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/spelling"
)

func init() { visualizers.Register(rise{}) }

// rise shows the image through many random masks and averages the masks by
// their scores (Petsiuk, Das and Saenko 2018). It needs nothing of the model
// but its answers, and gets better for as long as one waits.
type rise struct{}

var (
	riseMasks = visualizers.Int{
		Field: visualizers.Field{ID: "masks", Title: "Masks", Doc: "Number of random masks. The error falls with the square root of the number."},
		Min:   1, Max: 20000, Step: 1, Default: 1000,
	}
	riseCells = visualizers.Int{
		Field: visualizers.Field{ID: "cells", Title: "Cells", Doc: "Cells of the random grid along each side. More cells find smaller things but need more masks."},
		Min:   2, Max: 64, Step: 1, Default: 8,
	}
	riseShare = visualizers.Float{
		Field: visualizers.Field{ID: "p", Title: "Visible share", Doc: "Probability that a cell is visible."},
		Min:   0.05, Max: 0.95, Step: 0.05, Default: 0.5,
	}
	riseSeed = visualizers.Int{
		Field: visualizers.Field{ID: "seed", Title: "Seed", Doc: "Selects the masks; the same seed gives the same map."},
		Min:   0, Max: 9999, Step: 1,
	}
)

func (rise) Info() visualizers.Info {
	return visualizers.Info{
		ID: "rise", Title: "RISE", Group: visualizers.Sampling, Order: 70, Volumes: true,
		About: "The mean score of many randomly masked copies in which this place was visible. Works with any model; the standard error shows when it is accurate enough.",
		Link:  "https://arxiv.org/abs/1806.07421",
	}
}

func (rise) Settings() []visualizers.Setting {
	return []visualizers.Setting{riseMasks, riseCells, riseShare, riseSeed}
}

// Preview counts the masks.
func (rise) Preview(s visualizers.Subject, v visualizers.Values) visualizers.Preview {
	return visualizers.PassPreview(s, riseMasks.In(v))
}

func (rise) Explain(ctx context.Context, in visualizers.Input, emit func(visualizers.Result)) (visualizers.Result, error) {
	if err := in.Check(); err != nil {
		return visualizers.Result{}, fmt.Errorf("rise: %w", err)
	}
	total := riseMasks.In(in.Values)
	tally := newTally(in)
	batch := max(1, in.Subject.Batch())
	var r visualizers.Result
	for start := 0; start < total; start += batch {
		end := min(total, start+batch)
		if err := tally.add(ctx, in, start, end); err != nil {
			return visualizers.Result{}, fmt.Errorf("rise: %w", err)
		}
		r = tally.result(in, total)
		if emit != nil && end < total {
			r.Stage = "random masks"
			emit(r)
		}
		if err := in.Rest(ctx, r.Done); err != nil {
			return visualizers.Result{}, fmt.Errorf("rise: %w", err)
		}
	}
	return r, nil
}

// tally sums masks, and per target masks times scores and times their squares.
type tally struct {
	count  int
	mask   []float64
	score  [][]float64
	square [][]float64
}

func newTally(in visualizers.Input) *tally {
	_, height, width := in.Subject.Shape()
	t := &tally{mask: make([]float64, height*width)}
	for range in.Targets {
		t.score = append(t.score, make([]float64, height*width))
		t.square = append(t.square, make([]float64, height*width))
	}
	return t
}

// add runs masks start…end−1.
func (t *tally) add(ctx context.Context, in visualizers.Input, start, end int) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	_, height, width := in.Subject.Shape()
	var masks [][]float32
	var inputs []infer.Tensor
	for i := start; i < end; i++ {
		m := maskOf(in, height, width, i)
		masks, inputs = append(masks, m), append(inputs, visualizers.Masked(in.Tensor, m))
	}
	answers, err := in.Subject.Predict(ctx, inputs)
	if err != nil {
		return fmt.Errorf("mask %d: %w", start+1, err)
	}
	for i, a := range answers {
		if err := t.record(in.Targets, a, masks[i]); err != nil {
			return err
		}
	}
	t.count += len(answers)
	return nil
}

// record adds one masked answer.
func (t *tally) record(targets []score.Target, answer score.Scores, mask []float32) error {
	for p, m := range mask {
		t.mask[p] += float64(m)
	}
	for k, target := range targets {
		f, err := target.Value(answer)
		if err != nil {
			return err
		}
		for p, m := range mask {
			t.score[k][p] += f * float64(m)
			t.square[k][p] += f * f * float64(m)
		}
	}
	return nil
}

// result draws Σ f·M / Σ M, the mean score with the pixel visible, and its
// standard error.
func (t *tally) result(in visualizers.Input, total int) visualizers.Result {
	r := visualizers.Result{Done: float64(t.count) / float64(total), Passes: t.count}
	_, height, width := in.Subject.Shape()
	for k, target := range in.Targets {
		symbol := target.Symbol(in.Subject)
		m := visualizers.Map{
			Target: target, Channels: 1, Depth: visualizers.DepthOf(in.Subject), Height: height, Width: width,
			Values: make([]float32, height*width),
			// Probabilities have no meaningful zero here, differences and logits do.
			Signed: target.Against != score.NoClass || target.Score == score.Logit,
			Unit:   "mean " + symbol + " while visible", Positive: "seeing this spot raises " + symbol,
		}
		var errors float64
		for p := range m.Values {
			mean := t.score[k][p] / t.mask[p]
			variance := max(0, t.square[k][p]/t.mask[p]-mean*mean)
			m.Values[p] = float32(mean) // NaN where no mask showed the pixel
			errors += math.Sqrt(variance / max(1, t.mask[p]))
		}
		standard := errors / float64(len(m.Values))
		m.Metrics = map[string]float64{"standard_error": standard}
		m.Finding = strings.TrimSpace(visualizers.Stated(target, in.Base, in.Subject) + " " + finding(m, standard))
		r.Maps = append(r.Maps, m)
	}
	r.Note = fmt.Sprintf("%d masks.", t.count)
	return r
}

// finding says where seeing raises the score most, and how well that is known.
func finding(m visualizers.Map, standard float64) string {
	best := visualizers.Highest(m.Values)
	if best < 0 {
		return ""
	}
	return fmt.Sprintf("Seeing what is around %s raises it most: its mean is %s then, known to ±%s (one standard error).",
		m.Spot(best), spelling.Number(float64(m.Values[best])), spelling.Number(standard))
}

// maskOf is the i-th mask for an input, in two or three dimensions.
func maskOf(in visualizers.Input, height, width, i int) []float32 {
	cells, share, seed := riseCells.In(in.Values), riseShare.In(in.Values), uint64(riseSeed.In(in.Values))
	if depth := visualizers.DepthOf(in.Subject); depth > 0 {
		return voxels.Random([3]int{depth, height / depth, width}, cells, share, rand.New(rand.NewPCG(seed, uint64(i))))
	}
	return randomMask(height, width, cells, share, seed, i)
}

// randomMask is the i-th mask of a seed: a random grid of cells, one larger
// than asked on each side, enlarged smoothly and shifted by a random part of a
// cell, with values 0…1 (the paper's section 3.2).
func randomMask(height, width, cells int, share float64, seed uint64, i int) []float32 {
	random := rand.New(rand.NewPCG(seed, uint64(i)))
	grid := make([]float32, (cells+1)*(cells+1))
	for k := range grid {
		if random.Float64() < share {
			grid[k] = 1
		}
	}
	cellH, cellW := (height+cells-1)/cells, (width+cells-1)/cells
	large := visualizers.Enlarge(grid, cells+1, cells+1, (cells+1)*cellH, (cells+1)*cellW)
	top, left := random.IntN(cellH), random.IntN(cellW)
	out := make([]float32, 0, height*width)
	for y := range height {
		row := (top+y)*(cells+1)*cellW + left
		out = append(out, large[row:row+width]...)
	}
	return out
}
