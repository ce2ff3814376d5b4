package report

import (
	"bytes"
	"encoding/json"
	"image"
	"maps"
	"math"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"picasso/backend/metadata"
	"picasso/backend/picture"
	"picasso/backend/picture/dicom"
	"picasso/backend/preprocess"
	"picasso/backend/score"
	"picasso/ui/drawing"
	"picasso/visualizers"
	"picasso/visualizers/compare"
	_ "picasso/visualizers/methods"
	"picasso/visualizers/render/plate"
	"picasso/visualizers/vistest"
)

// net answers with many classes.
type net struct {
	classes int
	logits  bool
}

func (n net) Shape() (int, int, int) { return 3, 8, 10 }
func (n net) Classes() int           { return n.classes }
func (n net) ClassName(i int) string { return []string{"tank", "no tank", "other"}[min(i, 2)] }
func (n net) HasLogits() bool        { return n.logits }
func (n net) Rank(s score.Scores) []score.Class {
	out := make([]score.Class, n.classes)
	for i := range out {
		out[i] = score.Class{Index: i, Name: n.ClassName(i), Probability: s.Probabilities[i], Logit: float32(math.NaN())}
		if s.Logits != nil {
			out[i].Logit = s.Logits[i]
		}
	}
	slices.SortStableFunc(out, func(a, b score.Class) int { return int(math.Copysign(1, float64(b.Probability-a.Probability))) })
	return out
}

// subject is a picture of 20×16 pixels to which a net answers "no tank".
func subject(classes int) Subject {
	s := Subject{
		Model: net{classes, true}, File: Model{Path: "nets/tanks.onnx", SHA256: strings.Repeat("ab", 32), Provider: "CPU", ONNXRuntime: "1.24"},
		Picture: vistest.Picture(20, 16), Path: "a/random.png", SHA256: strings.Repeat("cd", 32),
		Place: preprocess.Placement{ScaleX: 2, ScaleY: 2},
		Card: &metadata.Card{
			Input:   preprocess.Input{Name: "x", Channels: 3, Height: 8, Width: 10},
			Origins: map[string]string{"preprocess.scale": "guess: nothing states this", "labels": "labels.txt beside the model"},
			Doubts:  []metadata.Doubt{{Key: "activation", Text: "These are probably logits."}},
		},
		Doubts: []string{"the input is darker than most"},
	}
	s.Base = s.Picture.RGBA()
	s.Scores.Probabilities, s.Scores.Logits = make([]float32, classes), make([]float32, classes)
	s.Scores.Probabilities[1], s.Scores.Probabilities[0] = 0.9, 0.1
	s.Scores.Logits[1], s.Scores.Logits[0] = 2, -0.2
	return s
}

func shown(t *testing.T, target score.Target) Shown {
	v := vistest.Find(t, "occlusion")
	values := visualizers.Defaults(v, vistest.Random(3, 8, 10))
	return Shown{
		Visualizer: v, Values: values, Note: "80 windows.", Warnings: []string{"slow"}, Done: 0.43, Display: drawing.Default(v.Info()), State: "partial map: stopped at 43 %",
		Map: visualizers.Map{Target: target, Channels: 1, Height: 8, Width: 10, Values: append(make([]float32, 79), 0.5), Signed: true,
			Unit: "drop", Positive: "it supports P(tank)", Finding: "P(tank) is 0.100. It is so.", Metrics: map[string]float64{"gap": math.Inf(1)}},
		Measured: []drawing.Measurement{{Kind: "length", Points: [][2]float64{{1, 2}, {3, 4}}, Lines: []string{"2.83 px"}}},
	}
}

// keys are the names in a document, below those of the objects around them;
// of a list its first entry's.
func keys(v any, path string, all map[string]bool) {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			all[path+k] = true
			keys(x, path+k+".", all)
		}
	case []any:
		if len(v) > 0 {
			keys(v[0], path, all)
		}
	}
}

