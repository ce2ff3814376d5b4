package sanity

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/onnx/shuffle"
	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/vistest"
)

// net is a host of layers whose weights are 1…16, and the same network with
// others. Its answer is .9 with its own weights and given by after with others.
type net struct {
	*vistest.Net
	layers  int
	weights []float32 // of all layers, from the top
	own     bool
	after   float32
	spread  float64 // of the lowest layer with other weights, 1 being its own
	open    *int    // sessions
}

func newNet(layers int) *net {
	return &net{Net: vistest.Corner(1, 8, 8, 2), layers: layers, own: true, after: .3, spread: 1, open: new(int)}
}

func (n *net) Weighted(context.Context) (*onnx.Model, error) {
	m := &onnx.Model{IRVersion: 8, Opsets: map[string]int64{"": 13}, Graph: &onnx.Graph{
		Inputs: []*onnx.Value{{Name: "x", Type: onnx.Float}}, Outputs: []*onnx.Value{{Name: "x0", Type: onnx.Float}},
	}}
	at := "x"
	for i := n.layers - 1; i >= 0; i-- {
		w, out := fmt.Sprintf("w%d", i), fmt.Sprintf("x%d", i)
		values := make([]float32, 16)
		for k := range values {
			values[k] = float32(k + 1)
		}
		m.Graph.Initializers = append(m.Graph.Initializers, onnx.NewTensor(w, []int64{4, 4}, values))
		m.Graph.Nodes = append(m.Graph.Nodes, &onnx.Node{Name: "layer " + fmt.Sprint(i), OpType: "MatMul", Inputs: []string{at, w}, Outputs: []string{out}})
		at = out
	}
	return m, nil
}

func (n *net) Reweighed(ctx context.Context, file *onnx.Model) (*net, error) {
	other := *n
	plain, _ := n.Weighted(ctx)
	other.own = true
	for i := range n.layers {
		before, _ := plain.Graph.Index().Constant(fmt.Sprintf("w%d", i)).Floats(nil)
		after, _ := file.Graph.Index().Constant(fmt.Sprintf("w%d", i)).Floats(nil)
		other.weights = append(other.weights, after...)
		other.own = other.own && slices.Equal(before, after)
	}
	*n.open++
	return &other, nil
}

func (n *net) Gauged(_ context.Context, g *shuffle.Gauge, _ infer.Tensor) (shuffle.Measure, func() error, error) {
	*n.open++
	return func(_ context.Context, factors []float64) ([]float64, error) {
		out := slices.Repeat([]float64{1}, len(factors))
		w := g.Model.Graph.Index().Constant(fmt.Sprintf("w%d", n.layers-1))
		if v, err := w.Floats(nil); err == nil && !slices.IsSorted(v) {
			out[len(out)-1] = n.spread
		}
		return out, nil
	}, n.Close, nil
}

func (n *net) Close() error { *n.open--; return nil }

func (n *net) Predict(context.Context, []infer.Tensor) ([]score.Scores, error) {
	p := n.after
	if n.own {
		p = .9
	}
	return []score.Scores{{Probabilities: []float32{p, 1 - p}}}, nil
}

// method is one whose map is drawn by a function.
type method struct {
	visualizers.Visualizer
	group visualizers.Group
	draw  func(n *net) ([]float32, error)
}

func (m method) Info() visualizers.Info { return visualizers.Info{ID: "method", Group: m.group} }

func (m method) Explain(ctx context.Context, in visualizers.Input, _ func(visualizers.Result)) (visualizers.Result, error) {
	values, err := m.draw(in.Subject.(*net))
	return visualizers.Result{Maps: []visualizers.Map{{Channels: 1, Height: 8, Width: 8, Values: values}}}, err
}

// noise is a map that only a seed decides.
func noise(seed uint64) []float32 {
	r := rand.New(rand.NewPCG(seed, 1))
	values := make([]float32, 64)
	for i := range values {
		values[i] = float32(r.NormFloat64())
	}
	return values
}

