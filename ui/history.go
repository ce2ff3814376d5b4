package ui

import "strings"

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

// showHistory writes on the menu what would be undone and redone.
func (w *Window) showHistory() {
	menu, ok := w.menus["Edit"]
	if !ok {
		return
	}
	menu.Items = w.menuItems("Edit")
	menu.Refresh()
}
