package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/drawing"
)

// askConsent tells, before the first scan ever, what scans may be used for
// here. Return agrees, as the button says; Escape says no.
func (w *Window) askConsent() {
	text := widget.NewLabel("Picasso shows what a network looks at. It is not a medical device. It has not been tested for use with patients, a map can mark the wrong place, and a network can be wrong even when it is very sure.\n\nUse scans here for research and for testing networks, not for diagnosis or treatment.\n\nFiles are only read, and nothing leaves this machine. Patient names and dates stay hidden and are never written to a file.")
	text.Wrapping = fyne.TextWrapWord
	d := dialog.NewCustomConfirm(drawing.ResearchUse, "I understand", "Close scans", text, func(on bool) {
		if on {
			w.c.AgreeToResearchUse()
			return
		}
		w.c.RefuseResearchUse()
	}, w.win)
	d.Resize(fyne.NewSize(560, 320))
	w.over(d)
}
