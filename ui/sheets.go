package ui

import (
	"errors"
	"path/filepath"
	"picasso/backend/metadata"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"

	"picasso/ui/control"
	"picasso/ui/modelcard"
	"picasso/ui/scanpane"
	"picasso/ui/widgets"
)

func (w *Window) showModel()       { w.openSheet(modelcard.File) }
func (w *Window) showInput()       { w.openSheet(modelcard.Pictures) }
func (w *Window) showPreparation() { w.openSheet(modelcard.Pictures) }
func (w *Window) showAnswer()      { w.openSheet(modelcard.Answer) }

func (w *Window) openSheet(page modelcard.Page) {
	s := w.c.State()
	if s.Model == nil {
		w.hint("No model is open.")
		return
	}
	if w.panel != nil { // the question that leads here, or another sheet
		w.panel.Hide()
	}
	sheet := modelcard.NewSheet(host{w}, w.c, page)
	w.inform(s.About.Name, sheet.Box(), fyne.NewSize(940, 680))
	w.sheet = control.NewDraws(w.c, sheet.Draws()...)
	w.panel.SetOnClosed(func() { w.sheet = nil })
}

// inputsOf finds the question behind an error, nil where there is none.
func inputsOf(err error) *metadata.InputsError {
	var need *metadata.InputsError
	errors.As(err, &need)
	return need
}

// askInputs asks what the inputs of a model get that could not be opened, and
// opens it so.
func (w *Window) askInputs(need *metadata.InputsError) {
	f := modelcard.NewInputs(need.Inputs, true, w.asker.Ask)
	note := widgets.Faint("Each input except the picture needs a constant value. Values saved in a sidecar are not asked for again.")
	note.Wrapping = fyne.TextWrapWord
	content := container.NewBorder(note, nil, nil, nil, container.NewVScroll(widgets.Roomy(f.Box)))
	d := dialog.NewCustomConfirm("Values for the other inputs", "Open", "Cancel", content, func(on bool) {
		if on {
			choices, err := f.Choices(filepath.Dir(need.Path))
			if err != nil {
				w.c.Tell("open "+filepath.Base(need.Path), err)
				return
			}
			w.c.OpenUsing(need.Path, choices)
		}
	}, w.win)
	d.Resize(fyne.NewSize(640, 420))
	w.over(d)
}

// chooseChannels lets the user say which series is which channel of the model.
func (w *Window) chooseChannels() {
	n, series := w.c.ChannelCount(), w.c.ChannelSeries()
	switch {
	case n == 0:
		w.hint("Only a model of volumes that has several channels gets several series; this one gets one volume.")
		return
	case len(series) == 0:
		w.hint("There is no series in the list. Open the series that are the channels of the model first.")
		return
	}
	form := scanpane.NewChannels(n, series)
	d := dialog.NewCustomConfirm("Series for the channels of the model", "Use", "Cancel", form.Box, func(use bool) {
		if use {
			w.c.Tell("use several series as the channels of the model", w.c.JoinChannels(form.Chosen()))
		}
	}, w.win)
	d.Resize(fyne.NewSize(640, 360))
	w.over(d)
}

// editWindows lets the user change the windows of the keys 2…9.
func (w *Window) editWindows() {
	list := scanpane.NewWindowList(w.c.Settings().WindowPresets())
	d := dialog.NewCustomConfirm("CT windows", "Save", "Cancel", list.Box, func(keep bool) {
		if keep {
			w.c.Tell("save the windows", w.keepWindows(list))
		}
	}, w.win)
	d.Resize(fyne.NewSize(560, 460))
	w.over(d)
}

// keepWindows takes over what was edited, all or nothing.
func (w *Window) keepWindows(list *scanpane.WindowList) error {
	presets, err := list.Presets()
	if err != nil {
		return err
	}
	w.c.Settings().SetWindowPresets(presets)
	w.renewActions()
	w.explain.Picture.ShowScan()
	return nil
}
