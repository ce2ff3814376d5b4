package control

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"picasso/backend/metadata"
	"picasso/backend/score"
	"picasso/ui/control/intake"
	"picasso/visualizers"
)

// named is a model whose classes the user can name, and whose input may be of
// any size.
type named struct {
	*correctable
	side int
}

func (m *named) ClassName(i int) string {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.card.ClassName(i)
}
func (m *named) Shape() (int, int, int) { return 1, m.side, m.side }
func (m *named) Rank(s score.Scores) []score.Class {
	list := m.correctable.Rank(s)
	renamed(list, m)
	return list
}

// nameable makes the desk open named models, from files called SIDE.onnx. Labels
// are read as the program does.
func (d *desk) nameable() func() *named {
	correctables := d.correct()
	var last *named
	open := d.openModel
	d.openModel = func(ctx context.Context, path string, opt OpenOptions, stage func(string)) (Model, error) {
		if _, err := open(ctx, path, opt, stage); err != nil {
			return nil, err
		}
		last = &named{correctables(), 8}
		fmt.Sscanf(filepath.Base(path), "%d.onnx", &last.side)
		last.card.Output = score.Output{Kind: score.Classes, Classes: 2, Activation: score.Softmax}
		last.card.Say("preprocess.scale", "guess: nothing states this")
		last.card.Say("preprocess.color", "guess: nothing states this")
		card, err := last.card.With(metadata.Choices{LabelFile: opt.Choices.LabelFile})
		if err != nil {
			return nil, err
		}
		last.card = card
		return last, nil
	}
	return func() *named { return last }
}

func labelFile(t *testing.T, lines ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "names.txt")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Dropped labels change every word and no number: nothing runs.
func TestNewNamesRunNothing(t *testing.T) {
	labels := labelFile(t, "day", "night")
	bubble(t, func(d *desk) {
		model := d.nameable()
		d.opened()
		d.q.pass(10 * time.Second)
		runs, calls, before := d.first.runs(), model().calls.Load(), d.State().Panel().Map
		if before == nil || !strings.Contains(before.Unit, "class 0") {
			t.Fatalf("map %+v", before)
		}
		d.take(intake.Dropped{Labels: []string{labels}})
		d.q.pass(10 * time.Second)
		s := d.State()
		if d.first.runs() != runs || model().calls.Load() != calls {
			t.Errorf("%d runs and %d passes through the model, had %d and %d", d.first.runs(), model().calls.Load(), runs, calls)
		}
		if s.Panel().Status != Ready || s.Panel().Stale || s.Panel().Map == nil || strings.Contains(s.Panel().Map.Unit, "class") || !strings.Contains(s.Panel().Map.Unit, "P(day)") {
			t.Errorf("status %v, map %+v", s.Panel().Status, s.Panel().Map)
		}
		if s.Look.Ranked[0].Name != "day" || s.Images[0].Best[0].Name != "day" {
			t.Errorf("answers %v, %v", s.Look.Ranked, s.Images[0].Best)
		}
		if n := s.Notice; n == nil || n.Err != nil || !strings.Contains(n.Text, "names.txt") || !strings.Contains(n.Text, "remembered") {
			t.Errorf("notice %+v", n)
		}
		d.SelectTab(1) // results that were not on the screen, and come from no evidence
		d.q.pass(10 * time.Second)
	})
}

// A run on its way gets the new names too.
func TestNewNamesReachARunOnItsWay(t *testing.T) {
	labels := labelFile(t, "day", "night")
	bubble(t, func(d *desk) {
		d.nameable()
		d.opened()
		d.q.pass(1500 * time.Millisecond)
		if d.State().Panel().Status != Running {
			t.Fatalf("status %v", d.State().Panel().Status)
		}
		d.SetLabels(labels)
		d.q.pass(10 * time.Second)
		if p := d.State().Panel(); p.Status != Ready || d.first.runs() != 1 || !strings.Contains(p.Map.Unit, "P(day)") {
			t.Errorf("status %v after %d runs, map %+v", p.Status, d.first.runs(), p.Map)
		}
	})
}

