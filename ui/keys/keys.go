// Package keys names what the user can do in the window, and the keys that do
// it. The window and each workspace list their actions; menus, the palette, the
// help on keys and the toolbar follow from these lists.
package keys

import (
	"runtime"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// Action is one thing the user can do. The table of actions is the only source
// of menus, keys and the help on keys.
type Action struct {
	Menu  string // "File", …; "" leaves it out of the menus
	Title string
	Now   func() (title string, can bool) // what it would do now; nil for what its title says, always
	Keys  []Stroke
	Run   func()
	Held  func(down bool) // instead of Run: while a key is held
	Line  bool            // a line above it in the menu
	Quit  bool            // ends the program: the toolkit adds no such item of its own
	Under bool            // its keys with Ctrl act under a dialog too, which it does not open
	Scan  bool            // its keys hold while a scan is shown, before all others
	When  func() bool     // its keys hold only then; nil for always
	Where string          // the workspace in which its keys hold, before all others; "" for all
	// Seen are the workspaces that show what it does, where its keys hold in the usual
	// order; nil for all. Chosen from a menu elsewhere, it leads to the first.
	Seen []string
}

// Leads is the workspace that is to be shown before the action runs in another one, ""
// where it shows what it does.
func (a Action) Leads(from string) string {
	switch {
	case a.Where != "" && a.Where != from:
		return a.Where
	case a.Seen != nil && !slices.Contains(a.Seen, from):
		return a.Seen[0]
	}
	return ""
}

// State is what the action would do now, and whether there is anything to do.
func (a Action) State() (title string, can bool) {
	if a.Now == nil {
		return a.Title, true
	}
	return a.Now()
}

// Strokes are the keys of an action in one line.
func (a Action) Strokes() string {
	var keys []string
	for _, k := range a.Keys {
		keys = append(keys, k.String())
	}
	return strings.Join(keys, "  ")
}

// Find is the action of a list behind a stroke, nil where there is none. Those of
// the workspace where come first, then, over a scan, those for scans.
func Find(actions []Action, s Stroke, where string, scan bool) *Action {
	var best *Action
	for i := range actions {
		a := &actions[i]
		if !a.holds(s) || a.Leads(where) != "" || a.Scan && !scan {
			continue
		}
		if best == nil || a.rank() > best.rank() {
			best = a
		}
	}
	return best
}

// Elsewhere is the first action behind a stroke that does nothing in the workspace
// where, nil where there is none.
func Elsewhere(actions []Action, s Stroke, where string, scan bool) *Action {
	for i := range actions {
		if a := &actions[i]; a.Leads(where) != "" && a.holds(s) && (scan || !a.Scan) {
			return a
		}
	}
	return nil
}

func (a *Action) holds(s Stroke) bool {
	if a.When != nil && !a.When() {
		return false
	}
	for _, k := range a.Keys {
		if k == s {
			return true
		}
	}
	return false
}

// rank orders actions with the same keys.
func (a *Action) rank() int {
	switch {
	case a.Where != "":
		return 2
	case a.Scan:
		return 1
	}
	return 0
}

// Stroke is one way to press keys: a character, a named key, or either with
// Ctrl (Command on a Mac).
type Stroke struct {
	char  rune
	name  fyne.KeyName
	ctrl  bool
	shift bool
	alt   bool // with a name only
}

// Char is the key of a character; capitals count as small.
func Char(r rune) Stroke { return Stroke{char: r} }

// Named is a key with a name, such as F5.
func Named(n fyne.KeyName) Stroke { return Stroke{name: n} }

// Ctrl is a key pressed with Ctrl, on a Mac with Command.
func Ctrl(n fyne.KeyName) Stroke { return Stroke{name: n, ctrl: true} }

// CtrlShift is a key pressed with Ctrl (Command) and Shift.
func CtrlShift(n fyne.KeyName) Stroke { return Stroke{name: n, ctrl: true, shift: true} }

// Alt is a key pressed with Alt.
func Alt(n fyne.KeyName) Stroke { return Stroke{name: n, alt: true} }

// IsAlt reports whether Alt is pressed with it.
func (s Stroke) IsAlt() bool { return s.alt }

// String writes the keys as a keyboard shows them.
func (s Stroke) String() string {
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

// Shortcut is the stroke as the toolkit takes it; nil for plain keys.
func (s Stroke) Shortcut() fyne.Shortcut {
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
