package ui

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control/settings"
	"picasso/ui/uitest"
)

func TestUnusablePicturesAreOneLineAndRemovedTogether(t *testing.T) {
	b := newBench(t)
	b.dropped([]fyne.URI{file(b.write("m.onnx")), file(b.picture("a.png", 200)), file(b.write("b.png")), file(b.picture("c.png", 20)), file(b.write("d.png"))})
	b.ready(1)
	b.q.Until(t, "both failures", func() bool { return len(b.c.Unusable()) == 2 })
	line := func() *widget.Button { // above the list, nil while it is hidden
		for _, o := range test.LaidOutObjects(b.images.Box) {
			if u, ok := o.(*widget.Button); ok && u.Visible() && strings.HasSuffix(u.Text, "cannot be used…") {
				return u
			}
		}
		return nil
	}
	if u := line(); u == nil || u.Text != "2 pictures cannot be used…" {
		t.Fatalf("the line is %v", u)
	}
	test.Tap(line())
	top := b.win.Canvas().Overlays().Top()
	if b.panel == nil || top == nil {
		t.Fatal("the line shows nothing")
	}
	var said []string
	var remove *widget.Button
	for _, o := range test.LaidOutObjects(top) {
		switch o := o.(type) {
		case *widget.Label:
			said = append(said, o.Text)
		case *widget.Button:
			if o.Text == "Remove unusable" {
				remove = o
			}
		}
	}
	if all := strings.Join(said, "|"); !strings.Contains(all, "b.png") || !strings.Contains(all, "d.png") || strings.Contains(all, "a.png") {
		t.Errorf("lists %s", all)
	}
	if remove == nil {
		t.Fatal("nothing removes them")
	}
	test.Tap(remove)
	if s := b.c.State(); len(s.Images) != 2 || s.Undo != "Remove unusable pictures" || b.panel != nil || line() != nil {
		t.Errorf("%d pictures, undo %q", len(s.Images), s.Undo)
	}
	b.c.Undo()
	if len(b.c.State().Images) != 4 || line() == nil {
		t.Errorf("%d pictures after the undo", len(b.c.State().Images))
	}
}

// The next start shows what the last one showed, a sample with its story.
func TestRestartShowsWhatWasShown(t *testing.T) {
	b := newBench(t)
	b.dropped([]fyne.URI{file(b.write("m.onnx")), file(b.picture("a.png", 200)), file(b.picture("b.png", 20)), file(b.picture("c.png", 90))})
	b.ready(1)
	b.c.Select(1)
	b.q.Until(t, "the picture to be remembered", func() bool { return strings.HasSuffix(b.c.Settings().Shown, "b.png") })
	again := settings.New("")
	again.Images, again.Shown, again.Model, again.Welcomed = slices.Clone(b.c.Settings().Images), b.c.Settings().Shown, b.c.Settings().Model, true
	if again.Model == "" {
		again.Model = b.write("m.onnx")
	}
	if !exists(again.Model) {
		again.Model = b.write("again.onnx") // the fake model calls itself otherwise
	}
	c := newBenchWith(t, func(_ *bench, p *Params) { p.Settings = again })
	c.Start()
	c.q.Until(t, "the picture", func() bool { k := c.c.State().Look; return k.Answered() && k.Name == "b.png" })
	if c.c.State().Current != 1 || len(c.c.State().Images) != 3 {
		t.Errorf("picture %d of %d", c.c.State().Current, len(c.c.State().Images))
	}
}

func TestRestartTellsTheStoryOfTheSample(t *testing.T) {
	b := newBench(t)
	b.openSample(b.params.Samples[0])
	b.q.Until(t, "the story", func() bool {
		return b.c.State().Notice != nil && strings.Contains(b.c.State().Notice.Text, "Black and white")
	})
	b.ready(1)
	again := *b.c.Settings()
	again.Model, again.Welcomed = b.write("s.onnx"), true
	for other, told := range map[string]bool{again.Model: true, uitest.NewDesk(t).Write("own.onnx"): false} {
		again.Model = other
		c := newBenchWith(t, func(_ *bench, p *Params) {
			p.Settings, p.Samples = &again, b.params.Samples
		})
		c.Start()
		c.q.Until(t, "the sample", func() bool { return c.c.State().Look.Answered() })
		if n := c.c.State().Notice; (n != nil && strings.Contains(n.Text, "Black and white")) != told {
			t.Errorf("with the model %s the notice is %+v", other, n)
		}
	}
}
