package mask

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"picasso/backend/picture"
	"picasso/backend/picture/dicom/dicomtest"
)

// niftiFile writes 3×2×2 bytes whose voxel i, j, k lies at dx·i + x, 2·j, 5·k
// millimetres (to the right, back and head).
func niftiFile(t *testing.T, dx, x float32, values ...byte) string {
	t.Helper()
	h := make([]byte, 352)
	binary.LittleEndian.PutUint32(h, 348)
	for i, n := range []int{3, 3, 2, 2, 1, 1, 1, 1} {
		binary.LittleEndian.PutUint16(h[40+2*i:], uint16(n))
	}
	binary.LittleEndian.PutUint16(h[70:], 2)
	binary.LittleEndian.PutUint16(h[72:], 8)
	float := func(at int, v float32) { binary.LittleEndian.PutUint32(h[at:], math.Float32bits(v)) }
	for i, v := range []float32{1, float32(math.Abs(float64(dx))), 2, 5} {
		float(76+4*i, v)
	}
	float(108, 352)
	h[123] = 2                                // millimetres
	binary.LittleEndian.PutUint16(h[254:], 1) // sform
	for i, v := range []float32{dx, 0, 0, x, 0, 2, 0, 0, 0, 0, 5, 0} {
		float(280+4*i, v)
	}
	copy(h[344:], "n+1\x00")
	path := filepath.Join(t.TempDir(), "volume.nii")
	if err := os.WriteFile(path, append(h, values...), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// sliceOf is a slice of a scan.
func sliceOf(t *testing.T, path string, i int) *picture.Image {
	t.Helper()
	all, err := picture.OpenSeries(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	m, err := all[0].Slice(i)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// A volume of labels marks the slice that lies where the picture does, in the
// same patient's left and right, however it is stored.
func TestLabelsOfAVolumeLieInThePatient(t *testing.T) {
	scan := niftiFile(t, 1, 0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120)
	same := niftiFile(t, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2)
	mirrored := niftiFile(t, -1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0)
	marked := func(path string, i int) (string, error) {
		f, err := Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		m := sliceOf(t, scan, i)
		r, err := f.On(t.Context(), Of(m))
		if err != nil {
			return "", err
		}
		var list []string
		for at, v := range r.Pixels {
			if v != 0 {
				list = append(list, fmt.Sprintf("%s on %g", r.Names[v-1], m.At(at%m.Width, at/m.Width, 0)))
			}
		}
		return strings.Join(list, ", "), nil
	}
	for name, path := range map[string]string{"same": same, "mirrored": mirrored} {
		var found []string
		for i := range 2 {
			text, err := marked(path, i)
			if err == nil {
				found = append(found, text)
			} else if !strings.Contains(err.Error(), "no region lies inside") {
				t.Errorf("%s: %v", name, err)
			}
		}
		got := strings.Join(found, "; ")
		if !strings.Contains(got, "label 1 on 70") || !strings.Contains(got, "label 2 on 120") || len(found) != 1 {
			t.Errorf("%s: %q", name, got)
		}
	}
	if _, err := marked(niftiFile(t, 1, .4, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1), 0); err == nil || !strings.Contains(err.Error(), "resample it") {
		t.Errorf("between the pixels: %v", err)
	}
	f, err := Open(t.Context(), same)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.On(t.Context(), Picture{Height: 2, Width: 3}); err == nil || !strings.Contains(err.Error(), "where this picture lies is not known") {
		t.Errorf("a picture without a place: %v", err)
	}
}

// A segmentation of DICOM has a bit for each pixel and a frame for each slice and
// segment (PS3.3 A.51).
func TestSegmentationOfDICOM(t *testing.T) {
	plane := func(z int) []dicomtest.Element {
		return []dicomtest.Element{
			dicomtest.Sequence(0x00209113, []dicomtest.Element{dicomtest.Text(0x00200032, "DS", fmt.Sprintf(`0\0\%d`, 5*z))}),
			dicomtest.Sequence(0x00209116, []dicomtest.Element{dicomtest.Text(0x00200037, "DS", `1\0\0\0\1\0`)}),
			dicomtest.Sequence(0x00289110, []dicomtest.Element{dicomtest.Text(0x00280030, "DS", `2\1`)}),
		}
	}
	frame := func(z, segment int) []dicomtest.Element {
		return append(plane(z), dicomtest.Sequence(0x0062000a, []dicomtest.Element{dicomtest.Short(0x0062000b, uint16(segment))}))
	}
	// Two frames of 2×4 pixels: segment 1 marks the second pixel, segment 2 the
	// last but one.
	seg := dicomtest.File([]dicomtest.Element{
		dicomtest.Text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.66.4"), dicomtest.Text(0x00080060, "CS", "SEG"),
		dicomtest.Short(0x00280002, 1), dicomtest.Text(0x00280004, "CS", "MONOCHROME2"), dicomtest.Text(0x00280008, "IS", "2"),
		dicomtest.Short(0x00280010, 2), dicomtest.Short(0x00280011, 4), dicomtest.Short(0x00280100, 1), dicomtest.Short(0x00280101, 1),
		dicomtest.Short(0x00280102, 0), dicomtest.Short(0x00280103, 0),
		dicomtest.Sequence(0x52009230, frame(1, 1), frame(1, 2)),
		{Tag: 0x7fe00010, VR: "OB", Value: []byte{0b10, 0b1000000}},
	})
	path := filepath.Join(t.TempDir(), "seg.dcm")
	if err := os.WriteFile(path, seg, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	p := Picture{Height: 2, Width: 4}
	p.Geometry.Placed, p.Geometry.Spacing = true, [2]float64{2, 1}
	p.Geometry.Orientation = [2][3]float64{{1, 0, 0}, {0, 1, 0}}
	p.Geometry.Position = [3]float64{0, 0, 5}
	r, err := f.On(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	if got := drawn(r); got != ".#..\n..2.\n" || strings.Join(r.Names, ", ") != "segment 1, segment 2" {
		t.Errorf("%v\n%s", r.Names, got)
	}
	p.Geometry.Position[2] = 10
	if _, err := f.On(t.Context(), p); err == nil || !strings.Contains(err.Error(), "another scan") {
		t.Errorf("elsewhere: %v", err)
	}
}

// Regions of a slice come back on that slice, also an oblique one, and nowhere
// else.
func TestRegionsOfASliceComeBackFromNIfTI(t *testing.T) {
	r := NewRegions(3, 4)
	for _, name := range []string{"a", "b"} {
		value, _ := r.Add(name)
		r.Pixels[4+value] = value
	}
	on := Picture{Height: 3, Width: 4}
	path := filepath.Join(t.TempDir(), "mask.nii")
	if err := r.Write(path, on); err == nil || !strings.Contains(err.Error(), "not known") {
		t.Errorf("without a place: %v", err)
	}
	on.Geometry.Placed, on.Geometry.Spacing, on.Geometry.Thickness = true, [2]float64{.7, .5}, 3
	on.Geometry.Orientation = [2][3]float64{{.8, .6, 0}, {0, 0, -1}}
	on.Geometry.Position = [3]float64{-12, 30, 7}
	if err := r.Write(path, on); err != nil {
		t.Fatal(err)
	}
	f, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	back, err := f.On(t.Context(), on)
	if err != nil || drawn(back) != drawn(r) {
		t.Errorf("%v\n%s", err, drawn(back))
	}
	on.Geometry.Position[1] += 3
	if _, err := f.On(t.Context(), on); err == nil {
		t.Error("they lie on another slice too")
	}
}
