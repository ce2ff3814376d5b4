package ui

import (
	"fmt"
	"picasso/ui/keys"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// typedKey runs the action behind a named key.
func (w *Window) typedKey(e *fyne.KeyEvent) {
	if w.panel != nil { // a panel over the window has the keys
		switch e.Name {
		case fyne.KeyEscape:
			w.panel.Hide()
		case fyne.KeyReturn, fyne.KeyEnter:
			w.press()
		}
		return
	}
	if w.palette != nil {
		w.palette.key(e)
		return
	}
	if w.welcome != nil {
		if e.Name == fyne.KeyEscape || e.Name == fyne.KeyReturn {
			w.hideWelcome()
		}
		return
	}
	w.run(keys.Named(e.Name))
}

// run runs the action behind a stroke. What would happen in another workspace, unseen,
// does not; the status bar says where it would. It reports whether the key has a
// meaning.
func (w *Window) run(s keys.Stroke) bool {
	if a := w.find(s); a != nil {
		if a.Run != nil {
			a.Run()
		}
		return true
	}
	st := w.c.State()
	a := keys.Elsewhere(w.actions, s, string(st.Workspace), st.Scan())
	if a == nil {
		return false
	}
	for _, one := range w.workspaces {
		if string(one.name) == a.Leads(string(st.Workspace)) {
			w.hint(fmt.Sprintf("“%s” is done in the workspace %s (%s).", a.Title, one.title, one.key))
		}
	}
	return true
}

// typedRune runs the action behind a character; capitals count as small.
func (w *Window) typedRune(r rune) {
	if w.covered() || w.welcome != nil {
		return
	}
	if !w.run(keys.Char(r)) {
		w.run(keys.Char([]rune(strings.ToLower(string(r)))[0]))
	}
}

// held tells actions that last as long as their key.
func (w *Window) held(name fyne.KeyName, down bool) {
	if a := w.find(keys.Named(name)); a != nil && a.Held != nil {
		a.Held(down)
	}
}

// find is the action behind a stroke; those of the workspace come first, then
// those for scans while one is shown.
func (w *Window) find(s keys.Stroke) *keys.Action {
	st := w.c.State()
	return keys.Find(w.actions, s, string(st.Workspace), st.Scan())
}

// action is the one with a title, nil where there is none.
func (w *Window) action(title string) *keys.Action {
	for i := range w.actions {
		if w.actions[i].Title == title {
			return &w.actions[i]
		}
	}
	return nil
}

// listenToKeys connects the table to the window.
func (w *Window) listenToKeys() {
	c := w.win.Canvas()
	c.SetOnTypedKey(w.typedKey)
	c.SetOnTypedRune(w.typedRune)
	if d, ok := c.(desktop.Canvas); ok {
		d.SetOnKeyDown(func(e *fyne.KeyEvent) { w.held(e.Name, true) })
		d.SetOnKeyUp(func(e *fyne.KeyEvent) { w.held(e.Name, false) })
	}
	for _, a := range w.actions {
		for _, k := range a.Keys {
			if s := k.Shortcut(); s != nil && a.Run != nil {
				c.AddShortcut(s, func(fyne.Shortcut) { w.chord(k) })
			}
		}
	}
}

// chord runs the action whose key is pressed with another. Under a dialog or the
// palette few act: a key that is held down for long, or a second one, would open one
// dialog over the other, or menus below them. The stage covers the menus, too.
func (w *Window) chord(s keys.Stroke) {
	a := w.find(s)
	if w.covered() && (a == nil || !a.Under) || s.IsAlt() && w.stage != nil {
		return
	}
	if a != nil && a.Run != nil {
		w.hideWelcome()
	}
	w.run(s)
}

// menuBar makes the menus of the actions that name one. What text fields take
// has no shortcut there, or they would never get it.
func (w *Window) menuBar() *fyne.MainMenu {
	menus := map[string]*fyne.Menu{}
	bar := fyne.NewMainMenu()
	for _, name := range w.menuNames() {
		menus[name] = fyne.NewMenu(name, w.menuItems(name)...)
		bar.Items = append(bar.Items, menus[name])
	}
	w.menus = menus
	w.extendMenus()
	return bar
}
