package explain

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/infer"
	"picasso/backend/score"
	"picasso/ui/control"
	"picasso/ui/report"
	"picasso/ui/uitest"
	"picasso/ui/words"
	"picasso/visualizers"
)

// seen is every text of a part of the workspace that is on the screen.
func seen(o fyne.CanvasObject) (all []string) {
	if !o.Visible() {
		return nil
	}
	switch o := o.(type) {
	case *widget.Label:
		return []string{o.Text} // its lines are broken anywhere
	case *canvas.Text:
		return []string{o.Text}
	case *fyne.Container:
		for _, child := range o.Objects {
			all = append(all, seen(child)...)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			all = append(all, seen(child)...)
		}
	}
	return all
}

// statements are sentences that say how large a score is: "P(white) is 0.902."
var statements = regexp.MustCompile(`((?:P|logit)\([a-z]+\)(?: − (?:P|logit)\([a-z]+\))?)(?: is|,) ([<>]?[−–-]?[0-9]+(?:\.[0-9]+)?)( here)?`)

// contradictions compares all that is on the screen, and in the texts of a figure, with
// what is shown: no text speaks of another score, and every number that is said of one is
// its value in the picture that the text is about.
func (b *bench) contradictions(t *testing.T, when string) {
	t.Helper()
	s := b.C.State()
	base := s.Look.Base
	if s.Probe != nil {
		base = s.Probe.Scores
	}
	if b.compare(t, when, seen(b.Host.Window.Content()), base, s.Probe != nil) == 0 {
		t.Errorf("%s: nothing says how large the score is", when)
	}
	if subject, shown, err := b.Workspace.Picture.Reported(); err == nil { // it is of the map, not of what is covered to look
		f := subject.Figure(shown)
		b.compare(t, when+", in its figure", []string{f.Subject, f.Finding, f.Map.Unit, f.Legend}, s.Look.Base, false)
	} else if s.Panel().Map != nil && !errors.Is(err, control.ErrOldMap) {
		t.Errorf("%s: there is no figure: %v", when, err)
	}
	best := s.Look.Ranked[0]
	if s.Probe != nil {
		best = s.Probe.Ranked[0]
	}
	if class, value := b.classes.answer.class.Text, b.classes.answer.score.Text; class != best.Name || value != words.Score(best.On(s.Target.Score), s.Target.Score) {
		t.Errorf("%s: the answer is written as %s, %s, and is %+v", when, class, value, best)
	}
}

// compare holds texts against what is explained, in a picture of some scores, and counts
// how often they say how large it is.
func (b *bench) compare(t *testing.T, when string, all []string, base score.Scores, here bool) (stated int) {
	t.Helper()
	target, model := b.C.State().Target, b.C.State().Model
	own := []string{target.Symbol(model)}
	if target.Against != score.NoClass { // each of the two may be spoken of, too
		own = append(own, score.ClassTarget(target.Class, target.Score).Symbol(model), score.ClassTarget(target.Against, target.Score).Symbol(model))
	}
	value, err := target.Value(base)
	if err != nil {
		t.Fatal(err)
	}
	want := words.Score(value, target.Score)
	for _, text := range all {
		rest := text
		for _, symbol := range own {
			rest = strings.ReplaceAll(rest, symbol, "")
		}
		if strings.Contains(rest, "P(") || strings.Contains(rest, "logit(") {
			t.Errorf("%s, of %s, a text speaks of another score: %q", when, own[0], text)
		}
		for _, found := range statements.FindAllStringSubmatch(text, -1) {
			if found[1] != own[0] {
				continue
			}
			if stated++; found[2] != want {
				t.Errorf("%s: %q says %s, it is %s", when, text, found[2], want)
			}
			if (found[3] != "") != here {
				t.Errorf("%s: %q, and a covered picture is shown: %v", when, text, here)
			}
		}
	}
	return stated
}

// second is another method with maps, whose findings are its own.
type second struct{ *uitest.Every }

