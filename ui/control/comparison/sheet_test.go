package comparison_test

import (
	"context"
	"path/filepath"
	"picasso/backend/fixtures"
	"slices"
	"testing"
	"time"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/ort/orttest"
	"picasso/backend/score"
	"picasso/ui/control"
	"picasso/ui/control/comparison"
	"picasso/ui/control/opened"
	"picasso/ui/uitest"
	"picasso/visualizers"
	"picasso/visualizers/methods"
)

// six are methods of every family that draws maps.
var six = []string{"occlusion", "saliency", "integrated-gradients", "smoothgrad", "grad-cam", "layer-cam"}

// desk is a controller on real models and methods, with the workspace Compare.
type desk struct {
	t testing.TB
	q *uitest.Queue
	c *control.Controller
	m *comparison.Controller
}

func samples(t testing.TB, pattern string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("..", "..", "..", "assets", "samples", pattern))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no sample %s: %v", pattern, err)
	}
	slices.Sort(paths)
	for i := range paths {
		if paths[i], err = filepath.Abs(paths[i]); err != nil {
			t.Fatal(err)
		}
	}
	return paths
}

func newDesk(t testing.TB, model string, images ...string) *desk {
	t.Helper()
	d := &desk{t: t, q: uitest.NewQueue()}
	open := opened.With(orttest.Runtime(t), backend.ModelOptions{Provider: infer.CPU})
	d.c = control.New(control.Params{Open: open, Visualizers: methods.All(), Do: d.q.Do, Delay: time.Millisecond})
	d.m = comparison.New(d.c)
	t.Cleanup(d.c.Close)
	d.c.Open(model)
	d.until("the model is open", func() bool { return d.c.State().Model != nil })
	d.c.AddImages(images)
	d.until("the picture is answered", func() bool { return d.c.State().Look.Answered() && !d.c.State().Looking })
	return d
}

func (d *desk) until(what string, done func() bool) {
	d.t.Helper()
	d.q.Until(d.t, what, done)
}

// choose makes the methods with these ids the chosen ones.
func (d *desk) choose(ids ...string) {
	d.t.Helper()
	for _, want := range []bool{true, false} { // the last one is never left out
		for _, p := range d.m.Offered() {
			if on := slices.Contains(ids, p.Info.ID); on == want && d.m.Chosen(p) != on && !d.m.Choose(p, on) {
				d.t.Fatalf("%s cannot be chosen: %v", p.Info.ID, on)
			}
		}
	}
}

func (d *desk) finished() bool {
	s := d.m.Sheet()
	return s != nil && !slices.ContainsFunc(s.Rows, func(r *comparison.Row) bool { return r.Status != comparison.Ready })
}

func sameBits(a, b *visualizers.Map) bool {
	return a != nil && b != nil && a.Height == b.Height && a.Width == b.Width && a.Unit == b.Unit &&
		slices.EqualFunc(a.Values, b.Values, func(x, y float32) bool { return x == y || x != x && y != y })
}

// Each map of a sheet is, to the last bit, the one of its method's tab and the one
// that the method draws of that class alone; the tab shows it without a run.
func TestCellsAreTheMapsOfTheirTabs(t *testing.T) {
	d := newDesk(t, samples(t, "digits/digits.onnx")[0], samples(t, "digits/*.png")[7])
	d.c.SetWorkspace(control.Compare)
	d.choose(six...)
	d.until("the sheet is finished", d.finished)
	s := d.m.Sheet()
	if len(s.Rows) != len(six) || len(s.Classes) != 3 {
		t.Fatalf("%d methods, %d classes", len(s.Rows), len(s.Classes))
	}
	for i, row := range s.Rows {
		for k, cell := range row.Cells {
			in := s.Look.Asked(d.c.State().Model, row.Panel.Values, cell.Target)
			alone, err := row.Panel.Visualizer.Explain(t.Context(), in, func(visualizers.Result) {})
			if err != nil {
				t.Fatal(err)
			}
			if !sameBits(cell.Map, alone.MapOf(cell.Target, d.c.State().Model)) {
				t.Errorf("%s, class %d: not the map of the class alone", row.Panel.Info.ID, s.Classes[k])
			}
		}
		tab := slices.Index(d.c.State().Panels, row.Panel)
		d.c.SelectTab(tab)
		d.c.SetTarget(s.Classes[i%3], score.NoClass)
		d.c.SetWorkspace(control.Explain)
		if p := d.c.State().Panel(); p.Status != control.Ready || !sameBits(p.Map, row.Cells[i%3].Map) {
			t.Errorf("%s: its tab is %v and shows another map, or none", row.Panel.Info.ID, p.Status)
		}
		d.c.SetWorkspace(control.Compare)
	}
	if !d.finished() || d.m.Sheet() != s {
		t.Error("what was there is computed again")
	}
}

