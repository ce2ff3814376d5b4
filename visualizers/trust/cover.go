package trust

import (
	"context"
	"fmt"
	"math"

	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/trust/similarity"
)

// CoverOptions say how the cover test is made.
type CoverOptions struct {
	// Substrate is what cells are covered with, one of [Substrates]; "" is auto.
	Substrate string
	// Kin: the method finds its map by covering, so that this test is its own.
	Kin bool
}

// Cover is the outcome of the cover test: deletion and insertion curves (Petsiuk
// et al. 2018, RISE) on cells, beside the same curves of random orders and of the
// picture's outlines. Curves are in units of the score; those of logits are
// rescaled so that the whole picture is 1 and the covered one 0, as are those of
// scores that are no probabilities.
type Cover struct {
	Verdict
	Substrate string  `json:"substrate"`
	Swing     Number  `json:"swing"`          // by how much covering everything lowers the score
	Weak      bool    `json:"weak,omitempty"` // the swing is small
	Score     string  `json:"score"`          // of the curves: prob, logit or value
	Saturated bool    `json:"saturated,omitempty"`
	Kin       bool    `json:"same_test_as_the_method,omitempty"`
	Before    Number  `json:"before"`           // score of the picture
	After     Number  `json:"after"`            // of the picture covered whole
	Slices    int     `json:"slices,omitempty"` // of cells, with rows and columns; 0 for a picture
	Rows      int     `json:"rows"`
	Columns   int     `json:"columns"`
	Steps     int     `json:"steps"`
	Passes    int     `json:"passes"` // through the model, references that were not known yet included
	Done      float64 `json:"-"`      // 0…1

	// Curves over the fraction of the pixels that is covered, or shown; points
	// that have not been measured yet are NaN.
	Fractions    []Number   `json:"fractions,omitempty"`
	Deletion     []Number   `json:"deletion,omitempty"`
	Insertion    []Number   `json:"insertion,omitempty"`
	AUCDeletion  Number     `json:"auc_deletion"`
	AUCInsertion Number     `json:"auc_insertion"`
	Probability  *Curves    `json:"probability,omitempty"` // beside curves of logits
	Random       *Random    `json:"random,omitempty"`
	Edges        *Reference `json:"edges,omitempty"`
	// Gain is (AUC insertion − AUC deletion) less the mean of the same of random
	// orders: 0 for a map that knows nothing, negative for one that is upside
	// down.
	Gain Number `json:"gain"`
	// ROAD is the difference of least and most relevant first, halved (Rong et
	// al. 2022), where pixels are imputed.
	ROAD *Number `json:"road,omitempty"`

	speed float64 // how much faster than random the score falls
}

// Curves are both curves of one order.
type Curves struct {
	Deletion  []Number `json:"deletion"`
	Insertion []Number `json:"insertion"`
}

// Reference is what another order of the cells reaches.
type Reference struct {
	Curves
	AUCDeletion  Number `json:"auc_deletion"`
	AUCInsertion Number `json:"auc_insertion"`
	Gain         Number `json:"gain"`
}

// Random is what orders by chance reach: mean curves with deviations, and the
// mean and standard deviation of AUC insertion − AUC deletion.
type Random struct {
	Curves
	DeletionSD  []Number `json:"deletion_sd"`
	InsertionSD []Number `json:"insertion_sd"`
	Mean        Number   `json:"mean"`
	SD          Number   `json:"sd"`
	Orders      int      `json:"orders"`
}

