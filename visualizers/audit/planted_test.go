package audit_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"picasso/backend/fake"
	"picasso/backend/infer"
	"picasso/backend/mask"
	"picasso/backend/picture"
	"picasso/backend/preprocess"
	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/audit"
	"picasso/visualizers/vistest"
)

// side is that of the pictures of these tests, of which the network sees every pixel.
const side = 64

// square is where a network of these tests looks: rows and columns, the ends left
// out.
type square struct{ top, left, bottom, right int }

var (
	lowerLeft  = square{53, 1, 63, 11}
	upperRight = square{1, 53, 11, 63}
)

// looker is a network that looks at the brightness of one square and at nothing else:
// class 0 where it is bright.
type looker struct{ *fake.Subject }

func newLooker(at square) looker {
	return looker{&fake.Subject{Channels: 1, Height: side, Width: side, Names: []string{"marked", "plain"}, Size: 64,
		Score: func(x infer.Tensor) []float32 {
			sum, n := 0.0, 0
			for y := at.top; y < at.bottom; y++ {
				for c := at.left; c < at.right; c++ {
					sum += float64(x.Data[y*side+c]) / 255
					n++
				}
			}
			return []float32{float32(20 * (sum/float64(n) - 0.6)), 0}
		}}}
}

// Place implements the subject of an audit: the input is the picture.
func (looker) Place(*picture.Image) preprocess.Placement {
	return preprocess.Placement{ScaleX: 1, ScaleY: 1}
}

// noise is a picture of nothing, with a bright mark or without.
func noise(seed uint64, mark bool, at square) *picture.Image {
	random := rand.New(rand.NewPCG(seed, 5))
	values := make([]float32, side*side)
	for i := range values {
		values[i] = float32(60 + 60*random.Float64())
	}
	for y := at.top; mark && y < at.bottom; y++ {
		for x := at.left; x < at.right; x++ {
			values[y*side+x] = 255
		}
	}
	return picture.NewFloat(fmt.Sprintf("noise %d", seed), side, side, 1, values)
}

func lookerAuditor(t *testing.T, at square) audit.Auditor {
	t.Helper()
	s := newLooker(at)
	method := vistest.Find(t, "occlusion")
	values, err := visualizers.ParseValues(method, s, []string{"size=2", "stride=2", "fill=mean"})
	if err != nil {
		t.Fatal(err)
	}
	return audit.Auditor{Subject: s, Method: method, Values: values, Class: audit.Predicted, Score: score.Logit}
}

