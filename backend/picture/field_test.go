package picture

import (
	"bytes"
	"image/png"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"picasso/backend/fixtures"
	"slices"
	"strings"
	"testing"

	"picasso/backend/npy"
)

// field is the folder of the cases rebuilt from public reports; tests skip
// without it.
func field(t testing.TB, path ...string) string {
	t.Helper()
	return fixtures.Path(t, append([]string{"field", "scans"}, path...)...)
}

// numbers reads an array of expected values.
func numbers(t *testing.T, path string) []float32 {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	a, err := npy.Read(bytes.NewReader(data), 1<<24)
	if err != nil {
		t.Fatal(err)
	}
	return a.Data
}

func opened(t *testing.T, path string) *Image {
	t.Helper()
	m, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// same compares values that must be equal but for rounding to float32.
func same(t *testing.T, name string, got, want []float32) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d values, want %d", name, len(got), len(want))
		return
	}
	for i := range got {
		if d := math.Abs(float64(got[i]) - float64(want[i])); d > 1e-5*math.Abs(float64(want[i])) {
			t.Errorf("%s: value %d is %v, want %v", name, i, got[i], want[i])
			return
		}
	}
}

// TestFieldRemarks: what each file has to say, and that it says no more.
func TestFieldRemarks(t *testing.T) {
	const frames = "the first of"
	for _, c := range []struct {
		path   string
		remark string // "" for none at all
		unit   string
	}{
		{"01-notes-dropped-by-predict/cut.dcm", "the picture is cut off; 59 % of it are there", ""},
		{"01-notes-dropped-by-predict/slope0.dcm", "the rescale slope is 0: every pixel has the same value", ""},
		{"02-enhanced-view-not-rescaled/enhanced-ct.dcm", frames, "HU"},
		{"04-jpegls-hp-colours/hp1.dcm", "", ""},
		{"05-jpegls-restart-refused/restart.dcm", "", ""},
		{"07-patient-name-in-outputs/unit/001.dcm", "", ""},
		{"08-false-note-on-implicit-vr/implicit.dcm", "", "HU"},
		{"09-unreadable-numbers-silent/slope-text.dcm", `the rescale slope "abc" cannot be read; values are not rescaled`, ""},
		{"09-unreadable-numbers-silent/slope-nan.dcm", `the rescale slope "NaN" cannot be read; values are not rescaled`, ""},
		{"09-unreadable-numbers-silent/intercept-text.dcm", `the rescale intercept "-1024HU" cannot be read; values are not rescaled`, ""},
		{"10-rtdose-not-in-gray/dose.dcm", frames, "Gy"},
		{"11-voi-lut-16-bits-declared/agfa-like.dcm", "a table of the file declares 16 bits and uses 12; it is shown by those it uses", ""},
		{"12-first-look/padding-no-window.dcm", "", "HU"},
		{"12-first-look/padding-window.dcm", "", "HU"},
		{"12-first-look/window-shows-nothing.dcm", "the file's first window shows the whole picture in one grey; “auto” shows the full range of the values", "HU"},
		{"18-small-ones/mono2-inverse.dcm", "the file calls large values white and asks to be shown inverted; it is shown with large values white", ""},
		{"18-small-ones/mosaic.dcm", frames, ""},
	} {
		m := opened(t, field(t, filepath.FromSlash(c.path)))
		if m.Unit != c.unit {
			t.Errorf("%s: unit %q, want %q", c.path, m.Unit, c.unit)
		}
		if c.remark == "" && len(m.Notes) > 0 || c.remark != "" && (len(m.Notes) != 1 || !strings.HasPrefix(m.Notes[0], c.remark)) {
			t.Errorf("%s: remarks %q, want %q", c.path, m.Notes, c.remark)
		}
	}
}

