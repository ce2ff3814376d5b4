package sampling

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"

	"picasso/visualizers"
	"picasso/visualizers/spelling"
)

func init() { visualizers.Register(kernelSHAP{}) }

// kernelSHAP estimates Shapley values of superpixels by weighted least squares
// over coalitions (Lundberg and Lee 2017, theorem 2). Coalitions are drawn in
// pairs with their complements, so that interactions of two superpixels leave
// no error at all, and standard errors come from the residuals (Covert and Lee
// 2021). Where there are no more coalitions than samples all of them are run,
// and the values are exact.
type kernelSHAP struct{}

var shapFill = segmentFill("mean")

func (kernelSHAP) Info() visualizers.Info {
	return visualizers.Info{
		ID: "kernel-shap", Title: "KernelSHAP", Group: visualizers.Sampling, Order: 72, Volumes: true,
		About: "Divides the difference between the picture and a covered one fairly among superpixels: each gets what it adds on average, whichever others are shown (Shapley values). They add up to the difference.",
		Link:  "https://arxiv.org/abs/1705.07874",
	}
}

func (kernelSHAP) Settings() []visualizers.Setting {
	return []visualizers.Setting{segmentCount, coalitionSamples, shapFill, segmentCompactness, coalitionSeed}
}

// Preview counts the coalitions, for as many superpixels as are asked for.
func (kernelSHAP) Preview(s visualizers.Subject, v visualizers.Values) visualizers.Preview {
	segments := segmentCount.In(v)
	trials, _ := shapTrials(segments, coalitionSamples.In(v))
	return preview(s, 1+trials, segments)
}

// shapTrials is how many coalitions are run for so many superpixels, and whether
// these are all but the empty and the full one.
func shapTrials(segments, samples int) (trials int, all bool) {
	samples = enough(samples, segments)
	if segments < 30 && 1<<segments-2 <= samples {
		return 1<<segments - 2, true
	}
	return samples + samples%2, false
}

func (k kernelSHAP) Explain(ctx context.Context, in visualizers.Input, emit func(visualizers.Result)) (visualizers.Result, error) {
	r, err := k.explain(ctx, in, emit)
	if err != nil {
		return visualizers.Result{}, fmt.Errorf("kernel-shap: %w", err)
	}
	return r, nil
}

func (kernelSHAP) explain(ctx context.Context, in visualizers.Input, emit func(visualizers.Result)) (visualizers.Result, error) {
	if err := in.Check(); err != nil {
		return visualizers.Result{}, err
	}
	g, err := newGame(ctx, in, shapFill.In(in.Values))
	if err != nil {
		return visualizers.Result{}, err
	}
	full, err := g.base()
	if err != nil {
		return visualizers.Result{}, err
	}
	hidden, err := g.play(ctx, []coalition{make(coalition, g.regions.Count)})
	if err != nil {
		return visualizers.Result{}, fmt.Errorf("the picture with everything hidden: %w", err)
	}
	s := &shapley{game: g, empty: hidden[0], full: full}
	total, all := shapTrials(g.regions.Count, coalitionSamples.In(in.Values))
	p := plan{game: g, total: total, spent: 1, stage: "coalitions of superpixels", fit: s.fit, result: s.result}
	if s.all = all; all {
		p.draw = enumerated(g.regions.Count)
	} else {
		p.draw = drawn(g.regions.Count, uint64(coalitionSeed.In(in.Values)))
	}
	s.total = total
	return p.run(ctx, emit)
}

// enumerated gives all coalitions but the empty and the full one with the
// Shapley kernel (M−1) / (C(M,k)·k·(M−k)) as weight: small and large ones first,
// each before its complement.
func enumerated(size int) func(i int) trial {
	var order []uint32
	full := uint32(1)<<size - 1
	for set := uint32(1); set < full; set++ {
		if k := bits.OnesCount32(set); 2*k < size || 2*k == size && set&1 == 1 {
			order = append(order, set)
		}
	}
	slices.SortStableFunc(order, func(a, b uint32) int { return cmp.Compare(bits.OnesCount32(a), bits.OnesCount32(b)) })
	return func(i int) trial {
		set := order[i/2]
		if i%2 == 1 {
			set = full &^ set
		}
		t := trial{shown: make(coalition, size)}
		for s := range t.shown {
			t.shown[s] = set>>s&1 == 1
		}
		k := bits.OnesCount32(set)
		t.weight = float64(size-1) / (binomial(size, k) * float64(k*(size-k)))
		return t
	}
}

func binomial(n, k int) float64 {
	out := 1.0
	for i := range k {
		out = out * float64(n-i) / float64(i+1)
	}
	return out
}

// drawn gives coalitions by chance: a size with the probability that the
// Shapley kernel gives to all of it, ∝ 1 / (k·(M−k)), any coalition of that
// size, and then its complement. So drawn, all weigh the same.
func drawn(size int, seed uint64) func(i int) trial {
	upTo := make([]float64, size) // upTo[k] is the weight of sizes 1…k
	for k := 1; k < size; k++ {
		upTo[k] = upTo[k-1] + 1/float64(k*(size-k))
	}
	return func(i int) trial {
		random := rand.New(rand.NewPCG(seed, uint64(i/2)))
		at := random.Float64() * upTo[size-1]
		k := 1
		for k < size-1 && upTo[k] <= at {
			k++
		}
		t := trial{shown: make(coalition, size), weight: 1}
		for _, s := range random.Perm(size)[:k] {
			t.shown[s] = true
		}
		if i%2 == 1 {
			for s := range t.shown {
				t.shown[s] = !t.shown[s]
			}
		}
		return t
	}
}

