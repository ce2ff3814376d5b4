package inside

import (
	"image"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"picasso/backend"
	"picasso/backend/fixtures"
	"picasso/backend/infer"
	"picasso/backend/ort/orttest"
	"picasso/ui/control"
	"picasso/ui/control/opened"
	"picasso/ui/keys"
	"picasso/ui/uitest"
	"picasso/ui/viewer"
	"picasso/visualizers"
	"picasso/visualizers/layers"
	_ "picasso/visualizers/methods"
)

// host is the window around the workspace in tests.
type host struct {
	*uitest.Host
	turn *viewer.Turn // of scans
}

func (h host) Turn() viewer.Turn { return *h.turn }

func (h host) Replacing(_ []string, do func()) { do() }

// bench is the workspace on the network that tells shapes apart.
type bench struct {
	*Workspace
	t testing.TB
	d *uitest.Desk
}

func newBench(t *testing.T) *bench {
	t.Helper()
	d := uitest.NewDesk(t)
	d.C = control.New(control.Params{
		Open: opened.With(orttest.Runtime(t), backend.ModelOptions{Provider: infer.CPU}), Do: d.Q.Do, Delay: time.Millisecond,
		Visualizers: visualizers.All(),
	})
	t.Cleanup(d.C.Close)
	d.Host = &uitest.Host{Window: test.NewTempApp(t).NewWindow(""), Queue: d.Q}
	b := &bench{Workspace: New(host{d.Host, &viewer.Turn{}}, d.C), t: t, d: d}
	d.Host.Window.SetContent(container.NewHSplit(b.Middle(), b.Side()))
	d.Host.Window.Resize(fyne.NewSize(1280, 820))
	d.C.Listen(control.NewDraws(d.C, b.Draws()...))
	d.C.SetWorkspace(control.Inside)
	return b
}

// looking has the model, two pictures and the channels of a layer.
func (b *bench) looking() {
	b.t.Helper()
	b.c.Drop([]string{filepath.Join(fixtures.Path(b.t, "public"), "shapes_trained", "model.onnx"), b.d.Picture("a.png", 200), b.d.Picture("b.png", 90)})
	b.until("the channels", func() bool { return b.in.Current() && !b.in.State().Working })
}

func (b *bench) until(what string, done func() bool) {
	b.t.Helper()
	b.d.Q.Until(b.t, what, done)
}

// press does what a key does in the workspace.
func (b *bench) press(s keys.Stroke) {
	b.t.Helper()
	a := keys.Find(b.Actions(), s, string(control.Inside), false)
	if a == nil {
		b.t.Fatalf("no action for %s", s)
	}
	a.Run()
}

func TestEmptyWorkspaceSaysWhatToDo(t *testing.T) {
	b := newBench(t)
	if !strings.Contains(b.outline.note.Text, "Open a model") {
		t.Errorf("the outline says %q", b.outline.note.Text)
	}
	if !b.drawn.halves[0].start.Disabled() || !b.search.find.Disabled() {
		t.Error("something can be started without a model")
	}
}

// A scan lies as it was turned in Explain; a photograph is never turned.
func TestScansLieAsTheyWereTurned(t *testing.T) {
	b := newBench(t)
	b.c.Settings().ResearchUse = true
	b.looking()
	*b.host.(host).turn = viewer.Turn{Quarters: 1, Mirrored: true}
	b.c.Announce(control.ViewingChanged)
	b.until("the photograph is drawn", func() bool { return b.picture.base != nil })
	if b.picture.image.Turn() != (viewer.Turn{}) {
		t.Error("a photograph is turned")
	}
	b.c.Drop([]string{b.d.Scan(3)})
	b.until("the scan lies as it was turned", func() bool {
		return b.c.State().Scan() && b.picture.image.Turn() == viewer.Turn{Quarters: 1, Mirrored: true}
	})
	*b.host.(host).turn = viewer.Turn{}
	b.c.Announce(control.ViewingChanged)
	b.until("it is turned back", func() bool { return b.picture.image.Turn() == viewer.Turn{} })
}

// Tiles are chosen by the pointer and by keys, and what is told follows.
func TestUnitsAreChosenByPointerAndKeys(t *testing.T) {
	b := newBench(t)
	b.looking()
	s := b.in.State()
	if s.Unit.Channel != s.Sorted[0] {
		t.Errorf("channel %d is chosen, want the first tile's, %d", s.Unit.Channel, s.Sorted[0])
	}
	r := b.sheet.tiles.tiling.Rect(2)
	at := fyne.NewPos(float32(r.Min.X+r.Max.X)/2/b.sheet.tiles.scale, float32(r.Min.Y+r.Max.Y)/2/b.sheet.tiles.scale)
	b.sheet.tiles.Tapped(&fyne.PointEvent{Position: at})
	if s.Unit.Channel != s.Sorted[2] || b.d.Host.Unfocused == 0 {
		t.Errorf("channel %d, want %d of the third tile", s.Unit.Channel, s.Sorted[2])
	}
	b.sheet.tiles.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: at}})
	if text := b.picture.readout.Text; !strings.Contains(text, "channel "+strconv.Itoa(s.Sorted[2])) || !strings.Contains(text, "of the picture") {
		t.Errorf("under the pointer: %q", text)
	}
	b.press(keys.Named(fyne.KeyRight))
	if s.Unit.Channel != s.Sorted[3] || !strings.Contains(b.unit.text.Text, "Channel "+strconv.Itoa(s.Sorted[3])) {
		t.Errorf("after the key: channel %d, told %q", s.Unit.Channel, b.unit.text.Text)
	}
	b.press(keys.Named(fyne.KeyDown))
	if want := s.Sorted[min(3+b.sheet.tiles.columns(), len(s.Sorted)-1)]; s.Unit.Channel != want {
		t.Errorf("a row below is channel %d, want %d", s.Unit.Channel, want)
	}
	before := s.Layer
	b.press(keys.Char('u'))
	b.until("the layer before", func() bool { return b.in.Current() && s.Layer != before })
	was, key := b.c.State().Current, fyne.KeyPageDown
	if was == 1 {
		key = fyne.KeyPageUp
	}
	b.press(keys.Named(key))
	b.until("the other picture", func() bool { return b.c.State().Current == 1-was && b.in.Current() })
}

