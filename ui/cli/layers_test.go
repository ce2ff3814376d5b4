package cli_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"picasso/ui/cli"
)

func TestLayersOfTheDigitsSample(t *testing.T) {
	model, images := sample(t, "digits")
	code, out, said := picasso(t.Context(), "layers", "--model", model, "--image", images[7], "--json")
	var rows []struct {
		Name, Block, Axes string
		Operators         []string
		Shape, Cells      []int
		Parameters        int64
		MultiplyAdds      float64 `json:"multiply_adds"`
		ReceptiveField    []int   `json:"receptive_field"`
		UsableForCAM      bool    `json:"usable_for_cam"`
		Mean              *float64
	}
	if err := json.Unmarshal([]byte(out), &rows); code != cli.Done || err != nil || len(rows) < 4 {
		t.Fatalf("exit code %d, %v: %s", code, err, said)
	}
	usable := 0
	for i, r := range rows {
		if r.Name == "" || len(r.Operators) == 0 || len(r.ReceptiveField) != 2 || r.Mean == nil {
			t.Errorf("row %d: %+v", i, r)
		}
		if r.UsableForCAM {
			usable++
			if len(r.Cells) != 2 || r.Axes != "N,C,h,w" {
				t.Errorf("row %d is a map, but %+v", i, r)
			}
		}
	}
	if usable == 0 {
		t.Error("no layer can be used for class activation maps")
	}
	if first, last := rows[0], rows[len(rows)-1]; first.ReceptiveField[0] > 7 || last.ReceptiveField[0] != 28 {
		t.Errorf("receptive fields: %v first, %v last", first.ReceptiveField, last.ReceptiveField)
	}
	code, out, _ = picasso(t.Context(), "layers", "--model", model)
	if code != cli.Done || !strings.Contains(out, "Conv") || strings.Contains(out, "mean") {
		t.Errorf("exit code %d: %s", code, out)
	}
	code, _, said = picasso(t.Context(), "layers", "--model", model, "--image", images[0], "--image", images[1])
	if code != cli.Usage || !strings.Contains(said, "one") {
		t.Errorf("two pictures: exit code %d: %s", code, said)
	}
}

// Channels are sorted as asked, and their contributions add up to the sum that is
// told.
func TestChannelsOfALayer(t *testing.T) {
	model, images := sample(t, "digits")
	var list struct {
		Layer, Axes, Target string
		Cells               []int
		Contribution        *float64
		Channels            []struct {
			Channel      int
			Mean, Max    float64
			Contribution *float64
		}
	}
	code, out, said := picasso(t.Context(), "layers", "--model", model, "--image", images[7], "--layer", "last", "--target", "7", "--json")
	if err := json.Unmarshal([]byte(out), &list); code != cli.Done || err != nil || len(list.Channels) < 2 || list.Contribution == nil {
		t.Fatalf("exit code %d, %v: %s", code, err, said)
	}
	sum, before := 0.0, math.Inf(1)
	for _, c := range list.Channels {
		sum += *c.Contribution
		if *c.Contribution > before || c.Mean > c.Max {
			t.Errorf("channel %+v follows %g", c, before)
		}
		before = *c.Contribution
	}
	if math.Abs(sum-*list.Contribution) > 1e-9*math.Abs(sum) || list.Target != "logit(7)" || len(list.Cells) != 2 {
		t.Errorf("the sum is %g, told is %+v", sum, list)
	}
	code, out, _ = picasso(t.Context(), "layers", "--model", model, "--image", images[7], "--layer", list.Layer, "--sort", "index")
	if code != cli.Done || !strings.Contains(out, "contributions to logit(7)") {
		t.Errorf("exit code %d: %s", code, out)
	}
	for _, bad := range [][]string{
		{"--layer", "last"},
		{"--layer", "none", "--image", images[7]},
		{"--layer", "last", "--image", images[7], "--sort", "size"},
		{"--layer", "last", "--image", images[7], "--target", "top:2"},
	} {
		if code, _, said := picasso(t.Context(), append([]string{"layers", "--model", model}, bad...)...); code != cli.Usage {
			t.Errorf("%v: exit code %d: %s", bad, code, said)
		}
	}
}