func (second) Info() visualizers.Info {
	return visualizers.Info{ID: "second", Title: "Second", About: "Says nothing of its own.", Link: "none", Group: visualizers.Yours}
}

func (s second) Explain(ctx context.Context, in visualizers.Input, emit func(visualizers.Result)) (visualizers.Result, error) {
	r, err := s.Every.Explain(ctx, in, func(visualizers.Result) {})
	r.Patches, r.Note = nil, ""
	for i := range r.Maps { // as a script's: what it shows has no sentence
		r.Maps[i].Finding = ""
	}
	return r, err
}

// darker is a picture of which a part is covered by hand.
type darker struct{}

func (darker) Input(_ control.Model, k *control.Look) (infer.Tensor, report.Covered, error) {
	t := k.Input.Clone()
	for i := range t.Data {
		t.Data[i] /= 4
	}
	return t, report.Covered{Share: .5, Fill: "black"}, nil
}

// Whatever is changed after a run, in whatever order, no text on the screen or in a figure
// contradicts what is shown.
func TestNoTextContradictsAnother(t *testing.T) {
	b := newBench(t)
	b.Explained()
	b.C.SetScripts([]visualizers.Visualizer{second{b.Every}})
	settled := func(images int) {
		t.Helper()
		b.Q.Until(t, "the map", func() bool {
			s := b.C.State()
			return len(s.Images) == images && !s.Looking && s.Look.ID == s.Selected().ID && (s.Look.Covered != nil) == (b.C.Altered() != nil) &&
				s.Panel().Status == control.Ready && !s.Panel().Stale && s.Panel().Shown() == s.Look
		})
	}
	probe := func() {
		if b.C.State().Probe == nil && !b.C.ProbeAt(4, 4) {
			t.Fatal("no covered picture")
		}
	}
	images := 1
	other := func() { b.C.SelectTab(2 - b.C.State().Tab) } // between the first and the third
	for _, step := range []struct {
		what string
		do   func()
	}{
		{"at first", func() {}},
		{"of the other class", func() { b.C.SetTarget(1, score.NoClass) }},
		{"of its logit", func() { b.C.SetScore(score.Logit) }},
		{"with a region covered", probe},
		{"of the difference", func() { b.C.ClearProbe(); b.C.SetTarget(0, 1) }},
		{"of the difference with a region covered", probe},
		{"of the difference of probabilities, covered", func() { b.C.SetScore(score.Probability); probe() }},
		{"by another method", func() { b.C.ClearProbe(); other() }},
		{"of the other class by that", func() { b.C.SetTarget(1, score.NoClass) }},
		{"with a locked scale", b.Workspace.Picture.ToggleLock},
		{"of the top class", b.C.FollowBest},
		{"of a dark picture", func() { images++; b.C.Drop([]string{b.Desk.Picture("dark.png", 20)}) }},
		{"of its covered form", func() { b.C.Alter("Use the covered picture", darker{}) }},
		{"of that by the first method", other},
		{"of the whole one", func() { b.C.Alter("Use the whole picture", nil) }},
		{"of the first picture again", func() { b.C.Select(0) }},
		{"with another setting", func() { _ = b.C.SetValue(0, "int", 9) }},
	} {
		step.do()
		settled(images)
		b.contradictions(t, step.what)
		if covered := b.C.State().Look.Covered != nil; covered != strings.Contains(b.classes.title.Text, "COVERED PICTURE") {
			t.Errorf("%s: over the classes stands %q", step.what, b.classes.title.Text)
		}
	}
	// A map that is not whole, or of something else, says so in all that speaks of it.
	p := b.C.State().Panel()
	part := *p.Result
	part.Done = .5
	p.Result, p.Status = &part, control.Stopped
	b.Workspace.Picture.showPanel()
	b.contradictions(t, "of a stopped map")
	if note := b.Workspace.Picture.caption.Text; !strings.Contains(note, "Partial map: stopped at 50 %") {
		t.Errorf("of a stopped map the note says %q", note)
	}
}
