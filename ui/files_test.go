package ui

import (
	"bytes"
	"encoding/json"
	"errors"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/files"
	"picasso/backend/npy"
	"picasso/ui/control"
	"picasso/ui/control/listing"
	"picasso/ui/control/settings"
	"picasso/ui/report"
)

// clerk is a chooser that answers what the test tells it, when told.
type clerk struct {
	asked  chan string
	answer chan string
	err    error
}

func newClerk() *clerk { return &clerk{asked: make(chan string, 1), answer: make(chan string)} }

func (c *clerk) reply(title string) (string, error) {
	c.asked <- title
	return <-c.answer, c.err
}
func (c *clerk) Available() bool { return true }
func (c *clerk) Open(title, _ string, _ []string, _ string) (string, error) {
	return c.reply(title)
}
func (c *clerk) Folder(title, _ string) (string, error) { return c.reply(title) }
func (c *clerk) Save(title, name string, _ []string, _ string) (string, error) {
	return c.reply(title + " " + name)
}

func TestOneDialogAtATimeOffTheWindowsGoroutine(t *testing.T) {
	b := newBench(t)
	c := newClerk()
	b.params.Chooser = c
	b.typedRune('o') // returns although nobody has answered
	if title := <-c.asked; title != "Open a model" {
		t.Errorf("asked %q", title)
	}
	b.typedRune('i')
	select {
	case title := <-c.asked:
		t.Errorf("a second dialog, %q, over the first", title)
	default:
	}
	c.answer <- b.write("net.onnx")
	b.q.Until(t, "the model", func() bool { return b.c.State().Model != nil })
	b.typedRune('i')
	<-c.asked
	c.answer <- "" // cancelled
	b.q.Until(t, "the end of the dialog", func() bool { return !b.asker.Busy() })
	if b.c.State().Notice != nil {
		t.Errorf("cancelling is told: %+v", b.c.State().Notice)
	}
}

func TestBrokenDialogIsTold(t *testing.T) {
	b := newBench(t)
	c := newClerk()
	c.err = errors.New("the desktop has no file dialog; drop the file on the window")
	b.params.Chooser = c
	b.chooseFolder()
	<-c.asked
	c.answer <- ""
	b.q.Until(t, "a notice", func() bool { return b.c.State().Notice != nil })
	if !strings.Contains(b.banner.text.Text, "drop the file on the window") {
		t.Errorf("banner: %q", b.banner.text.Text)
	}
}

func TestWithoutSystemDialogsFynesOwnOpens(t *testing.T) {
	b := newBench(t)
	b.chooseModel()
	if b.win.Canvas().Overlays().Top() == nil || !b.asker.Busy() {
		t.Error("no dialog")
	}
}

func TestExportWritesPictureNumbersAndMeaning(t *testing.T) {
	b := newBench(t)
	b.explained()
	c := newClerk()
	b.params.Chooser = c
	b.exportMap()
	b.typedKey(&fyne.KeyEvent{Name: fyne.KeyReturn}) // the choices as they are
	if asked := <-c.asked; asked != "Save this map as PNG, NPY and JSON a-every.png" {
		t.Errorf("asked %q", asked)
	}
	c.answer <- filepath.Join(b.dir, "out", "map.png")
	b.q.Until(t, "a notice", func() bool { return b.c.State().Notice != nil })
	if b.c.State().Notice.Err == nil {
		t.Fatal("a folder that is not there was written to")
	}
	b.c.DismissAll()
	b.exportMap()
	b.typedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	<-c.asked
	c.answer <- filepath.Join(b.dir, "map.png")
	b.q.Until(t, "a notice", func() bool { return b.c.State().Notice != nil })
	if n := b.c.State().Notice; n.Err != nil {
		t.Fatal(n.Err)
	}
	checkExport(t, filepath.Join(b.dir, "map"))
}