// TestFieldValues: values equal those that pydicom, numpy and GDCM give.
func TestFieldValues(t *testing.T) {
	for _, c := range []struct{ path, want string }{
		{"04-jpegls-hp-colours/hp1.dcm", "expected.npy"},
		{"05-jpegls-restart-refused/restart.dcm", "expected.npy"},
		{"08-false-note-on-implicit-vr/implicit.dcm", "expected.npy"},
	} {
		path := field(t, filepath.FromSlash(c.path))
		_, got := opened(t, path).Samples()
		same(t, c.path, got, numbers(t, filepath.Join(filepath.Dir(path), c.want)))
	}
	for _, file := range []string{"02-enhanced-view-not-rescaled/enhanced-ct.dcm", "10-rtdose-not-in-gray/dose.dcm"} {
		path := field(t, filepath.FromSlash(file))
		n := opened(t, path).Scan.Frames
		for i := range n {
			stored, err := OpenStored(path, i)
			if err != nil {
				t.Fatal(err)
			}
			want := numbers(t, filepath.Join(filepath.Dir(path), "expected-frame"+string(rune('0'+i))+".npy"))
			_, got := stored.Samples()
			same(t, stored.Name, got, want)
			shown, err := OpenFrame(path, stored.Scan.Slice)
			if err != nil || shown.Scan.Frame != i || shown.Scan.Slice != stored.Scan.Slice {
				t.Fatalf("frame %d of the file is shown as %d, which is frame %d: %v", i, stored.Scan.Slice, shown.Scan.Frame, err)
			}
			row := make([]float32, shown.Width) // what a model gets
			shown.Row(7, row)
			same(t, "row 7", row, want[7*shown.Width:8*shown.Width])
		}
	}
}

// Frames are shown by their place, whatever their order in the file.
func TestFieldFramesInTheOrderShown(t *testing.T) {
	path := field(t, "02-enhanced-view-not-rescaled", "enhanced-ct.dcm")
	for shown, want := range []int{1, 3, 0, 2} {
		m, err := OpenFrame(path, shown)
		if err != nil || m.Scan.Frame != want || m.Scan.Geometry.Position[2] != float64(5*shown) || m.Scan.Distance != 5 {
			t.Fatalf("%d: %+v, %v", shown, m.Scan, err)
		}
	}
	path = field(t, "10-rtdose-not-in-gray", "dose.dcm")
	for i, z := range []float64{0, 2.5, 5} {
		if m, err := OpenFrame(path, i); err != nil || m.Scan.Geometry.Position != [3]float64{0, 0, z} {
			t.Errorf("frame %d lies at %v, want %v: %v", i, m.Scan.Geometry.Position, z, err)
		}
	}
}

// TestFieldVolumes: volumes follow each other, and neighbours stay inside.
func TestFieldVolumes(t *testing.T) {
	for folder, names := range map[string][]string{
		"phases":          {"temporal position 1", "temporal position 2", "temporal position 3"},
		"magnitude-phase": {"magnitude", "phase"},
	} {
		all, err := OpenSeries(t.Context(), field(t, "03-phases-interleaved", folder))
		if err != nil || len(all) != 1 {
			t.Fatal(all, err)
		}
		s := all[0]
		var got []string
		for _, v := range s.Volumes() {
			got = append(got, v.Name)
			if v.Len != 4 || v.Distance != 5 || len(v.Remarks) > 0 {
				t.Errorf("%s: %+v", folder, v)
			}
		}
		if !slices.Equal(got, names) || s.Len() != 4*len(names) {
			t.Errorf("%s: volumes %q, want %q", folder, got, names)
		}
		for i := range s.Len() {
			m, err := s.Slice(i)
			if err != nil {
				t.Fatal(err)
			}
			v := i / 4
			if m.At(0, 0, 0) != float32(100*(v+1)+i%4) || m.Scan.Volume != v || m.Scan.Volumes != len(names) || m.Scan.VolumeName != names[v] || len(m.Notes) > 0 {
				t.Errorf("%s, slice %d: value %v, %+v", folder, i, m.At(0, 0, 0), m.Scan)
			}
			for _, offset := range []int{-1, 1} {
				n, err := m.Neighbour(offset)
				if want := float32(100*(v+1) + min(max(i%4+offset, 0), 3)); err != nil || n.At(0, 0, 0) != want {
					t.Errorf("%s: %d beside slice %d is %v, want %v: %v", folder, offset, i, n.At(0, 0, 0), want, err)
				}
			}
		}
		only := s.Only(1)
		m, err := only.Slice(0)
		if err != nil || only.Len() != 4 || m.At(0, 0, 0) != 200 || m.Scan.Volume != 1 || m.Scan.Volumes != len(names) || m.Scan.Slice != 4 || !strings.HasSuffix(only.Name, names[1]) {
			t.Errorf("%s: the second volume alone: %q, %+v, %v", folder, only.Name, m.Scan, err)
		}
		if n, err := m.Neighbour(-1); err != nil || n.At(0, 0, 0) != 200 {
			t.Errorf("%s: beside the first slice of a volume alone: %v, %v", folder, n, err)
		}
	}
}

