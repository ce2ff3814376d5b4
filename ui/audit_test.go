package ui

import (
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"picasso/assets/scenes"
	"picasso/backend"
	"picasso/backend/ort/orttest"
	"picasso/backend/picture/dicom"
	"picasso/ui/control"
	"picasso/ui/control/opened"
	"picasso/ui/control/survey"
	"picasso/ui/widgets"
	"picasso/visualizers/audit"
	"picasso/visualizers/methods"
)

// folderOfScenes has pictures in which tanks and clouds have nothing to do with each
// other, by class.
func folderOfScenes(t *testing.T, n int) string {
	t.Helper()
	folder := t.TempDir()
	for i := range n {
		o := scenes.Options{Seed: 9_500_000 + uint64(i/4), Tank: i&1 > 0, Clouds: i&2 > 0}
		class := map[bool]string{false: "no tank", true: "tank"}[o.Tank]
		path := filepath.Join(folder, class, fmt.Sprintf("%03d.png", i))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		f, err := os.Create(path)
		if err == nil {
			err = png.Encode(f, scenes.Generate(o).Image)
		}
		if err == nil {
			err = f.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// auditBench is a window with a model of the sample and a folder of scenes.
func auditBench(t *testing.T, model, folder string) *bench {
	t.Helper()
	runtime := orttest.Runtime(t)
	b := newBenchWith(t, func(b *bench, p *Params) {
		p.OpenModel = opened.With(runtime, backend.ModelOptions{Provider: "cpu"})
		p.Visualizers, p.Audits = methods.All(), filepath.Join(b.dir, "audits")
	})
	b.c.Settings().ResearchUse = true // scans are asked about once
	path, err := filepath.Abs(filepath.Join("..", "assets", "samples", "tanks", model+".onnx"))
	if err != nil {
		t.Fatal(err)
	}
	b.dropped([]fyne.URI{file(path)})
	b.q.Until(t, "the model", func() bool { return b.c.State().Model != nil })
	b.dropped([]fyne.URI{file(folder)})
	b.q.Until(t, "the offer", func() bool {
		n := b.c.State().Notice
		return n != nil && len(n.Offers) == 1 && n.Offers[0].Title == "Audit them"
	})
	b.c.State().Notice.Offers[0].Take()
	if b.c.State().Workspace != control.Audit {
		t.Fatal("the offer shows another workspace")
	}
	return b
}

// survey is the state of the workspace.
func (b *bench) result() *survey.State { return b.Window.survey.State() }

// audited waits for the result.
func (b *bench) audited(t *testing.T) {
	t.Helper()
	for until := time.Now().Add(5 * time.Minute); b.result().Result == nil && time.Now().Before(until); {
		b.q.Next()
	}
	if b.result().Result == nil {
		t.Fatalf("no result: %+v", b.c.State().Notice)
	}
}

// tap taps the first button of the workspace that can be seen and has a title.
func (b *bench) tap(t *testing.T, title string) {
	t.Helper()
	if button := buttonIn(b.audit.Middle(), title); button != nil {
		button.OnTapped()
		return
	}
	t.Fatalf("there is no button %q", title)
}

// buttonIn looks through what can be seen.
func buttonIn(o fyne.CanvasObject, title string) *widget.Button {
	if !o.Visible() {
		return nil
	}
	var below []fyne.CanvasObject
	switch o := o.(type) {
	case *widget.Button:
		if o.Text == title && !o.Disabled() {
			return o
		}
	case *fyne.Container:
		below = o.Objects
	case *container.Scroll:
		below = []fyne.CanvasObject{o.Content}
	}
	for _, child := range below {
		if button := buttonIn(child, title); button != nil {
			return button
		}
	}
	return nil
}

// The network that looks at the sky is flagged for it, the fair one gets no
// suspicion: from the folder that was dropped to the pictures concerned.
func TestAuditOfTheTanks(t *testing.T) {
	folder := folderOfScenes(t, 56)
	for model, suspected := range map[string]bool{"tanks-biased": true, "tanks-fair": false} {
		b := auditBench(t, model, folder)
		if got := b.result().Setup.Labels; got != survey.ByFolder {
			t.Errorf("the labels of the list are the folders, proposed is %q", got)
		}
		b.typedKey(&fyne.KeyEvent{Name: fyne.KeyReturn}) // the highlighted button
		b.audited(t)
		d := b.result().Result.Digest
		if d.Judged == nil || d.Judged.Accuracy.Of != 56 || !d.Analysis.Tried() || d.Manifest.Features == "" || d.Analysis.Compared != 56 {
			t.Fatalf("%s: labels %+v", model, d.Judged)
		}
		kinds := map[audit.Kind]int{}
		for k, f := range d.Analysis.Flags {
			if f.Kind.Suspicion() {
				kinds[f.Kind]++
			}
			if k == 0 && suspected && f.Kind != audit.Top {
				t.Errorf("%s: first of all %s", model, f.Sentence)
			}
		}
		if suspected != (kinds[audit.Top] > 0) || suspected != (kinds[audit.ByProperty] > 0) || suspected != (len(kinds) > 0) {
			t.Errorf("%s: suspicions %v", model, kinds)
		}
		if suspected {
			b.followAudit(t)
		}
	}
}

// arranged waits until the pictures that are asked for are listed.
func (b *bench) arranged(t *testing.T) {
	t.Helper()
	b.q.Until(t, "the order of the pictures", func() bool { return !b.result().Arranging })
}

// followAudit goes from what is to be looked at to its pictures, and to Explain.
func (b *bench) followAudit(t *testing.T) {
	t.Helper()
	st := b.result()
	d := st.Result.Digest
	b.tap(t, "Pictures") // of the first
	items := d.Sample.Concerned(d.Analysis, d.Analysis.Flags[0])
	b.arranged(t)
	if !slices.Equal(st.Listed, items) || len(items) < 20 {
		t.Fatalf("the sheet shows %d pictures, want %d", len(st.Listed), len(items))
	}
	b.typedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	if st.Current != items[0] {
		t.Errorf("the right arrow chooses row %d, want %d", st.Current, items[0])
	}
	b.typedRune('3') // the table
	b.Window.survey.Sort(survey.Top)
	b.arranged(t)
	top := func(k int) audit.Number { return d.Sample.Rows[st.Listed[k]].Top }
	if top(0) < top(len(items)-1) || top(0) < 0.5 {
		t.Errorf("ordered by the upper third: %v … %v", top(0), top(len(items)-1))
	}
	b.tap(t, "Make these the list")
	b.q.Until(t, "the list", func() bool { return len(b.c.State().Images) == len(items) })
	b.Window.survey.Look("", nil)
	outside := slices.IndexFunc(d.Sample.Rows, func(r audit.Row) bool { return r.Predicted != d.Analysis.Flags[0].Class })
	b.Window.survey.Select(outside)
	b.typedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	b.q.Until(t, "the picture in Explain", func() bool {
		p := b.c.State().Selected()
		return b.c.State().Workspace == control.Explain && p != nil && strings.HasSuffix(filepath.ToSlash(p.Path), d.Sample.Rows[outside].Path)
	})
	if n := len(b.c.State().Images); n != len(items)+1 {
		t.Errorf("%d pictures in the list, want one more than %d", n, len(items))
	}
}

// An audit that is stopped goes on where it was, and what is in its folder can be
// opened by dropping it.
func TestAuditStopsAndGoesOn(t *testing.T) {
	folder := folderOfScenes(t, 24)
	b := auditBench(t, "tanks-fair", folder)
	b.tap(t, "Start")
	b.q.Until(t, "some rows", func() bool { p := b.result().Progress; return p != nil && p.Share > 0 && p.Share < 1 })
	b.c.Stop()
	st := b.result()
	if st.Progress != nil || st.Halted == "" || st.Out == "" {
		t.Fatalf("stopped: %+v", st)
	}
	out := st.Out
	b.tap(t, "Show what there is")
	b.audited(t)
	if missing := st.Result.Digest.Missing; missing == 0 || missing == 24 || st.Halted == "" {
		t.Errorf("%d of 24 are missing, %q", missing, st.Halted)
	}
	serial := st.Serial
	b.tap(t, "Continue")
	b.q.Until(t, "the whole", func() bool { return st.Serial != serial && st.Progress == nil })
	if st.Out != out || st.Result.Digest.Missing != 0 || st.Halted != "" {
		t.Errorf("gone on: %d missing, %q, in %s", st.Result.Digest.Missing, st.Halted, st.Out)
	}
	b.tap(t, "New audit")
	if st.Result != nil {
		t.Fatal("the result stays")
	}
	b.dropped([]fyne.URI{file(out)})
	b.audited(t)
	if len(st.Result.Digest.Sample.Rows) != 24 || st.Result.Shows() {
		t.Errorf("dropped: %d rows, shows %v", len(st.Result.Digest.Sample.Rows), st.Result.Shows())
	}
	d := st.Result.Digest
	b.Window.survey.Locate(folder)
	b.q.Until(t, "the pictures", func() bool { return st.Result.Shows() })
	if st.Result.Digest != d {
		t.Error("who says where the pictures are waits for the analysis again")
	}
	// A model that opens meanwhile does not stop the reading, which needs none.
	b.tap(t, "New audit")
	b.dropped([]fyne.URI{file(out), file(b.c.State().Model.About().Path)})
	b.audited(t)
}

// A row with an error has neither map nor picture; the sheet shows it beside the others.
func TestTheSheetShowsARowWithAnError(t *testing.T) {
	folder := folderOfScenes(t, 21)
	const damaged = "damaged.png"
	if err := os.WriteFile(filepath.Join(folder, damaged), []byte("\x89PNG\r\n\x1a\n and then nothing"), 0o666); err != nil {
		t.Fatal(err)
	}
	b := auditBench(t, "tanks-fair", folder)
	b.tap(t, "Start")
	b.audited(t)
	b.arranged(t)
	st := b.result()
	row := slices.IndexFunc(st.Result.Digest.Sample.Rows, func(r audit.Row) bool { return r.Path == damaged })
	if row < 0 || st.Result.Digest.Sample.Rows[row].Error == "" || st.Result.Digest.Sample.Map(row) != nil {
		t.Fatalf("row %d of %d has no error", row, len(st.Result.Digest.Sample.Rows))
	}
	b.Window.survey.Look("damaged", []int{row, (row + 1) % 22})
	b.arranged(t)
	b.typedRune('4') // the sheet
	b.q.Until(t, "that the picture cannot be shown", func() bool { return b.Window.survey.Unshown(row) })
	thumb := func(note string) bool {
		return slices.ContainsFunc(texts(b.audit.Middle()), func(text *canvas.Text) bool { return text.Text == note })
	}
	b.q.Until(t, "the thumbnails", func() bool { return thumb("not here") && thumb("no answer") })
	b.typedKey(&fyne.KeyEvent{Name: fyne.KeySpace}) // without maps
	if !thumb("not here") {
		t.Error("without maps nothing says why there is no picture")
	}
	b.mapped(t, row, (row+1)%22)
}

// mapped checks that pictures are drawn below their maps in the background, and that the
// one of two forms that is there stands for the other until that comes.
func (b *bench) mapped(t *testing.T, bare, row int) {
	t.Helper()
	s := b.Window.survey
	var with, without *image.RGBA
	b.q.Until(t, "the picture", func() (there bool) { without, there = s.Small(row, false); return there })
	if m, last := s.Small(row, true); !last && m != nil && !slices.Equal(m.Pix, without.Pix) {
		t.Error("another picture stands for the one below its map")
	}
	b.q.Until(t, "the picture below its map", func() (there bool) { with, there = s.Small(row, true); return there })
	if slices.Equal(with.Pix, without.Pix) {
		t.Error("the map changes nothing")
	}
	b.q.Until(t, "that the row has no map", func() bool { return s.Bare(bare) == nil && s.Mapless(bare) })
	b.q.Until(t, "the map of the other row", func() bool { return s.Bare(row) != nil })
}

// chooseIn chooses an option in the first list of the workspace that has it.
func (b *bench) chooseIn(t *testing.T, option string) {
	t.Helper()
	var find func(o fyne.CanvasObject) bool
	find = func(o fyne.CanvasObject) bool {
		if !o.Visible() {
			return false
		}
		var below []fyne.CanvasObject
		switch o := o.(type) {
		case *widgets.Select:
			if slices.Contains(o.Options, option) {
				o.SetSelected(option)
				return true
			}
		case *fyne.Container:
			below = o.Objects
		case *container.Scroll:
			below = []fyne.CanvasObject{o.Content}
		}
		return slices.ContainsFunc(below, find)
	}
	if !find(b.audit.Middle()) {
		t.Fatalf("no list has %q", option)
	}
}

// folderOfSeries has series of three slices, of which the middle one of every second is
// bright above; slices are a class of series each.
func folderOfSeries(t *testing.T, n int) string {
	t.Helper()
	folder := t.TempDir()
	for i := range n {
		at := filepath.Join(folder, fmt.Sprintf("case%02d", i))
		if err := os.MkdirAll(at, 0o777); err != nil {
			t.Fatal(err)
		}
		for k := range 3 {
			s := dicom.Slice{Rows: 64, Columns: 64, Values: make([]int16, 64*64), Spacing: 1, Thickness: 2, Position: [3]float64{0, 0, float64(2 * k)}, Number: k + 1, Root: fmt.Sprintf("2.25.77.%d", i), Center: 40, Width: 400}
			for p := range s.Values {
				s.Values[p] = int16((p*(7+i)+k*31)%90 - 20)
				if k == 1 && i%2 == 0 && p < 64*20 {
					s.Values[p] = 230
				}
			}
			if err := os.WriteFile(filepath.Join(at, fmt.Sprintf("%d.dcm", k)), s.Encode(), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	return folder
}

// A folder of series is audited case by case, with the class, the reading of labels and
// their names chosen in the window; a case is explained at the slice that its map is of.
func TestAuditOfSeries(t *testing.T) {
	const n = 22
	folder := folderOfSeries(t, n)
	b := auditBench(t, "tanks-biased", folder)
	table := filepath.Join(t.TempDir(), "labels.csv")
	text := "path,label\n"
	for i := range n {
		text += fmt.Sprintf("case%02d,%s\n", i, []string{"PANZER", "no tank"}[i%2])
	}
	if err := os.WriteFile(table, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	s := b.Window.survey
	s.Choose(func(now *survey.Setup) { now.Labels = table })
	class := b.c.State().Model.ClassName(0)
	b.chooseIn(t, class)
	b.chooseIn(t, "The class is there")
	s.Choose(func(now *survey.Setup) { now.Renamed = []string{"PANZER"} })
	if buttonIn(b.audit.Middle(), "Start") != nil || s.RenamedFault() == "" {
		t.Error("half a name of a label is enough to start")
	}
	s.Choose(func(now *survey.Setup) { now.Renamed = []string{"PANZER=" + class} })
	b.tap(t, "Start")
	b.audited(t)
	st := b.result()
	d := st.Result.Digest
	if len(d.Sample.Rows) != n || d.Manifest.Class != class || d.Judged == nil || d.Judged.Accuracy.Of != n || d.Truth.Policy.Uncertain != "one" || !d.Medical() {
		t.Fatalf("%d rows of the class %s, labels %+v", len(d.Sample.Rows), d.Manifest.Class, d.Truth)
	}
	row := slices.IndexFunc(d.Sample.Rows, func(r audit.Row) bool { return r.Slice == 1 })
	if row < 0 || !strings.HasPrefix(d.Sample.Rows[row].Path, "series-") {
		t.Fatalf("no map is of the middle slice, or a case is named: %+v", d.Sample.Rows[0])
	}
	s.Select(row)
	b.typedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	b.q.Until(t, "the slice in Explain", func() bool {
		p := b.c.State().Selected()
		return b.c.State().Workspace == control.Explain && p != nil && p.Series != nil && p.Slice == 1
	})
	first, _ := b.c.State().Selected().Series.Path(0)
	if first != st.Result.Cases[row].Files[0] {
		t.Errorf("another series is explained: %s", first)
	}
}
