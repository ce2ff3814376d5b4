package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/drawing"
)

// askConsent tells, before the first scan ever, what scans may be used for
// here. Escape and Return say no.
func (w *Window) askConsent() {
	text := widget.NewLabel("Picasso shows what a network looks at. It is no medical device: what it shows has not been tested for use on patients, maps can mark the wrong place, and a network can be wrong with great certainty.\n\nUse scans here for research and for testing networks, not for diagnosis or treatment.\n\nFiles are only read, and nothing leaves this machine. Names and dates of patients stay hidden and are never written to a file.")
	text.Wrapping = fyne.TextWrapWord
	d := dialog.NewCustomConfirm(drawing.ResearchUse, "I understand", "Close the scans", text, func(on bool) {
		if on {
			w.c.AgreeToResearchUse()
			return
		}
		w.c.RefuseResearchUse()
	}, w.win)
	d.Resize(fyne.NewSize(560, 320))
	w.over(d)
}
