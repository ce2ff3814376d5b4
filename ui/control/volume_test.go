package control

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"picasso/backend/picture/dicom"
	"picasso/backend/picture/dicom/dicomtest"
	"picasso/backend/picture/planes"
)

// phased has a model and a PET series of two phases of three slices, agreed to.
func (d *desk) phased() *Picture {
	d.t.Helper()
	folder := d.t.TempDir()
	for i := range 6 {
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprint("IM", i)), dicomtest.PET(i/3, i%3), 0o600); err != nil {
			d.t.Fatal(err)
		}
	}
	d.settings.ResearchUse = true
	d.Open("m.onnx")
	d.Drop([]string{folder})
	d.q.pass(30 * time.Second)
	p := d.State().Selected()
	if p == nil || d.State().Look == nil {
		d.t.Fatal("nothing is shown")
	}
	return p
}

func TestVolumesAreChosenAndKeepTheirAnswers(t *testing.T) {
	bubble(t, func(d *desk) {
		p := d.phased()
		if p.Slices() != 3 || len(p.Volumes()) != 2 || d.State().Look.Image.At(0, 0, 0) != 0 {
			t.Fatalf("%d slices, %d volumes", p.Slices(), len(p.Volumes()))
		}
		d.SelectSlice(2)
		d.q.pass(30 * time.Second)
		runs := d.first.runs()
		d.SelectVolume(1)
		d.q.pass(30 * time.Second)
		k := d.State().Look
		if k.Volume != 1 || k.Slice != 2 || k.Image.At(0, 0, 0) != 12000 || k.Image.Scan.VolumeName != "temporal position 2" || d.State().Panel().Shown() != k {
			t.Errorf("volume %d, slice %d, value %v", k.Volume, k.Slice, k.Image.At(0, 0, 0))
		}
		if d.first.runs() == runs {
			t.Error("another volume is not explained")
		}
		if name := k.FileName(); name != "scan-volume-2-slice-003" {
			t.Errorf("a file would be called %q", name)
		}
		if got := d.Explained(); !slices.Equal(got, []bool{false, false, true}) {
			t.Errorf("explained %v", got)
		}
		runs = d.first.runs()
		d.SelectVolume(0)
		d.q.pass(30 * time.Second)
		if d.first.runs() != runs || !p.Answers[2].Known() || d.State().Look.Image.At(0, 0, 0) != 2000 {
			t.Error("going back explains anew")
		}
		d.SelectVolume(1)
		d.SelectVolume(0)
		d.forgetAnswers()
		d.SelectVolume(1)
		if slices.ContainsFunc(p.Answers, Answered.Known) {
			t.Error("answers of a former model are kept with a volume")
		}
		d.SelectVolume(0)
		d.q.pass(time.Second)
		d.SelectVolume(2) // there is none
		if p.Volume != 0 {
			t.Errorf("volume %d", p.Volume)
		}
		before := len(d.State().Images)
		d.addFound(nil, nil)
		if len(d.State().Images) != before {
			t.Error("entries came from nowhere")
		}
	})
}

func TestUptakeIsAnotherPicture(t *testing.T) {
	bubble(t, func(d *desk) {
		p := d.phased()
		d.SelectVolume(1)
		d.q.pass(30 * time.Second)
		if !d.HasUptake() || d.State().Look.Image.Unit != "Bq/ml" {
			t.Fatalf("unit %q", d.State().Look.Image.Unit)
		}
		runs := d.first.runs()
		d.SetUptake(true)
		d.q.pass(30 * time.Second)
		k := d.State().Look
		if k.Image.Unit != "SUVbw" || k.Image.At(0, 0, 0) != 10 || !k.Uptake || !d.HasUptake() || d.first.runs() == runs {
			t.Errorf("unit %q, value %v", k.Image.Unit, k.Image.At(0, 0, 0))
		}
		d.SelectVolume(0)
		d.q.pass(30 * time.Second)
		if k := d.State().Look; k.Image.Unit != "SUVbw" {
			t.Errorf("another volume has the unit %q", k.Image.Unit)
		}
		d.SetUptake(false)
		d.q.pass(30 * time.Second)
		if k := d.State().Look; k.Image.Unit != "Bq/ml" || p.Uptake {
			t.Errorf("unit %q", k.Image.Unit)
		}
	})
}

// Only what is no scan and names nobody is remembered, and called by its name.
func TestWhatIsRemembered(t *testing.T) {
	bubble(t, func(d *desk) {
		folder := t.TempDir()
		var b bytes.Buffer
		if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
			t.Fatal(err)
		}
		photo := b.Bytes()
		whole := dicomtest.File(dicomtest.Flat(3), []dicomtest.Element{dicomtest.Text(0x00100010, "PN", "Quilf^Zoranthe")})
		for name, data := range map[string][]byte{
			"patient/IM1": whole, "patient/quilf.png": photo, "cut/ZORANTHE.dcm": whole[:180], "photo.png": photo,
		} {
			path := filepath.Join(folder, filepath.FromSlash(name))
			if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, data, 0o600)); err != nil {
				t.Fatal(err)
			}
		}
		at := func(name string) string { return filepath.Join(folder, filepath.FromSlash(name)) }
		d.AddImages([]string{at("photo.png"), at("patient/quilf.png"), at("cut/ZORANTHE.dcm")})
		d.q.pass(5 * time.Second)
		if !slices.Equal(d.settings.Images, []string{at("photo.png")}) {
			t.Errorf("remembered %q", d.settings.Images)
		}
		d.Select(1)
		d.q.pass(5 * time.Second)
		names := d.State().Look.Name + d.State().Look.FileName()
		for _, p := range d.State().Images {
			names += " " + p.Name
		}
		if n := d.State().Notice; n != nil {
			names += n.Doing + n.Text + fmt.Sprint(n.Err)
		}
		if low := strings.ToLower(names); strings.Contains(low, "quilf") || strings.Contains(low, "zoranthe") {
			t.Errorf("shown as %s", names)
		}
		// At the next start what was remembered stays so at once.
		d.OpenSet("m.onnx", []string{at("photo.png")}, 0)
		if !slices.Equal(d.settings.Images, []string{at("photo.png")}) {
			t.Errorf("remembered %q", d.settings.Images)
		}
		d.q.pass(5 * time.Second)
	})
}

