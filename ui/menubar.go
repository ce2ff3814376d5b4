package ui

import (
	"picasso/ui/keys"
	"runtime"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"

	"picasso/ui/keyboard"
)

// menuLetters are the keys that open menus with Alt: the first letter, or where
// another menu has it, the first one that is free.
var menuLetters = map[string]fyne.KeyName{
	"File": fyne.KeyF, "Edit": fyne.KeyE, "View": fyne.KeyV, scanMenu: fyne.KeyS, regionMenu: fyne.KeyR, "Model": fyne.KeyM, scriptMenu: fyne.KeyI, "Help": fyne.KeyH,
}

// menuNames are the menus from left to right.
func (w *Window) menuNames() []string {
	names := []string{"File", "Edit", "View", scanMenu, regionMenu, "Model", scriptMenu, "Help"}
	if w.params.Scripts == nil {
		names = slices.DeleteFunc(names, func(name string) bool { return name == scriptMenu })
	}
	return names
}

// menuActions open menus. On a Mac the system has the menu bar, and its keys.
func (w *Window) menuActions() []keys.Action {
	if runtime.GOOS == "darwin" {
		return nil
	}
	var list []keys.Action
	for i, name := range w.menuNames() {
		strokes := []keys.Stroke{keys.Alt(menuLetters[name])}
		if i == 0 {
			strokes = append(strokes, keys.Named(fyne.KeyF10))
		}
		list = append(list, keys.Action{Title: "Open the menu " + name, Keys: strokes, Run: func() { keyboard.OpenMenu(w.win.Canvas(), i) }})
	}
	return list
}

// menuItem is an action in a menu, with its first key behind its title. The
// toolkit would write keys that are pressed with Ctrl itself, too faint to be read
// in either theme, and no others. A Mac's menus show them well.
func menuItem(a keys.Action) *fyne.MenuItem {
	title, can := a.State()
	item := fyne.NewMenuItem(title, a.Run)
	item.Disabled = !can
	item.IsQuit = a.Quit
	if len(a.Keys) == 0 {
		return item
	}
	if s, own := a.Keys[0].Shortcut().(*desktop.CustomShortcut); own && runtime.GOOS == "darwin" { // with others text fields would never get them
		item.Shortcut = s
		return item
	}
	item.Label += keyGap + a.Keys[0].String()
	return item
}

// menuItems are the actions of a menu, their keys below each other. What ends the
// program is the last one, whoever adds others: the toolkit looks for it there.
func (w *Window) menuItems(menu string) []*fyne.MenuItem {
	var items []*fyne.MenuItem
	actions := slices.Clone(w.actions)
	slices.SortStableFunc(actions, func(a, b keys.Action) int {
		switch {
		case a.Quit == b.Quit:
			return 0
		case a.Quit:
			return 1
		}
		return -1
	})
	for _, a := range actions {
		if a.Menu != menu {
			continue
		}
		if a.Line {
			items = append(items, fyne.NewMenuItemSeparator())
		}
		items = append(items, menuItem(a))
	}
	alignKeys(items)
	return items
}

// keyGap stands between a title and its key until the menu is aligned.
const keyGap = "\t"

// alignKeys puts keys below each other, as well as spaces can.
func alignKeys(items []*fyne.MenuItem) {
	width := func(text string) float32 { return fyne.MeasureText(text, theme.TextSize(), fyne.TextStyle{}).Width }
	const between = 16
	widest := float32(0)
	for _, item := range items {
		if title, _, ok := strings.Cut(item.Label, keyGap); ok {
			widest = max(widest, width(title))
		}
	}
	space := width("n n") - width("nn")
	for _, item := range items {
		if title, stroke, ok := strings.Cut(item.Label, keyGap); ok {
			item.Label = title + strings.Repeat(" ", int((widest+between-width(title))/space+0.5)) + stroke
		}
	}
}
