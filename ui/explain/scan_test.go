package explain

import (
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"picasso/backend/picture/dicom"
	"picasso/backend/picture/dicom/dicomtest"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/drawing"
	"picasso/ui/report"
	"picasso/ui/uitest"
	"picasso/ui/viewer"
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

// The figure of a scan is turned and windowed as it is seen, carries what was
// measured, and says what it is for.
func TestTheFigureOfAScanIsWhatIsSeen(t *testing.T) {
	b := newBench(t)
	b.Scanned()
	p := b.Workspace.Picture
	p.Turn(viewer.Turn.Turned)
	b.C.SetWindow(dicom.Window{Name: "own", Function: dicom.LinearExact, Width: 300, Center: 40})
	b.C.Invert()
	v := p.image
	v.Resize(fyne.NewSize(400, 400))
	v.SetTool(viewer.RulerTool)
	v.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(100, 100)}, Button: desktop.MouseButtonPrimary})
	v.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(200, 180)}})
	v.DragEnd()
	subject, shown, err := p.Reported()
	if err != nil {
		t.Fatal(err)
	}
	f := subject.Figure(shown)
	if f.Notice != drawing.ResearchUse || f.Turn != (viewer.Turn{Quarters: 1}) || f.Base != b.C.Shown() {
		t.Errorf("notice %q, turn %+v", f.Notice, f.Turn)
	}
	var all string
	for _, fact := range f.Facts {
		all += fact.Name + " " + fact.Value + "\n"
	}
	if len(v.Said()) != 1 {
		t.Fatalf("measured %q", v.Said())
	}
	for _, want := range []string{"width 300, level 40", "inverted", "length: " + v.Said()[0]} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is missing in\n%s", want, all)
		}
	}
	if len(f.Measured) != 1 || f.Measured[0].Points[0] == f.Measured[0].Points[1] {
		t.Errorf("measured %+v", f.Measured)
	}
	if w := report.New(subject).Image.Scan.Window; w == nil || w.Width != 300 || w.Center != 40 {
		t.Errorf("JSON has the window %+v", w)
	}
}

// A scan of several volumes has a chooser, PET one for its unit; an ordinary
// picture shows what was noticed, without the words for scans.
func TestVolumesUnitsAndRemarks(t *testing.T) {
	b := newBench(t)
	b.C.Settings().ResearchUse = true
	folder := filepath.Join(t.TempDir(), "pet")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for i := range 6 {
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprint("IM", i)), dicomtest.PET(i/3, i%3), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b.C.Drop([]string{b.Write("m.onnx"), folder})
	b.Ready(1)
	p := b.Workspace.Picture
	var choosers []*widgets.Select
	for _, o := range uitest.All(p.scan.Foot) {
		if s, ok := o.(*widgets.Select); ok && s.Visible() {
			choosers = append(choosers, s)
		}
	}
	if len(choosers) != 2 {
		t.Fatalf("%d choosers", len(choosers))
	}
	for _, s := range choosers {
		s.SetSelectedIndex(1)
		b.Q.Until(t, "the picture", func() bool { return !b.C.State().Looking })
	}
	b.Q.Until(t, "the second volume as uptake", func() bool {
		k := b.C.State().Look
		return k != nil && k.Image.Unit == "SUVbw" && k.Image.At(0, 0, 0) == 10
	})
	if notes := strings.Join(p.scan.Notes().BottomLeft, "; "); !strings.Contains(notes, "volume 2 / 2  temporal position 2") {
		t.Errorf("written on the picture: %q", notes)
	}
	clear := image.NewNRGBA(image.Rect(0, 0, 32, 32))
	path := filepath.Join(t.TempDir(), "clear.png")
	f, err := os.Create(path)
	if err == nil {
		err = errors.Join(png.Encode(f, clear), f.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	b.C.Drop([]string{path})
	b.Q.Until(t, "the photo", func() bool { k := b.C.State().Look; return k != nil && k.Image.Scan == nil && len(k.Image.Notes) > 0 })
	seen := ""
	for _, o := range uitest.All(p.scan.Head) {
		switch o := o.(type) {
		case *widget.Button:
			seen += o.Text
		case *widget.Label:
			if o.Visible() {
				seen += o.Text
			}
		}
	}
	if !p.scan.Head.Visible() || !strings.Contains(seen, "1 remark") || strings.Contains(seen, drawing.ResearchUse) {
		t.Errorf("above a photo stands %q", seen)
	}
}

func TestPlanesStandInThePlaceOfThePicture(t *testing.T) {
	b := newBench(t)
	b.Scanned()
	b.TogglePlanes()
	b.Q.Until(t, "the planes", func() bool { v := b.C.State().Planes; return v != nil && v.Shown[2] != nil })
	if !b.PlanesShown() || !b.planes.Box.Visible() || b.Workspace.Picture.box.Visible() {
		t.Fatal("the picture stays")
	}
	if m := b.Workspace.Picture.Map(); m.Heat == nil || m.Look != b.C.State().Look || m.Unit == "" {
		t.Errorf("the planes get the map %+v", m)
	}
	b.Workspace.Picture.ToggleMap()
	if b.Workspace.Picture.Map().Heat != nil {
		t.Error("a hidden map lies over the planes")
	}
	b.StepSlice(1)
	b.Ready(2)
	if b.C.State().Look.Slice != 1 {
		t.Errorf("slice %d after a step", b.C.State().Look.Slice)
	}
	b.ToggleMontage()
	if b.PlanesShown() || b.planes.Box.Visible() {
		t.Error("the planes lie over the montage")
	}
	b.ToggleMontage()
	if !b.PlanesShown() {
		t.Error("the planes do not come back")
	}
	b.TogglePlanes()
	if b.planes.Box.Visible() || !b.Workspace.Picture.box.Visible() {
		t.Error("the picture does not come back")
	}
}
