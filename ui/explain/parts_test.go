package explain

import (
	"math"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/drawing"
	"picasso/ui/uitest"
	"picasso/visualizers"
)

func findings() *visualizers.Result {
	return &visualizers.Result{Parts: []visualizers.Part{
		{Title: "Verdict", Text: "It looks at the **sky**. ![](http://127.0.0.1:1/spy.png)"},
		{Title: "Numbers", Table: &visualizers.Table{
			Columns: []string{"class", "drop", "sure"},
			Rows:    [][]any{{"tank", 0.25, true}, {"no tank", nil, false}},
		}},
		{Title: "Mask", Picture: &visualizers.Picture{Channels: 1, Height: 1, Width: 3, Values: []float32{0.5, 7, float32(math.NaN())}}},
		{Title: "Further map", Map: &visualizers.Map{Channels: 1, Height: 1, Width: 2, Values: []float32{1, -1}, Signed: true}},
	}}
}

func TestPartsAreShownBelowThePicture(t *testing.T) {
	b := newBench(t)
	b.Explained()
	b.Every.Parts = findings().Parts
	b.C.Rerun()
	b.Ready(1)
	pane := b.Workspace.Picture
	if !pane.parts.box.Visible() || pane.box.Objects[0] != fyne.CanvasObject(pane.split) {
		t.Fatal("the parts are not shown")
	}
	var words []string
	for _, o := range uitest.All(pane.parts.list) {
		if l, ok := o.(*widget.Label); ok {
			words = append(words, l.Text)
		}
	}
	for _, want := range []string{"Verdict", "class", "tank", "0.25", "yes", "–", "Mask", "Further map"} {
		if !strings.Contains(strings.Join(words, "|"), want) {
			t.Errorf("lacks %q: %q", want, words)
		}
	}
	b.Every.Parts = nil
	b.C.Rerun()
	b.Ready(1)
	if pane.parts.box.Visible() || pane.box.Objects[0] != pane.top {
		t.Error("the parts of a former result stay")
	}
}

func TestMarkdownFetchesNothing(t *testing.T) {
	text := widget.NewRichTextFromMarkdown("- a ![](http://127.0.0.1:1/a.png)\n\n![](file:///etc/hostname) b")
	var look func([]widget.RichTextSegment)
	look = func(segments []widget.RichTextSegment) {
		for _, s := range segments {
			switch s := s.(type) {
			case *widget.ImageSegment:
				t.Errorf("a picture from %v is left", s.Source)
			case *widget.ParagraphSegment:
				look(s.Texts)
			case *widget.ListSegment:
				look(s.Items)
			}
		}
	}
	look(offline(text.Segments))
}

func TestPicturesOfPartsStayInRange(t *testing.T) {
	m := drawing.Picture(findings().Parts[2].Picture)
	for x, want := range []uint8{128, 255, 0} {
		if got := m.RGBAAt(x, 0); got.R != want || got.B != want || got.A != 255 {
			t.Errorf("pixel %d is %v, want grey %d", x, got, want)
		}
	}
}

func TestOtherMethodsAreOffered(t *testing.T) {
	b := newBench(t)
	b.Explained()
	b.SelectTab(1) // cannot serve this model
	if others := b.Workspace.Picture.lack.offered(); len(others) != 1 || others[0] != "Every" {
		t.Fatalf("%q are offered", others)
	}
	uitest.First[*widget.Button](t, b.Workspace.Picture.lack.actions).OnTapped()
	if b.C.State().Panel().Info.ID != "every" || b.Workspace.Picture.lack.box.Visible() {
		t.Error("the offer does not lead to the other method")
	}
}
