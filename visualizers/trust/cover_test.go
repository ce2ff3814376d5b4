package trust

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"picasso/backend/infer"
	"picasso/backend/picture"
	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/trust/similarity"
)

// function is a subject whose probability of class 0 is any function of its
// input, one channel.
type function struct {
	height, width int
	of            func(x []float32) float64
	logits        func(x []float32) float64 // nil for none
	passes        int
}

func (f *function) Shape() (channels, height, width int) { return 1, f.height, f.width }
func (f *function) Batch() int                           { return 4 }
func (f *function) Classes() int                         { return 2 }
func (f *function) ClassName(class int) string           { return []string{"tank", "no tank"}[class] }
func (f *function) HasLogits() bool                      { return f.logits != nil }

func (f *function) Prepare(*picture.Image) (infer.Tensor, error) {
	return infer.Tensor{}, errors.New("tensors only")
}

func (f *function) Encoder(*picture.Image) func([]float32) []float32 {
	return func(raw []float32) []float32 { return []float32{raw[0] / 255} }
}

func (f *function) Predict(ctx context.Context, batch []infer.Tensor) ([]score.Scores, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f.passes += len(batch)
	out := make([]score.Scores, len(batch))
	for i, x := range batch {
		p := f.of(x.Data)
		out[i].Probabilities = []float32{float32(p), float32(1 - p)}
		if f.logits != nil {
			z := f.logits(x.Data)
			out[i].Logits = []float32{float32(z), float32(-z)}
		}
	}
	return out, nil
}

// ask is the input for a subject and its own values.
func ask(t *testing.T, f *function, x ...float32) visualizers.Input {
	t.Helper()
	tensor := infer.Tensor{Shape: []int{1, f.height, f.width}, Data: x}
	base, err := f.Predict(t.Context(), []infer.Tensor{tensor})
	if err != nil {
		t.Fatal(err)
	}
	f.passes = 0
	return visualizers.Input{Subject: f, Tensor: tensor, Base: base[0], Targets: []score.Target{score.ClassTarget(0, score.Probability)}}
}

func mapOf(height, width int, values ...float32) visualizers.Map {
	return visualizers.Map{Target: score.ClassTarget(0, score.Probability), Channels: 1, Height: height, Width: width, Values: values, Signed: true}
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s is %.6f, want %.6f", what, got, want)
	}
}

var (
	weights = []float64{.5, -.2, .3, .1, -.4, .25}
	inputs  = []float32{1, 2, 1, 3, 1, 2}
)

func linear() *function {
	return &function{height: 1, width: 6, of: func(x []float32) float64 {
		var sum float64
		for i, w := range weights {
			sum += w * float64(x[i])
		}
		return sum
	}}
}

// curveOf measures the curves of one order of the linear model, covered with zero.
func curveOf(t *testing.T, order []int) *curve {
	t.Helper()
	in := ask(t, linear(), inputs...)
	b, err := newBench(in, cells{counts: [3]int{1, 1, 6}, size: [3]int{1, 1, 6}}, measureOf(in, in.Targets[0]))
	if err != nil {
		t.Fatal(err)
	}
	s, err := b.substrate(t.Context(), Black) // which is 0 in this model
	if err != nil {
		t.Fatal(err)
	}
	c := b.cells.newCurve(order, 6, b.whole, s.covered)
	var jobs []job
	for k := 1; k < 6; k++ {
		jobs = append(jobs, job{c, false, k}, job{c, true, k})
	}
	if err := b.run(t.Context(), s, jobs, (&references{}).store); err != nil {
		t.Fatal(err)
	}
	return c
}

func valuesOf(points []point) []float64 {
	out := make([]float64, len(points))
	for i, p := range points {
		out[i] = p.value
	}
	return out
}