// sees draws the picture and nothing else; learns draws what its weights say.
func sees(*net) ([]float32, error) { return noise(1), nil }

func learns(n *net) ([]float32, error) {
	sum := uint64(0)
	for i, w := range n.weights {
		sum += uint64(i+1) * uint64(w)
	}
	return noise(sum), nil
}

func ran(t *testing.T, n *net, m method, o Options) Report {
	t.Helper()
	r, err := run(t.Context(), n, m, o)
	if err != nil {
		t.Fatal(err)
	}
	if *n.open != 0 {
		t.Errorf("%d sessions stay open", *n.open)
	}
	return r
}

func run(ctx context.Context, n *net, m method, o Options) (Report, error) {
	base, _ := n.Predict(ctx, nil)
	x := infer.NewTensor(1, 8, 8)
	in := visualizers.Input{Subject: n, Tensor: x, Base: base[0], Targets: []score.Target{score.ClassTarget(0, score.Probability)}}
	return Run(ctx, Of(n), m, in, o, Others{}, nil)
}

func TestVerdicts(t *testing.T) {
	half := func(n *net) ([]float32, error) { // a half of the map is that of the picture
		learned, _ := learns(n)
		for i, v := range noise(1) {
			learned[i] += v
		}
		return learned, nil
	}
	flat := func(n *net) ([]float32, error) {
		if n.own {
			return noise(1), nil
		}
		return make([]float32, 64), nil
	}
	fails := func(n *net) ([]float32, error) {
		if n.own {
			return noise(1), nil
		}
		return nil, errors.New("the gradient is not a number")
	}
	still := newNet(10)
	still.after = .88
	for _, c := range []struct {
		name  string
		net   *net
		draw  func(*net) ([]float32, error)
		want  Verdict
		words string
	}{
		{"the picture", newNet(10), sees, BarelyChanges, "shows the picture, not the decision"},
		{"the weights", newNet(10), learns, Changes, "P(bright corner) went from 0.90 to 0.30;"},
		{"both", newNet(10), half, Partly, "A part of the map stays"},
		{"a map that becomes flat", newNet(10), flat, Changes, "becomes constant"},
		{"a method that fails", newNet(10), fails, Untold, "the gradient is not a number"},
		{"an answer that stays", still, learns, Untold, "hardly moved"},
		{"a flat map", newNet(10), func(*net) ([]float32, error) { return make([]float32, 64), nil }, Untold, "same everywhere"},
		{"no weights", newNet(0), learns, Untold, "no layers whose weights could be shuffled"},
	} {
		r := ran(t, c.net, method{draw: c.draw}, Defaults())
		if r.Verdict != c.want || !strings.Contains(r.Finding, c.words) {
			t.Errorf("%s: %s: %s %v", c.name, r.Verdict, r.Finding, r.Notes)
		}
	}
}

func TestStepsOfACheck(t *testing.T) {
	units := func(steps []Step) string {
		var list []string
		for _, s := range steps {
			list = append(list, strings.Join(s.Names, "+"))
		}
		return strings.ReplaceAll(strings.Join(list, " "), "layer ", "")
	}
	r := ran(t, newNet(9), method{draw: learns}, Defaults())
	if got := units(r.Steps); got != "0 0+1 0+1+2+3 0+1+2+3+4+5+6+7 0+1+2+3+4+5+6+7+8" || units(r.Seeds) != "0+1 0+1 0+1 0+1 0+1" {
		t.Errorf("cascade %q, seeds %q", got, units(r.Seeds))
	}
	o := Defaults()
	o.Order, o.Seeds = Independent, 2
	r = ran(t, newNet(9), method{draw: learns}, o)
	if got := units(r.Steps); got != "0 1 3 7 8" || units(r.Seeds) != "0+1 0+1" {
		t.Errorf("independent %q, seeds %q", got, units(r.Seeds))
	}
	r = ran(t, newNet(3), method{draw: learns}, Defaults())
	if got := units(r.Seeds); !strings.HasPrefix(got, "0+1+2 ") || len(r.Notes) == 0 {
		t.Errorf("of few layers all are judged: %q %v", got, r.Notes)
	}
	r = ran(t, newNet(9), method{draw: learns, group: visualizers.Sampling}, Defaults())
	if len(r.Steps) != 1 || r.Steps[0].Units != 9 || len(r.Seeds) != 5 {
		t.Errorf("of a dear method: %q, seeds %q", units(r.Steps), units(r.Seeds))
	}
	if r.Seeds[0].Spearman != r.Steps[0].Spearman || r.Seeds[1].Spearman == r.Seeds[2].Spearman {
		t.Error("the first seed is not the step's, or two seeds give one map")
	}
}

