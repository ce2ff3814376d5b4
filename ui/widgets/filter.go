package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// FilterHost is the window around a filter.
type FilterHost interface {
	Hint(text string)
	Unfocus()
}

// Filter is a text field that narrows what a list shows while one types. Escape
// leaves it, and empties it first.
type Filter struct {
	Entry
	host FilterHost
	help string
}

// NewFilter makes an empty filter; changed gets every text the user types, and
// help is shown while the pointer is over it.
func NewFilter(h FilterHost, help string, changed func(text string)) *Filter {
	f := &Filter{host: h, help: help}
	f.ExtendBaseWidget(f)
	f.SetPlaceHolder("Filter")
	f.Icon = theme.SearchIcon()
	clearIt := widget.NewButtonWithIcon("", theme.CancelIcon(), func() { f.SetText(""); h.Unfocus() })
	clearIt.Importance = widget.LowImportance
	clearIt.Hide()
	f.ActionItem = clearIt
	f.OnChanged = func(text string) {
		Visible(clearIt, text != "")
		changed(text)
	}
	f.OnSubmitted = func(string) { h.Unfocus() }
	return f
}

// TypedKey implements fyne.Focusable.
func (f *Filter) TypedKey(k *fyne.KeyEvent) {
	switch {
	case k.Name != fyne.KeyEscape:
		f.Entry.TypedKey(k)
	case f.Text != "":
		f.SetText("")
	default:
		f.host.Unfocus()
	}
}

// Put shows a text that was not typed.
func (f *Filter) Put(text string) {
	if f.Text != text {
		f.SetText(text)
	}
}

// MouseIn implements desktop.Hoverable.
func (f *Filter) MouseIn(*desktop.MouseEvent) { f.host.Hint(f.help) }

// MouseMoved implements desktop.Hoverable.
func (f *Filter) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (f *Filter) MouseOut() { f.host.Hint("") }

var (
	_ fyne.Focusable    = (*Filter)(nil)
	_ desktop.Hoverable = (*Filter)(nil)
)
