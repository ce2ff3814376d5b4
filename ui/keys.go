package ui

import (
	"runtime"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/driver/desktop"
)

// action is one thing the user can do. The table of actions is the only source
// of menus, keys and the help on keys.
type action struct {
	menu  string // "File", …; "" leaves it out of the menus
	title string
	now   func() (title string, can bool) // what it would do now; nil for what its title says, always
	keys  []stroke
	run   func()
	held  func(down bool) // instead of run: while a key is held
	line  bool            // a line above it in the menu
	quit  bool            // ends the program: the toolkit adds no such item of its own
	scan  bool            // its keys hold while a scan is shown, before all others
	when  func() bool     // its keys hold only then; nil for always
}

// stroke is one way to press keys: a character, a named key, or either with
// Ctrl (Command on a Mac).
type stroke struct {
	char  rune
	name  fyne.KeyName
	ctrl  bool
	shift bool
	alt   bool // with a name only
}

func char(r rune) stroke            { return stroke{char: r} }
func key(n fyne.KeyName) stroke     { return stroke{name: n} }
func ctrl(n fyne.KeyName) stroke    { return stroke{name: n, ctrl: true} }
func ctrlUp(n fyne.KeyName) stroke  { return stroke{name: n, ctrl: true, shift: true} }
func alt(n fyne.KeyName) stroke     { return stroke{name: n, alt: true} }
func (s stroke) same(o stroke) bool { return s == o }

// String writes the keys as a keyboard shows them.
func (s stroke) String() string {
	var b strings.Builder
	if s.ctrl && runtime.GOOS == "darwin" {
		b.WriteString("Cmd+")
	} else if s.ctrl {
		b.WriteString("Ctrl+")
	}
	if s.alt {
		b.WriteString("Alt+")
	}
	if s.shift {
		b.WriteString("Shift+")
	}
	switch {
	case s.char != 0:
		b.WriteString(strings.ToUpper(string(s.char)))
	case s.name == fyne.KeyEscape:
		b.WriteString("Esc")
	case s.name == fyne.KeyPageDown:
		b.WriteString("Page down")
	case s.name == fyne.KeyPageUp:
		b.WriteString("Page up")
	default:
		b.WriteString(string(s.name))
	}
	return b.String()
}

// state is what the action would do now, and whether there is anything to do.
func (a action) state() (title string, can bool) {
	if a.now == nil {
		return a.title, true
	}
	return a.now()
}

// strokes are the keys of an action in one line.
func (a action) strokes() string {
	var keys []string
	for _, k := range a.keys {
		keys = append(keys, k.String())
	}
	return strings.Join(keys, "  ")
}

// shortcut is the stroke for menus; nil for plain keys.
func (s stroke) shortcut() fyne.Shortcut {
	if s.alt {
		return &desktop.CustomShortcut{KeyName: s.name, Modifier: fyne.KeyModifierAlt}
	}
	if !s.ctrl {
		return nil
	}
	switch { // the toolkit's own, which text fields take
	case s.name == fyne.KeyV && !s.shift:
		return &fyne.ShortcutPaste{}
	case s.name == fyne.KeyZ && !s.shift:
		return &fyne.ShortcutUndo{}
	case s.name == fyne.KeyY && !s.shift:
		return &fyne.ShortcutRedo{}
	}
	m := fyne.KeyModifierShortcutDefault
	if s.shift {
		m |= fyne.KeyModifierShift
	}
	return &desktop.CustomShortcut{KeyName: s.name, Modifier: m}
}

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
	if a := w.find(stroke{name: e.Name}); a != nil && a.run != nil {
		a.run()
	}
}

// press presses the highlighted button of the panel over the window; where none
// is, it closes the panel.
func (w *Window) press() {
	switch d := w.panel.(type) {
	case *dialog.ConfirmDialog:
		if !w.cautious {
			d.Confirm()
			return
		}
	case *dialog.FormDialog:
		d.Submit()
		return
	case *dialog.FileDialog: // its button cannot be reached, and closing it is not what was meant
		return
	}
	w.panel.Hide()
}

// typedRune runs the action behind a character; capitals count as small.
func (w *Window) typedRune(r rune) {
	if w.panel != nil || w.palette != nil || w.welcome != nil {
		return
	}
	a := w.find(char(r))
	if a == nil {
		a = w.find(char([]rune(strings.ToLower(string(r)))[0]))
	}
	if a != nil && a.run != nil {
		a.run()
	}
}

// held tells actions that last as long as their key.
func (w *Window) held(name fyne.KeyName, down bool) {
	if a := w.find(key(name)); a != nil && a.held != nil {
		a.held(down)
	}
}

// find is the action behind a stroke; those for scans come first while one is
// shown.
func (w *Window) find(s stroke) *action {
	if w.c.State().Scan() {
		if a := find(w.actions, s, true); a != nil {
			return a
		}
	}
	return find(w.actions, s, false)
}

// action is the one with a title, nil where there is none.
func (w *Window) action(title string) *action {
	for i := range w.actions {
		if w.actions[i].title == title {
			return &w.actions[i]
		}
	}
	return nil
}

func find(actions []action, s stroke, scan bool) *action {
	for i := range actions {
		for _, k := range actions[i].keys {
			if a := &actions[i]; k.same(s) && a.scan == scan && (a.when == nil || a.when()) {
				return &actions[i]
			}
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
		for _, k := range a.keys {
			if s := k.shortcut(); s != nil && a.run != nil {
				c.AddShortcut(s, func(fyne.Shortcut) { w.chord(a) })
			}
		}
	}
}

// chord runs an action whose key is pressed with another. Keys that open menus
// do nothing under a dialog, which lies over the menus.
func (w *Window) chord(a action) {
	if len(a.keys) > 0 && a.keys[0].alt && (w.panel != nil || w.palette != nil || w.stage != nil) {
		return
	}
	w.hideWelcome()
	a.run()
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
