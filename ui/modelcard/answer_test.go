package modelcard

import (
	"path/filepath"
	"picasso/backend/score"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/uitest"
	"picasso/ui/widgets"
)

// words are all texts of an answer form.
func (f *answerForm) words() string {
	var out []string
	for _, o := range uitest.All(f.box) {
		if l, ok := o.(*widget.Label); ok {
			out = append(out, l.Text)
		}
	}
	return strings.Join(out, "|")
}

func TestOutputIsReadOtherwise(t *testing.T) {
	b := newBench(t)
	b.Model.Offer([]string{"images", "mask"}, []string{"boxes", "scores"})
	b.Model.Known.Output = score.Output{Name: "boxes", Kind: score.Detection, Classes: 2, Activation: score.Sigmoid, Box: -1, Origin: "rows of boxes"}
	b.Explained()
	f := newAnswerForm(b.Host, b.C)
	for _, want := range []string{"Picture input", "Box", "Found: rows of boxes."} {
		if !strings.Contains(f.words(), want) {
			t.Errorf("lacks %q: %s", want, f.words())
		}
	}
	entry := uitest.First[*widgets.Entry](t, f.box)
	if entry.Text != "best" {
		t.Errorf("box %q", entry.Text)
	}
	for text, want := range map[string]int{"7": 7, "best": -1, " 2 ": 2} {
		entry.OnSubmitted(text)
		if got := b.Model.Known.Output.Box; got != want || b.C.State().Opening != nil {
			t.Errorf("%q chooses box %d, opening %v", text, got, b.C.State().Opening)
		}
	}
	entry.OnSubmitted("seven")
	if said := faults(f.box); b.Model.Known.Output.Box < -1 || !strings.Contains(said, "seven") {
		t.Errorf("a word is box %d; beside the field: %q", b.Model.Known.Output.Box, said)
	}
	for _, o := range uitest.All(f.box) {
		if list, ok := o.(*widgets.Select); ok && slices.Contains(list.Options, "scores") {
			list.SetSelected("scores")
		}
	}
	b.Q.Until(t, "the model to open again", func() bool { return b.Model.Chosen().Output == "scores" && b.C.State().Opening == nil })
}

// faults is what fields say is wrong with their texts.
func faults(o fyne.CanvasObject) string {
	var said []string
	for _, child := range uitest.All(o) {
		if f, ok := child.(*widgets.Fault); ok && f.Visible() {
			said = append(said, f.Text)
		}
	}
	return strings.Join(said, "|")
}

func TestRowsFollowTheKindOfOutput(t *testing.T) {
	b := newBench(t)
	b.Explained()
	for kind, want := range map[score.OutputKind]string{
		score.Segmentation: "Region", score.Regression: "Unit", score.Classes: "Probabilities",
	} {
		b.Model.Known.Output.Kind = kind
		if f := newAnswerForm(b.Host, b.C); !strings.Contains(f.words(), want) {
			t.Errorf("%s: no %q in %s", kind, want, f.words())
		}
	}
}

func TestActivationIsChosen(t *testing.T) {
	b := newBench(t)
	b.Explained()
	f := newAnswerForm(b.Host, b.C)
	list := f.activation(score.Softmax).(*widgets.Select)
	list.SetSelected(string(score.Sigmoid))
	if b.Model.Known.Output.Activation != score.Sigmoid {
		t.Errorf("activation %q", b.Model.Known.Output.Activation)
	}
	b.Ready(2)
}

func TestEmbeddingIsCompared(t *testing.T) {
	b := newBench(t)
	cat := filepath.Join(t.TempDir(), "cat.png")
	b.Model.Known.Output.Kind, b.Model.Known.References = score.Embedding, []string{cat}
	b.Explained()
	f := newAnswerForm(b.Host, b.C)
	if !strings.Contains(f.words(), "cat.png") {
		t.Errorf("does not say what is compared: %s", f.words())
	}
	list := uitest.First[*widgets.Select](t, f.references(b.Model.Known.References))
	if len(list.Options) != len(b.C.State().Images) || len(list.Options) == 0 {
		t.Fatalf("offers %q of %d pictures", list.Options, len(b.C.State().Images))
	}
	path := b.C.State().Images[0].Path
	list.SetSelectedIndex(0)
	b.Q.Until(t, "the model to open again", func() bool { return len(b.Model.Chosen().References) == 2 && b.C.State().Opening == nil })
	if c := b.Model.Chosen(); c.Kind != score.Embedding || !slices.Equal(c.References, []string{cat, path}) {
		t.Errorf("opened with %+v", c)
	}
}
