package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/visible"
)

// consent asks whether to switch a script on, with its text in view.
type consent struct {
	text   *widget.Label
	follow *widget.Check
	dialog *dialog.ConfirmDialog
}

// newConsent shows the question; answered is called once. Escape and Return say
// no, so that nothing is switched on by a key meant for something else.
func (w *Window) newConsent(f ScriptFile, answered func(on, follow bool)) *consent {
	said := widget.NewLabel(f.Name() + " is a program. It runs in a sandbox without access to your files or the network, but it sees the model and the pictures you explain. Switch it on only if you trust its source. If its text changes, you are asked again.")
	said.Wrapping = fyne.TextWrapWord
	c := &consent{text: widget.NewLabel(visible.Program(f.Text)), follow: widget.NewCheck("I am editing this file: switch on every version I save, until the program ends", nil)}
	c.text.TextStyle.Monospace = true
	c.text.Selectable = true
	content := container.NewBorder(said, c.follow, nil, nil, container.NewScroll(c.text))
	c.dialog = dialog.NewCustomConfirm("Switch on "+f.Name()+"?", "Switch on", "Not now", content, func(on bool) {
		answered(on, c.follow.Checked)
	}, w.win)
	c.dialog.Resize(fyne.NewSize(820, 560))
	c.dialog.SetConfirmImportance(widget.MediumImportance) // no button is highlighted
	w.over(c.dialog)
	w.cautious = c.dialog
	return c
}
