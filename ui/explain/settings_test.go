package explain

import (
	"picasso/visualizers/methods"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control"
	"picasso/ui/uitest"
	"picasso/ui/widgets"
	"picasso/visualizers"
)

func TestEverySettingTypeHasAControl(t *testing.T) {
	b := newBench(t)
	b.Explained()
	for _, set := range b.Every.Settings() {
		if _, ok := controlFor(b.settings.hand(), set, b.Model, func(any) {}); !ok {
			t.Errorf("%T has no control", set)
		}
	}
	if len(b.settings.rows) != len(b.Every.Settings()) {
		t.Errorf("%d controls for %d settings", len(b.settings.rows), len(b.Every.Settings()))
	}
}

func TestEveryRegisteredSettingHasAControl(t *testing.T) {
	b := newBench(t)
	for _, v := range methods.All() {
		for _, set := range v.Settings() {
			if _, ok := controlFor(b.settings.hand(), set, b.Model, func(any) {}); !ok {
				t.Errorf("%s: %T has no control", v.Info().ID, set)
			}
		}
	}
}

// odd is a setting type that the window has never heard of.
type odd struct{ visualizers.Toggle }

func TestUnknownSettingTypeIsText(t *testing.T) {
	b := newBench(t)
	var got any
	row := b.settings.row(odd{uitest.AToggle}, b.Model, false, func(v any) error { got = v; return nil })
	entry := uitest.First[*widgets.Entry](t, row.control)
	entry.SetText("on")
	entry.OnSubmitted(entry.Text)
	if got != true {
		t.Errorf("typed on, got %v", got)
	}
}

func TestSlidersStartAtTheirValueAndSetIt(t *testing.T) {
	b := newBench(t)
	b.Explained()
	for key, want := range map[string]struct {
		initial float64
		step    float64
		value   any
	}{
		"int":    {1, 4, 11}, // 3, 5, 7, 9, 11: not 3 + 4·2 counted from 0
		"float":  {3, 7, 0.7},
		"extent": {3, 7, visualizers.Square(8)},
	} {
		s := uitest.First[*widgets.Slider](t, b.setting(key).control)
		if s.Value != want.initial {
			t.Errorf("%s starts at step %v, want %v", key, s.Value, want.initial)
		}
		s.SetValue(want.step)
		if got := b.C.State().Panel().Values[key]; got != want.value {
			t.Errorf("%s: slid to %v, want %v", key, got, want.value)
		}
	}
}

func TestDraggingASliderRunsOnce(t *testing.T) {
	b := newBench(t)
	b.Explained()
	s := uitest.First[*widgets.Slider](t, b.setting("int").control)
	for step := 2.0; step <= 8; step++ {
		s.SetValue(step)
	}
	b.Ready(2)
	if b.Every.Count() != 2 || b.Every.Last()["int"] != 19 {
		t.Errorf("%d runs, the last with %v; want 2 and 19", b.Every.Count(), b.Every.Last()["int"])
	}
	if entry := uitest.First[*widgets.Entry](t, b.setting("int").control); entry.Text != "19" {
		t.Errorf("the field shows %q", entry.Text)
	}
}

func TestSliderTellsOfTheHand(t *testing.T) {
	b := newBench(t)
	b.Explained()
	s := uitest.First[*widgets.Slider](t, b.setting("int").control)
	s.Resize(fyne.NewSize(200, 30))
	moves, rests := 0, 0
	s.OnMove, s.OnRest = func() { moves++ }, func() { rests++ }
	for x := float32(20); x < 180; x += 40 {
		s.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, 15)}})
	}
	if moves != 4 || rests != 0 {
		t.Errorf("4 steps of a drag: %d moves, %d rests", moves, rests)
	}
	s.DragEnd()
	if rests != 1 || b.C.State().Panel().Values["int"] == 5 {
		t.Errorf("%d rests, value %v", rests, b.C.State().Panel().Values["int"])
	}
}

func TestRunButtonShowsForLongRuns(t *testing.T) {
	b := newBench(t)
	b.Explained()
	if b.settings.run.Visible() {
		t.Error("a button to run what runs by itself")
	}
	b.C.State().Panel().Status = control.Asking
	control.NewDraws(b.C, b.Draws()...).Changed(control.Event{Kind: control.PanelChanged, Index: b.C.State().Tab})
	if !b.settings.run.Visible() {
		t.Error("no button for a run that is asked for")
	}
}

func TestTypedValues(t *testing.T) {
	b := newBench(t)
	b.Explained()
	for _, c := range []struct {
		key, text string
		want      any
	}{
		{"extent", "50%", visualizers.Span{X: visualizers.Length{Value: 50, Percent: true}, Y: visualizers.Length{Value: 50, Percent: true}}},
		{"extent", "8x4", visualizers.Span{X: visualizers.Length{Value: 8}, Y: visualizers.Length{Value: 4}}},
		{"extent", "nonsense", visualizers.Span{X: visualizers.Length{Value: 8}, Y: visualizers.Length{Value: 4}}},
		{"int", "99", 5},
		{"int", "7", 7},
	} {
		entry := uitest.First[*widgets.Entry](t, b.setting(c.key).control)
		entry.SetText(c.text)
		entry.OnSubmitted(c.text)
		if got := b.C.State().Panel().Values[c.key]; got != c.want {
			t.Errorf("%s typed %q: %v, want %v", c.key, c.text, got, c.want)
		}
	}
	number := uitest.First[*widgets.Combo](t, b.setting("number").control)
	number.SetText("-120.5")
	if got := b.C.State().Panel().Values["number"]; got != "-120.5" {
		t.Errorf("number or word: %v", got)
	}
	uitest.First[*widget.Check](t, b.setting("toggle").control).SetChecked(true)
	uitest.First[*widgets.Select](t, b.setting("choice").control).SetSelected("two")
	if v := b.C.State().Panel().Values; v["toggle"] != true || v["choice"] != "two" {
		t.Errorf("toggle and choice: %v", v)
	}
	b.C.ResetValues(0)
	if got := uitest.First[*widgets.Entry](t, b.setting("int").control).Text; got != "5" {
		t.Errorf("after a reset the field shows %q", got)
	}
}

