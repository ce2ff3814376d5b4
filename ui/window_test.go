package ui

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/storage"

	"picasso/backend"
	"picasso/ui/control"
	"picasso/ui/control/task"
	"picasso/ui/drawing"
)

func file(path string) fyne.URI { return storage.NewFileURI(path) }

// all lists an object and everything below it.
func all(o fyne.CanvasObject) []fyne.CanvasObject {
	list := []fyne.CanvasObject{o}
	switch o := o.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			list = append(list, all(child)...)
		}
	case *container.Scroll:
		list = append(list, all(o.Content)...)
	}
	return list
}

func firstOf[T fyne.CanvasObject](t *testing.T, o fyne.CanvasObject) T {
	t.Helper()
	for _, child := range all(o) {
		if found, ok := child.(T); ok {
			return found
		}
	}
	var none T
	t.Fatalf("no %T in %T", none, o)
	return none
}

func (b *bench) row(key string) settingRow {
	b.t.Helper()
	for _, r := range b.settings.rows {
		if r.setting.Key() == key {
			return r
		}
	}
	b.t.Fatalf("no control for %s", key)
	return settingRow{}
}

func TestDropOfAllKindsAtOnce(t *testing.T) {
	b := newBench(t)
	b.dropped([]fyne.URI{
		file(b.picture("one.png", 250)), file(b.write("net.onnx")), file(b.picture("two ü.png", 10)), file(b.write("notes.pdf")),
	})
	b.ready(1)
	b.q.until(t, "a notice", func() bool { return b.c.State().Notice != nil })
	if n := len(b.c.State().Images); n != 2 || b.win.Title() != "Picasso — shades.onnx" {
		t.Errorf("%d images, title %q", n, b.win.Title())
	}
	if !b.banner.box.Visible() || b.banner.title.Text != "Some files were left out" || !strings.Contains(b.banner.text.Text, "notes.pdf is neither") {
		t.Errorf("banner: %q %q", b.banner.title.Text, b.banner.text.Text)
	}
	b.c.Dismiss()
	if b.banner.box.Visible() {
		t.Error("the banner stays")
	}
}

func TestFailedOpenSpeaksInTheWindow(t *testing.T) {
	b := newBench(t)
	b.explained()
	b.c.Open(b.write("bad.onnx"))
	b.q.until(t, "the error", func() bool { return b.c.State().Notice != nil })
	if b.banner.title.Text != "Could not open bad.onnx" || !strings.Contains(b.banner.text.Text, "web page") {
		t.Errorf("banner: %q %q", b.banner.title.Text, b.banner.text.Text)
	}
	if b.model.About().Name != "shades.onnx" || b.Window.model.name.Text != "shades.onnx" {
		t.Error("the old model is gone")
	}
}

func TestClassClickRetargetsWithoutARun(t *testing.T) {
	b := newBench(t)
	b.explained()
	runs, calls := b.every.count(), b.model.calls.Load()
	b.classes.bars.OnSelect(1)
	p := b.c.State().Panel()
	if p.Map == nil || p.Map.Target.Class != 1 || p.Stale {
		t.Fatalf("no map of the other class at once: %+v", p.Map)
	}
	b.classes.bars.OnContrast(0)
	if p.Map.Target.Against != 0 {
		t.Errorf("no difference of classes: %+v", p.Map.Target)
	}
	if b.every.count() != runs || b.model.calls.Load() != calls {
		t.Error("choosing a class ran the model")
	}
}

func TestDisplayOnlyRedraws(t *testing.T) {
	b := newBench(t)
	b.explained()
	runs, calls, drawn := b.every.count(), b.model.calls.Load(), b.Window.picture.redraws
	b.display.opacity.SetValue(20)
	b.display.threshold.SetValue(30)
	b.display.sign.SetSelected("supporting")
	b.display.colors.SetSelectedIndex(1)
	b.Window.picture.toggleLock()
	d := b.c.State().Panel().Display
	if d.Opacity != 0.2 || d.Threshold != 0.3 || d.Sign != "positive" || d.Colors == "" || d.Locked == nil {
		t.Errorf("display %+v", d)
	}
	if got := b.Window.picture.redraws - drawn; got != 5 {
		t.Errorf("%d redraws for 5 changes", got)
	}
	if b.every.count() != runs || b.model.calls.Load() != calls {
		t.Error("a display change ran the model")
	}
	b.display.reset()
	if b.c.State().Panel().Display != drawing.Default(b.every.Info()) || b.display.opacity.Value != 80 {
		t.Errorf("reset: %+v, slider %v", b.c.State().Panel().Display, b.display.opacity.Value)
	}
}

