package sampling

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"picasso/visualizers"
)

func init() { visualizers.Register(lime{}) }

// lime fits a linear model to the scores of copies in which superpixels are
// hidden by chance, the nearer to the picture the more they count (Ribeiro,
// Singh and Guestrin 2016). Distances, kernel and ridge are those of the
// authors' program for pictures.
type lime struct{}

var (
	limeFill  = segmentFill(segmentMean)
	limeWidth = visualizers.Float{
		Field: visualizers.Field{ID: "width", Title: "Kernel width",
			Doc: "How fast copies count less with their cosine distance from the picture; small widths look at copies with little hidden only."},
		Min: 0.05, Max: 10, Step: 0.05, Default: 0.25,
	}
	limeRidge = visualizers.Float{
		Field: visualizers.Field{ID: "ridge", Title: "Ridge",
			Doc: "How much large weights are held back; 0 gives plain least squares."},
		Min: 0, Max: 100, Step: 0.1, Default: 1,
	}
)

func (lime) Info() visualizers.Info {
	return visualizers.Info{
		ID: "lime", Title: "LIME", Group: visualizers.Sampling, Order: 74, Volumes: true,
		About: "Imitates the model near this picture by a weighted sum over superpixels and shows the weights. R² says how well the sum imitates the model; where it is low, the weights mean little.",
		Link:  "https://arxiv.org/abs/1602.04938",
	}
}

func (lime) Settings() []visualizers.Setting {
	return []visualizers.Setting{segmentCount, coalitionSamples, limeFill, limeWidth, limeRidge, segmentCompactness, coalitionSeed}
}

// Preview counts the samples, for as many superpixels as are asked for.
func (lime) Preview(s visualizers.Subject, v visualizers.Values) visualizers.Preview {
	segments := segmentCount.In(v)
	return preview(s, enough(coalitionSamples.In(v), segments), segments)
}

func (l lime) Explain(ctx context.Context, in visualizers.Input, emit func(visualizers.Result)) (visualizers.Result, error) {
	r, err := l.explain(ctx, in, emit)
	if err != nil {
		return visualizers.Result{}, fmt.Errorf("lime: %w", err)
	}
	return r, nil
}

func (lime) explain(ctx context.Context, in visualizers.Input, emit func(visualizers.Result)) (visualizers.Result, error) {
	if err := in.Check(); err != nil {
		return visualizers.Result{}, err
	}
	g, err := newGame(ctx, in, limeFill.In(in.Values))
	if err != nil {
		return visualizers.Result{}, err
	}
	full, err := g.base()
	if err != nil {
		return visualizers.Result{}, err
	}
	s := &surrogate{game: g, whole: trial{coalitionOf(g.regions.Count), 1, full}, ridge: limeRidge.In(in.Values)}
	s.total = enough(coalitionSamples.In(in.Values), g.regions.Count)
	p := plan{
		game: g, total: s.total, stage: "random superpixels", fit: s.fit, result: s.result,
		draw: tossed(g.regions.Count, limeWidth.In(in.Values), uint64(coalitionSeed.In(in.Values))),
	}
	return p.run(ctx, emit)
}

// tossed gives coalitions in which each superpixel is shown with probability ½.
// Their weight is √exp(−d²/width²), where d = 1 − √(k/M) is the cosine distance
// of k shown of M superpixels from all of them.
func tossed(size int, width float64, seed uint64) func(i int) trial {
	return func(i int) trial {
		random := rand.New(rand.NewPCG(seed, uint64(i)))
		t := trial{shown: make(coalition, size)}
		for s := range t.shown {
			t.shown[s] = random.Uint64()&1 == 1
		}
		d := 1 - math.Sqrt(float64(t.shown.members())/float64(size))
		t.weight = math.Sqrt(math.Exp(-d * d / (width * width)))
		return t
	}
}

// surrogate is the linear model around a picture.
type surrogate struct {
	game  *game
	whole trial // the picture itself, which takes part with weight 1
	ridge float64
	total int
}

