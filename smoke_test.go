//go:build !cli

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jezek/xgb/xproto"

	"picasso/assets"
	"picasso/assets/assetstest"
	"picasso/assets/scenes"
	"picasso/backend/ort"
	"picasso/ui/cli"
	"picasso/ui/xtest"
)

// The screen, and where on it things are, give or take.
var (
	screen      = image.Pt(1280, 800)
	pictureArea = image.Rect(270, 120, 890, 560)
	rightColumn = image.Rect(930, 345, 1270, 700)
	bannerArea  = image.Rect(500, 32, 1200, 72)
	listArea    = image.Rect(5, 300, 220, 620)
	middle      = image.Pt(600, 350)
	agree       = image.Pt(709, 526) // the right one of a question's two buttons
)

// TestSmoke uses the real program as a new user would, on a virtual screen:
// the sample is explained, a model and a picture are dropped on it, a slider
// moves, the grid opens, the window closes.
//
// PICASSO_SCREENSHOTS names a folder that keeps what was seen.
func TestSmoke(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 6*time.Minute)
	defer cancel()
	p := start(ctx, t)

	p.awaitTitle("tanks-biased.onnx")
	p.awaitOverlay("the sample is explained")
	p.keep("sample")

	folder := p.samples("tanks-fair")
	p.must(p.Drop(middle, filepath.Join(folder, "tanks-fair.onnx"), filepath.Join(folder, "5-tank-clear.png")))
	p.awaitTitle("tanks-fair.onnx")
	p.awaitOverlay("the dropped model is explained")
	p.keep("dropped")

	before := p.look()
	knob := p.findKnob(before)
	p.must(p.Drag(knob, knob.Add(image.Pt(60, 0))))
	p.awaitChange("the map follows the slider", before, 0.02)
	p.awaitOverlay("there is a map after the slider moved")
	p.keep("slider")

	before = p.look()
	p.must(p.Key('g'))
	p.awaitChange("the grid opens", before, 0.05)
	p.keep("grid")
	p.must(p.Key('g'))
	p.awaitOverlay("the picture is back")

	p.byKeys()
	p.savesAndCopies()

	before = p.look()
	p.must(p.Drop(middle, p.writeFile("report.onnx", "<!DOCTYPE html><html><body>not a model</body></html>")))
	p.settle()
	p.must(xtest.Await(p.ctx, "a wrong file is answered above the picture", func() (bool, error) {
		return changedIn(bannerArea, before, p.look()) > 0.02, nil
	}))
	if moved := changed(before, p.look()); moved > 0.02 {
		t.Errorf("the answer moved %.3f of the picture", moved)
	}
	p.keep("wrong-file")
	p.quit()
}

// byKeys goes through the groups of methods, the stage, the panels and the
// palette with the keyboard alone.
func (p *program) byKeys() {
	p.t.Helper()
	const behindPalette = "the window behind the palette"
	for _, step := range []struct {
		what string
		do   func() error
	}{
		{"the group of layers", func() error { return p.KeyWith(xtest.Control, '4') }},
		{"the group of gradients", func() error { return p.KeyWith(xtest.Control, '3') }},
		{"its third method", func() error { return p.Key('3') }},
		{"the stage", func() error { return p.Key(xtest.F11) }},
		{"the window again", func() error { return p.Key(xtest.Escape) }},
		{"the picture without panels", func() error { return p.Key(xtest.F9) }},
		{"the panels again", func() error { return p.Key(xtest.F9) }},
		{"the palette", func() error { return p.KeyWith(xtest.Control, 'k') }},
		{behindPalette, func() error { return p.Key(xtest.Escape) }},
		{"the keys", func() error { return p.KeyWith(xtest.Control, xtest.F1) }},
		{"the window behind the keys", func() error { return p.Key(xtest.Return) }},
		{"the sheet of the model", func() error { return p.Key('e') }},
		{"the window behind the sheet", func() error { return p.Key(xtest.Escape) }},
		{"what the model sees", func() error { return p.Key('w') }},
		{"the window behind it", func() error { return p.Key(xtest.Escape) }},
		{"the choices of DICOM objects", func() error { return p.KeyWith(xtest.Control, 'd') }},
		{"the window behind them", func() error { return p.Key(xtest.Escape) }},
		{"the table after Tab, which gives a button the keys", func() error { return errors.Join(p.Key(xtest.Tab), p.Key(xtest.Tab), p.Key('g')) }},
		{"the sheet of methods and classes", func() error { return p.Key('m') }},
		{"the view of two models", func() error { return p.Key('x') }},
		{"the network", func() error { return p.Key(xtest.F3) }},
		{"the audit", func() error { return p.Key(xtest.F4) }},
		{"the workspace", func() error { return p.Key(xtest.F1) }},
		{"the group of covering", func() error { return p.KeyWith(xtest.Control, '2') }},
	} {
		if step.what != behindPalette { // where a cursor blinks
			p.settle()
		}
		before := p.look()
		p.must(step.do())
		p.awaitChange(step.what+" by keys", before, 0.02)
		p.keep(strings.ReplaceAll(step.what, " ", "-"))
	}
	p.awaitOverlay("there is a map after going through everything by keys")
	p.menusByKeys()
	p.saveByKeys()
	p.tableByKeys()
}

