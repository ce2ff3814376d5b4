package ui

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/score"
	"picasso/ui/compare"
	"picasso/ui/control"
	"picasso/ui/control/listing"
	"picasso/ui/covering"
	"picasso/ui/keys"
	"picasso/ui/uitest"
	"picasso/ui/viewer"
)

// texts are what is written in a part of the window and can be seen.
func texts(o fyne.CanvasObject) (all []*canvas.Text) {
	for _, each := range test.LaidOutObjects(o) {
		if line, ok := each.(*canvas.Text); ok && line.Visible() && strings.TrimSpace(line.Text) != "" {
			all = append(all, line)
		}
	}
	return all
}

func written(o fyne.CanvasObject) string {
	var all []string
	for _, each := range test.LaidOutObjects(o) {
		switch w := each.(type) {
		case *widget.Label:
			if w.Visible() {
				all = append(all, w.Text)
			}
		case *canvas.Text:
			if w.Visible() {
				all = append(all, w.Text)
			}
		}
	}
	return strings.Join(all, "|")
}

func everyMethodIsSeen(t *testing.T, b *bench) {
	now := b.c.State().Tab
	left, right := b.columns.Widths()
	from, to := float32(left), b.win.Canvas().Size().Width-float32(right)
	for _, g := range b.c.State().Groups() {
		for _, tab := range g.Tabs {
			b.explain.SelectTab(tab)
			title := b.c.State().Panels[tab].Info.Title
			all := texts(b.win.Content())
			i := slices.IndexFunc(all, func(line *canvas.Text) bool { return line.Text == title })
			if i < 0 {
				t.Errorf("%s is not on the screen", title)
				continue
			}
			line := all[i]
			at := fyne.CurrentApp().Driver().AbsolutePositionForObject(line).X
			if at < from || at+line.MinSize().Width > to {
				t.Errorf("%s lies from %g to %g, the picture from %g to %g", title, at, at+line.MinSize().Width, from, to)
			}
		}
	}
	b.explain.SelectTab(now)
}

func groupsRemember(t *testing.T, b *bench) {
	now := b.c.State().Tab
	for _, g := range b.c.State().Groups() {
		if len(g.Tabs) < 2 {
			continue
		}
		last := g.Tabs[len(g.Tabs)-1]
		b.explain.SelectTab(last)
		b.typedRune('>')
		b.typedRune('<')
		if b.c.State().Tab != last {
			t.Errorf("%s comes back with %s", g.Family.Title(), b.c.State().Panel().Info.Title)
		}
	}
	b.explain.SelectTab(now)
}

func threeSizesOfText(t *testing.T, b *bench) {
	sizes := map[float32]string{}
	for _, line := range texts(b.win.Content()) {
		sizes[line.TextSize] = line.Text
	}
	var largest float32
	for size := range sizes {
		largest = max(largest, size)
	}
	if best := b.c.State().Look.Ranked[0].Name; len(sizes) != 3 || !strings.Contains("0.902 "+best, sizes[largest]) {
		t.Errorf("texts have the sizes %v", sizes)
	}
}

func wordsFollowTheTarget(t *testing.T, b *bench) {
	model := b.c.State().Model
	for class := range model.Classes() {
		for _, scale := range []score.Score{score.Probability, score.Logit} {
			b.c.SetTarget(class, score.NoClass)
			if b.c.State().Target.Score != scale {
				b.explain.ToggleScore()
			}
			b.q.Until(t, "the map of the class", func() bool {
				p := b.c.State().Panel()
				return p.Status == control.Ready && !p.Stale && p.Map != nil && p.Map.Target == b.c.State().Target
			})
			symbol, other := b.c.State().Target.Symbol(model), score.ClassTarget(1-class, scale).Symbol(model)
			said := written(b.win.Content())
			if !strings.Contains(said, symbol) || strings.Contains(said, other) {
				t.Errorf("of %s the window says %s", symbol, said)
			}
		}
	}
	b.explain.ToggleScore()
	b.c.FollowBest()
}

func pictureHasTheRoom(t *testing.T, b *bench) {
	before := b.place()
	for _, name := range []fyne.KeyName{fyne.KeyF9, fyne.KeyF9} {
		press(b, name)
	}
	press(b, fyne.KeyF11)
	if b.stage == nil {
		t.Error("F11 presents nothing")
	}
	press(b, fyne.KeyEscape)
	if b.stage != nil || b.place() != before {
		t.Errorf("afterwards the picture is at %v, was at %v", b.place(), before)
	}
}

func dialogsClose(t *testing.T, b *bench) {
	for _, key := range "weva?" {
		a := b.find(keys.Char(key))
		if a == nil {
			t.Errorf("%c does nothing", key)
			continue
		}
		b.typedRune(key)
		if b.panel == nil {
			t.Errorf("%s opens no dialog", a.Title)
			continue
		}
		press(b, fyne.KeyEscape)
		if b.panel != nil {
			t.Fatalf("Esc does not close %s", a.Title)
		}
		before := b.c.State().Panel().Display.Opacity
		b.typedRune('[')
		if b.c.State().Panel().Display.Opacity == before {
			t.Errorf("after %s letters are dead", a.Title)
		}
		b.typedRune(']')
	}
}

