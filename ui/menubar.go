package ui

import (
	"runtime"
	"slices"

	"fyne.io/fyne/v2"

	"picasso/ui/keyboard"
)

// menuLetters are the keys that open menus with Alt: the first letter, or where
// another menu has it, the first one that is free.
var menuLetters = map[string]fyne.KeyName{
	"File": fyne.KeyF, "Edit": fyne.KeyE, "View": fyne.KeyV, scanMenu: fyne.KeyS, "Model": fyne.KeyM, scriptMenu: fyne.KeyI, "Help": fyne.KeyH,
}

// menuNames are the menus from left to right.
func (w *Window) menuNames() []string {
	names := []string{"File", "Edit", "View", scanMenu, "Model", scriptMenu, "Help"}
	if w.params.Scripts == nil {
		names = slices.DeleteFunc(names, func(name string) bool { return name == scriptMenu })
	}
	return names
}

// menuActions open menus. On a Mac the system has the menu bar, and its keys.
func (w *Window) menuActions() []action {
	if runtime.GOOS == "darwin" {
		return nil
	}
	var list []action
	for i, name := range w.menuNames() {
		keys := []stroke{alt(menuLetters[name])}
		if i == 0 {
			keys = append(keys, key(fyne.KeyF10))
		}
		list = append(list, action{title: "Open the menu " + name, keys: keys, run: func() { keyboard.OpenMenu(w.win.Canvas(), i) }})
	}
	return list
}
