package sampling_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"picasso/backend/infer"
	"picasso/backend/picture"
	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/superpixel"
	"picasso/visualizers/vistest"
)

// cubic is a game on the superpixels of a picture, as a model of two
// classes: it sees a superpixel as shown where its pixels are not zero, and
// scores 0.2 + Σ alone[i] + Σ both[i][j] over those shown, and three[i] where
// i and the two after it are all shown.
type cubic struct {
	*vistest.Net
	regions superpixel.Regions
	alone   []float64
	both    [][]float64
	three   []float64
}

func (q cubic) Predict(ctx context.Context, batch []infer.Tensor) ([]score.Scores, error) {
	out := make([]score.Scores, len(batch))
	for i, x := range batch {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		v := float32(q.value(x))
		out[i] = score.Scores{Probabilities: []float32{v, 1 - v}, Logits: []float32{v, -v}}
	}
	return out, nil
}

func (q cubic) value(x infer.Tensor) float64 {
	sum, middles := 0.2, q.regions.Middles()
	shown := func(i int) bool { return x.Data[middles[i]] != 0 }
	for i := range middles {
		if !shown(i) {
			continue
		}
		sum += q.alone[i]
		for j := range i {
			if shown(j) {
				sum += q.both[i][j]
			}
		}
		if i+2 < len(middles) && shown(i+1) && shown(i+2) {
			sum += q.three[i]
		}
	}
	return sum
}

// shapley are the exact values: an interaction is shared evenly by its superpixels.
func (q cubic) shapley() []float64 {
	out := append([]float64(nil), q.alone...)
	for i := range out {
		for j := range i {
			out[i] += q.both[i][j] / 2
			out[j] += q.both[i][j] / 2
		}
		for j := i; j < i+3 && i+2 < len(out); j++ {
			out[j] += q.three[i] / 3
		}
	}
	return out
}

// newGame plays on a picture of waves; interactions have a size of strength.
func newGame(t *testing.T, segments int, strength float64) (cubic, visualizers.Input) {
	t.Helper()
	const height, width = 36, 44
	random := rand.New(rand.NewPCG(3, uint64(segments)))
	x := infer.NewTensor(1, height, width)
	for i := range x.Data {
		x.Data[i] = float32(3 + math.Sin(float64(i%width)/5) + math.Cos(float64(i/width)/4) + random.Float64()/10) // never zero
	}
	if segments == 2 {
		for i := range x.Data {
			x.Data[i] = 1 // divided in halves
		}
	}
	regions, err := superpixel.Divide(t.Context(), x, superpixel.Options{Count: segments, Compactness: 10})
	if err != nil {
		t.Fatal(err)
	}
	q := cubic{Net: vistest.Linear(1, height, width, make([][]float64, 2), []float64{0, 0}), regions: regions}
	for i := range regions.Count {
		q.alone = append(q.alone, random.NormFloat64()/10)
		row := make([]float64, i)
		for j := range row {
			row[j] = strength * random.NormFloat64()
		}
		q.both = append(q.both, row)
		q.three = append(q.three, 0)
	}
	base, err := q.Predict(t.Context(), []infer.Tensor{x})
	if err != nil {
		t.Fatal(err)
	}
	return q, visualizers.Input{Subject: q, Tensor: x, Base: base[0], Targets: []score.Target{
		score.ClassTarget(0, score.Probability), score.ClassTarget(1, score.Probability),
	}}
}

// withThrees adds interactions of three superpixels to the game.
func (q cubic) withThrees(t *testing.T, in visualizers.Input) visualizers.Input {
	t.Helper()
	for i := range q.three {
		q.three[i] = 0.2 * math.Sin(float64(i+1))
	}
	base, err := q.Predict(t.Context(), []infer.Tensor{in.Tensor})
	if err != nil {
		t.Fatal(err)
	}
	in.Base = base[0]
	return in
}