func TestAPlantedMarkIsFound(t *testing.T) {
	const n = 48
	a := lookerAuditor(t, lowerLeft)
	open := func(_ context.Context, i int) (*picture.Image, error) {
		return noise(uint64(i), i%2 == 0, lowerLeft), nil
	}
	s := audit.Sample{Names: a.Subject.(looker).Names}
	for i := range n {
		m, _ := open(t.Context(), i)
		row, cells, err := a.Row(t.Context(), m, nil, math.NaN())
		if err != nil {
			t.Fatal(err)
		}
		s.Rows, s.Maps = append(s.Rows, row), append(s.Maps, cells)
	}
	found, err := audit.Analyse(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	if found.Tried() {
		t.Error("nothing was covered yet")
	}
	if err := found.Try(t.Context(), s, audit.Trials{Auditor: a, Open: open}); err != nil {
		t.Fatal(err)
	}
	c := found.Classes[0]
	// A corner is 6×6 of 32×32 cells, and all of the map lies there.
	if got, want := c.Lift.Corners[2].Mean, 1024./36; math.Abs(got-want) > 0.01 {
		t.Errorf("lift of the corner %.3f, want %.3f", got, want)
	}
	pictures, flips, control := 0, 0, 0.0
	for _, w := range c.Ways {
		pictures, flips, control = pictures+w.Covered.Pictures, flips+w.Covered.Flips, control+w.Covered.ControlFlips
		if w.Moved.Stays() { // what is bright moves with the picture
			t.Errorf("the mark moves, but its map does not: %+v", *w.Moved)
		}
	}
	if pictures != n/2 || flips != pictures || control != 0 {
		t.Errorf("covering the mark changes %d of %d answers, other places %g", flips, pictures, control)
	}
	kinds := map[audit.Kind]bool{}
	for _, f := range found.Flags {
		if f.Class == 0 {
			kinds[f.Kind] = true
		}
		if f.Kind == audit.Corner && f.Class == 0 && !strings.Contains(f.Sentence, "the lower left corner") {
			t.Error(f.Sentence)
		}
	}
	if !kinds[audit.Corner] || !kinds[audit.Cover] || kinds[audit.FixedPlace] || kinds[audit.Top] || kinds[audit.Bottom] || kinds[audit.Border] {
		t.Errorf("flags %v", kinds)
	}
	// What was found is found again without the model.
	again, err := audit.Analyse(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	if !again.Recall(s, found.Tested()) || len(again.Flags) != len(found.Flags) {
		t.Errorf("%d flags are recalled, there were %d", len(again.Flags), len(found.Flags))
	}
	if again.Recall(s, nil) {
		t.Error("what was found for something else is recalled")
	}
}

// Pictures of nothing, of which the network sees one place: its map stays there when
// the pictures move.
func TestMapsThatStayWithTheFrameAreFound(t *testing.T) {
	a := lookerAuditor(t, lowerLeft)
	a.Class = 0
	var err error
	if a.Values, err = visualizers.ParseValues(a.Method, a.Subject, []string{"size=2", "stride=2", "fill=black"}); err != nil {
		t.Fatal(err)
	}
	open := func(_ context.Context, i int) (*picture.Image, error) { return noise(uint64(i), false, lowerLeft), nil }
	s := audit.Sample{Names: a.Subject.(looker).Names}
	for i := range audit.LeastMaps {
		m, _ := open(t.Context(), i)
		row, cells, err := a.Row(t.Context(), m, nil, math.NaN())
		if err != nil {
			t.Fatal(err)
		}
		s.Rows, s.Maps = append(s.Rows, row), append(s.Maps, cells)
	}
	found, err := audit.Analyse(t.Context(), s)
	if err == nil {
		err = found.Try(t.Context(), s, audit.Trials{Auditor: a, Open: open})
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range found.Classes[0].Ways {
		if !w.Moved.Stays() || w.Moved.Pictures == 0 {
			t.Errorf("the map moves: %+v", *w.Moved)
		}
	}
	if !slices.ContainsFunc(found.Flags, func(f audit.Flag) bool { return f.Kind == audit.FixedPlace }) {
		t.Errorf("flags %v", found.Flags)
	}
}

// Series of three slices, half with a marker in the corner of one of them, as
// scanners of one hospital leave it.
func TestAMarkInASetOfSeriesIsFound(t *testing.T) {
	const n, slicesOfEach = 48, 3
	a := lookerAuditor(t, upperRight)
	s := audit.Sample{Names: a.Subject.(looker).Names}
	for i := range n {
		var slices []*picture.Image
		for k := range slicesOfEach {
			slices = append(slices, noise(uint64(slicesOfEach*i+k), i%2 == 0, upperRight))
		}
		series := picture.NewSeries("CT", slices)
		row, cells, err := a.Series(t.Context(), series.Len(), series.SliceContext)
		if err != nil {
			t.Fatal(err)
		}
		s.Rows, s.Maps = append(s.Rows, row), append(s.Maps, cells)
	}
	found, err := audit.Analyse(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	if found.Pictures != n || len(found.Classes[0].Items) != n/2 {
		t.Errorf("%d cases, %d of them marked", found.Pictures, len(found.Classes[0].Items))
	}
	if !slices.ContainsFunc(found.Flags, func(f audit.Flag) bool {
		return f.Kind == audit.Corner && f.Class == 0 && strings.Contains(f.Sentence, "upper right")
	}) {
		t.Errorf("flags %v", found.Flags)
	}
}

// The answer to a series is the mean over its slices, the map that of the slice that
// says it most.
func TestASeriesIsOneCase(t *testing.T) {
	a := lookerAuditor(t, lowerLeft)
	plain, marked := noise(1, false, lowerLeft), noise(2, true, lowerLeft)
	series := picture.NewSeries("CT", []*picture.Image{plain, marked, marked})
	var each []float64
	for _, m := range []*picture.Image{plain, marked, marked} {
		x, err := a.Subject.Prepare(m)
		if err != nil {
			t.Fatal(err)
		}
		p, err := a.Subject.Predict(t.Context(), []infer.Tensor{x})
		if err != nil {
			t.Fatal(err)
		}
		each = append(each, float64(p[0].Probabilities[0]))
	}
	row, cells, err := a.Series(t.Context(), series.Len(), series.SliceContext)
	if err != nil {
		t.Fatal(err)
	}
	want := (each[0] + each[1] + each[2]) / 3
	if row.Predicted != 0 || row.Slice != 1 || math.Abs(float64(row.Probability)-want) > 1e-6 || cells == nil || row.SHA256 != "" {
		t.Errorf("%+v, want the probability %g", row, want)
	}
	if _, _, err := a.Series(t.Context(), 0, series.SliceContext); err == nil {
		t.Error("a series without slices has a row")
	}
}

func TestMasksTellWhatTheMapIsAbout(t *testing.T) {
	a := lookerAuditor(t, lowerLeft)
	m := noise(1, true, lowerLeft)
	region := func(height int, at square) *mask.Mask {
		k := &mask.Mask{Height: height, Width: side, Inside: make([]bool, height*side)}
		for y := at.top; y < at.bottom; y++ {
			for x := at.left; x < at.right; x++ {
				k.Inside[y*side+x] = true
			}
		}
		return k
	}
	// 12×12 pixels around the mark: all of the map in 144 of 4096.
	on, _, err := a.Row(t.Context(), m, region(side, square{52, 0, 64, 12}), math.NaN())
	if err != nil || math.Abs(float64(on.RegionMass)-1) > 1e-6 || math.Abs(float64(on.RegionLift)-4096./144) > 1e-3 {
		t.Errorf("mass %g, lift %g, %v", on.RegionMass, on.RegionLift, err)
	}
	off, _, err := a.Row(t.Context(), m, region(side, square{0, 0, 32, 64}), math.NaN())
	if err != nil || off.RegionMass != 0 {
		t.Errorf("mass %g, %v", off.RegionMass, err)
	}
	if _, _, err := a.Row(t.Context(), m, region(side, square{}), math.NaN()); err == nil || !strings.Contains(err.Error(), "empty") {
		t.Errorf("an empty mask: %v", err)
	}
	if _, _, err := a.Row(t.Context(), m, region(32, square{0, 0, 9, 9}), math.NaN()); err == nil || !strings.Contains(err.Error(), "64") {
		t.Errorf("a mask of another shape: %v", err)
	}
}

// sampleOf are rows with one cell each.
func sampleOf(n int) audit.Sample {
	s := audit.Sample{Names: []string{"a", "b"}}
	for i := range n {
		cells := make([]float32, audit.Side*audit.Side)
		cells[i] = 1
		s.Rows, s.Maps = append(s.Rows, audit.Row{Path: fmt.Sprint(i)}), append(s.Maps, cells)
	}
	return s
}

func TestFewAndSilentMaps(t *testing.T) {
	s := sampleOf(19)
	found, err := audit.Analyse(t.Context(), s)
	if err != nil || len(found.Classes[0].Ways) != 0 || !strings.Contains(found.Classes[0].Why, "19 maps are too few") || len(found.Flags) != 0 {
		t.Errorf("19 maps: %+v, %v", found, err)
	}
	s = sampleOf(30)
	s.Maps[4], s.Maps[5] = nil, nil
	s.Rows[6].Error = "it is no picture"
	found, err = audit.Analyse(t.Context(), s)
	if err != nil || found.Silent != 2 || found.Failed != 1 || found.Pictures != 29 {
		t.Errorf("%d silent, %d failed, %d pictures, %v", found.Silent, found.Failed, found.Pictures, err)
	}
	in := 0
	for _, w := range found.Classes[0].Ways {
		in += len(w.Items)
	}
	if in != 27 || found.Standing[4].Way != -1 || found.Standing[6].Way != -1 || found.Standing[0].Way < 0 {
		t.Errorf("%d pictures have a way, standing %+v", in, found.Standing[4])
	}
}

func TestCopiesAreReportedOnce(t *testing.T) {
	big := noise(7, true, lowerLeft)
	small := big.Resize(48, 48, picture.Bilinear, true)
	other := noise(8, false, lowerLeft)
	s := sampleOf(4 + 19) // the repeated one is the 23rd that would be, so that 22 are grouped
	for i, m := range []*picture.Image{big, other, big, small} {
		s.Rows[i].SHA256 = []string{"x", "y", "x", "z"}[i]
		s.Rows[i].Look = audit.Look(m)
		for _, v := range audit.Measure(m, math.NaN()) {
			s.Rows[i].Properties = append(s.Rows[i].Properties, float32(v))
		}
	}
	found, err := audit.Analyse(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	in := 0
	for _, w := range found.Classes[0].Ways {
		in += len(w.Items)
	}
	if in != 22 || found.Standing[0].Way < 0 {
		t.Errorf("%d pictures are grouped", in)
	}
	if found.Repeats != 1 || found.Standing[2].Way != found.Standing[0].Way {
		t.Errorf("%d files are repeated, standing %+v", found.Repeats, found.Standing)
	}
	if len(found.Copies) != 1 || found.Copies[0].Items[0] != 0 || !slices.Contains(found.Copies[0].Items, 2) || slices.Contains(found.Copies[0].Items, 1) {
		t.Errorf("%+v", found.Copies)
	}
}