// The order by w·x is the best there is: of all 720 it has the least area under
// the deletion curve and the greatest under the insertion curve.
func TestCurvesOfALinearModel(t *testing.T) {
	contributions := make([]float64, 6)
	for i, w := range weights {
		contributions[i] = w * float64(inputs[i])
	}
	best := similarity.Descending(contributions)
	c := curveOf(t, best)
	for k, want := range []float64{.8, .3, -.2, -.5, -.8, -.4, 0} {
		near(t, "deletion", c.deletion[k].value, want, 1e-6)
		near(t, "insertion", c.insertion[k].value, .8-want, 1e-6)
	}
	near(t, "area", area(c.fractions, valuesOf(c.deletion)), -.2, 1e-6)

	var sum, least, greatest float64
	orders := permutations(6)
	for _, order := range orders {
		values, x := []float64{.8}, .8
		for _, i := range order {
			x -= contributions[i]
			values = append(values, x)
		}
		a := area(c.fractions, values)
		sum, least, greatest = sum+a, min(least, a), max(greatest, a)
	}
	near(t, "mean of all orders", sum/float64(len(orders)), .4, 1e-9)
	near(t, "least of all orders", least, -.2, 1e-9)
	near(t, "greatest of all orders", greatest, 1, 1e-9)
}

func permutations(n int) [][]int {
	if n == 0 {
		return [][]int{nil}
	}
	var out [][]int
	for _, p := range permutations(n - 1) {
		for at := range n {
			out = append(out, slices.Insert(slices.Clone(p), at, n-1))
		}
	}
	return out
}

func TestAreaCountsEachStepByItsOwnWidth(t *testing.T) {
	near(t, "one step", area([]float64{0, 1}, []float64{1, 0}), .5, 0)
	near(t, "a short last step", area([]float64{0, .4, .8, 1}, []float64{1, 1, 0, 0}), .6, 1e-12)
	near(t, "a missing point", area([]float64{0, .4, .8, 1}, []float64{1, math.NaN(), 0, 0}), .4, 1e-12)
}

// bright is a model that sees how bright the upper left quarter of its input is.
func bright() *function {
	f := &function{height: 32, width: 32}
	f.of = func(x []float32) float64 {
		var sum float64
		for y := range 16 {
			for x0 := range 16 {
				sum += float64(x[y*32+x0])
			}
		}
		return .05 + .9*sum/256
	}
	return f
}

// quarter is a picture, or a map, that is v in the upper left quarter and w
// elsewhere.
func quarter(v, w float32) []float32 {
	out := make([]float32, 32*32)
	for i := range out {
		out[i] = w
		if i/32 < 16 && i%32 < 16 {
			out[i] = v
		}
	}
	return out
}

