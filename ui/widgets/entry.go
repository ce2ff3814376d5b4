package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Entry is a text field that Escape leaves, with the text it had before, so that
// the window's keys work again.
type Entry struct {
	widget.Entry
	// OnRestored is called when Escape has put the former text back; may be nil.
	OnRestored func()

	escape func()
	before string // the text when the field was entered
}

// NewEntry makes a text field. escape is called for Escape, and gives the keys
// back; nil gives them to the window, and where nothing was typed into a field of
// a dialog, the Escape too.
func NewEntry(escape func()) *Entry {
	e := &Entry{escape: escape}
	e.ExtendBaseWidget(e)
	return e
}

// FocusGained implements fyne.Focusable.
func (e *Entry) FocusGained() {
	e.before = e.Text
	e.Entry.FocusGained()
}

// TypedKey implements fyne.Focusable.
func (e *Entry) TypedKey(k *fyne.KeyEvent) {
	if k.Name != fyne.KeyEscape {
		e.Entry.TypedKey(k)
		return
	}
	leave(e, &e.Entry, e.before, e.OnRestored, e.escape, k)
}

// TypedShortcut implements fyne.Shortcutable: the window gets what is none of the
// field's.
func (e *Entry) TypedShortcut(s fyne.Shortcut) {
	if !passOn(e, s) {
		e.Entry.TypedShortcut(s)
	}
}

// Combo is a text field with a list of usual texts, which Escape leaves as it
// does an [Entry].
type Combo struct {
	widget.SelectEntry
	OnRestored func() // as in [Entry]

	escape func()
	before string
}

// NewCombo makes one with the given texts in its list, and escape as in
// [NewEntry].
func NewCombo(options []string, escape func()) *Combo {
	c := &Combo{escape: escape}
	c.ExtendBaseWidget(c)
	c.SetOptions(options)
	return c
}

// FocusGained implements fyne.Focusable.
func (c *Combo) FocusGained() {
	c.before = c.Text
	c.SelectEntry.FocusGained()
}

// TypedKey implements fyne.Focusable.
func (c *Combo) TypedKey(k *fyne.KeyEvent) {
	if k.Name != fyne.KeyEscape {
		c.SelectEntry.TypedKey(k)
		return
	}
	leave(c, &c.Entry, c.before, c.OnRestored, c.escape, k)
}

// TypedShortcut implements fyne.Shortcutable, as [Entry.TypedShortcut].
func (c *Combo) TypedShortcut(s fyne.Shortcut) {
	if !passOn(c, s) {
		c.SelectEntry.TypedShortcut(s)
	}
}

// passOn hands keys pressed with Ctrl or Alt to the window, except those that
// move in a text or change it.
func passOn(field fyne.CanvasObject, s fyne.Shortcut) bool {
	chord, ok := s.(*desktop.CustomShortcut)
	if !ok {
		return false
	}
	switch chord.KeyName {
	case fyne.KeyLeft, fyne.KeyRight, fyne.KeyUp, fyne.KeyDown, fyne.KeyHome, fyne.KeyEnd, fyne.KeyBackspace, fyne.KeyDelete:
		return false
	}
	window, ok := fyne.CurrentApp().Driver().CanvasForObject(field).(fyne.Shortcutable)
	if ok {
		window.TypedShortcut(s)
	}
	return ok
}

// leave puts the text back that a field had before and gives up the keys.
func leave(field fyne.CanvasObject, e *widget.Entry, before string, restored, escape func(), k *fyne.KeyEvent) {
	typed := e.Text != before
	if typed {
		e.SetText(before)
	}
	if restored != nil {
		restored()
	}
	if escape != nil {
		escape()
		return
	}
	c := fyne.CurrentApp().Driver().CanvasForObject(field)
	if c == nil {
		return
	}
	c.Unfocus()
	if on := c.OnTypedKey(); on != nil && !typed && c.Overlays().Top() != nil {
		on(k)
	}
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
