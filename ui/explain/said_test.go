package explain

import (
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/score"
	"picasso/ui/control"
	"picasso/ui/report"
)

// texts is every word about the shown map: on the screen and in an export.
func (b *bench) texts(t *testing.T) map[string]string {
	t.Helper()
	p := b.Workspace.Picture
	all := map[string]string{
		"finding": p.finding.Text, "stage": p.stage.Text, "note": p.caption.Text, "bar": p.bar.Unit(), "classes": b.classes.target.Text,
	}
	subject, shown, err := p.Reported()
	if err != nil {
		t.Fatal(err)
	}
	f := subject.Figure(shown)
	all["figure's subject"], all["figure's finding"], all["figure's unit"], all["figure's legend"] = f.Subject, f.Finding, f.Map.Unit, f.Legend
	path := filepath.Join(t.TempDir(), "out.png")
	b.C.DismissAll()
	b.C.Export(path, subject, shown, b.C.Settings().Figures())
	b.Q.Until(t, "the files", func() bool { return b.C.State().Notice != nil })
	data, err := os.ReadFile(strings.TrimSuffix(path, ".png") + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var written report.Report
	if err := json.Unmarshal(data, &written); err != nil {
		t.Fatal(err)
	}
	about := written.Maps[0]
	all["json target"], all["json finding"] = about.Target, about.Finding
	all["json unit"], all["json positive"] = about.Unit, about.PositiveMeans
	all["json notes"] = strings.Join(written.Notes, " ")
	if about.Value == nil {
		t.Error("the export lacks the value of its target")
	}
	return all
}

// Whatever is chosen after a run, every text speaks about what is shown and
// about nothing else.
func TestEveryTextSpeaksAboutWhatIsShown(t *testing.T) {
	b := newBench(t)
	b.Explained()
	symbols := []string{"P(white)", "P(black)", "logit(white)", "logit(black)"}
	check := func(when string, own ...string) {
		t.Helper()
		for name, text := range b.texts(t) {
			rest := text
			for _, symbol := range own {
				if !strings.Contains(text, symbol) {
					t.Errorf("%s %s lacks %s: %q", when, name, symbol, text)
				}
				rest = strings.ReplaceAll(rest, symbol, "")
			}
			for _, symbol := range symbols {
				if strings.Contains(rest, symbol) {
					t.Errorf("%s %s speaks of %s: %q", when, name, symbol, text)
				}
			}
		}
	}
	check("at first", "P(white)")
	b.C.SetTarget(1, score.NoClass)
	check("of the other class", "P(black)")
	b.C.SetScore(score.Logit)
	check("of the logit", "logit(black)")
	b.C.SetTarget(0, 1)
	check("of the difference", "logit(white)", "logit(black)")
	b.C.FollowBest()
	b.C.SetScore(score.Probability)
	b.C.Drop([]string{b.Desk.Picture("dark.png", 20)})
	b.Ready(2)
	check("of a dark picture", "P(black)")
}

// The value in the finding is that of the map, at the place it names.
func TestFindingAndMapSpeakOfOneQuantity(t *testing.T) {
	b := newBench(t)
	b.Explained()
	m := b.C.State().Panel().Map
	most := m.Values[0]
	for _, v := range m.Values {
		most = max(most, v)
	}
	// The left half, when black, halves the share of white: 0.902 − 0.451.
	if text := b.Workspace.Picture.finding.Text; !strings.Contains(text, "P(white) is 0.902.") || !strings.Contains(text, "around x 0, y 0") || !strings.Contains(text, "by 0.451.") || most < 0.45 {
		t.Errorf("the largest value is %v, the finding %q", most, text)
	}
}

func TestMapsThatAreNotWholeOrNotCurrentSaySo(t *testing.T) {
	b := newBench(t)
	b.Explained()
	s, image := b.C.State(), b.Workspace.Picture.image
	if image.State() != "" {
		t.Errorf("a whole map says %q", image.State())
	}
	p := s.Panel()
	whole := *p.Result
	part := whole
	part.Done = 0.437
	for _, c := range []struct {
		status control.Status
		stale  bool
		want   string
	}{
		{control.Running, false, "partial map: 43 %"},
		{control.Stopped, false, "partial map: stopped at 43 %"},
		{control.Running, true, "old map, updating…"},
		{control.Waiting, true, "old map, updating…"},
		{control.Asking, true, "old map: press Run for the new one"},
		{control.Stopped, true, "old map: stopped before the new one"},
	} {
		p.Status, p.Stale, p.Result = c.status, c.stale, &part
		b.Workspace.Picture.showPanel()
		if got := image.State(); got != c.want {
			t.Errorf("status %v, stale %v: the map says %q, want %q", c.status, c.stale, got, c.want)
		}
		if note := b.Workspace.Picture.caption.Text; !strings.Contains(strings.ToLower(note), strings.ToLower(c.want)) {
			t.Errorf("the note does not say %q: %q", c.want, note)
		}
		_, shown, err := b.Workspace.Picture.Reported()
		if (err == control.ErrOldMap) != c.stale || err == nil && shown.State != c.want {
			t.Errorf("stale %v exports with %v, and says %q", c.stale, err, shown.State)
		}
	}
	p.Status, p.Stale, p.Result = control.Ready, false, &whole
}

// While another picture is read, the answer of the one before is faint and says
// whose it is.
func TestAnAnswerOfThePictureBeforeIsVisiblyOld(t *testing.T) {
	b := newBench(t)
	b.Explained()
	b.C.Drop([]string{b.Desk.Picture("b.png", 20)})
	b.Q.Until(t, "the other picture being read", func() bool { return b.C.State().Looking })
	if text := b.classes.title.Text; !strings.Contains(text, "PICTURE BEFORE: A.PNG") {
		t.Errorf("over the old answer stands %q", text)
	}
	if state := b.Workspace.Picture.image.State(); state != "map of the picture before" {
		t.Errorf("the old map says %q", state)
	}
	p := b.Workspace.Picture
	if !b.classes.bars.Faint() || b.classes.answer.class.Importance != widget.LowImportance || p.finding.Importance != widget.LowImportance {
		t.Error("classes, answer or finding of the picture before look like those of this one")
	}
	if state := p.bare.State(); state != "the picture before" {
		t.Errorf("the old picture beside its map says %q", state)
	}
	b.Ready(2)
	if b.classes.bars.Faint() || p.image.State() != "" || p.bare.State() != "" {
		t.Error("what is shown now looks old")
	}
	b.C.SelectTab(1) // has no map, says nothing about this model
	b.C.Select(0)
	if b.C.State().Looking || p.image.State() != "" {
		t.Error("a picture that is known is read again")
	}
	b.C.Drop([]string{b.Desk.Picture("c.png", 90)})
	b.Q.Until(t, "the third picture being read", func() bool { return b.C.State().Looking })
	if state := p.image.State(); state != "the picture before" {
		t.Errorf("the old picture without a map says %q", state)
	}
	b.Q.Until(t, "the third picture", func() bool { return !b.C.State().Looking })
	b.C.SelectTab(0)
	b.C.Select(1)
	if text := b.classes.title.Text; text != "CLASSES" || b.classes.answer.class.Text != "black" || b.classes.answer.score.Text != "0.922" {
		t.Errorf("%q: %s %s", text, b.classes.answer.class.Text, b.classes.answer.score.Text)
	}
}

// A map over a colourful picture lies on a grey one, unless the user wants the
// colours; without a map, and beside it, the picture keeps them.
func TestAColourfulPictureIsGreyUnderItsMap(t *testing.T) {
	b := newBench(t)
	b.C.Drop([]string{b.Write("m.onnx"), b.colours("c.png")})
	b.Ready(1)
	p := b.Workspace.Picture
	grey := func() bool { c := p.laid.RGBAAt(1, 1); return c.R == c.G && c.G == c.B }
	if !grey() {
		t.Error("the picture under the map has its colours")
	}
	p.ToggleMap()
	if grey() {
		t.Error("without the map the picture is grey")
	}
	p.ToggleMap()
	b.Display.picture.SetSelected("colour")
	if grey() {
		t.Error("the choice of colours does nothing")
	}
	b.Display.picture.SetSelected("automatic")
	if !grey() || p.base.RGBAAt(1, 1).R == p.base.RGBAAt(1, 1).B {
		t.Error("the automatic choice does not come back, or the picture itself was changed")
	}
	b.Display.contours.SetChecked(true)
	if d := b.C.State().Panel().Display; !d.Contours || !p.drawn.style.Contours || p.drawn.heat().Rect.Dx() < 600 {
		t.Errorf("contours: %+v", d)
	}
}

// colours makes a picture that is half red and half blue.
func (b *bench) colours(name string) string {
	m := image.NewRGBA(image.Rect(0, 0, 32, 32))
	for i := range 32 * 32 {
		c := color.RGBA{220, 30, 30, 255}
		if i%32 >= 16 {
			c = color.RGBA{30, 30, 220, 255}
		}
		m.SetRGBA(i%32, i/32, c)
	}
	path := filepath.Join(b.Dir, name)
	f, err := os.Create(path)
	if err != nil {
		b.T.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, m); err != nil {
		b.T.Fatal(err)
	}
	return path
}

// A finding that takes another line moves the note below it down.
func TestLongFindingMovesItsNote(t *testing.T) {
	b := newBench(t)
	b.Explained()
	p := b.Workspace.Picture
	p.told.Resize(fyne.NewSize(300, 80))
	for _, text := range []string{"short.", strings.Repeat("a long finding ", 6)} {
		p.finding.SetText(text)
		p.told.Refresh()
		if note, height := p.caption.Position().Y, p.finding.MinSize().Height; note < height-8 {
			t.Errorf("the note stands at %v, the finding is %v high", note, height)
		}
	}
}