// A click on the picture looks at the cell there, and frames what it sees.
func TestACellIsChosenOnThePicture(t *testing.T) {
	b := newBench(t)
	b.looking()
	b.picture.tapped(16, 16)
	s := b.in.State()
	if s.Unit.Cell == nil || !strings.Contains(b.unit.text.Text, "At row") || !b.unit.whole.Visible() {
		t.Fatalf("unit %+v, told %q", s.Unit, b.unit.text.Text)
	}
	l := s.Sheet.Layer
	if want := [2]int{l.Height / 2, l.Width / 2}; *s.Unit.Cell != want {
		t.Errorf("cell %v, want %v in the middle", *s.Unit.Cell, want)
	}
	if r, _ := b.in.FieldOn(*s.Unit.Cell); !image.Pt(16, 16).In(r) {
		t.Errorf("it sees %v, without where it lies", r)
	}
	test.Tap(b.unit.whole)
	if s.Unit.Cell != nil {
		t.Error("the whole map was asked for")
	}
}

// Every order of the list sorts, and without a gradient it says why not.
func TestTilesAreSortedByWhatIsChosen(t *testing.T) {
	b := newBench(t)
	b.looking()
	b.sheet.order.SetSelected("by contribution")
	b.until("contributions", func() bool { return b.in.State().Sheet.Target != nil })
	if !strings.Contains(b.sheet.note.Text, "gradient × activation") || b.in.State().Order != layers.ByContribution {
		t.Errorf("said %q", b.sheet.note.Text)
	}
	b.sheet.common.SetChecked(true)
	if !b.sheet.bar.Visible() {
		t.Error("one scale has no colour bar")
	}
}

// The network draws on a button, which then stops it; what it is stands beside it.
func TestDrawingIsStartedAndSaved(t *testing.T) {
	b := newBench(t)
	b.looking()
	half := b.drawn.halves[0]
	if !strings.Contains(half.text.Text, "pictures through the model") {
		t.Errorf("the cost is %q", half.text.Text)
	}
	b.drawn.steps.SetSelected("64 steps")
	test.Tap(half.start)
	b.until("a first sight", func() bool { return half.drawn != nil })
	if half.start.Text != "Stop" || !strings.Contains(half.text.Text, "It is not a picture of one") {
		t.Errorf("button %q, words %q", half.start.Text, half.text.Text)
	}
	test.Tap(half.start)
	if half.start.Text == "Stop" || !strings.Contains(half.text.Text, "stopped") {
		t.Errorf("after the stop: button %q, words %q", half.start.Text, half.text.Text)
	}
	b.d.Host.Answer = filepath.Join(t.TempDir(), "drawing.png")
	test.Tap(half.save)
	b.until("the file", func() bool { n := b.c.State().Notice; return n != nil && strings.Contains(n.Text, "Saved") })
}

// The list has widgets for what is on the screen, and marks the layer.
func TestOutlineIsAVirtualList(t *testing.T) {
	b := newBench(t)
	b.looking()
	s := b.in.State()
	if n := b.outline.list.Length(); n != len(s.Lines) || n < len(s.Graph.Rows) {
		t.Errorf("%d lines for %d rows", n, len(s.Graph.Rows))
	}
	v := newLineView(b.outline)
	at := 0
	for i, l := range s.Lines {
		if l.Row >= 0 {
			at = i
			break
		}
	}
	v.Resize(fyne.NewSize(800, 60))
	v.draw(s.Lines[at])
	for _, part := range []string{"×", "sees", "weights"} {
		if !strings.Contains(v.details.Text, part) {
			t.Errorf("%q does not tell %q", v.details.Text, part)
		}
	}
	b.outline.list.OnSelected(widget.ListItemID(at))
	b.until("the layer of the line", func() bool { return b.in.Current() && s.Sheet.Layer.Name == s.Graph.Rows[s.Lines[at].Row].Name })

	v.Resize(fyne.NewSize(200, 60)) // whole parts go, and stand below the list
	if text := v.details.Text; !strings.Contains(text, "×") || strings.Contains(text, "weights") || strings.HasSuffix(text, "·") {
		t.Errorf("a narrow row says %q", text)
	}
	for _, part := range []string{s.Layer, "×", "sees", "weights"} {
		if text := b.outline.about.Text; !strings.Contains(text, part) || !b.outline.about.Visible() {
			t.Errorf("below the list %q does not tell %q", text, part)
		}
	}
	holds := " of " // channels of cells
	for _, width := range []float32{800, 180} {
		b.sheet.title.Resize(fyne.NewSize(width, 30))
		if text := b.sheet.title.Text; !strings.Contains(text, holds) || strings.Contains(text, s.Layer) != (width == 800) {
			t.Errorf("in %v pixels the sheet is called %q", width, text)
		}
	}
}

func TestTheEndOfANameIsKept(t *testing.T) {
	for name, want := range map[string]string{"/0/features/features.11/Relu_output_0": "…/Relu_output_0", "conv1": "conv1", "a/": "a/", "/x": "/x"} {
		if got := lastPart(name); got != want {
			t.Errorf("%q is shortened to %q, want %q", name, got, want)
		}
	}
}
