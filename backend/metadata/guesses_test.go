package metadata

import (
	"slices"
	"testing"

	"picasso/backend/preprocess"
)

// guessing is a card of which nothing was stated.
func guessing() Card {
	c := Card{
		Input:      preprocess.Input{Channels: 3, Height: 8, Width: 8},
		Preprocess: preprocess.Preprocess{Color: preprocess.RGB, Resize: preprocess.DefaultResize(), Scale: [2]float64{1.0 / 255, 0}},
		Warnings:   Warnings{{Guessed, "a guess"}, {Remark, "a remark"}},
	}
	for _, key := range []string{"color", "resize", "scale", "mean"} {
		c.Say("preprocess."+key, "guess: nothing states this")
	}
	c.Say("preprocess.std", "config.json")
	return c
}

func TestGuessesStandUntilTheyAreSettled(t *testing.T) {
	c := guessing()
	if got := c.Guesses(); !slices.Equal(got, []string{"RGB", "stretch", "÷255"}) { // no mean is no guess worth a word
		t.Fatalf("guesses %q", got)
	}

	// What the user changes is no guess any more; the rest is.
	changed, err := c.With(Choices{Preprocess: preprocess.Preprocess{Scale: [2]float64{1 / 127.5, -1}}, Stated: []string{"scale"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := changed.Guesses(); !slices.Equal(got, []string{"RGB", "stretch"}) || len(changed.Warnings) != 2 {
		t.Errorf("after a correction %q, %v", got, changed.Warnings)
	}

	// A preset says all of it, also what was guessed rightly.
	preset, err := c.With(Choices{Preset: "0..1"})
	if err != nil {
		t.Fatal(err)
	}
	agreed := c.Agreed()
	for what, settled := range map[string]Card{"a preset": preset, "agreement": agreed} {
		if got := settled.Guesses(); len(got) != 0 || len(settled.Warnings) != 1 || settled.Warnings[0].Text != "a remark" {
			t.Errorf("after %s %q, %v", what, got, settled.Warnings)
		}
		if settled.Origins["preprocess.scale"] != byUser || settled.Origins["preprocess.std"] != "config.json" && what == "agreement" {
			t.Errorf("after %s origins %v", what, settled.Origins)
		}
	}
	if len(c.Guesses()) != 3 || len(c.Warnings) != 2 {
		t.Error("the former card changed")
	}
}

func TestScalingAsPeopleWriteIt(t *testing.T) {
	for want, scale := range map[string][2]float64{
		"÷255": {1.0 / 255, 0}, "÷127.5 − 1": {1 / 127.5, -1}, "raw values": {1, 0}, "× 2 + 3": {2, 3}, "× 1 − 5": {1, -5},
	} {
		if got := scaling(scale); got != want {
			t.Errorf("%v is written %q, want %q", scale, got, want)
		}
	}
}

// Each preset is recognised once it is in use, and no other that says otherwise.
func TestCardFollowsItsPreset(t *testing.T) {
	for _, preset := range preprocess.Presets() {
		c := guessing()
		c, err := c.With(Choices{Preset: preset.Name})
		if err != nil {
			t.Fatal(err)
		}
		if !c.Follows(preset) {
			t.Errorf("%s is in use and not recognised", preset.Name)
		}
		c.Preprocess.Clip = []float64{0, 0.125}
		if c.Follows(preset) {
			t.Errorf("%s is recognised although values are clipped", preset.Name)
		}
	}
}
