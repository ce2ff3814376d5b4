package ui

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2/widget"

	"picasso/backend/score"
	"picasso/ui/control"
)

// words are all texts of an answer form.
func (f *answerForm) words() string {
	var out []string
	for _, o := range all(f.box) {
		if l, ok := o.(*widget.Label); ok {
			out = append(out, l.Text)
		}
	}
	return strings.Join(out, "|")
}

func TestOutputIsReadOtherwise(t *testing.T) {
	b := newBench(t)
	b.model.answer = control.Answer{
		Inputs: []string{"images", "mask"}, Outputs: []string{"boxes", "scores"}, Input: "images", Output: "boxes",
		Kind: score.Detection, Activation: score.Sigmoid, Box: -1, Origin: "rows of boxes",
	}
	b.explained()
	f := newAnswerForm(b.Window)
	for _, want := range []string{"Picture input", "Box", "Found: rows of boxes."} {
		if !strings.Contains(f.words(), want) {
			t.Errorf("lacks %q: %s", want, f.words())
		}
	}
	entry := firstOf[*widget.Entry](t, f.box)
	if entry.Text != "best" {
		t.Errorf("box %q", entry.Text)
	}
	entry.OnSubmitted("7")
	b.q.until(t, "the model to open again", func() bool { return len(b.model.set()) == 1 && b.c.State().Opening == nil })
	if b.model.set()[0] != "box=7" {
		t.Errorf("opened with %q", b.model.set())
	}
	entry.OnSubmitted("best")
	b.q.until(t, "the model to open again", func() bool { return len(b.model.set()) == 0 && b.c.State().Opening == nil })
}

func TestRowsFollowTheKindOfOutput(t *testing.T) {
	b := newBench(t)
	b.explained()
	for kind, want := range map[score.OutputKind]string{
		score.Segmentation: "Region", score.Regression: "Unit", score.Classes: "Probabilities by",
	} {
		b.model.answer.Kind = kind
		if f := newAnswerForm(b.Window); !strings.Contains(f.words(), want) {
			t.Errorf("%s: no %q in %s", kind, want, f.words())
		}
	}
}

func TestActivationIsChosen(t *testing.T) {
	b := newBench(t)
	b.explained()
	f := newAnswerForm(b.Window)
	list := f.activation(score.Softmax).(*widget.Select)
	list.SetSelected(string(score.Sigmoid))
	if b.model.prep.Activation != score.Sigmoid {
		t.Errorf("activation %q", b.model.prep.Activation)
	}
	b.ready(2)
}

func TestBarsOfScoresThatAreNoProbabilities(t *testing.T) {
	if got := fullBar([]score.Class{{Probability: 921}, {Probability: 281}}); got != 921 {
		t.Errorf("a full bar is %v", got)
	}
	if got := fullBar([]score.Class{{Probability: 0.2}}); got != 1 {
		t.Errorf("a full bar is %v", got)
	}
}

func TestEmbeddingIsCompared(t *testing.T) {
	b := newBench(t)
	b.model.answer = control.Answer{Kind: score.Embedding, References: []string{filepath.Join(t.TempDir(), "cat.png")}}
	b.explained()
	f := newAnswerForm(b.Window)
	if !strings.Contains(f.words(), "cat.png") {
		t.Errorf("does not say what is compared: %s", f.words())
	}
	list := firstOf[*widget.Select](t, f.references(b.model.answer.References))
	if len(list.Options) != len(b.c.State().Images) || len(list.Options) == 0 {
		t.Fatalf("offers %q of %d pictures", list.Options, len(b.c.State().Images))
	}
	path := b.c.State().Images[0].Path
	list.SetSelectedIndex(0)
	b.q.until(t, "the model to open again", func() bool { return len(b.model.set()) == 2 && b.c.State().Opening == nil })
	want, err := json.Marshal([]string{b.model.answer.References[0], path})
	if err != nil {
		t.Fatal(err)
	}
	if b.model.set()[0] != "kind=embedding" || b.model.set()[1] != "reference="+string(want) {
		t.Errorf("opened with %q", b.model.set())
	}
	if got := b.classes.title.Text; got != "SIMILARITY (COSINE)" {
		t.Errorf("the classes are headed %q", got)
	}
}
