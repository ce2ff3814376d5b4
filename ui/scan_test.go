package ui

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/mask"
	"picasso/backend/picture"
	"picasso/backend/picture/dicom"
	"picasso/ui/control"
	"picasso/ui/control/settings"
	"picasso/ui/drawing"
	"picasso/ui/report/pacs"
	"picasso/ui/scanpane"
	"picasso/ui/uitest"
	"picasso/ui/viewer"
	"picasso/ui/widgets"
	"picasso/visualizers"
)

// scanned has a model and a series of three slices, agreed to.
func scanned(t *testing.T) *bench {
	t.Helper()
	b := newBench(t)
	b.c.Settings().ResearchUse = true
	b.dropped([]fyne.URI{file(b.write("m.onnx")), file(b.scan(3))})
	b.ready(1)
	return b
}

func TestKeysOfScansHoldForScansOnly(t *testing.T) {
	b := scanned(t)
	runs, calls := b.every.Count(), b.model.Calls.Load()
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
	v := b.viewers()[0]
	if turned := v.Turn(); turned.Quarters == 0 {
		t.Errorf("turned %+v", turned)
	}
	v.OnWindow(24, 0)
	if v, _ := b.c.Viewing(); v.Window.Width < 410 {
		t.Errorf("a drag made it %v", v.Window.Width)
	}
	if b.every.Count() != runs || b.model.Calls.Load() > calls+2 { // the other slices' answers
		t.Error("looking at a scan ran the model")
	}
	test.DoubleTap(v)
	if v, _ := b.c.Viewing(); v.Inverted || v.Window.Width != 400 || b.viewers()[0].Turn().Quarters != 0 {
		t.Errorf("a double click leaves %+v", v)
	}
	b.typedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	if b.c.State().Selected().Slice != 1 {
		t.Error("the arrow does not go to the next slice")
	}
	b.dropped([]fyne.URI{file(b.picture("photo.png", 90))})
	b.q.Until(t, "the photo", func() bool { return b.c.State().Current == 1 })
	b.typedRune('>')
	b.typedRune('1')
	if b.c.State().Tab != 1 {
		t.Error("over a photo > is no other group, or 1 not its first method")
	}
}

func TestFirstScanAsks(t *testing.T) {
	b := newBench(t)
	b.dropped([]fyne.URI{file(b.write("m.onnx")), file(b.scan(2))})
	b.q.Until(t, "the question", func() bool { return b.panel != nil })
	b.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape}) // says no
	if len(b.c.State().Images) != 0 || b.c.Settings().ResearchUse {
		t.Errorf("%d pictures after a no", len(b.c.State().Images))
	}
	b.dropped([]fyne.URI{file(b.scan(2))})
	b.q.Until(t, "the question again", func() bool { return b.panel != nil })
	b.typedKey(&fyne.KeyEvent{Name: fyne.KeyReturn}) // presses the highlighted button
	if len(b.c.State().Images) != 1 || !b.c.Settings().ResearchUse {
		t.Errorf("%d pictures after a yes", len(b.c.State().Images))
	}
}

func TestNothingOfThePatientGetsOut(t *testing.T) {
	b := scanned(t)
	for _, text := range []string{b.win.Title(), b.c.State().Look.Name, b.c.State().Look.FileName(), b.c.State().Images[0].Name, fmt.Sprint(b.c.Settings().Images)} {
		if strings.Contains(text, "DOE") {
			t.Errorf("%q names the patient", text)
		}
	}
	subject, shown, err := b.explain.Picture.Reported()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "out.png")
	b.c.Export(path, subject, shown, b.c.Settings().Figures())
	b.q.Until(t, "the files", func() bool { return b.c.State().Notice != nil })
	about, err := os.ReadFile(strings.TrimSuffix(path, ".png") + ".json")
	if err != nil || strings.Contains(string(about), "DOE") || !strings.Contains(string(about), drawing.ResearchUse) {
		t.Errorf("%v\n%s", err, about)
	}
}

