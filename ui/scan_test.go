package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"picasso/backend"
	"picasso/backend/picture/dicom"
	"picasso/ui/control"
	"picasso/ui/control/settings"
	"picasso/visualizers"
)

// scan writes a series of n slices of 32×32 whose files are named after a
// patient, and returns its folder.
func (b *bench) scan(n int) string {
	b.t.Helper()
	folder := filepath.Join(b.dir, "DOE^JANE")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		b.t.Fatal(err)
	}
	for i := range n {
		s := dicom.Slice{Rows: 32, Columns: 32, Values: make([]int16, 32*32), Spacing: 2, Thickness: 5,
			Position: [3]float64{-31, -31, 5 * float64(i)}, Number: i + 1, Root: "2.25.6", Center: 40, Width: 400}
		for k := range s.Values {
			s.Values[k] = int16(k%32*20 + i)
		}
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("DOE^JANE-%d.dcm", i)), s.Encode(), 0o600); err != nil {
			b.t.Fatal(err)
		}
	}
	return folder
}

// scanned has a model and a series of three slices, agreed to.
func scanned(t *testing.T) *bench {
	t.Helper()
	b := newBench(t)
	b.c.Settings().ResearchUse = true
	b.dropped([]fyne.URI{file(b.write("m.onnx")), file(b.scan(3))})
	b.ready(1)
	return b
}

func TestScanIsOneEntryWithSlices(t *testing.T) {
	b := scanned(t)
	s, p := b.c.State(), b.Window.picture
	if len(s.Images) != 1 || s.Images[0].Name != "CT, 3 slices" || s.Consent {
		t.Fatalf("%d entries, %+v", len(s.Images), s.Images[0])
	}
	if !p.scan.head.Visible() || !p.scan.foot.Visible() || p.scan.slider.Max != 2 {
		t.Error("the parts for scans are not there")
	}
	p.scan.slider.SetValue(2)
	b.ready(2)
	if s.Look.Slice != 2 || p.scan.label.Text != "Slice 3 / 3" || !strings.Contains(strings.Join(p.scan.notes().BottomLeft, " "), "slice 3 / 3") {
		t.Errorf("slice %d, %q", s.Look.Slice, p.scan.label.Text)
	}
	p.hover(3, 1, true)
	if !strings.Contains(p.readout.Text, "62 HU") || !strings.Contains(p.readout.Text, "(-25.0, -29.0, 10.0 mm)") {
		t.Errorf("reads %q", p.readout.Text)
	}
	b.dropped([]fyne.URI{file(b.picture("photo.png", 90))})
	b.ready(3)
	if p.scan.head.Visible() || p.scan.foot.Visible() {
		t.Error("an ordinary picture looks like a scan")
	}
}

func TestKeysOfScansHoldForScansOnly(t *testing.T) {
	b := scanned(t)
	runs, calls := b.every.count(), b.model.calls.Load()
	b.typedRune('3')
	if v, _ := b.c.Viewing(); v.Window.Name != "lung" || b.c.State().Tab != 0 {
		t.Errorf("3 shows %+v", v.Window)
	}
	b.typedRune('0')
	if v, _ := b.c.Viewing(); v.Window.Name != "auto" {
		t.Errorf("0 shows %+v", v.Window)
	}
	b.typedRune('1')
	b.typedRune('I')
	if v, _ := b.c.Viewing(); v.Window.Width != 400 || !v.Inverted {
		t.Errorf("1 and I show %+v", v)
	}
	b.typedRune('h')
	b.typedRune('r')
	b.typedRune('v')
	turned := b.Window.picture.image.Turn()
	if turned != b.Window.picture.bare.Turn() || turned.Quarters == 0 {
		t.Errorf("turned %+v", turned)
	}
	b.Window.picture.image.OnWindow(24, 0)
	if v, _ := b.c.Viewing(); v.Window.Width < 410 {
		t.Errorf("a drag made it %v", v.Window.Width)
	}
	if b.every.count() != runs || b.model.calls.Load() > calls+2 { // the other slices' answers
		t.Error("looking at a scan ran the model")
	}
	test.DoubleTap(b.Window.picture.image)
	if v, _ := b.c.Viewing(); v.Inverted || v.Window.Width != 400 || b.Window.picture.image.Turn().Quarters != 0 {
		t.Errorf("a double click leaves %+v", v)
	}
	b.typedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	if b.c.State().Selected().Slice != 1 {
		t.Error("the arrow does not go to the next slice")
	}
	b.dropped([]fyne.URI{file(b.picture("photo.png", 90))})
	b.q.until(t, "the photo", func() bool { return b.c.State().Current == 1 })
	b.typedRune('2')
	if b.c.State().Tab != 1 {
		t.Error("over a photo 2 is no tab")
	}
}

func TestSideBySideIsLinked(t *testing.T) {
	b := scanned(t)
	p := b.Window.picture
	b.typedRune('y')
	if !p.sideBySide() || !b.c.Settings().SideBySide {
		t.Fatal("not side by side")
	}
	p.bare.ZoomBy(2)
	if p.image.View() != p.bare.View() || p.image.View().Zoom != 2 {
		t.Errorf("views %+v and %+v", p.image.View(), p.bare.View())
	}
	p.bare.OnHover(4, 5, true)
	if !strings.Contains(p.readout.Text, "x 4  y 5") || p.bar == nil {
		t.Errorf("reads %q", p.readout.Text)
	}
	b.dropped([]fyne.URI{file(b.picture("photo.png", 90))})
	b.ready(2)
	if p.sideBySide() {
		t.Error("a photo is shown twice")
	}
	b.typedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	b.q.until(t, "the scan", func() bool { return b.c.State().Scan() && b.c.State().Look.Image.Scan != nil })
	if !p.sideBySide() {
		t.Error("the choice is forgotten")
	}
}

