package ui

import (
	"fmt"

	"fyne.io/fyne/v2"

	"picasso/ui/imagelist"
	"picasso/ui/viewer"
	"picasso/visualizers"
)

// table lists everything the user can do by key or menu.
func (w *Window) table() []action {
	c := w.c
	list := []action{
		{menu: "File", title: "Open model…", keys: []stroke{char('o'), ctrl(fyne.KeyO)}, run: w.chooseModel},
		{menu: "File", title: "Follow a folder of checkpoints…", run: w.chooseCheckpoints},
		{menu: "File", title: "Add images…", keys: []stroke{char('i'), ctrl(fyne.KeyI)}, run: w.chooseImages},
		{menu: "File", title: "Add folder…", keys: []stroke{ctrlUp(fyne.KeyI)}, run: w.chooseFolder},
		{menu: "File", title: "Load labels…", keys: []stroke{char('l'), ctrl(fyne.KeyL)}, run: w.chooseLabels},
		{menu: "File", title: "Open session…", run: w.openSession, line: true},
		{menu: "File", title: "Save session…", run: w.saveSession},
		{menu: "File", title: "Find files of the session…", run: w.findSession},
		{menu: "File", title: "Save this map or table…", keys: []stroke{ctrl(fyne.KeyE)}, run: w.exportMap, line: true},
		{menu: "File", title: "Save predictions…", keys: []stroke{ctrlUp(fyne.KeyE)}, run: w.exportPredictions},
		{menu: "File", title: "Copy the figure of this map", keys: []stroke{ctrlUp(fyne.KeyC)}, run: w.copyMap},
		{menu: "File", title: "Quit", keys: []stroke{ctrl(fyne.KeyQ)}, run: w.Close, line: true},

		{menu: "Edit", title: undoTitle, now: w.undoable, keys: []stroke{ctrl(fyne.KeyZ)}, run: w.undo},
		{menu: "Edit", title: redoTitle, now: w.redoable, keys: []stroke{ctrlUp(fyne.KeyZ), ctrl(fyne.KeyY)}, run: w.redo},
		{menu: "Edit", title: "Paste a path", line: true, keys: []stroke{ctrl(fyne.KeyV)}, run: w.paste},
		{menu: "Edit", title: "Remove this measurement", keys: []stroke{key(fyne.KeyDelete), key(fyne.KeyBackspace)}, when: func() bool { return c.State().Chosen != 0 }, run: w.removeMeasure, line: true},
		{menu: "Edit", title: "Remove all measurements here", run: c.RemoveMeasures},
		{menu: "Edit", title: "Remove this image", keys: []stroke{key(fyne.KeyDelete)}, run: func() { c.Remove(c.State().Current) }},
		{menu: "Edit", title: "Remove all images", run: c.Clear},
		{menu: "Edit", title: "Unusable images…", run: w.showUnusable},
		{menu: "Edit", title: "Reset settings of this method", keys: []stroke{char('r')}, run: func() { c.ResetValues(c.State().Tab) }, line: true},
		{menu: "Edit", title: "Reset display of this method", keys: []stroke{char('d')}, run: w.explain.Display.Reset},

		{menu: "View", title: "Workspace: Explain", keys: []stroke{key(fyne.KeyF1)}, run: c.CloseGrid},
		{menu: "View", title: "Present", keys: []stroke{key(fyne.KeyF11), key(fyne.KeyF5)}, run: w.present},
		{menu: "View", title: "Side panels", keys: []stroke{key(fyne.KeyF9)}, run: w.togglePanels},
		{menu: "View", title: "Side by side", keys: []stroke{char('y')}, run: func() { w.explain.Picture.ToggleSideBySide(); w.toolbar.show() }},
		{menu: "View", title: "Results table", keys: []stroke{char('g')}, run: w.explain.ToggleGrid},
		{menu: "View", title: "Trust: what speaks for this map and against it", run: w.besidePicture(w.explain.ToggleTrust)},
		{menu: "View", title: "Hide the map while pressed", keys: []stroke{key(fyne.KeySpace)}, held: w.explain.Picture.HideMap},
		{menu: "View", title: "Show or hide the map", keys: []stroke{char('h')}, run: w.explain.Picture.ToggleMap},
		{menu: "View", title: "More opaque", keys: []stroke{char(']')}, run: func() { w.explain.Display.Nudge(0.1) }, line: true},
		{menu: "View", title: "Less opaque", keys: []stroke{char('[')}, run: func() { w.explain.Display.Nudge(-0.1) }},
		{menu: "View", title: "Lock the colour scale", keys: []stroke{char('k')}, run: w.explain.Picture.ToggleLock},
		{menu: "View", title: "Move the picture", run: func() { w.setTool(viewer.MoveTool) }, line: true},
		{menu: "View", title: "Window and level", run: w.windowTool},
		{menu: "View", title: "Ruler", run: func() { w.setTool(viewer.RulerTool) }},
		{menu: "View", title: "Angle", run: func() { w.setTool(viewer.AngleTool) }},
		{menu: "View", title: "Ellipse: mean, SD, area", run: func() { w.setTool(viewer.EllipseTool) }},
		{menu: "View", title: "Rectangle: mean, SD, area", run: func() { w.setTool(viewer.BoxTool) }},
		{menu: "View", title: "Zoom in", keys: []stroke{char('+'), char('=')}, run: func() { w.explain.Zoom(1.25) }, line: true},
		{menu: "View", title: "Zoom out", keys: []stroke{char('-')}, run: func() { w.explain.Zoom(0.8) }},
		{menu: "View", title: "Fit to window", keys: []stroke{char('0')}, run: w.explain.Picture.Fit},
		{menu: "View", title: "Light, dark or system theme", keys: []stroke{char('t')}, run: w.switchTheme, line: true},

		{menu: "Model", title: "About this model", keys: []stroke{char('m')}, run: w.showModel},
		{menu: "Model", title: "What the model sees", keys: []stroke{char('w')}, run: w.showInput},
		{menu: "Model", title: "Preprocessing…", keys: []stroke{char('e')}, run: w.showPreparation},
		{menu: "Model", title: "Output…", keys: []stroke{char('v')}, run: w.showAnswer},
		{menu: "Model", title: "Save as sidecar", keys: []stroke{ctrl(fyne.KeyS)}, run: c.SaveSidecar},
		{menu: "Model", title: "Explain probability or logit", keys: []stroke{char('p')}, run: w.explain.ToggleScore, line: true},
		{menu: "Model", title: "Follow the top class", keys: []stroke{char('f')}, run: c.FollowBest},
		{menu: "Model", title: "Explain the next class", keys: []stroke{key(fyne.KeyDown)}, run: func() { w.explain.StepClass(1) }},
		{menu: "Model", title: "Explain the previous class", keys: []stroke{key(fyne.KeyUp)}, run: func() { w.explain.StepClass(-1) }},
		{menu: "Model", title: "Compute again", keys: []stroke{ctrl(fyne.KeyR)}, run: c.Rerun, line: true},
		{menu: "Model", title: "Check whether this map can be trusted", run: w.besidePicture(w.explain.CheckMap)},
		{menu: "Model", title: "Stop", keys: []stroke{char('s'), key(fyne.KeyEscape)}, run: w.escape},

		{menu: "Help", title: "Find an action…", keys: []stroke{ctrl(fyne.KeyK)}, run: w.showPalette},
		{menu: "Help", title: "Keyboard shortcuts", keys: []stroke{char('?'), ctrl(fyne.KeyF1)}, run: w.showKeys},
		{menu: "Help", title: "Welcome…", run: w.showWelcome},
		{menu: "Help", title: "About this method", keys: []stroke{char('a')}, run: w.showMethod},
		{menu: "Help", title: "Diagnostics", run: w.showDiagnostics},
		{menu: "Help", title: "About Picasso", run: w.showAbout, line: true},

		{title: "Next image", keys: []stroke{key(fyne.KeyRight), char('n')}, run: func() { c.Step(1) }},
		{title: "Previous image", keys: []stroke{key(fyne.KeyLeft), char('b')}, run: func() { c.Step(-1) }},
		{title: "First image", keys: []stroke{key(fyne.KeyHome)}, run: func() { c.Step(-len(c.State().Images)) }},
		{title: "Last image", keys: []stroke{key(fyne.KeyEnd)}, run: func() { c.Step(len(c.State().Images)) }},
	}
	list = append(list, w.menuActions()...)
	list = append(list, w.listActions()...)
	list = append(list, w.scanActions()...)
	list = append(list, w.regionActions()...)
	list = append(list, w.scripts.actions()...)
	return append(list, w.methodActions()...)
}

