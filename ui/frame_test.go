package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control"
	"picasso/ui/uitest"
	"picasso/ui/viewer"
)

func press(b *bench, name fyne.KeyName) { b.typedKey(&fyne.KeyEvent{Name: name}) }

// place is where the viewer with the map lies in the window, and its size.
func (b *bench) place() [4]float32 {
	v := b.viewers()[len(b.viewers())-1]
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(v)
	return [4]float32{at.X, at.Y, v.Size().Width, v.Size().Height}
}

// Nothing that the program says moves the picture: no notice, however long, no
// run, no partial map, no failure.
func TestNothingMovesThePicture(t *testing.T) {
	b := newBench(t)
	b.win.Resize(fyne.NewSize(1024, 670))
	b.explained()
	b.c.DismissAll()
	want := b.place()
	check := func(when string) {
		t.Helper()
		if got := b.place(); got != want {
			t.Errorf("%s the picture is at %v, was at %v", when, got, want)
		}
	}
	b.c.Listen(control.NewDraws(b.c, control.On(func() { check("during a run") }, control.PanelChanged)))
	b.c.Say(strings.Repeat("a very long notice ", 40))
	check("under a notice")
	if !b.banner.details.Visible() {
		t.Error("a notice that does not fit offers no details")
	}
	b.c.Tell("open x.onnx", errLong{})
	check("under an error")
	b.c.Dismiss()
	check("after the notice")
	runs := b.every.Count()
	b.c.Rerun()
	b.ready(runs + 1)
	b.dropped([]fyne.URI{file(b.picture("b.png", 20))})
	b.ready(runs + 2)
	check("of another picture")
}

type errLong struct{}

func (errLong) Error() string { return strings.Repeat("the file is something else; ", 30) }

func TestPresentShowsPictureAnswerAndFindingAlone(t *testing.T) {
	b := newBench(t)
	b.explained()
	before := b.place()
	press(b, fyne.KeyF11)
	top := b.win.Canvas().Overlays().Top()
	if top == nil || !b.win.FullScreen() {
		t.Fatal("F11 presents nothing")
	}
	var said []string
	for _, o := range test.LaidOutObjects(top) {
		if l, ok := o.(*widget.Label); ok && l.Visible() {
			said = append(said, l.Text)
		}
	}
	all := strings.Join(said, "|")
	for _, want := range []string{"white", "0.902", "Explaining P(white)", "Covering lowers it most"} {
		if !strings.Contains(all, want) {
			t.Errorf("the stage lacks %q: %s", want, all)
		}
	}
	uitest.First[*viewer.Image](t, top)
	uitest.First[*viewer.ColorBar](t, top)
	b.typedRune('p')
	if !strings.Contains(stageTarget(t, top), "logit(white)") {
		t.Errorf("after p the stage says %q", stageTarget(t, top))
	}
	press(b, fyne.KeyEscape)
	if b.win.Canvas().Overlays().Top() != nil || b.win.FullScreen() {
		t.Error("Esc does not leave")
	}
	if got := b.place(); got != before {
		t.Errorf("afterwards the picture is at %v, was at %v", got, before)
	}
	press(b, fyne.KeyF5)
	if b.stage == nil {
		t.Error("F5 presents nothing")
	}
}

func stageTarget(t *testing.T, top fyne.CanvasObject) string {
	t.Helper()
	for _, o := range test.LaidOutObjects(top) {
		if l, ok := o.(*widget.Label); ok && strings.HasPrefix(l.Text, "Explaining") {
			return l.Text
		}
	}
	return ""
}

func TestSidePanelsCollapse(t *testing.T) {
	b := newBench(t)
	b.explained()
	before := b.place()
	l, r := b.columns.Widths()
	press(b, fyne.KeyF9)
	if got := b.place(); got[2] < before[2]+float32(l+r)*0.8 {
		t.Errorf("without panels the picture has %v, with them %v", got, before)
	}
	press(b, fyne.KeyF9)
	if got := b.place(); got != before {
		t.Errorf("the panels came back differently: %v, was %v", got, before)
	}
}