// Labels belong to the model: they are back when it is opened again, until they
// do not fit or are gone.
func TestLabelsAreRememberedForTheModel(t *testing.T) {
	labels := labelFile(t, "day", "night")
	bubble(t, func(d *desk) {
		model := d.nameable()
		d.opened()
		d.SetLabels(labels)
		d.Open("16.onnx")
		d.q.pass(10 * time.Second)
		if got := model().ClassName(0); got != "class 0" {
			t.Errorf("another model's class is called %q", got)
		}
		d.Open("m.onnx")
		d.q.pass(10 * time.Second)
		if got := model().ClassName(0); got != "day" {
			t.Errorf("its class is called %q", got)
		}
		if n := d.State().Notice; n != nil && strings.Contains(n.Text, "names.txt") {
			t.Errorf("told again: %q", n.Text)
		}
		if err := os.WriteFile(labels, []byte("one\ntwo\nthree\nfour\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		d.Open("m.onnx")
		d.q.pass(10 * time.Second)
		if n := d.State().Notice; n == nil || !strings.Contains(n.Doing, "remembered for this model") || model().ClassName(0) != "class 0" {
			t.Errorf("labels that do not fit: %+v, %q", n, model().ClassName(0))
		}
		if len(d.Settings().Models) != 0 {
			t.Errorf("still remembered: %v", d.Settings().Models)
		}
	})
}

func TestAgreedGuessesAreNoGuesses(t *testing.T) {
	bubble(t, func(d *desk) {
		model := d.nameable()
		d.opened()
		d.q.pass(10 * time.Second)
		calls := model().calls.Load()
		if got := model().card.Guesses(); !slices.Equal(got, []string{"GREY", "raw values"}) {
			t.Fatalf("guesses %q", got)
		}
		d.AgreeToGuesses()
		d.q.pass(10 * time.Second)
		if got := model().card.Guesses(); len(got) > 0 || model().calls.Load() != calls {
			t.Errorf("guesses %q; %d passes, had %d", got, model().calls.Load(), calls)
		}
		d.Open("m.onnx")
		d.q.pass(10 * time.Second)
		if got := model().card.Guesses(); len(got) > 0 {
			t.Errorf("opened again, it guesses %q", got)
		}
		d.Open("16.onnx")
		d.q.pass(10 * time.Second)
		if got := model().card.Guesses(); len(got) != 2 {
			t.Errorf("agreed to for another model: %q", got)
		}
	})
}

// Reset brings back values, origins, names, guesses and what is remembered, be it
// by opening the model once more.
func TestResetIsHowItWasOpened(t *testing.T) {
	labels := labelFile(t, "day", "night")
	bubble(t, func(d *desk) {
		model := d.nameable()
		d.opened()
		d.q.pass(10 * time.Second)
		before := model().Card()
		check := func(when string) {
			t.Helper()
			d.q.pass(10 * time.Second)
			now := model().Card()
			if now.Preprocess.Scale != before.Preprocess.Scale || fmt.Sprint(now.Origins) != fmt.Sprint(before.Origins) || model().ClassName(0) != "class 0" || len(now.Guesses()) != 2 {
				t.Errorf("%s: scale %v, origins %v, class %q", when, now.Preprocess.Scale, now.Origins, model().ClassName(0))
			}
			if len(d.Settings().Models) != 0 {
				t.Errorf("%s: remembered %v", when, d.Settings().Models)
			}
		}
		change := func(choices metadata.Choices) {
			t.Helper()
			if err := d.Choose(choices); err != nil {
				t.Fatal(err)
			}
			d.q.pass(10 * time.Second)
		}
		change(scaled(0.5, 0))
		d.AgreeToGuesses()
		d.SetLabels(labels)
		if err := d.Reset(); err != nil {
			t.Fatal(err)
		}
		check("after changes of the open model")

		first := model()
		change(scaled(0.5, 0))
		d.SetLabels(labels)
		change(metadata.Choices{Skip: new(4)})
		if model() == first || model().opt.Choices.LabelFile != labels {
			t.Fatalf("not opened anew: %+v", model().opt.Choices)
		}
		if err := d.Reset(); err != nil {
			t.Fatal(err)
		}
		check("after the model was opened anew")
		if got := model().opt.Choices; got.Skip != nil {
			t.Errorf("opened with %+v", got)
		}
	})
}

// extender has a setting in pixels of the input.
type extender struct{ *stepper }

var extent = visualizers.Extent{Field: visualizers.Field{ID: "size", Title: "Size", Doc: "A size."}, Share: 25}

func (extender) Settings() []visualizers.Setting { return []visualizers.Setting{extent} }

// A size in pixels is kept as a share of the input, and as it was typed for its
// own model.
func TestPixelsFollowTheModel(t *testing.T) {
	bubble(t, func(d *desk) {
		d.nameable()
		d.State().Panels[0] = newPanel(extender{d.first}, d.Settings())
		size := func(model string) string {
			t.Helper()
			d.Open(model)
			d.q.pass(10 * time.Second)
			return extent.Format(d.State().Panels[0].Values["size"])
		}
		if got := size("64.onnx"); got != "16" {
			t.Fatalf("a quarter of 64 is %s", got)
		}
		if err := d.SetValue(0, "size", visualizers.Square(31)); err != nil {
			t.Fatal(err)
		}
		for _, step := range []struct{ model, want string }{{"128.onnx", "62"}, {"32.onnx", "16"}, {"64.onnx", "31"}} {
			if got := size(step.model); got != step.want {
				t.Errorf("31 of 64 is %s for %s, want %s", got, step.model, step.want)
			}
		}
		d.ResetValues(0)
		if got := size("128.onnx"); got != "32" {
			t.Errorf("after a reset a quarter of 128 is %s", got)
		}
	})
}
