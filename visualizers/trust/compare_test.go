package trust

import (
	"context"
	"encoding/json"
	"image"
	"math"
	"slices"
	"strings"
	"testing"

	"picasso/backend/infer"
	"picasso/backend/mask"
	"picasso/backend/picture/voxels"
	"picasso/backend/preprocess"
	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/trust/similarity"
)

// square is a mask of a picture with one rectangle inside.
func square(height, width int, r image.Rectangle) mask.Mask {
	k := mask.Mask{Height: height, Width: width, Inside: make([]bool, height*width)}
	for i := range k.Inside {
		k.Inside[i] = image.Pt(i%width, i/width).In(r)
	}
	return k
}

var same1 = preprocess.Placement{ScaleX: 1, ScaleY: 1}

func TestRegionByHand(t *testing.T) {
	m := mapOf(2, 4,
		4, 1, 0, -2,
		0, 1, 2, 0)
	r := InRegion(m, square(2, 4, image.Rect(0, 0, 2, 1)), same1, 2, 4)
	near(t, "mass", float64(r.Mass), 5./8, 1e-12)
	near(t, "area", float64(r.Area), .25, 1e-12)
	near(t, "lift", float64(r.Lift), 2.5, 1e-12)
	near(t, "distance", float64(r.Distance), 0, 0)
	near(t, "rank accuracy", float64(r.Rank), .5, 1e-12)  // 4 is inside, 2 is not
	near(t, "IoU", float64(r.IoU), 1./3, 1e-12)           // one of three
	near(t, "IoU at 15 %", float64(r.IoU15), 2./4, 1e-12) // 4 1 1 2 against 2
	near(t, "AUPRC", float64(r.AUPRC), .5+.5*2./4, 1e-12) // 4 first, then 2 outside, then both ones
	near(t, "its chance", float64(r.AUPRCChance), .25, 1e-12)
	if !r.Hit || r.Word != Passes {
		t.Errorf("%+v", r)
	}
	far := InRegion(m, square(2, 4, image.Rect(3, 1, 4, 2)), preprocess.Placement{ScaleX: 1, ScaleY: 1}, 2, 4)
	near(t, "distance to the far corner", float64(far.Distance), math.Hypot(3, 1), 1e-12)
	if far.Hit || far.Word != Fails {
		t.Errorf("%+v", far)
	}
}

func TestRegionsInPixelsOfThePicture(t *testing.T) {
	m := mapOf(2, 2, 1, 0, 0, 0)
	large := preprocess.Placement{ScaleX: 10, ScaleY: 10, OffsetX: 5} // the model sees x from 5 to 25
	r := InRegion(m, square(20, 30, image.Rect(5, 0, 15, 10)), large, 2, 2)
	if !r.Hit || r.Area != .25 || r.Mass != 1 {
		t.Errorf("the first quarter: %+v", r)
	}
	small := preprocess.Placement{ScaleX: .5, ScaleY: .5}
	if r := InRegion(mapOf(4, 4, 9, 9, 0, 0, 9, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), square(2, 2, image.Rect(0, 0, 1, 1)), small, 4, 4); r.Area != .25 || r.Mass != 1 {
		t.Errorf("a picture smaller than the input: %+v", r)
	}
	tiny := InRegion(m, square(20, 30, image.Rect(6, 1, 7, 2)), large, 2, 2)
	if !tiny.Hit || tiny.Area != .25 {
		t.Errorf("a region smaller than a pixel of the input: %+v", tiny)
	}
}

// Scores of covered pictures are low where the target is.
func TestRegionsOfInverseMaps(t *testing.T) {
	m := mapOf(2, 2, .1, .9, .9, .9)
	m.Inverse = true
	if r := InRegion(m, square(2, 2, image.Rect(0, 0, 1, 1)), same1, 2, 2); r.Word != Passes || !r.Hit || r.Mass != 1 {
		t.Errorf("%+v", r)
	}
}

func TestRegionsThatTellNothing(t *testing.T) {
	m := mapOf(2, 2, 1, 0, 0, 0)
	crop := preprocess.Placement{ScaleX: 1, ScaleY: 1, OffsetX: 4}
	for want, r := range map[string]Region{
		"empty":              InRegion(m, square(2, 2, image.Rectangle{}), same1, 2, 2),
		"outside":            InRegion(m, square(2, 6, image.Rect(0, 0, 2, 2)), crop, 2, 2),
		"any map would lie":  InRegion(m, square(2, 2, image.Rect(0, 0, 2, 2)), same1, 2, 2),
		"same everywhere":    InRegion(mapOf(2, 2, 1, 1, 1, 1), square(2, 2, image.Rect(0, 0, 1, 1)), same1, 2, 2),
		"nothing as support": InRegion(mapOf(2, 2, -1, -2, -1, -1), square(2, 2, image.Rect(0, 0, 1, 1)), same1, 2, 2),
		"holds no numbers":   InRegion(mapOf(1, 1, float32(math.NaN())), square(2, 2, image.Rect(0, 0, 1, 1)), same1, 2, 2),
	} {
		if r.Word != Untold || !strings.Contains(r.Said, want) {
			t.Errorf("%s: %+v", want, r)
		}
		if _, err := json.Marshal(r); err != nil {
			t.Errorf("%s: %v", want, err)
		}
	}
}

