package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
)

// over shows a dialog that has the keys until it is closed; those of the dialog below
// it, where there is one, return to that.
func (w *Window) over(d dialog.Dialog) {
	if w.palette != nil {
		w.palette.close()
	}
	d.SetOnClosed(func() {
		w.panels = slices.DeleteFunc(w.panels, func(one dialog.Dialog) bool { return one == d })
		w.panel = nil
		if n := len(w.panels); n > 0 {
			w.panel = w.panels[n-1]
		}
	})
	w.panels = append(w.panels, d)
	w.panel = d
	d.Show()
}

// inform shows a panel over the window until it is closed: of a size, as far as the
// window has room.
func (w *Window) inform(title string, content fyne.CanvasObject, size fyne.Size) {
	d := dialog.NewCustom(title, "Close", content, w.win)
	room := w.win.Canvas().Size().SubtractWidthHeight(40, 40)
	d.Resize(size.Min(room))
	w.over(d)
}

// covered reports whether something over the window has the keys.
func (w *Window) covered() bool { return w.panel != nil || w.palette != nil }

// press presses the highlighted button of the panel over the window; where none
// is, it closes the panel.
func (w *Window) press() {
	switch d := w.panel.(type) {
	case *dialog.ConfirmDialog:
		if w.cautious != w.panel {
			d.Confirm()
			return
		}
	case *dialog.FormDialog:
		d.Submit()
		return
	case *dialog.FileDialog: // its button cannot be reached, and closing it is not what was meant
		return
	}
	w.panel.Hide()
}
