package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// slider counts steps 0…n, since Fyne's own counts from 0 whatever its
// minimum is. It keeps the arrow keys for itself and passes all other keys on,
// so that the window's keys work after a drag.
type slider struct {
	widget.Slider
	w    *Window
	help string
	// move and rest are told of a hand that drags; nil where nobody asks.
	move, rest func()
}

// newSlider makes a slider of n steps; changed gets the step, live.
func newSlider(w *Window, help string, n int, changed func(step int)) *slider {
	s := &slider{w: w, help: help}
	s.Min, s.Max, s.Step = 0, float64(max(n, 1)), 1
	s.Orientation = widget.Horizontal
	s.OnChanged = func(v float64) { changed(int(v + 0.5)) }
	s.ExtendBaseWidget(s)
	return s
}

// put shows a step without reporting it.
func (s *slider) put(step int) {
	report := s.OnChanged
	s.OnChanged = nil
	s.SetValue(float64(step))
	s.OnChanged = report
}

// Dragged implements fyne.Draggable.
func (s *slider) Dragged(e *fyne.DragEvent) {
	if s.move != nil {
		s.move()
	}
	s.Slider.Dragged(e)
}

// DragEnd implements fyne.Draggable.
func (s *slider) DragEnd() {
	s.Slider.DragEnd()
	if s.rest != nil {
		s.rest()
	}
}

// TypedKey implements fyne.Focusable.
func (s *slider) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeyLeft || e.Name == fyne.KeyRight {
		s.Slider.TypedKey(e)
		return
	}
	s.w.typedKey(e)
}

// TypedRune implements fyne.Focusable.
func (s *slider) TypedRune(r rune) { s.w.typedRune(r) }

// KeyDown implements desktop.Keyable.
func (s *slider) KeyDown(e *fyne.KeyEvent) { s.w.held(e.Name, true) }

// KeyUp implements desktop.Keyable.
func (s *slider) KeyUp(e *fyne.KeyEvent) { s.w.held(e.Name, false) }

// MouseIn implements desktop.Hoverable.
func (s *slider) MouseIn(e *desktop.MouseEvent) {
	s.Slider.MouseIn(e)
	s.w.hint(s.help)
}

// MouseOut implements desktop.Hoverable.
func (s *slider) MouseOut() {
	s.Slider.MouseOut()
	s.w.hint("")
}

// helpLabel is a label that explains itself in the status bar.
type helpLabel struct {
	widget.Label
	w    *Window
	help string
}

func newHelpLabel(w *Window, text, help string) *helpLabel {
	l := &helpLabel{w: w, help: help}
	l.Text = text
	l.ExtendBaseWidget(l)
	return l
}

// MouseIn implements desktop.Hoverable.
func (l *helpLabel) MouseIn(*desktop.MouseEvent) { l.w.hint(l.help) }

// MouseMoved implements desktop.Hoverable.
func (l *helpLabel) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (l *helpLabel) MouseOut() { l.w.hint("") }

var (
	_ fyne.Draggable    = (*slider)(nil)
	_ desktop.Keyable   = (*slider)(nil)
	_ desktop.Hoverable = (*slider)(nil)
	_ desktop.Hoverable = (*helpLabel)(nil)
)

// unfocus gives the keys back to the window after a click.
func (w *Window) unfocus() { w.win.Canvas().Unfocus() }
