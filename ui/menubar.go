package ui

import (
	"runtime"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

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

// menuItem is an action in a menu, with its first key behind its title. The
// toolkit would write keys that are pressed with Ctrl itself, too faint to be read
// in either theme, and no others. A Mac's menus show them well.
func menuItem(a action) *fyne.MenuItem {
	item := fyne.NewMenuItem(a.title, a.run)
	if len(a.keys) == 0 {
		return item
	}
	s := a.keys[0].shortcut()
	if _, paste := s.(*fyne.ShortcutPaste); runtime.GOOS == "darwin" && s != nil && !paste { // or text fields would never get it
		item.Shortcut = s
		return item
	}
	item.Label += keyGap + a.keys[0].String()
	return item
}

// keyGap stands between a title and its key until the menu is aligned.
const keyGap = "\t"

// alignKeys puts the keys of a menu below each other, as well as spaces can.
func alignKeys(m *fyne.Menu) {
	width := func(text string) float32 { return fyne.MeasureText(text, theme.TextSize(), fyne.TextStyle{}).Width }
	const between = 16
	widest := float32(0)
	for _, item := range m.Items {
		if title, _, ok := strings.Cut(item.Label, keyGap); ok {
			widest = max(widest, width(title))
		}
	}
	space := width("n n") - width("nn")
	for _, item := range m.Items {
		if title, keys, ok := strings.Cut(item.Label, keyGap); ok {
			item.Label = title + strings.Repeat(" ", int((widest+between-width(title))/space+0.5)) + keys
		}
	}
}
