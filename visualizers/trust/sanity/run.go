package sanity

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/onnx/shuffle"
	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/trust"
	"picasso/visualizers/trust/similarity"
)

// Others are other pictures, whose maps by the same method and target show how alike
// maps are that ought to differ.
type Others struct {
	Maps   []visualizers.Map   // that are there
	Inputs []visualizers.Input // of which they are made; targets and settings are those of the check
}

// Run checks a method on one input, for the first of in.Targets. emit gets the report whenever a map has been added, with the
// share of the work that is done; it may be nil.
//
// A method that fails with other weights ends its step, not the check. When ctx
// ends Run returns its error; nothing is left of temporary files then.
func Run(ctx context.Context, m Model, v visualizers.Visualizer, in visualizers.Input, o Options, others Others, emit func(Report, float64)) (Report, error) {
	if err := o.Check(); err != nil {
		return Report{}, err
	}
	if err := in.Check(); err != nil {
		return Report{}, err
	}
	in.Targets, in.Settled = in.Targets[:1], nil
	c := &check{model: m, method: v, in: in, options: o, emit: emit}
	c.answer = answer(in)
	c.report = Report{Order: o.Order, Draw: o.Draw, Seed: o.Seed, Score: c.answer.Symbol(in.Subject), Baseline: math.NaN()}
	if err := c.prepare(ctx, others); err != nil {
		return Report{}, err
	}
	if c.report.Verdict != "" {
		return c.report, nil
	}
	defer c.own.Close()
	if err := c.walk(ctx); err != nil {
		return Report{}, err
	}
	c.judge()
	return c.report, nil
}

// check is a run in progress.
type check struct {
	model   Model
	method  visualizers.Visualizer
	in      visualizers.Input
	options Options
	emit    func(Report, float64)

	answer  score.Target // what is looked at to see whether the network changed
	file    *onnx.Model
	units   []shuffle.Unit
	spreads []float64      // of the units' outputs with the network's own weights
	own     *shuffle.Drawn // the draw of the first seed
	grid    similarity.Grid
	report  Report
	done    int
	total   int
}

// prepare finds the units and makes what everything is compared with. Where the
// check can say nothing the verdict is set.
func (c *check) prepare(ctx context.Context, others Others) (err error) {
	if c.report.Before, err = c.answer.Value(c.in.Base); err != nil {
		return err
	}
	if c.file, err = c.model.weighted(ctx); err != nil {
		return err
	}
	c.units = shuffle.Units(c.file)
	for _, u := range c.units {
		c.report.Units = append(c.report.Units, u.Name)
	}
	if len(c.units) == 0 {
		c.untold("The model has no layers whose weights could be shuffled: no convolution or matrix product with weights of its own.")
		return nil
	}
	c.report.Judged = c.options.judged(c.method, len(c.units))
	infer.Tell(ctx, "the map to compare with", 0)
	made, err := c.explainOwn(ctx, others.Inputs)
	if err != nil {
		return err
	}
	c.grid = shrunk(c.report.Map)
	if c.grid.Constant() {
		c.untold("The map is the same everywhere, so nothing can be seen to change.")
		return nil
	}
	c.compareWith(slices.Concat(others.Maps, made))
	if c.spreads, err = c.measureOwn(ctx); err != nil {
		return err
	}
	infer.Tell(ctx, "shuffling the weights", 0)
	c.own, err = shuffle.Draw(ctx, c.file, c.units, c.options.Draw, c.options.Seed)
	return err
}

// untold ends a check that says nothing.
func (c *check) untold(why string) { c.report.Verdict, c.report.Finding = Untold, why }

// shrunk is a map at the size at which maps are compared.
func shrunk(m visualizers.Map) similarity.Grid {
	g := trust.Field(m)
	return g.Shrunk(g.Edge())
}

// fewestOthers are the maps of other pictures that make a baseline.
const fewestOthers = 2