// centred are weighted means of trials and what is needed to fit around them.
type centred struct {
	trials []trial
	weight float64   // Σ w
	shown  []float64 // mean of z
	f      factor    // of Σ w (z − z̄)(z − z̄)ᵀ + ridge
}

// fit solves min Σ w (f(z) − β₀ − β·z)² + ridge·|β|².
func (s *surrogate) fit(ctx context.Context, trials []trial) ([]estimate, error) {
	size := s.game.regions.Count
	c := centred{trials: append([]trial{s.whole}, trials...), shown: make([]float64, size)}
	n, err := normalOf(ctx, c.trials, size)
	if err != nil {
		return nil, err
	}
	for _, t := range c.trials {
		c.weight += t.weight
	}
	for m := range c.shown {
		c.shown[m] = n.a[m*size+m] / c.weight // z² = z
	}
	for i, a := range c.shown {
		for j, b := range c.shown {
			n.a[i*size+j] -= c.weight * a * b
		}
		n.a[i*size+i] += s.ridge
	}
	var regular bool
	if c.f, regular, err = n.factored(ctx); err != nil || !regular {
		return nil, err
	}
	found := make([]estimate, len(s.whole.values))
	left := make([][]float64, len(found))
	for k := range found {
		found[k], left[k] = c.weights(k)
	}
	return found, c.errors(ctx, found, left)
}

// weights fits target k; left is what it leaves of each trial's score.
func (c centred) weights(k int) (e estimate, left []float64) {
	mean := 0.0
	for _, t := range c.trials {
		mean += t.weight * t.values[k] / c.weight
	}
	b := make([]float64, len(c.shown))
	for _, t := range c.trials {
		d := t.weight * (t.values[k] - mean)
		for m, in := range t.shown {
			b[m] -= d * c.shown[m]
			if in {
				b[m] += d
			}
		}
	}
	e.values = c.f.solve(b)
	offset := mean
	for m, v := range e.values {
		offset -= v * c.shown[m]
	}
	var missed, varied float64
	for _, t := range c.trials {
		r := t.values[k] - offset - t.shown.worth(e.values)
		left = append(left, r)
		missed += t.weight * r * r
		varied += t.weight * (t.values[k] - mean) * (t.values[k] - mean)
	}
	e.sentence = "The score hardly changes, whatever is hidden."
	if varied > 1e-12*c.weight*max(1, mean*mean) {
		r2 := 1 - missed/varied
		e.metrics = map[string]float64{"r2": r2, "intercept": offset}
		e.sentence = fmt.Sprintf("The weighted sum explains %s of how the score varies near this picture (R²).", visualizers.Percent(r2))
	}
	return e, left
}

// errors adds standard errors: how each trial would move the solution (the
// sandwich of White 1980), as the fit itself takes up a part of the residuals.
func (c centred) errors(ctx context.Context, found []estimate, left [][]float64) error {
	size := len(c.shown)
	if len(c.trials) <= size+1 {
		return nil
	}
	for k := range found {
		found[k].errors = make([]float64, size)
	}
	z := make([]float64, size)
	for i, t := range c.trials {
		if i%checked == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		for m, in := range t.shown {
			z[m] = -c.shown[m]
			if in {
				z[m]++
			}
		}
		y := c.f.solve(z)
		for k := range found {
			for m, v := range y {
				v *= t.weight * left[k][i]
				found[k].errors[m] += v * v
			}
		}
	}
	free := float64(len(c.trials)) / float64(len(c.trials)-size-1)
	for k := range found {
		for m, v := range found[k].errors {
			found[k].errors[m] = math.Sqrt(free * v)
		}
	}
	return nil
}

var limeWords = words{
	unit: "LIME weight for", column: "weight", positive: "showing this superpixel raises",
	raises: "weighs most for it", lowers: "weighs most against it",
}

// result makes the maps.
func (s *surrogate) result(found []estimate, trials int) visualizers.Result {
	g := s.game
	return visualizers.Result{
		Maps: g.maps(found, limeWords), Parts: []visualizers.Part{g.table(found, limeWords)},
		Warnings: g.cautions(s.total),
		Note:     fmt.Sprintf("%d samples of %d superpixels.", trials, g.regions.Count),
	}
}
