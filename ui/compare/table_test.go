package compare

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"picasso/backend/metadata"
	"picasso/ui/control"
	"picasso/ui/control/comparison"
	"picasso/ui/control/listing"
	"picasso/visualizers/render"
	"picasso/visualizers/spelling"
)

// tabled has three grey pictures and the table of them.
func tabled(t *testing.T) *bench {
	t.Helper()
	b := newBench(t)
	b.C.Drop([]string{b.Write("m.onnx"), b.Desk.Picture("b-light.png", 230), b.Desk.Picture("c-dark.png", 20), b.Desk.Picture("a-middle.png", 150)})
	b.Ready(1)
	b.toggleTable()
	b.filled(3)
	return b
}

// filled waits for a table of n rows.
func (b *bench) filled(n int) {
	b.T.Helper()
	b.Q.Until(b.T, "the table", func() bool {
		g := b.C.State().Grid
		return g != nil && len(g.Rows) == n && g.Done == n && !b.C.Filling()
	})
}

// row is what shows a place of the table.
func (b *bench) row(i int) *tableRow {
	b.T.Helper()
	shown := b.table.drawn.Of(b.table.at(i))
	if len(shown) == 0 {
		b.T.Fatalf("row %d is not on the screen", i)
	}
	return shown[len(shown)-1]
}

// style is how the first map of a place is drawn.
func (b *bench) style(i int) render.Style {
	b.T.Helper()
	row := b.table.at(i)
	open, ok := b.C.GridMaps(row)
	if !ok {
		b.T.Fatalf("row %d has no maps", i)
	}
	_, maps := open()
	return b.table.look().style(row, maps[0])
}

// names are the rows shown, by the name under their picture.
func (b *bench) names() string {
	var out []string
	for i := range b.table.listed {
		out = append(out, strings.TrimSuffix(b.table.at(i).Picture.Name, ".png"))
	}
	return strings.Join(out, " ")
}

func TestTableIsSortedAndFiltered(t *testing.T) {
	b := tabled(t)
	listed := b.names()
	if len(strings.Fields(listed)) != 3 {
		t.Fatalf("rows %q", listed)
	}
	for _, c := range []struct{ by, want string }{
		{"by name", "a-middle b-light c-dark"},
		{"by confidence", "c-dark b-light a-middle"}, // 0.922, 0.902, 0.588
		{"by score", "c-dark b-light a-middle"},
		{"by answer", "c-dark b-light a-middle"}, // black, white, white
		{"as in the list", listed},
	} {
		b.table.order.by.SetSelected(c.by)
		if got := b.names(); got != c.want {
			t.Errorf("%s: %q, want %q", c.by, got, c.want)
		}
	}
	b.table.order.by.SetSelected("by confidence")
	b.table.order.reverse.OnTapped()
	if got := b.names(); got != "a-middle b-light c-dark" {
		t.Errorf("the least sure first: %q", got)
	}
	if b.table.order.wrong.Visible() {
		t.Error("labels are offered where none is known")
	}
	for text, want := range map[string]int{"DARK": 1, "white": 2, "<0.6": 1, "white >90%": 1, "nothing like it": 0, "": 3} {
		b.table.order.filter.SetText(text)
		if got := len(strings.Fields(b.names())); got != want || b.table.none.Visible() != (want == 0) {
			t.Errorf("filter %q leaves %d rows, want %d", text, got, want)
		}
	}
}

// With a scale for each row no common bar is shown, and each row says its own.
func TestTableHasOneScaleOrOneForEachRow(t *testing.T) {
	b := tabled(t)
	scale := b.table.scale.choice
	if end := spelling.Number(b.C.State().Grid.Range.Hi); !b.table.scale.bar.Visible() || b.table.scale.hi.Text != "+"+end || b.table.scale.lo.Text != spelling.Number(b.C.State().Grid.Range.Lo) {
		t.Errorf("the scale goes from %s to %s, want ±%s", b.table.scale.lo.Text, b.table.scale.hi.Text, end)
	}
	b.table.order.by.SetSelected("by confidence") // the dark one first
	common := b.style(0).Range.Hi
	scale.SetSelected(rowScales)
	own := b.style(0).Range.Hi
	if said := b.row(0).drawn.look.written(b.table.at(0)); b.table.scale.bar.Visible() || !(own < common/5) || said != "±0.0392" {
		t.Errorf("the row's scale ends at %v of %v and says %q", own, common, said)
	}
	scale.SetSelected(oneScale)
	if !b.table.scale.bar.Visible() || b.style(0).Range.Hi != common {
		t.Error("the common scale does not come back")
	}
}

