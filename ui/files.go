package ui

import (
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"picasso/ui/control"
	"picasso/ui/control/survey"
	"picasso/ui/widgets"
	"picasso/ui/words"
)

// exportMap asks how the current map is to be saved, and where; in the workspace
// Compare it saves what that shows.
func (w *Window) exportMap() {
	if w.c.State().Workspace == control.Compare {
		w.compare.Save()
		return
	}
	w.saver.Map()
}

func (w *Window) chooseModel() {
	w.asker.Ask(widgets.Question{Title: "Open a model", Kind: "ONNX models", Extensions: []string{"onnx"}}, func(path string) { w.c.Drop([]string{path}) })
}

func (w *Window) chooseCheckpoints() {
	w.asker.Ask(widgets.Question{Title: "Follow a folder of checkpoints", Folder: true}, w.c.Watch)
}

func (w *Window) chooseImages() {
	w.asker.Ask(widgets.Question{Title: "Add a picture", Kind: "Pictures", Extensions: widgets.ImageExtensions()}, func(path string) { w.c.Drop([]string{path}) })
}

func (w *Window) chooseFolder() {
	w.asker.Ask(widgets.Question{Title: "Add a folder of pictures", Folder: true}, func(path string) { w.c.Drop([]string{path}) })
}

// sessionFiles is a question for a session's file.
func sessionFiles(title, save string) widgets.Question {
	return widgets.Question{Title: title, Kind: "Sessions", Extensions: []string{"picasso"}, Save: save}
}

func (w *Window) openSession() {
	w.asker.Ask(sessionFiles("Open a session", ""), func(path string) { w.c.OpenSession(path, "") })
}

func (w *Window) saveSession() {
	w.asker.Ask(sessionFiles("Save the session", "session.picasso"), func(path string) { w.c.SaveSession(path, false) })
}

// findSession looks for the files that a session lacks where the user says.
func (w *Window) findSession() {
	lacking := w.c.State().Lacking
	if lacking == "" {
		w.c.Say("All files of the session are here.")
		return
	}
	w.asker.Ask(widgets.Question{Title: "Folder with the files of the session", Folder: true}, func(path string) { w.c.OpenSession(lacking, path) })
}

func (w *Window) chooseLabels() {
	w.asker.Ask(widgets.LabelQuestion(), func(path string) { w.c.Drop([]string{path}) })
}

// dropped takes files from another program.
func (w *Window) dropped(uris []fyne.URI) {
	var paths []string
	for _, u := range uris {
		if u.Scheme() == "file" {
			paths = append(paths, u.Path())
		}
	}
	w.hideWelcome()
	if w.compare.Takes(paths) {
		return
	}
	if len(paths) > 0 {
		w.take(paths)
		return
	}
	w.c.Tell("use what was dropped", fmt.Errorf("only files and folders on this machine can be dropped; save the picture first"))
}

// take opens files and folders, of which one may hold an audit.
func (w *Window) take(paths []string) {
	if i := slices.IndexFunc(paths, survey.Holds); i >= 0 {
		w.goTo(control.Audit)
		w.survey.Open(paths[i])
		paths = slices.Delete(slices.Clone(paths), i, i+1)
	}
	if len(paths) > 0 {
		w.c.Drop(paths)
	}
}

// paste opens the paths on the clipboard.
func (w *Window) paste() {
	var paths []string
	for line := range strings.Lines(w.app.Clipboard().Content()) {
		if path := pastedPath(strings.TrimSpace(line)); path != "" {
			paths = append(paths, path)
		}
	}
	if len(paths) == 0 {
		w.hint("The clipboard does not contain the path of a file or folder.")
		return
	}
	w.take(paths)
}

// pastedPath reads a path or a file:// address; "" is neither.
func pastedPath(line string) string {
	line = strings.Trim(line, `"'`)
	if u, err := url.Parse(line); err == nil && u.Scheme == "file" {
		line = u.Path
	}
	if line == "" || !exists(line) {
		return ""
	}
	return line
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// Open opens models, labels, pictures and folders as if they were dropped, and
// brings the window to the front. Unlike the other methods it may be called on
// any goroutine.
func (w *Window) Open(paths []string) {
	w.do(func() {
		if w.closed {
			return
		}
		if len(paths) > 0 {
			w.hideWelcome()
			w.c.Drop(paths)
		}
		w.win.RequestFocus()
	})
}

// extendMenus adds what changes: samples, recent models and the tabs.
func (w *Window) extendMenus() {
	file, ok := w.menus["File"]
	if !ok {
		return
	}
	var samples, recent []*fyne.MenuItem
	for _, s := range w.params.Samples {
		samples = append(samples, fyne.NewMenuItem(s.Name, func() { w.openSample(s) }))
	}
	for _, path := range w.c.Settings().Recent {
		recent = append(recent, fyne.NewMenuItem(words.Path(path), func() { w.c.Open(path) }))
	}
	file.Items = withSubmenu(file.Items, "Samples", samples)
	var sessions []*fyne.MenuItem
	for _, path := range w.c.Settings().Sessions {
		sessions = append(sessions, fyne.NewMenuItem(words.Path(path), func() { w.c.OpenSession(path, "") }))
	}
	file.Items = withSubmenu(file.Items, "Recent sessions", sessions)
	file.Items = withSubmenu(file.Items, "Recent models", recent)
	file.Refresh()
}

// withSubmenu replaces or inserts a submenu after the first items.
func withSubmenu(items []*fyne.MenuItem, title string, children []*fyne.MenuItem) []*fyne.MenuItem {
	for _, item := range items {
		if item.Label == title {
			item.ChildMenu.Items = children
			item.Disabled = len(children) == 0
			return items
		}
	}
	item := fyne.NewMenuItem(title, nil)
	item.ChildMenu = fyne.NewMenu(title, children...)
	item.Disabled = len(children) == 0
	const after = 5 // the items that open files
	at := min(after, len(items))
	return append(items[:at:at], append([]*fyne.MenuItem{item}, items[at:]...)...)
}