// tableByKeys goes through the results table, saves it, and opens a picture of it.
func (p *program) tableByKeys() {
	p.t.Helper()
	before := p.look()
	p.must(p.Key('g'))
	p.awaitChange("the table", before, 0.05)
	p.settle()
	before = p.look()
	p.must(errors.Join(p.Key(xtest.Down), p.Key('k'), p.Key('.'))) // another row, scale and method
	p.awaitChange("the table of another method", before, 0.02)
	p.settle()
	p.keep("table-by-keys")
	p.must(p.Key(','))
	p.settle()
	p.must(p.KeyWith(xtest.Control, 'e'))
	p.saveAs("Save this table as PNG and CSV", "table", "table.png", "table.csv")
	before = p.look()
	p.must(p.Key(xtest.Return))
	p.awaitChange("the row's picture in Explain", before, 0.1)
	p.awaitOverlay("the picture of the row has its map")
}

// menusByKeys opens menus, goes from one to the next, and opens what lies below.
func (p *program) menusByKeys() {
	p.t.Helper()
	under := image.Rect(0, 26, 420, 300) // the menu bar
	for _, step := range []struct {
		what string
		do   func() error
	}{
		{"the menu View by Alt+V", func() error { return p.KeyWith(xtest.Alt, 'v') }},
		{"the menu beside it", func() error { return p.Key(xtest.Right) }},
		{"no menu", func() error { return p.Key(xtest.Escape) }},
		{"the menu File by F10", func() error { return p.Key(xtest.F10) }},
		{"no menu again", func() error { return p.Key(xtest.Escape) }},
	} {
		before := p.look()
		p.must(step.do())
		p.must(xtest.Await(p.ctx, step.what, func() (bool, error) { return changedIn(under, before, p.look()) > 0.02, nil }))
		p.settle()
	}
	before := p.look()
	p.must(errors.Join(p.KeyWith(xtest.Alt, 'h'), p.Key(xtest.Down), p.Key(xtest.Return))) // Find an action…
	p.awaitChange("the palette from the menu Help", before, 0.02)
	p.must(p.Key(xtest.Escape))
	p.awaitOverlay("the picture behind the palette")
}

// saveByKeys saves the map by the system's dialog, which is a child of the window
// and says what it asks.
func (p *program) saveByKeys() {
	p.t.Helper()
	before := p.look()
	p.must(p.KeyWith(xtest.Control, 'e'))
	p.awaitChange("the choices of saving", before, 0.1)
	p.must(p.Key(xtest.Return)) // the highlighted button
	p.saveAs("Save this map as PNG, NPY and JSON", "map", "map.png", "map.npy", "map.json")
	p.awaitOverlay("the picture behind the dialog")
}

