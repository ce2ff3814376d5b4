package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// A list opens in a window, and tells what was chosen.
func TestSelectOpensOnlyInAWindow(t *testing.T) {
	app := test.NewTempApp(t)
	got := ""
	s := NewSelect([]string{"one", "two"}, func(text string) { got = text })
	w := app.NewWindow("")
	w.SetContent(s)
	w.Resize(fyne.NewSize(200, 200))
	s.Tapped(&fyne.PointEvent{})
	if w.Canvas().Overlays().Top() == nil {
		t.Error("the list did not open")
	}
	if s.SetSelected("two"); got != "two" {
		t.Errorf("chose %q", got)
	}
}
