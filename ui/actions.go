package ui

import (
	"fmt"
	"picasso/ui/keys"

	"fyne.io/fyne/v2"

	"picasso/ui/control"
	"picasso/ui/imagelist"
	"picasso/ui/viewer"
	"picasso/visualizers"
)

// Workspaces that show what an action does: see [keys.Action].
var (
	inExplain = []string{string(control.Explain)}
	inMaps    = []string{string(control.Explain), string(control.Compare)}
	ofPicture = []string{string(control.Explain), string(control.Compare), string(control.Inside)}
)

// table lists everything the user can do by key or menu.
func (w *Window) table() []keys.Action {
	c := w.c
	list := []keys.Action{
		{Menu: "File", Title: "Open model…", Keys: []keys.Stroke{keys.Char('o'), keys.Ctrl(fyne.KeyO)}, Run: w.chooseModel},
		{Menu: "File", Title: "Follow a folder of checkpoints…", Run: w.chooseCheckpoints},
		{Menu: "File", Title: "Add pictures…", Keys: []keys.Stroke{keys.Char('i'), keys.Ctrl(fyne.KeyI)}, Run: w.chooseImages},
		{Menu: "File", Title: "Add folder…", Keys: []keys.Stroke{keys.CtrlShift(fyne.KeyI)}, Run: w.chooseFolder},
		{Menu: "File", Title: "Load labels…", Keys: []keys.Stroke{keys.Char('l'), keys.Ctrl(fyne.KeyL)}, Run: w.chooseLabels},
		{Menu: "File", Title: "Open session…", Run: w.openSession, Line: true},
		{Menu: "File", Title: "Save session…", Run: w.saveSession},
		{Menu: "File", Title: "Find files of the session…", Run: w.findSession},
		{Menu: "File", Title: "Save this map or table…", Seen: inMaps, Keys: []keys.Stroke{keys.Ctrl(fyne.KeyE)}, Run: w.exportMap, Line: true},
		{Menu: "File", Title: "Export this map as DICOM…", Seen: inExplain, Keys: []keys.Stroke{keys.Ctrl(fyne.KeyD)}, Run: w.saver.DICOM},
		{Menu: "File", Title: "Film of a setting…", Seen: inExplain, Run: w.saver.Film},
		{Menu: "File", Title: "Save predictions…", Keys: []keys.Stroke{keys.CtrlShift(fyne.KeyE)}, Run: w.saver.Predictions},
		{Menu: "File", Title: "Report…", Run: w.saver.Report},
		{Menu: "File", Title: "Copy the figure of this map", Seen: inExplain, Keys: []keys.Stroke{keys.CtrlShift(fyne.KeyC)}, Run: w.saver.Copy},
		{Menu: "File", Title: "Quit", Keys: []keys.Stroke{keys.Ctrl(fyne.KeyQ)}, Under: true, Run: w.Close, Line: true, Quit: true},

		{Menu: "Edit", Title: undoTitle, Now: w.undoable, Keys: []keys.Stroke{keys.Ctrl(fyne.KeyZ)}, Under: true, Run: w.undo},
		{Menu: "Edit", Title: redoTitle, Now: w.redoable, Keys: []keys.Stroke{keys.CtrlShift(fyne.KeyZ), keys.Ctrl(fyne.KeyY)}, Under: true, Run: w.redo},
		{Menu: "Edit", Title: "Paste a path", Line: true, Keys: []keys.Stroke{keys.Ctrl(fyne.KeyV)}, Run: w.paste},
		{Menu: "Edit", Title: "Remove this measurement", Seen: inExplain, Keys: []keys.Stroke{keys.Named(fyne.KeyDelete), keys.Named(fyne.KeyBackspace)}, When: func() bool { return c.State().Chosen != 0 }, Run: w.removeMeasure, Line: true},
		{Menu: "Edit", Title: "Remove all measurements here", Seen: inExplain, Run: c.RemoveMeasures},
		{Menu: "Edit", Title: forgetTitle, Now: w.forgettable, Run: c.ForgetMarks},
		{Menu: "Edit", Title: "Note about this picture…", When: func() bool { return c.State().Selected() != nil }, Run: w.writeNote},
		{Menu: "Edit", Title: "Remove this picture", Keys: []keys.Stroke{keys.Named(fyne.KeyDelete)}, Run: func() { c.Remove(c.State().Current) }},
		{Menu: "Edit", Title: "Remove all pictures", Run: c.Clear},
		{Menu: "Edit", Title: "Unusable pictures…", Run: w.showUnusable},
		{Menu: "Edit", Title: "Reset settings of this method", Seen: inExplain, Keys: []keys.Stroke{keys.Char('r')}, Run: func() { c.ResetValues(c.State().Tab) }, Line: true},
		{Menu: "Edit", Title: "Reset display of this method", Seen: inExplain, Keys: []keys.Stroke{keys.Char('d')}, Run: w.explain.Display.Reset},

		{Menu: "View", Title: "Present", Keys: []keys.Stroke{keys.Named(fyne.KeyF11), keys.Named(fyne.KeyF5)}, Run: w.present},
		{Menu: "View", Title: "Side panels", Keys: []keys.Stroke{keys.Named(fyne.KeyF9)}, Run: w.togglePanels},
		{Menu: "View", Title: "Side by side", Seen: inExplain, Keys: []keys.Stroke{keys.Char('y')}, Run: func() { w.explain.Picture.ToggleSideBySide(); w.toolbar.show() }},
		{Menu: "View", Title: "Trust: what speaks for this map and against it", Seen: inExplain, Run: w.besidePicture(w.explain.ToggleTrust)},
		{Menu: "View", Title: "Hide the map while pressed", Seen: inExplain, Keys: []keys.Stroke{keys.Named(fyne.KeySpace)}, Held: w.explain.Picture.HideMap},
		{Menu: "View", Title: "Show or hide the map", Seen: inExplain, Keys: []keys.Stroke{keys.Char('h')}, Run: w.explain.Picture.ToggleMap},
		{Menu: "View", Title: "More opaque", Seen: inExplain, Keys: []keys.Stroke{keys.Char(']')}, Run: func() { w.explain.Display.Nudge(0.1) }, Line: true},
		{Menu: "View", Title: "Less opaque", Seen: inExplain, Keys: []keys.Stroke{keys.Char('[')}, Run: func() { w.explain.Display.Nudge(-0.1) }},
		{Menu: "View", Title: "Lock the colour scale", Seen: inExplain, Keys: []keys.Stroke{keys.Char('k')}, Run: w.explain.Picture.ToggleLock},
		{Menu: "View", Title: "Move the picture", Seen: inExplain, Run: func() { w.setTool(viewer.MoveTool) }, Line: true},
		{Menu: "View", Title: "Window and level", Seen: inExplain, Run: w.windowTool},
		{Menu: "View", Title: "Ruler", Seen: inExplain, Run: func() { w.setTool(viewer.RulerTool) }},
		{Menu: "View", Title: "Angle", Seen: inExplain, Run: func() { w.setTool(viewer.AngleTool) }},
		{Menu: "View", Title: "Ellipse: mean, SD, area", Seen: inExplain, Run: func() { w.setTool(viewer.EllipseTool) }},
		{Menu: "View", Title: "Rectangle: mean, SD, area", Seen: inExplain, Run: func() { w.setTool(viewer.BoxTool) }},
		{Menu: "View", Title: "Zoom in", Seen: inExplain, Keys: []keys.Stroke{keys.Char('+'), keys.Char('=')}, Run: func() { w.explain.Zoom(1.25) }, Line: true},
		{Menu: "View", Title: "Zoom out", Seen: inExplain, Keys: []keys.Stroke{keys.Char('-')}, Run: func() { w.explain.Zoom(0.8) }},
		{Menu: "View", Title: "Fit to window", Seen: inExplain, Keys: []keys.Stroke{keys.Char('0')}, Run: w.explain.Picture.Fit},
		{Menu: "View", Title: "Light, dark or system theme", Keys: []keys.Stroke{keys.Char('t')}, Run: w.switchTheme, Line: true},

		{Menu: "Model", Title: "About this model", Keys: []keys.Stroke{keys.Ctrl(fyne.KeyM)}, Run: w.showModel},
		{Menu: "Model", Title: "What the model sees", Keys: []keys.Stroke{keys.Char('w')}, Run: w.showInput},
		{Menu: "Model", Title: "Preprocessing…", Keys: []keys.Stroke{keys.Char('e')}, Run: w.showPreparation},
		{Menu: "Model", Title: "Output…", Keys: []keys.Stroke{keys.Char('v')}, Run: w.showAnswer},
		{Menu: "Model", Title: "Save as sidecar", Keys: []keys.Stroke{keys.Ctrl(fyne.KeyS)}, Under: true, Run: c.SaveSidecar},
		{Menu: "Model", Title: "Explain probability or logit", Seen: ofPicture, Keys: []keys.Stroke{keys.Char('p')}, Run: w.explain.ToggleScore, Line: true},
		{Menu: "Model", Title: "Follow the top class", Seen: ofPicture, Keys: []keys.Stroke{keys.Char('f')}, Run: c.FollowBest},
		{Menu: "Model", Title: "Explain the next class", Seen: inExplain, Keys: []keys.Stroke{keys.Named(fyne.KeyDown)}, Run: func() { w.explain.StepClass(1) }},
		{Menu: "Model", Title: "Explain the previous class", Seen: inExplain, Keys: []keys.Stroke{keys.Named(fyne.KeyUp)}, Run: func() { w.explain.StepClass(-1) }},
		{Menu: "Model", Title: "Compute again", Seen: inExplain, Keys: []keys.Stroke{keys.Ctrl(fyne.KeyR)}, Under: true, Run: c.Rerun, Line: true},
		{Menu: "Model", Title: "Check whether this map can be trusted", Seen: inExplain, Run: w.besidePicture(w.explain.CheckMap)},
		{Menu: "Model", Title: "Stop", Keys: []keys.Stroke{keys.Char('s'), keys.Named(fyne.KeyEscape)}, Run: w.escape},

		{Menu: "Help", Title: "Find an action…", Keys: []keys.Stroke{keys.Ctrl(fyne.KeyK)}, Run: w.showPalette},
		{Menu: "Help", Title: "Keyboard shortcuts", Keys: []keys.Stroke{keys.Char('?'), keys.Ctrl(fyne.KeyF1)}, Run: w.showKeys},
		{Menu: "Help", Title: "Welcome…", Run: w.showWelcome},
		{Menu: "Help", Title: "About this method", Keys: []keys.Stroke{keys.Char('a')}, Run: w.showMethod},
		{Menu: "Help", Title: "Diagnostics", Run: w.showDiagnostics},
		{Menu: "Help", Title: "About Picasso", Run: w.showAbout, Line: true},

		{Title: "Next picture", Keys: []keys.Stroke{keys.Named(fyne.KeyRight), keys.Char('n')}, Run: func() { c.Step(1) }},
		{Title: "Previous picture", Keys: []keys.Stroke{keys.Named(fyne.KeyLeft), keys.Char('b')}, Run: func() { c.Step(-1) }},
		{Title: "First picture", Keys: []keys.Stroke{keys.Named(fyne.KeyHome)}, Run: func() { c.Step(-len(c.State().Images)) }},
		{Title: "Last picture", Keys: []keys.Stroke{keys.Named(fyne.KeyEnd)}, Run: func() { c.Step(len(c.State().Images)) }},
	}
	list = append(list, w.workspaceActions()...)
	list = append(list, w.cover.Actions()...)
	list = append(list, w.menuActions()...)
	list = append(list, w.listActions()...)
	list = append(list, w.scanActions()...)
	list = append(list, w.regionActions()...)
	list = append(list, w.scripts.actions()...)
	return w.leading(append(list, w.methodActions()...))
}