// explain runs a method whose superpixels are those of the game.
func explain(t *testing.T, id string, in visualizers.Input, segments int, settings ...string) visualizers.Result {
	t.Helper()
	v := vistest.Find(t, id)
	var err error
	settings = append([]string{fmt.Sprint("segments=", segments), "fill=zero"}, settings...)
	if in.Values, err = visualizers.ParseValues(v, in.Subject, settings); err != nil {
		t.Fatal(err)
	}
	r, err := v.Explain(t.Context(), in, func(visualizers.Result) {})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// perRegion reads a map's value, and the table's standard error, of each
// superpixel for target k.
func perRegion(r visualizers.Result, k int, regions superpixel.Regions) (values, errors []float64) {
	for s, p := range regions.Middles() {
		row := r.Parts[0].Table.Rows[s]
		values = append(values, float64(r.Maps[k].Values[p]))
		errors = append(errors, row[5+2*k].(float64))
	}
	return values, errors
}

func sum(values []float64) float64 {
	total := 0.0
	for _, v := range values {
		total += v
	}
	return total
}

// TestShapleyValuesOfAllCoalitionsAreExact: of few superpixels every coalition
// is run, once, and the values of a game with interactions are right but for rounding.
func TestShapleyValuesOfAllCoalitionsAreExact(t *testing.T) {
	for _, segments := range []int{2, 3, 6, 9} {
		q, in := newGame(t, segments, 0.1)
		in = q.withThrees(t, in)
		r := explain(t, "kernel-shap", in, segments)
		got, errors := perRegion(r, 0, q.regions)
		for s, want := range q.shapley() {
			if math.Abs(got[s]-want) > 1e-6 || errors[s] != 0 {
				t.Errorf("%d superpixels: value %d is %g ± %g, want %g", q.regions.Count, s, got[s], errors[s], want)
			}
		}
		if want := 1<<q.regions.Count - 1; r.Passes != want {
			t.Errorf("%d superpixels: %d passes, want %d", q.regions.Count, r.Passes, want)
		}
		if !strings.Contains(r.Note, "exact") {
			t.Errorf("the note is %q", r.Note)
		}
	}
}

// TestShapleyValuesOfPairsAreExact: where superpixels do not interact, or in
// pairs only, any sample of coalitions and their complements gives the exact
// values, and the error is nought: what pairs add cancels in the difference of
// a coalition and its complement, but for each one's half.
func TestShapleyValuesOfPairsAreExact(t *testing.T) {
	for _, strength := range []float64{0, 0.05} {
		q, in := newGame(t, 40, strength)
		got, errors := perRegion(explain(t, "kernel-shap", in, 40, "samples=300"), 0, q.regions)
		for s, want := range q.shapley() {
			if math.Abs(got[s]-want) > 1e-6 || errors[s] > 1e-7 { // scores are float32
				t.Errorf("interactions of %g: value %d is %g ± %g, want %g", strength, s, got[s], errors[s], want)
			}
		}
	}
}

// TestSampledShapleyValuesAreWithinTheirError: drawn coalitions of a game with
// interactions of three miss the exact values by about the standard error that is told,
// over twenty seeds; the values always add up; the second class, whose score is one
// less the first's, gets the opposite from the same run.
func TestSampledShapleyValuesAreWithinTheirError(t *testing.T) {
	q, in := newGame(t, 30, 0.05)
	in = q.withThrees(t, in)
	exact := q.shapley()
	var square, told float64
	for seed := range 20 {
		r := explain(t, "kernel-shap", in, 30, "samples=800", fmt.Sprint("seed=", seed))
		got, errors := perRegion(r, 0, q.regions)
		opposite, _ := perRegion(r, 1, q.regions)
		for s, want := range exact {
			square += (got[s] - want) * (got[s] - want)
			told += errors[s] * errors[s]
			if math.Abs(got[s]-want) > 5*errors[s] {
				t.Errorf("seed %d: value %d is %g ± %g, want %g", seed, s, got[s], errors[s], want)
			}
			if math.Abs(got[s]+opposite[s]) > 1e-6 {
				t.Errorf("seed %d: the classes have %g and %g", seed, got[s], opposite[s])
			}
		}
		if gain := float64(in.Base.Probabilities[0]) - 0.2; math.Abs(sum(got)-gain) > 1e-5 {
			t.Errorf("seed %d: the values add up to %g, want %g", seed, sum(got), gain)
		}
		if gap := r.Maps[0].Metrics["completeness_gap"]; math.Abs(gap) > 1e-9 {
			t.Errorf("seed %d: completeness gap %g", seed, gap)
		}
	}
	if ratio := math.Sqrt(square / told); ratio < 0.8 || ratio > 1.25 {
		t.Errorf("the values miss by %g of the standard error that is told", ratio)
	}
}

// TestLIMEFindsTheWeightsOfALinearModel: plain least squares gives what each
// superpixel contributes, explains everything and knows it exactly; the ridge
// makes weights smaller.
func TestLIMEFindsTheWeightsOfALinearModel(t *testing.T) {
	q, in := newGame(t, 40, 0)
	r := explain(t, "lime", in, 40, "samples=400", "ridge=0")
	got, errors := perRegion(r, 0, q.regions)
	for s, want := range q.alone {
		if math.Abs(got[s]-want) > 1e-6 || errors[s] > 1e-7 { // scores are float32
			t.Errorf("weight %d is %g ± %g, want %g", s, got[s], errors[s], want)
		}
	}
	if m := r.Maps[0].Metrics; math.Abs(m["r2"]-1) > 1e-6 || math.Abs(m["intercept"]-0.2) > 1e-6 {
		t.Errorf("R² and intercept are %v", m)
	}
	held, _ := perRegion(explain(t, "lime", in, 40, "samples=400", "ridge=20"), 0, q.regions)
	var a, b float64
	for s := range held {
		a, b = a+held[s]*held[s], b+got[s]*got[s]
	}
	if a >= b {
		t.Errorf("with a ridge the squares add up to %g, without to %g", a, b)
	}
}

// TestLIMEOfTwoSuperpixelsByHand works the ridge out for a game of two
// superpixels from the same trials' weights: by symmetry of a game in which
// both count the same, both weights are equal, and with as many samples as make
// chance small they are b / (1 + ridge/V) for V the weighted variance along their sum.
func TestLIMEOfTwoSuperpixelsByHand(t *testing.T) {
	q, in := newGame(t, 2, 0)
	if q.regions.Count != 2 {
		t.Fatalf("%d superpixels", q.regions.Count)
	}
	q.alone[0], q.alone[1] = 0.3, 0.3
	base, err := q.Predict(t.Context(), []infer.Tensor{in.Tensor})
	if err != nil {
		t.Fatal(err)
	}
	in.Subject, in.Base = q, base[0]
	const samples, ridge = 20000, 100
	got, _ := perRegion(explain(t, "lime", in, 2, fmt.Sprint("samples=", samples), fmt.Sprint("ridge=", ridge), "width=0.5"), 0, q.regions)
	kernel := func(shown float64) float64 {
		d := 1 - math.Sqrt(shown/2)
		return math.Sqrt(math.Exp(-d * d / 0.25))
	}
	// A quarter of the samples each shows none, one, the other and both.
	none, one, both := samples/4*kernel(0), samples/4*kernel(1), samples/4*kernel(2)
	total := none + 2*one + both
	mean := (2*one + 2*both) / total // of how many are shown
	v := (none*mean*mean + 2*one*(1-mean)*(1-mean) + both*(2-mean)*(2-mean)) / 2
	want := 0.3 * v / (v + ridge)
	for s, w := range got {
		if math.Abs(w-want) > 0.01*want {
			t.Errorf("weight %d is %g, want about %g", s, w, want)
		}
	}
}

// TestLIMEErrorIsTold: over twenty seeds weights scatter by about the standard
// error that is told.
func TestLIMEErrorIsTold(t *testing.T) {
	q, in := newGame(t, 20, 0.05)
	n := q.regions.Count
	var all [][]float64
	told := 0.0
	const seeds = 20
	mean := make([]float64, n)
	for seed := range seeds {
		got, errors := perRegion(explain(t, "lime", in, 20, "samples=600", "ridge=0", fmt.Sprint("seed=", seed)), 0, q.regions)
		all = append(all, got)
		for s := range n {
			mean[s] += got[s] / seeds
			told += errors[s] * errors[s] / seeds
		}
	}
	scatter := 0.0
	for _, got := range all {
		for s := range n {
			scatter += (got[s] - mean[s]) * (got[s] - mean[s]) / (seeds - 1)
		}
	}
	if ratio := math.Sqrt(scatter / told); ratio < 0.8 || ratio > 1.25 {
		t.Errorf("the weights scatter by %g of the standard error that is told", ratio)
	}
}

// TestFewSamplesAreRaised, and said so; the preview counts what is run.
func TestFewSamplesAreRaised(t *testing.T) {
	q, in := newGame(t, 40, 0)
	for _, id := range []string{"kernel-shap", "lime"} {
		r := explain(t, id, in, 40, "samples=10")
		if len(r.Warnings) == 0 || !strings.Contains(r.Warnings[0], "10 samples are too few") {
			t.Errorf("%s warns %q", id, r.Warnings)
		}
		v := vistest.Find(t, id)
		values, err := visualizers.ParseValues(v, in.Subject, []string{fmt.Sprint("segments=", q.regions.Count), "samples=500"})
		if err != nil {
			t.Fatal(err)
		}
		p := v.(visualizers.Previewer).Preview(in.Subject, values)
		if r := explain(t, id, in, 40, "samples=500"); r.Passes != p.Passes {
			t.Errorf("%s: %d passes where %d were announced", id, r.Passes, p.Passes)
		}
	}
}

// TestHounsfieldUnitsAreFilledInTheirOwn: black in a CT is air, so a superpixel hidden
// so has the tensor's value for −1000 HU; a model that sums its input then says
// so in the values.
func TestHounsfieldUnitsAreFilledInTheirOwn(t *testing.T) {
	const side = 16
	weights := make([]float64, side*side)
	for i := range weights {
		weights[i] = 1.0 / (side * side)
	}
	n := vistest.Linear(1, side, side, [][]float64{weights, make([]float64, side*side)}, []float64{10, 0})
	x := infer.NewTensor(1, side, side)
	img := &picture.Image{Name: "ct", Width: side, Height: side, Channels: 1, Unit: "HU", Range: [2]float32{-160, 240}}
	for i := range x.Data {
		if i%side >= side/2 {
			x.Data[i] = 2
		}
	}
	base, err := n.Predict(t.Context(), []infer.Tensor{x})
	if err != nil {
		t.Fatal(err)
	}
	in := visualizers.Input{Subject: n, Image: img, Tensor: x, Base: base[0], Targets: []score.Target{score.ClassTarget(0, score.Logit)}}
	r := explain(t, "kernel-shap", in, 4, "fill=black")
	air := float64(float32(-1000) / 255) // as the net encodes it
	got := 0.0
	for _, row := range r.Parts[0].Table.Rows {
		got += row[4].(float64)
	}
	// The net's rectifier cuts what is below zero, so air counts as zero: the
	// values add up to the mean of the picture, 1.
	if air >= 0 || math.Abs(got-1) > 1e-5 {
		t.Errorf("the values add up to %g, want 1", got)
	}
	if f := r.Maps[0].Finding; !strings.Contains(f, "adds most") {
		t.Errorf("the finding is %q", f)
	}
}

// A run for two classes tells them apart: each has what a run for it alone gives, to
// the last bit.
func TestResultsOfSeveralClassesComeApart(t *testing.T) {
	q, in := newGame(t, 12, 0.05)
	for _, id := range []string{"lime", "kernel-shap"} {
		both, ok := explain(t, id, in, q.regions.Count, "samples=64").Apart()
		if !ok || len(both) != len(in.Targets) {
			t.Fatalf("%s: %d results of %d classes", id, len(both), len(in.Targets))
		}
		for i, target := range in.Targets {
			alone := in
			alone.Targets = []score.Target{target}
			if want := explain(t, id, alone, q.regions.Count, "samples=64"); !reflect.DeepEqual(both[i], want) {
				t.Errorf("%s: class %d has another result beside the other: %+v, want %+v", id, target.Class, both[i].Parts[0].Table, want.Parts[0].Table)
			}
		}
	}
}
