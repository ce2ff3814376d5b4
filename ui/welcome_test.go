package ui

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/welcome"
)

// tanks has two samples that are compared with each other, and one that is not.
func tanks(b *bench, p *Params) {
	sample := func(name, rival string, shade uint8) Sample {
		return Sample{Name: name, About: "Black and white.", Rival: rival, Unpack: func() (string, []string, error) {
			return b.write(name + ".onnx"), []string{b.picture(name+".png", shade)}, nil
		}}
	}
	p.Samples = []Sample{sample("wrong", "right", 200), sample("right", "wrong", 220), sample("digits", "", 180)}
}

// told is the banner's text and what it offers.
func (b *bench) told() (text string, offers []string) {
	for _, o := range b.banner.links.Objects {
		offers = append(offers, o.(*widget.Hyperlink).Text)
	}
	for _, o := range b.banner.choices.Objects {
		offers = append(offers, o.(*widget.Button).Text)
	}
	return b.banner.text.Text, offers
}

// take takes the first thing that the banner offers.
func (b *bench) take() { b.banner.links.Objects[0].(*widget.Hyperlink).OnTapped() }

// shows reports whether a picture of this name is the only one, with its story.
func (b *bench) shows(name string) bool {
	s := b.c.State()
	return len(s.Images) == 1 && s.Images[0].Name == name && s.Notice != nil
}

func TestFirstStartGreetsBesideTheMap(t *testing.T) {
	b := newBenchWith(t, tanks)
	b.Start()
	b.ready(1)
	if b.welcome != nil || b.win.Canvas().Overlays().Top() != nil {
		t.Error("something hides the map at the first start")
	}
	empty := newBenchWith(t, tanks)
	if a, e := b.banner.box.MinSize().Height, empty.banner.box.MinSize().Height; a > e {
		t.Errorf("the story is %v high and moves the picture, a banner without one is %v", a, e)
	}
	text, offers := b.told()
	if text != greeting+"wrong. Black and white." || !slices.Equal(offers, []string{"Compare: right", "Samples…"}) {
		t.Errorf("the first start says %q and offers %q", text, offers)
	}
	if !b.c.Settings().Welcomed {
		t.Error("the greeting is not remembered")
	}
	b.take()
	b.q.Until(t, "the other sample", func() bool { return b.shows("right.png") })
	text, offers = b.told()
	if text != "right. Black and white." || !slices.Equal(offers, []string{"Compare: wrong", "Samples…"}) {
		t.Errorf("the other sample says %q and offers %q", text, offers)
	}
	b.take()
	b.q.Until(t, "the first sample again", func() bool { return b.shows("wrong.png") })
	if text, _ = b.told(); text != "wrong. Black and white." {
		t.Errorf("it greets twice: %q", text)
	}
	b.openSample(b.params.Samples[2])
	b.q.Until(t, "a sample without another", func() bool { return b.shows("digits.png") })
	if _, offers = b.told(); !slices.Equal(offers, []string{"Samples…"}) {
		t.Errorf("a sample that nothing is compared with offers %q", offers)
	}
	test.Tap(button(t, b.banner.choices, "Samples…"))
	if b.welcome == nil {
		t.Error("the samples do not come")
	}
}

func TestWelcomeSaysWhatTheProgramDoes(t *testing.T) {
	b := newBench(t)
	b.action("Welcome…").Run()
	card := b.welcome
	if card == nil || b.win.Canvas().Overlays().Top() != fyne.CanvasObject(card) {
		t.Fatal("it does not come when asked for")
	}
	var said []string
	for _, o := range test.LaidOutObjects(card) {
		if l, ok := o.(*widget.Label); ok {
			said = append(said, l.Text)
		}
	}
	for _, want := range []string{welcome.Purpose, welcome.Promise, "Shades", "Black and white."} {
		if !strings.Contains(strings.Join(said, "\n"), want) {
			t.Errorf("the welcome lacks %q: %q", want, said)
		}
	}
	b.q.Until(t, "the sample's picture", func() bool {
		return laid[*canvas.Image](t, laid[*welcome.Button](t, card)).Image != nil
	})
	b.typedRune('g')
	if b.c.State().Grid != nil {
		t.Error("keys act on the window below")
	}
	b.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if b.welcome != nil || b.win.Canvas().Overlays().Top() != nil {
		t.Error("Esc does not close it")
	}
}

func TestFilesThatWereAskedForComeFirst(t *testing.T) {
	b := newBench(t)
	b.params.Files = []string{b.write("m.onnx"), b.picture("a.png", 230)}
	b.Start()
	b.ready(1)
	if text, _ := b.told(); b.welcome != nil || b.c.Settings().Welcomed || strings.Contains(text, greeting) {
		t.Errorf("it greets where files were asked for: %q", text)
	}
}

func TestWelcomeClosesWhenSomethingIsOpened(t *testing.T) {
	for name, open := range map[string]func(*bench){
		"a click beside it": func(b *bench) { test.TapCanvas(b.win.Canvas(), fyne.NewPos(5, 300)) },
		"its button":        func(b *bench) { test.Tap(button(b.t, b.welcome, "Close")) },
		"a drop":            func(b *bench) { b.dropped([]fyne.URI{file(b.write("m.onnx"))}) },
		"another start":     func(b *bench) { b.Open([]string{b.write("m.onnx")}) },
		"a sample":          func(b *bench) { test.Tap(laid[*welcome.Button](b.t, b.welcome)) },
		"a sample by key":   func(b *bench) { test.FocusNext(b.win.Canvas()); b.focused(fyne.KeyReturn) },
		"Esc on a sample":   func(b *bench) { test.FocusNext(b.win.Canvas()); b.focused(fyne.KeyEscape) },
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			b.showWelcome()
			at, _ := b.welcome.Place()
			test.TapCanvas(b.win.Canvas(), at.AddXY(20, 20))
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
		at, card := b.welcome.Place()
		if at.X < 0 || at.Y < 0 || at.X+card.Width > whole.Width || at.Y+card.Height > whole.Height {
			t.Errorf("%v: the card is %v at %v", size, card, at)
		}
		if need := laid[*container.Scroll](t, b.welcome); size.Width >= 1024 && need.MinSize().Width > card.Width {
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

// laid is the first object of a type that is drawn as part of o.
func laid[T fyne.CanvasObject](t *testing.T, o fyne.CanvasObject) T {
	t.Helper()
	for _, child := range test.LaidOutObjects(o) {
		if one, ok := child.(T); ok {
			return one
		}
	}
	var none T
	t.Fatalf("no %T in %T", none, o)
	return none
}