// saveAs types a name into the system's dialog with a title, which is a child of the
// window, and awaits the files.
func (p *program) saveAs(title, stem string, files ...string) {
	p.t.Helper()
	folder, err := os.MkdirTemp("", "saved") // a name that can be typed without Shift
	p.must(err)
	p.t.Cleanup(func() { os.RemoveAll(folder) })
	p.must(xtest.Await(p.ctx, "a dialog that says what it asks", func() (bool, error) {
		_, _, ok := p.Window(title)
		return ok, nil
	}))
	main, _, _ := p.Window("Picasso")
	dialog, _, _ := p.Window(title)
	if parent := p.Parent(dialog); parent != main {
		p.t.Errorf("the dialog is a child of %#x, the window is %#x", parent, main)
	}
	p.settle()
	p.must(p.Focus(dialog))
	for _, r := range folder + "/" + stem { // what is selected is the name without its ending
		p.must(p.Key(xproto.Keysym(r)))
	}
	p.must(p.Key(xtest.Return))
	for _, name := range files {
		p.must(xtest.Await(p.ctx, name+" to be written", func() (bool, error) {
			info, err := os.Stat(filepath.Join(folder, name))
			return err == nil && info.Size() > 0, nil
		}))
	}
	p.must(p.Focus(main))
	p.settle()
}

// savesAndCopies opens and closes the choices of saving, and copies the figure for
// another program, with the keyboard alone.
func (p *program) savesAndCopies() {
	p.t.Helper()
	p.settle()
	before := p.look()
	p.must(p.KeyWith(xtest.Control, 'e'))
	p.awaitChange("the choices of saving by keys", before, 0.1)
	p.keep("saving")
	p.settle()
	before = p.look()
	p.must(p.Key(xtest.Escape))
	p.awaitChange("the window behind the choices", before, 0.1)
	p.settle()
	p.find("copy the figure")
	var figure image.Image
	p.must(xtest.Await(p.ctx, "the figure on the clipboard", func() (bool, error) {
		data, err := p.Clipboard("image/png", time.Second)
		if err != nil {
			return false, nil // nobody owns it yet
		}
		figure, err = png.Decode(bytes.NewReader(data))
		return true, err
	}))
	if figure.Bounds().Dx() != 1600 {
		p.t.Errorf("pasted a figure of %v", figure.Bounds())
	}
}

// TestSmokeScan uses the program as somebody with a CT would: a model and a
// folder of slices are dropped, the notice is agreed to, the wheel goes through
// slices, a drag changes the window, the map stands beside the bare slice.
func TestSmokeScan(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Minute)
	defer cancel()
	p := start(ctx, t)
	p.awaitTitle("tanks-biased.onnx")

	folder := p.samples("ct")
	p.must(p.Drop(middle, filepath.Join(folder, "nodules.onnx"), filepath.Join(folder, "slices")))
	p.awaitTitle("nodules.onnx")
	p.settle()
	p.keep("scan-notice")
	p.clickUntil("the notice goes", agree, 0.2)
	p.settle()

	for _, step := range []struct {
		what string
		do   func() error
	}{
		{"the wheel shows another slice", func() error { return p.Scroll(middle, false, 8) }},
		{"a drag changes window and level", func() error { return p.Drag(middle, middle.Add(image.Pt(-80, 30))) }},
		{"the bare slice comes beside the map", func() error { return p.Key('y') }},
		{"a key mirrors what is shown", func() error { return p.Key('h') }},
	} {
		before := p.look()
		p.must(step.do())
		p.awaitChange(step.what, before, 0.03)
		p.settle()
	}
	p.keep("scan")
	p.quit()
}