func fieldsKeepLetters(t *testing.T, b *bench) {
	b.dropped([]fyne.URI{file(b.picture("second.png", 20))})
	b.q.Until(t, "the second picture", func() bool { return len(b.c.State().Images) == 2 && !b.c.State().Looking })
	b.typedRune('/')
	field := b.win.Canvas().Focused()
	if field == nil {
		t.Fatal("nothing takes the filter")
	}
	for _, r := range "sec" {
		field.TypedRune(r)
	}
	if l := b.c.State().Listing; l.Filter != "sec" || b.c.Busy() && b.c.State().Grid != nil {
		t.Errorf("the filter is %q", l.Filter)
	}
	field.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	b.win.Canvas().Unfocus()
	if b.c.State().Listing.Filter != "" {
		t.Error("Esc keeps the filter")
	}
}

func paletteFinds(t *testing.T, b *bench) {
	b.win.Canvas().(interface{ TypedShortcut(fyne.Shortcut) }).TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyK, Modifier: fyne.KeyModifierShortcutDefault})
	if b.palette == nil {
		t.Fatal("Ctrl+K opens nothing")
	}
	test.Type(b.win.Canvas().Focused(), "RESULTS tab")
	b.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if b.palette != nil || b.c.State().Grid == nil {
		t.Fatal("the action is not found")
	}
	b.typedRune('g')
}

func tableWorks(t *testing.T, b *bench) {
	b.typedRune('g')
	g := b.c.State().Grid
	if g == nil {
		t.Fatal("there is no table")
	}
	b.q.Until(t, "the rows", func() bool { return !b.c.Busy() })
	said := written(b.win.Content())
	for _, want := range []string{"one scale", "as in the list"} {
		if !strings.Contains(said, want) {
			t.Errorf("the table says nothing of %q: %s", want, said)
		}
	}
	b.c.ArrangeGrid(listing.Listing{Filter: "second"})
	if g := b.c.State().Grid; len(g.Listed) != 1 || len(g.Rows) != 2 {
		t.Errorf("the filter leaves %d of %d", len(g.Listed), len(g.Rows))
	}
	b.c.ArrangeGrid(listing.Listing{})
	press(b, fyne.KeyEscape)
	if s := b.c.State(); s.Grid != nil || s.Workspace != control.Explain {
		t.Error("Esc keeps the table")
	}
}

func listWorks(t *testing.T, b *bench) {
	b.c.SetListing(listing.Listing{By: listing.Name, Reverse: true})
	s := b.c.State()
	if first := s.Images[s.Listed[0]].Name; first != "second.png" {
		t.Errorf("by name, reversed, the first is %s", first)
	}
	b.c.SetListing(listing.Listing{})
	n := len(s.Images)
	b.c.Clear()
	b.undo()
	if len(b.c.State().Images) != n {
		t.Errorf("%d pictures of %d came back", len(b.c.State().Images), n)
	}
	b.q.Until(t, "the picture again", func() bool { return b.c.State().Look != nil && b.c.State().Panel().Status == control.Ready })
}

func emptyStatesHelp(t *testing.T, b *bench) {
	b.c.Clear()
	said := written(b.win.Content())
	if !strings.Contains(said, "picture") {
		t.Errorf("without pictures the window says %s", said)
	}
	buttons := 0
	for _, o := range test.LaidOutObjects(b.win.Content()) {
		if button, ok := o.(*widget.Button); ok && button.Visible() && strings.Contains(button.Text, "pictures") {
			buttons++
		}
	}
	if buttons == 0 {
		t.Error("without pictures there is nothing to press")
	}
	b.undo()
	b.q.Until(t, "the picture again", func() bool { return b.c.State().Look != nil && b.c.State().Panel().Status == control.Ready })
}

func themesDraw(t *testing.T, b *bench) {
	seen := map[string]bool{}
	for range 3 {
		b.typedRune('t')
		shot := b.win.Canvas().Capture()
		corner := shot.At(shot.Bounds().Dx()-3, shot.Bounds().Dy()-3)
		r, _, _, _ := corner.RGBA()
		name := "dark"
		if r > 0x8000 {
			name = "light"
		}
		seen[name] = true
	}
	if !seen["dark"] || !seen["light"] {
		t.Errorf("three presses of T draw %v", seen)
	}
}

// shownBar is the colour bar on the screen, the viewer with the map beside it.
func shownBar(t *testing.T, b *bench) (*viewer.ColorBar, *viewer.Image) {
	t.Helper()
	bar := uitest.First[*viewer.ColorBar](t, b.explain.Middle())
	if !bar.Visible() {
		t.Fatal("there is no colour bar")
	}
	return bar, b.viewers()[len(b.viewers())-1]
}

