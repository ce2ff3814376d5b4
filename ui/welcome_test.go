package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

func TestFirstStartWelcomesOnce(t *testing.T) {
	b := newBench(t)
	b.Start()
	card := b.welcome
	if card == nil || b.win.Canvas().Overlays().Top() != fyne.CanvasObject(card) {
		t.Fatal("nothing greets at the first start")
	}
	var said []string
	for _, o := range test.LaidOutObjects(card) {
		if l, ok := o.(*widget.Label); ok {
			said = append(said, l.Text)
		}
	}
	for _, want := range []string{purpose, promise, "Shades", "Black and white."} {
		if !strings.Contains(strings.Join(said, "\n"), want) {
			t.Errorf("the welcome lacks %q: %q", want, said)
		}
	}
	b.q.Until(t, "the sample's picture", func() bool { return card.samples[0].picture.Image != nil })
	b.ready(1) // below it the sample is explained

	b.typedRune('g')
	if b.c.State().Grid != nil {
		t.Error("keys act on the window below")
	}
	b.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if b.welcome != nil || b.win.Canvas().Overlays().Top() != nil {
		t.Error("Esc does not close it")
	}
	if !b.c.Settings().Welcomed {
		t.Error("it is not remembered")
	}
	b.Start()
	if b.welcome != nil {
		t.Error("it comes a second time")
	}
	b.find(char('?')).run()
	b.panel.Hide()
	b.showWelcome() // Help → Welcome
	if b.welcome == nil {
		t.Error("it does not come when asked for")
	}
}

func TestWelcomeLeavesFilesAlone(t *testing.T) {
	b := newBench(t)
	b.params.Files = []string{b.write("m.onnx"), b.picture("a.png", 230)}
	b.Start()
	if b.welcome != nil || b.c.Settings().Welcomed {
		t.Error("the welcome hides what was asked for")
	}
	b.ready(1)
}

func TestWelcomeClosesWhenSomethingIsOpened(t *testing.T) {
	for name, open := range map[string]func(*bench){
		"a click beside it": func(b *bench) { test.TapCanvas(b.win.Canvas(), fyne.NewPos(5, 300)) },
		"its button":        func(b *bench) { test.Tap(button(b.t, b.welcome, "Close")) },
		"a drop":            func(b *bench) { b.dropped([]fyne.URI{file(b.write("m.onnx"))}) },
		"another start":     func(b *bench) { b.Open([]string{b.write("m.onnx")}) },
		"a sample":          func(b *bench) { test.Tap(b.welcome.samples[0]) },
		"a sample by key":   func(b *bench) { test.FocusNext(b.win.Canvas()); b.focused(fyne.KeyReturn) },
		"Esc on a sample":   func(b *bench) { test.FocusNext(b.win.Canvas()); b.focused(fyne.KeyEscape) },
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			b.showWelcome()
			test.TapCanvas(b.win.Canvas(), b.welcome.plate.Position().AddXY(20, 20))
			if b.welcome == nil {
				t.Fatal("a click on its text closes it")
			}
			open(b)
			b.q.Until(t, "the welcome to close", func() bool { return b.welcome == nil })
			if strings.HasPrefix(name, "a sample") {
				b.q.Until(t, "the sample", func() bool { return len(b.c.State().Images) == 1 && b.c.State().Images[0].Name == "s.png" })
			}
		})
	}
}

func TestWelcomeFits(t *testing.T) {
	b := newBench(t)
	three := b.params.Samples[0]
	three.About = strings.Repeat("In its training pictures tanks always came with clouds. ", 3)
	b.params.Samples = []Sample{three, three, three}
	for _, size := range []fyne.Size{{Width: 1024, Height: 700}, {Width: 1920, Height: 1080}, {Width: 640, Height: 480}} {
		b.win.Resize(size)
		b.showWelcome()
		whole := b.win.Canvas().Size()
		at, card := b.welcome.plate.Position(), b.welcome.plate.Size()
		if at.X < 0 || at.Y < 0 || at.X+card.Width > whole.Width || at.Y+card.Height > whole.Height {
			t.Errorf("%v: the card is %v at %v", size, card, at)
		}
		if need := b.welcome.content.(interface{ MinSize() fyne.Size }); size.Width >= 1024 && need.MinSize().Width > card.Width {
			t.Errorf("%v: the card is %v wide and needs %v", size, card.Width, need.MinSize().Width)
		}
		b.hideWelcome()
	}
}

// focused types a key into what has the focus.
func (b *bench) focused(key fyne.KeyName) {
	b.t.Helper()
	at := b.win.Canvas().Focused()
	if at == nil {
		b.t.Fatal("nothing has the focus")
	}
	at.TypedKey(&fyne.KeyEvent{Name: key})
}

func button(t *testing.T, o fyne.CanvasObject, text string) *widget.Button {
	t.Helper()
	for _, child := range test.LaidOutObjects(o) {
		if b, ok := child.(*widget.Button); ok && b.Text == text {
			return b
		}
	}
	t.Fatalf("no button %q", text)
	return nil
}
