package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control"
	"picasso/ui/widgets"
	"picasso/ui/words"
)

// showUnusable lists the pictures that cannot be used, with the reasons, and
// offers to remove them.
func (w *Window) showUnusable() {
	bad := w.c.Unusable()
	if len(bad) == 0 {
		w.hint("All pictures that were tried can be used.")
		return
	}
	list := widget.NewList(func() int { return len(bad) }, func() fyne.CanvasObject {
		l := widget.NewLabel("")
		l.Wrapping = fyne.TextWrapWord
		return l
	}, nil)
	line := widget.NewLabel("")
	line.Wrapping = fyne.TextWrapWord
	list.UpdateItem = func(i widget.ListItemID, o fyne.CanvasObject) {
		text := unusableLine(bad[i])
		o.(*widget.Label).SetText(text)
		line.Resize(fyne.NewSize(list.Size().Width, 0))
		line.SetText(text)
		list.SetItemHeight(i, line.MinSize().Height)
	}
	remove := widget.NewButton("Remove unusable", func() {
		w.c.RemoveUnusable()
		if w.panel != nil {
			w.panel.Hide()
		}
	})
	remove.Importance = widget.HighImportance
	note := widgets.Faint("They stay on the list until they are removed; removing can be undone. The files themselves are left alone.")
	note.Wrapping = fyne.TextWrapWord
	w.inform(words.Count(len(bad), "picture cannot be used", "pictures cannot be used"),
		container.NewBorder(nil, container.NewBorder(nil, nil, nil, remove, note), nil, nil, list), fyne.NewSize(640, 420))
}

// unusableLine is a picture and why it cannot be used.
func unusableLine(p *control.Picture) string {
	text := p.Err.Error()
	if !strings.Contains(text, p.Name) {
		text = p.Name + ": " + text
	}
	return text
}
