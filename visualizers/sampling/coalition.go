package sampling

import (
	"context"
	"fmt"

	"picasso/backend/infer"
	"picasso/visualizers"
	"picasso/visualizers/superpixel"
)

// Settings of the methods that hide superpixels.
var (
	segmentCount = visualizers.Int{
		Field: visualizers.Field{ID: "segments", Title: "Superpixels",
			Doc: "About how many superpixels the model's input is divided into (SLIC on the values that the model gets). More find smaller things but need more samples."},
		Min: 2, Max: 200, Step: 1, Default: 50,
	}
	segmentCompactness = visualizers.Float{
		Field: visualizers.Field{ID: "compactness", Title: "Compactness",
			Doc: "How much nearness counts against likeness: small values follow every edge, large ones make squares."},
		Min: 1, Max: 40, Step: 1, Default: 10,
	}
	coalitionSamples = visualizers.Int{
		Field: visualizers.Field{ID: "samples", Title: "Samples",
			Doc: "How many copies with hidden superpixels are run, at least four for each superpixel. The error falls with the square root of the number."},
		Min: 10, Max: 20000, Step: 1, Default: 1000,
	}
	coalitionSeed = visualizers.Int{
		Field: visualizers.Field{ID: "seed", Title: "Seed", Doc: "Selects what is hidden, and the noise of the fill “noise”; the same seed gives the same map."},
		Min:   0, Max: 9999, Step: 1,
	}
)

// segmentFill is the fill of hidden superpixels, those of occlusion that have no
// shape of their own, and the mean colour of each superpixel.
func segmentFill(initial string) visualizers.Choice {
	return visualizers.Choice{
		Field: visualizers.Field{ID: "fill", Title: "Fill",
			Doc: "What hidden superpixels are filled with: the mean colour of the picture, grey, black or white (water, air or bone in a CT), zero in the model's own units, the blurred picture, noise with the statistics of the picture, the mean colour of the superpixel itself, or a number in the picture's units (0…255, or HU)."},
		Options: []string{"mean", "grey", "black", "white", "zero", "blur", "noise", segmentMean},
		Number:  true, Default: initial,
	}
}

// segmentMean fills each superpixel with its own mean colour.
const segmentMean = "segment"

// perSegment is how many samples a superpixel takes at least: with two,
// the values would just be determined and their error would not.
const perSegment = 4

// coalition says for each superpixel whether it is shown.
type coalition []bool

// game is a picture whose superpixels are shown or hidden: what a coalition of
// shown ones is worth is the model's score.
type game struct {
	in      visualizers.Input
	regions superpixel.Regions
	fill    []float32 // in the shape of the tensor
}

func newGame(ctx context.Context, in visualizers.Input, fill string) (*game, error) {
	regions, err := superpixel.Divide(ctx, in.Tensor, superpixel.Options{
		Count: segmentCount.In(in.Values), Compactness: segmentCompactness.In(in.Values),
		Depth: visualizers.DepthOf(in.Subject),
	})
	if err != nil {
		return nil, err
	}
	g := &game{in: in, regions: regions}
	if fill == segmentMean {
		g.fill = regionMeans(in.Tensor, regions)
	} else {
		g.fill = visualizers.Background(in, fill, visualizers.BaselineBlur(in.Tensor, g.regions.Depth), uint64(coalitionSeed.In(in.Values)))
	}
	return g, nil
}

// regionMeans replaces every value by its channel's mean over the superpixel.
func regionMeans(t infer.Tensor, r superpixel.Regions) []float32 {
	out := make([]float32, 0, len(t.Data))
	sizes := r.Sizes()
	for c := range t.Shape[0] {
		sums := make([]float64, r.Count)
		for p, v := range t.Slice(c).Data {
			sums[r.Of[p]] += float64(v)
		}
		for _, k := range r.Of {
			out = append(out, float32(sums[k]/float64(sizes[k])))
		}
	}
	return out
}

// shown is the input with the superpixels outside the coalition hidden.
func (g *game) shown(c coalition) infer.Tensor {
	out := g.in.Tensor.Clone()
	for i := range out.Data {
		if !c[g.regions.Of[i%len(g.regions.Of)]] {
			out.Data[i] = g.fill[i]
		}
	}
	return out
}

