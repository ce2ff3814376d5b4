package visualizers_test

import (
	"context"
	"fmt"
	"image"
	"math"
	"slices"
	"strings"
	"testing"

	"picasso/backend/infer"
	"picasso/backend/picture"
	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/spelling"
	"picasso/visualizers/vistest"
)

// ramp is a linear model of one class against a constant, with weights
// 1, 2, 3, … and an image of ones: its occlusion map is worked by hand.
func ramp(t *testing.T, width, height int) visualizers.Input {
	t.Helper()
	weights := make([]float64, width*height)
	x := infer.NewTensor(1, height, width)
	for i := range weights {
		weights[i], x.Data[i] = float64(i+1), 1
	}
	n := vistest.Linear(1, height, width, [][]float64{weights, make([]float64, len(weights))}, []float64{0, 3})
	in := answered(t, n, x)
	in.Targets = []score.Target{score.ClassTarget(0, score.Logit)}
	return in
}

// TestOcclusionByHand: hiding a window with zero lowers the logit by the sum
// of its weights; a pixel gets the mean over the windows that cover it.
func TestOcclusionByHand(t *testing.T) {
	nan := float32(math.NaN())
	for _, c := range []struct {
		name          string
		width, height int
		settings      []string
		want          []float32
	}{
		{"one pixel at a time", 3, 2, []string{"size=1", "stride=1"}, []float32{
			1, 2, 3,
			4, 5, 6}},
		// Windows at 0, 2 and 4 on both axes, the last of each cut off:
		// sums 16 24 15, 56 64 35, 43 47 25.
		{"last window cut off", 5, 5, []string{"size=2", "stride=2"}, []float32{
			16, 16, 24, 24, 15,
			16, 16, 24, 24, 15,
			56, 56, 64, 64, 35,
			56, 56, 64, 64, 35,
			43, 43, 47, 47, 25}},
		// Windows 2 × 1 at x 0, 1, 2 on each row: 3 5 7 and 11 13 15.
		{"overlap, wider than high", 4, 2, []string{"size=2x1", "stride=1"}, []float32{
			3, 4, 6, 7,
			11, 12, 14, 15}},
		{"stride by axis", 4, 2, []string{"size=2x1", "stride=2x1"}, []float32{
			3, 3, 7, 7,
			11, 11, 15, 15}},
		{"gaps stay empty", 5, 1, []string{"size=1", "stride=3"}, []float32{1, nan, nan, 4, nan}},
		{"no window beyond the border", 4, 1, []string{"size=1", "stride=4"}, []float32{1, nan, nan, nan}},
		{"larger than the picture", 2, 2, []string{"size=9", "stride=1"}, []float32{10, 10, 10, 10}},
		{"per cent of each side", 4, 2, []string{"size=50%", "stride=50%"}, []float32{
			3, 3, 7, 7,
			11, 11, 15, 15}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := explained(t, "occlusion", ramp(t, c.width, c.height), append(c.settings, "fill=zero")...)
			m := r.Maps[0]
			if m.Width != c.width || m.Height != c.height || !m.Signed || m.Unit != "drop in logit(class 0)" {
				t.Errorf("%d×%d, signed %v, unit %q", m.Width, m.Height, m.Signed, m.Unit)
			}
			same(t, m.Values, c.want, 1e-5)
		})
	}
}

