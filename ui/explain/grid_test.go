package explain

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control"
	"picasso/ui/uitest"
	"picasso/ui/viewer"
)

// tabled has three grey pictures and the table of them.
func tabled(t *testing.T) *bench {
	t.Helper()
	b := newBench(t)
	b.C.Drop([]string{b.Write("m.onnx"), b.Desk.Picture("b-light.png", 230), b.Desk.Picture("c-dark.png", 20), b.Desk.Picture("a-middle.png", 150)})
	b.Ready(1)
	b.ToggleGrid()
	b.Q.Until(t, "the table", func() bool { g := b.C.State().Grid; return g != nil && g.Done == 3 && !b.C.Filling() })
	return b
}

// names are the rows shown, by the name under their picture.
func (b *bench) names() string {
	var out []string
	for _, o := range b.grid.table.Objects {
		for i, view := range b.grid.rows {
			if o == fyne.CanvasObject(view.box) {
				out = append(out, strings.TrimSuffix(b.C.State().Grid.Rows[i].Picture.Name, ".png"))
			}
		}
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
		{byName, "a-middle b-light c-dark"},
		{byConfidence, "c-dark b-light a-middle"}, // 0.922, 0.902, 0.588
		{byClass, "c-dark b-light a-middle"},      // black, white, white
		{byList, listed},
	} {
		b.grid.order.by.SetSelected(c.by)
		if got := b.names(); got != c.want {
			t.Errorf("%s: %q, want %q", c.by, got, c.want)
		}
	}
	for text, want := range map[string]int{"DARK": 1, "white": 2, "nothing like it": 0, "": 3} {
		b.grid.order.filter.SetText(text)
		if got := len(strings.Fields(b.names())); got != want {
			t.Errorf("filter %q leaves %d rows, want %d", text, got, want)
		}
	}
}

// With a scale for each row no common bar is shown, and each row says its own.
func TestTableHasOneScaleOrOneForEachRow(t *testing.T) {
	b := tabled(t)
	scale := uitest.First[*widget.Select](t, b.grid.box)
	if !b.grid.bar.Visible() || b.grid.bar.Unit() != "one scale for all images and classes" {
		t.Errorf("the bar says %q", b.grid.bar.Unit())
	}
	grid := b.C.State().Grid
	dark := grid.Rows[0]
	for _, row := range grid.Rows {
		if row.Picture.Name == "c-dark.png" {
			dark = row
		}
	}
	common := b.grid.style(dark, dark.Maps[0], grid).Range.Hi
	scale.SetSelected(rowScales)
	own := b.grid.style(dark, dark.Maps[0], grid).Range.Hi
	if b.grid.bar.Visible() || !(own < common/5) || b.grid.rangeOf(dark) != "±0.0392" {
		t.Errorf("the row's scale ends at %v of %v and says %q", own, common, b.grid.rangeOf(dark))
	}
	scale.SetSelected(oneScale)
	if !b.grid.bar.Visible() || b.grid.style(dark, dark.Maps[0], grid).Range.Hi != common {
		t.Error("the common scale does not come back")
	}
}

func TestTableSaysWhatIsMissingAndGoesOn(t *testing.T) {
	b := tabled(t)
	grid := b.C.State().Grid
	*grid.Rows[2] = control.GridRow{Picture: grid.Rows[2].Picture} // as after a stop
	grid.Done = 2
	b.grid.rows[2].done = false
	b.grid.show()
	said := func() string {
		var all []string
		for _, o := range uitest.All(b.grid.rows[2].box) {
			if l, ok := o.(*widget.Label); ok {
				all = append(all, l.Text)
			}
		}
		return strings.Join(all, " ")
	}
	if !strings.Contains(said(), "not computed") || !b.grid.more.Visible() || b.grid.state.Text != "2 of 3" {
		t.Errorf("the row says %q, the head %q", said(), b.grid.state.Text)
	}
	b.grid.more.OnTapped()
	if !strings.Contains(said(), "computing") || b.grid.more.Visible() {
		t.Errorf("while it is computed the row says %q", said())
	}
	b.Q.Until(t, "the rest", func() bool { return grid.Done == 3 && !b.C.Filling() })
	uitest.First[*viewer.Thumb](t, b.grid.rows[2].box)
	if b.grid.more.Visible() || b.grid.state.Visible() {
		t.Error("a whole table offers to go on")
	}
}

func TestTableIsSavedAsPictureAndNumbers(t *testing.T) {
	b := tabled(t)
	sheet, err := b.Sheet()
	if err != nil || sheet.Rect.Dy() < 3*sheetCell {
		t.Fatalf("%v, %v", sheet, err)
	}
	path := filepath.Join(t.TempDir(), "table.png")
	b.C.DismissAll()
	b.C.ExportTable(path, sheet)
	b.Q.Until(t, "the files", func() bool { return b.C.State().Notice != nil })
	f, err := os.Open(strings.TrimSuffix(path, ".png") + ".csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil || len(lines) != 1+3*2 {
		t.Fatalf("%d lines, %v", len(lines), err)
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
