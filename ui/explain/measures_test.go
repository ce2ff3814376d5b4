package explain

import (
	"math"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/picture/measure"
	"picasso/ui/control"
	"picasso/ui/uitest"
	"picasso/ui/viewer"
	"picasso/ui/widgets"
)

// pull drags over a viewer with the left button.
func pull(v *viewer.Image, x0, y0, x1, y1 float32) {
	v.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x0, y0)}, Button: desktop.MouseButtonPrimary})
	v.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x1, y1)}, Dragged: fyne.NewDelta(x1-x0, y1-y0)})
	v.MouseUp(nil)
}

// What is drawn in one pane is measured and shown in both, stays on its slice, and
// can be moved and removed.
func TestMeasurementsAreInBothPanesAndStay(t *testing.T) {
	b := newBench(t)
	b.Scanned()
	p := b.Workspace.Picture
	p.ToggleSideBySide()
	test.NewTempWindow(t, container.NewWithoutLayout(p.image, p.bare))
	p.image.Resize(fyne.NewSize(320, 320)) // ten units a pixel
	p.bare.Resize(fyne.NewSize(320, 320))
	p.SetTool(viewer.BoxTool)
	pull(p.bare, 20, 30, 100, 110) // columns 2…9 of 20 HU each, and 8 rows
	list := b.C.Measures()
	if len(list) != 1 || list[0].Shape.Kind != measure.Rectangle {
		t.Fatalf("%+v", list)
	}
	if v := list[0].Reading.Values[0]; v.N != 64 || math.Abs(v.Mean-110) > 1e-9 || list[0].Reading.Area != 256 {
		t.Errorf("%+v, area %v", v, list[0].Reading.Area)
	}
	for name, v := range map[string]*viewer.Image{"with the map": p.image, "without": p.bare} {
		if got := v.Said(); !slices.Equal(got, []string{"mean 110 HU", "SD 45.8 HU", "area 256 mm²"}) {
			t.Errorf("the pane %s says %q", name, got)
		}
	}
	pull(p.image, 20, 70, 40, 70) // its left side, in the other pane
	if got := b.C.Measures()[0].Shape.Points; got[0] != [2]float64{4, 3} || got[1] != [2]float64{12, 11} {
		t.Errorf("moved to %v", got)
	}
	p.SetTool(viewer.AngleTool)
	pull(p.image, 200, 200, 250, 200)
	if !p.Abandon() || len(b.C.Measures()) != 1 {
		t.Error("an angle that is begun cannot be abandoned")
	}
	b.C.SelectSlice(1)
	b.Ready(2)
	if len(p.image.Said()) != 0 || len(p.bare.Said()) != 0 {
		t.Errorf("another slice says %q", p.image.Said())
	}
	b.C.SelectSlice(0)
	b.Q.Until(t, "the first slice", func() bool { return b.C.State().Look.Slice == 0 && !b.C.State().Looking })
	p.ResetViewing() // of the view, not of what was measured
	if len(p.image.Said()) != 3 {
		t.Errorf("back on it: %q", p.image.Said())
	}
	b.C.RemoveMeasures()
	if len(p.image.Said()) != 0 || len(p.bare.Said()) != 0 {
		t.Error("it is not removed")
	}
}

// The curve stands below the slider: its slices lie where the slider's do.
func TestCurveIsAlignedWithTheSlider(t *testing.T) {
	b := newBench(t)
	b.Scanned()
	p := b.Workspace.Picture
	w := test.NewTempWindow(t, p.scan.Foot)
	w.Resize(fyne.NewSize(600, 200))
	slider := uitest.First[*widgets.Slider](t, p.scan.Foot)
	curve := uitest.First[*viewer.Curve](t, p.scan.Foot)
	driver := fyne.CurrentApp().Driver()
	a, c := driver.AbsolutePositionForObject(slider), driver.AbsolutePositionForObject(curve)
	if a.X != c.X || slider.Size().Width != curve.Size().Width || curve.Inset != slider.Inset() || a.Y >= c.Y {
		t.Errorf("the slider is at %v, %v wide; the curve at %v, %v wide", a, slider.Size().Width, c, curve.Size().Width)
	}
	for i := range 3 { // a tap on the curve where the slider's thumb is, goes to that slice
		x := slider.Inset() + float32(i)*(slider.Size().Width-2*slider.Inset())/2
		test.TapAt(curve, fyne.NewPos(x, 10))
		if got := b.C.State().Selected().Slice; got != i {
			t.Errorf("below slice %d lies slice %d", i, got)
		}
	}
}

