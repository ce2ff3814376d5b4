package script_test

import (
	"fmt"
	"math"
	_ "picasso/visualizers/methods" // compared with
	"strings"
	"testing"

	"picasso/backend/infer"
	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/script"
	"picasso/visualizers/vistest"
)

func TestLaws(t *testing.T) {
	all, err := script.Examples()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		t.Run(e.Name, func(t *testing.T) { vistest.Laws(t, example(t, e.Name)) })
	}
}

func TestExamplesAreShort(t *testing.T) {
	all, err := script.Examples()
	if err != nil || len(all) < 7 {
		t.Fatalf("%d examples, %v", len(all), err)
	}
	for _, e := range all {
		if n := strings.Count(e.Text, "\n"); n >= 40 {
			t.Errorf("%s has %d lines", e.Name, n)
		}
	}
}

// vistestNet is a small random net.
func vistestNet() *vistest.Net { return vistest.Random(3, 12, 12) }

// input is what a method is asked on a small random net.
func input(t testing.TB, v visualizers.Visualizer, n *vistest.Net, targets ...score.Target) visualizers.Input {
	t.Helper()
	img := vistest.Picture(n.Width+5, n.Height+3)
	x, err := n.Prepare(img)
	if err != nil {
		t.Fatal(err)
	}
	base, err := n.Predict(t.Context(), []infer.Tensor{x})
	if err != nil {
		t.Fatal(err)
	}
	if targets == nil {
		targets = []score.Target{score.ClassTarget(1, v.Info().Score)}
	}
	return visualizers.Input{Subject: n, Image: img, Tensor: x, Base: base[0], Targets: targets, Values: visualizers.Defaults(v, n)}
}

func explain(t testing.TB, v visualizers.Visualizer, in visualizers.Input) visualizers.Result {
	t.Helper()
	r, err := v.Explain(t.Context(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestOcclusionEqualsTheBuiltIn(t *testing.T) {
	builtIn := vistest.Find(t, "occlusion")
	s := example(t, "occlusion.star")
	for _, n := range []*vistest.Net{vistest.Random(3, 24, 24), vistest.Random(1, 17, 30)} {
		for _, fill := range []string{"mean", "grey", "black", "white", "zero"} {
			for _, size := range []string{"size=5", "size=7x3", "size=40%", "size=100"} {
				t.Run(fmt.Sprint(n.Width, fill, size), func(t *testing.T) {
					want, got := input(t, builtIn, n), input(t, s, n)
					pairs := []string{size, "stride=3x2", "fill=" + fill}
					var err error
					if want.Values, err = visualizers.ParseValues(builtIn, n, pairs); err != nil {
						t.Fatal(err)
					}
					if got.Values, err = visualizers.ParseValues(s, n, pairs); err != nil {
						t.Fatal(err)
					}
					same(t, explain(t, s, got).Maps[0], explain(t, builtIn, want).Maps[0])
				})
			}
		}
	}
}

// same compares two maps value by value, to 1e-6 of the larger or of 1.
func same(t *testing.T, got, want visualizers.Map) {
	t.Helper()
	if got.Unit != want.Unit || got.Positive != want.Positive || got.Signed != want.Signed || len(got.Values) != len(want.Values) {
		t.Fatalf("%d values in %q, want %d in %q", len(got.Values), got.Unit, len(want.Values), want.Unit)
	}
	for i, w := range want.Values {
		if d := math.Abs(float64(got.Values[i] - w)); !(d <= 1e-6*max(1, math.Abs(float64(w)))) {
			t.Fatalf("value %d is %g, want %g", i, got.Values[i], w)
		}
	}
}

func TestGradientInputEqualsTheBuiltIn(t *testing.T) {
	builtIn := vistest.Find(t, "gradient-x-input")
	n := vistest.Random(3, 12, 16)
	s := example(t, "gradient_input.star")
	same(t, explain(t, s, input(t, s, n)).Maps[0], explain(t, builtIn, input(t, builtIn, n)).Maps[0])
}

func TestRISEFindsTheCorner(t *testing.T) {
	n := vistest.Corner(1, 24, 24, 8)
	s := example(t, "rise.star")
	m := explain(t, s, input(t, s, n, score.ClassTarget(0, score.Probability))).Maps[0]
	inside, outside := 0.0, 0.0
	for y := range 24 {
		for x := range 24 {
			if v := float64(m.Values[y*24+x]); x < 8 && y < 8 {
				inside += v / 64
			} else {
				outside += v / (24*24 - 64)
			}
		}
	}
	if !(inside > 0 && inside > 5*math.Abs(outside)) {
		t.Errorf("relevance inside the corner %g, outside %g", inside, outside)
	}
}

func TestOneRunServesAllTargets(t *testing.T) {
	n := vistest.Random(3, 12, 12)
	s := example(t, "occlusion.star")
	one := explain(t, s, input(t, s, n))
	three := explain(t, s, input(t, s, n, score.ClassTarget(0, 0), score.ClassTarget(1, 0), score.ClassTarget(2, 0)))
	if three.Passes != one.Passes || len(three.Maps) != 3 {
		t.Errorf("three classes: %d maps from %d pictures, one class needs %d", len(three.Maps), three.Passes, one.Passes)
	}
	same(t, three.Maps[1], one.Maps[0])
}

func TestTablesTextsAndPictures(t *testing.T) {
	n := vistest.Random(3, 12, 12)
	probabilities := example(t, "class_probabilities.star")
	r := explain(t, probabilities, input(t, probabilities, n))
	if len(r.Parts) != 1 || len(r.Parts[0].Table.Rows) != 3 || r.Passes != 0 {
		t.Fatalf("class probabilities: %+v", r)
	}
	in := input(t, probabilities, n)
	best := r.Parts[0].Table.Rows[0]
	index := int(best[1].(float64))
	if best[0] != n.Names[index] || float32(best[2].(float64)) != in.Base.Probabilities[index] {
		t.Errorf("the best class is %v, the model says %v", best, in.Base.Probabilities)
	}
	ablation := example(t, "channel_ablation.star")
	in = input(t, ablation, n)
	in.Values["pictures"] = true
	if r = explain(t, ablation, in); len(r.Parts) != 4 || r.Parts[3].Picture == nil || len(r.Parts[0].Table.Rows) != 3 {
		t.Errorf("channel ablation: %+v", r.Parts)
	}
	summary := example(t, "relies_on.star")
	if r = explain(t, summary, input(t, summary, n)); !strings.HasPrefix(r.Parts[0].Text, "**P(no tank)** is 0.") {
		t.Errorf("summary: %+v", r.Parts)
	}
}