// Every tool is an action of the table, has an icon, and says in words what it
// does.
func TestToolsSayWhatTheyDo(t *testing.T) {
	b := newBench(t)
	b.explained()
	for i, one := range b.toolbar.tools {
		a := b.action(one.title)
		if a == nil || a.Run == nil || one.icon == nil {
			t.Errorf("%q is no action", one.title)
			continue
		}
		b.toolbar.buttons[i].MouseIn(&desktop.MouseEvent{})
		if !strings.HasPrefix(b.status.text.Text, one.title) || len(a.Keys) > 0 && !strings.Contains(b.status.text.Text, a.Keys[0].String()) {
			t.Errorf("over %q the status bar says %q", one.title, b.status.text.Text)
		}
	}
	tap := func(title string) {
		for _, button := range b.toolbar.buttons {
			if button.title == title {
				test.Tap(button)
			}
		}
	}
	tap("Side by side")
	if len(b.viewers()) != 2 || !b.c.Settings().SideBySide {
		t.Error("a photo does not stand beside its map")
	}
	tap("Ruler")
	v := b.viewers()[0]
	v.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(100, 100)}, Button: desktop.MouseButtonPrimary})
	v.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(150, 100)}, Dragged: fyne.NewDelta(50, 0)})
	v.DragEnd()
	if list := b.c.Measures(); v.View().Zoom != 1 || len(list) != 1 || !(list[0].Reading.Length > 0) {
		t.Errorf("the ruler measures %+v", list)
	}
	press(b, fyne.KeyDelete)
	if len(b.c.Measures()) != 0 || len(b.c.State().Images) != 1 {
		t.Error("Delete does not remove the measurement that was just drawn")
	}
}

func TestPaletteFindsEveryAction(t *testing.T) {
	b := newBench(t)
	b.explained()
	for _, a := range b.actions {
		if a.Run == nil {
			continue
		}
		b.showPalette()
		b.palette.entry.SetText(strings.ToUpper(a.Title))
		if len(b.palette.found) == 0 || b.palette.found[0].Title != a.Title {
			t.Errorf("%q is not found", a.Title)
		}
		b.palette.entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
		if b.palette != nil {
			t.Fatal("Esc does not close the palette")
		}
	}
	b.showPalette()
	test.Type(b.palette.entry, "side pan")
	b.palette.entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if b.palette != nil || !b.columns.Collapsed() {
		t.Error("Return does not run what is highlighted")
	}
	b.typedRune('y')
	if !b.c.Settings().SideBySide {
		t.Error("after the palette the keys are dead")
	}
	b.showPalette()
	test.Type(b.palette.entry, "xyzzy")
	if !b.palette.none.Visible() {
		t.Error("an empty palette says nothing")
	}
	b.palette.entry.SetText("trust: what")
	if b.palette.none.Visible() {
		t.Error("a palette with a result says that there is none")
	}
	b.palette.entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if b.columns.Collapsed() || !b.c.State().Trust.Open {
		t.Error("Trust does not open in its panel")
	}
}

// The status line keeps its height, so that the picture does not move when work
// begins and ends.
func TestStatusKeepsItsHeight(t *testing.T) {
	b := newBench(t)
	idle := b.status.box.MinSize().Height
	b.status.busy.Show()
	if busy := b.status.box.MinSize().Height; busy != idle {
		t.Errorf("%v high at work, %v at rest", busy, idle)
	}
}

// The switch says what each workspace asks; the table, asked for anywhere, is shown
// where it belongs.
func TestTheSwitchOfWorkspaces(t *testing.T) {
	b := newBench(t)
	b.explained()
	for i, one := range b.workspaces {
		if got := b.toolbar.places[i].words(); !strings.HasPrefix(got, one.asks) || !strings.Contains(got, string(one.key)) {
			t.Errorf("%s says %q", one.title, got)
		}
		b.toolbar.places[i].OnTapped()
		if got := b.c.State().Workspace; got != one.name || !one.middle.Visible() {
			t.Errorf("%s leads to %s", one.title, got)
		}
	}
	b.typedRune('g')
	if s := b.c.State(); s.Workspace != control.Compare || s.Grid == nil {
		t.Errorf("the table is in %s: %v", s.Workspace, s.Grid != nil)
	}
}
