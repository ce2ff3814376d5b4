package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Select is a list of options. The toolkit forgets after a minute in which window a
// widget is, until the window is painted anew, and its own list then ends the
// program when it is opened: this one has the window painted first.
type Select struct{ widget.Select }

// NewSelect makes a list; changed gets the option that was chosen.
func NewSelect(options []string, changed func(string)) *Select {
	s := &Select{}
	s.Options, s.OnChanged = options, changed
	s.ExtendBaseWidget(s)
	return s
}

// MouseIn implements desktop.Hoverable.
func (s *Select) MouseIn(e *desktop.MouseEvent) {
	placed(s)
	s.Select.MouseIn(e)
}

// Tapped implements fyne.Tappable.
func (s *Select) Tapped(e *fyne.PointEvent) {
	if placed(s) {
		s.Select.Tapped(e)
	}
}

// TypedKey implements fyne.Focusable.
func (s *Select) TypedKey(k *fyne.KeyEvent) {
	if placed(s) {
		s.Select.TypedKey(k)
	}
}

// placed reports whether the toolkit knows in which window an object is; where it
// does not, it is going to.
func placed(o fyne.CanvasObject) bool {
	d := fyne.CurrentApp().Driver()
	if d.CanvasForObject(o) != nil {
		return true
	}
	for _, w := range d.AllWindows() {
		w.Canvas().Refresh(o)
	}
	return false
}