// leading lets every action show first the workspace that shows what it does, for one
// that is chosen from a menu or the palette in another workspace.
func (w *Window) leading(list []keys.Action) []keys.Action {
	for i, a := range list {
		if a.Run == nil || a.Leads("") == "" {
			continue
		}
		list[i].Run = func() {
			if to := a.Leads(string(w.c.State().Workspace)); to != "" {
				w.goTo(control.Workspace(to))
			}
			a.Run()
		}
	}
	return list
}

// listActions order and filter the list of images.
func (w *Window) listActions() []keys.Action {
	list := []keys.Action{
		{Menu: "View", Title: "Find pictures…", Keys: []keys.Stroke{keys.Char('/'), keys.Ctrl(fyne.KeyF)}, Run: w.images.FocusFilter, Line: true},
		{Title: "Only pictures whose answer differs from their label", Run: w.images.ToggleWrong},
	}
	for _, o := range imagelist.Orders() {
		list = append(list, keys.Action{Title: "Sort pictures " + o.Name, Run: func() { w.images.SortBy(o.By) }})
	}
	return list
}

// methodActions choose what explains: a group, then a method of it.
func (w *Window) methodActions() []keys.Action {
	list := []keys.Action{
		{Title: "Next method", Keys: []keys.Stroke{keys.Char('.'), keys.Ctrl(fyne.KeyPageDown)}, Run: func() { w.explain.StepTab(1) }},
		{Title: "Previous method", Keys: []keys.Stroke{keys.Char(','), keys.Ctrl(fyne.KeyPageUp)}, Run: func() { w.explain.StepTab(-1) }},
		{Title: "Next group of methods", Keys: []keys.Stroke{keys.Char('>')}, Run: func() { w.explain.StepGroup(1) }},
		{Title: "Previous group of methods", Keys: []keys.Stroke{keys.Char('<')}, Run: func() { w.explain.StepGroup(-1) }},
	}
	for i, family := range visualizers.Groups() {
		list = append(list, keys.Action{Title: "Methods: " + family.Title(), Keys: []keys.Stroke{keys.Ctrl(fyne.KeyName(rune('1' + i)))}, Run: func() {
			if !w.explain.SelectGroup(family) {
				w.hint("There are no methods of your own yet; the menu " + scriptMenu + " makes one.")
			}
		}})
	}
	most := 0
	for _, g := range w.c.State().Groups() {
		most = max(most, len(g.Tabs))
	}
	for i := range min(most, 9) {
		list = append(list, keys.Action{Title: "Method " + string(rune('1'+i)) + " of the group", Keys: []keys.Stroke{keys.Char(rune('1' + i))}, Run: func() { w.explain.SelectMethod(i) }})
	}
	for i := range list {
		list[i].Seen = inExplain
	}
	return list
}

