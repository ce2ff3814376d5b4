package ui

import (
	"fmt"
	"picasso/backend/infer"
	"picasso/backend/metadata"
	"picasso/backend/score"
	"picasso/ui/control"
	"picasso/ui/keys"
	"reflect"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/uitest"
)

func file(path string) fyne.URI { return storage.NewFileURI(path) }

func TestDropOfAllKindsAtOnce(t *testing.T) {
	b := newBench(t)
	b.dropped([]fyne.URI{
		file(b.picture("one.png", 250)), file(b.write("net.onnx")), file(b.picture("two ü.png", 10)), file(b.write("notes.pdf")),
	})
	b.ready(1)
	b.q.Until(t, "a notice", func() bool { return b.c.State().Notice != nil })
	if n := len(b.c.State().Images); n != 2 || b.win.Title() != "Picasso — shades.onnx" {
		t.Errorf("%d pictures, title %q", n, b.win.Title())
	}
	if !b.banner.box.Visible() || !strings.Contains(b.banner.title.Text, "left out") || !strings.Contains(b.banner.text.Text, "notes.pdf") {
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
	b.q.Until(t, "the error", func() bool { return b.c.State().Notice != nil })
	if b.banner.title.Text != "Could not open bad.onnx" || !strings.Contains(b.banner.text.Text, "web page") {
		t.Errorf("banner: %q %q", b.banner.title.Text, b.banner.text.Text)
	}
	if b.c.State().About.Name != "shades.onnx" || b.win.Title() != "Picasso — shades.onnx" {
		t.Error("the old model is gone")
	}
}

func TestKeysAreUniqueAndAllInTheHelp(t *testing.T) {
	b := newBench(t)
	type place struct {
		scan  bool // a scan has keys of its own
		where string
		keys.Stroke
	}
	seen := map[place]string{}
	help := fmt.Sprint(b.keyHelp()) // of all kinds
	for _, a := range b.actions {
		if a.Run == nil && a.Held == nil {
			t.Errorf("%q does nothing", a.Title)
		}
		for _, k := range a.Keys {
			at := place{a.Scan, a.Where, k}
			if other, ok := seen[at]; ok && a.When == nil { // keys of a state come before others
				t.Errorf("%v means both %q and %q", k, other, a.Title)
			}
			if a.When == nil {
				seen[at] = a.Title
			}
			if !strings.Contains(help, k.String()) || !strings.Contains(help, strings.TrimSuffix(a.Title, "…")) {
				t.Errorf("the help lacks %v, %q", k, a.Title)
			}
		}
		if a.Menu != "" && b.menus[a.Menu] == nil {
			t.Errorf("%q is in no menu: %q", a.Title, a.Menu)
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
	if b.c.State().Target.Score != score.Logit {
		t.Error("p does not explain the logit")
	}
	shown := b.win.Canvas().Capture()
	b.held(fyne.KeySpace, true)
	hidden := b.win.Canvas().Capture()
	b.held(fyne.KeySpace, false)
	if reflect.DeepEqual(shown, hidden) || !reflect.DeepEqual(shown, b.win.Canvas().Capture()) {
		t.Error("the space bar does not hide the map while it is held")
	}
	for _, r := range "wa?" { // panels open whatever is on the screen
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
		t.Errorf("pictures %d, banner %q", len(b.c.State().Images), b.banner.text.Text)
	}
}

func TestMissingRuntimeIsExplained(t *testing.T) {
	text := diagnosis(infer.Diagnosis{
		Err: "no library found; run make setup", Looked: []string{"/opt/lib"},
		Providers: []infer.Attempt{{Provider: infer.CUDA, Reason: "libcudnn.so.9 not found"}, {Provider: infer.CPU, OK: true}},
	})
	for _, want := range []string{"was not found", "No library found; run make setup.", "/opt/lib", "cuda: not usable. libcudnn.so.9", "cpu: usable"} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %q:\n%s", want, text)
		}
	}
}

func TestSmallWindowFits(t *testing.T) {
	b := newBench(t)
	b.explained()
	if m := b.win.Content().MinSize(); m.Width > 1024 || m.Height > 700-30 {
		t.Errorf("the window needs %v, which does not fit 1024×700", m)
	}
	b.c.Say(strings.Repeat("a long notice ", 30), control.Offer{Title: "Do something about it", Take: func() {}})
	if m := b.win.Content().MinSize(); m.Width > 1024 || m.Height > 700-30 {
		t.Errorf("under a notice the window needs %v, which does not fit 1024×700", m)
	}
}

func TestWindowRemembersItsColumns(t *testing.T) {
	b := newBench(t)
	l, r := b.columns.Widths()
	b.win.Resize(fyne.NewSize(1600, 900))
	if l2, r2 := b.columns.Widths(); int(l2+0.5) != int(l+0.5) || int(r2+0.5) != int(r+0.5) {
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

func TestInputsThatNeedConstantsAreAskedFor(t *testing.T) {
	b := newBench(t)
	b.explained()
	need := &metadata.InputsError{Path: "m.onnx", Inputs: []metadata.InputNeed{{Name: "image", Image: true}, {Name: "mask"}}, Err: fmt.Errorf("takes 2 inputs")}
	b.c.Tell("open m.onnx", fmt.Errorf("stage: %w", need))
	uitest.First[*widget.Button](t, b.banner.choices).OnTapped()
	if b.panel == nil {
		t.Error("nothing asks what the inputs get")
	}
}

func TestSheetFollowsTheWindow(t *testing.T) {
	b := newBench(t)
	b.explained()
	b.typedRune('w')
	if b.sheet == nil || b.panel == nil {
		t.Fatal("no sheet")
	}
	b.panel.Hide()
	if b.sheet != nil || b.panel != nil {
		t.Error("the sheet stays")
	}
}

// Esc leaves what is on top: here the covered picture, then the region.
func TestEscapeLeavesWhatIsOnTop(t *testing.T) {
	b := newBench(t)
	b.model.Known.Output = score.Output{Kind: score.Segmentation, Classes: 2, Axis: 1, Shape: []int{1, 2, 4, 4}, Region: score.Region{Box: []int{0, 0, 2, 1}}}
	b.explained()
	if !b.c.ProbeAt(4, 4) {
		t.Fatal("no covered picture")
	}
	b.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if b.c.State().Probe != nil || b.c.Region().Empty() {
		t.Error("Esc does not go back to the map alone")
	}
	b.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	b.ready(2)
	if !b.c.Region().Empty() {
		t.Error("Esc does not go back to the whole picture")
	}
}