// compareWith sets the similarity below which maps count as different (Arun et
// al. 2021: that of maps of different pictures).
func (c *check) compareWith(others []visualizers.Map) {
	var sum float64
	known := 0
	for _, m := range others {
		g := trust.Field(m).On(c.grid.Sizes())
		if s := similarity.SSIM(c.grid, g); !math.IsNaN(s) && !g.Constant() {
			sum += s
			known++
		}
	}
	if known >= fewestOthers {
		c.report.Baseline = sum / float64(known)
		return
	}
	c.report.Baseline, c.report.Mirrored = similarity.SSIM(c.grid, c.grid.Mirrored()), true
}

// explain is the method's map of the target.
func (c *check) explain(ctx context.Context, in visualizers.Input) (visualizers.Map, error) {
	r, err := c.method.Explain(ctx, in, func(visualizers.Result) {})
	if err != nil {
		return visualizers.Map{}, err
	}
	if len(r.Maps) == 0 {
		return visualizers.Map{}, fmt.Errorf("%s gives no map, so there is nothing to check", c.method.Info().ID)
	}
	return r.Maps[0], nil
}

// explainOwn makes the map to compare with, and those of other pictures, by sessions
// that are closed like those of every other map: what a method opens for gradients
// of a large model is worth a gigabyte.
func (c *check) explainOwn(ctx context.Context, others []visualizers.Input) (made []visualizers.Map, err error) {
	own, err := c.model.reweighed(ctx, c.file)
	if err != nil {
		return nil, err
	}
	defer own.Close()
	in := c.in
	in.Subject = own
	if c.report.Map, err = c.explain(ctx, in); err != nil {
		return nil, err
	}
	for i, other := range others {
		infer.Tell(ctx, fmt.Sprintf("map %d of %d of other pictures", i+1, len(others)), 0)
		other.Subject, other.Targets, other.Values, other.Settled = own, in.Targets, in.Values, nil
		m, err := c.explain(ctx, other)
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case err != nil:
			c.report.Notes = append(c.report.Notes, fmt.Sprintf("Another picture gives no map to compare with: %v", err))
			continue
		}
		made = append(made, m)
	}
	return made, nil
}

// measureOwn measures the units with the network's own weights.
func (c *check) measureOwn(ctx context.Context) ([]float64, error) {
	measure, end, err := c.gauge(ctx, c.file, c.units)
	if err != nil {
		return nil, err
	}
	defer end()
	return measure(ctx, ones(len(c.units)))
}

func (c *check) gauge(ctx context.Context, file *onnx.Model, units []shuffle.Unit) (shuffle.Measure, func() error, error) {
	if !slices.ContainsFunc(units, func(u shuffle.Unit) bool { return u.Type != 0 }) {
		return func(context.Context, []float64) ([]float64, error) {
			return slices.Repeat([]float64{math.NaN()}, len(units)), nil
		}, func() error { return nil }, nil
	}
	g, err := shuffle.NewGauge(file, units)
	if err != nil {
		return nil, nil, err
	}
	return c.model.gauged(ctx, g, c.in.Tensor)
}

func ones(n int) []float64 { return slices.Repeat([]float64{1}, n) }

// walk makes the maps of all steps, then those of the other seeds.
func (c *check) walk(ctx context.Context) error {
	counts := ladder(len(c.units), c.options.steps(c.method), c.report.Judged)
	shared := c.options.Order == Cascade // the first seed's map stands among the steps
	c.total = len(counts) + c.options.Seeds
	if shared {
		c.total--
	}
	for _, n := range counts {
		from := 0
		if !shared {
			from = n - 1
		}
		step, err := c.step(ctx, c.own, from, n, c.options.Seed)
		if err != nil {
			return err
		}
		c.report.Steps = append(c.report.Steps, step)
		if shared && n == c.report.Judged {
			c.report.Seeds = append(c.report.Seeds, step)
		}
		c.tell()
	}
	for i := len(c.report.Seeds); i < c.options.Seeds; i++ {
		if err := c.seed(ctx, c.options.Seed+uint64(i)); err != nil {
			return err
		}
		c.tell()
	}
	return nil
}