func TestMontageShowsSlicesAndGoesToThem(t *testing.T) {
	b := newBench(t)
	b.Scanned()
	test.NewTempWindow(t, b.Workspace.Middle()).Resize(fyne.NewSize(700, 600))
	b.C.SelectSlice(1)
	b.C.ToggleKey()
	b.Workspace.ToggleMontage()
	m := b.montage
	if !m.box.Visible() || b.Workspace.Picture.box.Visible() || m.title.Text != "3 SLICES" {
		t.Fatalf("the montage says %q", m.title.Text)
	}
	b.Q.Until(t, "all tiles", func() bool { return b.C.Tile(0) != nil && b.C.Tile(1) != nil && b.C.Tile(2) != nil })
	if uitest.First[*widget.Label](t, m.box).Text == "" {
		t.Error("nothing says what scans are for")
	}
	m.keys.SetChecked(true)
	if got := m.slices(); !slices.Equal(got, []int{1}) || m.title.Text != "1 SLICE" || m.none.Visible() {
		t.Errorf("key slices %v, %q", got, m.title.Text)
	}
	b.C.ToggleKey()
	if len(m.slices()) != 0 || !m.none.Visible() {
		t.Error("without key slices nothing says how to mark one")
	}
	m.keys.SetChecked(false)
	m.choose(2)
	if m.box.Visible() || !b.Workspace.Picture.box.Visible() || b.C.State().Selected().Slice != 2 {
		t.Errorf("goes to slice %d", b.C.State().Selected().Slice)
	}
}

// Maps lie over the slices of the montage on one scale that its bar shows; the button
// beside it makes those that are missing, and says what they take.
func TestMontageShowsMapsOnOneScale(t *testing.T) {
	b := newBench(t)
	b.Scanned()
	b.Q.Until(t, "the map of the first slice", func() bool { return b.C.State().Panel().Status == control.Ready })
	b.Workspace.ToggleMontage()
	m := b.montage
	b.Q.Until(t, "the map in the montage", func() bool { return b.C.State().Montage.Mapped == 1 && b.C.Tile(0) != nil && b.C.Tile(1) != nil })
	if !m.bar.Visible() || m.bar.Unit() == "" || !m.more.Visible() || !strings.HasPrefix(m.more.Text, "Explain the other") || !strings.Contains(m.there.Text, "on 1 of") {
		t.Errorf("the bar is shown: %v; %q, %q", m.bar.Visible(), m.there.Text, m.more.Text)
	}
	first, plain := m.mapped(0, b.C.Tile(0)), b.C.Tile(0).Image
	if first == plain || slices.Equal(first.Pix, plain.Pix) || m.mapped(1, b.C.Tile(1)) != b.C.Tile(1).Image {
		t.Error("the map lies over the wrong slice")
	}
	if again := m.mapped(0, b.C.Tile(0)); again != first {
		t.Error("what is drawn is drawn again")
	}
	test.Tap(m.more)
	b.Q.Until(t, "maps of all slices", func() bool {
		return b.C.State().Walk == nil && b.C.State().Montage.Mapped == b.C.State().Montage.Picture.Slices()
	})
	if m.more.Visible() {
		t.Errorf("all slices have maps, and the button says %q", m.more.Text)
	}
	m.maps.SetChecked(false)
	if tile := b.C.Tile(0); m.bar.Visible() || m.more.Visible() || m.mapped(0, tile) != tile.Image {
		t.Errorf("maps that were taken away are there: the bar %v, the button %v", m.bar.Visible(), m.more.Visible())
	}
}