// What scripts and readers of a report rely on is there, by name.
func TestTheDocumentHasItsFields(t *testing.T) {
	s := subject(3)
	r := New(s)
	r.Timing = &Timing{}
	m := shown(t, score.Target{Class: 0, Against: 1, Score: score.Logit})
	r.Measured = m.Measured
	r.Ran(visualizers.Result{Maps: []visualizers.Map{m.Map}, Note: m.Note, Warnings: m.Warnings, Passes: 81}, time.Second)
	r.AddMap(s, m, "out/occlusion-0.npy", "out/occlusion-0.png", "out/occlusion-0-figure.svg")
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var document map[string]any
	if err := json.Unmarshal(data, &document); err != nil {
		t.Fatal(err)
	}
	have := map[string]bool{}
	keys(document, "", have)
	for _, key := range strings.Fields(`model.path model.sha256 model.provider model.onnxruntime
		preparation.input.name preparation.input.layout preparation.input.channels preparation.input.height preparation.input.width
		preparation.output.name preparation.output.kind preparation.output.activation
		preparation.preprocess.color preparation.preprocess.resize preparation.preprocess.scale preparation.origins.labels
		doubts.key doubts.text image.name image.path image.sha256 image.width image.height
		predictions.index predictions.name predictions.probability predictions.logit classes
		maps.visualizer maps.class.index maps.class.name maps.class.against.name maps.output maps.target maps.value maps.settings.size maps.settings.stride
		maps.unit maps.positive_means maps.finding maps.done maps.npy maps.png maps.figures maps.width maps.height maps.min maps.max maps.metrics
		maps.drawn.colours maps.drawn.low maps.drawn.high maps.drawn.display.opacity
		measurements.kind measurements.points measurements.lines notes warnings timing.load_ms timing.run_ms timing.forward_passes`) {
		if !have[key] {
			t.Errorf("%s is missing; there are %v", key, slices.Sorted(maps.Keys(have)))
		}
	}
	one := r.Maps[0]
	if one.Target != "logit(tank) − logit(no tank)" || one.Value == nil || math.Abs(float64(*one.Value)+2.2) > 1e-6 || one.NPY != "occlusion-0.npy" || one.Done != 0.43 {
		t.Errorf("the map is described as %+v", one)
	}
	if !bytes.Contains(data, []byte(`"gap":null`)) {
		t.Error("a number that JSON does not have is not null")
	}
	if !slices.Equal(r.Warnings, []string{"the input is darker than most", "slow"}) || !slices.Contains(r.Notes, m.Map.Finding) {
		t.Errorf("warnings %q, notes %q", r.Warnings, r.Notes)
	}
}

// All scores are listed, best first; where they are cut off, the number of
// classes says so.
func TestAllScoresAreListed(t *testing.T) {
	r := New(subject(2500))
	if len(r.Predictions) != 2500 || r.Classes != 2500 || r.Predictions[0].Name != "no tank" || r.Predictions[1].Name != "tank" {
		t.Errorf("%d of %d predictions, first %+v", len(r.Predictions), r.Classes, r.Predictions[:2])
	}
	if got := Predictions(net{3, false}, subject(3).Scores, 2); len(got) != 2 || got[0].Logit != nil {
		t.Errorf("%+v", got)
	}
}

func texts(f drawing.Figure) string {
	all := []string{f.Answer, f.Score, f.Subject, f.Finding, f.Legend}
	for _, fact := range f.Facts {
		all = append(all, fact.Name+": "+fact.Value)
	}
	return strings.Join(all, "\n")
}

func TestTheFigureSaysWhatIsKnownAndWhatIsNot(t *testing.T) {
	s := subject(3)
	f := s.Figure(shown(t, score.ClassTarget(0, score.Probability)))
	all := texts(f)
	for _, want := range []string{
		"no tank\n0.900\n", "random.png: P(tank) = 0.100, explained by Occlusion", "P(tank) is 0.100. It is so.", "Positive: it supports P(tank).",
		"Picture: random.png, 20×16 pixels", "Measured: length: 2.83 px", "Method: Occlusion: Window", "Run: 80 windows.",
		"Model: tanks.onnx, input 10×8 pixels of 3 channels, SHA-256 abab", "Guessed: how pictures are prepared: scale", "In doubt: These are probably logits.",
		"Note: the input is darker than most", "Note: slow",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is missing in\n%s", want, all)
		}
	}
	if f.State != "partial map: stopped at 43 %" || f.Notice != "" || f.Scan {
		t.Errorf("state %q, notice %q", f.State, f.Notice)
	}
	if f = s.Figure(shown(t, score.ClassTarget(1, score.Logit))); f.Score != "logit 2.00" {
		t.Errorf("the answer's score is %q", f.Score)
	}
}

// A method that finds nothing special still states the score; nothing from
// outside reaches a figure unescaped.
func TestFiguresOfUnusualMaps(t *testing.T) {
	s, m := subject(3), shown(t, score.ClassTarget(0, score.Probability))
	m.Map.Finding, m.Map.Positive, m.Note = "", "", "a\x1b[31mred\u202enote"
	f := s.Figure(m)
	if f.Finding != "P(tank) is 0.100." || f.Legend != "" {
		t.Errorf("finding %q, legend %q", f.Finding, f.Legend)
	}
	if all := texts(f); strings.ContainsAny(all, "\x1b\u202e") || !strings.Contains(all, `\u001b[31mred\u202enote`) {
		t.Errorf("says %q", all)
	}
}

