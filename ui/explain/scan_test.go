package explain

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2/widget"

	"picasso/ui/drawing"
	"picasso/ui/uitest"
	"picasso/ui/widgets"
)

func TestScanIsOneEntryWithSlices(t *testing.T) {
	b := newBench(t)
	b.Scanned()
	s, p := b.C.State(), b.Workspace.Picture
	slider := uitest.First[*widgets.Slider](t, p.scan.Foot)
	label := uitest.First[*widget.Label](t, p.scan.Foot)
	if len(s.Images) != 1 || s.Images[0].Name != "CT, 3 slices" || s.Consent {
		t.Fatalf("%d entries, %+v", len(s.Images), s.Images[0])
	}
	if !p.scan.Head.Visible() || !p.scan.Foot.Visible() || slider.Max != 2 {
		t.Error("the parts for scans are not there")
	}
	slider.SetValue(2)
	b.Ready(2)
	if s.Look.Slice != 2 || label.Text != "Slice 3 / 3" || !strings.Contains(strings.Join(p.scan.Notes().BottomLeft, " "), "slice 3 / 3") {
		t.Errorf("slice %d, %q", s.Look.Slice, label.Text)
	}
	p.hover(3, 1, true)
	if !strings.Contains(p.readout.Text, "62 HU") || !strings.Contains(p.readout.Text, "(-25.0, -29.0, 10.0 mm)") {
		t.Errorf("reads %q", p.readout.Text)
	}
	b.C.Drop([]string{b.Desk.Picture("photo.png", 90)})
	b.Ready(3)
	if p.scan.Head.Visible() || p.scan.Foot.Visible() {
		t.Error("an ordinary picture looks like a scan")
	}
}

func TestSideBySideIsLinked(t *testing.T) {
	b := newBench(t)
	b.Scanned()
	p := b.Workspace.Picture
	p.ToggleSideBySide()
	if !p.sideBySide() || !b.C.Settings().SideBySide {
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
	b.C.Drop([]string{b.Desk.Picture("photo.png", 90)})
	b.Ready(2)
	if !p.sideBySide() {
		t.Error("a photo is not shown beside its map")
	}
	b.C.Step(-1)
	b.Q.Until(t, "the scan", func() bool { return b.C.State().Scan() && b.C.State().Look.Image.Scan != nil })
	if !p.sideBySide() {
		t.Error("the choice is forgotten")
	}
}

func TestTableOfScansSaysWhatTheyAreFor(t *testing.T) {
	b := newBench(t)
	b.Scanned()
	b.ToggleGrid()
	b.Q.Until(t, "the table", func() bool { g := b.C.State().Grid; return g != nil && g.Done == 1 })
	if !b.grid.strip.Visible() {
		t.Error("a table of scans without a word")
	}
	b.ToggleGrid()
	b.C.Clear()
	b.C.Drop([]string{b.Desk.Picture("photo.png", 90)})
	b.Ready(2)
	b.ToggleGrid()
	if b.grid.strip.Visible() {
		t.Error("photographs are no scans")
	}
}

// A table over a scan draws what was computed, pixel by pixel, like the map
// beside it; over a photo it is smoothed.
func TestTableOfScansIsNotSmoothed(t *testing.T) {
	b := newBench(t)
	b.Scanned()
	b.ToggleGrid()
	b.Q.Until(t, "the table", func() bool { g := b.C.State().Grid; return g != nil && g.Done == 1 })
	g := b.C.State().Grid
	if row := g.Rows[0]; !b.grid.style(row, row.Maps[0], g).Cells {
		t.Error("values between those of the map are drawn over a scan")
	}
	b.C.Clear()
	b.C.Drop([]string{b.Desk.Picture("photo.png", 90)})
	b.Ready(2)
	b.ToggleGrid()
	b.ToggleGrid()
	b.Q.Until(t, "the table", func() bool { g = b.C.State().Grid; return g != nil && g.Done == 1 })
	if row := g.Rows[0]; b.grid.style(row, row.Maps[0], g).Cells {
		t.Error("a photo's map is not smoothed")
	}
}

// The words around a saved map of a scan say what it is for.
func TestCaptionOfScansSaysWhatTheyAreFor(t *testing.T) {
	b := newBench(t)
	b.Scanned()
	if note := b.Workspace.Picture.figureCaption().Note; !strings.HasSuffix(note, drawing.ResearchUse) {
		t.Errorf("says %q", note)
	}
}
