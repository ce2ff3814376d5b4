package viewer

import (
	"image"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
)

func thumb(t *testing.T) (*Thumb, fyne.Window) {
	t.Helper()
	test.NewTempApp(t)
	b := NewThumb("a very long name of a picture file.png")
	w := test.NewTempWindow(t, b)
	w.SetPadded(false)
	w.Resize(b.MinSize())
	return b, w
}

func TestThumbnailKeepsProportions(t *testing.T) {
	for _, c := range []struct{ in, want image.Point }{
		{image.Pt(1000, 500), image.Pt(192, 96)}, {image.Pt(28, 28), image.Pt(28, 28)}, {image.Pt(9000, 3), image.Pt(192, 1)},
	} {
		if got := Thumbnail(image.NewRGBA(image.Rectangle{Max: c.in})).Rect.Size(); got != c.want {
			t.Errorf("%v became %v, want %v", c.in, got, c.want)
		}
	}
}

func TestThumbClicksAndRemoves(t *testing.T) {
	b, w := thumb(t)
	shown, removed := 0, 0
	b.OnTapped = func() { shown++ }
	b.OnRemove = func() { removed++ }
	corner := b.crossPlate.Position().AddXY(4, 4)
	test.TapAt(b, corner) // the cross is not there yet
	test.MoveMouse(w.Canvas(), corner)
	if !b.cross.Visible() {
		t.Fatal("no cross under the pointer")
	}
	test.TapAt(b, corner)
	test.TapAt(b, fyne.NewPos(20, 50))
	if shown != 2 || removed != 1 {
		t.Errorf("shown %d, removed %d", shown, removed)
	}
	b.MouseOut()
	if b.cross.Visible() {
		t.Error("the cross stays")
	}
}

func TestThumbStates(t *testing.T) {
	b, _ := thumb(t)
	b.SetPicture(numbered(40, 30))
	b.SetTexts(b.name, "tank 0.97", "")
	if b.line.Text != "tank 0.97" || !strings.HasSuffix(b.under.Text, "\u2026") {
		t.Errorf("words %q, %q", b.line.Text, b.under.Text)
	}
	if b.SetTexts("b.png", "tank 0.97", ""); b.under.Text != "b.png" {
		t.Errorf("renamed to b.png, shows %q", b.under.Text)
	}
	if b.picture.ScaleMode != canvas.ImageScalePixels {
		t.Error("a tiny picture is blurred")
	}
	b.SetPicture(nil)
	b.SetSelected(true)
	if b.frame.StrokeColor != theme.Color(theme.ColorNamePrimary) {
		t.Error("selected without a frame")
	}
	b.SetTexts("b.png", "tank 0.97", "not a picture")
	if b.frame.StrokeColor != theme.Color(theme.ColorNameError) || b.line.Text != "not a picture" {
		t.Errorf("error shows %q", b.line.Text)
	}
	b.SetTexts("b.png", "tank 0.97", "")
	if b.line.Text != "tank 0.97" {
		t.Errorf("after the error: %q", b.line.Text)
	}
}

// What the widgets write must be in Fyne's own font; other letters would come
// from whatever the system has.
func TestWordsUseTheBundledFont(t *testing.T) {
	test.NewTempApp(t)
	for _, r := range "\u2026\u2013+e0123456789" {
		if !bundled(t, r) {
			t.Errorf("%q is not in the bundled font", r)
		}
	}
	if bundled(t, '\u2192') {
		t.Error("the check finds letters that are known to be missing")
	}
}
