package covering

import (
	"image"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2/widget"

	"picasso/ui/control"
	"picasso/ui/uitest"
	"picasso/ui/viewer"
)

// canvas is a picture that remembers how it is shown.
type canvas struct {
	on     bool
	layer  *image.RGBA
	width  float64
	stroke func(viewer.Stroke)
}

func (c *canvas) Cover(on bool, layer *image.RGBA, width float64, stroke func(viewer.Stroke)) {
	c.on, c.layer, c.width, c.stroke = on, layer, width, stroke
}

type bench struct {
	*uitest.Desk
	*Pane
	canvas *canvas
}

func newBench(t *testing.T) *bench {
	t.Helper()
	d := uitest.NewControl(t)
	b := &bench{Desk: d, canvas: &canvas{}}
	d.Explained()
	b.Pane = New(d.Host, d.C, b.canvas)
	d.Host.Window.SetContent(b.Pane.Over(widget.NewLabel("")))
	draws := control.NewDraws(d.C, b.Draws()...)
	d.C.Listen(draws)
	b.show()
	return b
}

// run runs what has this title.
func (b *bench) run(title string) {
	b.T.Helper()
	for _, a := range b.Actions() {
		if a.Title == title {
			if a.When != nil && !a.When() {
				b.T.Fatalf("%q cannot be done now", title)
			}
			a.Run()
			return
		}
	}
	b.T.Fatalf("there is no %q", title)
}

func (b *bench) answered() {
	b.T.Helper()
	b.Q.Until(b.T, "an answer", func() bool { return b.shown.Now != nil && !b.shown.Behind })
}

// A stroke over the picture changes the answer beside it, with what it was before; the
// keys change the brush and leave.
func TestAStrokeIsAnswered(t *testing.T) {
	b := newBench(t)
	if b.Box.Visible() || b.canvas.on {
		t.Fatal("a picture is covered before that was asked for")
	}
	b.run(Title)
	if !b.Box.Visible() || !b.canvas.on || b.canvas.width != b.k.Brush().Width {
		t.Fatalf("covering is on, but the pane is visible %v, the picture covered %v", b.Box.Visible(), b.canvas.on)
	}
	b.run("Wider covering brush")
	if b.canvas.width != 50 || !slices.ContainsFunc(b.Host.Hints, func(s string) bool { return strings.Contains(s, "50 pixels") }) {
		t.Errorf("the brush is %v wide, said %q", b.canvas.width, b.Host.Hints)
	}
	b.fill.SetText("black")
	before := b.answer.Text
	b.canvas.stroke(viewer.Stroke{From: [2]float64{0, 0}, To: [2]float64{32, 32}, Across: 40, Down: 40})
	b.canvas.stroke(viewer.Stroke{Done: true})
	b.answered()
	if b.canvas.layer == nil || b.answer.Text == before || !strings.HasPrefix(b.answer.Text, "black") {
		t.Errorf("after a stroke over all of it the answer is %q", b.answer.Text)
	}
	if !b.flip.Visible() || !strings.Contains(b.change.Text, "it was white") {
		t.Errorf("another answer is told as %q", b.change.Text)
	}
	items := b.items(b.shown)
	if len(items) != 2 || items[0].Name != "white" || !items[0].Marks || items[0].Share >= items[0].Mark || !strings.Contains(items[0].Text, "→") {
		t.Errorf("the classes are %+v", items)
	}
	b.run("Uncover all")
	b.answered()
	if b.answer.Text != before || b.flip.Visible() || b.canvas.layer != nil {
		t.Errorf("uncovered, the answer is %q, not %q", b.answer.Text, before)
	}
	if said := b.Host.Hints; said[len(said)-1] == "" {
		t.Error("nothing is said while the picture is covered")
	}
	if !b.Leave() || b.Box.Visible() || b.Leave() {
		t.Error("covering does not end")
	}
}

// A fill that is none is refused in words, and half a number is no fill.
func TestFillsAreTakenWhole(t *testing.T) {
	b := newBench(t)
	b.run(Title)
	b.fill.SetText("12")
	if b.k.Shown().Fill != "mean" {
		t.Errorf("half a number is taken: %q", b.k.Shown().Fill)
	}
	b.fill.OnSubmitted("12")
	if b.k.Shown().Fill != "12" {
		t.Errorf("a number is not taken: %q", b.k.Shown().Fill)
	}
	b.fill.OnSubmitted("plaid")
	if b.fault.Text == "" || b.k.Shown().Fill != "12" {
		t.Errorf("%q is taken, told %q", b.k.Shown().Fill, b.fault.Text)
	}
}

// Another tab or workspace ends covering; what is covered stays.
func TestCoveringEndsWhereItIsNotSeen(t *testing.T) {
	b := newBench(t)
	for _, leave := range []struct {
		name string
		do   func()
	}{
		{"another tab", func() { b.C.SelectTab(1 - b.C.State().Tab) }},
		{"another workspace", func() { b.C.SetWorkspace(control.Compare) }},
	} {
		b.run(Title)
		if !b.On() {
			t.Fatalf("%s: it does not begin", leave.name)
		}
		leave.do()
		if b.On() || b.canvas.on {
			t.Errorf("%s: it does not end", leave.name)
		}
	}
}