func TestFirstScanAsks(t *testing.T) {
	b := newBench(t)
	b.dropped([]fyne.URI{file(b.write("m.onnx")), file(b.scan(2))})
	b.q.until(t, "the question", func() bool { return b.panel != nil })
	b.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape}) // says no
	if len(b.c.State().Images) != 0 || b.c.Settings().ResearchUse {
		t.Errorf("%d pictures after a no", len(b.c.State().Images))
	}
}

func TestNothingOfThePatientGetsOut(t *testing.T) {
	b := scanned(t)
	for _, text := range []string{b.win.Title(), b.c.State().Look.Name, b.c.State().Look.FileName(), b.c.State().Images[0].Name, fmt.Sprint(b.c.Settings().Images)} {
		if strings.Contains(text, "DOE") {
			t.Errorf("%q names the patient", text)
		}
	}
	figure, err := b.figure()
	if err != nil || figure == nil {
		t.Fatal(err)
	}
	if note := b.caption().Note; !strings.HasSuffix(note, researchUse) {
		t.Errorf("the report does not say what it is for: %q", note)
	}
	path := filepath.Join(t.TempDir(), "out.png")
	b.c.Export(path, figure)
	b.q.until(t, "the files", func() bool { return b.c.State().Notice != nil })
	about, err := os.ReadFile(strings.TrimSuffix(path, ".png") + ".json")
	if err != nil || strings.Contains(string(about), "DOE") || !strings.Contains(string(about), researchUse) {
		t.Errorf("%v\n%s", err, about)
	}
}

func TestWindowListIsKeptWholeOrNotAtAll(t *testing.T) {
	b := scanned(t)
	rows := []windowRow{newWindowRow(settings.WindowPreset{Name: "mine", Width: 300, Level: 20}), newWindowRow(settings.WindowPreset{})}
	if err := b.keepWindows(rows); err != nil {
		t.Fatal(err)
	}
	b.typedRune('2')
	if v, _ := b.c.Viewing(); v.Window.Name != "mine" || v.Window.Width != 300 {
		t.Errorf("2 shows %+v", v.Window)
	}
	rows[0].width.SetText("wide")
	if err := b.keepWindows(rows); err == nil || !strings.Contains(err.Error(), "mine") {
		t.Errorf("%v", err)
	}
	if got := b.c.Settings().WindowPresets(); len(got) != 1 || got[0].Width != 300 {
		t.Errorf("kept %+v", got)
	}
}

func TestCurveScales(t *testing.T) {
	answers := []control.Answered{{Scores: backend.Scores{Probabilities: []float32{0.2, 0.8}, Logits: []float32{-1, 3}}}, {}}
	values, lo, hi := curveOf(answers, backend.ClassTarget(1, backend.Probability))
	if values[0] < 0.79 || values[1] == values[1] || lo != 0 || hi != 1 {
		t.Errorf("%v on %v…%v", values, lo, hi)
	}
	if values, lo, hi = curveOf(answers, backend.ClassTarget(1, backend.Logit)); values[0] != 3 || lo != 3 || hi != 3 {
		t.Errorf("%v on %v…%v", values, lo, hi)
	}
}

// BenchmarkWindowDrag is one step of a window/level drag over a slice of
// 512×512, from the pointer to the layers of both viewers.
func BenchmarkWindowDrag(b *testing.B) {
	s := dicom.Slice{Rows: 512, Columns: 512, Values: make([]int16, 512*512), Spacing: 1, Root: "2.25.6", Center: 40, Width: 400}
	for i := range s.Values {
		s.Values[i] = int16(i % 2000)
	}
	path := filepath.Join(b.TempDir(), "a.dcm")
	if err := os.WriteFile(path, s.Encode(), 0o600); err != nil {
		b.Fatal(err)
	}
	q := &queue{make(chan func(), 1000)}
	settings := settings.New("")
	settings.ResearchUse, settings.SideBySide = true, true
	w := New(test.NewTempApp(b), Params{Visualizers: []visualizers.Visualizer{&every{}}, Do: q.do, Settings: settings})
	defer w.Close()
	w.c.Drop([]string{path})
	for w.c.State().Look == nil {
		(<-q.fns)()
	}
	for b.Loop() {
		w.picture.image.OnWindow(1, 1)
	}
}

func TestTableOfScansSaysWhatTheyAreFor(t *testing.T) {
	b := scanned(t)
	b.typedRune('g')
	b.q.until(t, "the table", func() bool { g := b.c.State().Grid; return g != nil && g.Done == 1 })
	if !b.grid.strip.Visible() {
		t.Error("a table of scans without a word")
	}
	b.typedRune('g')
	b.c.Clear()
	b.dropped([]fyne.URI{file(b.picture("photo.png", 90))})
	b.ready(2)
	b.typedRune('g')
	if b.grid.strip.Visible() {
		t.Error("photographs are no scans")
	}
}

func TestSavedPictureCarriesTheNoticeInTheFile(t *testing.T) {
	b := scanned(t)
	figure, err := b.figure()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "map.png")
	b.c.Export(path, figure)
	b.q.until(t, "the files", func() bool { return b.c.State().Notice != nil })
	data, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(data), "Disclaimer") || !strings.Contains(string(data), researchUse) {
		t.Errorf("%v: the file itself says nothing", err)
	}
}