// TestSmokeAudit audits a data set with the keyboard alone: a model and a folder with a
// folder for each class are dropped, the audit is started, every page of it is looked at,
// a picture is explained, a selection becomes the list.
func TestSmokeAudit(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Minute)
	defer cancel()
	p := start(ctx, t)
	p.awaitTitle("tanks-biased.onnx")
	p.awaitOverlay("the sample is explained")

	before := p.look()
	p.must(p.Drop(middle, p.dataSet(44)))
	p.must(xtest.Await(p.ctx, "the audit is offered", func() (bool, error) { return changedIn(bannerArea, before, p.look()) > 0.02, nil }))
	p.settle()
	p.find("listed pictures")
	p.settle()
	p.keep("audit-setup")
	before = p.look()
	p.must(p.Key(xtest.Return)) // the highlighted button
	p.awaitChange("the audit begins", before, 0.02)
	p.awaitReport()
	for _, step := range []struct {
		what string
		do   func() error
	}{
		{"the ways", func() error { return p.Key('2') }},
		{"the table", func() error { return p.Key('3') }},
		{"the sheet", func() error { return p.Key('4') }},
		{"the sheet without maps", func() error { return p.Key(xproto.Keysym(' ')) }},
		{"the plane", func() error { return p.Key('5') }},
		{"some pictures of the plane", func() error { return p.Drag(image.Pt(280, 420), image.Pt(880, 640)) }},
		{"the answers", func() error { return p.Key('6') }},
		{"what to look at", func() error { return p.Key('1') }},
		{"the sheet again", func() error { return p.Key('4') }},
		{"the first picture in Explain", func() error { return errors.Join(p.Key(xtest.Right), p.Key(xtest.Return)) }},
	} {
		p.settle()
		before := p.look()
		p.must(step.do())
		p.awaitChange(step.what+" by keys", before, 0.02)
		p.keep("audit-" + strings.ReplaceAll(step.what, " ", "-"))
	}
	p.awaitOverlay("the picture of the audit is explained")

	p.must(p.Key(xtest.F4))
	p.settle()
	before = p.look()
	p.find("make these the list")
	p.must(xtest.Await(p.ctx, "the selection becomes the list", func() (bool, error) { return changedIn(listArea, before, p.look()) > 0.02, nil }))
	p.keep("audit-list")
	p.quit()
}

// dataSet is a folder of n scenes, with a folder for each class.
func (p *program) dataSet(n int) string {
	p.t.Helper()
	folder := p.t.TempDir()
	for i := range n {
		o := scenes.Options{Seed: 9_700_000 + uint64(i/4), Tank: i&1 > 0, Clouds: i&2 > 0}
		class := filepath.Join(folder, map[bool]string{false: "no tank", true: "tank"}[o.Tank])
		p.must(os.MkdirAll(class, 0o777))
		var text bytes.Buffer
		p.must(png.Encode(&text, scenes.Generate(o).Image))
		p.must(os.WriteFile(filepath.Join(class, fmt.Sprintf("%02d.png", i)), text.Bytes(), 0o666))
	}
	return folder
}

// find does the action that the palette finds for some words.
func (p *program) find(words string) {
	p.t.Helper()
	before := p.look()
	p.must(p.KeyWith(xtest.Control, 'k'))
	p.awaitChange("the palette", before, 0.02)
	for _, letter := range words {
		p.must(p.Key(xproto.Keysym(letter)))
	}
	p.must(p.Key(xtest.Return))
}

// awaitReport waits until an audit that is kept for a while is written.
func (p *program) awaitReport() {
	p.t.Helper()
	p.must(xtest.Await(p.ctx, "the report of the audit", func() (found bool, err error) {
		err = filepath.WalkDir(p.home, func(path string, _ fs.DirEntry, err error) error {
			found = found || filepath.Base(path) == "report.html"
			if errors.Is(err, fs.ErrNotExist) { // files come and go
				return nil
			}
			return err
		})
		return found, err
	}))
	p.settle()
}

// program is the running program and its screen.
type program struct {
	*xtest.Display
	size image.Point
	t    *testing.T
	ctx  context.Context
	cmd  *exec.Cmd
	log  *lines // what it says
	home string // folder
}

// lines is text that is read while it is written.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// start builds the program and opens it on a screen of its own, with a home
// folder in which nothing is yet.
func start(ctx context.Context, t *testing.T) *program { return startOn(ctx, t, screen) }