// listActions order and filter the list of images.
func (w *Window) listActions() []action {
	list := []action{
		{menu: "View", title: "Find images…", keys: []stroke{char('/'), ctrl(fyne.KeyF)}, run: w.images.FocusFilter, line: true},
		{title: "Only images whose answer differs from their folder", run: w.images.ToggleWrong},
	}
	for _, o := range imagelist.Orders() {
		list = append(list, action{title: "Sort images " + o.Name, run: func() { w.images.SortBy(o.By) }})
	}
	return list
}

// methodActions choose what explains: a group, then a method of it.
func (w *Window) methodActions() []action {
	list := []action{
		{title: "Next method", keys: []stroke{char('.'), ctrl(fyne.KeyPageDown)}, run: func() { w.explain.StepTab(1) }},
		{title: "Previous method", keys: []stroke{char(','), ctrl(fyne.KeyPageUp)}, run: func() { w.explain.StepTab(-1) }},
		{title: "Next group of methods", keys: []stroke{char('>')}, run: func() { w.explain.StepGroup(1) }},
		{title: "Previous group of methods", keys: []stroke{char('<')}, run: func() { w.explain.StepGroup(-1) }},
	}
	for i, family := range visualizers.Groups() {
		list = append(list, action{title: "Methods: " + family.Title(), keys: []stroke{ctrl(fyne.KeyName(rune('1' + i)))}, run: func() {
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
		list = append(list, action{title: "Method " + string(rune('1'+i)) + " of the group", keys: []stroke{char(rune('1' + i))}, run: func() { w.explain.SelectMethod(i) }})
	}
	return list
}

// escape leaves what is on top: a probe, the table, then what is running.
func (w *Window) escape() {
	switch {
	case w.leaveStage():
	case w.explain.Picture.Abandon():
	case w.c.State().Probe != nil:
		w.c.ClearProbe()
	case w.c.Busy():
		w.c.Stop()
	case w.c.State().Grid != nil:
		w.c.CloseGrid()
	case w.c.State().Montage != nil:
		w.c.CloseMontage()
	case w.c.State().Planes != nil:
		w.c.ClosePlanes()
	case w.explain.Picture.ClearRegion():
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