// Cover runs the cover test on a map of a target. emit may be nil; it is called
// with outcomes that get finer: all curves first have a quarter of their points.
// What random orders and outlines reach is kept for the next map of the same
// picture.
func (j *Judge) Cover(ctx context.Context, in visualizers.Input, m visualizers.Map, o CoverOptions, emit func(Cover)) (Cover, error) {
	if err := in.Check(); err != nil {
		return Cover{}, err
	}
	if err := CheckSubstrate(o.Substrate); err != nil {
		return Cover{}, err
	}
	g := Field(m)
	if v, ok := readable(g); !ok {
		return Cover{Verdict: v.about(g), Kin: o.Kin, Done: 1}, nil
	}
	if g.Depth > 0 && o.Substrate == Impute {
		return Cover{Verdict: untold("Colours are guessed from around within one picture only; cover volumes with something else."), Kin: o.Kin, Done: 1}, nil
	}
	b, err := newBench(in, cellsFor(g, sizesOf(in.Subject)), measureOf(in, m.Target))
	if err != nil {
		return Cover{}, err
	}
	s, v, ok, err := b.choose(ctx, o.Substrate)
	if err != nil {
		return Cover{}, err
	}
	t := &coverTest{bench: b, substrate: s, options: o, emit: emit}
	if !ok {
		c := t.head()
		c.Verdict, c.Done = v.about(g), 1
		return c, nil
	}
	t.references = j.references(t)
	t.map_ = b.cells.newCurve(b.cells.order(g), t.steps(), b.whole, s.covered)
	return t.run(ctx)
}

// MostPasses is what the cover test of the first map of a picture takes at most;
// further maps take a fifth of it and less.
const MostPasses = 4 + 2*(coverSteps-1)*(2+randomOrders)

// Steps of the curves, and the orders by chance beside them.
const (
	coverSteps   = 16
	imputeSteps  = 10 // ROAD's percentiles
	randomOrders = 5
)

// coverTest is one run of the cover test.
type coverTest struct {
	*bench
	substrate  substrate
	options    CoverOptions
	map_       *curve
	references *references
	emit       func(Cover)
}

func (t *coverTest) steps() int {
	steps := coverSteps
	if t.substrate.name == Impute {
		steps = imputeSteps
	}
	return min(steps, t.cells.count())
}

// run measures a quarter of all points first, so that there is soon something
// to say, then the rest.
func (t *coverTest) run(ctx context.Context) (Cover, error) {
	steps := t.steps()
	stride := max(1, steps/4)
	levels := [][]int{nil, nil}
	for k := 1; k < steps; k++ {
		level := 0
		if k%stride != 0 {
			level = 1
		}
		levels[level] = append(levels[level], k)
	}
	all := 2 * (steps - 1) * (2 + randomOrders)
	done := 0
	for _, points := range levels {
		for _, c := range append([]*curve{t.map_}, t.references.orders...) {
			var jobs []job
			for _, k := range points {
				for _, insertion := range [2]bool{false, true} {
					if jo := (job{c, insertion, k}); !t.references.known(jo) {
						jobs = append(jobs, jo)
					}
				}
			}
			err := t.bench.run(ctx, t.substrate, jobs, t.references.store)
			if err != nil {
				return Cover{}, err
			}
			done += 2 * len(points)
			if t.emit != nil && done < all {
				if c := t.outcome(); !math.IsNaN(float64(c.Gain)) {
					c.Done = float64(done) / float64(all)
					t.emit(c)
				}
			}
		}
	}
	c := t.outcome()
	c.Done = 1
	return c, nil
}

// head is what is known before any curve.
func (t *coverTest) head() Cover {
	s, w := t.substrate, t.whole
	nan := Number(math.NaN())
	c := Cover{
		Substrate: s.name, Swing: Number(s.swing), Weak: s.swing < enough, Kin: t.options.Kin,
		Before: Number(w.value), After: Number(s.covered.value), Rows: t.cells.counts[1], Columns: t.cells.counts[2],
		Steps: t.steps(), Passes: t.passes, AUCDeletion: nan, AUCInsertion: nan, Gain: nan, Score: score.Probability.String(),
	}
	if t.cells.solid {
		c.Slices = t.cells.counts[0]
	}
	switch {
	case t.onLogits(s):
		c.Score, c.Saturated = score.Logit.String(), true
		c.Before, c.After = Number(w.logit), Number(s.covered.logit)
	case !t.measure.share:
		c.Score = "value"
	}
	return c
}

