package ui

import (
	"picasso/ui/keys"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control/settings"
	"picasso/ui/uitest"
	"picasso/ui/widgets"
)

// Every menu opens by Alt and a letter of its name, no two by the same; nothing
// opens under a dialog.
func TestMenusOpenByKeys(t *testing.T) {
	b := newBench(t)
	seen := map[fyne.KeyName]string{}
	for _, name := range b.menuNames() {
		letter := menuLetters[name]
		if letter == "" || seen[letter] != "" || !strings.Contains(strings.ToUpper(name), string(letter)) {
			t.Errorf("the menu %s opens by %q, as does %q", name, letter, seen[letter])
		}
		seen[letter] = name
		a := b.action("Open the menu " + name)
		if a == nil || a.Run == nil || a.Keys[0] != keys.Alt(letter) {
			t.Fatalf("no action opens %s", name)
		}
	}
	if a := b.find(keys.Named(fyne.KeyF10)); a == nil || a.Title != "Open the menu File" {
		t.Errorf("F10 does %+v", a)
	}
	opened := 0
	file := keys.Alt(fyne.KeyF)
	b.find(file).Run = func() { opened++ }
	b.chord(file)
	b.typedRune('?')
	b.chord(file)
	press(b, fyne.KeyEscape)
	b.showPalette()
	b.chord(file)
	b.palette.close()
	if opened != 1 {
		t.Errorf("opened %d times, once without and twice under something", opened)
	}
}

// F1 is the workspace; help has Ctrl+F1 and the question mark.
func TestFirstFunctionKeyIsTheWorkspace(t *testing.T) {
	b := newBench(t)
	b.explained()
	b.typedRune('g')
	if b.c.State().Grid == nil {
		t.Fatal("no table")
	}
	press(b, fyne.KeyF1)
	if b.c.State().Grid != nil || b.panel != nil {
		t.Error("F1 does not lead back to the workspace")
	}
	b.win.Canvas().(interface{ TypedShortcut(fyne.Shortcut) }).TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyF1, Modifier: fyne.KeyModifierShortcutDefault})
	if b.panel == nil {
		t.Error("Ctrl+F1 shows no help")
	}
}

// Hidden panels stay hidden, and the group and its method are the same, after a
// restart.
func TestWindowComesBackAsItWas(t *testing.T) {
	kept := settings.New("")
	b := newBenchWith(t, func(_ *bench, p *Params) { p.Settings = kept })
	b.explained()
	l, r := b.columns.Widths()
	b.typedRune('>') // the next group
	tab := b.c.State().Panel().Info.ID
	press(b, fyne.KeyF9)
	b.rememberNow()
	again := newBenchWith(t, func(_ *bench, p *Params) { p.Settings = kept })
	if !again.columns.Collapsed() {
		t.Error("the panels are back")
	}
	if got := again.c.State().Panel().Info.ID; got != tab || tab == "every" {
		t.Errorf("the method is %s, was %s", got, tab)
	}
	press(again, fyne.KeyF9)
	if l2, r2 := again.columns.Widths(); int(l2+0.5) != int(l+0.5) || int(r2+0.5) != int(r+0.5) {
		t.Errorf("the panels are %v and %v wide, were %v and %v", l2, r2, l, r)
	}
}