// escape leaves what is on top: a probe, the table, then what is running.
func (w *Window) escape() {
	s := w.c.State()
	here := s.Workspace == control.Explain
	switch {
	case w.leaveStage():
	case here && w.explain.Picture.Abandon():
	case w.cover.Leave():
	case s.Probe != nil:
		w.c.ClearProbe()
	case w.c.Busy():
		w.c.Stop()
	case s.Grid != nil:
		w.compare.LeaveTable()
	case here && s.Montage != nil:
		w.c.CloseMontage()
	case here && s.Planes != nil:
		w.c.ClosePlanes()
	case here && w.explain.Picture.ClearRegion():
	default:
		w.c.Dismiss()
	}
}

func (w *Window) removeMeasure() {
	if !w.c.RemoveMeasure() {
		w.hint("Click a measurement first to choose it.")
	}
}

// switchTheme goes from the system's colours to light, dark and back.
func (w *Window) switchTheme() {
	s := w.c.Settings()
	next := map[string]string{"": "light", "light": "dark", "dark": ""}
	s.Theme = next[s.Theme]
	w.app.Settings().SetTheme(newLook(s.Theme))
	w.hint(fmt.Sprintf("Theme: %s", map[string]string{"": "system", "light": "light", "dark": "dark"}[s.Theme]))
}
