package modelcard

import (
	"path/filepath"
	"picasso/backend/metadata"
	"picasso/backend/score"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/uitest"
	"picasso/ui/widgets"
)

// texts are all texts below o.
func texts(o fyne.CanvasObject) string {
	var out []string
	for _, o := range uitest.All(o) {
		if l, ok := o.(*widget.Label); ok && l.Visible() {
			out = append(out, l.Text)
		}
	}
	return strings.Join(out, "|")
}

func buttons(o fyne.CanvasObject) []*widget.Button {
	var out []*widget.Button
	for _, o := range uitest.All(o) {
		if b, ok := o.(*widget.Button); ok {
			out = append(out, b)
		}
	}
	return out
}

func doubtful() []metadata.Doubt {
	return []metadata.Doubt{
		{Key: "kind", Text: "They are probably scores.", Readings: []metadata.Reading{
			{Title: "scores of classes", Choices: metadata.Choices{Kind: score.Classes}, Taken: true},
			{Title: "values as they are", Why: "counts are no scores", Choices: metadata.Choices{Kind: score.Regression}},
		}},
		{Key: "activation", Text: "Each is probably for itself.", Readings: []metadata.Reading{
			{Title: "probabilities by sigmoid", Choices: metadata.Choices{Activation: score.Sigmoid}, Taken: true},
		}},
	}
}

// The card asks, one question after the other, until the user has answered.
func TestTheCardAsksWhatIsInDoubt(t *testing.T) {
	b := newBench(t)
	b.Model.Known.Doubts = doubtful()
	b.Explained()
	box := b.card.doubts.box
	if got := texts(box); !strings.Contains(got, "probably scores.|Yes, scores of classes|Values as they are") || !strings.Contains(got, "1 more question") {
		t.Fatalf("asks %q", got)
	}
	buttons(box)[0].OnTapped()
	b.Q.Until(t, "the next question", func() bool { return strings.Contains(texts(box), "for itself") })
	if len(b.Model.Known.Doubts) != 1 || b.C.State().Opening != nil {
		t.Errorf("left: %+v", b.Model.Known.Doubts)
	}
	buttons(box)[0].OnTapped()
	b.Q.Until(t, "no question", func() bool { return !box.Visible() })
	if k := b.Model.Known; len(k.Doubts) != 0 || k.Output.Activation != score.Sigmoid || !k.Percent() {
		t.Errorf("settled as %+v", k)
	}
}

// The page of the output tells why, and another reading opens the model with it.
func TestAnotherReadingIsOneClickAway(t *testing.T) {
	b := newBench(t)
	b.Model.Known.Doubts = doubtful()
	b.Explained()
	f := newAnswerForm(b.Host, b.C)
	if got := texts(f.box); !strings.Contains(got, "Counts are no scores.") || !strings.Contains(got, "for itself") {
		t.Errorf("asks %q", got)
	}
	buttons(f.box)[1].OnTapped()
	b.Q.Until(t, "the model to open again", func() bool { return b.Model.Chosen().Kind == score.Regression && b.C.State().Opening == nil })
}

// Where the number of classes is open, their names settle it.
func TestLabelsAreAskedFor(t *testing.T) {
	b := newBench(t)
	b.Model.Known.Doubts = []metadata.Doubt{{Key: "labels", Text: "There are probably 2 classes."}}
	b.Explained()
	b.Host.Answer = filepath.Join(b.Dir, "names.txt")
	buttons(b.card.doubts.box)[0].OnTapped()
	b.Q.Until(t, "the model to open again", func() bool { return b.Model.Chosen().LabelFile == b.Host.Answer && b.C.State().Opening == nil })
}

// Every kind has its own rows.
func TestRowsOfFurtherKinds(t *testing.T) {
	b := newBench(t)
	b.Explained()
	o := &b.Model.Known.Output
	*o = score.Output{Name: "y", Kind: score.Sequence, Classes: 2, Shape: []int{1, 5, 2}, Axis: 2, Step: -1}
	f := newAnswerForm(b.Host, b.C)
	entry := uitest.First[*widgets.Entry](t, f.box)
	for text, want := range map[string]int{"4": 4, "best": -1} {
		if entry.OnSubmitted(text); b.Model.Known.Output.Step != want || b.C.State().Opening != nil {
			t.Errorf("%q chooses step %d", text, b.Model.Known.Output.Step)
		}
	}
	if entry.OnSubmitted("5"); b.Model.Known.Output.Step == 5 || faults(f.box) == "" {
		t.Error("a step beyond the last is taken")
	}
	*o = score.Output{Name: "y", Kind: score.Dense, Classes: 1, Shape: []int{1, 4, 4}, Axis: -1}
	if f = newAnswerForm(b.Host, b.C); !strings.Contains(f.words(), "Region") || strings.Contains(f.words(), "Probabilities") {
		t.Errorf("values per pixel: %s", f.words())
	}
	*o = score.Output{Name: "y", Kind: score.Selection, Classes: 2, Selected: score.Selected{Width: 6, Score: 4, Class: 5}}
	if f = newAnswerForm(b.Host, b.C); !strings.Contains(f.words(), "Score column") {
		t.Fatalf("boxes: %s", f.words())
	}
	for _, o := range uitest.All(f.box) {
		if list, ok := o.(*widgets.Select); ok && list.Selected == "number 6 of 6" {
			list.SetSelected("number 1 of 6")
		}
	}
	b.Q.Until(t, "the model to open again", func() bool {
		c := b.Model.Chosen()
		return c.ClassColumn != nil && *c.ClassColumn == 0 && b.C.State().Opening == nil
	})
}