// TestFieldSpace: gaps, tilt and missing positions are told, once.
func TestFieldSpace(t *testing.T) {
	for _, c := range []struct {
		folder  []string
		series  int
		remarks []string
	}{
		{[]string{"13-gap-and-tilt-unsaid", "missing-slices"}, 1, []string{"the distance between slices changes from 5 to 15 mm behind slice 2"}},
		{[]string{"13-gap-and-tilt-unsaid", "tilt"}, 1, []string{"the slices are tilted by 19.4 degrees"}},
		{[]string{"13-gap-and-tilt-unsaid", "orientations"}, 3, nil},
		{[]string{"16-slice-location-ignored"}, 1, []string{"the slices tell no position in the patient; they are ordered by their slice location"}},
		{[]string{"18-small-ones", "dicomdir-one-missing"}, 1, []string{"1 of 3 files that the DICOMDIR names are missing"}},
	} {
		all, err := OpenSeries(t.Context(), field(t, c.folder...))
		if err != nil {
			t.Fatal(err)
		}
		if len(all) != c.series {
			t.Logf("%s: %d series", c.folder, len(all))
		}
		m, err := all[0].Slice(0)
		if err != nil || !slices.Equal(m.Notes, c.remarks) {
			t.Errorf("%s: remarks %q, want %q: %v", c.folder, m.Notes, c.remarks, err)
		}
	}
	all, err := OpenSeries(t.Context(), field(t, "16-slice-location-ignored"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range all[0].Len() {
		if m, err := all[0].Slice(i); err != nil || m.At(0, 0, 0) != float32(i) || m.Scan.Distance != 6 {
			t.Errorf("slice %d is %v, %v", i, m.At(0, 0, 0), err)
		}
	}
}

func TestFieldDirectories(t *testing.T) {
	for _, path := range []string{"dicomdir-all-missing", filepath.Join("dicomdir-all-missing", "DICOMDIR")} {
		_, err := OpenSeries(t.Context(), field(t, "18-small-ones", path))
		if err == nil || !strings.Contains(err.Error(), "3 files that the DICOMDIR names are missing") {
			t.Errorf("%s: %v", path, err)
		}
	}
	all, err := OpenSeries(t.Context(), field(t, "18-small-ones", "dicomdir-one-missing", "DICOMDIR"))
	if err != nil || len(all[0].Remarks) != 1 {
		t.Errorf("%v, %v", all, err)
	}
}

// The tiles of a mosaic are slices.
func TestFieldMosaic(t *testing.T) {
	path := field(t, "18-small-ones", "mosaic.dcm")
	all, err := OpenSeries(t.Context(), path)
	if err != nil || len(all) != 1 || all[0].Len() != 8 {
		t.Fatalf("%v, %v", all, err)
	}
	for i := range 8 {
		m, err := OpenFrame(path, i)
		if err != nil || m.Width != 16 || m.Height != 16 || m.At(8, 8, 0) != float32(100*i+8) || m.Scan.Geometry.Placed {
			t.Errorf("tile %d: %+v, %v", i, m, err)
		}
	}
}

// TestFieldFirstLook: what is seen without a choice.
func TestFieldFirstLook(t *testing.T) {
	grey := func(m *Image, value float32) int {
		shown := m.RGBA()
		for i := range m.Width * m.Height {
			if m.At(i%m.Width, i/m.Width, 0) == value {
				return int(shown.Pix[4*i])
			}
		}
		return -1
	}
	m := opened(t, field(t, "12-first-look", "padding-no-window.dcm"))
	if a, b := grey(m, -1000), grey(m, 40); a != 0 || b < 155 || b > 157 {
		t.Errorf("air is %d, 40 HU %d", a, b)
	}
	if lo, hi := m.Scan.Auto.Ends(); lo != -1000 || hi != 700 {
		t.Errorf("auto is %v to %v", lo, hi)
	}
	if mean := m.Mean()[0]; mean < -1000 {
		t.Errorf("the mean is %v", mean)
	}
	m = opened(t, field(t, "12-first-look", "padding-window.dcm"))
	if lo, hi := m.Scan.Auto.Ends(); lo != -1000 || hi != 700 {
		t.Errorf("auto is %v to %v behind a range of padding", lo, hi)
	}
	m = opened(t, field(t, "12-first-look", "window-shows-nothing.dcm"))
	auto := m.Choices(nil)[1]
	if lo, hi := auto.Ends(); auto.Name != "auto" || lo != -1000 || hi != 700 {
		t.Errorf("%+v", auto)
	}
	m = opened(t, field(t, "11-voi-lut-16-bits-declared", "agfa-like.dcm"))
	want, shown := numbers(t, field(t, "11-voi-lut-16-bits-declared", "expected-png.npy")), m.RGBA()
	for i, v := range want {
		if d := math.Abs(float64(shown.Pix[4*i]) - float64(v)); d > 1 {
			t.Fatalf("pixel %d is %d, want %v", i, shown.Pix[4*i], v)
		}
	}
	f, err := os.Open(field(t, "18-small-ones", "mono2-inverse-dcmtk.png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := png.Decode(f); err != nil { // shown the other way round there; we only say so
		t.Fatal(err)
	}
}

// TestFieldNames: every path of the folder tells who the patient is, but for
// the file whose name does not.
func TestFieldNames(t *testing.T) {
	root := field(t, "07-patient-name-in-outputs")
	checked := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		ext := filepath.Ext(path)
		if err != nil || d.IsDir() || filepath.Dir(path) == root {
			return err
		}
		checked++
		if want := filepath.Base(filepath.Dir(path)) != "unit"; NamesPatient(path) != want {
			t.Errorf("%s: names the patient: %v", path, !want)
		} else if want && strings.Contains(Said(path), strings.TrimSuffix(filepath.Base(path), ext)) && filepath.Base(path) != "001.dcm" && ext != ".png" {
			t.Errorf("%s is called %s", path, Said(path))
		}
		all, err := OpenSeries(t.Context(), path)
		if err != nil || ext != ".png" && all[0].Named != NamesPatient(path) {
			t.Errorf("%s: %v", path, err)
		}
		return nil
	})
	if err != nil || checked < 20 {
		t.Errorf("%d files, %v", checked, err)
	}
	folder := filepath.Join(root, "siblings", "DOE_JANE")
	if !NamesPatient(folder) || !NamesPatient(filepath.Join(folder, "out", "result.json")) || strings.Contains(Said(filepath.Join(folder, "key.png")), "DOE") {
		t.Errorf("%s is called %s", folder, Said(filepath.Join(folder, "key.png")))
	}
}
