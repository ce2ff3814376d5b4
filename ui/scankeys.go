package ui

import (
	"fmt"

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
func (w *Window) scanActions() []action {
	c := w.c
	turn := func(how func(viewer.Turn) viewer.Turn) func() {
		return func() { w.explain.Picture.Turn(how) }
	}
	list := []action{
		{title: "Window: all values", keys: []stroke{char('0')}, run: c.AutoWindow},
		{title: "Window: next of the file's own", keys: []stroke{char('1')}, run: c.FileWindow},
	}
	for i, preset := range c.Settings().WindowPresets() {
		list = append(list, action{
			title: fmt.Sprintf("Window: %s (CT)", preset.Name), keys: []stroke{char(rune('2' + i))},
			run: func() {
				if !c.PresetWindow(i) {
					w.hint("This window applies only to pictures in Hounsfield units.")
				}
			},
		})
	}
	list = append(list,
		action{title: "CT windows…", run: w.editWindows},
		action{title: "Invert", keys: []stroke{char('i')}, run: c.Invert, line: true},
		action{title: "Flip left to right", keys: []stroke{char('h')}, run: turn(viewer.Turn.FlippedAcross)},
		action{title: "Flip top to bottom", keys: []stroke{char('v')}, run: turn(viewer.Turn.FlippedDown)},
		action{title: "Rotate clockwise", keys: []stroke{char('r')}, run: turn(viewer.Turn.Turned)},
		action{title: "Reset view (double click)", run: w.explain.Picture.ResetViewing},
		action{title: "Explain all slices", keys: []stroke{char('x')}, run: c.ExplainSeries, line: true},
		action{title: "Mark as key slice, or not", keys: []stroke{char('*')}, run: w.toggleKey, line: true},
		action{title: "Next key slice", keys: []stroke{char(')')}, run: func() { w.stepKey(1) }},
		action{title: "Previous key slice", keys: []stroke{char('(')}, run: func() { w.stepKey(-1) }},
		action{title: "Slices beside each other", keys: []stroke{char('c')}, run: w.explain.ToggleMontage},
		action{title: "Key slices beside each other", run: func() { c.CloseGrid(); c.OpenMontage(true) }},
		action{title: planesTitle, keys: []stroke{char('u')}, run: w.explain.TogglePlanes},
		action{title: "Save key slices…", run: w.exportKeys},
		action{title: "Show or hide patient data", run: w.explain.Picture.TogglePatient, line: true},
	)
	for i := range list {
		list[i].menu, list[i].scan = scanMenu, true
	}
	return append(list,
		action{scan: true, title: "Next slice (wheel)", keys: []stroke{key(fyne.KeyDown)}, run: func() { w.explain.StepSlice(1) }},
		action{scan: true, title: "Previous slice", keys: []stroke{key(fyne.KeyUp)}, run: func() { w.explain.StepSlice(-1) }},
		action{scan: true, title: "Ten slices forward", keys: []stroke{key(fyne.KeyPageDown)}, run: func() { w.explain.StepSlice(10) }},
		action{scan: true, title: "Ten slices back", keys: []stroke{key(fyne.KeyPageUp)}, run: func() { w.explain.StepSlice(-10) }},
		action{scan: true, title: "First slice", keys: []stroke{key(fyne.KeyHome)}, run: func() { w.explain.StepSlice(-mostSlices) }},
		action{scan: true, title: "Last slice", keys: []stroke{key(fyne.KeyEnd)}, run: func() { w.explain.StepSlice(mostSlices) }},
		action{scan: true, title: "Keys move the next plane", keys: []stroke{key(fyne.KeyRight)}, when: w.explain.PlanesShown, run: func() { w.explain.StepPane(1) }},
		action{scan: true, title: "Keys move the plane before", keys: []stroke{key(fyne.KeyLeft)}, when: w.explain.PlanesShown, run: func() { w.explain.StepPane(-1) }},
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
	w.ask(widgets.Question{Title: "Save the key slices as PNG and CSV", Kind: "Pictures", Extensions: []string{"png"}, Save: "key-slices.png"}, func(path string) {
		w.replacing(w.c.KeyFiles(path), func() { w.c.ExportKeySlices(path) })
	})
}

// scanHands is what the help says of the pointer over a scan, above the keys.
func scanHands() [][2]string {
	return [][2]string{
		{"Drag", "Window (sideways) and level"}, {"Middle drag", "Move"}, {"Right drag", "Zoom"},
		{"Wheel", "Slices"}, {"Ctrl+wheel", "Zoom"}, {"Ctrl+drag", "Measure a length"}, {"Double click", "Reset view"},
	}
}
