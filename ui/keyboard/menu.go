package keyboard

import "fyne.io/fyne/v2"

// bar is what the toolkit's window shows of its menu bar.
type bar interface {
	DismissMenu() bool
	ToggleMenu()
	FocusNext()
}

// OpenMenu opens the menu at a place of the menu bar, counted from 0, and gives
// it the keys: arrows move, Return chooses, Esc closes. False where the window
// has no menu bar of its own.
func OpenMenu(c fyne.Canvas, at int) bool {
	b, ok := c.(bar)
	if !ok {
		return false
	}
	b.DismissMenu()
	b.ToggleMenu() // opens the first one
	for range at {
		b.FocusNext() // from one menu to the next
	}
	return true
}