func TestWindowListIsKeptWholeOrNotAtAll(t *testing.T) {
	b := scanned(t)
	list := scanpane.NewWindowList([]settings.WindowPreset{{Name: "mine", Width: 300, Level: 20}})
	if err := b.keepWindows(list); err != nil {
		t.Fatal(err)
	}
	b.typedRune('2')
	if v, _ := b.c.Viewing(); v.Window.Name != "mine" || v.Window.Width != 300 {
		t.Errorf("2 shows %+v", v.Window)
	}
	entries := 0
	for _, o := range uitest.All(list.Box) {
		if e, ok := o.(*widgets.Entry); ok {
			if entries++; entries == 2 {
				e.SetText("wide")
			}
		}
	}
	if said := uitest.First[*widgets.Fault](t, list.Box); !said.Visible() || !strings.Contains(said.Text, "mine") {
		t.Errorf("below the rows stands %q", said.Text)
	}
	if err := b.keepWindows(list); err == nil || !strings.Contains(err.Error(), "mine") {
		t.Errorf("%v", err)
	}
	if got := b.c.Settings().WindowPresets(); len(got) != 1 || got[0].Width != 300 {
		t.Errorf("kept %+v", got)
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
	q := uitest.NewQueue()
	settings := settings.New("")
	settings.ResearchUse, settings.SideBySide = true, true
	w := New(test.NewTempApp(b), Params{Visualizers: []visualizers.Visualizer{&uitest.Every{}}, Do: q.Do, Settings: settings})
	defer w.Close()
	w.c.Drop([]string{path})
	for w.c.State().Look == nil {
		q.Next()
	}
	v := uitest.First[*viewer.Image](b, w.explain.Middle())
	for b.Loop() {
		v.OnWindow(1, 1)
	}
}

func TestSavedPictureCarriesTheNoticeInTheFile(t *testing.T) {
	b := scanned(t)
	subject, shown, err := b.explain.Picture.Reported()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "map.png")
	b.c.Export(path, subject, shown, b.c.Settings().Figures())
	b.q.Until(t, "the files", func() bool { return b.c.State().Notice != nil })
	data, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(data), "Disclaimer") || !strings.Contains(string(data), drawing.ResearchUse) {
		t.Errorf("%v: the file itself says nothing", err)
	}
}

// exported writes DICOM objects of the current map and gives them by kind.
func (b *bench) exported(t *testing.T, keep bool) map[string][]byte {
	t.Helper()
	subject, shown, err := b.explain.Picture.Reported()
	if err != nil {
		t.Fatal(err)
	}
	o := pacs.Options{
		Kinds: []string{pacs.Capture, pacs.Parametric, pacs.Segmentation}, Keep: keep, Above: pacs.Threshold{Value: 0.5, Share: true, Given: true},
		Program: "Picasso", Made: time.Now(), Width: 400,
	}
	b.c.DrawRegion(mask.Rectangle{B: mask.Point{X: 8, Y: 8}}, false)
	path := filepath.Join(t.TempDir(), "map.dcm")
	b.c.DismissAll()
	b.c.ExportDICOM(path, subject, shown, o, b.c.Regions())
	b.q.Until(t, "the files", func() bool { return b.c.State().Notice != nil })
	out := map[string][]byte{}
	for _, one := range control.DICOMFiles(path, o, true) {
		data, err := os.ReadFile(one)
		if err != nil {
			t.Fatalf("%v; %+v", err, b.c.State().Notice)
		}
		out[strings.TrimSuffix(strings.TrimPrefix(filepath.Base(one), "map-"), ".dcm")] = data
	}
	return out
}

func TestMapsGoOutAsDICOM(t *testing.T) {
	b := scanned(t)
	g := b.c.State().Look.Image.Scan.Geometry
	for kind, data := range b.exported(t, false) {
		m, err := picture.Decode(kind, data)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(data, []byte("DOE")) || !bytes.Contains(data, []byte("ANON")) {
			t.Errorf("%s names the patient, or is not anonymous", kind)
		}
		if kind != "sc" && (m.Scan.Geometry.Position != g.Position || m.Width != 32) {
			t.Errorf("%s lies at %v, the slice at %v", kind, m.Scan.Geometry.Position, g.Position)
		}
		if kind == "region-seg" && (m.At(7, 7, 0) == 0 || m.At(8, 7, 0) != 0) {
			t.Error("the region is another one")
		}
	}
}

func TestMapsGoIntoThePatientsStudyWhenAsked(t *testing.T) {
	b := scanned(t)
	source, err := b.c.State().Look.Image.Origin(t.Context(), false)
	if err != nil || source.Study == "" {
		t.Fatalf("%+v, %v", source, err)
	}
	for _, keep := range []bool{true, false} {
		for kind, data := range b.exported(t, keep) {
			f, err := dicom.Parse(data)
			if err != nil {
				t.Fatal(err)
			}
			if o := f.Origin(0, false); (o.Study == source.Study) != keep || o.Series == source.Series {
				t.Errorf("%s, kept %v: study %s, series %s", kind, keep, o.Study, o.Series)
			}
		}
		if said := b.c.State().Notice.Text; strings.Contains(said, "The patient’s name and study are in them") != keep {
			t.Errorf("says %q", said)
		}
	}
}

func TestTheDialogOfDICOMOpensOverAMap(t *testing.T) {
	b := scanned(t)
	b.saver.DICOM()
	if b.panel == nil {
		t.Fatalf("no dialog: %+v", b.c.State().Notice)
	}
	b.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if b.panel != nil {
		t.Error("Esc does not close it")
	}
}

