package explain

import (
	"errors"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control"
	"picasso/ui/control/assess"
	"picasso/ui/uitest"
	"picasso/visualizers/trust"
	"picasso/visualizers/trust/sanity"
)

// words are all that the pane says.
func (p *trustPane) words() string {
	var list []string
	for _, o := range uitest.All(p.body) {
		if l, ok := o.(*widget.Label); ok && l.Visible() {
			list = append(list, l.Text)
		}
	}
	return strings.Join(list, "\n")
}

// Nothing runs while the pane is folded; unfolded it tests the map and says what
// no test tells.
func TestTrustIsFoldedUntilAsked(t *testing.T) {
	b := newBench(t)
	b.Explained()
	calls := b.Model.Calls.Load()
	if b.trust.body.Visible() || !b.trust.box.Visible() {
		t.Fatal("not folded at first")
	}
	test.Tap(b.trust.fold)
	b.Q.Until(t, "a verdict", func() bool { s := b.C.State().Trust; return !s.Running && s.Found != nil })
	if !b.trust.body.Visible() || b.Host.Unfocused == 0 {
		t.Error("not unfolded, or the keys stay with the button")
	}
	if text := b.trust.words(); !strings.Contains(text, "Cover test") || !strings.Contains(text, "points nowhere") || !strings.Contains(text, "right for the wrong reasons") {
		t.Errorf("it says:\n%s", text)
	}
	if b.trust.plot.Visible() {
		t.Error("a plot of nothing")
	}
	if b.Model.Calls.Load() != calls {
		t.Error("a map that cannot be tested cost passes")
	}
	test.Tap(b.trust.fold)
	if b.trust.body.Visible() || b.C.State().Trust.Open {
		t.Error("not folded again")
	}
}

func TestEachTestIsALineWithItsReference(t *testing.T) {
	b := newBench(t)
	b.Explained()
	test.Tap(b.trust.fold)
	b.Q.Until(t, "a verdict", func() bool { s := b.C.State().Trust; return !s.Running && s.Found != nil })
	two := []trust.Number{1, .5}
	s := b.C.State()
	s.Trust.Found = &assess.Found{Report: trust.Report{
		Cover: &trust.Cover{Verdict: trust.Verdict{Word: trust.Passes, Said: "Covering helps."}, Substrate: trust.Mean, Score: "prob", Gain: .5, Kin: true,
			Fractions: []trust.Number{0, 1}, Deletion: two, Insertion: []trust.Number{.5, 1},
			Random: &trust.Random{SD: .1, Orders: 5, Curves: trust.Curves{Deletion: two, Insertion: two}, DeletionSD: []trust.Number{0, .1}, InsertionSD: []trust.Number{0, .1}},
			Edges:  &trust.Reference{Gain: .25, Curves: trust.Curves{Deletion: two, Insertion: two}}},
		Region: &trust.Region{Verdict: trust.Verdict{Word: trust.Fails, Said: "It points elsewhere."}, Mass: .1, Area: .2, AUPRC: .15},
	}}
	b.trust.show()
	text := b.trust.words()
	for _, want := range []string{"Covering helps.", "gain +0.50 (random 0 ± 0.10, outlines +0.25). Covered with its mean colour.", "this is its own test",
		"P(white), from 0.40 to 1.00", "Inside your region", "does not pass", "10 % inside, AUPRC 0.15 (chance 20 %)"} {
		if !strings.Contains(text, want) {
			t.Errorf("it lacks %q:\n%s", want, text)
		}
	}
	if !b.trust.plot.Visible() {
		t.Error("no plot")
	}
	b.trust.plot.OnHover(1)
	if hint := b.Host.Hints[len(b.Host.Hints)-1]; !strings.HasPrefix(hint, "100 % covered: 0.50 (random 0.50 ± 0.10)") {
		t.Errorf("hint %q", hint)
	}
	if strings.Contains(strings.ToLower(text), "trustworthy") {
		t.Error("it praises")
	}
}

