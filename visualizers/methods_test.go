package visualizers_test

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"picasso/backend/infer"
	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/vistest"
)

// The laws that tie the gradient methods to each other and to theory. What
// holds for every visualizer alone is in package vistest.

// run explains a random input of a net by a method with the given settings.
func run(t *testing.T, id string, n *vistest.Net, pairs ...string) (visualizers.Input, visualizers.Result) {
	t.Helper()
	v := vistest.Find(t, id)
	values, err := visualizers.ParseValues(v, n, pairs)
	if err != nil {
		t.Fatal(err)
	}
	x := positive(n)
	base, err := n.Predict(context.Background(), []infer.Tensor{x})
	if err != nil {
		t.Fatal(err)
	}
	in := visualizers.Input{
		Subject: n, Tensor: x, Base: base[0], Values: values,
		Targets: []score.Target{score.ClassTarget(0, score.Logit)},
	}
	r, err := v.Explain(context.Background(), in, func(visualizers.Result) {})
	if err != nil {
		t.Fatal(err)
	}
	return in, r
}

// positive is an input without negative values, so that a net of unit features
// is linear there.
func positive(n *vistest.Net) infer.Tensor {
	random := rand.New(rand.NewPCG(1, 2))
	x := infer.NewTensor(n.Channels, n.Height, n.Width)
	for i := range x.Data {
		x.Data[i] = random.Float32() + 0.1
	}
	return x
}

// linear is a net with one row of weights per class, and those weights.
func linear(channels, height, width int) (*vistest.Net, [][]float64) {
	random := rand.New(rand.NewPCG(3, 4))
	weights := make([][]float64, 2)
	for j := range weights {
		for range channels * height * width {
			weights[j] = append(weights[j], random.NormFloat64())
		}
	}
	return vistest.Linear(channels, height, width, weights, []float64{0.5, -0.5}), weights
}

func sameValues(t *testing.T, what string, got []float32, want func(i int) float64, tolerance float64) {
	t.Helper()
	for i, v := range got {
		if math.Abs(float64(v)-want(i)) > tolerance {
			t.Fatalf("%s: value %d is %g, want %g", what, i, v, want(i))
		}
	}
}

func TestGradientOfALinearModelIsItsWeights(t *testing.T) {
	n, w := linear(2, 3, 4)
	_, r := run(t, "saliency", n, "channels=all")
	sameValues(t, "saliency", r.Maps[0].Values, func(i int) float64 { return w[0][i] }, 1e-6)
	in, r := run(t, "gradient-x-input", n, "channels=all")
	sameValues(t, "gradient × input", r.Maps[0].Values, func(i int) float64 { return w[0][i] * float64(in.Tensor.Data[i]) }, 1e-5)
}

func TestChannelsKeptApartHaveAnAxis(t *testing.T) {
	for channels, want := range map[int][]int{1: {1, 3, 4}, 2: {2, 3, 4}} {
		n, _ := linear(channels, 3, 4)
		_, r := run(t, "saliency", n, "channels=all")
		if got := r.Maps[0].Shape(); !slices.Equal(got, want) {
			t.Errorf("all of %d channels: shape %v, want %v", channels, got, want)
		}
		_, r = run(t, "saliency", n, "channels=0")
		if got := r.Maps[0].Shape(); !slices.Equal(got, want[1:]) {
			t.Errorf("one of %d channels: shape %v, want %v", channels, got, want[1:])
		}
	}
}

func TestReductions(t *testing.T) {
	// One pixel of three channels whose gradient is 1, −3, 2.
	n := vistest.Linear(3, 1, 1, [][]float64{{1, -3, 2}, {0, 0, 0}}, []float64{0, 0})
	for how, want := range map[string]float64{
		"reduce=absmax": 3, "reduce=classic": 2, "reduce=l2": math.Sqrt(14), "reduce=mean": 0, "reduce=sum": 0,
		"channels=1": -3, "channels=2": 2,
	} {
		_, r := run(t, "saliency", n, how)
		sameValues(t, how, r.Maps[0].Values, func(int) float64 { return want }, 1e-6)
	}
}