// While rows are computed they say so; after Stop they say that they are not, and
// Continue goes on.
func TestTableSaysWhatIsMissingAndGoesOn(t *testing.T) {
	b := newBench(t)
	b.C.Drop([]string{b.Write("m.onnx"), b.Desk.Picture("a.png", 230), b.Desk.Picture("b.png", 20), b.Desk.Picture("c.png", 150)})
	b.Ready(1)
	b.toggleTable()
	grid := b.C.State().Grid
	said := func() (all []string) {
		for i := range b.table.listed {
			all = append(all, b.row(i).drawn.said)
		}
		return all
	}
	if got := said(); !slices.Equal(got, []string{"computing…", "waiting", "waiting"}) {
		t.Errorf("at first the rows say %q", got)
	}
	b.Q.Until(t, "a row", func() bool { return grid.Done == 1 })
	b.C.Stop()
	if got := said(); !b.row(0).drawn.ready || got[1] != "not computed" || got[2] != "not computed" {
		t.Errorf("after a stop the rows say %q", got)
	}
	if !b.table.more.Visible() || b.table.state.Text != "1 of 3 computed" || !strings.HasPrefix(b.table.more.Text, "Continue") {
		t.Errorf("the head says %q and offers %q", b.table.state.Text, b.table.more.Text)
	}
	b.table.more.OnTapped()
	if b.row(1).drawn.said != "computing…" || b.table.more.Visible() {
		t.Errorf("gone on, the rows say %q", said())
	}
	b.Q.Until(t, "the rest", func() bool { return grid.Done == 3 && !b.C.Filling() })
	if !b.row(2).drawn.ready || b.table.more.Visible() || b.table.state.Visible() {
		t.Error("a whole table offers to go on")
	}
}

func (b *bench) saved(path string) [][]string {
	b.T.Helper()
	sheet, err := b.table.sheet()
	if err != nil {
		b.T.Fatal(err)
	}
	b.C.DismissAll()
	b.C.ExportTable(path, sheet)
	b.Q.Until(b.T, "the files", func() bool { return b.C.State().Notice != nil })
	f, err := os.Open(strings.TrimSuffix(path, ".png") + ".csv")
	if err != nil {
		b.T.Fatalf("%v, %+v", err, b.C.State().Notice)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		b.T.Fatal(err)
	}
	return lines
}

