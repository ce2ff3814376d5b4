package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Host is the window around a widget, as far as keys and help go.
type Host interface {
	// Hint shows a sentence in the status bar; "" takes it away.
	Hint(text string)
	// Unfocus gives the keys back to the window after a click.
	Unfocus()
	TypedKey(e *fyne.KeyEvent)
	TypedRune(r rune)
	// Held tells of a key that goes down or up.
	Held(name fyne.KeyName, down bool)
}

// Slider counts steps 0…n, since Fyne's own counts from 0 whatever its
// minimum is. It keeps the arrow keys for itself and passes all other keys on,
// so that the window's keys work after a drag.
type Slider struct {
	widget.Slider
	host Host
	help string
	// OnMove and OnRest are called while the user drags; may be nil.
	OnMove, OnRest func()
}

// NewSlider makes a slider of n steps; changed gets the step, live.
func NewSlider(h Host, help string, n int, changed func(step int)) *Slider {
	s := &Slider{host: h, help: help}
	s.Min, s.Max, s.Step = 0, float64(max(n, 1)), 1
	s.Orientation = widget.Horizontal
	s.OnChanged = func(v float64) { changed(int(v + 0.5)) }
	s.ExtendBaseWidget(s)
	return s
}

// Put shows a step without reporting it.
func (s *Slider) Put(step int) {
	report := s.OnChanged
	s.OnChanged = nil
	s.SetValue(float64(step))
	s.OnChanged = report
}

// Inset is how far the first step lies from the left end of a slider, and the
// last one from the right, as the toolkit lays it out.
func (s *Slider) Inset() float32 {
	th := s.Theme()
	return (th.Size(theme.SizeNameInlineIcon)-4)/2 + th.Size(theme.SizeNameInnerPadding) - 1.5
}

// Dragged implements fyne.Draggable.
func (s *Slider) Dragged(e *fyne.DragEvent) {
	if s.OnMove != nil {
		s.OnMove()
	}
	s.Slider.Dragged(e)
}

// DragEnd implements fyne.Draggable.
func (s *Slider) DragEnd() {
	s.Slider.DragEnd()
	if s.OnRest != nil {
		s.OnRest()
	}
}

// TypedKey implements fyne.Focusable.
func (s *Slider) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeyLeft || e.Name == fyne.KeyRight {
		s.Slider.TypedKey(e)
		return
	}
	s.host.TypedKey(e)
}

// TypedRune implements fyne.Focusable.
func (s *Slider) TypedRune(r rune) { s.host.TypedRune(r) }

// KeyDown implements desktop.Keyable.
func (s *Slider) KeyDown(e *fyne.KeyEvent) { s.host.Held(e.Name, true) }

// KeyUp implements desktop.Keyable.
func (s *Slider) KeyUp(e *fyne.KeyEvent) { s.host.Held(e.Name, false) }

// MouseIn implements desktop.Hoverable.
func (s *Slider) MouseIn(e *desktop.MouseEvent) {
	s.Slider.MouseIn(e)
	s.host.Hint(s.help)
}

// MouseOut implements desktop.Hoverable.
func (s *Slider) MouseOut() {
	s.Slider.MouseOut()
	s.host.Hint("")
}

// HelpLabel is a label that explains itself in the status bar.
type HelpLabel struct {
	widget.Label
	host Host
	help string
}

// NewHelpLabel makes a label; help is shown while the pointer is over it.
func NewHelpLabel(h Host, text, help string) *HelpLabel {
	l := &HelpLabel{host: h, help: help}
	l.Text = text
	l.ExtendBaseWidget(l)
	return l
}

// MouseIn implements desktop.Hoverable.
func (l *HelpLabel) MouseIn(*desktop.MouseEvent) { l.host.Hint(l.help) }

// MouseMoved implements desktop.Hoverable.
func (l *HelpLabel) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (l *HelpLabel) MouseOut() { l.host.Hint("") }

var (
	_ fyne.Draggable    = (*Slider)(nil)
	_ desktop.Keyable   = (*Slider)(nil)
	_ desktop.Hoverable = (*Slider)(nil)
	_ desktop.Hoverable = (*HelpLabel)(nil)
)

// Help is what the slider says of itself.
func (s *Slider) Help() string { return s.help }
