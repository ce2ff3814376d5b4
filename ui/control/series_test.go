package control

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"picasso/backend/picture"
	"picasso/backend/picture/dicom"
	"picasso/backend/preprocess"
	"picasso/ui/control/intake"
)

// ct is slice i of a made-up scan of 8×8 voxels: air, and a bright half that
// grows with i.
func ct(t *testing.T, i int) *picture.Image {
	t.Helper()
	s := dicom.Slice{Rows: 8, Columns: 8, Values: make([]int16, 64), Spacing: 2, Thickness: 5,
		Position: [3]float64{0, 0, 5 * float64(i)}, Number: i + 1, Root: "2.25.4", Center: 40, Width: 400}
	for k := range s.Values {
		s.Values[k] = -1000
		if k < 8*i {
			s.Values[k] = 200
		}
	}
	m, err := picture.Decode(fmt.Sprintf("DOE^JANE-%d.dcm", i), s.Encode())
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func series(t *testing.T, n int) *picture.Series {
	t.Helper()
	var all []*picture.Image
	for i := range n {
		all = append(all, ct(t, i))
	}
	return picture.NewSeries(fmt.Sprintf("CT, %d slices", n), all)
}

// scanned has a model and a series of n slices, agreed to.
func (d *desk) scanned(n int) *Picture {
	d.settings.ResearchUse = true
	d.Open("m.onnx")
	d.q.pass(time.Second)
	d.addFound([]*picture.Series{series(d.t, n)}, nil)
	d.q.pass(time.Second)
	return d.State().Selected()
}

func TestSlicesAreExplainedAndKept(t *testing.T) {
	bubble(t, func(d *desk) {
		p := d.scanned(5)
		d.q.pass(30 * time.Second)
		d.SelectSlice(3)
		d.q.pass(30 * time.Second)
		k := d.State().Look
		if k.Slice != 3 || k.Name != "CT, slice 4 of 5" || d.State().Panel().Shown() != k {
			t.Fatalf("slice %d, %q", k.Slice, k.Name)
		}
		runs := d.first.runs()
		d.SelectSlice(0)
		d.q.pass(time.Second)
		if d.first.runs() != runs || d.State().Panel().Status != Ready || d.State().Panel().Shown().Slice != 0 {
			t.Error("a slice that was explained is explained again")
		}
		for i, a := range p.Answers {
			if !a.Known() {
				t.Errorf("slice %d has no answer although the machine was idle", i)
			}
		}
		if a, b := p.Answers[0].Scores.Probabilities[0], p.Answers[4].Scores.Probabilities[0]; a >= b {
			t.Errorf("the answers do not follow the slices: %v, %v", a, b)
		}
		if got := d.Explained(); !slices.Equal(got, []bool{true, false, false, true, false}) {
			t.Errorf("explained %v", got)
		}
		if d.StepSlice(99); p.Slice != 4 {
			t.Errorf("stepping ends at %d", p.Slice)
		}
	})
}

// TestScrollingDoesNotWaitForTheModel: the slice is shown, without a map of
// another one, while the model is still thinking.
func TestScrollingDoesNotWaitForTheModel(t *testing.T) {
	bubble(t, func(d *desk) {
		d.scanned(5)
		d.q.pass(30 * time.Second)
		d.models["m.onnx"].delay = 10 * time.Second
		d.SelectSlice(2)
		d.q.settle()
		s := d.State()
		if s.Look == nil || s.Look.Slice != 2 || s.Look.Answered() || !s.Looking || s.Panel().Shown() == s.Look {
			t.Fatalf("look %+v", s.Look)
		}
		d.q.pass(40 * time.Second)
		if !s.Look.Answered() || s.Panel().Shown() != s.Look {
			t.Error("the answer never came")
		}
	})
}

func TestAllSlicesAreExplained(t *testing.T) {
	bubble(t, func(d *desk) {
		d.scanned(4)
		d.q.pass(30 * time.Second)
		runs := d.first.runs()
		d.ExplainSeries()
		d.q.pass(5 * time.Second)
		if w := d.State().Walk; w == nil || w.Done != 2 || w.Total != 4 || !d.Busy() {
			t.Fatalf("walk %+v", w)
		}
		d.Stop() // what is there stays
		d.q.pass(time.Second)
		if d.State().Walk != nil || !slices.Equal(d.Explained(), []bool{true, true, false, false}) {
			t.Errorf("stopped: %v", d.Explained())
		}
		d.ExplainSeries()
		d.q.pass(30 * time.Second)
		if d.State().Walk != nil || slices.Contains(d.Explained(), false) {
			t.Errorf("explained %v", d.Explained())
		}
		if got := d.first.runs() - runs; got != 4 { // one was broken off
			t.Errorf("%d runs for three slices and a broken one", got)
		}
		d.SelectSlice(3)
		d.q.pass(time.Second)
		if d.State().Panel().Status != Ready || d.first.runs()-runs != 4 {
			t.Error("a kept map is not shown at once")
		}
	})
}

// TestAllSlicesFollowTheirBestClass: methods whose maps serve one class explain
// on each slice the class that is shown there.
func TestAllSlicesFollowTheirBestClass(t *testing.T) {
	bubble(t, func(d *desk) {
		p := d.scanned(3)
		p.Answers[0] = Answered{}
		d.SelectTab(1) // keeps no evidence for other classes
		d.ExplainSeries()
		d.q.pass(60 * time.Second)
		runs := d.second.runs()
		for i := range p.Slices() {
			d.SelectSlice(i)
			d.q.pass(time.Second)
			if s := d.State(); s.Panel().Status != Ready || s.Panel().Map == nil || s.Panel().Map.Target != s.Target {
				t.Errorf("slice %d: %v, %+v", i, s.Panel().Status, s.Panel().Map)
			}
		}
		if d.second.runs() != runs || slices.Contains(d.Explained(), false) {
			t.Errorf("%d runs more, explained %v", d.second.runs()-runs, d.Explained())
		}
	})
}

func TestExplainingOnePictureSliceBySliceSaysWhyNot(t *testing.T) {
	bubble(t, func(d *desk) {
		d.opened()
		d.ExplainSeries()
		if n := d.State().Notice; n == nil || n.Err == nil {
			t.Error("no word")
		}
	})
}

func TestWindowIsForTheEyeOnly(t *testing.T) {
	bubble(t, func(d *desk) {
		d.scanned(3)
		d.SelectSlice(2)
		d.q.pass(30 * time.Second)
		runs, look := d.first.runs(), d.State().Look
		before := d.Shown()
		v, ok := d.Viewing()
		if !ok || v.Window.Width != 400 || before != d.State().Look.Shown {
			t.Fatalf("begins with %+v", v)
		}
		d.Invert()
		if a, b := d.Shown().RGBAAt(0, 0).R, before.RGBAAt(0, 0).R; b < 200 || a > 255-b+1 {
			t.Errorf("200 HU is %d, inverted %d", b, a)
		}
		d.Invert()
		if !d.PresetWindow(1) { // lung
			t.Fatal("no preset for CT")
		}
		if v, _ := d.Viewing(); v.Window.Name != "lung" || d.Shown().RGBAAt(0, 7) == before.RGBAAt(0, 7) {
			t.Errorf("through %+v air is %v", v.Window, d.Shown().RGBAAt(0, 7))
		}
		d.DragWindow(dragWidth, 0)
		if v, _ := d.Viewing(); v.Window.Width < 2990 || v.Window.Width > 3010 {
			t.Errorf("a drag across made the width %v", v.Window.Width)
		}
		d.DragWindow(0, -dragWidth)
		d.SelectSlice(1)
		d.q.settle()
		if v, _ := d.Viewing(); v.Window.Center > -3000 {
			t.Errorf("another slice is shown through another window: %+v", v.Window)
		}
		d.FileWindow()
		if v, _ := d.Viewing(); v.Window.Center != 40 {
			t.Errorf("the file's own is %+v", v.Window)
		}
		d.AutoWindow()
		if v, _ := d.Viewing(); v.Window.Center != -400 || v.Window.Width != 1200 {
			t.Errorf("auto is %+v", v.Window)
		}
		if d.ResetViewing(); d.Shown() != d.State().Look.Shown {
			t.Error("the file's own view does not come back")
		}
		d.SelectSlice(2)
		d.q.settle()
		if d.State().Look != look || d.first.runs() > runs+1 { // one for the slice between
			t.Error("a window made the model run")
		}
	})
}

func TestFirstScanAsksForConsent(t *testing.T) {
	bubble(t, func(d *desk) {
		d.AddPicture(grey("photo", 9))
		d.addFound([]*picture.Series{series(t, 2)}, nil)
		d.q.settle()
		if !d.State().Consent {
			t.Fatal("nobody was asked")
		}
		d.RefuseResearchUse()
		if s := d.State(); s.Consent || len(s.Images) != 1 || s.Images[0].Name != "photo" {
			t.Errorf("after a no: %+v", s.Images)
		}
		d.addFound([]*picture.Series{series(t, 2)}, nil)
		d.AgreeToResearchUse()
		d.addFound([]*picture.Series{series(t, 3)}, nil)
		if s := d.State(); s.Consent || len(s.Images) != 3 {
			t.Errorf("asked again, or %d pictures", len(s.Images))
		}
	})
}

func TestNamesOfScansStayInside(t *testing.T) {
	bubble(t, func(d *desk) {
		p := d.scanned(2)
		d.addFound([]*picture.Series{series(t, 3), series(t, 3)}, nil)
		d.q.pass(time.Second)
		if p.Name != "CT, 2 slices" || d.State().Selected().Name != "CT, 3 slices" {
			t.Errorf("names %q, %q", p.Name, d.State().Selected().Name)
		}
		if name := d.State().Look.FileName(); name != "scan-slice-001" {
			t.Errorf("a file would be called %q", name)
		}
		if len(d.settings.Images) != 0 {
			t.Errorf("remembered %q", d.settings.Images)
		}
	})
}

func TestSampleSeriesNeedsNoConsentAndComesBack(t *testing.T) {
	bubble(t, func(d *desk) {
		folder := t.TempDir()
		var files []string
		for i := range 3 {
			s := dicom.Slice{Rows: 8, Columns: 8, Values: make([]int16, 64), Spacing: 2, Thickness: 5,
				Position: [3]float64{0, 0, float64(i)}, Number: i + 1, Root: "2.25.5", Center: 40, Width: 400}
			files = append(files, filepath.Join(folder, fmt.Sprintf("%d.dcm", i)))
			if err := os.WriteFile(files[i], s.Encode(), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		d.OpenSample("m.onnx", files, 1, 0)
		d.q.pass(2 * time.Second)
		p := d.State().Selected()
		if p == nil || p.Slice != 1 || d.State().Consent {
			t.Fatalf("%+v, consent %v", p, d.State().Consent)
		}
		if s := d.settings; !s.Sample || !slices.Equal(s.Images, files) {
			t.Errorf("remembered %v %q", s.Sample, s.Images)
		}
		d.AddPicture(grey("own", 7)) // goes on beside the sample
		d.Clear()
		if s := d.settings; s.Sample || len(s.Images) != 0 {
			t.Errorf("after clearing %v %q", s.Sample, s.Images)
		}
	})
}

// What a window of the model cut off comes back as its limit, shown through
// the window of the display, which may be inverted.
func TestWhatIsCoveredIsShownThroughTheDisplaysWindow(t *testing.T) {
	p := preprocess.Preprocess{Color: preprocess.Grey, Scale: [2]float64{1, 0},
		Intensity: preprocess.Intensity{Window: &preprocess.Window{Center: -300, Width: 1400}}} // −1000…400
	in := preprocess.Input{Channels: 1}
	for raw, want := range map[float32][2]uint8{-1000: {0, 255}, -300: {128, 128}, 400: {255, 0}, 2000: {255, 0}} {
		values := p.Encoder(nil, in)([]float32{raw})
		for i, ends := range [][2]float32{{-1000, 400}, {400, -1000}} {
			var dst [4]uint8
			if painting(p.Decoder(nil, in), ends)(dst[:], values); dst != [4]uint8{want[i], want[i], want[i], 255} {
				t.Errorf("%v between %v is drawn %v, want %d", raw, ends, dst, want[i])
			}
		}
	}
}

func TestScansComeBeforeWhatLiesBesideThem(t *testing.T) {
	bubble(t, func(d *desk) {
		d.settings.ResearchUse = true
		folder := tree(t, "damaged.dcm", "photo.png")
		d.take(intake.Dropped{Series: []*picture.Series{series(t, 2)}, Images: []string{filepath.Join(folder, "damaged.dcm"), filepath.Join(folder, "photo.png")}})
		d.q.pass(time.Second)
		if s := d.State(); len(s.Images) != 3 || s.Current != 0 || s.Look == nil || s.Look.Image.Scan == nil {
			t.Errorf("%d entries, entry %d is shown", len(s.Images), s.Current)
		}
	})
}