func (c *check) tell() {
	c.done++
	if c.emit != nil {
		c.emit(c.report.clone(), float64(c.done)/float64(c.total))
	}
}

// seed adds the map of another draw for the judged units.
func (c *check) seed(ctx context.Context, seed uint64) error {
	d := c.own
	if seed != c.options.Seed {
		var err error
		if d, err = shuffle.Draw(ctx, c.file, c.units[:c.report.Judged], c.options.Draw, seed); err != nil {
			return err
		}
		defer d.Close()
	}
	step, err := c.step(ctx, d, 0, c.report.Judged, seed)
	if err == nil {
		c.report.Seeds = append(c.report.Seeds, step)
	}
	return err
}

// step is the map of the network in which units [from, to) have the values of a
// draw.
func (c *check) step(ctx context.Context, d *shuffle.Drawn, from, to int, seed uint64) (Step, error) {
	nan := math.NaN()
	s := Step{Units: to - from, Names: c.report.Units[from:to], Seed: seed, Spearman: nan, SpearmanAbs: nan, SSIM: nan, After: nan}
	infer.Tell(ctx, fmt.Sprintf("shuffled weights: map %d of %d", c.done+1, c.total), float64(c.done)/float64(c.total))
	file, err := c.settled(ctx, d, from, to, &s)
	if err != nil {
		return s, err
	}
	shuffled, err := c.model.reweighed(ctx, file)
	if err != nil {
		return s, err
	}
	defer shuffled.Close()
	if err := c.compare(ctx, shuffled, &s); err != nil {
		if ctx.Err() != nil || errors.Is(err, infer.ErrClosed) {
			return s, err
		}
		s.Fault = err.Error()
	}
	return s, nil
}

// settled is the network with other weights, its layers in proportion.
func (c *check) settled(ctx context.Context, d *shuffle.Drawn, from, to int, s *Step) (*onnx.Model, error) {
	units := c.units[from:to]
	file, err := d.Model(units, nil)
	if err != nil {
		return nil, err
	}
	measure, end, err := c.gauge(ctx, file, units)
	if err != nil {
		return nil, err
	}
	defer end()
	factors, err := shuffle.Settle(ctx, c.spreads[from:to], measure)
	if err != nil {
		return nil, err
	}
	for i, f := range factors {
		if f != 1 {
			s.Rescaled = append(s.Rescaled, units[i].Name)
		}
	}
	if s.Rescaled == nil {
		return file, nil
	}
	return d.Model(units, factors)
}

// compare explains the network with other weights and fills in the numbers.
func (c *check) compare(ctx context.Context, shuffled Shuffled, s *Step) error {
	answers, err := shuffled.Predict(ctx, []infer.Tensor{c.in.Tensor})
	if err != nil {
		return err
	}
	in := c.in
	in.Subject, in.Base = shuffled, answers[0]
	if s.After, err = c.answer.Value(in.Base); err != nil {
		s.After = math.NaN()
		return err
	}
	if s.Map, err = c.explain(ctx, in); err != nil {
		return err
	}
	g := trust.Field(s.Map).On(c.grid.Sizes())
	if s.Constant = g.Constant(); s.Constant {
		return nil
	}
	s.Spearman, s.SpearmanAbs, s.SSIM = similarity.Spearman(c.grid, g), similarity.SpearmanAbs(c.grid, g), similarity.SSIM(c.grid, g)
	return nil
}

// answer is the target on the scale of probabilities, where a change has a
// natural size, or as it is explained where the model has none.
func answer(in visualizers.Input) score.Target {
	t := in.Targets[0]
	if percent(in.Subject) {
		t.Score = score.Probability
	}
	return t
}

// percent reports whether the scores are probabilities.
func percent(s visualizers.Subject) bool {
	p, ok := s.(interface{ Percent() bool })
	return !ok || p.Percent()
}
