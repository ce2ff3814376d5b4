package ui

import "picasso/ui/control"

// present shows picture, map, answer and finding alone, over the whole screen,
// or goes back.
func (w *Window) present() {
	if w.stage != nil {
		w.leaveStage()
		return
	}
	if w.c.State().Look == nil {
		w.hint("There is no picture to present yet.")
		return
	}
	w.hideWelcome()
	w.goTo(control.Explain)
	w.stage = w.explain.Present()
	w.win.SetFullScreen(true)
	w.stage.Resize(w.win.Canvas().Size())
	w.win.Canvas().Overlays().Add(w.stage)
	w.hint("")
}

// leaveStage goes back to the window; false where nothing is presented.
func (w *Window) leaveStage() bool {
	if w.stage == nil {
		return false
	}
	w.win.Canvas().Overlays().Remove(w.stage)
	w.stage = nil
	w.win.SetFullScreen(false)
	w.explain.Leave()
	return true
}

// togglePanels hides the side columns, or shows them again.
func (w *Window) togglePanels() {
	w.columns.Collapse(!w.columns.Collapsed())
	w.toolbar.show()
}

// besidePicture is an action whose outcome stands in a side panel, which it shows.
func (w *Window) besidePicture(run func()) func() {
	return func() {
		w.columns.Collapse(false)
		w.toolbar.show()
		run()
	}
}