// startOn is start on a screen of another size; through is a command that runs it.
func startOn(ctx context.Context, t *testing.T, size image.Point, through ...string) *program {
	t.Helper()
	engine, err := ort.Load(ort.Config{})
	if err != nil {
		t.Skipf("the window cannot explain anything: %v", err)
	}
	display, err := xtest.Open(ctx, size.X, size.Y)
	if errors.Is(err, xtest.ErrNoServer) {
		t.Skip("no virtual screen: install Xvfb (`make smoke` does)")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(display.Close)
	binary := build(ctx, t)
	cmd := exec.CommandContext(ctx, binary)
	if len(through) > 0 {
		cmd = exec.CommandContext(ctx, through[0], append(through[1:len(through):len(through)], binary)...)
	}
	home := t.TempDir()
	cmd.Env = surroundings(display, home, engine.Library())
	log := &lines{}
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &program{Display: display, size: size, t: t, ctx: ctx, cmd: cmd, log: log, home: home}
	t.Cleanup(func() {
		cmd.Process.Kill()
		if t.Failed() {
			p.keep("failed")
			t.Logf("the program said:\n%s", log.String())
		}
		if strings.Contains(log.String(), "Error in Fyne call thread") {
			t.Errorf("a widget was changed on a wrong goroutine:\n%s", log.String())
		}
		if strings.Contains(log.String(), "locale") {
			t.Errorf("the toolkit complains about the language:\n%s", log.String())
		}
	})
	return p
}

// surroundings are the environment of a program on a screen, with a home folder and the
// library that runs models.
func surroundings(d *xtest.Display, home, library string) []string {
	return append(os.Environ(), "DISPLAY="+d.Name, "HOME="+home, "LANG=C.UTF-8", "LC_ALL=", "LANGUAGE=",
		"XDG_CONFIG_HOME=", "XDG_CACHE_HOME=", "WAYLAND_DISPLAY=", "GSETTINGS_BACKEND=memory", ort.Variable+"="+library)
}

// build makes the program and returns its path.
func build(ctx context.Context, t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "picasso")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return binary
}

// A slip in a subcommand is told as such, with a screen or without.
func TestMistypedSubcommandIsNoWindow(t *testing.T) {
	binary := build(t.Context(), t)
	cmd := exec.CommandContext(t.Context(), binary, "exlpain", "--model", "m.onnx")
	cmd.Env = append(os.Environ(), "DISPLAY=", "WAYLAND_DISPLAY=", "HOME="+t.TempDir(), "XDG_CONFIG_HOME=", "XDG_CACHE_HOME=")
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState.ExitCode() != cli.Usage || !strings.Contains(string(out), `neither a file nor a subcommand; did you mean "explain"?`) {
		t.Errorf("exit code %d, %v: %s", cmd.ProcessState.ExitCode(), err, out)
	}
}

func TestWithoutAScreenTheProgramSaysSo(t *testing.T) {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		t.Skip("these systems always have a screen")
	}
	binary := build(t.Context(), t)
	for _, display := range []string{"", ":4711"} {
		cmd := exec.CommandContext(t.Context(), binary)
		cmd.Env = append(os.Environ(), "DISPLAY="+display, "WAYLAND_DISPLAY=", "HOME="+t.TempDir(), "XDG_CONFIG_HOME=", "XDG_CACHE_HOME=")
		out, err := cmd.CombinedOutput()
		if cmd.ProcessState.ExitCode() != cli.Unusable || !strings.Contains(string(out), "no window can be opened") {
			t.Errorf("DISPLAY=%q: %v, says %q", display, err, out)
		}
	}
}

func (p *program) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *program) awaitTitle(part string) {
	p.t.Helper()
	p.must(xtest.Await(p.ctx, "title with "+part, func() (bool, error) {
		w, _, ok := p.Window("Picasso")
		return ok && strings.Contains(p.Title(w), part), nil
	}))
	w, _, _ := p.Window("Picasso")
	p.must(p.Resize(w, p.size.X, p.size.Y))
	p.must(p.Focus(w))
}

// awaitOverlay waits until hiding the map changes the picture and showing it
// again changes it back: then there is one, and nothing else is moving.
func (p *program) awaitOverlay(what string) {
	p.t.Helper()
	p.must(xtest.Await(p.ctx, what, func() (bool, error) {
		with := p.look()
		hidden, err := p.toggles(func() bool { return changed(with, p.look()) > 0.05 })
		if err != nil {
			return false, err
		}
		shown, err := p.toggles(func() bool { return changed(with, p.look()) < 0.01 })
		return hidden && shown, err
	}))
}