// play scores coalitions for every target: values[i][k] belongs to coalition i
// and target k.
func (g *game) play(ctx context.Context, coalitions []coalition) (values [][]float64, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	batch := make([]infer.Tensor, len(coalitions))
	for i, c := range coalitions {
		batch[i] = g.shown(c)
	}
	answers, err := g.in.Subject.Predict(ctx, batch)
	if err != nil {
		return nil, err
	}
	for _, a := range answers {
		row := make([]float64, len(g.in.Targets))
		for k, target := range g.in.Targets {
			if row[k], err = target.Value(a); err != nil {
				return nil, err
			}
		}
		values = append(values, row)
	}
	return values, nil
}

// base is the score of the whole picture for every target.
func (g *game) base() ([]float64, error) {
	out := make([]float64, len(g.in.Targets))
	for k, target := range g.in.Targets {
		var err error
		if out[k], err = target.Value(g.in.Base); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// trial is one coalition that was scored.
type trial struct {
	shown  coalition
	weight float64
	values []float64 // for each target
}

// estimate is what trials say about one target.
type estimate struct {
	values   []float64 // for each superpixel
	errors   []float64 // their standard errors; nil where they are not known
	metrics  map[string]float64
	sentence string // about the whole of it
}

// plan is what a method runs and how it reads the answers.
type plan struct {
	game  *game
	total int // trials
	spent int // images run before them
	stage string
	// draw is the i-th trial, without its values.
	draw func(i int) trial
	// fit estimates every target from the first trials, nil where they are too few.
	fit func(ctx context.Context, trials []trial) ([]estimate, error)
	// result makes maps of estimates after a number of trials.
	result func(found []estimate, trials int) visualizers.Result
}

// growth is by which factor trials grow from one partial result to the next:
// each costs as much as all that came before it.
const growth = 1.25

// run draws and scores all trials, and gives out what is known on the way.
func (p plan) run(ctx context.Context, emit func(visualizers.Result)) (visualizers.Result, error) {
	in, trials := p.game.in, make([]trial, 0, p.total)
	batch := max(1, in.Subject.Batch())
	next := 2*p.game.regions.Count + 2
	for len(trials) < p.total {
		drawn := make([]trial, min(batch, p.total-len(trials)))
		shown := make([]coalition, len(drawn))
		for i := range drawn {
			drawn[i] = p.draw(len(trials) + i)
			shown[i] = drawn[i].shown
		}
		values, err := p.game.play(ctx, shown)
		if err != nil {
			return visualizers.Result{}, fmt.Errorf("sample %d: %w", len(trials)+1, err)
		}
		for i := range drawn {
			drawn[i].values = values[i]
		}
		trials = append(trials, drawn...)
		if len(trials) < next || len(trials) == p.total || emit == nil {
			continue
		}
		next = max(len(trials)+batch, int(growth*float64(len(trials))))
		if err := p.partial(ctx, trials, emit); err != nil {
			return visualizers.Result{}, err
		}
	}
	found, err := p.fit(ctx, trials)
	if err != nil {
		return visualizers.Result{}, err
	}
	if found == nil {
		return visualizers.Result{}, fmt.Errorf("%d samples cannot tell the %d superpixels apart; run more samples, or choose fewer superpixels", len(trials), p.game.regions.Count)
	}
	r := p.result(found, len(trials))
	r.Done, r.Passes = 1, p.spent+len(trials)
	return r, nil
}

// partial gives out what some trials tell, and waits while a setting moves.
func (p plan) partial(ctx context.Context, trials []trial, emit func(visualizers.Result)) error {
	found, err := p.fit(ctx, trials)
	if err != nil || found == nil {
		return err
	}
	r := p.result(found, len(trials))
	r.Done, r.Passes, r.Stage = float64(len(trials))/float64(p.total), p.spent+len(trials), p.stage
	emit(r)
	return p.game.in.Rest(ctx, r.Done)
}

// enough is how many samples are run where so many were asked for.
func enough(samples, segments int) int { return max(samples, perSegment*segments) }

// cautions says in words what is doubtful about the superpixels.
func (g *game) cautions(run int) []string {
	var out []string
	if asked := coalitionSamples.In(g.in.Values); run > asked {
		out = append(out, fmt.Sprintf("%d samples are too few for %d superpixels; %d were run.", asked, g.regions.Count, run))
	}
	if g.regions.Count == 1 {
		out = append(out, "The whole input is one superpixel, so every place gets the same value; ask for more of them.")
	}
	return out
}

// preview is the cost of about so many images, and of what is kept of them.
func preview(s visualizers.Subject, passes, segments int) visualizers.Preview {
	p := visualizers.PassPreview(s, passes)
	_, height, width := s.Shape()
	p.Bytes += int64(passes)*int64(segments) + int64(width*height)*16
	return p
}