// The shares of a linear score add up exactly. Those of its probability do not, and
// the gap is what it is by hand.
func TestGradientTimesInputSaysWhetherItAddsUp(t *testing.T) {
	n, w := linear(2, 3, 4)
	in, r := run(t, "gradient-x-input", n)
	var sum float64
	for i, v := range in.Tensor.Data {
		sum += w[0][i] * float64(v)
	}
	if got := r.Maps[0].Metrics; math.Abs(got["completeness_gap"]) > 1e-4 || math.Abs(got["score_difference"]-sum) > 1e-4 || r.Passes != 2 {
		t.Errorf("%v in %d passes, want a difference of %g", got, r.Passes, sum)
	}
	in.Targets = []score.Target{score.ClassTarget(0, score.Probability)}
	r, err := vistest.Find(t, "gradient-x-input").Explain(t.Context(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	dark, err := n.Predict(t.Context(), []infer.Tensor{infer.NewTensor(in.Tensor.Shape...)})
	if err != nil {
		t.Fatal(err)
	}
	var shares float64
	for _, v := range r.Maps[0].Values {
		shares += float64(v)
	}
	want := shares - float64(in.Base.Probabilities[0]-dark[0].Probabilities[0])
	if got := r.Maps[0].Metrics["completeness_gap"]; math.Abs(got-want) > 1e-5 || math.Abs(want) < 1e-3 {
		t.Errorf("gap %g, want %g", got, want)
	}
}

func TestSmoothGradOfOneSampleWithoutNoiseIsTheGradient(t *testing.T) {
	n := vistest.Random(3, 6, 5)
	_, plain := run(t, "saliency", n, "channels=all")
	_, smooth := run(t, "smoothgrad", n, "samples=1", "sigma=0", "channels=all")
	sameValues(t, "smoothgrad", smooth.Maps[0].Values, func(i int) float64 { return float64(plain.Maps[0].Values[i]) }, 1e-6)
	_, squared := run(t, "smoothgrad", n, "samples=3", "sigma=0", "kind=squared", "channels=all")
	sameValues(t, "squared", squared.Maps[0].Values, func(i int) float64 {
		g := float64(plain.Maps[0].Values[i])
		return g * g
	}, 1e-6)
	_, variance := run(t, "smoothgrad", n, "samples=3", "sigma=0", "kind=variance", "channels=all")
	sameValues(t, "variance", variance.Maps[0].Values, func(int) float64 { return 0 }, 1e-9)
}

func TestIntegratedGradientsOfALinearModel(t *testing.T) {
	n, w := linear(2, 3, 4)
	for _, rule := range []string{"midpoint", "trapezoid", "left", "right", "gauss"} {
		in, r := run(t, "integrated-gradients", n, "steps=7", "baseline=white", "rule="+rule, "channels=all")
		white := n.Encoder(nil)([]float32{255, 255})
		sameValues(t, rule, r.Maps[0].Values, func(i int) float64 { return w[0][i] * float64(in.Tensor.Data[i]-white[i/12]) }, 1e-4)
		if gap := r.Maps[0].Metrics["completeness_gap"]; math.Abs(gap) > 1e-4 {
			t.Errorf("%s: completeness gap %g", rule, gap)
		}
	}
}

func TestIntegratedGradientsOfASmoothScoreAreComplete(t *testing.T) {
	// Explaining the probability of a linear model: smooth, but not linear.
	n, _ := linear(1, 4, 4)
	v := vistest.Find(t, "integrated-gradients")
	values, err := visualizers.ParseValues(v, n, []string{"steps=20", "baseline=white", "rule=gauss"})
	if err != nil {
		t.Fatal(err)
	}
	x := positive(n)
	base, _ := n.Predict(context.Background(), []infer.Tensor{x})
	r, err := v.Explain(context.Background(), visualizers.Input{
		Subject: n, Tensor: x, Base: base[0], Values: values,
		Targets: []score.Target{score.ClassTarget(1, score.Probability)},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if gap := r.Maps[0].Metrics["completeness_gap"]; math.Abs(gap) > 1e-5 {
		t.Errorf("completeness gap %g", gap)
	}
}

// pooled is a net whose logits are weighted means of its two feature maps: a
// global average pool and a linear head.
func pooled(height, width int, head [2]float64) *vistest.Net {
	plane := height * width
	weights := make([]float64, 2*plane)
	for i := range weights {
		weights[i] = head[i/plane] / float64(plane)
	}
	return vistest.Linear(2, height, width, [][]float64{weights, make([]float64, 2*plane)}, []float64{0, 0})
}

func TestGradCAMOfAPooledLinearHeadIsCAM(t *testing.T) {
	n := pooled(3, 4, [2]float64{2, -1})
	in, r := run(t, "grad-cam", n, "relu=off", "upsample=none")
	plane := 12
	cam := func(i int) float64 { // Zhou et al. 2016: the head's weights on the feature maps
		x := in.Tensor.Data
		return (2*float64(x[i]) - float64(x[plane+i])) / float64(plane)
	}
	sameValues(t, "grad-cam", r.Maps[0].Values, cam, 1e-6)
	_, r = run(t, "hires-cam", n, "relu=off", "upsample=none")
	sameValues(t, "hires-cam", r.Maps[0].Values, cam, 1e-6)
	_, r = run(t, "layer-cam", n, "relu=off", "upsample=none")
	sameValues(t, "layer-cam", r.Maps[0].Values, func(i int) float64 { return 2 * float64(in.Tensor.Data[i]) / float64(plane) }, 1e-6)
}

func TestGradCAMSaysWhenNothingSpeaksForTheClass(t *testing.T) {
	_, r := run(t, "grad-cam", pooled(3, 4, [2]float64{-2, -1}))
	if want := "No positive evidence"; !strings.Contains(r.Maps[0].Finding, want) {
		t.Errorf("the finding %q does not say %q", r.Maps[0].Finding, want)
	}
}

func TestRISEFindsTheCorner(t *testing.T) {
	n := vistest.Corner(1, 16, 16, 4)
	_, r := run(t, "rise", n, "masks=400", "cells=4")
	m := r.Maps[0]
	inside, outside := mean(m, func(x, y int) bool { return x < 4 && y < 4 }), mean(m, func(x, y int) bool { return x > 8 && y > 8 })
	if inside <= outside {
		t.Errorf("the corner that decides scores %g, the rest %g", inside, outside)
	}
	if r.Maps[0].Metrics["standard_error"] <= 0 {
		t.Error("no standard error")
	}
}

func TestScoreCAMPrefersTheChannelThatCounts(t *testing.T) {
	// Class 0 reads feature 0 only, so the map must look like it.
	n := pooled(4, 4, [2]float64{40, 0})
	in, r := run(t, "score-cam", n, "upsample=none", "relu=off")
	var toFirst, toSecond float64
	for i, v := range r.Maps[0].Values {
		toFirst += math.Abs(float64(v - in.Tensor.Data[i]))
		toSecond += math.Abs(float64(v - in.Tensor.Data[16+i]))
	}
	if toFirst >= toSecond {
		t.Errorf("the map is nearer to the channel that does not count (%g) than to the one that does (%g)", toSecond, toFirst)
	}
}

func TestFeatureOcclusionOfOnePixelPerWindow(t *testing.T) {
	// Without overlap and with zero as fill, covering a pixel lowers the mean
	// of its feature by value/plane.
	n, _ := linear(2, 3, 4)
	in, r := run(t, "occlusion-activity", n, "size=1", "stride=1", "fill=zero", "feature=1")
	sameValues(t, "activity", r.Maps[0].Values, func(i int) float64 { return float64(in.Tensor.Data[12+i]) / 12 }, 1e-6)
}

func mean(m visualizers.Map, where func(x, y int) bool) float64 {
	var sum, n float64
	for i, v := range m.Values {
		if where(i%m.Width, i/m.Width) {
			sum, n = sum+float64(v), n+1
		}
	}
	return sum / n
}
