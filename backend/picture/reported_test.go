package picture

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"picasso/backend/npy"
)

// voxel is the value at a place of slice z of the reported volumes, which have 16
// columns, 12 rows and 4 slices; those that say that columns run to the right and
// rows to the front are turned for display.
func voxel(z int, turned bool) func(i int) float32 {
	return func(i int) float32 {
		x, y := i%16, i/16
		if turned {
			x, y = 15-x, 11-y
		}
		return float32(48*x + 4*y + z)
	}
}

// Files that users reported, with the values that other programs read from them,
// or the sentence that says why not.
func TestReportedFiles(t *testing.T) {
	for _, c := range []struct {
		file     string
		options  Options
		expected string              // array beside it
		value    func(i int) float32 // or by the place of the value
		note     string              // among the notes
		fault    string
	}{
		{file: "15-tiff-refused-badly/planar.tif", expected: "expected-planar.npy"},
		{file: "15-tiff-refused-badly/rgb.tif", expected: "expected-planar.npy"},
		{file: "15-tiff-refused-badly/float32.tif", expected: "expected-float32.npy"},
		{file: "06-nan-becomes-zero/t1map.nii.gz", expected: "expected-slice0.npy", note: "are not numbers"},
		{file: "17-nifti-kinds/labels-int64.nii.gz", value: voxel(0, true), note: "the first of 4 slices"},
		{file: "17-nifti-kinds/labels-int64.nii.gz", options: Options{Frame: 3}, value: voxel(3, true)},
		{file: "17-nifti-kinds/pair.hdr", value: voxel(0, true)},
		{file: "17-nifti-kinds/pair.img", options: Options{Frame: 1}, value: voxel(1, true)},
		{file: "17-nifti-kinds/analyze.hdr", value: voxel(0, false), note: "left from right"},
		{file: "17-nifti-kinds/analyze.img", value: voxel(0, false)},
		{file: "17-nifti-kinds/v.nrrd", value: voxel(0, false)},
		{file: "17-nifti-kinds/v.mhd", value: voxel(0, false)},
		{file: "17-nifti-kinds/v.raw", value: voxel(0, false)},
		{file: "17-nifti-kinds/four-modalities.nii.gz", options: Options{Volume: 2, Frame: 1}, value: func(i int) float32 { return 2000 + voxel(1, true)(i) }},
		{file: "17-nifti-kinds/four-modalities.nii.gz", options: Options{Frame: 9}, value: func(i int) float32 { return 2000 + voxel(1, true)(i) }},
		{file: "17-nifti-kinds/four-modalities.nii.gz", options: Options{Volume: 4}, fault: "has no volume 4; choose one of 0 to 3"},
		{file: "17-nifti-kinds/four-modalities.nii.gz", note: "of the first of 4 volumes"},
	} {
		t.Run(c.file, func(t *testing.T) {
			path := field(t, filepath.FromSlash(c.file))
			m, err := OpenWith(t.Context(), path, c.options)
			if c.fault != "" {
				var e *Error
				if !errors.As(err, &e) || !strings.Contains(err.Error(), c.fault) {
					t.Fatalf("%v, want an error that says %q", err, c.fault)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			channels, values := m.Samples()
			if c.expected != "" {
				compareArray(t, filepath.Join(filepath.Dir(path), c.expected), m, channels, values)
			}
			for i, v := range values {
				if c.value != nil && v != c.value(i) {
					t.Fatalf("value %d is %v, want %v", i, v, c.value(i))
				}
			}
			if notes := strings.Join(m.Notes, "; "); !strings.Contains(notes, c.note) {
				t.Errorf("notes %q, want %q among them", notes, c.note)
			}
		})
	}
}

func compareArray(t *testing.T, path string, m *Image, channels int, values []float32) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	want, err := npy.Read(f, 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	if len(want.Shape) < 2 || want.Shape[0] != m.Height || want.Shape[1] != m.Width || len(want.Data) != len(values) || channels != len(values)/m.Width/m.Height {
		t.Fatalf("%d×%d×%d values, want %v", m.Height, m.Width, channels, want.Shape)
	}
	for i, v := range values {
		if w := want.Data[i]; v != w && !(math.IsNaN(float64(v)) && math.IsNaN(float64(w))) {
			t.Fatalf("value %d is %v, want %v", i, v, w)
		}
	}
}

// Pages of a stack are slices, volumes of a file those of its series; a slice knows
// the same one in the other volumes.
func TestReportedStacksAndVolumes(t *testing.T) {
	all, err := OpenSeries(t.Context(), field(t, "15-tiff-refused-badly", "stack.tif"))
	if err != nil || len(all) != 1 || all[0].Len() != 3 {
		t.Fatalf("%d series, %v", len(all), err)
	}
	for i := range all[0].Len() {
		if m, err := all[0].Slice(i); err != nil || m.Scan.Frame != i {
			t.Errorf("page %d: %+v, %v", i, m, err)
		}
	}
	all, err = OpenSeries(t.Context(), field(t, "17-nifti-kinds", "four-modalities.nii.gz"))
	if err != nil || len(all) != 1 || len(all[0].Volumes()) != 4 || all[0].Len() != 16 {
		t.Fatalf("%d series, %v", len(all), err)
	}
	for k := range 4 {
		only := all[0].Only(k)
		if only.Len() != 4 {
			t.Fatalf("volume %d has %d slices", k, only.Len())
		}
		for _, s := range []*Series{all[0], only} {
			i := 3
			if s != only {
				i += 4 * k
			}
			m, err := s.Slice(i)
			if err != nil || m.Scan.Volume != k || m.Scan.Volumes != 4 {
				t.Fatalf("%+v, %v", m, err)
			}
			for other := range 4 {
				n, err := m.Volume(other)
				if want := float32(1000*other) + voxel(3, true)(0); err != nil || n.At(0, 0, 0) != want || n.Scan.Volume != other {
					t.Errorf("volume %d beside %d: %v, want %v, %v", other, k, n.At(0, 0, 0), want, err)
				}
			}
			if before, err := m.Neighbour(-9); err != nil || before.At(0, 0, 0) != float32(1000*k)+voxel(0, true)(0) {
				t.Errorf("the neighbours of volume %d reach into another: %v", k, err)
			}
		}
	}
	// A picture opened by itself knows the other volumes as well.
	m, err := OpenWith(t.Context(), field(t, "17-nifti-kinds", "four-modalities.nii.gz"), Options{Frame: 6})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := m.Volume(3); err != nil || n.At(0, 0, 0) != 3000+voxel(2, true)(0) {
		t.Errorf("%v, %v", n, err)
	}
	if _, err := m.Volume(4); err == nil || !strings.Contains(err.Error(), "has no volume 4; choose one of 0 to 3") {
		t.Errorf("%v", err)
	}
}