// Files that are there are named before they are replaced; those that are open
// in the window are not replaced at all.
func TestExportAsksBeforeItReplaces(t *testing.T) {
	b := newBench(t)
	b.explained()
	c := newClerk()
	b.params.Chooser = c
	stem := filepath.Join(b.dir, "map")
	if err := os.WriteFile(stem+".json", []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	choose := func(path string) {
		t.Helper()
		b.exportMap()
		b.typedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		<-c.asked
		c.answer <- path
	}
	choose(stem + ".png")
	b.q.Until(t, "the question", func() bool { return b.panel != nil })
	var said string
	for _, o := range test.LaidOutObjects(b.win.Canvas().Overlays().Top()) {
		if l, ok := o.(*widget.Label); ok {
			said += l.Text + "\n"
		}
	}
	if !strings.Contains(said, "map.png, map.npy, map.json will be written") || !strings.Contains(said, "if you go on: map.json.") {
		t.Errorf("asked %s", said)
	}
	b.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if data, err := os.ReadFile(stem + ".json"); err != nil || string(data) != "mine" || exists(stem+".png") {
		t.Errorf("after a no: %s, %v", data, err)
	}
	choose(stem + ".png")
	b.q.Until(t, "the question", func() bool { return b.panel != nil })
	test.Tap(button(t, b.win.Canvas().Overlays().Top(), "Replace"))
	b.q.Until(t, "a notice", func() bool { return b.c.State().Notice != nil })
	checkExport(t, stem)
	b.c.DismissAll()

	in := b.c.State().Images[0].Path
	before, err := os.ReadFile(in)
	if err != nil {
		t.Fatal(err)
	}
	choose(in)
	b.q.Until(t, "the question", func() bool { return b.panel != nil })
	test.Tap(button(t, b.win.Canvas().Overlays().Top(), "Replace"))
	b.q.Until(t, "a notice", func() bool { return b.c.State().Notice != nil })
	after, err := os.ReadFile(in)
	if n := b.c.State().Notice; n.Err == nil || !strings.Contains(n.Err.Error(), "is open here") || err != nil || !bytes.Equal(before, after) {
		t.Errorf("notice %+v, %v", n, err)
	}
}

// Whatever step of the disk fails, each of the files is the old or the new one.
func TestExportOnAFailingDiskKeepsWhatWasThere(t *testing.T) {
	b := newBench(t)
	b.explained()
	subject, shown, err := b.explain.Picture.Reported()
	if err != nil {
		t.Fatal(err)
	}
	form := settings.Figure{Width: 400, SVG: true}
	folder := t.TempDir()
	path := filepath.Join(folder, "map.png")
	export := func() error {
		b.c.DismissAll()
		b.c.Export(path, subject, shown, form)
		b.q.Until(t, "a notice", func() bool { return b.c.State().Notice != nil })
		return b.c.State().Notice.Err
	}
	if err := export(); err != nil {
		t.Fatal(err)
	}
	fresh := map[string]string{}
	for _, p := range control.ExportFiles(path, form.SVG) {
		data, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		fresh[p] = string(data)
	}
	for n := 1; ; n++ {
		for p := range fresh {
			if err := os.WriteFile(p, []byte("old"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		var count atomic.Int32
		restore := files.Fail(func(files.Step, string) error {
			if int(count.Add(1)) == n {
				return syscall.ENOSPC
			}
			return nil
		})
		err := export()
		restore()
		for p, want := range fresh {
			if data, err := os.ReadFile(p); err != nil || string(data) != "old" && string(data) != want {
				t.Errorf("step %d: %s has %d bytes, %v", n, filepath.Base(p), len(data), err)
			}
		}
		if entries, err := os.ReadDir(folder); err != nil || len(entries) != 4 {
			t.Errorf("step %d leaves %v, %v", n, entries, err)
		}
		if int(count.Load()) < n {
			if err != nil || n < 12 {
				t.Errorf("%d steps, %v", n, err)
			}
			return
		}
		if !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("step %d: %v", n, err)
		}
	}
}

func checkExport(t *testing.T, stem string) {
	t.Helper()
	f, err := os.Open(stem + ".png")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if m, err := png.Decode(f); err != nil || m.Bounds().Dx() < 32 {
		t.Errorf("figure %v: %v", m.Bounds(), err)
	}
	numbers, err := os.Open(stem + ".npy")
	if err != nil {
		t.Fatal(err)
	}
	defer numbers.Close()
	a, err := npy.Read(numbers, 1<<20)
	if err != nil || len(a.Shape) != 2 || a.Shape[0] != 16 || len(a.Data) != 256 {
		t.Errorf("numbers %v: %v", a.Shape, err)
	}
	data, err := os.ReadFile(stem + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var written report.Report
	if err := json.Unmarshal(data, &written); err != nil {
		t.Fatal(err)
	}
	about := written.Maps[0]
	if about.Class.Name != "white" || about.Visualizer != "every" || about.Settings["int"] != "5" || about.Unit == "" {
		t.Errorf("meaning: %s", data)
	}
}

func TestExportWithoutAMapSaysSo(t *testing.T) {
	b := newBench(t)
	b.exportMap()
	if n := b.c.State().Notice; n == nil || n.Err != control.ErrNoMap {
		t.Errorf("notice %+v", n)
	}
}

func TestLastSessionIsOpenedAgain(t *testing.T) {
	b := newBench(t)
	s := b.c.Settings()
	s.Model, s.Images = b.write("last.onnx"), []string{b.picture("last.png", 90)}
	b.Start()
	b.ready(1)
	if b.c.State().Images[0].Name != "last.png" || b.c.State().Notice != nil {
		t.Errorf("pictures %v, notice %v", b.c.State().Images[0], b.c.State().Notice)
	}
}

func TestMenusHoldSamplesAndRecentModels(t *testing.T) {
	b := newBench(t)
	b.explained()
	var samples, recent *fyne.MenuItem
	for _, item := range b.menus["File"].Items {
		switch item.Label {
		case "Samples":
			samples = item
		case "Recent models":
			recent = item
		}
	}
	if samples == nil || len(samples.ChildMenu.Items) != 1 || recent == nil || len(recent.ChildMenu.Items) != 1 {
		t.Fatalf("samples %v, recent %v", samples, recent)
	}
	samples.ChildMenu.Items[0].Action()
	b.q.Until(t, "the sample", func() bool { return len(b.c.State().Images) == 1 && b.c.State().Images[0].Name == "s.png" })
}

func TestSampleOpensWhereThereIsMostToSee(t *testing.T) {
	b := newBench(t)
	b.openSample(Sample{Name: "Slices", First: 1, Unpack: func() (string, []string, error) {
		return b.write("s.onnx"), []string{b.picture("1.png", 20), b.picture("2.png", 200), b.picture("3.png", 90)}, nil
	}})
	b.ready(1)
	if s := b.c.State(); len(s.Images) != 3 || s.Current != 1 || s.Look == nil || s.Look.Image.Name != "2.png" {
		t.Errorf("%d pictures, the current one is %d", len(s.Images), s.Current)
	}
}

func TestDropOfSomethingElse(t *testing.T) {
	b := newBench(t)
	b.dropped(nil)
	if n := b.c.State().Notice; n == nil || !strings.Contains(b.banner.text.Text, "save the picture first") {
		t.Errorf("notice %+v", n)
	}
}

// The menu and the palette save what the model says of the listed images.
func TestPredictionsAreSavedFromTheWindow(t *testing.T) {
	b := newBench(t)
	b.typedRune('/') // no list yet
	if b.win.Canvas().Focused() != nil {
		t.Error("a filter that is not shown takes the keys")
	}
	b.saver.Predictions()
	if b.c.State().Notice == nil || !strings.Contains(b.banner.text.Text, "no model is open") && !strings.Contains(b.banner.text.Text, "No model is open") {
		t.Errorf("without a model: %q", b.banner.text.Text)
	}
	b.c.DismissAll()
	b.explained()
	b.dropped([]fyne.URI{file(b.picture("b.png", 20))})
	b.ready(2)
	b.q.Until(t, "all answers", func() bool {
		return b.c.State().Images[0].Best != nil && b.c.State().Images[1].Best != nil
	})
	a := b.action("Save predictions…")
	if a == nil || a.Menu != "File" || len(a.Keys) == 0 {
		t.Fatalf("no such action: %+v", a)
	}
	path, c := filepath.Join(b.dir, "predictions.csv"), newClerk()
	b.params.Chooser = c
	a.Run()
	if asked := <-c.asked; asked != "Save the predictions as CSV predictions.csv" {
		t.Errorf("asked %q", asked)
	}
	c.answer <- strings.TrimSuffix(path, ".csv")
	b.q.Until(t, "the file", func() bool { return b.c.State().Notice != nil })
	data, err := os.ReadFile(path)
	if err != nil || strings.Count(string(data), "\n") != 3 {
		t.Errorf("%v: %s", err, data)
	}
	b.typedRune('/')
	if b.win.Canvas().Focused() == nil {
		t.Error("/ does not lead to the filter")
	}
	b.win.Canvas().Unfocus()
	for _, title := range []string{"Sort pictures by confidence", "Sort pictures as added"} {
		b.action(title).Run()
	}
	if l := b.c.State().Listing; l.By != listing.Added || l.Reverse {
		t.Errorf("sorted %+v", l)
	}
}
