package printed

import (
	"encoding/json"
	"image"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"picasso/ui/drawing"
	"picasso/ui/report"
)

// twoModels is a comparison of two models that disagree.
func twoModels() report.Compared {
	no := false
	answer := func(name string, p float64) report.ComparedModel {
		return report.ComparedModel{Model: report.Model{Path: "models/" + name + ".onnx", SHA256: "12ab"}, Settings: map[string]string{"size": "24"},
			Predictions: []report.Prediction{{Name: name, Probability: report.Number(p)}}}
	}
	scale := report.Drawn{Colours: "blue-white-red", Low: -1, High: 1, Display: drawing.Display{}}
	return report.Compared{Image: "field.png", SHA256: "34cd", A: answer("tank", .75), B: answer("no tank", .5), Visualizer: "occlusion",
		Class:            &report.ClassPair{A: report.Class{Name: "tank"}, B: report.Class{Name: "no tank"}, Matched: "index"},
		DeltaProbability: .25, SameAnswer: &no, Spearman: report.Number(math.NaN()), Unit: "drop in P(tank)",
		Notes: []string{"labels differ"}, Files: []string{"a.png", "b.png", "difference.png"}, Drawn: []report.Drawn{scale, scale, scale}}
}

// A folder of a comparison gives a page with both answers, both maps and the
// difference, and says what is missing and what was compared otherwise.
func TestPageOfTwoModels(t *testing.T) {
	folder := t.TempDir()
	data, err := json.Marshal(twoModels())
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, report.ComparedFile), data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a.png", "difference.png"} { // one is missing
		f, err := os.Create(filepath.Join(folder, name))
		if err == nil {
			err = png.Encode(f, image.NewRGBA(image.Rect(0, 0, 4, 3)))
			f.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	found, err := Find(t.Context(), []string{folder})
	if err != nil || len(found) != 1 {
		t.Fatalf("%v, %v", found, err)
	}
	p, err := Read(found[0], options)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Panels) != 3 || p.Panels[0].Picture == nil || p.Panels[1].Picture != nil || p.Panels[1].Absent == "" || p.Panels[2].Picture == nil {
		t.Fatalf("%+v", p.Panels)
	}
	said := string(made(t, asHTML, p))
	for _, want := range []string{"A tank, probability 0.750; model B no tank, probability 0.500", "matched by index", "+0.25", "one of the maps is the same everywhere", "labels differ", "tank.onnx", "Window 24", "Occlusion"} {
		if !strings.Contains(strings.ReplaceAll(said, "&#43;", "+"), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(said, "models/") {
		t.Error("the page tells the folder of a model")
	}
}

// What is no comparison is an error, never a page.
func TestBadComparisons(t *testing.T) {
	for _, text := range []string{"{}", "[]", "{", `{"a": 3, "sha256": "x"}`} {
		path := filepath.Join(t.TempDir(), report.ComparedFile)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if p, err := Read(path, options); err == nil {
			t.Errorf("%s is the page %+v", text, p)
		}
	}
}

// FuzzCompared makes pages of anything.
func FuzzCompared(f *testing.F) {
	data, err := json.Marshal(twoModels())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		c := &report.Compared{}
		if decode(data, c) != nil {
			return
		}
		dot := image.NewRGBA(image.Rect(0, 0, 1, 1))
		if p := OfCompared(c, options, func(string) (*image.RGBA, error) { return dot, nil }); p.Title == "" || len(p.Panels) > 3 {
			t.Errorf("%+v", p)
		}
	})
}
