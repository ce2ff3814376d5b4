package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Entry is a text field that Escape leaves, so that the window's keys work
// again.
type Entry struct {
	widget.Entry
	escape func()
}

// NewEntry makes a text field; escape is called for Escape, and gives the keys
// back.
func NewEntry(escape func()) *Entry {
	e := &Entry{escape: escape}
	e.ExtendBaseWidget(e)
	return e
}

// TypedKey implements fyne.Focusable.
func (e *Entry) TypedKey(k *fyne.KeyEvent) {
	if k.Name == fyne.KeyEscape {
		e.escape()
		return
	}
	e.Entry.TypedKey(k)
}

// Fault is a line that says what is wrong with what was typed above it; it takes
// no room while nothing is.
type Fault struct{ widget.Label }

// NewFault makes an empty line.
func NewFault() *Fault {
	f := &Fault{}
	f.SizeName = theme.SizeNameCaptionText
	f.Importance = widget.DangerImportance
	f.Wrapping = fyne.TextWrapWord
	f.ExtendBaseWidget(f)
	f.Hide()
	return f
}

// Say shows what is wrong; "" for nothing.
func (f *Fault) Say(text string) {
	f.SetText(text)
	Visible(f, text != "")
}