// outcome sums up what has been measured so far.
func (t *coverTest) outcome() Cover {
	t.references.mu.Lock()
	defer t.references.mu.Unlock()
	c := t.head()
	mine := t.read(t.map_)
	c.Fractions, c.Deletion, c.Insertion = numbers(t.map_.fractions), numbers(mine.deletion), numbers(mine.insertion)
	c.AUCDeletion, c.AUCInsertion = Number(mine.aucDeletion), Number(mine.aucInsertion)
	if c.Saturated {
		c.Probability = t.probabilities(t.map_)
	}
	var chance []reading
	for _, r := range t.references.random() {
		if read := t.read(r); read.complete(mine) {
			chance = append(chance, read)
		}
	}
	if len(chance) == 0 {
		return c
	}
	c.Random = spread(chance)
	c.Gain = Number(mine.margin()) - c.Random.Mean
	if edges := t.read(t.references.edges()); edges.complete(mine) {
		c.Edges = &Reference{Curves{numbers(edges.deletion), numbers(edges.insertion)},
			Number(edges.aucDeletion), Number(edges.aucInsertion), Number(edges.margin()) - c.Random.Mean}
	}
	if t.substrate.name == Impute {
		road := Number((meanInside(mine.insertion) - meanInside(mine.deletion)) / 2)
		c.ROAD = &road
	}
	c.speed = t.faster(mine, c.Random)
	c.Verdict = t.verdict(c)
	if t.cells.solid {
		c.Verdict = c.Verdict.solid()
	}
	return c
}

// note says what the curves were made with, and what weakens them.
func (c Cover) note() string {
	if c.Random == nil {
		return ""
	}
	text := fmt.Sprintf("Covered with %s.", described(c.Substrate))
	if c.Weak {
		text += fmt.Sprintf(" Covering everything changes the score by %s only, so this is weak.", c.Swing)
	}
	if c.Saturated {
		text += " The probability hardly leaves 1, so the logit is judged."
	}
	if c.Kin {
		text += " The method finds its map by covering too, so this is its own test."
	}
	return text
}

// meanInside is the mean of the points between the ends.
func meanInside(values []float64) float64 {
	var sum float64
	known := 0
	for _, v := range values[1 : len(values)-1] {
		if !math.IsNaN(v) {
			sum += v
			known++
		}
	}
	return sum / float64(known)
}

// reading is one order's curves on the scale of the verdict.
type reading struct {
	deletion, insertion       []float64
	aucDeletion, aucInsertion float64
}

// margin is how far insertion lies above deletion.
func (r reading) margin() float64 { return r.aucInsertion - r.aucDeletion }

// complete reports whether r has all points that other has.
func (r reading) complete(other reading) bool {
	for k := range other.deletion {
		if !math.IsNaN(other.deletion[k]) && math.IsNaN(r.deletion[k]) || !math.IsNaN(other.insertion[k]) && math.IsNaN(r.insertion[k]) {
			return false
		}
	}
	return true
}

// read takes the points of an order that the map has too: areas under curves of
// other points could not be compared.
func (t *coverTest) read(c *curve) reading {
	scale := t.scale()
	r := reading{deletion: make([]float64, len(c.deletion)), insertion: make([]float64, len(c.insertion))}
	for k := range c.deletion {
		r.deletion[k], r.insertion[k] = math.NaN(), math.NaN()
		if t.map_.deletion[k].known() {
			r.deletion[k] = scale(c.deletion[k])
		}
		if t.map_.insertion[k].known() {
			r.insertion[k] = scale(c.insertion[k])
		}
	}
	r.aucDeletion, r.aucInsertion = area(c.fractions, r.deletion), area(c.fractions, r.insertion)
	return r
}

// scale reads a point: probabilities as they are, other scores as a part of the
// way from the covered picture to the whole one.
func (t *coverTest) scale() func(point) float64 {
	from, to := t.substrate.covered, t.whole
	switch {
	case t.onLogits(t.substrate):
		return func(p point) float64 { return (p.logit - from.logit) / (to.logit - from.logit) }
	case !t.measure.share:
		return func(p point) float64 { return (p.value - from.value) / (to.value - from.value) }
	}
	return func(p point) float64 { return p.value }
}