// A map over the whole picture is read where the model sees the picture.
func TestMapsOverTheWholePicture(t *testing.T) {
	m := mapOf(1, 3, 1, 2, 3)
	m.WholePicture = true
	crop := preprocess.Placement{ScaleX: 10, ScaleY: 10, OffsetX: 10} // the last two thirds of 30 × 10 pixels
	if got := OnInput(m, crop, image.Pt(30, 10), 1, 2); !slices.Equal(got.Values, []float32{2, 3}) || got.WholePicture {
		t.Errorf("cropped: %+v", got)
	}
	if got := OnInput(m, preprocess.Placement{ScaleX: 15, ScaleY: 10}, image.Pt(30, 10), 1, 2); got.Width != 3 {
		t.Errorf("stretched: %+v", got)
	}
	padded := preprocess.Placement{ScaleX: 30, ScaleY: 30, OffsetX: -30}
	if got := OnInput(m, padded, image.Pt(30, 30), 1, 2); got.Values[0] == got.Values[0] || got.Values[1] != 2 {
		t.Errorf("padded: %+v", got)
	}
}

func TestOtherClasses(t *testing.T) {
	in := visualizers.Input{Subject: bright()}
	m := mapOf(1, 4, 3, 2, 1, 0)
	opposite := mapOf(1, 4, -3, -2, -1, 0)
	opposite.Target = score.ClassTarget(1, score.Probability)
	if o := ComparedWith(in, m, opposite); o.Word != Passes || o.Spearman != -1 || o.Name != "no tank" {
		t.Errorf("the opposite: %+v", o)
	}
	if o := ComparedWith(in, m, m); o.Word != Fails {
		t.Errorf("the same: %+v", o)
	}
	unsigned := m
	unsigned.Signed = false
	other := unsigned
	other.Values = []float32{0, 1, 2, 3}
	if o := ComparedWith(in, unsigned, other); o.Word != Passes {
		t.Errorf("without signs, but different: %+v", o)
	}
	if o := ComparedWith(in, unsigned, unsigned); o.Word != Untold {
		t.Errorf("without signs, of two classes: %+v", o)
	}
}

func TestOtherPictures(t *testing.T) {
	m := mapOf(1, 4, 3, 2, 1, 0)
	if e := AcrossPictures(m, []visualizers.Map{m, m}); e.Word != Fails || e.SSIM < .999 {
		t.Errorf("the same for all: %+v", e)
	}
	if e := AcrossPictures(m, []visualizers.Map{mapOf(1, 4, 0, 1, 2, 3), m}); e.Word != Passes {
		t.Errorf("different: %+v", e)
	}
	if e := AcrossPictures(m, []visualizers.Map{m}); e.Word != Untold {
		t.Errorf("two pictures: %+v", e)
	}
}

func TestAgreement(t *testing.T) {
	m := mapOf(1, 4, 3, 2, 1, 0)
	a := Agrees(m, []Named{{"a", "A", m}, {"b", "B", mapOf(1, 4, 0, 1, 2, 3)}})
	if a.Word != Passes || !a.With[0].Agrees || a.With[1].Agrees || a.With[0].IoU != 1 {
		t.Errorf("%+v", a)
	}
	apart := Agrees(mapOf(1, 10, 9, 1, 2, 3, 4, 5, 6, 7, 8, 0), []Named{{"c", "C", mapOf(1, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)}})
	if apart.Word != Passes || apart.With[0].Spearman > .5 || apart.With[0].IoU != 1 {
		t.Errorf("the same place and another order below it: %+v", apart)
	}
	near(t, "IoU by chance", float64(a.Chance), .0526, 1e-4)
	if a := Agrees(m, nil); a.Word != Untold {
		t.Errorf("alone: %+v", a)
	}
}

func TestSums(t *testing.T) {
	m := mapOf(1, 1, 1)
	if _, ok := AddsUp(m); ok {
		t.Error("a map that does not claim to add up was judged")
	}
	for gap, want := range map[float64]Word{.01: Passes, -.3: Fails} {
		m.Metrics = map[string]float64{"completeness_gap": gap, "score_difference": .5}
		if c, ok := AddsUp(m); !ok || c.Word != want {
			t.Errorf("gap %g: %+v", gap, c)
		}
	}
}

