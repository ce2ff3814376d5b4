package planes

import (
	"image"
	"image/color"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"fyne.io/fyne/v2"

	"picasso/backend/infer"
	"picasso/backend/picture"
	"picasso/backend/picture/dicom"
	"picasso/backend/picture/planes"
	"picasso/backend/preprocess"
	"picasso/ui/control"
	"picasso/ui/uitest"
	"picasso/ui/viewer"
	"picasso/visualizers"
	"picasso/visualizers/render"
)

// opened is a pane with planes through a series of three slices of 32×32 pixels of
// 2×2 mm, 5 mm apart, whose values are 20 x + z.
func opened(t *testing.T, mapped func(*control.Controller) Map) (*uitest.Desk, *Pane) {
	t.Helper()
	d := uitest.NewControl(t)
	p := New(d.Host, d.C, func() Map {
		if mapped == nil {
			return Map{}
		}
		return mapped(d.C)
	})
	d.C.Listen(control.NewDraws(d.C, p.Draws()...))
	d.Host.Window.SetContent(p.Box)
	d.Host.Window.Resize(fyne.NewSize(900, 700))
	d.Scanned()
	d.C.OpenPlanes()
	d.Q.Until(t, "the planes", func() bool { return p.panes[planes.Sagittal].cut != nil })
	return d, p
}

func TestPlanesMeetWhereOneIsClicked(t *testing.T) {
	d, p := opened(t, nil)
	coronal := p.panes[planes.Coronal]
	// 32 columns of 2 mm, 6 rows of 2 mm from 10 mm down to 0 mm.
	if m := coronal.cut.Picture; m.Width != 32 || m.Height != 6 || m.Scan.Geometry.Letters != [4]string{"R", "L", "H", "F"} {
		t.Fatalf("%d×%d pixels, %q", m.Width, m.Height, m.Scan.Geometry.Letters)
	}
	coronal.image.OnTapped(3, 0)
	d.Q.Until(t, "the planes", func() bool { return p.panes[planes.Sagittal].cut.MM == -25 })
	if s := d.C.State(); s.Planes.At != (planes.Point{10, 1, -25}) || s.Selected().Slice != 2 || s.Planes.Active != planes.Coronal {
		t.Errorf("the planes meet at %v, slice %d, keys move the %s one", s.Planes.At, s.Selected().Slice, s.Planes.Active)
	}
	if text := p.point.Text; text != "25.0 mm to the right, 1.0 mm to the back, 10.0 mm to the head: 62 HU" {
		t.Errorf("says %q", text)
	}
	coronal.image.OnHover(4, 5, true)
	if text := p.under.Text; !strings.Contains(text, "80 HU") || !strings.Contains(text, "(-23.0, 1.0, 0.0) mm") {
		t.Errorf("under the pointer %q", text)
	}
}

func TestWheelAndKeysStep(t *testing.T) {
	d, p := opened(t, nil)
	p.panes[planes.Axial].image.OnSlices(2)
	d.Q.Until(t, "the slice", func() bool { return p.panes[planes.Axial].cut.MM == 10 })
	p.StepActive(1)
	if v := d.C.State().Planes; v.Active != planes.Sagittal || p.panes[planes.Sagittal].frame.StrokeWidth <= p.panes[planes.Axial].frame.StrokeWidth {
		t.Errorf("keys move the %s plane", v.Active)
	}
	p.StepActive(-2)
	if v := d.C.State().Planes; v.Active != planes.Coronal {
		t.Errorf("keys move the %s plane", v.Active)
	}
	p.Zoom(2)
	if z := p.panes[planes.Coronal].image.View().Zoom; z != 2 {
		t.Errorf("zoom %v", z)
	}
	d.C.ClosePlanes()
	if p.Box.Visible() {
		t.Error("closed planes stay")
	}
}

func TestOnlyThePlaneOfTheSlicesHasAMap(t *testing.T) {
	heat := image.NewRGBA(image.Rect(0, 0, 32, 32))
	d, p := opened(t, func(c *control.Controller) Map { return Map{Heat: heat, Look: c.State().Look, Unit: "drop"} })
	d.Q.Until(t, "the map", func() bool { return p.panes[planes.Axial].heat != nil })
	if p.panes[planes.Coronal].heat != nil || p.panes[planes.Sagittal].heat != nil {
		t.Error("maps lie elsewhere")
	}
	v, m := d.C.State().Planes, p.mapped()
	for which, want := range map[planes.Plane]string{planes.Axial: "", planes.Coronal: "no map: maps are axial", planes.Sagittal: "no map: maps are axial"} {
		if got := p.mapWords(v, which, m); got != want {
			t.Errorf("%s: %q", which, got)
		}
	}
	if !strings.Contains(p.about.Text, "coronal and sagittal planes have none") || !p.bar.Visible() {
		t.Errorf("says %q", p.about.Text)
	}
	v.Step(planes.Axial, 1) // whose map is not there yet
	d.Q.Until(t, "another slice", func() bool { return p.panes[planes.Axial].cut.MM == 5 })
	if p.panes[planes.Axial].heat != nil || p.mapWords(v, planes.Axial, m) != "no map yet" {
		t.Error("a map lies over another slice")
	}
}