func TestScansAreCalledByWhatTheyAre(t *testing.T) {
	s := subject(3)
	s.Path, s.Slices = "", 24
	s.Picture = picture.NewFloat("DOE^JANE.dcm", 20, 16, 1, make([]float32, 320))
	s.Base, s.Picture.Unit = image.NewRGBA(image.Rect(0, 0, 20, 16)), "HU"
	s.Picture.Scan = &picture.Scan{Modality: "CT", Slice: 11, Frames: 1, Volumes: 1, Window: dicom.Window{Name: "file", Width: 400, Center: 40},
		Geometry: dicom.Geometry{Spacing: [2]float64{1.5, 0.5}, Aspect: 3, Thickness: 2, Placed: true, Position: [3]float64{-1, 2, 3}, Letters: [4]string{"R", "L", "A", "P"}}}
	if got := s.Name(); got != "CT, slice 12 of 24" {
		t.Errorf("called %q", got)
	}
	f := s.Figure(shown(t, score.ClassTarget(0, score.Probability)))
	all := texts(f)
	for _, want := range []string{"Window: file, width 400, level 40 HU", "of 0.500×1.50 mm, 2.00 mm thick", "first pixel at -1.0, 2.0, 3.0 mm"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is missing in\n%s", want, all)
		}
	}
	if strings.Contains(all, "DOE") || f.Notice != drawing.ResearchUse || f.Aspect != 3 || f.Letters[0] != "R" {
		t.Errorf("notice %q, aspect %v, %v\n%s", f.Notice, f.Aspect, f.Letters, all)
	}
	s.Window, s.Inverted = &dicom.Window{Name: "own", Width: 1500, Center: -600}, true
	r := New(s)
	if w := r.Image.Scan.Window; w.Name != "own" || w.Width != 1500 || w.Center != -600 || !r.Image.Scan.Inverted || !r.Image.Withheld || r.Notice == "" {
		t.Errorf("%+v, %+v", r.Image, r.Image.Scan)
	}
	if data, err := json.Marshal(r); err != nil || bytes.Contains(data, []byte("DOE")) {
		t.Errorf("%v: %s", err, data)
	}
	s.Slices, s.Picture.Scan.Frames, s.Picture.Scan.Frame = 0, 3, 1
	if got := s.Name(); got != "CT, frame 2 of 3" {
		t.Errorf("called %q", got)
	}
}

func TestArraysHaveNamesWithoutFolders(t *testing.T) {
	s := Subject{Model: net{3, true}, Array: "a/b/input.npy", Base: image.NewRGBA(image.Rect(0, 0, 10, 8)), Scores: subject(3).Scores}
	if f := s.Figure(shown(t, score.ClassTarget(0, score.Probability))); !strings.HasPrefix(f.Subject, "input.npy: ") {
		t.Errorf("%q", f.Subject)
	}
	if r := New(s); r.Image.Scan != nil || r.Preparation != nil || r.Image.Width != 10 {
		t.Errorf("%+v", r)
	}
}

// Whoever reads a report finds every field explained.
func TestEveryFieldIsDocumented(t *testing.T) {
	var docs []byte
	for _, name := range []string{"reports.md", "scans.md", "performance.md", "compare.md"} {
		data, err := os.ReadFile("../../docs/" + name)
		if err != nil {
			t.Fatal(err)
		}
		docs = append(docs, data...)
	}
	for _, v := range []any{Report{}, Model{}, Preparation{}, Preparation{}.Input, Preparation{}.Output, Image{}, Scan{}, Prediction{}, Map{}, Drawn{}, drawing.Measurement{}, Sheet{}, SheetRow{}, SheetScale{}, compare.Pair{}, Compared{}, ComparedModel{}, ClassPair{}} {
		kind := reflect.TypeOf(v)
		for i := range kind.NumField() {
			name, _, _ := strings.Cut(kind.Field(i).Tag.Get("json"), ",")
			if !regexp.MustCompile("\\b" + name + "\\b").Match(docs) {
				t.Errorf("%v: %s is not in the documentation", kind, name)
			}
		}
	}
}

// Scores that are sums over pixels say which pixels count.
func TestTheRegionThatCountsIsSaid(t *testing.T) {
	for _, c := range []struct {
		output score.Output
		want   string
	}{
		{score.Output{Kind: score.Segmentation, Region: score.Region{Box: []int{1, 2, 5, 8}}}, "Region: the score counts pixels 1 to 4 across and 2 to 7 down of the output"},
		{score.Output{Kind: score.Segmentation, Region: score.Region{Mask: true}}, "Region: the score counts the pixels where"},
		{score.Output{Kind: score.Dense}, "Region: the score counts all pixels"},
		{score.Output{Kind: score.Classes}, ""},
	} {
		s := subject(3)
		s.Card.Output = c.output
		all := texts(s.Figure(shown(t, score.ClassTarget(0, score.Probability))))
		r := New(s).Preparation.Output.Region
		if c.want == "" && (strings.Contains(all, "Region:") || r != nil) || !strings.Contains(all, c.want) || c.want != "" && r == nil {
			t.Errorf("%+v: %v, %s", c.output, r, all)
		}
	}
}

func TestLettersThatCannotBeShownAreTold(t *testing.T) {
	s, m := subject(3), shown(t, score.ClassTarget(0, score.Probability))
	const told = "Letters: some letters"
	if strings.Contains(texts(s.Figure(m)), told) {
		t.Error("all letters can be shown")
	}
	m.Map.Finding = "P(猫) is 0.100."
	if !strings.Contains(texts(s.Figure(m)), told) {
		t.Error("a box stands for a letter, and nothing is said")
	}
	for _, text := range []string{"Müller ∂P/∂x · µm² ≥ 3 – “a” × −1…", "Ελλάς Россия"} {
		if plate.Lacks(text) {
			t.Errorf("%q cannot be written", text)
		}
	}
}