// Outlines of a step are two columns high; they do not depend on its place.
func TestOutlines(t *testing.T) {
	f := &function{height: 4, width: 6, of: func([]float32) float64 { return .5 }}
	x := make([]float32, 24)
	for i := range x {
		if i%6 >= 3 {
			x[i] = 1
		}
	}
	in := ask(t, f, x...)
	g := Outlines(Luminance(in))
	if !slices.Equal(g.Values[:6], []float64{0, 0, 4, 4, 0, 0}) || !slices.Equal(g.Values[6:12], g.Values[:6]) {
		t.Errorf("outlines %v", g.Values[:12])
	}
	values := make([]float32, 24)
	for i, v := range g.Values {
		values[i] = float32(v) + float32(i)/1000
	}
	if e := LikeOutlines(in, mapOf(4, 6, values...)); e.Word != Fails {
		t.Errorf("the outlines themselves: %+v", e)
	}
	if e := LikeOutlines(in, mapOf(4, 6, x...)); e.Word != Passes {
		t.Errorf("the picture itself: %+v", e)
	}
}

func TestMovingThereAndBack(t *testing.T) {
	f := &function{height: 3, width: 4, of: func([]float32) float64 { return .5 }}
	in := ask(t, f, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
	got := moved(in.Tensor, [3]int{1, 3, 4}, [3]int{0, 1, 1})
	if !slices.Equal(got.Data, []float32{5, 4, 5, 6, 1, 0, 1, 2, 5, 4, 5, 6}) {
		t.Errorf("moved %v", got.Data)
	}
	back := movedBack(Field(mapOf(3, 4, got.Data...)), [3]int{0, 1, 1})
	for i, v := range back.Values {
		if i/4 < 2 && i%4 < 3 {
			near(t, "moved back", v, float64(in.Tensor.Data[i]), 0)
		} else if !math.IsNaN(v) {
			t.Errorf("pixel %d went over the border and is %v", i, v)
		}
	}
}

// A method that marks what the picture shows moves with it; one that marks
// places does not.
func TestSameAgain(t *testing.T) {
	const side = 64
	f := &function{height: side, width: side, of: func([]float32) float64 { return .5 }}
	x := make([]float32, side*side)
	for i := range x {
		x[i] = float32((i*7919)%101) / 101
	}
	in := ask(t, f, x...)
	shown := func(_ context.Context, in visualizers.Input) (visualizers.Map, error) {
		return mapOf(side, side, in.Tensor.Data...), nil
	}
	placed := func(_ context.Context, in visualizers.Input) (visualizers.Map, error) {
		return mapOf(side, side, x...), nil
	}
	again := func(e Explainer, seeded []visualizers.Values) Stability {
		s, err := Again(t.Context(), in, mapOf(side, side, x...), e, seeded)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	if s := again(shown, nil); s.Word != Passes || s.Shifts[0] < .999 || s.Shift != 1 {
		t.Errorf("what is shown: %+v", s)
	}
	if s := again(placed, nil); s.Word != Fails || !strings.Contains(s.Said, "Moving the picture by 1 pixel changes this map") {
		t.Errorf("fixed places: %+v", s)
	}
	seeded := []visualizers.Values{{"seed": 1}, {"seed": 2}}
	if s := again(shown, seeded); s.Seeds != nil || s.Word != Passes {
		t.Errorf("a seed that plays no part: %+v", s)
	}
	chance := func(_ context.Context, in visualizers.Input) (visualizers.Map, error) {
		values := slices.Clone(x)
		if seed, _ := in.Values["seed"].(int); seed > 0 {
			for i := range values {
				values[i] = float32((i*(7919+seed*1000))%103) / 103
			}
		}
		return mapOf(side, side, values...), nil
	}
	if s := again(chance, seeded); len(s.Seeds) != 3 || s.Word != Fails || !strings.Contains(s.Said, "random start") {
		t.Errorf("another map for each seed: %+v", s)
	}
	f.of = func(x []float32) float64 { return float64(x[0]) }
	in = ask(t, f, x...)
	if s := again(shown, nil); s.Word != Untold {
		t.Errorf("a model that is not stable: %+v", s)
	}
}

// Numbers that are not known are null, in whatever test.
func TestReportsAreJSON(t *testing.T) {
	nan := Number(math.NaN())
	r := Report{Cover: &Cover{Gain: nan}, Completeness: &Completeness{Gap: .5}, Edges: &EdgeLikeness{Spearman: .25}, Region: &Region{Mass: nan}}
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"completeness_gap":0.5`, `"edge_likeness":0.25`, `"gain":null`, `"mass":null`} {
		if !strings.Contains(string(data), want) {
			t.Errorf("%s lacks %s", data, want)
		}
	}
	if n := len(r.Findings()); n != 4 {
		t.Errorf("%d findings", n)
	}
}

// Several regions are judged together and one by one; a single one only once.
func TestSeveralRegions(t *testing.T) {
	in := ask(t, bright(), quarter(1, 0)...)
	m := mapOf(32, 32, quarter(1, 0)...) // marks the first quarter
	regions := mask.NewRegions(32, 32)
	for name, r := range map[string]image.Rectangle{"nodule": image.Rect(0, 0, 8, 8), "marker": image.Rect(24, 24, 32, 32)} {
		value, err := regions.Add(name)
		if err != nil {
			t.Fatal(err)
		}
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				regions.Pixels[y*32+x] = value
			}
		}
	}
	all := regions.All()
	r := Compare(in, m, Beside{Place: same1, Region: &all, Labels: regions})
	words := map[string]Word{}
	for _, l := range r.Labels {
		words[l.Name] = l.Word
	}
	if words["nodule"] != Passes || words["marker"] != Fails || float64(r.Region.Area) != 128./1024 {
		t.Errorf("%v, together %+v", words, r.Region)
	}
	text := ""
	for _, f := range r.Findings() {
		text += f.String() + "\n"
	}
	for _, want := range []string{"Inside your regions together: ", "Inside “nodule”: passes", "Inside “marker”: does not pass"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	one := mask.NewRegions(32, 32)
	one.Names, one.Pixels[0] = []string{"nodule"}, 1
	if r := Compare(in, m, Beside{Place: same1, Region: &all, Labels: one}); r.Labels != nil {
		t.Errorf("%+v", r.Labels)
	}
}

// TestVolumesMoveAlongTheirSlices: a move by one voxel along every axis and back.
func TestVolumesMoveAlongTheirSlices(t *testing.T) {
	x := infer.NewTensor(1, 4, 2) // two slices of 2×2
	for i := range x.Data {
		x.Data[i] = float32(i)
	}
	got := moved(x, [3]int{2, 2, 2}, [3]int{1, 0, 0})
	if !slices.Equal(got.Data, []float32{4, 5, 6, 7, 0, 1, 2, 3}) { // the border mirrors
		t.Errorf("moved %v", got.Data)
	}
	m := mapOf(4, 2, got.Data...)
	m.Depth = 2
	back := movedBack(Field(m), [3]int{1, 0, 0})
	if !slices.Equal(back.Values[:4], []float64{0, 1, 2, 3}) || !math.IsNaN(back.Values[4]) {
		t.Errorf("moved back %v", back.Values)
	}
}

// TestOutlinesOfAVolume: the operator of Sobel gives 32 times the slope of a ramp in
// three dimensions, along whichever axis, and 8 times in two.
func TestOutlinesOfAVolume(t *testing.T) {
	for axis, step := range [3]int{9, 3, 1} {
		g := similarity.Grid{Depth: 3, Height: 3, Width: 3, Values: make([]float64, 27)}
		for i := range g.Values {
			g.Values[i] = float64(i / step % 3)
		}
		near(t, "steepness in the middle", Outlines(g).Values[13], 32, 1e-9)
		if axis > 0 {
			g.Depth, g.Values = 0, g.Values[:9]
			near(t, "steepness of a slice", Outlines(g).Values[4], 8, 1e-9)
		}
	}
}

// TestRegionsOfVolumes: a block that takes every other slice, from the second on, gets
// those voxels of the regions.
func TestRegionsOfVolumes(t *testing.T) {
	b := preprocess.Block{Source: [3]int{4, 1, 2}}
	for k, n := range [3]int{2, 1, 3} {
		b.Axes[k] = voxels.Axis{Of: k, Step: 1, Len: n}
	}
	b.Axes[0].Start, b.Axes[0].Step = 1, 2
	s := OnBlock(b, []string{"left", "right"}, func(slice, _, column int) uint8 { return uint8(slice % 2 * (column + 1)) })
	if !slices.Equal(s.Voxels, []uint8{1, 2, 0, 1, 2, 0}) { // the last column is padding
		t.Fatalf("voxels %v", s.Voxels)
	}
	m := mapOf(2, 3, 0, 0, 0, 6, 2, 0)
	m.Depth = 2
	all, each := s.judge(m)
	near(t, "mass in all", float64(all.Mass), 1, 1e-9)
	near(t, "area of all", float64(all.Area), 4./6, 1e-9)
	if len(each) != 2 || !each[0].Hit || each[1].Hit {
		t.Fatalf("regions %+v", each)
	}
	near(t, "mass in the first", float64(each[0].Mass), .75, 1e-9)
	near(t, "from the strongest to the second", float64(each[1].Distance), 1, 1e-9)
}
