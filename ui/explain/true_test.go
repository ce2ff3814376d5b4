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

// seen is every text of the workspace that is on the screen.
func (b *bench) seen() (all []string) {
	for _, column := range []fyne.CanvasObject{b.Host.Window.Content()} {
		for _, o := range test.LaidOutObjects(column) {
			switch o := o.(type) {
			case *widget.Label:
				if o.Visible() {
					all = append(all, o.Text)
				}
			case *canvas.Text:
				if o.Visible() {
					all = append(all, o.Text)
				}
			}
		}
	}
	return all
}

// statements are sentences that say how large a score is: "P(white) is 0.902."
var statements = regexp.MustCompile(`((?:P|logit)\([a-z]+\)(?: − (?:P|logit)\([a-z]+\))?)(?: is|,) ([<>]?[−-]?[0-9]+(?:\.[0-9]+)?)( here)?`)

// contradictions compares all that is on the screen, and in the texts of a figure, with
// what is shown: no text speaks of another score, and every number that is said of one is
// its value in the picture that the text is about.
func (b *bench) contradictions(t *testing.T, when string) {
	t.Helper()
	s := b.C.State()
	target, model := s.Target, s.Model
	own := []string{target.Symbol(model)}
	if target.Against != score.NoClass { // each of the two may be spoken of, too
		own = append(own, score.ClassTarget(target.Class, target.Score).Symbol(model), score.ClassTarget(target.Against, target.Score).Symbol(model))
	}
	base := s.Look.Base
	if s.Probe != nil {
		base = s.Probe.Scores
	}
	value, err := target.Value(base)
	if err != nil {
		t.Fatal(err)
	}
	all := b.seen()
	if subject, shown, err := b.Workspace.Picture.Reported(); err == nil {
		f := subject.Figure(shown)
		all = append(all, f.Subject, f.Finding, f.Map.Unit, f.Legend)
	} else if s.Panel().Map != nil && s.Probe == nil && !errors.Is(err, control.ErrOldMap) {
		t.Errorf("%s: there is no figure: %v", when, err)
	}
	stated := 0
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
			stated++
			if want := words.Score(value, target.Score); strings.TrimSuffix(found[2], ".") != want {
				t.Errorf("%s: %q says %s, it is %s", when, text, found[2], want)
			}
			if (found[3] != "") != (s.Probe != nil) {
				t.Errorf("%s: %q, and a covered picture is shown: %v", when, text, s.Probe != nil)
			}
		}
	}
	if stated == 0 {
		t.Errorf("%s: nothing says how large %s is: %q", when, own[0], all)
	}
	best := s.Look.Ranked[0]
	if s.Probe != nil {
		best = s.Probe.Ranked[0]
	}
	if class, value := b.classes.answer.class.Text, b.classes.answer.score.Text; class != best.Name || value != words.Score(best.On(target.Score), target.Score) {
		t.Errorf("%s: the answer is written as %s, %s, and is %+v", when, class, value, best)
	}
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
	settled := func() {
		t.Helper()
		b.Q.Until(t, "the map", func() bool {
			s := b.C.State()
			return !s.Looking && s.Panel().Status == control.Ready && !s.Panel().Stale
		})
	}
	probe := func() {
		if b.C.State().Probe == nil && !b.C.ProbeAt(4, 4) {
			t.Fatal("no covered picture")
		}
	}
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
		{"of a dark picture", func() { b.C.Drop([]string{b.Desk.Picture("dark.png", 20)}) }},
		{"of its covered form", func() { b.C.Alter("Use the covered picture", darker{}) }},
		{"of that by the first method", other},
		{"of the whole one", func() { b.C.Alter("Use the whole picture", nil) }},
		{"of the first picture again", func() { b.C.Select(0) }},
		{"with another setting", func() { _ = b.C.SetValue(0, "int", 9) }},
	} {
		step.do()
		settled()
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