func TestTableIsSavedAsPictureAndNumbers(t *testing.T) {
	b := tabled(t)
	sheet, err := b.table.sheet()
	if err != nil || sheet.Pages() != 1 {
		t.Fatalf("%v, %v", sheet, err)
	}
	page, err := sheet.Page(0)
	if err != nil || page.Rect.Dy() < 3*sheetCell {
		t.Fatalf("%v, %v", page, err)
	}
	path := filepath.Join(t.TempDir(), "table.png")
	lines := b.saved(path)
	if len(lines) != 1+3*2 {
		t.Fatalf("%d lines", len(lines))
	}
	for _, line := range lines {
		if line[0] == "c-dark.png" && line[1] == "1" && (line[2] != "black" || line[4] != "prob" || !strings.HasPrefix(line[5], "0.92156") || line[9] != "") {
			t.Errorf("the dark picture is %q", line)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Size() == 0 {
		t.Error("no picture")
	}
}

// thousands is the table of 2,000 pictures, on the screen.
func thousands(t *testing.T, n int) *bench {
	t.Helper()
	b := newBench(t)
	files := []string{b.Write("m.onnx")}
	for i := range n {
		files = append(files, b.Desk.Picture(fmt.Sprintf("p%04d.png", i), uint8(i%251)))
	}
	b.C.Drop(files)
	b.Ready(1)
	b.toggleTable()
	return b
}

// Two thousand rows are no more widgets than fit on the screen, and each is
// explained once; scrolling back finds them.
func TestTableOfThousands(t *testing.T) {
	if testing.Short() {
		t.Skip("computes 2,000 rows")
	}
	const n = 2000
	b := thousands(t, n)
	grid := b.C.State().Grid
	if len(grid.Rows) != n {
		t.Fatalf("%d rows", len(grid.Rows))
	}
	b.Q.Until(t, "the last row on the screen", func() bool { return grid.Done == 3 })
	b.table.list.ScrollTo(1200) // what comes on the screen goes first
	b.Q.Until(t, "rows in the middle", func() bool { return b.table.at(1200).Known() })
	if grid.Done > 20 {
		t.Errorf("%d other rows were computed before those on the screen", grid.Done)
	}
	b.C.ContinueGrid()
	b.Q.Until(t, "all rows", func() bool { return grid.Done == n && !b.C.Filling() })
	b.table.list.ScrollTo(3)
	if !b.row(3).drawn.ready {
		t.Error("scrolled back, a row is empty")
	}
	if runs := b.Every.Count(); runs > n+2 {
		t.Errorf("%d runs for %d rows", runs, n)
	}
	widgets := 0
	b.table.drawn.Each(func(*tableRow, *control.GridRow) { widgets++ })
	if widgets > 60 {
		t.Errorf("%d rows of widgets", widgets)
	}
	path := filepath.Join(t.TempDir(), "big.png")
	b.table.order.filter.SetText("name:p01") // 100 rows, two pages
	lines := b.saved(path)
	for _, page := range []string{"big-1.png", "big-2.png"} {
		if info, err := os.Stat(filepath.Join(filepath.Dir(path), page)); err != nil || info.Size() == 0 {
			t.Errorf("no %s", page)
		}
	}
	if len(lines) != 1+100*2 {
		t.Errorf("%d lines", len(lines))
	}
}

// A filter by labels that the list had can be left in the table.
func TestTableShowsWrongAnswersAlone(t *testing.T) {
	b := newBench(t)
	if err := os.Mkdir(filepath.Join(b.Dir, "white"), 0o700); err != nil {
		t.Fatal(err)
	}
	b.C.Drop([]string{b.Write("m.onnx"), b.Desk.Picture("white/light.png", 230), b.Desk.Picture("white/dark.png", 20), b.Desk.Picture("free.png", 10)})
	b.Ready(1)
	b.Q.Until(t, "all answers", func() bool {
		return !slices.ContainsFunc(b.C.State().Images, func(p *control.Picture) bool { return p.Best == nil })
	})
	b.C.SetListing(listing.Listing{Wrong: true})
	b.toggleTable()
	if got := b.names(); got != "dark" || !b.table.order.wrong.Checked {
		t.Errorf("wrong answers: %q, checked %v", got, b.table.order.wrong.Checked)
	}
	b.table.order.wrong.SetChecked(false)
	if got := len(b.table.listed); got != 3 {
		t.Errorf("%d rows without the filter", got)
	}
}

// Classes that are called otherwise are called so in rows that are drawn already.
func TestTableFollowsNewNames(t *testing.T) {
	b := tabled(t)
	said := func() (text string) {
		for _, o := range test.LaidOutObjects(b.row(0)) {
			if c, ok := o.(*canvas.Text); ok {
				text += c.Text + "|"
			}
		}
		return text
	}
	if before := said(); strings.Contains(before, "night") || !strings.Contains(before, "black") {
		t.Fatalf("at first a row says %q", before)
	}
	if err := b.C.Choose(metadata.Choices{Labels: []string{"night", "day"}}); err != nil {
		t.Fatal(err)
	}
	if now := said(); !strings.Contains(now, "night") || strings.Contains(now, "black") {
		t.Errorf("with other names it says %q", now)
	}
}

func TestTableOfScansSaysWhatTheyAreFor(t *testing.T) {
	b := newBench(t)
	b.Scanned()
	b.toggleTable()
	b.filled(1)
	if !b.strip.Visible() {
		t.Error("a table of scans without a word")
	}
	b.C.Clear()
	b.C.Drop([]string{b.Desk.Picture("photo.png", 90)})
	b.filled(1)
	if b.strip.Visible() {
		t.Error("photographs are no scans")
	}
}

// A table over a scan draws what was computed, pixel by pixel, like the map
// beside it; over a photo it is smoothed.
func TestTableOfScansIsNotSmoothed(t *testing.T) {
	b := newBench(t)
	b.Scanned()
	b.toggleTable()
	b.filled(1)
	if !b.style(0).Cells {
		t.Error("values between those of the map are drawn over a scan")
	}
	b.C.Clear()
	b.C.Drop([]string{b.Desk.Picture("photo.png", 90)})
	b.filled(1)
	if b.style(0).Cells {
		t.Error("a photo's map is not smoothed")
	}
}

// G shows the table and leads back to where it was pressed; the table has the head of
// all views, and its method is that of the tab until another one is chosen here.
func TestTheTableIsAViewOfCompare(t *testing.T) {
	b := newBench(t)
	b.Explained()
	b.do(TableTitle)
	b.filled(1)
	if s := b.C.State(); s.Workspace != control.Compare || b.m.View() != comparison.ByPicture || s.Grid.Panel != s.Panel() {
		t.Fatalf("the table is in %s, view %v", s.Workspace, b.m.View())
	}
	if row := b.row(0); !b.table.box.Visible() || b.grid.box.Visible() || len(row.classes) != 2 || !row.drawn.ready || !row.drawn.current {
		t.Errorf("the row is %+v", row.drawn)
	}
	grid := b.C.State().Grid
	b.do("Compare methods and classes")
	if b.C.State().Grid != nil || b.table.box.Visible() {
		t.Error("another view leaves the table open")
	}
	b.do(TableTitle)
	if b.C.State().Grid != grid || grid.Done != 1 || !b.table.box.Visible() {
		t.Error("the table is not there again")
	}
	b.do(TableTitle)
	if s := b.C.State(); s.Workspace != control.Compare || b.m.View() != comparison.ByMethod || s.Grid != nil {
		t.Errorf("back is %s, view %v", s.Workspace, b.m.View())
	}
	b.C.SetWorkspace(control.Inside)
	b.do(TableTitle)
	b.LeaveTable()
	if s := b.C.State(); s.Workspace != control.Inside || s.Grid != nil {
		t.Errorf("back is %s", s.Workspace)
	}
	b.C.SetWorkspace(control.Compare)
	b.C.Clear()
	b.do(TableTitle)
	if text := b.table.none.Text; !b.table.none.Visible() || !strings.HasPrefix(text, "Add pictures") {
		t.Errorf("an empty table says %q", text)
	}
}

// By keys: rows, the scale, the picture of a row; a click on a map opens it with its
// class.
func TestTheTableByKeys(t *testing.T) {
	b := tabled(t)
	b.C.Select(b.table.listed[0])
	now := func() int { return b.table.place(b.C.State().Selected()) }
	for _, title := range []string{"The next class, or row of the table", "The next class, or row of the table", "The next class, or row of the table"} {
		b.do(title)
	}
	if now() != 2 || !b.row(2).drawn.current || b.row(0).drawn.current {
		t.Errorf("three steps down lead to row %d", now())
	}
	b.do("The previous class, or row of the table")
	if now() != 1 {
		t.Errorf("a step up leads to row %d", now())
	}
	b.do("One scale, or one for each map or row")
	if !b.table.scale.apart() {
		t.Error("K changes no scale")
	}
	b.do("Open the current picture of the table")
	row := b.table.at(1)
	b.row(1).classes[1].OnTapped()
	every := b.C.State().Panels[0].Info.ID
	if want := []string{every + " as it is", every + " " + row.Classes[1].Name}; !slices.Equal(b.host.shown, want) {
		t.Errorf("keys and click lead to %q, want %q", b.host.shown, want)
	}
	if b.table.more.OnTapped == nil || b.host.Hints != nil {
		t.Errorf("told %q", b.host.Hints)
	}
	b.do("Zoom in on all maps")
	if len(b.host.Hints) != 1 {
		t.Error("a key that does nothing says nothing")
	}
}

// Ctrl+E saves the table as a picture and as numbers, under a name that says what it is.
func TestTheTableIsSavedByItsKey(t *testing.T) {
	b := tabled(t)
	b.host.Answer = filepath.Join(b.Dir, "sheet.png")
	b.do("Save this comparison…")
	b.Q.Until(t, "the files", func() bool { return b.C.State().Notice != nil })
	for _, name := range []string{"sheet.png", "sheet.csv"} {
		if info, err := os.Stat(filepath.Join(b.Dir, name)); err != nil || info.Size() == 0 {
			t.Errorf("no %s: %+v", name, b.C.State().Notice)
		}
	}
	if q := b.host.Asked[0]; q.Save != "table-every.png" || !strings.Contains(q.Title, "PNG and CSV") {
		t.Errorf("asked %+v", q)
	}
}
