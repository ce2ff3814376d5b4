package pages_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/ort/orttest"
	"picasso/ui/control"
	"picasso/ui/control/comparison"
	"picasso/ui/control/opened"
	"picasso/ui/control/pages"
	"picasso/ui/uitest"
	"picasso/visualizers/methods"
)

type desk struct {
	t *testing.T
	q *uitest.Queue
	c *control.Controller
	m *comparison.Controller
	p *pages.Controller
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, q: uitest.NewQueue()}
	d.c = control.New(control.Params{Open: opened.With(orttest.Runtime(t), backend.ModelOptions{Provider: infer.CPU}), Visualizers: methods.All(), Do: d.q.Do, Delay: time.Millisecond})
	d.m = comparison.New(d.c)
	d.p = pages.New(d.c, d.m, "1")
	t.Cleanup(d.c.Close)
	folder, err := filepath.Abs(filepath.Join("..", "..", "..", "assets", "samples", "digits"))
	if err != nil {
		t.Fatal(err)
	}
	images, err := filepath.Glob(filepath.Join(folder, "*.png"))
	if err != nil || len(images) < 3 {
		t.Fatal(images, err)
	}
	d.c.Open(filepath.Join(folder, "digits.onnx"))
	d.until("the model is open", func() bool { return d.c.State().Model != nil })
	d.c.AddImages(images[:3])
	d.until("the map is there", func() bool { return d.c.State().Panel().Status == control.Ready })
	return d
}

func (d *desk) until(what string, done func() bool) {
	d.t.Helper()
	d.q.Until(d.t, what, done)
}

// write makes a report and gives its first file.
func (d *desk) write(scope pages.Scope, name string) []byte {
	d.t.Helper()
	if !slices.ContainsFunc(d.p.Choices(), func(c pages.Choice) bool { return c.Scope == scope }) {
		d.t.Fatalf("scope %d is not offered", scope)
	}
	path := filepath.Join(d.t.TempDir(), name)
	d.p.Write(scope, path, "a note of mine")
	d.until(name+" is written", func() bool { n := d.c.State().Notice; return n != nil && strings.Contains(n.Text, path) })
	data, err := os.ReadFile(path)
	if err != nil {
		d.t.Fatal(err)
	}
	return data
}

// A report of the current picture holds the map on the screen, the note and no path; of
// the list a page for each picture; the same results give the same bytes.
func TestReports(t *testing.T) {
	d := newDesk(t)
	current := d.write(pages.Current, "one.html")
	for _, want := range []string{"a note of mine", "Occlusion", "digits.onnx", d.c.State().Look.Image.SHA256, "data:image/png;base64,"} {
		if !bytes.Contains(current, []byte(want)) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if bytes.Contains(current, []byte(filepath.Dir(d.c.State().About.Path))) {
		t.Error("the page tells where the model lies")
	}
	list := d.write(pages.Listed, "list.html")
	if n := bytes.Count(list, []byte("<article>")); n != 3 {
		t.Errorf("%d pages of three pictures", n)
	}
	if again := d.write(pages.Listed, "again.html"); !bytes.Equal(list, again) {
		t.Error("the same pictures give other bytes")
	}
	if pdf := d.write(pages.Current, "one.pdf"); !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		t.Errorf("begins with %q", pdf[:8])
	}
}

// A comparison is a page of its own, offered first where it is shown.
func TestReportsOfComparisons(t *testing.T) {
	d := newDesk(t)
	d.c.SetWorkspace(control.Compare)
	d.until("the sheet is finished", func() bool {
		s := d.m.Sheet()
		return s != nil && !slices.ContainsFunc(s.Rows, func(r *comparison.Row) bool { return r.Status != comparison.Ready })
	})
	sheet := d.write(pages.Methods, "sheet.html")
	rows, classes := len(d.m.Sheet().Rows), len(d.m.Sheet().Classes)
	if n := bytes.Count(sheet, []byte("<figure>")); n != 1+rows*classes || d.p.Choices()[0].Scope != pages.Methods {
		t.Errorf("%d panels of %d×%d maps and the picture", n, rows, classes)
	}
	d.m.SetView(comparison.ByModel)
	d.m.CompareWith(d.c.State().About.Path)
	d.until("two models are compared", func() bool { p := d.m.Pair(); return p != nil && p.Status == comparison.Ready })
	two := d.write(pages.TwoModel, "two.html")
	if n := bytes.Count(two, []byte("<figure>")); n != 3 || !bytes.Contains(two, []byte("Model A against model B")) {
		t.Errorf("%d panels of two models", n)
	}
}

// A report that is stopped leaves nothing, and a file that is open is not replaced.
func TestReportsThatAreNotMade(t *testing.T) {
	d := newDesk(t)
	path := filepath.Join(t.TempDir(), "list.html")
	d.p.Write(pages.Listed, path, "")
	if !d.c.Busy() {
		t.Fatal("making a report is not told")
	}
	d.c.Stop()
	d.until("it is told", func() bool { n := d.c.State().Notice; return n != nil && strings.Contains(n.Text, "stopped") })
	if _, err := os.Stat(path); err == nil {
		t.Error("a report that was stopped is there")
	}
	d.p.Write(pages.Current, filepath.Join(t.TempDir(), "report.txt"), "")
	if n := d.c.State().Notice; n == nil || n.Err == nil || !strings.Contains(n.Err.Error(), ".html or .pdf") {
		t.Errorf("%+v", n)
	}
}
