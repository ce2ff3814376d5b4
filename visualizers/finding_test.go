package visualizers_test

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"picasso/backend/infer"
	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/methods"
	"picasso/visualizers/vistest"
)

var exponent = regexp.MustCompile(`[0-9]e[-+]?[0-9]`)

// Whatever is set, each map says in a sentence what it found, and speaks of its
// own class, score and value in the picture alone.
func TestEveryMapSaysWhatItFound(t *testing.T) {
	n := vistest.Random(3, 12, 14)
	img := vistest.Picture(14, 12)
	x, err := n.Prepare(img)
	if err != nil {
		t.Fatal(err)
	}
	base, err := n.Predict(t.Context(), []infer.Tensor{x})
	if err != nil {
		t.Fatal(err)
	}
	targets := []score.Target{
		score.ClassTarget(1, score.Logit), score.ClassTarget(2, score.Probability), {Class: 0, Against: 1, Score: score.Logit},
	}
	for _, v := range methods.All() {
		for _, pairs := range variants(v) {
			values, err := visualizers.ParseValues(v, n, pairs)
			if err != nil {
				t.Fatal(err)
			}
			r, err := v.Explain(t.Context(), visualizers.Input{Subject: n, Image: img, Tensor: x, Base: base[0], Values: values, Targets: targets}, func(visualizers.Result) {})
			if err != nil {
				t.Fatal(err)
			}
			for k, m := range r.Maps {
				name := fmt.Sprintf("%s %v of %s", v.Info().ID, pairs, targets[k].Symbol(n))
				t.Logf("%s: %s", name, m.Finding)
				if !strings.HasSuffix(m.Finding, ".") || exponent.MatchString(m.Finding) || strings.Contains(m.Finding, "%!") || strings.Contains(m.Finding, "NaN") {
					t.Errorf("%s says %q", name, m.Finding)
				}
				if v.Info().ID == "occlusion-activity" { // watches a feature, no class
					continue
				}
				rest := strings.ReplaceAll(m.Finding, targets[k].Symbol(n), "")
				if rest == m.Finding || strings.Contains(rest, "logit(") || strings.Contains(rest, "P(") {
					t.Errorf("%s says %q", name, m.Finding)
				}
			}
		}
	}
}

// variants are the settings that change what a map means.
func variants(v visualizers.Visualizer) [][]string {
	out := [][]string{nil}
	for _, set := range v.Settings() {
		if c, ok := set.(visualizers.Choice); ok && slices.Contains([]string{"reduce", "kind", "channels", "upsample"}, c.ID) {
			for _, option := range c.Options {
				out = append(out, []string{c.ID + "=" + option})
			}
		}
		if set.Key() == "relu" {
			out = append(out, []string{"relu=off"})
		}
	}
	return out
}

// A finding of a linear net by hand: logit(a) = 3·x₀ − 2·x₅ + …, whose gradient
// is its weights.
func TestFindingsOfALinearNetByHand(t *testing.T) {
	weights := make([]float64, 6)
	weights[1], weights[5] = 3, -2
	n := vistest.Linear(1, 2, 3, [][]float64{weights, make([]float64, 6)}, []float64{0, 0})
	for i, c := range []struct {
		id    string
		pairs []string
		want  []string
	}{
		// Magnitudes 3 and 2: one value of six is half of the total.
		{"saliency", nil, []string{"It reacts most to small changes of the pixel at x 1, y 0 of", "half of the map's total lies in 16.7 % of the pixels"}},
		{"saliency", []string{"reduce=sum"}, []string{"A small rise of the pixel at x 1, y 0 of the model's input raises it most, and a rise of the one at x 2, y 1 of the model's input lowers it most."}},
		{"smoothgrad", []string{"samples=3"}, []string{"(mean over noisy copies)", "x 1, y 0"}},
		{"gradient-x-input", nil, []string{"x 1, y 0 of the model's input raises it most (+", "x 2, y 1 of the model's input lowers it most (\u2013"}},
		{"guided-backprop", nil, []string{"returns to the pixel at x 1, y 0", "is not a gradient"}},
	} {
		in, r := run(t, c.id, n, c.pairs...)
		v, err := r.Maps[0].Target.Value(in.Base)
		if err != nil {
			t.Fatal(err)
		}
		want := append(c.want, in.Targets[0].Symbol(n)+" is "+visualizers.ScoreWords(v, score.Logit)+".")
		for _, words := range want {
			if !strings.Contains(r.Maps[0].Finding, words) {
				t.Errorf("%d: %s says %q, want %q", i, c.id, r.Maps[0].Finding, words)
			}
		}
	}
}

func TestFocusByHand(t *testing.T) {
	nan := float32(math.NaN())
	for _, c := range []struct {
		values []float32
		want   float64
	}{
		{[]float32{0, 0, 0, 0}, 0}, {[]float32{0, -4, 0, 0}, 0.25}, {[]float32{1, 1, 1, 1}, 0.5}, {[]float32{3, 1, nan, -2}, 0.25}, {nil, 0},
	} {
		if got := (visualizers.Map{Values: c.values}).Focus(); got != c.want {
			t.Errorf("%v: %v, want %v", c.values, got, c.want)
		}
	}
}

func TestAMapOfZerosSaysSo(t *testing.T) {
	n := vistest.Linear(1, 2, 3, [][]float64{make([]float64, 6), make([]float64, 6)}, []float64{0, 0})
	if _, r := run(t, "saliency", n); !strings.Contains(r.Maps[0].Finding, "0 everywhere") {
		t.Errorf("says %q", r.Maps[0].Finding)
	}
}