func (t *coverTest) probabilities(c *curve) *Curves {
	p := &Curves{}
	for k := range c.deletion {
		p.Deletion, p.Insertion = append(p.Deletion, Number(c.deletion[k].value)), append(p.Insertion, Number(c.insertion[k].value))
	}
	return p
}

// spread is the mean and the deviation of orders by chance.
func spread(list []reading) *Random {
	r := &Random{Orders: len(list)}
	pick := func(of func(reading) float64) (mean, sd float64) {
		for _, x := range list {
			mean += of(x) / float64(len(list))
		}
		for _, x := range list {
			sd += (of(x) - mean) * (of(x) - mean)
		}
		return mean, math.Sqrt(sd / float64(max(1, len(list)-1)))
	}
	for k := range list[0].deletion {
		m, sd := pick(func(x reading) float64 { return x.deletion[k] })
		r.Deletion, r.DeletionSD = append(r.Deletion, Number(m)), append(r.DeletionSD, Number(sd))
		m, sd = pick(func(x reading) float64 { return x.insertion[k] })
		r.Insertion, r.InsertionSD = append(r.Insertion, Number(m)), append(r.InsertionSD, Number(sd))
	}
	m, sd := pick(reading.margin)
	r.Mean, r.SD = Number(m), Number(sd)
	return r
}

// tie is how far the gain may stay below that of the outlines and still equal
// it.
const tie = .01

// fewestCells is from how many cells on a map that is no better than chance is
// called so: of fewer, orders by chance are too different.
const fewestCells = 16

// verdict weighs the gain against chance, beyond two deviations of it, and
// against the outlines.
func (t *coverTest) verdict(c Cover) Verdict {
	if c.Random.Orders < 2 {
		return untold("Too little has been measured so far.")
	}
	said := "Covering what this map marks"
	above := c.Gain > 2*c.Random.SD
	if !above && t.cells.count() < fewestCells {
		return untold("This map has only %d cells, too few to tell it from covering at random.", t.cells.count())
	}
	level := c.Edges != nil && c.Gain < c.Edges.Gain-tie
	switch {
	case !above && level:
		return fails("%s works no better than covering random spots or outlines; do not read it as a location.", said)
	case !above:
		return fails("%s works no better than covering random spots; do not read it as a location.", said)
	case level:
		return fails("%s works no better than covering the outlines in the picture; do not read it as a location.", said)
	case c.speed >= 1.25:
		return passes("%s lowers %s %s covering at random.", said, t.subject(), times(c.speed))
	}
	return passes("%s lowers %s more than covering at random.", said, t.subject())
}

// times words how much faster something happens.
func times(ratio float64) string {
	words := []string{"two", "three", "four", "five", "six", "seven", "eight", "nine"}
	switch n := int(math.Round(ratio)); {
	case n < 2:
		return "faster than"
	case n == 2:
		return "twice as fast as"
	case n-2 < len(words):
		return words[n-2] + " times faster than"
	}
	return "at least ten times faster than"
}

// faster is how much sooner than at random half of the way down is reached; 0
// where one of them never gets there.
func (t *coverTest) faster(mine reading, chance *Random) float64 {
	half := (mine.deletion[0] + mine.deletion[len(mine.deletion)-1]) / 2
	random := make([]float64, len(chance.Deletion))
	for i, v := range chance.Deletion {
		random[i] = float64(v)
	}
	at, later := crossing(t.map_.fractions, mine.deletion, half), crossing(t.map_.fractions, random, half)
	if !(at > 0) || !(later > 0) {
		return 0
	}
	return later / at
}

// crossing is where values first fall to a level, NaN where they never do.
func crossing(fractions, values []float64, level float64) float64 {
	last := 0
	for k, v := range values {
		switch {
		case math.IsNaN(v):
			continue
		case v <= level && k > 0:
			down := values[last] - v
			if down <= 0 {
				return fractions[k]
			}
			return fractions[last] + (fractions[k]-fractions[last])*(values[last]-level)/down
		}
		last = k
	}
	return math.NaN()
}

// outlines of the picture, as an order of cells.
func (b *bench) outlines() []int {
	g := Outlines(Luminance(b.in))
	return similarity.Descending(g.On(b.cells.counts).Values)
}