// What is wrong with a typed value is said beside the field, and goes when it is
// mended; Escape gives the keys back to the window.
func TestFieldsSayWhatIsWrongBesideThemselves(t *testing.T) {
	b := newBench(t)
	b.Explained()
	row := b.setting("int").control
	entry, fault := uitest.First[*widgets.Entry](t, row), uitest.First[*widgets.Fault](t, row)
	entry.OnSubmitted("99")
	if !fault.Visible() || !strings.Contains(fault.Text, "99 is outside 3…21") {
		t.Errorf("beside the field stands %q", fault.Text)
	}
	entry.OnSubmitted("7")
	if fault.Visible() {
		t.Errorf("the fault stays: %q", fault.Text)
	}
	before := b.Host.Unfocused
	entry.FocusGained()
	entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if b.Host.Unfocused != before+1 {
		t.Error("Escape does not leave the field")
	}

	// It puts back what stood there, in the field of the fill too, whose value is
	// used while it is typed.
	entry.FocusGained()
	entry.SetText("nine")
	entry.OnSubmitted("nine")
	entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if entry.Text != "7" || fault.Visible() {
		t.Errorf("after Escape the field says %q, beside it %q", entry.Text, fault.Text)
	}
	fill, wrong := uitest.First[*widgets.Combo](t, b.setting("number").control), uitest.First[*widgets.Fault](t, b.setting("number").control)
	fill.FocusGained()
	fill.SetText("12")
	if got := b.C.State().Panel().Values["number"]; got != "12" {
		t.Fatalf("a number that is typed is %v", got)
	}
	fill.SetText("12 apples")
	if fill.OnSubmitted(fill.Text); !wrong.Visible() {
		t.Error("nothing says that this is no fill")
	}
	fill.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if got := b.C.State().Panel().Values["number"]; got != "mean" || fill.Text != "mean" || wrong.Visible() {
		t.Errorf("after Escape the fill is %v, the field says %q, beside it %q", got, fill.Text, wrong.Text)
	}
}

// What Tab leads to in the side column is brought on the screen, down and up again;
// what lies elsewhere moves nothing.
func TestFocusBringsTheSideColumnAlong(t *testing.T) {
	b := newBench(t)
	b.Explained()
	side := b.Workspace.Side()
	w := test.NewTempWindow(t, container.NewBorder(nil, nil, widget.NewEntry(), nil, side))
	w.Resize(fyne.NewSize(360, 420))
	scroll := b.Workspace.scroll
	if scroll.Content.Size().Height <= scroll.Size().Height {
		t.Fatal("all of it fits")
	}
	last := b.Workspace.Display.contours
	b.Workspace.Reveal(last)
	place := fyne.CurrentApp().Driver().AbsolutePositionForObject
	if at, frame := place(last).Y, place(scroll).Y; at < frame || at+last.Size().Height > frame+scroll.Size().Height {
		t.Errorf("it lies at %g, the column at %g of height %g", at, frame, scroll.Size().Height)
	}
	down := scroll.Offset.Y
	outside := widget.NewEntry()
	b.Workspace.Reveal(outside)
	if down == 0 || scroll.Offset.Y != down {
		t.Errorf("the column is scrolled by %g, then %g", down, scroll.Offset.Y)
	}
	first := uitest.First[*widget.Button](t, b.Workspace.settings.box)
	b.Workspace.Reveal(first)
	if at := place(first).Y; at < place(scroll).Y {
		t.Errorf("the first button lies %g above the column", place(scroll).Y-at)
	}
}

func TestOnlySettingsThatMatterAreShown(t *testing.T) {
	b := newBench(t)
	seed := visualizers.Int{Field: visualizers.Field{ID: "seed", Title: "Noise seed", Doc: "d", Only: visualizers.When{Key: uitest.AChoice.ID, Is: uitest.AChoice.Options[1]}}, Max: 9}
	panel := b.C.State().Panel()
	panel.Settings = append(panel.Settings, seed)
	b.Explained()
	row, list := b.setting("seed").control, uitest.First[*widgets.Select](t, b.setting(uitest.AChoice.ID).control)
	for i, option := range list.Options[:2] {
		list.SetSelected(option)
		if row.Visible() != (i == 1) {
			t.Errorf("beside %s the seed is shown: %t", option, row.Visible())
		}
	}
	b.C.ResetValues(b.C.State().Tab)
	if row := b.setting("seed").control; row.Visible() {
		t.Error("the seed stays after a reset to values beside which it does not matter")
	}
}
