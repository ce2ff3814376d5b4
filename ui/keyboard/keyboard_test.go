package keyboard

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
	"github.com/go-gl/glfw/v3.3/glfw"
)

// What has the focus keeps the keys it can use; all others reach the window.
func TestKeysAreFreedFromWhatCannotUseThem(t *testing.T) {
	pressed := 0
	button := widget.NewButton("Press", func() { pressed++ })
	entry, choice := widget.NewEntry(), widget.NewSelectEntry(nil)
	radio := widget.NewRadioGroup([]string{"one"}, nil)
	win := test.NewTempWindow(t, container.NewVBox(button, entry, choice, radio))
	c := win.Canvas()

	for _, one := range []struct {
		what  string
		on    fyne.Focusable
		key   glfw.Key
		mods  glfw.ModifierKey
		freed bool
	}{
		{"Esc on a button", button, glfw.KeyEscape, 0, true},
		{"a letter on a button", button, glfw.KeyG, 0, true},
		{"F9 on a button", button, glfw.KeyF9, 0, true},
		{"a capital on a button", button, glfw.KeyG, glfw.ModShift, true},
		{"Shift alone", button, glfw.KeyLeftShift, glfw.ModShift, false},
		{"Space on a button", button, glfw.KeySpace, 0, false},
		{"Tab on a button", button, glfw.KeyTab, 0, false},
		{"Ctrl+C on a button", button, glfw.KeyC, glfw.ModControl, false},
		{"a letter in a text field", entry, glfw.KeyG, 0, false},
		{"Esc in a text field", entry, glfw.KeyEscape, 0, false}, // it restores first
		{"a letter in a field with a list", choice, glfw.KeyG, 0, false},
		{"Alt+F in a text field", entry, glfw.KeyF, glfw.ModAlt, true},
		{"AltGr+F, which types, in a text field", entry, glfw.KeyF, glfw.ModAlt | glfw.ModControl, false},
	} {
		c.Focus(one.on)
		if before(c, one.key, one.mods) {
			t.Errorf("%s: nothing was left for the toolkit", one.what)
		}
		if freed := c.Focused() == nil; freed != one.freed {
			t.Errorf("%s: freed %t, want %t", one.what, freed, one.freed)
		}
	}
	c.Focus(button)
	if !before(c, glfw.KeyEnter, 0) || pressed != 1 {
		t.Errorf("Return pressed the button %d times", pressed)
	}
	c.Unfocus()
	c.FocusPrevious() // the radio's button, which has no name outside the toolkit
	if c.Focused() == nil {
		t.Fatal("nothing has the focus")
	}
	if before(c, glfw.KeyH, 0); c.Focused() != nil {
		t.Error("a radio button keeps a letter")
	}
}

// The keys of an open menu stay its own.
func TestAMenuKeepsItsKeys(t *testing.T) {
	win := test.NewTempWindow(t, widget.NewLabel(""))
	menu := widget.NewPopUpMenu(fyne.NewMenu("", fyne.NewMenuItem("One", nil)), win.Canvas())
	menu.Show()
	win.Canvas().Focus(menu)
	if before(win.Canvas(), glfw.KeyEscape, 0); win.Canvas().Focused() == nil {
		t.Error("Esc does not reach the menu")
	}
}

// barred is a canvas with a menu bar that counts.
type barred struct {
	fyne.Canvas
	open, steps int
}

func (b *barred) DismissMenu() bool { was := b.open > 0; b.open = 0; return was }
func (b *barred) ToggleMenu()       { b.open, b.steps = b.open+1, 0 }
func (b *barred) FocusNext()        { b.steps++ }

func TestOpenMenuGoesToItsPlace(t *testing.T) {
	b := &barred{}
	for _, at := range []int{2, 0, 5} { // also while another one is open
		if !OpenMenu(b, at) || b.open != 1 || b.steps != at {
			t.Errorf("menu %d: open %d, at %d", at, b.open, b.steps)
		}
	}
	if OpenMenu(test.NewTempWindow(t, widget.NewLabel("")).Canvas(), 0) {
		t.Error("a window without a menu bar opened a menu")
	}
}