func TestLadder(t *testing.T) {
	for _, c := range []struct {
		units, most, judged int
		want                []int
	}{
		{1, 8, 1, []int{1}}, {3, 8, 3, []int{1, 2, 3}}, {16, 8, 2, []int{1, 2, 4, 8, 16}}, {22, 8, 2, []int{1, 2, 4, 8, 16, 22}},
		{400, 8, 2, []int{1, 2, 5, 17, 48, 139, 400}}, {22, 2, 2, []int{2, 22}}, {5, 2, 5, []int{5}}, {22, 1, 22, []int{22}},
	} {
		got := ladder(c.units, c.most, c.judged)
		if len(got) > c.most || got[len(got)-1] != c.units || c.judged != c.units && !slices.Contains(got, c.judged) || !slices.IsSorted(got) {
			t.Errorf("%d units in %d: %v", c.units, c.most, got)
		}
		if c.units < 100 && !slices.Equal(got, c.want) {
			t.Errorf("%d units in %d: %v, want %v", c.units, c.most, got, c.want)
		}
	}
}

func TestUnitsOutOfProportionAreScaledBack(t *testing.T) {
	n := newNet(9)
	n.spread = 50
	r := ran(t, n, method{draw: learns}, Defaults())
	if last := r.Steps[len(r.Steps)-1]; !slices.Equal(last.Rescaled, []string{"layer 8"}) {
		t.Errorf("rescaled %v", last.Rescaled)
	}
	if r.Steps[0].Rescaled != nil || !strings.Contains(strings.Join(r.Notes, " "), "layer 8") {
		t.Errorf("rescaled %v, notes %v", r.Steps[0].Rescaled, r.Notes)
	}
}

func TestCostIsWhatIsDone(t *testing.T) {
	count := 0
	m := method{draw: func(n *net) ([]float32, error) { count++; return learns(n) }}
	n := newNet(200)
	ran(t, n, m, Defaults())
	if want := Expect(m, visualizers.Input{Subject: n}, Defaults()).Maps; count > want || want > 16 {
		t.Errorf("%d maps, expected %d", count, want)
	}
}

func TestACancelledRunClosesWhatItOpened(t *testing.T) {
	n := newNet(9)
	ctx, cancel := context.WithCancel(t.Context())
	m := method{draw: func(n *net) ([]float32, error) {
		if !n.own {
			cancel()
			return nil, ctx.Err()
		}
		return noise(1), nil
	}}
	if _, err := run(ctx, n, m, Defaults()); !errors.Is(err, context.Canceled) || *n.open != 0 {
		t.Errorf("error %v, %d sessions open", err, *n.open)
	}
}

func TestOtherPicturesAreTheBaseline(t *testing.T) {
	c := &check{grid: shrunk(visualizers.Map{Channels: 1, Height: 8, Width: 8, Values: noise(1)})}
	same := visualizers.Map{Channels: 1, Height: 8, Width: 8, Values: noise(1)}
	c.compareWith([]visualizers.Map{same, same})
	if c.report.Mirrored || math.Abs(c.report.Baseline-1) > 1e-9 || c.different() != sameStructure {
		t.Errorf("baseline %g, different below %g", c.report.Baseline, c.different())
	}
	c.compareWith([]visualizers.Map{same})
	if !c.report.Mirrored || c.report.Baseline > .5 {
		t.Errorf("one other picture is no baseline: %g", c.report.Baseline)
	}
}