// What is drawn for a class is a file to look at, its numbers and a sentence.
func TestClassModelWritesAPicture(t *testing.T) {
	model, images := sample(t, "digits")
	dir := t.TempDir()
	code, _, said := picasso(t.Context(), "explain", "--model", model, "--image", images[3], "--visualizer", "class-model", "--set", "steps=8",
		"--set", "views=1", "--target", "3", "--out", dir)
	if code != cli.Done {
		t.Fatalf("exit code %d: %s", code, said)
	}
	var result struct {
		Maps  []any
		Parts []struct {
			Kind, File, Text, Title string
			Picture                 *struct {
				NPY                     string
				Channels, Width, Height int
				Range                   [2]float64
			}
		}
	}
	folder := filepath.Join(dir, "digit-3")
	data, err := os.ReadFile(filepath.Join(folder, "result.json"))
	if err == nil {
		err = json.Unmarshal(data, &result)
	}
	if err != nil || len(result.Maps) != 0 || len(result.Parts) != 2 {
		t.Fatalf("%+v, %v", result, err)
	}
	p := result.Parts[0]
	a := readArray(t, filepath.Join(folder, p.Picture.NPY))
	if !slices.Equal(a.Shape, []int{p.Picture.Channels, p.Picture.Height, p.Picture.Width}) || p.Picture.Range != [2]float64{0, 255} {
		t.Errorf("%+v, an array of %v", p.Picture, a.Shape)
	}
	if _, err := os.Stat(filepath.Join(folder, p.File)); err != nil {
		t.Error(err)
	}
	if !strings.Contains(result.Parts[1].Text, "not a picture of one") || p.Title != "3" {
		t.Errorf("%+v", result.Parts)
	}
}

// TestFeaturesAreExplainedInPlaceOfClasses by methods of every kind, and refused
// where there are none.
func TestFeaturesAreExplainedInPlaceOfClasses(t *testing.T) {
	model, images := sample(t, "digits")
	run := func(feature string, more ...string) (int, string, string) {
		dir := t.TempDir()
		args := append([]string{"explain", "--model", model, "--image", images[7], "--feature", feature, "--out", dir}, more...)
		code, _, said := picasso(t.Context(), args...)
		return code, dir, said
	}
	const layer = "/layers/layers.5/MaxPool_output_0"
	code, dir, said := run(layer+":3@2,3", "--visualizer", "saliency", "--visualizer", "occlusion", "--visualizer", "deconvnet")
	if code != cli.Done {
		t.Fatalf("exit code %d: %s", code, said)
	}
	var result struct {
		Maps []struct {
			Target string
			Class  struct{ Index int }
			Value  float64
		}
		Predictions []struct{ Name string }
	}
	data, err := os.ReadFile(filepath.Join(dir, "digit-7", "result.json"))
	if err == nil {
		err = json.Unmarshal(data, &result)
	}
	if err != nil || len(result.Maps) != 3 || result.Predictions[0].Name != "7" {
		t.Fatalf("%+v, %v", result, err)
	}
	for _, m := range result.Maps {
		if m.Target != "activity(feature 3 of "+layer+" at row 2, column 3)" || m.Class.Index != 3 || m.Value != result.Maps[0].Value {
			t.Errorf("%+v", m)
		}
	}
	for _, bad := range [][]string{
		{layer}, {layer + ":x"}, {layer + ":3@2"}, {layer + ":300"}, {layer + ":3@99,0"}, {"none:1"}, {layer + ":3", "--trust"},
	} {
		if code, _, said := run(bad[0], append(bad[1:], "--visualizer", "saliency")...); code != cli.Usage {
			t.Errorf("%v: exit code %d: %s", bad, code, said)
		}
	}
}