func TestClickShowsTheCoveredPicture(t *testing.T) {
	b := newBench(t)
	b.explained()
	b.Window.picture.tapped(4, 4)
	probe := b.c.State().Probe
	if probe == nil {
		t.Fatal("no covered picture")
	}
	if c := probe.Shown.RGBAAt(4, 4); c.R != 0 {
		t.Errorf("the covered half is %v, want black", c)
	}
	if c := probe.Shown.RGBAAt(28, 4); c.R != 230 {
		t.Errorf("the other half is %v, want as it was", c)
	}
	if !strings.Contains(b.classes.title.Text, "COVERED") || !strings.Contains(b.classes.items()[0].Text, "(") {
		t.Errorf("classes: %q %+v", b.classes.title.Text, b.classes.items())
	}
	b.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if b.c.State().Probe != nil {
		t.Error("Esc does not go back")
	}
}

func TestGridOpens(t *testing.T) {
	b := newBench(t)
	b.explained()
	b.typedRune('g')
	b.q.until(t, "the table", func() bool { g := b.c.State().Grid; return g != nil && g.Done == 1 })
	if !b.grid.box.Visible() || b.Window.picture.box.Visible() || len(b.grid.rows[0].box.Objects) != 3 {
		t.Errorf("table visible %v with %d cells, want a picture and two classes", b.grid.box.Visible(), len(b.grid.rows[0].box.Objects))
	}
	b.typedRune('G')
	if b.grid.box.Visible() || !b.Window.picture.box.Visible() {
		t.Error("the table does not close")
	}
}

func TestUnservedVisualizerSaysWhy(t *testing.T) {
	b := newBench(t)
	b.explained()
	b.typedRune('2')
	if !b.Window.picture.fault.Visible() || !strings.Contains(b.Window.picture.reason.Text, "use occlusion instead") {
		t.Errorf("says %q", b.Window.picture.reason.Text)
	}
	b.typedRune('1')
	if b.Window.picture.fault.Visible() {
		t.Error("the reason stays on a tab that works")
	}
}

func TestFailedRunSaysWhy(t *testing.T) {
	b := newBench(t)
	b.every.fail = errors.New("the model gave no numbers")
	b.dropped([]fyne.URI{file(b.write("m.onnx")), file(b.picture("a.png", 230))})
	b.q.until(t, "the failure", func() bool { return b.c.State().Panel().Status == control.Failed })
	if got := b.Window.picture.reason.Text; got != "The model gave no numbers." {
		t.Errorf("says %q", got)
	}
}

func TestKeysAreUniqueAndAllInTheHelp(t *testing.T) {
	b := newBench(t)
	seen := map[bool]map[stroke]string{false: {}, true: {}} // a scan has keys of its own
	help := fmt.Sprint(b.keyHelp())
	for _, a := range b.actions {
		if a.run == nil && a.held == nil {
			t.Errorf("%q does nothing", a.title)
		}
		for _, k := range a.keys {
			if other, ok := seen[a.scan][k]; ok {
				t.Errorf("%v means both %q and %q", k, other, a.title)
			}
			seen[a.scan][k] = a.title
			if !strings.Contains(help, k.String()) || !strings.Contains(help, strings.TrimSuffix(a.title, "…")) {
				t.Errorf("the help lacks %v, %q", k, a.title)
			}
		}
		if a.menu != "" && b.menus[a.menu] == nil {
			t.Errorf("%q is in no menu: %q", a.title, a.menu)
		}
	}
	b.typedRune('?')
	if b.panel == nil {
		t.Fatal("? shows nothing")
	}
	b.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if b.panel != nil {
		t.Error("Esc does not close the help")
	}
}