// small are three slices of 2×2 pixels of 1×1 mm, 2 mm apart, with a plane of theirs.
func small(t *testing.T, which planes.Plane, mm float64) (*planes.Stack, *picture.Image) {
	t.Helper()
	var all []planes.Slice
	for z := range 3 {
		g := dicom.Geometry{Spacing: [2]float64{1, 1}}
		g.Put([3]float64{0, 0, float64(2 * z)}, [3]float64{1, 0, 0}, [3]float64{0, 1, 0})
		all = append(all, planes.Slice{Geometry: g, Number: z, Whole: make([]int16, 4)})
	}
	s, err := planes.New(2, 2, all)
	if err != nil {
		t.Fatal(err)
	}
	cut, err := s.Cut(t.Context(), which, mm, planes.Linear)
	if err != nil {
		t.Fatal(err)
	}
	m := picture.NewFloat("", cut.Width, cut.Height, 1, cut.Values)
	m.Scan = &picture.Scan{Geometry: cut.Geometry}
	return s, m
}

// counted is the map of a whole volume of so many slices of 2×2, x + 10 y + 100 z, from a
// slice on.
func counted(from, slices int) *visualizers.Whole {
	m := visualizers.Map{Channels: 1, Depth: slices, Height: 2 * slices, Width: 2, Unit: "drop"}
	for i := range 4 * slices {
		m.Values = append(m.Values, float32(i%2+10*(i/2%2)+100*(from+i/4)))
	}
	b := preprocess.BlockOf(infer.Tensor{}, preprocess.Input{Depth: slices, Height: 2, Width: 2})
	b.Axes[0].Start, b.Source[0] = float64(from), from+slices
	return m.OnSlice(b, from).Of
}

func TestTheMapOfAVolumeIsCutWhereThePlaneIs(t *testing.T) {
	none := float32(math.NaN())
	for _, c := range []struct {
		plane planes.Plane
		mm    float64
		from  int // the first slice of the block
		want  []float32
	}{
		// From the head down, in steps of 1 mm: half of the rows lie between two slices.
		{planes.Sagittal, 1, 0, []float32{201, 211, 151, 161, 101, 111, 51, 61, 1, 11}},
		{planes.Coronal, 0.25, 0, []float32{202.5, 203.5, 152.5, 153.5, 102.5, 103.5, 52.5, 53.5, 2.5, 3.5}},
		{planes.Axial, 3, 0, []float32{150, 151, 160, 161}},
		// A block begins half a slice before its first one; before that there is nothing.
		{planes.Sagittal, 1, 1, []float32{201, 211, 151, 161, 101, 111, 101, 111, none, none}},
	} {
		s, m := small(t, c.plane, c.mm)
		got := through(t.Context(), counted(c.from, 3-c.from), s, m, c.from)
		if got.Width != 2 || !slices.EqualFunc(got.Values, c.want, func(a, b float32) bool { return a == b || a != a && b != b }) {
			t.Errorf("%s at %g, block from slice %d: %v, want %v", c.plane, c.mm, c.from, got.Values, c.want)
		}
	}
}