// A text field in a dialog: letters stay in it, the first Esc puts back what was
// there, the next one closes; one in the window gives the keys back at once.
func TestEscapeInTextFields(t *testing.T) {
	b := newBench(t)
	b.explained()
	b.typedRune('e')
	fields := 0
	var field *widgets.Entry
	for _, o := range test.LaidOutObjects(b.win.Canvas().Overlays().Top()) {
		if e, ok := o.(*widgets.Entry); ok && e.Visible() {
			field, fields = e, fields+1
		}
	}
	if fields < 4 {
		t.Fatalf("%d text fields in the sheet", fields)
	}
	before := field.Text
	c := b.win.Canvas()
	c.Focus(field)
	test.Type(field, "gq")
	if b.c.State().Grid != nil || field.Text == before {
		t.Error("letters get out of the field")
	}
	runs := b.every.Count()
	field.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyR, Modifier: fyne.KeyModifierShortcutDefault})
	b.ready(runs + 1) // Ctrl+R is none of the field's
	field.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if field.Text != before || b.panel == nil || c.Focused() != nil {
		t.Errorf("after Esc the field says %q, the sheet is %v, the focus on %v", field.Text, b.panel, c.Focused())
	}
	c.Focus(field)
	field.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if b.panel != nil {
		t.Error("Esc in an untouched field does not close the sheet")
	}

	value := uitest.First[*widgets.Entry](t, b.explain.Side())
	value.FocusGained()
	value.SetText("a")
	value.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if b.typedRune('g'); b.c.State().Grid == nil {
		t.Error("after Esc in a field the keys are dead")
	}
}

// The info sign beside the name of the chosen method tells about it.
func TestAboutStandsBesideTheMethod(t *testing.T) {
	b := newBench(t)
	b.explained()
	var chip fyne.Tappable
	for _, o := range test.LaidOutObjects(b.win.Content()) {
		named, ok := o.(interface {
			fyne.Tappable
			fyne.Widget
		})
		if !ok || !o.Visible() {
			continue
		}
		for _, inside := range test.LaidOutObjects(o) {
			if icon, ok := inside.(*widget.Icon); ok && icon.Visible() && strings.Contains(icon.Resource.Name(), "info") {
				if _, button := o.(*widget.Button); !button {
					chip = named
				}
			}
		}
	}
	if chip == nil {
		t.Fatal("no sign beside the method")
	}
	tab := b.c.State().Tab
	size := chip.(fyne.CanvasObject).Size()
	chip.Tapped(&fyne.PointEvent{Position: fyne.NewPos(4, size.Height/2)})
	if b.panel != nil {
		t.Error("the name itself opens something")
	}
	chip.Tapped(&fyne.PointEvent{Position: fyne.NewPos(size.Width-8, size.Height/2)})
	if b.panel == nil || b.c.State().Tab != tab {
		t.Error("the sign opens nothing")
	}
}

// Menus show the keys of their actions one below the other.
func TestMenusShowTheirKeys(t *testing.T) {
	b := newBench(t)
	b.explained()
	for _, a := range b.actions {
		m, ok := b.menus[a.Menu]
		if !ok || len(a.Keys) == 0 {
			continue
		}
		found := false
		for _, item := range m.Items {
			found = found || strings.HasPrefix(item.Label, a.Title+"  ") && strings.HasSuffix(item.Label, "  "+a.Keys[0].String())
		}
		if !found {
			t.Errorf("the menu %s does not show the key of %q", a.Menu, a.Title)
		}
	}
	left, right := float32(1e6), float32(0)
	for _, item := range b.menus["File"].Items {
		if i := strings.LastIndex(item.Label, "  "); i >= 0 {
			at := fyne.MeasureText(item.Label[:i+2], theme.TextSize(), fyne.TextStyle{}).Width
			left, right = min(left, at), max(right, at)
		}
	}
	if right-left > 4 {
		t.Errorf("keys begin between %v and %v", left, right)
	}
}

// One item ends the program: the last of the first menu, or the toolkit would put
// another below it, which closes the window without asking what to save.
func TestOneItemOfTheMenusQuits(t *testing.T) {
	b := newBench(t)
	var quits []string
	for _, menu := range b.win.MainMenu().Items {
		for _, item := range menu.Items {
			if item.IsQuit || strings.HasPrefix(item.Label, "Quit") {
				quits = append(quits, menu.Label)
			}
		}
	}
	file := b.win.MainMenu().Items[0]
	if last := file.Items[len(file.Items)-1]; len(quits) != 1 || quits[0] != "File" || !last.IsQuit || last.Action == nil {
		t.Errorf("the program is quit by %d items, in %v; the last of the first menu is %q", len(quits), quits, last.Label)
	}
}
