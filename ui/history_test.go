package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
)

// item is the entry of the menu Edit that begins with a word.
func (b *bench) item(word string) *fyne.MenuItem {
	b.t.Helper()
	for _, item := range b.menus["Edit"].Items {
		if strings.HasPrefix(item.Label, word) {
			return item
		}
	}
	b.t.Fatalf("the menu has no %q", word)
	return nil
}

func (b *bench) tool(title string) *toolButton {
	b.t.Helper()
	for _, button := range b.toolbar.buttons {
		if button.title == title {
			return button
		}
	}
	b.t.Fatalf("the toolbar has no %q", title)
	return nil
}

// shortcut is what the toolkit makes of keys pressed over the window.
func (b *bench) shortcut(s fyne.Shortcut) {
	b.win.Canvas().(interface{ TypedShortcut(fyne.Shortcut) }).TypedShortcut(s)
}

func TestUndoIsOnMenuToolbarKeysAndPalette(t *testing.T) {
	b := newBench(t)
	b.explained()
	if undo := b.tool(undoTitle); !undo.Disabled() || !b.item("Undo").Disabled {
		t.Error("there is something to undo at the start")
	}
	if a := b.action("Remove all pictures"); a == nil {
		t.Fatal("nothing removes all pictures")
	} else {
		a.Run()
	}
	if item := b.item("Undo"); !strings.HasPrefix(item.Label, "Undo Remove all pictures") || item.Disabled || b.tool(undoTitle).Disabled() {
		t.Errorf("the menu says %q", item.Label)
	}
	b.tool(undoTitle).MouseIn(&desktop.MouseEvent{})
	if got := b.status.text.Text; got != "Undo Remove all pictures (Ctrl+Z)" {
		t.Errorf("over the button the status bar says %q", got)
	}
	runs := b.every.Count()
	b.shortcut(&fyne.ShortcutUndo{})
	if len(b.c.State().Images) != 1 || b.every.Count() != runs || !strings.Contains(b.status.text.Text, "Undone: Remove all pictures") {
		t.Errorf("%d pictures, %q", len(b.c.State().Images), b.status.text.Text)
	}
	b.shortcut(&desktop.CustomShortcut{KeyName: fyne.KeyZ, Modifier: fyne.KeyModifierControl | fyne.KeyModifierShift})
	if len(b.c.State().Images) != 0 {
		t.Error("Ctrl+Shift+Z does not redo")
	}
	test.Tap(b.tool(undoTitle))
	b.shortcut(&fyne.ShortcutRedo{}) // Ctrl+Y
	if len(b.c.State().Images) != 0 || !b.tool(redoTitle).Disabled() {
		t.Error("the button does not undo, or Ctrl+Y does not redo")
	}
	b.showPalette()
	test.Type(b.palette.entry, "undo remove all")
	b.palette.entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if len(b.c.State().Images) != 1 {
		t.Error("the palette does not undo")
	}
}

// While a text is written, its own changes are undone.
func TestUndoInATextIsTheTexts(t *testing.T) {
	b := newBench(t)
	b.explained()
	b.c.Clear()
	b.showPalette()
	test.Type(b.palette.entry, "abc")
	if f, ok := b.win.Canvas().Focused().(fyne.Shortcutable); ok {
		f.TypedShortcut(&fyne.ShortcutUndo{})
	}
	if b.palette.entry.Text == "abc" || len(b.c.State().Images) != 0 {
		t.Errorf("the text is %q, and %d pictures are back", b.palette.entry.Text, len(b.c.State().Images))
	}
}
