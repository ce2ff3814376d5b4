package metadata

import (
	"slices"
	"testing"

	"picasso/backend/preprocess"
	"picasso/backend/score"
)

// The text of a command line becomes the values that the window makes.
func TestTextBecomesTheSameChoices(t *testing.T) {
	c, err := ParseChoices([]string{
		"input=683", "box=1", "box=3", "columns=true", "kind=detection", "value=age", `reference="cat.png"`,
		"region=[1,2,3,4]", "preprocess.mean=[1,2,3]", "preprocess.preset=keras-tf", "inputs.age=54",
	})
	if err != nil {
		t.Fatal(err)
	}
	if c.Input != "683" || *c.Box != 3 || !*c.Columns || c.Kind != score.Detection || *c.Value != "age" || c.Preset != "keras-tf" {
		t.Errorf("%+v", c)
	}
	if c.Skip != nil || c.Unit != nil || c.Activation != "" || c.Labels != nil {
		t.Errorf("says more than it was told: %+v", c)
	}
	if !slices.Equal(c.References, []string{"cat.png"}) || !slices.Equal(c.Region.Box, []int{1, 2, 3, 4}) || string(c.Inputs["age"].Value.Raw) != "54" {
		t.Errorf("%+v", c)
	}
	if !slices.Equal(c.Stated, []string{"mean"}) || !slices.Equal(c.Preprocess.Mean, preprocess.Values{1, 2, 3}) {
		t.Errorf("states %q: %+v", c.Stated, c.Preprocess)
	}
}

func TestNewerChoicesReplaceOlder(t *testing.T) {
	number := func(text string) GivenInput {
		t.Helper()
		g, err := ParseConstant(text, "")
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	old := Choices{
		Kind: score.Embedding, References: []string{"a.png"}, Box: new(3), Unit: new("years"), LabelFile: "a.txt",
		Inputs:     map[string]GivenInput{"a": number("1"), "b": number("2")},
		Preprocess: preprocess.Preprocess{Scale: [2]float64{2, 0}, Mean: preprocess.Values{1}}, Stated: []string{"scale", "mean"},
	}
	got := old.Merge(Choices{
		Kind: score.Classes, References: []string{}, Box: new(-1), Unit: new(""), Labels: []string{"cat"},
		Inputs:     map[string]GivenInput{"a": {}, "c": number("3")},
		Preprocess: preprocess.Preprocess{Scale: [2]float64{3, 0}}, Stated: []string{"scale"},
	})
	if got.Kind != score.Classes || got.References == nil || len(got.References) != 0 || *got.Box != -1 || *got.Unit != "" || got.LabelFile != "" || got.Labels[0] != "cat" {
		t.Errorf("%+v", got)
	}
	if len(got.Inputs) != 2 || string(got.Inputs["b"].Value.Raw) != "2" || string(got.Inputs["c"].Value.Raw) != "3" {
		t.Errorf("constants %+v", got.Inputs)
	}
	if got.Preprocess.Scale[0] != 3 || got.Preprocess.Mean[0] != 1 {
		t.Errorf("preparation %+v", got.Preprocess)
	}
	if len(old.Inputs) != 2 || *old.Box != 3 {
		t.Errorf("the older choices were changed: %+v", old)
	}
}

func TestConstantsAsTheUserWritesThem(t *testing.T) {
	for text, want := range map[string]string{
		"54": "54", "[1, 2]": "[1, 2]", "true": "true", "other.png": `"/here/other.png"`, `"other.png"`: `"/here/other.png"`, "/there/x.npy": `"/there/x.npy"`,
	} {
		g, err := ParseConstant(text, "/here")
		if err != nil || string(g.Value.Raw) != want {
			t.Errorf("%s becomes %s, %v, want %s", text, g.Value.Raw, err, want)
		}
	}
}