func TestCoverTellsGoodMapsFromBad(t *testing.T) {
	f := bright()
	in := ask(t, f, quarter(1, 0)...)
	var judge Judge
	good, err := judge.Cover(t.Context(), in, mapOf(32, 32, quarter(1, 0)...), CoverOptions{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if good.Word != Passes || good.Substrate != Mean || good.Gain < .3 || !strings.Contains(good.Said, "times faster than covering at random") {
		t.Errorf("the map of what the model sees: %+v", good)
	}
	near(t, "the fractions' end", float64(good.Fractions[16]), 1, 0)
	bad, err := judge.Cover(t.Context(), in, mapOf(32, 32, quarter(0, 1)...), CoverOptions{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if bad.Word != Fails || bad.Gain > -.2 || !strings.Contains(bad.Said, "do not read it as a location") {
		t.Errorf("the map of everything else: %+v", bad)
	}
	other := mapOf(32, 32, quarter(5, 3)...) // 2·map+3: the same order
	again, err := judge.Cover(t.Context(), in, other, CoverOptions{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(again.Deletion, good.Deletion) || !slices.Equal(again.Insertion, good.Insertion) {
		t.Error("a map and a multiple of it have different curves")
	}
}

// Two runs on the same picture share what they measure.
func TestRunsBesideEachOther(t *testing.T) {
	var judge Judge
	in := ask(t, bright(), quarter(1, 0)...)
	var wait sync.WaitGroup
	gains := make([]Number, 4)
	for i := range gains {
		own := in
		own.Subject = bright()
		wait.Go(func() {
			c, err := judge.Cover(t.Context(), own, mapOf(32, 32, quarter(1, 0)...), CoverOptions{}, func(Cover) {})
			if err != nil {
				t.Error(err)
			}
			gains[i] = c.Gain
		})
	}
	wait.Wait()
	for _, g := range gains[1:] {
		if g != gains[0] {
			t.Errorf("gains %v", gains)
		}
	}
}

// Four cells have few orders, so that the best of them is still within chance.
func TestMapsOfAFewCells(t *testing.T) {
	in := ask(t, bright(), quarter(1, 0)...)
	var judge Judge
	c, err := judge.Cover(t.Context(), in, mapOf(2, 2, 1, 0, 0, 0), CoverOptions{}, nil)
	if err != nil || c.Word == Fails || c.Rows != 2 || c.Steps != 4 {
		t.Errorf("%+v, %v", c, err)
	}
}

// Ties are taken in row order, so a map of two values has the curve of that
// order exactly.
func TestTiesStayInRowOrder(t *testing.T) {
	c := cells{counts: [3]int{1, 2, 3}, size: [3]int{1, 2, 3}}
	if got := c.order(similarity.Of([]float32{0, 1, 0, 1, 0, 1}, 2, 3)); !slices.Equal(got, []int{1, 3, 5, 0, 2, 4}) {
		t.Errorf("order %v", got)
	}
	nan := float32(math.NaN())
	if got := c.order(similarity.Of([]float32{nan, -1, 0, 1, nan, 1}, 2, 3)); !slices.Equal(got, []int{3, 5, 2, 1, 0, 4}) {
		t.Errorf("order with unknown cells %v", got)
	}
}

// The first map of a picture costs at most 240 passes, of which a first verdict
// takes few; the next map at most 40.
func TestPassesOfTheCoverTest(t *testing.T) {
	f := bright()
	in := ask(t, f, quarter(1, 0)...)
	var judge Judge
	first := 0
	m := mapOf(32, 32, quarter(1, 0)...)
	c, err := judge.Cover(t.Context(), in, m, CoverOptions{}, func(c Cover) {
		if first == 0 && c.Word == Passes {
			first = c.Passes
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if c.Passes != f.passes || c.Passes > 240 {
		t.Errorf("%d passes counted, %d made; at most 240 allowed", c.Passes, f.passes)
	}
	if first == 0 || first > 30 {
		t.Errorf("the first verdict took %d passes", first)
	}
	f.passes = 0
	if c, err = judge.Cover(t.Context(), in, mapOf(32, 32, quarter(0, 1)...), CoverOptions{}, nil); err != nil {
		t.Fatal(err)
	}
	if c.Passes != f.passes || c.Passes > 40 {
		t.Errorf("another map of the same picture: %d passes counted, %d made; at most 40 allowed", c.Passes, f.passes)
	}
}

// What was measured before a run was cancelled is not measured again.
func TestACancelledRunKeepsWhatItMeasured(t *testing.T) {
	f := bright()
	in := ask(t, f, quarter(1, 0)...)
	var judge Judge
	m := mapOf(32, 32, quarter(1, 0)...)
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := judge.Cover(ctx, in, m, CoverOptions{}, func(c Cover) { cancel() }); !errors.Is(err, context.Canceled) {
		t.Fatalf("cancelled: %v", err)
	}
	before := f.passes
	f.passes = 0
	if _, err := judge.Cover(t.Context(), in, m, CoverOptions{}, nil); err != nil {
		t.Fatal(err)
	}
	if f.passes+before > 240 || before < 10 {
		t.Errorf("%d passes before and %d after", before, f.passes)
	}
}

func TestMapsThatCannotBeJudged(t *testing.T) {
	in := ask(t, bright(), quarter(1, 0)...)
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	var judge Judge
	for name, m := range map[string]visualizers.Map{
		"flat":      mapOf(2, 2, 3, 3, 3, 3),
		"NaN":       mapOf(2, 2, nan, nan, nan, nan),
		"infinite":  mapOf(1, 2, inf, -inf),
		"one cell":  mapOf(1, 1, 5),
		"one known": mapOf(1, 3, nan, 5, nan),
	} {
		c, err := judge.Cover(t.Context(), in, m, CoverOptions{}, nil)
		if err != nil || c.Word != Untold || c.Said == "" || c.Passes != 0 {
			t.Errorf("%s: %+v, %v", name, c, err)
		}
		if e := LikeOutlines(in, m); e.Word != Untold {
			t.Errorf("%s: outlines %+v", name, e)
		}
	}
}

func TestNoSubstrateTakesTheAnswerAway(t *testing.T) {
	f := &function{height: 8, width: 8, of: func([]float32) float64 { return .9 }}
	x := make([]float32, 64)
	x[3] = 1
	in := ask(t, f, x...)
	var judge Judge
	c, err := judge.Cover(t.Context(), in, mapOf(8, 8, x...), CoverOptions{}, nil)
	if err != nil || c.Word != Untold || !strings.Contains(c.Said, "with this picture") || c.Deletion != nil || f.passes != 4 {
		t.Errorf("%+v after %d passes, %v", c, f.passes, err)
	}
}

// The rule: the first of mean, blur, grey and black that lowers the score by .3.
func TestTheRuleOfSubstrates(t *testing.T) {
	level := func(x []float32) float64 { // of the last row, where pictures are plain
		var sum float64
		for _, v := range x[7*8:] {
			sum += float64(v) / 8
		}
		return sum
	}
	plain := make([]float32, 64)
	for i := range plain {
		plain[i] = .9
	}
	plain[0] = 0 // not quite plain
	for name, of := range map[string]func(v float64) float64{
		Grey:  func(v float64) float64 { return min(max(2*v-.9, 0), 1) }, // .9 → .9, .5 → .1
		Black: func(v float64) float64 { return min(v*5, 1) * .9 },       // grey is .9, black 0
	} {
		f := &function{height: 8, width: 8, of: func(x []float32) float64 { return of(level(x)) }}
		in := ask(t, f, plain...)
		var judge Judge
		c, err := judge.Cover(t.Context(), in, mapOf(8, 8, plain...), CoverOptions{}, nil)
		if err != nil || c.Substrate != name || c.Weak {
			t.Errorf("%s: covered with %s, %v", name, c.Substrate, err)
		}
	}
	f := &function{height: 8, width: 8, of: func(x []float32) float64 { return .5 + .25*level(x) }}
	in := ask(t, f, plain...)
	var judge Judge
	if c, err := judge.Cover(t.Context(), in, mapOf(8, 8, plain...), CoverOptions{}, nil); err != nil || c.Substrate != Black || !c.Weak {
		t.Errorf("a swing of .22: %s, weak %v, %v", c.Substrate, c.Weak, err)
	}
	if _, err := judge.Cover(t.Context(), in, mapOf(8, 8, plain...), CoverOptions{Substrate: "white"}, nil); err == nil {
		t.Error("a substrate that is none was taken")
	}
}

// Where the probability has no room to move, the curves are those of the logit,
// and both are there to see.
func TestASaturatedProbability(t *testing.T) {
	f := bright()
	inner := f.of
	f.logits = func(x []float32) float64 { return 40 * (inner(x) - .3) }
	f.of = func(x []float32) float64 { return 1 / (1 + math.Exp(-2*f.logits(x))) }
	in := ask(t, f, quarter(1, 0)...)
	var judge Judge
	c, err := judge.Cover(t.Context(), in, mapOf(32, 32, quarter(1, 0)...), CoverOptions{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !c.Saturated || c.Score != "logit" || c.Word != Passes || c.Probability == nil || c.Deletion[0] != 1 || c.Deletion[16] != 0 {
		t.Errorf("%+v", c)
	}
}

func TestCoverByImputation(t *testing.T) {
	in := ask(t, bright(), quarter(1, 0)...)
	var judge Judge
	c, err := judge.Cover(t.Context(), in, mapOf(32, 32, quarter(1, 0)...), CoverOptions{Substrate: Impute}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.Word != Passes || c.ROAD == nil || *c.ROAD < .1 || c.Steps != 10 {
		t.Errorf("%+v", c)
	}
}