func TestTheMapOfAVolumeLiesOverAllPlanes(t *testing.T) {
	heat := image.NewRGBA(image.Rect(0, 0, 32, 32))
	var mu sync.Mutex // maps are drawn on another goroutine
	var drawn []render.Field
	d, p := opened(t, func(c *control.Controller) Map {
		return Map{Heat: heat, Look: c.State().Look, Unit: "drop, scale of the volume", Of: counted(0, 3), Draw: func(f render.Field) *image.RGBA {
			mu.Lock()
			defer mu.Unlock()
			drawn = append(drawn, f)
			return render.Heat(f.Width, f.Height, f, render.Whole(f.Width, f.Height), render.Style{Opacity: 1})
		}}
	})
	for _, one := range p.panes {
		d.Q.Until(t, "the map over the plane", func() bool { return one.heat != nil })
		if says := p.mapWords(d.C.State().Planes, one.plane, p.mapped()); says != "" {
			t.Errorf("the %s plane says %q", one.plane, says)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	if len(drawn) < 2 || !strings.Contains(p.about.Text, "over all three planes") || p.bar.Unit() != "drop, scale of the volume" {
		t.Errorf("%d planes drawn; says %q, %q", len(drawn), p.about.Text, p.bar.Unit())
	}
}

func TestAMapLiesWhereItsSliceDoes(t *testing.T) {
	placed := func(position, row, column [3]float64) *picture.Image {
		g := dicom.Geometry{Spacing: [2]float64{1, 1}}
		g.Put(position, row, column)
		m := picture.NewFloat("", 3, 2, 1, make([]float32, 6))
		m.Scan = &picture.Scan{Geometry: g}
		return m
	}
	heat := image.NewRGBA(image.Rect(0, 0, 3, 2))
	red := color.RGBA{R: 255, A: 255}
	heat.SetRGBA(0, 0, red)
	slice := placed([3]float64{5, 5, 5}, [3]float64{1, 0, 0}, [3]float64{0, 1, 0})
	mirrored := placed([3]float64{7, 5, 5}, [3]float64{-1, 0, 0}, [3]float64{0, 1, 0})
	below := placed([3]float64{5, 6, 5}, [3]float64{1, 0, 0}, [3]float64{0, -1, 0})
	aside := placed([3]float64{4, 5, 5}, [3]float64{1, 0, 0}, [3]float64{0, 1, 0})
	for _, c := range []struct {
		plane *picture.Image
		x, y  int
	}{{slice, 0, 0}, {mirrored, 2, 0}, {below, 0, 1}, {aside, 1, 0}} {
		got := laid(heat, slice, c.plane)
		for y := range 2 {
			for x := range 3 {
				if (got.RGBAAt(x, y) == red) != (x == c.x && y == c.y) {
					t.Errorf("%v: pixel %d, %d is %v", c.plane.Scan.Geometry.Position, x, y, got.RGBAAt(x, y))
				}
			}
		}
	}
	fine := image.NewRGBA(image.Rect(0, 0, 6, 4))
	fine.SetRGBA(1, 0, red)
	if got := laid(fine, slice, mirrored); got.Rect.Dx() != 6 || got.RGBAAt(4, 0) != red {
		t.Errorf("a finer map has %v pixels", got.Rect)
	}
}

// Planes are turned and mirrored one by one, and their lines and letters with them.
func TestPlanesAreTurned(t *testing.T) {
	d, p := opened(t, nil)
	p.StepActive(-1) // coronal
	p.Turn(viewer.Turn.Turned)
	p.Turn(viewer.Turn.FlippedAcross)
	if got, want := p.panes[planes.Coronal].image.Turn(), (viewer.Turn{}.Turned().FlippedAcross()); got != want || got == (viewer.Turn{}) {
		t.Errorf("the coronal plane is turned by %+v, want %+v", got, want)
	}
	if got := p.panes[planes.Axial].image.Turn(); got != (viewer.Turn{}) {
		t.Errorf("the axial plane is turned by %+v", got)
	}
	p.ResetViewing()
	if got := p.panes[planes.Coronal].image.Turn(); got != (viewer.Turn{}) {
		t.Errorf("after all is reset the plane is turned by %+v", got)
	}
	p.Turn(viewer.Turn.Turned)
	d.C.ClosePlanes()
	d.C.OpenPlanes()
	d.Q.Until(t, "the planes", func() bool { return p.panes[planes.Sagittal].cut != nil })
	if got := p.panes[planes.Coronal].image.Turn(); got != (viewer.Turn{}) {
		t.Errorf("planes that are opened anew are turned by %+v", got)
	}
}

// The share of the map is told for the places of all three planes, and a click goes there.
func TestSharesOfTheMapOverAllPlanes(t *testing.T) {
	of := counted(0, 3) // 2×2 pixels a slice, which the series of 32×32 only has the count of
	of.Map.Values = make([]float32, 12)
	of.Map.Values[0], of.Map.Values[7] = 1, 3 // slice 0, row 0, column 0; slice 1, row 1, column 1
	heat := image.NewRGBA(image.Rect(0, 0, 32, 32))
	d, p := opened(t, func(c *control.Controller) Map {
		return Map{Heat: heat, Look: c.State().Look, Of: of, Draw: func(render.Field) *image.RGBA { return nil }}
	})
	v, m := d.C.State().Planes, p.mapped()
	for which, want := range map[planes.Plane][]float64{planes.Axial: {0.25, 0.75, 0}, planes.Coronal: {0.25, 0.75, 0}, planes.Sagittal: {0.25, 0.75, 0}} {
		if got := shareOf(v, m, which); !slices.Equal(got.Values[:3], want) || got.Hi != 0.75 || got.Current != v.Voxels.Nearest(which, v.At[which]) {
			t.Errorf("%s: %v of %g", which, got.Values[:3], got.Hi)
		}
	}
	if !p.shares.box.Visible() {
		t.Error("the curves are hidden")
	}
	p.shares.curves[planes.Sagittal].OnChosen(5)
	if at := d.C.State().Planes.At[planes.Sagittal]; at != -31+2*5 {
		t.Errorf("a click on the curve goes to %g mm", at)
	}
}