// shapley reads Shapley values from trials.
type shapley struct {
	game        *game
	empty, full []float64 // scores of everything hidden and of everything shown, for each target
	all         bool      // coalitions are enumerated
	total       int
}

// fit solves min Σ w (f(z) − f(∅) − φ·z)² under Σ φ = f(x) − f(∅).
func (s *shapley) fit(ctx context.Context, trials []trial) ([]estimate, error) {
	size := s.game.regions.Count
	if size == 1 {
		return s.only(), nil
	}
	trials = trials[:len(trials)/2*2]
	n, err := normalOf(ctx, trials, size)
	if err != nil {
		return nil, err
	}
	f, regular, err := n.factored(ctx)
	if err != nil || !regular {
		return nil, err
	}
	ones := slices.Repeat([]float64{1}, size)
	c := constraint{f.solve(ones), 0}
	c.sum = coalitionOf(size).worth(c.ones)
	found := make([]estimate, len(s.full))
	for k := range found {
		b := make([]float64, size)
		for _, t := range trials {
			gain := t.weight * (t.values[k] - s.empty[k])
			for m, in := range t.shown {
				if in {
					b[m] += gain
				}
			}
		}
		found[k].values = c.project(f.solve(b), s.full[k]-s.empty[k])
		found[k].sentence = s.sentence(k)
	}
	return found, s.errors(ctx, found, trials, f, c)
}

// only is the value of the one superpixel there is.
func (s *shapley) only() []estimate {
	found := make([]estimate, len(s.full))
	for k := range found {
		found[k] = estimate{values: []float64{s.full[k] - s.empty[k]}, errors: []float64{0}, sentence: s.sentence(k)}
	}
	return found
}

func (s *shapley) sentence(k int) string {
	return fmt.Sprintf("All values add up to %s, the difference to the score with everything hidden, %s.",
		spelling.Number(s.full[k]-s.empty[k]), spelling.Number(s.empty[k]))
}

// coalitionOf shows everything.
func coalitionOf(size int) coalition { return slices.Repeat(coalition{true}, size) }

// constraint keeps the sum of a solution: ones is A⁻¹·1, sum its own sum.
type constraint struct {
	ones []float64
	sum  float64
}

// project shifts x = A⁻¹b to the solution whose sum is total.
func (c constraint) project(x []float64, total float64) []float64 {
	have := 0.0
	for _, v := range x {
		have += v
	}
	for i, v := range c.ones {
		x[i] -= v * (have - total) / c.sum
	}
	return x
}

// errors adds standard errors: of all coalitions nothing is left to chance; of
// some enumerated ones the error is not known; of drawn ones it comes from how
// each pair would move the solution (the sandwich of White 1980, by pairs).
func (s *shapley) errors(ctx context.Context, found []estimate, trials []trial, f factor, c constraint) error {
	pairs, size := len(trials)/2, f.size
	switch {
	case s.all && len(trials) < s.total:
		return nil
	case !s.all && pairs < size:
		return nil
	}
	for k := range found {
		found[k].errors = make([]float64, size)
	}
	if s.all {
		return nil
	}
	z := make([]float64, size)
	for p := range pairs {
		if p%checked == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		one, other := trials[2*p], trials[2*p+1]
		for m, in := range one.shown {
			z[m] = 0
			if in {
				z[m] = 1
			}
		}
		y := f.solve(z) // A⁻¹ of the complement is ones − y
		for k := range found {
			r := one.values[k] - s.empty[k] - one.shown.worth(found[k].values)
			q := other.values[k] - s.empty[k] - other.shown.worth(found[k].values)
			moved := make([]float64, size)
			for m := range moved {
				moved[m] = r*y[m] + q*(c.ones[m]-y[m])
			}
			for m, v := range c.project(moved, 0) {
				found[k].errors[m] += v * v
			}
		}
	}
	// A pair is one equation for the values, of which the sum is known.
	free := float64(pairs) / float64(pairs-size+1)
	for k := range found {
		for m, v := range found[k].errors {
			found[k].errors[m] = math.Sqrt(free * v)
		}
	}
	return nil
}

var shapWords = words{
	unit: "Shapley value for", column: "Shapley value", positive: "showing this superpixel raises",
	raises: "adds most to it", lowers: "takes most away",
}

// result makes the maps.
func (s *shapley) result(found []estimate, trials int) visualizers.Result {
	g := s.game
	for k := range found {
		found[k].metrics = map[string]float64{"completeness_gap": coalitionOf(g.regions.Count).worth(found[k].values) - (s.full[k] - s.empty[k])}
	}
	r := visualizers.Result{
		Maps: g.maps(found, shapWords), Parts: []visualizers.Part{g.table(found, shapWords)},
		Warnings: g.cautions(s.total),
		Note:     fmt.Sprintf("%d coalitions of %d superpixels.", trials, g.regions.Count),
	}
	if s.all {
		r.Note = fmt.Sprintf("%d of the %d coalitions of %d superpixels; with all of them the values are exact.", trials, s.total, g.regions.Count)
		if trials == s.total {
			r.Note = fmt.Sprintf("All coalitions of %d superpixels: the values are exact.", g.regions.Count)
		}
	}
	return r
}