// toggles presses the key that hides or shows the map, and reports whether that
// soon had the effect.
func (p *program) toggles(effect func() bool) (bool, error) {
	if err := p.Key('h'); err != nil {
		return false, err
	}
	short, cancel := context.WithTimeout(p.ctx, 2*time.Second)
	defer cancel()
	return xtest.Await(short, "the key", func() (bool, error) { return effect(), nil }) == nil, nil
}

// findKnob is the middle of the topmost slider's knob: the first spot of one
// colour that is larger than any stroke of a letter.
func (p *program) findKnob(shot *image.RGBA) image.Point {
	p.t.Helper()
	const side = 7
	ground := shot.RGBAAt(rightColumn.Min.X, rightColumn.Min.Y)
	for y := rightColumn.Min.Y; y < rightColumn.Max.Y-side; y++ {
		for x := rightColumn.Min.X; x < rightColumn.Max.X-side; x++ {
			c := shot.RGBAAt(x, y)
			if max(c.G, ground.G)-min(c.G, ground.G) > 120 && uniform(shot, image.Rect(x, y, x+side, y+side)) {
				return image.Pt(x+side/2, y+side/2)
			}
		}
	}
	p.t.Fatal("no slider on the screen")
	return image.Point{}
}

func uniform(shot *image.RGBA, r image.Rectangle) bool {
	first := shot.RGBAAt(r.Min.X, r.Min.Y)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			if shot.RGBAAt(x, y) != first {
				return false
			}
		}
	}
	return true
}

// awaitChange waits until more than a share of the picture area looks
// different.
func (p *program) awaitChange(what string, before *image.RGBA, share float64) {
	p.t.Helper()
	p.must(xtest.Await(p.ctx, what, func() (bool, error) { return changed(before, p.look()) > share, nil }))
}

// clickUntil clicks until the screen changes: on a busy machine what is to be
// clicked may come late.
func (p *program) clickUntil(what string, at image.Point, share float64) {
	p.t.Helper()
	for p.ctx.Err() == nil {
		before := p.look()
		p.must(p.Click(at))
		short, cancel := context.WithTimeout(p.ctx, 10*time.Second)
		err := xtest.Await(short, what, func() (bool, error) { return changed(before, p.look()) > share, nil })
		cancel()
		if err == nil {
			return
		}
	}
	p.must(fmt.Errorf("%s: %w", what, p.ctx.Err()))
}

func (p *program) look() *image.RGBA {
	p.t.Helper()
	shot, err := p.Screenshot()
	p.must(err)
	return shot
}

// changed is the share of pixels of the picture area that differ visibly.
func changed(a, b *image.RGBA) float64 { return changedIn(pictureArea, a, b) }

func changedIn(area image.Rectangle, a, b *image.RGBA) float64 {
	n := 0
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			p, q := a.RGBAAt(x, y), b.RGBAAt(x, y)
			if apart(p.R, q.R) || apart(p.G, q.G) || apart(p.B, q.B) {
				n++
			}
		}
	}
	return float64(n) / float64(area.Dx()*area.Dy())
}

func apart(a, b uint8) bool { return max(a, b)-min(a, b) > 8 }

func (p *program) keep(name string) {
	folder := os.Getenv("PICASSO_SCREENSHOTS")
	if folder == "" {
		return
	}
	f, err := os.Create(filepath.Join(folder, name+".png"))
	p.must(err)
	defer f.Close()
	p.must(png.Encode(f, p.look()))
}

// samples unpacks an embedded sample where a user might keep files.
func (p *program) samples(name string) string {
	p.t.Helper()
	folder, err := assets.Extract(filepath.Join(p.t.TempDir(), "my tänks"), assetstest.Sample(p.t, name))
	p.must(err)
	return folder
}

func (p *program) writeFile(name, text string) string {
	p.t.Helper()
	path := filepath.Join(p.t.TempDir(), name)
	p.must(os.WriteFile(path, []byte(text), 0o666))
	return path
}

// quit asks the program to end, as a session manager does, and expects it to.
func (p *program) quit() {
	p.t.Helper()
	p.must(p.cmd.Process.Signal(syscall.SIGTERM))
	if err := p.cmd.Wait(); err != nil {
		p.t.Fatalf("the program did not end well: %v", err)
	}
}