// TestWhoWentOnIsNotTakenBack: what a map was made of is found after a while, by when
// another slice may be looked at.
func TestWhoWentOnIsNotTakenBack(t *testing.T) {
	pm := scanned(t).exported(t, false)["pm"]
	b := newBench(t)
	b.c.Settings().ResearchUse = true
	path := filepath.Join(b.dir, "map.dcm")
	if err := os.WriteFile(path, pm, 0o600); err != nil {
		t.Fatal(err)
	}
	b.dropped([]fyne.URI{file(path), file(b.scan(3))})
	s := b.c.State()
	b.q.Until(t, "both", func() bool { return len(s.Images) == 2 })
	b.c.Select(slices.IndexFunc(s.Images, func(p *control.Picture) bool { return p.Slices() == 3 }))
	b.c.SelectSlice(1)
	b.q.Until(t, "what it was made of", func() bool { return s.Notice != nil && strings.Contains(s.Notice.Text, "lies over 1 of the 3 slices") })
	if p := s.Selected(); p.Slices() != 3 || p.Slice != 1 {
		t.Errorf("slice %d of %q is looked at", p.Slice, p.Name)
	}
}

func TestOurMapLiesOverItsSliceAgain(t *testing.T) {
	pm := scanned(t).exported(t, false)["pm"]
	b := newBench(t)
	b.c.Settings().ResearchUse = true
	path := filepath.Join(b.dir, "map.dcm")
	if err := os.WriteFile(path, pm, 0o600); err != nil {
		t.Fatal(err)
	}
	b.dropped([]fyne.URI{file(path), file(b.scan(3))})
	s := b.c.State()
	b.q.Until(t, "both", func() bool { return len(s.Images) == 2 && s.Look != nil })
	if s.Over() != nil {
		t.Fatal("a map lies over itself")
	}
	for i, p := range s.Images {
		name := p.Name
		if p.Series.Len() == 3 {
			b.c.Select(i)
		} else if name != "CT map, 1 slice" || b.c.State().Look.Image.Unit == "" && b.c.State().Current == i {
			t.Errorf("the map is called %q", name)
		}
	}
	b.q.Until(t, "the map", func() bool { return s.Over() != nil })
	m, err := picture.Decode("pm", pm)
	if err != nil {
		t.Fatal(err)
	}
	over := s.Over()
	for i, v := range over.Map.Values {
		if want := m.At(i%m.Width, i/m.Width, 0); v != want && !(v != v && m.Empty(i)) {
			t.Fatalf("pixel %d is %v, want %v", i, v, want)
		}
	}
	if over.Map.Unit != m.Unit || m.Unit == "" || over.Map.Width != 32 || !strings.HasPrefix(over.Title, "Not for diagnosis: ") {
		t.Errorf("%q in %q, not %q, %d columns", over.Title, over.Map.Unit, m.Unit, over.Map.Width)
	}
	if h := b.explain.Picture.Map(); h.Heat == nil || h.Unit != m.Unit {
		t.Error("it is not drawn")
	}
	b.c.SelectSlice(1)
	b.q.Until(t, "another slice", func() bool { return s.Look != nil && s.Look.Slice == 1 && !s.Looking })
	if s.Over() != nil || b.explain.Picture.Map().Heat != nil {
		t.Error("the map lies over another slice")
	}
	b.c.SelectSlice(0)
	b.q.Until(t, "the map again", func() bool { return s.Over() != nil })
	b.c.Remove(1 - s.Current)
	if s.Over() != nil {
		t.Error("a map that is not in the list stays")
	}
}

// Whoever shows a scan to an audience, or looks inside the network at it, reads that it
// is for research, too.
func TestEveryPlaceOfAScanSaysWhatItIsFor(t *testing.T) {
	b := scanned(t)
	notice := func(in fyne.CanvasObject) (shown bool) {
		for _, o := range test.LaidOutObjects(in) {
			l, ok := o.(*widget.Label)
			shown = shown || ok && l.Visible() && l.Text == drawing.ResearchUse
		}
		return shown
	}
	press(b, fyne.KeyF11)
	if !notice(b.win.Canvas().Overlays().Top()) {
		t.Error("the stage does not say that the scan is for research")
	}
	press(b, fyne.KeyEscape)
	for _, key := range []fyne.KeyName{fyne.KeyF1, fyne.KeyF2, fyne.KeyF3} {
		if press(b, key); !notice(b.win.Content()) {
			t.Errorf("the workspace of %s does not say that the scan is for research", key)
		}
	}
}

// Covering needs the picture: it comes back from three planes for it, and whoever looks
// at planes or at all slices does not cover any more.
func TestCoveringAndPlanesGiveWay(t *testing.T) {
	b := scanned(t)
	b.typedRune('u')
	if b.c.State().Planes == nil {
		t.Fatal("no planes")
	}
	b.cover.Toggle()
	if b.c.State().Planes != nil || !b.cover.On() {
		t.Error("the picture is covered behind the planes")
	}
	if b.typedRune('u'); b.cover.On() || b.c.State().Planes == nil {
		t.Error("the picture is still covered where planes are shown")
	}
}