func TestKeysActOnTheWindow(t *testing.T) {
	b := newBench(t)
	b.explained()
	b.dropped([]fyne.URI{file(b.picture("b.png", 20))})
	b.ready(2)
	b.typedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	if b.c.State().Current != 0 {
		t.Error("the left arrow does not go back")
	}
	b.typedRune('[')
	if d := b.c.State().Panel().Display; d.Opacity != 0.7 {
		t.Errorf("opacity %v, want 0.7", d.Opacity)
	}
	b.typedRune('t')
	if b.c.Settings().Theme != "light" {
		t.Errorf("theme %q", b.c.Settings().Theme)
	}
	b.typedRune('p')
	if b.c.State().Target.Score != backend.Logit {
		t.Error("p does not explain the logit")
	}
	b.held(fyne.KeySpace, true)
	if !b.Window.picture.hidden {
		t.Error("the space bar does not hide the map")
	}
	b.held(fyne.KeySpace, false)
	for _, r := range "mwa?" { // panels open whatever is on the screen
		b.typedRune(r)
		if b.panel == nil {
			t.Fatalf("%c opens no panel", r)
		}
		b.panel.Hide()
	}
}

func TestFirstStartOpensTheSample(t *testing.T) {
	b := newBench(t)
	b.Start()
	b.ready(1)
	if len(b.c.State().Images) != 1 || b.c.State().Notice == nil || !strings.Contains(b.banner.text.Text, "Black and white") {
		t.Errorf("images %d, banner %q", len(b.c.State().Images), b.banner.text.Text)
	}
}

func TestMissingRuntimeIsExplained(t *testing.T) {
	text := diagnosis(backend.Diagnosis{
		Err: "no library found; run make setup", Looked: []string{"/opt/lib"},
		Providers: []backend.Attempt{{Provider: backend.CUDA, Reason: "libcudnn.so.9 not found"}, {Provider: backend.CPU, OK: true}},
	})
	for _, want := range []string{"was not found", "No library found; run make setup.", "/opt/lib", "cuda: not usable. libcudnn.so.9", "cpu: usable"} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %q:\n%s", want, text)
		}
	}
}

func TestErrorsInWords(t *testing.T) {
	if say("open x", nil) != nil || say("open x", fmt.Errorf("run: %w", context.Canceled)) != nil {
		t.Error("nothing happened, yet it is told")
	}
	_, missing := os.Open("/nowhere/at.all")
	for _, c := range []struct {
		err  error
		want string
	}{
		{errors.New("m.onnx is a web page"), "m.onnx is a web page."},
		{errors.New("too large"), "Too large."},
		{missing, "open /nowhere/at.all: no such file or directory. It was moved"},
		{&fs.PathError{Op: "open", Path: "p", Err: fs.ErrPermission}, "change its permissions"},
		{&task.Crash{What: "index", Stack: "stack"}, "not in your files (index)"},
	} {
		got := say("open x", c.err)
		if got == nil || !strings.Contains(strings.ToLower(got.Text), strings.ToLower(c.want)) {
			t.Errorf("%v: %+v, want %q", c.err, got, c.want)
		}
	}
	long := say("open x", errors.New("the library is missing.\nLooked in:\n a\n b\nRemedy: run make setup"))
	if long.Text != "The library is missing.\nRemedy: run make setup." || !strings.Contains(long.Details, " b") {
		t.Errorf("a long text became %+v", long)
	}
	if got := say("open x", &task.Crash{What: "index", Stack: "stack"}); got.Details != "stack" {
		t.Errorf("details %q", got.Details)
	}
}

func TestSmallWindowFits(t *testing.T) {
	b := newBench(t)
	b.explained()
	if m := b.win.Content().MinSize(); m.Width > 1024 || m.Height > 700-30 {
		t.Errorf("the window needs %v, which does not fit 1024×700", m)
	}
}

func TestWindowRemembersItsColumns(t *testing.T) {
	b := newBench(t)
	l, r := b.columns.widths()
	b.win.Resize(fyne.NewSize(1600, 900))
	if l2, r2 := b.columns.widths(); int(l2+0.5) != int(l+0.5) || int(r2+0.5) != int(r+0.5) {
		t.Errorf("side columns went from %v, %v to %v, %v", l, r, l2, r2)
	}
}

func TestPastedPaths(t *testing.T) {
	b := newBench(t)
	path := b.picture("with space.png", 9)
	for _, text := range []string{path, `"` + path + `"`, strings.ReplaceAll("file://"+path, " ", "%20")} {
		if got := pastedPath(text); got != path {
			t.Errorf("%q is %q", text, got)
		}
	}
	if pastedPath("hello world") != "" || pastedPath("") != "" {
		t.Error("text is no path")
	}
}
