package ui

import (
	"fmt"
	"picasso/ui/keys"

	"fyne.io/fyne/v2"

	"picasso/ui/viewer"
	"picasso/ui/widgets"
	"picasso/ui/words"
)

// scanMenu is the menu of what only scans have.
const scanMenu = "Scan"

// planesTitle shows three planes through a volume.
const planesTitle = "Three planes"

// mostSlices is more than a scan has.
const mostSlices = 1 << 20

// scanActions lists what can be done with a scan. Their keys, those of viewers
// in radiology, come before the window's own while a scan is shown.
func (w *Window) scanActions() []keys.Action {
	c := w.c
	turn := func(how func(viewer.Turn) viewer.Turn) func() {
		return func() { w.explain.Turn(how) }
	}
	list := []keys.Action{
		{Seen: ofPicture, Title: "Window: all values", Keys: []keys.Stroke{keys.Char('0')}, Run: c.AutoWindow},
		{Seen: ofPicture, Title: "Window: next of the file's own", Keys: []keys.Stroke{keys.Char('1')}, Run: c.FileWindow},
	}
	for i, preset := range c.Settings().WindowPresets() {
		list = append(list, keys.Action{
			Seen: ofPicture, Title: fmt.Sprintf("Window: %s (CT)", preset.Name), Keys: []keys.Stroke{keys.Char(rune('2' + i))},
			Run: func() {
				if !c.PresetWindow(i) {
					w.hint("This window applies only to pictures in Hounsfield units.")
				}
			},
		})
	}
	list = append(list,
		keys.Action{Title: "CT windows…", Run: w.editWindows},
		keys.Action{Seen: ofPicture, Title: "Invert", Keys: []keys.Stroke{keys.Char('i')}, Run: c.Invert, Line: true},
		keys.Action{Seen: inExplain, Title: "Flip left to right", Keys: []keys.Stroke{keys.Char('h')}, Run: turn(viewer.Turn.FlippedAcross)},
		keys.Action{Seen: inExplain, Title: "Flip top to bottom", Keys: []keys.Stroke{keys.Char('v')}, Run: turn(viewer.Turn.FlippedDown)},
		keys.Action{Seen: inExplain, Title: "Rotate clockwise", Keys: []keys.Stroke{keys.Char('r')}, Run: turn(viewer.Turn.Turned)},
		keys.Action{Seen: inExplain, Title: "Reset view (double click)", Run: w.explain.ResetViewing},
		keys.Action{Seen: inExplain, Title: "Explain all slices", Keys: []keys.Stroke{keys.Char('x')}, Run: c.ExplainSeries, Line: true},
		keys.Action{Seen: inExplain, Title: "Mark as key slice, or not", Keys: []keys.Stroke{keys.Char('*')}, Run: w.toggleKey, Line: true},
		keys.Action{Seen: ofPicture, Title: "Next key slice", Keys: []keys.Stroke{keys.Char(')')}, Run: func() { w.stepKey(1) }},
		keys.Action{Seen: ofPicture, Title: "Previous key slice", Keys: []keys.Stroke{keys.Char('(')}, Run: func() { w.stepKey(-1) }},
		keys.Action{Seen: inExplain, Title: "Slices beside each other", Keys: []keys.Stroke{keys.Char('c')}, Run: w.explain.ToggleMontage},
		keys.Action{Seen: inExplain, Title: "Key slices beside each other", Run: func() { c.OpenMontage(true) }},
		keys.Action{Seen: inExplain, Title: planesTitle, Keys: []keys.Stroke{keys.Char('u')}, Run: w.explain.TogglePlanes},
		keys.Action{Seen: ofPicture, Title: "Next map or region from a file", Run: w.nextLaid},
		keys.Action{Title: "Series for the channels of the model…", Run: w.chooseChannels},
		keys.Action{Title: "Save key slices…", Run: w.exportKeys},
		keys.Action{Seen: inExplain, Title: "Show or hide patient data", Run: w.explain.Picture.TogglePatient, Line: true},
	)
	for i := range list {
		list[i].Menu, list[i].Scan = scanMenu, true
	}
	return append(list,
		keys.Action{Scan: true, Seen: ofPicture, Title: "Next slice (wheel)", Keys: []keys.Stroke{keys.Named(fyne.KeyDown)}, Run: func() { w.explain.StepSlice(1) }},
		keys.Action{Scan: true, Seen: ofPicture, Title: "Previous slice", Keys: []keys.Stroke{keys.Named(fyne.KeyUp)}, Run: func() { w.explain.StepSlice(-1) }},
		keys.Action{Scan: true, Seen: ofPicture, Title: "Ten slices forward", Keys: []keys.Stroke{keys.Named(fyne.KeyPageDown)}, Run: func() { w.explain.StepSlice(10) }},
		keys.Action{Scan: true, Seen: ofPicture, Title: "Ten slices back", Keys: []keys.Stroke{keys.Named(fyne.KeyPageUp)}, Run: func() { w.explain.StepSlice(-10) }},
		keys.Action{Scan: true, Seen: ofPicture, Title: "First slice", Keys: []keys.Stroke{keys.Named(fyne.KeyHome)}, Run: func() { w.explain.StepSlice(-mostSlices) }},
		keys.Action{Scan: true, Seen: ofPicture, Title: "Last slice", Keys: []keys.Stroke{keys.Named(fyne.KeyEnd)}, Run: func() { w.explain.StepSlice(mostSlices) }},
		keys.Action{Scan: true, Seen: inExplain, Title: "Keys move the next plane", Keys: []keys.Stroke{keys.Named(fyne.KeyRight)}, When: w.explain.PlanesShown, Run: func() { w.explain.StepPane(1) }},
		keys.Action{Scan: true, Seen: inExplain, Title: "Keys move the plane before", Keys: []keys.Stroke{keys.Named(fyne.KeyLeft)}, When: w.explain.PlanesShown, Run: func() { w.explain.StepPane(-1) }},
	)
}

func (w *Window) toggleKey() {
	switch marked, ok := w.c.ToggleKey(); {
	case !ok:
		w.hint("Only slices of scans can be marked.")
	case marked:
		w.hint(words.Count(len(w.c.KeySlices()), "key slice", "key slices") + " marked. Scan → Save key slices… writes them to files.")
	default:
		w.hint("The mark is removed.")
	}
}

func (w *Window) nextLaid() {
	if !w.c.NextLaid() {
		w.hint("There are not several maps or regions from files over this slice.")
	}
}

func (w *Window) stepKey(n int) {
	if !w.c.StepKey(n) {
		w.hint("There is no further key slice in this direction.")
	}
}

// exportKeys asks for a name and saves the key slices.
func (w *Window) exportKeys() {
	if len(w.c.KeySlices()) == 0 {
		w.c.ExportKeySlices("") // tells why not
		return
	}
	w.asker.Ask(widgets.Question{Title: "Save the key slices as PNG and CSV", Kind: "Pictures", Extensions: []string{"png"}, Save: "key-slices.png"}, func(path string) {
		w.asker.Replacing(w.c.KeyFiles(path), func() { w.c.ExportKeySlices(path) })
	})
}

// scanHands is what the help says of the pointer over a scan, above the keys.
func scanHands() [][2]string {
	return [][2]string{
		{"Drag", "Window (sideways) and level"}, {"Middle drag", "Move"}, {"Right drag", "Zoom"},
		{"Wheel", "Slices"}, {"Ctrl+wheel", "Zoom"}, {"Ctrl+drag", "Measure a length"}, {"Double click", "Reset view"},
	}
}
