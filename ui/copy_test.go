package ui

import (
	"bytes"
	"errors"
	"image/png"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control/settings"
)

// board is a clipboard that remembers.
type board struct {
	got chan []byte
	err error
}

func (b *board) CopyPicture(png []byte) error {
	b.got <- png
	return b.err
}

func TestTheFigureIsCopied(t *testing.T) {
	b := newBench(t)
	b.explained()
	c := &board{got: make(chan []byte, 1)}
	b.params.Clipboard = c
	b.c.Settings().Figure = settings.Figure{Width: 800}
	b.action("Copy the figure of this map").Run()
	m, err := png.Decode(bytes.NewReader(<-c.got))
	if err != nil || m.Bounds().Dx() != 800 {
		t.Fatalf("copied %v: %v", m, err)
	}
	b.q.Until(t, "the word of it", func() bool { return strings.Contains(b.status.text.Text, "on the clipboard") })

	// From the choices of saving, with those of the moment.
	b.exportMap()
	test.Tap(button(t, b.win.Canvas().Overlays().Top(), "Copy the figure instead"))
	<-c.got
	if b.panel != nil {
		t.Error("the choices stay open")
	}

	c.err = errors.New("the clipboard cannot be reached: no display")
	b.action("Copy the figure of this map").Run()
	<-c.got
	b.q.Until(t, "a notice", func() bool { return b.c.State().Notice != nil })
	if !strings.Contains(b.banner.text.Text, "cannot be reached") {
		t.Errorf("banner %q", b.banner.text.Text)
	}
}

func TestCopyingWithoutMapOrClipboardIsTold(t *testing.T) {
	b := newBench(t)
	b.action("Copy the figure of this map").Run()
	if n := b.c.State().Notice; n == nil || !strings.Contains(n.Err.Error(), "does not show a map") {
		t.Errorf("notice %+v", n)
	}
	b.c.DismissAll()
	b.explained()
	b.action("Copy the figure of this map").Run()
	b.q.Until(t, "a notice", func() bool { return b.c.State().Notice != nil })
	if n := b.c.State().Notice; !strings.Contains(n.Err.Error(), "no clipboard for pictures") {
		t.Errorf("notice %+v", n)
	}
}

// What was chosen for one figure is offered for the next.
func TestChoicesOfFiguresAreRemembered(t *testing.T) {
	b := newBench(t)
	b.explained()
	c := newClerk()
	b.params.Chooser = c
	b.exportMap()
	top := b.win.Canvas().Overlays().Top()
	for _, text := range []string{"also as SVG, with text that can be edited", "the picture alone beside the one with the map"} {
		check(t, top, text).SetChecked(true)
	}
	b.typedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	<-c.asked
	c.answer <- ""
	b.q.Until(t, "the end of the dialog", func() bool { return !b.asker.Busy() })
	if got := b.c.Settings().Figures(); !got.SVG || !got.Beside || got.Dark || got.Width != 1600 {
		t.Errorf("remembered %+v", got)
	}
	b.exportMap()
	if !check(t, b.win.Canvas().Overlays().Top(), "also as SVG, with text that can be edited").Checked {
		t.Error("the choice is not offered again")
	}
}

// check is the box with a text.
func check(t *testing.T, o fyne.CanvasObject, text string) *widget.Check {
	t.Helper()
	for _, child := range test.LaidOutObjects(o) {
		if c, ok := child.(*widget.Check); ok && c.Text == text {
			return c
		}
	}
	t.Fatalf("no box %q", text)
	return nil
}
