package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/keys"
	"picasso/ui/uitest"
	"picasso/ui/welcome"
)

func TestAboutNamesPartsAndOpensTheirLicences(t *testing.T) {
	b := newBench(t)
	shown := make(chan string, 1)
	b.params.Version, b.params.Notices = "picasso 1.2.3\ncommit 0123", "/doc/NOTICES.txt"
	b.params.OpenOutside = func(path string, _ bool) error { shown <- path; return nil }
	b.showAbout()
	over := b.win.Canvas().Overlays().Top()
	var said string
	for _, o := range test.LaidOutObjects(over) {
		if l, ok := o.(*widget.Label); ok {
			said += l.Text + "\n"
		}
	}
	for _, want := range []string{welcome.Purpose, welcome.Promise, "picasso 1.2.3\ncommit 0123\nApache License 2.0"} {
		if !strings.Contains(said, want) {
			t.Errorf("About lacks %q:\n%s", want, said)
		}
	}
	test.Tap(button(t, over, "Third-party licences"))
	if got := <-shown; got != "/doc/NOTICES.txt" {
		t.Errorf("%s was shown", got)
	}
}

// A key that is held down repeats. It opens one dialog, and a dialog that comes over
// another gives the keys back to it: Esc closes one after the other, and leaves none.
func TestDialogsOverDialogsKeepTheirKeys(t *testing.T) {
	b := newBench(t)
	b.explained()
	save, find, help := keys.Ctrl(fyne.KeyE), keys.Ctrl(fyne.KeyK), keys.Ctrl(fyne.KeyF1)
	for _, first := range []keys.Stroke{save, help, keys.Ctrl(fyne.KeyM)} {
		for _, again := range []keys.Stroke{first, save, find, help} {
			b.chord(first)
			b.chord(again)
			if n := len(b.win.Canvas().Overlays().List()); n != 1 || b.palette != nil {
				t.Errorf("%s and %s lay %d things over the window", first, again, n)
			}
			if press(b, fyne.KeyEscape); b.panel != nil || b.win.Canvas().Overlays().Top() != nil {
				t.Fatalf("after %s and %s Esc leaves something over the window", first, again)
			}
		}
	}
	b.chord(find)
	b.chord(find)
	b.chord(save)
	if n := len(b.win.Canvas().Overlays().List()); n != 1 || b.palette == nil || b.panel != nil {
		t.Errorf("%d things lie over the window with the palette", n)
	}
	b.showModel() // as what was begun before may
	if b.palette != nil || b.sheet == nil {
		t.Error("the palette stays under a dialog")
	}
	b.inform("Another", widget.NewLabel(""), fyne.NewSize(200, 100))
	press(b, fyne.KeyEscape)
	if b.panel == nil || b.sheet == nil {
		t.Fatal("the dialog below has lost its keys, or what it shows is no longer renewed")
	}
	if press(b, fyne.KeyEscape); b.panel != nil || b.sheet != nil || b.win.Canvas().Overlays().Top() != nil {
		t.Error("Esc does not close the dialog below")
	}
}

// A sheet is as large as what it shows, where the window has room, and never larger than
// the window.
func TestSheetsFitTheWindow(t *testing.T) {
	b := newBench(t)
	for _, size := range []fyne.Size{{Width: 800, Height: 520}, {Width: 1400, Height: 2400}} {
		b.win.Resize(size)
		b.showKeys()
		over := b.win.Canvas().Overlays().Top().(*widget.PopUp)
		if got := over.Content.Size(); got.Width > size.Width || got.Height > size.Height {
			t.Errorf("in a window of %v the keys take %v", size, got)
		}
		keys := uitest.First[*container.Scroll](t, over.Content)
		if whole := keys.Size().Height >= keys.Content.MinSize().Height; whole != (size.Height > 2000) {
			t.Errorf("in a window of %v all keys are shown: %t", size, whole)
		}
		press(b, fyne.KeyEscape)
	}
}