// planed opens the planes and waits until they are cut.
func (d *desk) planed() {
	d.t.Helper()
	d.OpenPlanes()
	d.q.pass(10 * time.Second)
	if v := d.State().Planes; v == nil || v.Voxels == nil || v.Shown[planes.Coronal] == nil {
		d.t.Fatalf("planes: %+v, notice %+v", v, d.State().Notice)
	}
}

func TestPlanesAndSlicesGoTogether(t *testing.T) {
	bubble(t, func(d *desk) {
		p := d.phased()
		d.SelectSlice(1)
		d.q.pass(10 * time.Second)
		d.planed()
		v := d.State().Planes
		if v.Slice() != 1 || v.At != (planes.Point{4, 16, 16}) || v.Active != planes.Axial {
			t.Errorf("begins at slice %d, at %v, %v", v.Slice(), v.At, v.Active)
		}
		d.StepPlane(planes.Axial, 1)
		d.q.pass(10 * time.Second)
		if p.Slice != 2 || d.State().Look.Slice != 2 || v.Shown[planes.Axial].MM != 8 {
			t.Errorf("the plane moved to 8 mm, and slice %d is looked at", p.Slice)
		}
		d.SelectSlice(0)
		d.StepPlane(planes.Coronal, -2)
		d.q.pass(10 * time.Second)
		if v.Shown[planes.Axial].MM != 0 || v.Shown[planes.Coronal].MM != 8 {
			t.Errorf("another slice leaves the planes at %v", v.At)
		}
		d.MovePlanes(planes.Point{7.1, 9, 1e6}) // to the nearest pixel there is
		d.q.pass(10 * time.Second)
		if v.At != (planes.Point{8, 8, 28}) || p.Slice != 2 {
			t.Errorf("a click moves the planes to %v and looks at slice %d", v.At, p.Slice)
		}
		d.SelectVolume(1)
		d.q.pass(10 * time.Second)
		if d.State().Planes != nil {
			t.Error("planes through one volume stay over another")
		}
	})
}

func TestPlanesAreShownThroughTheWindowOfTheSlice(t *testing.T) {
	bubble(t, func(d *desk) {
		d.phased()
		d.planed()
		v := d.State().Planes
		before := v.Shown[planes.Sagittal]
		d.SetWindow(dicom.Window{Name: "own", Center: 1000, Width: 2000, Function: dicom.LinearExact})
		d.q.pass(10 * time.Second)
		after := v.Shown[planes.Sagittal]
		// The lowest row is slice 0, of 0; the highest slice 2, of 2000.
		if low, high := after.Shown.RGBAAt(0, after.Picture.Height-1).R, after.Shown.RGBAAt(0, 0).R; after.Picture != before.Picture || low != 0 || high != 255 {
			t.Errorf("cut again: %v; grey from %d to %d", after.Picture != before.Picture, low, high)
		}
		d.ClosePlanes()
		if d.State().Planes != nil {
			t.Error("planes do not close")
		}
	})
}

func TestPlanesThatCannotBeCutAreRefusedInWords(t *testing.T) {
	bubble(t, func(d *desk) {
		d.opened()
		d.q.pass(10 * time.Second)
		d.OpenPlanes()
		if n := d.State().Notice; d.State().Planes != nil || n == nil || n.Err == nil || !strings.Contains(n.Err.Error(), "only one slice") {
			t.Errorf("of a photo: %+v", n)
		}
	})
	bubble(t, func(d *desk) {
		folder := d.t.TempDir()
		for i := range 3 {
			data := dicomtest.File(dicomtest.Flat(int16(i)), []dicomtest.Element{
				dicomtest.Text(0x0020000e, "UI", "2.25.9"), dicomtest.Text(0x00200013, "IS", fmt.Sprint(i)), dicomtest.Text(0x00080060, "CS", "CT")})
			if err := os.WriteFile(filepath.Join(folder, fmt.Sprint("IM", i)), data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		d.settings.ResearchUse = true
		d.Drop([]string{folder})
		d.q.pass(10 * time.Second)
		d.OpenPlanes()
		d.q.pass(10 * time.Second)
		if n := d.State().Notice; d.State().Planes != nil || n == nil || n.Err == nil || !strings.Contains(n.Err.Error(), "does not say where its slices lie") {
			t.Errorf("without places: %+v", n)
		}
	})
}

func TestReadingForPlanesIsStopped(t *testing.T) {
	bubble(t, func(d *desk) {
		d.phased()
		d.OpenPlanes()
		if !d.Busy() {
			t.Error("nothing could be stopped")
		}
		d.Stop()
		d.q.pass(10 * time.Second)
		if d.State().Planes != nil || d.State().Notice != nil && d.State().Notice.Err != nil {
			t.Errorf("after Stop: %+v", d.State().Notice)
		}
	})
}