func TestARegionIsReadFromAFile(t *testing.T) {
	b := newBench(t)
	b.Explained()
	test.Tap(b.trust.fold)
	m := image.NewGray(image.Rect(0, 0, 32, 32))
	m.SetGray(3, 4, color.Gray{255})
	b.Host.Answer = filepath.Join(b.Dir, "mask.png")
	f, err := os.Create(b.Host.Answer)
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(f, m); err != nil {
		t.Fatal(err)
	}
	f.Close()
	test.Tap(b.trust.region)
	b.Q.Until(t, "the region judged", func() bool {
		s := b.C.State().Trust
		return s.Region != nil && !s.Running && s.Found != nil && s.Found.Region != nil
	})
	if b.trust.region.Text != "No region" || !strings.Contains(b.trust.words(), "Inside your region") {
		t.Errorf("the button says %q, the pane:\n%s", b.trust.region.Text, b.trust.words())
	}
	test.Tap(b.trust.region)
	b.Q.Until(t, "no region", func() bool { s := b.C.State().Trust; return s.Region == nil && s.Found != nil })
	if b.trust.region.Text != "Region…" {
		t.Errorf("the button says %q", b.trust.region.Text)
	}
	b.Host.Answer = b.Write("mask.npy")
	test.Tap(b.trust.region)
	b.Q.Until(t, "a complaint", func() bool { n := b.C.State().Notice; return n != nil && strings.Contains(n.Err.Error(), "mask.npy") })
}

// The maps with shuffled weights lie beside each other, open large on a click, and
// a method that they speak against is marked.
func TestShuffledWeightsAreAStrip(t *testing.T) {
	b := newBench(t)
	b.Explained()
	test.Tap(b.trust.fold)
	b.Q.Until(t, "a verdict", func() bool { s := b.C.State().Trust; return !s.Running && s.Found != nil })
	if b.trust.strip.MinSize().Height != 0 {
		t.Error("room for a strip that is not there")
	}
	m := *b.C.State().Panel().Map
	step := sanity.Step{Units: 1, Names: []string{"conv"}, Map: m}
	s := b.C.State()
	s.Trust.Found = &assess.Found{Shuffled: &sanity.Report{Verdict: sanity.BarelyChanges, Finding: "It shows the picture.", Score: "P(white)",
		Units: []string{"conv"}, Map: m, Steps: []sanity.Step{step}}}
	b.trust.show()
	strip := b.trust.strip
	if text := b.trust.words(); !strings.Contains(text, "Weights shuffled") || !strings.Contains(text, "barely changes") || !strings.Contains(text, "It shows the picture.") {
		t.Errorf("it says:\n%s", text)
	}
	if strip.MinSize().Height == 0 || strip.picture.Image == nil {
		t.Fatal("no strip")
	}
	test.Tap(strip)
	if len(b.Host.Informed) != 1 {
		t.Error("a click does not open it")
	}
	panel := s.Panel()
	panel.Doubt = "It shows the picture."
	b.tabs.fill()
	if !b.tabs.chips[s.Tab].doubtful {
		t.Error("the method is not marked")
	}
	b.tabs.hint(panel, true)
	if b.Host.Hints[len(b.Host.Hints)-1] != panel.Doubt {
		t.Errorf("hints %q", b.Host.Hints)
	}
}

func TestWhyNothingIsCheckedIsTrue(t *testing.T) {
	found := &assess.Found{}
	for _, c := range []struct {
		trust  control.Trust
		mapped bool
		want   string
	}{
		{control.Trust{}, false, "no map"},
		{control.Trust{}, true, "quick tests"},
		{control.Trust{Running: true, Found: found}, true, "quick tests"},
		{control.Trust{Running: true, Checking: true, Found: found}, true, "being checked"},
		{control.Trust{Err: errors.New("no room")}, true, "could not be tested"},
		{control.Trust{Found: found}, true, "Nothing is left"},
	} {
		if got := unchecked(c.trust, c.mapped); !strings.Contains(got, c.want) {
			t.Errorf("%+v, mapped %t: %q does not say %q", c.trust, c.mapped, got, c.want)
		}
	}
}
