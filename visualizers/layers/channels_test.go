package layers_test

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"picasso/backend/infer"
	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/layers"
	"picasso/visualizers/vistest"
)

func noise(n *vistest.Net) infer.Tensor {
	r := rand.New(rand.NewPCG(9, 9))
	x := infer.NewTensor(n.Channels, n.Height, n.Width)
	for i := range x.Data {
		x.Data[i] = r.Float32()
	}
	return x
}

// The logits of the net are linear in its features: contributions add up to the
// logit without its bias.
func TestContributionsAddUpToTheLogit(t *testing.T) {
	n := vistest.Random(3, 6, 5)
	x := noise(n)
	answer, err := n.Predict(t.Context(), []infer.Tensor{x})
	if err != nil {
		t.Fatal(err)
	}
	list, lack, err := layers.Channels(t.Context(), n, "last", x, score.ClassTarget(1, score.Logit))
	if err != nil || lack != nil || len(list) != len(n.Mix) {
		t.Fatal(list, lack, err)
	}
	sum := n.Bias[1]
	for _, c := range list {
		sum += c.Contribution
	}
	if want := float64(answer[0].Logits[1]); math.Abs(sum-want) > 1e-5 {
		t.Errorf("contributions and bias are %g, the logit is %g", sum, want)
	}
	layers.Sort(list, layers.ByContribution)
	if !slices.IsSortedFunc(list, func(a, b layers.Channel) int { return int(math.Copysign(1, b.Contribution-a.Contribution)) }) {
		t.Errorf("sorted by contribution: %+v", list)
	}
	layers.Sort(list, layers.ByIndex)
	for i, c := range list {
		if c.Index != i || c.Mean > c.Max {
			t.Errorf("channel %d: %+v", i, c)
		}
	}
}

// blunt is a net whose activations can be read and nothing more.
type blunt struct {
	visualizers.Subject
	visualizers.Layered
}

func TestChannelsWithoutGradientsSayWhy(t *testing.T) {
	n := vistest.Random(3, 6, 5)
	list, lack, err := layers.Channels(t.Context(), blunt{n, n}, "last", noise(n), score.ClassTarget(1, score.Logit))
	if err != nil || lack == nil || !math.IsNaN(list[0].Contribution) || list[1].Max == 0 {
		t.Errorf("%+v, %v, %v", list, lack, err)
	}
}

// A net seen by its units obeys the methods that explain classes: its saliency is
// the gradient of a unit worked by hand, and the deconvnet of a unit is Zeiler and
// Fergus': up through the rectifier what is positive, then back through the filter.
func TestUnitsAreExplainedLikeClasses(t *testing.T) {
	n := vistest.Random(3, 4, 4)
	n.Mix = [][]float64{{1, -2, 0.5}, {-1, -1, -1}} // the second is off for every picture
	n.Read = [][]float64{make([]float64, 32), make([]float64, 32), make([]float64, 32)}
	x := noise(n)
	for i := range 16 {
		x.Data[i] += 3 // so that the first is on
	}
	s, err := layers.OfUnits(n, vistest.Layer, &[2]int{1, 2})
	if err != nil {
		t.Fatal(err)
	}
	if s.Classes() != 2 {
		t.Fatalf("%d classes", s.Classes())
	}
	base, err := s.Predict(context.Background(), []infer.Tensor{x})
	if err != nil {
		t.Fatal(err)
	}
	at := 1*4 + 2
	want := x.Data[at] - 2*x.Data[16+at] + 0.5*x.Data[32+at]
	if got := base[0].Probabilities[0]; math.Abs(float64(got-want)) > 1e-5 {
		t.Errorf("the unit is %g, want %g", got, want)
	}
	tests := []struct {
		id   string
		unit int
		mix  []float64 // back at the cell
	}{
		{"saliency", 0, []float64{1, -2, 0.5}},
		{"saliency", 1, []float64{0, 0, 0}},
		{"guided-backprop", 1, []float64{0, 0, 0}},
		{"deconvnet", 0, []float64{1, -2, 0.5}},
		{"deconvnet", 1, []float64{-1, -1, -1}}, // the activation is ignored
	}
	for _, tt := range tests {
		v := vistest.Find(t, tt.id)
		in := visualizers.Input{Subject: s, Tensor: x, Base: base[0], Targets: []score.Target{score.ClassTarget(tt.unit, score.Probability)}}
		if in.Values, err = visualizers.ParseValues(v, s, []string{"channels=all"}); err != nil {
			t.Fatal(err)
		}
		r, err := v.Explain(t.Context(), in, nil)
		if err != nil {
			t.Fatalf("%s: %v", tt.id, err)
		}
		for i, got := range r.Maps[0].Values {
			w := 0.0
			if i%16 == at {
				w = tt.mix[i/16]
			}
			if math.Abs(float64(got)-w) > 1e-6 {
				t.Errorf("%s of unit %d: value %d is %g, want %g", tt.id, tt.unit, i, got, w)
			}
		}
		if len(r.Maps[0].Unit) == 0 || r.Maps[0].Target.Class != tt.unit {
			t.Errorf("%s: %+v", tt.id, r.Maps[0].Target)
		}
	}
	if _, err := layers.OfUnits(n, vistest.Layer, &[2]int{4, 0}); err == nil {
		t.Error("a cell outside the map is taken")
	}
}
