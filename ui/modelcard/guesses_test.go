package modelcard

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2/widget"

	"picasso/backend/metadata"
	"picasso/ui/uitest"
)

// What was guessed stays on the card until the user has said that it is right, or
// otherwise.
func TestGuessesStayOnTheCardUntilSettled(t *testing.T) {
	for _, settle := range []struct {
		how string
		do  func(b *bench)
	}{
		{"That is right", func(b *bench) { press(t, b.card.guesses, "That is right") }},
		{"a preset", func(b *bench) {
			if err := b.C.Choose(metadata.Choices{Preset: "0..1"}); err != nil {
				t.Fatal(err)
			}
		}},
	} {
		b := newBench(t)
		b.Model.Known.Say("preprocess.scale", "guess: nothing states this")
		b.Model.Known.Say("preprocess.color", "guess: nothing states this")
		b.Explained()
		box, text := b.card.guesses.box, b.card.guesses.text
		if !box.Visible() || !strings.Contains(text.Text, "RGB, ÷255") {
			t.Fatalf("on the card stands %q, visible %v", text.Text, box.Visible())
		}
		b.C.DismissAll() // the banner goes, the card stays
		b.C.Rerun()
		b.Ready(2)
		if !box.Visible() {
			t.Error("the guesses went before they were settled")
		}
		settle.do(b)
		if box.Visible() {
			t.Errorf("after %s the card still says %q", settle.how, text.Text)
		}
	}
}

func press(t *testing.T, g *guesses, title string) {
	t.Helper()
	for _, o := range uitest.All(g.box) {
		if b, ok := o.(*widget.Button); ok && b.Text == title {
			b.OnTapped()
			return
		}
	}
	t.Fatalf("no button %q", title)
}

// After a reset, values, origins and the preset are those of the opening.
func TestResetBringsBackOriginsAndPreset(t *testing.T) {
	b := newBench(t)
	b.Model.Known.Say("preprocess.scale", "guess: nothing states this")
	b.Explained()
	f := newPrepForm(b.C)
	origin := func() string {
		for _, field := range f.fields {
			if field.key == "preprocess.scale" {
				return field.origin.Text
			}
		}
		return ""
	}
	preset, before := f.preset.Selected, origin()
	f.preset.SetSelected("Keras caffe")
	f.show()
	if f.preset.Selected != "Keras caffe" || origin() == before {
		t.Fatalf("preset %q, origin %q", f.preset.Selected, origin())
	}
	if err := b.C.Reset(); err != nil {
		t.Fatal(err)
	}
	f.show()
	if f.preset.Selected != preset || preset != "0…1" || origin() != before {
		t.Errorf("after a reset preset %q, was %q; origin %q, was %q", f.preset.Selected, preset, origin(), before)
	}
}