// A class that is added costs only its own maps, none at all where the evidence for
// every class is there, and a class that is left out costs nothing.
func TestOnlyWhatIsMissingRuns(t *testing.T) {
	d := newDesk(t, samples(t, "digits/digits.onnx")[0], samples(t, "digits/*.png")[7])
	d.c.SetWorkspace(control.Compare)
	d.choose("occlusion", "saliency")
	d.until("the sheet is finished", d.finished)
	before := d.m.Sheet()
	added := d.c.State().Look.Ranked[4].Index
	if !d.m.ToggleClass(added) || len(d.m.Sheet().Classes) != 4 {
		t.Fatalf("classes %v", d.m.Sheet().Classes)
	}
	if occlusion := d.m.Sheet().Rows[0]; occlusion.Status != comparison.Ready || !occlusion.Kept || occlusion.Cells[3].Map == nil {
		t.Errorf("occlusion is %v and runs again for a class it has the evidence for", occlusion.Status)
	}
	if saliency := d.m.Sheet().Rows[1]; saliency.Cells[0].Map == nil || saliency.Cells[3].Map != nil || !sameBits(saliency.Cells[0].Map, before.Rows[1].Cells[0].Map) {
		t.Error("saliency does not keep the maps it has")
	}
	d.until("the sheet is finished", d.finished)
	for class, can := range map[int]bool{added: true, d.c.State().Look.Ranked[0].Index: true} {
		if d.m.ToggleClass(class) != can || !d.finished() {
			t.Errorf("leaving class %d out starts something", class)
		}
	}
	if d.m.Best() != 0 {
		t.Error("chosen classes count as the best ones")
	}
}

// Methods of different families agree with themselves; the table of a class is of the
// maps that are there.
func TestAgreementIsOfTheClassInFocus(t *testing.T) {
	d := newDesk(t, samples(t, "digits/digits.onnx")[0], samples(t, "digits/*.png")[7])
	d.c.SetWorkspace(control.Compare)
	d.choose("occlusion", "saliency", "grad-cam")
	d.until("the sheet is finished", d.finished)
	d.until("three pairs are compared", func() bool { return len(d.m.Sheet().Agreement) == 3 })
	first := slices.Clone(d.m.Sheet().Agreement)
	d.m.SetFocus(2)
	d.until("the other class is compared", func() bool { return len(d.m.Sheet().Agreement) == 3 })
	if slices.Equal(first, d.m.Sheet().Agreement) {
		t.Error("another class has the very same agreement")
	}
	b, err := d.m.Board(false)
	if err != nil {
		t.Fatal(err)
	}
	rows := b.Sheet("sheet.png").Classes
	if len(rows) != 3 || !slices.Equal(rows[0].Agreement, first) || !slices.Equal(rows[2].Agreement, d.m.Sheet().Agreement) {
		t.Error("the saved sheet has another agreement than the one shown")
	}
}

// Stop keeps what is finished, and Continue goes on from there.
func TestStopKeepsWhatIsFinished(t *testing.T) {
	d := newDesk(t, samples(t, "digits/digits.onnx")[0], samples(t, "digits/*.png")[7])
	d.c.SetWorkspace(control.Compare)
	d.choose(six...)
	d.until("a method is finished and another runs", func() bool {
		s := d.m.Sheet()
		has := func(st comparison.Status) bool {
			return s != nil && slices.ContainsFunc(s.Rows, func(r *comparison.Row) bool { return r.Status == st })
		}
		return has(comparison.Ready) && has(comparison.Running)
	})
	d.c.Stop()
	if a := d.m.Ahead(); !a.Asking || a.Rows == 0 || d.c.Busy() {
		t.Fatalf("after a stop: %+v", a)
	}
	ready := d.m.Sheet().Rows[slices.IndexFunc(d.m.Sheet().Rows, func(r *comparison.Row) bool { return r.Status == comparison.Ready })]
	kept := ready.Cells[0].Map
	d.m.Continue()
	d.until("the sheet is finished", d.finished)
	if ready.Cells[0].Map != kept {
		t.Error("what was finished was computed again")
	}
}

// BenchmarkSheet is a sheet of six methods and three classes of a model that was just
// opened, against the sum of what has to run for it. They take turns, for the first of
// both finds the files of the network cold.
func BenchmarkSheet(b *testing.B) {
	b.Run("digits", func(b *testing.B) {
		benchmarkSheet(b, samples(b, "digits/digits.onnx")[0], samples(b, "digits/*.png")[7])
	})
	b.Run("squeezenet", func(b *testing.B) {
		benchmarkSheet(b, fixtures.Path(b, "models", "imagenet", "squeezenet1.1_rgbnorm_227.onnx"), fixtures.Path(b, "photos", "files", "macaw_portrait.jpg"))
	})
}

func benchmarkSheet(b *testing.B, network, photo string) {
	fresh := func() *desk {
		d := newDesk(b, network, photo)
		d.choose(six...)
		return d
	}
	var runs, sheets time.Duration
	for b.Loop() {
		d := fresh()
		begin := time.Now()
		d.runEach(b)
		runs += time.Since(begin)
		d = fresh()
		begin = time.Now()
		d.c.SetWorkspace(control.Compare)
		d.until("the sheet is finished", d.finished)
		sheets += time.Since(begin)
	}
	b.ReportMetric(sheets.Seconds()/runs.Seconds(), "sheet/runs")
}

// runEach runs every chosen method once, for the three best classes.
func (d *desk) runEach(b *testing.B) {
	model, k := d.c.State().Model, d.c.State().Look
	for _, p := range d.m.Offered() {
		if !d.m.Chosen(p) {
			continue
		}
		var targets []score.Target
		for _, c := range k.Ranked[:3] {
			targets = append(targets, score.ClassTarget(c.Index, d.c.ScoreOf(p)))
		}
		if _, err := p.Visualizer.Explain(infer.Apart(context.Background()), k.Asked(model, p.Values, targets...), func(visualizers.Result) {}); err != nil {
			b.Fatal(err)
		}
	}
}
