package modelcard

import (
	"encoding/json"
	"path/filepath"
	"picasso/backend/score"
	"strings"
	"testing"

	"fyne.io/fyne/v2/widget"

	"picasso/ui/control"
	"picasso/ui/uitest"
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
	b.Model.Said = control.Answer{
		Inputs: []string{"images", "mask"}, Outputs: []string{"boxes", "scores"}, Input: "images", Output: "boxes",
		Kind: score.Detection, Activation: score.Sigmoid, Box: -1, Origin: "rows of boxes",
	}
	b.Explained()
	f := newAnswerForm(b.Host, b.C)
	for _, want := range []string{"Picture input", "Box", "Found: rows of boxes."} {
		if !strings.Contains(f.words(), want) {
			t.Errorf("lacks %q: %s", want, f.words())
		}
	}
	entry := uitest.First[*widget.Entry](t, f.box)
	if entry.Text != "best" {
		t.Errorf("box %q", entry.Text)
	}
	entry.OnSubmitted("7")
	b.Q.Until(t, "the model to open again", func() bool { return len(b.Model.Set()) == 1 && b.C.State().Opening == nil })
	if b.Model.Set()[0] != "box=7" {
		t.Errorf("opened with %q", b.Model.Set())
	}
	entry.OnSubmitted("best")
	b.Q.Until(t, "the model to open again", func() bool { return len(b.Model.Set()) == 0 && b.C.State().Opening == nil })
}

func TestRowsFollowTheKindOfOutput(t *testing.T) {
	b := newBench(t)
	b.Explained()
	for kind, want := range map[score.OutputKind]string{
		score.Segmentation: "Region", score.Regression: "Unit", score.Classes: "Probabilities",
	} {
		b.Model.Said.Kind = kind
		if f := newAnswerForm(b.Host, b.C); !strings.Contains(f.words(), want) {
			t.Errorf("%s: no %q in %s", kind, want, f.words())
		}
	}
}

func TestActivationIsChosen(t *testing.T) {
	b := newBench(t)
	b.Explained()
	f := newAnswerForm(b.Host, b.C)
	list := f.activation(score.Softmax).(*widget.Select)
	list.SetSelected(string(score.Sigmoid))
	if b.Model.Prep.Activation != score.Sigmoid {
		t.Errorf("activation %q", b.Model.Prep.Activation)
	}
	b.Ready(2)
}

func TestEmbeddingIsCompared(t *testing.T) {
	b := newBench(t)
	b.Model.Said = control.Answer{Kind: score.Embedding, References: []string{filepath.Join(t.TempDir(), "cat.png")}}
	b.Explained()
	f := newAnswerForm(b.Host, b.C)
	if !strings.Contains(f.words(), "cat.png") {
		t.Errorf("does not say what is compared: %s", f.words())
	}
	list := uitest.First[*widget.Select](t, f.references(b.Model.Said.References))
	if len(list.Options) != len(b.C.State().Images) || len(list.Options) == 0 {
		t.Fatalf("offers %q of %d pictures", list.Options, len(b.C.State().Images))
	}
	path := b.C.State().Images[0].Path
	list.SetSelectedIndex(0)
	b.Q.Until(t, "the model to open again", func() bool { return len(b.Model.Set()) == 2 && b.C.State().Opening == nil })
	want, err := json.Marshal([]string{b.Model.Said.References[0], path})
	if err != nil {
		t.Fatal(err)
	}
	if b.Model.Set()[0] != "kind=embedding" || b.Model.Set()[1] != "reference="+string(want) {
		t.Errorf("opened with %q", b.Model.Set())
	}
}
