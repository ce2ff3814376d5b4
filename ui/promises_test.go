package ui

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/score"
	"picasso/ui/control"
	"picasso/ui/control/listing"
	"picasso/ui/keys"
	"picasso/visualizers"
	"picasso/visualizers/methods"
)

// kept is something that the window promises everywhere, and how it is seen.
type kept struct {
	what  string
	holds func(t *testing.T, b *bench)
}

// TestTheWindowKeepsItsPromises goes through them one after the other in one window,
// as somebody does who uses it for a while. What has a test of its own for its edge
// cases is looked at here in passing.
func TestTheWindowKeepsItsPromises(t *testing.T) {
	b := newBenchWith(t, func(b *bench, p *Params) {
		p.Visualizers = slices.Insert(methods.All(), 0, visualizers.Visualizer(b.every))
	})
	b.win.Resize(fyne.NewSize(1024, 670))
	b.c.SelectTab(0)
	b.explained()
	for _, p := range []kept{
		{"every method is on the screen, in two steps", everyMethodIsSeen},
		{"the last method of a group comes back with it", groupsRemember},
		{"the answer is the largest of three sizes of text", threeSizesOfText},
		{"sentence, bar and list speak of the class and score that are shown", wordsFollowTheTarget},
		{"the picture has its room: panels fold, the stage is full", pictureHasTheRoom},
		{"every dialog of a key closes with Esc, and letters work afterwards", dialogsClose},
		{"letters in a text field are text", fieldsKeepLetters},
		{"an action is found by any part of its name, in any case", paletteFinds},
		{"the table has a filter, an order, a scale, and is left by Esc", tableWorks},
		{"the list filters and sorts, and undo brings back what was removed", listWorks},
		{"nothing to show has a reason and something to do", emptyStatesHelp},
		{"both themes draw the window", themesDraw},
	} {
		b.c.DismissAll()
		if b.panel != nil || b.palette != nil || b.stage != nil || b.c.State().Grid != nil {
			t.Fatalf("before %q something lies over the window", p.what)
		}
		t.Run(p.what, func(t *testing.T) { p.holds(t, b) })
	}
}

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
	if got := len(b.c.State().Grid.Rows); got == 0 {
		t.Error("the filter leaves nothing")
	}
	b.c.ArrangeGrid(listing.Listing{})
	press(b, fyne.KeyEscape)
	if b.c.State().Grid != nil {
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
	if !strings.Contains(said, "image") && !strings.Contains(said, "picture") {
		t.Errorf("without pictures the window says %s", said)
	}
	buttons := 0
	for _, o := range test.LaidOutObjects(b.win.Content()) {
		if button, ok := o.(*widget.Button); ok && button.Visible() && strings.Contains(button.Text, "mage") {
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
