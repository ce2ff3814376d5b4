package ui

import (
	"strings"

	"picasso/ui/words"
)

// Titles of the actions that take changes back and do them again.
const (
	undoTitle = "Undo"
	redoTitle = "Redo"
)

// undoable is what Undo says now: the change that it takes back.
func (w *Window) undoable() (title string, can bool) { return named(undoTitle, w.c.State().Undo) }

// redoable is undoable for Redo.
func (w *Window) redoable() (title string, can bool) { return named(redoTitle, w.c.State().Redo) }

func named(title, deed string) (string, bool) {
	return strings.TrimSpace(title + " " + deed), deed != ""
}

// forgetTitle is the action that forgets what is remembered about scans.
const forgetTitle = "Forget remembered measurements"

// forgettable is what there is to forget.
func (w *Window) forgettable() (title string, can bool) {
	n := w.c.Remembered()
	if n == 0 {
		return forgetTitle, false
	}
	return forgetTitle + " of " + words.Count(n, "series", "series"), true
}

func (w *Window) undo() { w.replayed("Undone: ", "There is nothing to undo.", w.c.Undo()) }

func (w *Window) redo() { w.replayed("Done again: ", "There is nothing to redo.", w.c.Redo()) }

// replayed tells what was undone or redone.
func (w *Window) replayed(said, nothing, deed string) {
	if deed == "" {
		w.hint(nothing)
		return
	}
	w.hint(said + deed + ".")
}

// showHistory writes on the menu what would be undone, redone and forgotten.
func (w *Window) showHistory() {
	menu, ok := w.menus["Edit"]
	if !ok {
		return
	}
	menu.Items = w.menuItems("Edit")
	menu.Refresh()
}