func barStandsUpright(t *testing.T, b *bench) {
	bar, image := shownBar(t, b)
	place := fyne.CurrentApp().Driver().AbsolutePositionForObject
	if size := bar.Size(); size.Height < 3*size.Width || place(bar).X < place(image).X+image.Size().Width || bar.Size().Height > image.Size().Height+1 {
		t.Errorf("the bar is %v at %v, the picture %v at %v", size, place(bar), image.Size(), place(image))
	}
}

func findingIsProminent(t *testing.T, b *bench) {
	_, image := shownBar(t, b)
	place, found := fyne.CurrentApp().Driver().AbsolutePositionForObject, 0
	for _, line := range texts(b.win.Content()) {
		if strings.Contains(line.Text, "Covering lowers it most") || strings.HasPrefix(line.Text, "P(white) is") {
			found++
			if !line.TextStyle.Bold || place(line).Y < place(image).Y+image.Size().Height {
				t.Errorf("%q is bold: %v, at %v", line.Text, line.TextStyle.Bold, place(line))
			}
		}
	}
	if found == 0 {
		t.Error("there is no finding")
	}
}

func originalBesideTheMap(t *testing.T, b *bench) {
	before := b.win.Canvas().Size()
	b.win.Resize(fyne.NewSize(1920, 1040))
	b.typedRune('y')
	both := b.viewers()
	if len(both) != 2 || both[0].Size().Width < 400 || both[1].Size().Width != both[0].Size().Width {
		t.Errorf("beside each other are %d pictures", len(both))
	}
	b.typedRune('y')
	if n := len(b.viewers()); n != 1 {
		t.Errorf("afterwards there are %d pictures", n)
	}
	b.win.Resize(before)
}

func toolbarHasItsTools(t *testing.T, b *bench) {
	for _, title := range []string{
		"Move the picture", "Window and level", "Ruler", regionFreehandTitle, regionBrushTitle, covering.Title, undoTitle, redoTitle, "Side by side", "Present",
		"Save this map or table…", compare.TableTitle, "Find an action…",
	} {
		i := slices.IndexFunc(b.toolbar.tools, func(one tool) bool { return one.title == title })
		if i < 0 || b.toolbar.tools[i].icon == nil || b.action(title) == nil {
			t.Errorf("the toolbar lacks %q", title)
			continue
		}
		button := b.toolbar.buttons[i]
		button.MouseIn(&desktop.MouseEvent{})
		if said := b.status.text.Text; said == "" || said != button.words() {
			t.Errorf("over %q the status bar says %q", title, said)
		}
		button.MouseOut()
	}
}

// exponents are numbers as nobody writes them, and with more digits than anybody reads.
var exponents = regexp.MustCompile(`\d[eE][+-]?\d|\d\.\d{6,}`)

func numbersArePlain(t *testing.T, b *bench) {
	b.typedRune('p') // logits, and back
	for range 2 {
		if found := exponents.FindString(written(b.win.Content())); found != "" {
			t.Errorf("the window writes %q", found)
		}
		b.typedRune('p')
	}
	b.q.Until(t, "the map", func() bool { p := b.c.State().Panel(); return p.Status == control.Ready && !p.Stale })
	by("../visualizers/spelling", "TestNumbersHaveThreeDigitsAndNoExponent")(t, b)
}

func returnPresses(t *testing.T, b *bench) {
	for _, c := range []struct {
		key   fyne.KeyName
		agree bool
	}{{fyne.KeyReturn, true}, {fyne.KeyEnter, true}, {fyne.KeyEscape, false}} {
		agreed, asked := false, 0
		b.over(dialog.NewConfirm("Really?", "It cannot be undone.", func(on bool) { agreed, asked = on, asked+1 }, b.win))
		press(b, c.key)
		if agreed != c.agree || asked != 1 || b.panel != nil {
			t.Errorf("%s: agreed %v, asked %d times, panel %v", c.key, agreed, asked, b.panel)
		}
	}
}

func keySheetHasTwoColumns(t *testing.T, b *bench) {
	b.typedRune('?')
	if b.panel == nil {
		t.Fatal("no sheet of keys")
	}
	place := fyne.CurrentApp().Driver().AbsolutePositionForObject
	at := map[string]float32{}
	for _, line := range texts(b.win.Canvas().Overlays().Top()) {
		for _, title := range []string{"EVERYWHERE", "OVER A SCAN, BEFORE THE OTHERS"} {
			if line.Text == title {
				at[title] = place(line).X
			}
		}
	}
	if len(at) != 2 || at["OVER A SCAN, BEFORE THE OTHERS"] < at["EVERYWHERE"]+300 {
		t.Errorf("the columns begin at %v", at)
	}
	press(b, fyne.KeyEscape)
}