func same(t *testing.T, got, want []float32, tolerance float64) {
	t.Helper()
	equal := slices.EqualFunc(got, want, func(a, b float32) bool {
		return math.IsNaN(float64(a)) && math.IsNaN(float64(b)) || math.Abs(float64(a-b)) <= tolerance
	})
	if !equal {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

// TestFillsByHand: what covers the window decides what is lost. The image is
// 0.5 but for one pixel of 1; the weight of every pixel is 1.
func TestFillsByHand(t *testing.T) {
	for fill, want := range map[string]float64{
		"zero": 0.5, "black": 0.5, "white": -0.5, "grey": 0, "51": 0.3, "306": -0.7,
		"mean": 0.5 - (0.5*8+1)/9, "0": 0.5,
	} {
		in := bright(t)
		in.Image = vistest.Picture(3, 3) // numbers are in its units, 0…255
		r := explained(t, "occlusion", in, "size=1", "stride=1", "fill="+fill)
		if got := float64(r.Maps[0].Values[0]); math.Abs(got-want) > 1e-5 {
			t.Errorf("fill %s: the first pixel has %g, want %g", fill, got, want)
		}
	}
	r := explained(t, "occlusion", bright(t), "size=1", "stride=1", "fill=0.2")
	if got := float64(r.Maps[0].Values[0]); math.Abs(got-0.3) > 1e-5 {
		t.Errorf("without a picture a number is in the tensor's units: got %g, want 0.3", got)
	}
}

// TestShadesOfMedicalPictures: black is air and white is bone wherever values
// are Hounsfield units, though the file asks for a soft tissue window; other
// pictures have the ends of what they show, also those shown inverted.
func TestShadesOfMedicalPictures(t *testing.T) {
	for _, c := range []struct {
		unit               string
		shown              [2]float32
		black, white, grey float64
	}{
		{"HU", [2]float32{-160, 240}, -1000, 1000, 0},
		{"", [2]float32{-160, 240}, -160, 240, 40},
		{"", [2]float32{4095, 0}, 4095, 0, 2047.5},
		{"", [2]float32{7, 7}, 0, 255, 127.5},
	} {
		in := bright(t)
		in.Image = picture.NewFloat("scan", 3, 3, 1, make([]float32, 9))
		in.Image.Unit, in.Image.Range = c.unit, c.shown
		for fill, raw := range map[string]float64{"black": c.black, "white": c.white, "grey": c.grey} {
			got := float64(covered(t, in, fill).Data[0])
			if want := raw / 255; math.Abs(got-want) > 1e-4 {
				t.Errorf("%q, shown %v, %s: the covered pixel has %g, want %g", c.unit, c.shown, fill, got, want)
			}
		}
	}
}

// covered is the input with its first pixel hidden by occlusion.
func covered(t *testing.T, in visualizers.Input, fill string) infer.Tensor {
	t.Helper()
	v := vistest.Find(t, "occlusion")
	var err error
	if in.Values, err = visualizers.ParseValues(v, in.Subject, []string{"fill=" + fill}); err != nil {
		t.Fatal(err)
	}
	out, err := v.(visualizers.Coverer).Cover(in, image.Rect(0, 0, 1, 1))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func bright(t *testing.T) visualizers.Input {
	weights := make([]float64, 9)
	x := infer.NewTensor(1, 3, 3)
	for i := range weights {
		weights[i], x.Data[i] = 1, 0.5
	}
	x.Data[4] = 1
	n := vistest.Linear(1, 3, 3, [][]float64{weights, make([]float64, 9)}, []float64{0, 0})
	in := answered(t, n, x)
	in.Targets = []score.Target{score.ClassTarget(0, score.Logit)}
	return in
}

// TestSoftFills: blur and gauss change a window less than the flat mean does,
// and noise follows its seed.
func TestSoftFills(t *testing.T) {
	in := ramp(t, 8, 8)
	for i := range in.Tensor.Data {
		in.Tensor.Data[i] = float32(i % 2)
	}
	in = answeredFor(t, in)
	size := func(fill string) float64 {
		var sum float64
		for _, v := range explained(t, "occlusion", in, "size=4", "stride=4", fill).Maps[0].Values {
			sum += math.Abs(float64(v))
		}
		return sum
	}
	if mean, gauss := size("fill=mean"), size("fill=gauss"); !(gauss > 0 && gauss < mean) {
		t.Errorf("gauss changes %g, mean %g", gauss, mean)
	}
	if size("fill=blur") == 0 {
		t.Error("blur changes nothing")
	}
	noise := func(seed string) []float32 {
		return explained(t, "occlusion", in, "size=4", "stride=4", "fill=noise", "seed="+seed).Maps[0].Values
	}
	if !slices.Equal(noise("1"), noise("1")) || slices.Equal(noise("1"), noise("2")) {
		t.Error("noise does not follow its seed")
	}
}

func answeredFor(t *testing.T, in visualizers.Input) visualizers.Input {
	t.Helper()
	out := answered(t, in.Subject, in.Tensor)
	out.Targets, out.Image = in.Targets, in.Image
	return out
}

// TestContrastOfTwoClasses: the map of a − b is the difference of their maps,
// and any class comes from the evidence of a run for another.
func TestContrastOfTwoClasses(t *testing.T) {
	n := vistest.Random(3, 10, 7)
	x, err := n.Prepare(vistest.Picture(20, 20))
	if err != nil {
		t.Fatal(err)
	}
	in := answered(t, n, x)
	in.Targets = []score.Target{{Class: 0, Against: 2, Score: score.Probability}}
	r := explained(t, "occlusion", in)
	parts := make([]visualizers.Map, 3)
	for class := range parts {
		if parts[class], err = r.Patches.Map(score.ClassTarget(class, score.Probability), n); err != nil {
			t.Fatal(err)
		}
	}
	want := make([]float32, len(parts[0].Values))
	for i := range want {
		want[i] = parts[0].Values[i] - parts[2].Values[i]
	}
	same(t, r.Maps[0].Values, want, 1e-6)
	if got := r.Maps[0].Unit; got != "drop in P(tank) − P(cat)" {
		t.Errorf("unit %q", got)
	}
}

// TestCornerIsFound: a model that looks at one corner only.
func TestCornerIsFound(t *testing.T) {
	n := vistest.Corner(1, 12, 16, 3)
	x := infer.NewTensor(1, 12, 16)
	for i := range x.Data {
		x.Data[i] = 1
	}
	in := answered(t, n, x)
	in.Targets = []score.Target{score.ClassTarget(0, score.Probability)}
	r := explained(t, "occlusion", in, "size=3", "stride=1", "fill=black")
	for i, v := range r.Maps[0].Values {
		inside := i%16 < 5 && i/16 < 5 // windows of 3 that touch the corner reach this far
		if inside != (v > 1e-9) {
			t.Errorf("(%d, %d) has %g", i%16, i/16, v)
		}
	}
	if f := r.Maps[0].Finding; !strings.Contains(f, "around x 0, y 0") || !strings.Contains(f, "by "+spelling.Number(float64(r.Maps[0].Values[0]))) {
		t.Errorf("the finding does not name the corner with the map's value there: %q", f)
	}
	if i, ok := r.Patches.At(0, 0); !ok || r.Patches.Rects[i] != image.Rect(0, 0, 3, 3) {
		t.Errorf("under the corner lies window %d, %v", i, ok)
	}
}

// TestCoarseFirst: after a twelfth of the windows there is a map of every
// pixel, no window is run twice, and the end equals a run of windows in any
// order.
func TestCoarseFirst(t *testing.T) {
	n := vistest.Random(1, 40, 52)
	x, err := n.Prepare(vistest.Picture(52, 40))
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	n.Before = func(context.Context) error { count++; return nil }
	in := answered(t, n, x)
	in.Targets = []score.Target{score.ClassTarget(0, score.Probability)}
	v := vistest.Find(t, "occlusion")
	if in.Values, err = visualizers.ParseValues(v, n, []string{"size=4", "stride=4"}); err != nil {
		t.Fatal(err)
	}
	count = 0
	first := 0.0
	final, err := v.Explain(context.Background(), in, func(r visualizers.Result) {
		if len(r.Maps) == 0 || first > 0 {
			return
		}
		first = r.Done
		for i, v := range r.Maps[0].Values {
			if math.IsNaN(float64(v)) {
				t.Fatalf("pixel %d of the first map is empty", i)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if !(first > 0 && first <= 1.0/8) {
		t.Errorf("the first map comes after %g of the work", first)
	}
	windows := 10 * 13
	if count != windows || final.Passes != windows || final.Patches.Run() != windows {
		t.Errorf("%d pictures were run, %d reported, %d windows known; want %d", count, final.Passes, final.Patches.Run(), windows)
	}
}

func TestCoarseRunSaysSo(t *testing.T) {
	in := ramp(t, 40, 40)
	full := explained(t, "occlusion", in, "size=4", "stride=2", "fill=zero")
	coarse := explained(t, "occlusion", in, "size=4", "stride=2", "fill=zero", "refine=coarse")
	if coarse.Passes*8 > full.Passes || coarse.Done != 1 {
		t.Errorf("coarse ran %d of %d windows, done %g", coarse.Passes, full.Passes, coarse.Done)
	}
	if !strings.Contains(coarse.Note, "interpolated") || strings.Contains(full.Note, "interpolated") {
		t.Errorf("notes: %q, %q", coarse.Note, full.Note)
	}
	// The weights rise evenly, so between the outermost coarse windows the
	// interpolated surface is a plane, to a hundredth of its height.
	for y := 8; y < 32; y++ {
		got, want := coarse.Maps[0].Values[y*40+8:y*40+32], full.Maps[0].Values[y*40+8:y*40+32]
		same(t, got, want, 0.01*float64(slices.Max(full.Maps[0].Values)))
	}
}

func TestCoverageWarning(t *testing.T) {
	r := explained(t, "occlusion", ramp(t, 6, 6), "size=1", "stride=2")
	if len(r.Warnings) != 1 || !strings.Contains(r.Warnings[0], "75 %") {
		t.Errorf("warnings %q", r.Warnings)
	}
	r = explained(t, "occlusion", ramp(t, 6, 6), "size=2", "stride=2")
	if len(r.Warnings) != 0 {
		t.Errorf("warnings %q", r.Warnings)
	}
}

// TestPreviewIsTrue: the number of images promised is the number run.
func TestPreviewIsTrue(t *testing.T) {
	for _, id := range []string{"occlusion", "occlusion-classic"} {
		v := vistest.Find(t, id)
		p := v.(visualizers.Previewer)
		for _, refine := range []string{"full", "adaptive", "coarse"} {
			n := vistest.Random(1, 18, 23)
			in := vistestInput(t, n)
			in.Values = visualizers.Defaults(v, n)
			if _, ok := in.Values["refine"]; ok {
				in.Values["refine"] = refine
			}
			r, err := v.Explain(t.Context(), in, func(visualizers.Result) {})
			if err != nil {
				t.Fatal(err)
			}
			if got := p.Preview(n, in.Values); got.Passes != r.Passes || got.Bytes <= 0 || !slices.Equal(got.Warnings, r.Warnings) {
				t.Errorf("%s promised %+v, ran %d pictures with warnings %q", id, got, r.Passes, r.Warnings)
			}
		}
	}
}

func vistestInput(t *testing.T, n *vistest.Net) visualizers.Input {
	t.Helper()
	img := vistest.Picture(30, 30)
	x, err := n.Prepare(img)
	if err != nil {
		t.Fatal(err)
	}
	in := answered(t, n, x)
	in.Image, in.Targets = img, []score.Target{score.ClassTarget(0, score.Probability)}
	return in
}

// TestTooManyResults: a run whose evidence would not fit in memory is refused
// before it starts.
func TestTooManyResults(t *testing.T) {
	in := vistestInput(t, vistest.Random(1, 64, 64))
	in.Subject = crowded{in.Subject}
	v := vistest.Find(t, "occlusion")
	var err error
	if in.Values, err = visualizers.ParseValues(v, in.Subject, []string{"stride=1", "size=1"}); err != nil {
		t.Fatal(err)
	}
	_, err = v.Explain(t.Context(), in, func(visualizers.Result) {})
	if err == nil || !strings.Contains(err.Error(), "larger stride") {
		t.Errorf("4096 windows × 100 000 classes: %v", err)
	}
}

// crowded pretends to have very many classes.
type crowded struct{ visualizers.Subject }

func (crowded) Classes() int { return 100_000 }

func TestClassicNeedsThePicture(t *testing.T) {
	in := ramp(t, 6, 6)
	v := vistest.Find(t, "occlusion-classic")
	in.Values = visualizers.Defaults(v, in.Subject)
	var err error
	if _, err = v.Explain(t.Context(), in, func(visualizers.Result) {}); err == nil || !strings.Contains(err.Error(), "open the picture") {
		t.Errorf("without a picture: %v", err)
	}
}

// TestClassicCells: the cell under the pointer is the cell drawn there.
func TestClassicCells(t *testing.T) {
	in := vistestInput(t, vistest.Random(1, 20, 30))
	r := explained(t, "occlusion-classic", in, "strides=5", "window=.2")
	m := r.Maps[0]
	if !m.Cells || !m.WholePicture || m.Width != 5 || m.Height != 5 {
		t.Fatalf("map %+v", m)
	}
	for i, s := range r.Patches.Scores {
		if fmt.Sprintf("%.6f", s.Probabilities[0]) != fmt.Sprintf("%.6f", m.Values[i]) {
			t.Errorf("cell %d shows %g, the score is %g", i, m.Values[i], s.Probabilities[0])
		}
	}
	if i, ok := r.Patches.At(29, 19); !ok || i != 24 {
		t.Errorf("lower right: cell %d, %v", i, ok)
	}
	if _, ok := r.Patches.At(30, 0); ok {
		t.Error("there is a cell beyond the border")
	}
}
