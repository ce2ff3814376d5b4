package cli_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"picasso/backend/fixtures"
	"picasso/backend/npy"
	"picasso/ui/cli"
)

// reported is a file of the cases that were rebuilt from public reports.
func reported(t *testing.T, path string) string {
	return fixtures.Path(t, append([]string{"field", "scans"}, strings.Split(path, "/")...)...)
}

func arrayOf(t *testing.T, path string) npy.Array {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	a, err := npy.Read(bytes.NewReader(data), 1<<24)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// equal compares values but for rounding to 32 bits.
func equal(t *testing.T, got, want []float32) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%d values, want %d", len(got), len(want))
		return
	}
	for i := range got {
		if d := math.Abs(float64(got[i]) - float64(want[i])); d > 1e-5*math.Abs(float64(want[i])) && (got[i] == got[i] || want[i] == want[i]) {
			t.Errorf("value %d is %v, want %v", i, got[i], want[i])
			return
		}
	}
}

// voxel is the value at a place of slice z of volume k of the reported volumes of
// 16×12×4; those whose axes run to the right and the front are turned.
func voxel(k, z int, turned bool) []float32 {
	out := make([]float32, 16*12)
	for i := range out {
		x, y := i%16, i/16
		if turned {
			x, y = 15-x, 11-y
		}
		out[i] = float32(1000*k + 48*x + 4*y + z)
	}
	return out
}

// TestReportedValues: what `view` writes of every reported file, and what it says.
func TestReportedValues(t *testing.T) {
	beside := func(name string) func(*testing.T, string) []float32 {
		return func(t *testing.T, path string) []float32 {
			return arrayOf(t, filepath.Join(filepath.Dir(path), name)).Data
		}
	}
	volume := func(k, z int, turned bool) func(*testing.T, string) []float32 {
		return func(*testing.T, string) []float32 { return voxel(k, z, turned) }
	}
	for _, c := range []struct {
		file, flags string
		want        func(*testing.T, string) []float32
		says        string // on standard error; "" for nothing
	}{
		{"02-enhanced-view-not-rescaled/enhanced-ct.dcm", "--stored-frame 0", beside("expected-frame0.npy"), ""},
		{"02-enhanced-view-not-rescaled/enhanced-ct.dcm", "--stored-frame 3", beside("expected-frame3.npy"), ""},
		{"02-enhanced-view-not-rescaled/enhanced-ct.dcm", "--stored-frame -2", beside("expected-frame2.npy"), ""},
		{"02-enhanced-view-not-rescaled/enhanced-ct.dcm", "--frame 0", beside("expected-frame1.npy"), ""}, // the lowest
		{"02-enhanced-view-not-rescaled/enhanced-ct.dcm", "", beside("expected-frame1.npy"), "the first of 4 frames"},
		{"04-jpegls-hp-colours/hp1.dcm", "", beside("expected.npy"), ""},
		{"05-jpegls-restart-refused/restart.dcm", "", beside("expected.npy"), ""},
		{"06-nan-becomes-zero/t1map.nii.gz", "--frame 0", beside("expected-slice0.npy"), "are not numbers"},
		{"08-false-note-on-implicit-vr/implicit.dcm", "", beside("expected.npy"), ""},
		{"10-rtdose-not-in-gray/dose.dcm", "--frame 0", beside("expected-frame0.npy"), ""},
		{"10-rtdose-not-in-gray/dose.dcm", "--frame 2", beside("expected-frame2.npy"), ""},
		{"15-tiff-refused-badly/planar.tif", "", beside("expected-planar.npy"), ""},
		{"15-tiff-refused-badly/rgb.tif", "", beside("expected-planar.npy"), ""},
		{"15-tiff-refused-badly/float32.tif", "", beside("expected-float32.npy"), ""},
		{"17-nifti-kinds/labels-int64.nii.gz", "--frame 3", volume(0, 3, true), ""},
		{"17-nifti-kinds/four-modalities.nii.gz", "--frame 9", volume(2, 1, true), ""},
		{"17-nifti-kinds/four-modalities.nii.gz", "--volume 2 --frame 1", volume(2, 1, true), ""},
		{"17-nifti-kinds/four-modalities.nii.gz", "--volume 2", volume(2, 0, true), "the first of the 4 slices of the volume is shown"},
		{"17-nifti-kinds/four-modalities.nii.gz", "--volume 0 --frame -1", volume(0, 3, true), ""},
		{"17-nifti-kinds/four-modalities.nii.gz", "--volume -1 --frame 0", volume(3, 0, true), ""},
		{"17-nifti-kinds/pair.hdr", "--frame 1", volume(0, 1, true), ""},
		{"17-nifti-kinds/pair.img", "--frame 1", volume(0, 1, true), ""},
		{"17-nifti-kinds/analyze.hdr", "--frame 0", volume(0, 0, false), "left from right"},
		{"17-nifti-kinds/analyze.img", "--frame 2", volume(0, 2, false), "left from right"},
		{"17-nifti-kinds/v.nrrd", "--frame 1", volume(0, 1, false), ""},
		{"17-nifti-kinds/v.mhd", "--frame 1", volume(0, 1, false), ""},
		{"17-nifti-kinds/v.raw", "--frame 1", volume(0, 1, false), ""},
	} {
		t.Run(c.file+" "+c.flags, func(t *testing.T) {
			path, out := reported(t, c.file), filepath.Join(t.TempDir(), "x.npy")
			code, _, said := picasso(t.Context(), append([]string{"view", "--image", path, "--out", out}, strings.Fields(c.flags)...)...)
			if code != cli.Done || c.says == "" && said != "" || !strings.Contains(said, c.says) {
				t.Fatalf("exit code %d, says %q, want %q", code, said, c.says)
			}
			equal(t, arrayOf(t, out).Data, c.want(t, path))
		})
	}
}

// TestReportedLooks: the grey values of what is shown.
func TestReportedLooks(t *testing.T) {
	shown := func(t *testing.T, file string, flags ...string) (*image.Gray, string) {
		t.Helper()
		out := filepath.Join(t.TempDir(), "x.png")
		code, _, said := picasso(t.Context(), append([]string{"view", "--image", reported(t, file), "--out", out}, flags...)...)
		m, ok := readPNG(t, out).(*image.Gray)
		if code != cli.Done || !ok {
			t.Fatalf("%s: exit code %d: %s", file, code, said)
		}
		return m, said
	}
	m, _ := shown(t, "11-voi-lut-16-bits-declared/agfa-like.dcm")
	for i, want := range arrayOf(t, reported(t, "11-voi-lut-16-bits-declared/expected-png.npy")).Data {
		if math.Abs(float64(m.Pix[i])-float64(want)) > 1 {
			t.Fatalf("pixel %d is %d, want %v", i, m.Pix[i], want)
		}
	}
	if m, _ := shown(t, "12-first-look/padding-no-window.dcm"); slices.Min(m.Pix) != 0 || !slices.ContainsFunc(m.Pix, func(v uint8) bool { return v > 150 && v < 160 }) {
		t.Error("padding counts for the full range")
	}
	m, said := shown(t, "12-first-look/window-shows-nothing.dcm")
	if slices.Min(m.Pix) != slices.Max(m.Pix) || !strings.Contains(said, "shows the whole picture in one grey") {
		t.Errorf("says %q", said)
	}
	if m, _ := shown(t, "12-first-look/window-shows-nothing.dcm", "--window", "auto"); slices.Min(m.Pix) == slices.Max(m.Pix) {
		t.Error("auto does not show the full range")
	}
}

// entry is what `predict --json` says of a picture.
type entry struct {
	Image       string
	Predictions []struct {
		Index int
		Logit float64
	}
	Scan struct {
		Modality, Unit       string
		Slice, Slices, Frame int
		Volume               *int
		Volumes              int
		VolumeName           string    `json:"volume_name"`
		Distance             float64   `json:"distance_mm"`
		PositionMM           []float64 `json:"position_mm"`
		PathWithheld         bool      `json:"path_withheld"`
	}
	Remarks    []string
	Warnings   []string
	ModelNotes []string `json:"model_notes"`
	Error      string
}

// values are the model's, in their order.
func (e entry) values() []float32 {
	out := make([]float32, len(e.Predictions))
	for _, p := range e.Predictions {
		out[p.Index] = float32(p.Logit)
	}
	return out
}

// predicted runs a model that gives its input back.
func predicted(t *testing.T, model string, args ...string) (all []entry, said string) {
	t.Helper()
	_, _ = sample(t, "digits") // skips without a library
	_, text, said := picasso(t.Context(), append([]string{"predict", "--json", "--top", "0", "--model", reported(t, model)}, args...)...)
	if err := json.Unmarshal([]byte(text), &all); err != nil && text != "" {
		t.Fatalf("%v: %s%s", err, text, said)
	}
	return all, said
}

const valuesModel = "01-notes-dropped-by-predict/values.onnx"

// TestReportedRemarks: every remark reaches standard error and JSON of predict
// and explain, that of a series once; files without fault have none.
func TestReportedRemarks(t *testing.T) {
	for _, c := range []struct{ file, remark string }{
		{"01-notes-dropped-by-predict/cut.dcm", "the picture is cut off; 59 % of it are there"},
		{"01-notes-dropped-by-predict/slope0.dcm", "the rescale slope is 0"},
		{"01-notes-dropped-by-predict/cut.nii.gz", "the file ends too early"},
		{"06-nan-becomes-zero/t1map.nii.gz", "are not numbers"},
		{"08-false-note-on-implicit-vr/implicit.dcm", ""},
		{"09-unreadable-numbers-silent/slope-text.dcm", `the rescale slope "abc" cannot be read`},
		{"09-unreadable-numbers-silent/slope-nan.dcm", `the rescale slope "NaN" cannot be read`},
		{"09-unreadable-numbers-silent/intercept-text.dcm", `the rescale intercept "-1024HU" cannot be read`},
		{"11-voi-lut-16-bits-declared/agfa-like.dcm", "declares 16 bits and uses 12"},
		{"12-first-look/window-shows-nothing.dcm", "in one grey"},
		{"13-gap-and-tilt-unsaid/missing-slices", "the distance between slices changes from 5 to 15 mm behind slice 2"},
		{"13-gap-and-tilt-unsaid/tilt", "the slices are tilted by 19.4 degrees"},
		{"15-tiff-refused-badly/stack.tif", "the first of 3"},
		{"15-tiff-refused-badly/cmyk.tif", "inks are converted to colours without a profile"},
		{"16-slice-location-ignored", "ordered by their slice location"},
		{"18-small-ones/mono2-inverse.dcm", "asks to be shown inverted"},
		{"18-small-ones/dicomdir-one-missing", "1 of 3 files that the DICOMDIR names are missing"},
		{"18-small-ones/dicomdir-one-missing/DICOMDIR", "1 of 3 files that the DICOMDIR names are missing"},
	} {
		t.Run(c.file, func(t *testing.T) {
			path, out := reported(t, c.file), t.TempDir()
			all, said := predicted(t, valuesModel, "--image", path)
			if len(all) == 0 {
				t.Fatal(said)
			}
			_, _, told := picasso(t.Context(), "explain", "--model", reported(t, valuesModel), "--image", path, "--visualizer", "prediction", "--out", out)
			for _, text := range []string{said, told} {
				if strings.Contains(text, "slice 0: note: the slices are") {
					t.Errorf("a remark about the series is said of a slice: %q", text)
				}
				if n := strings.Count(text, c.remark); c.remark == "" && strings.Count(text, "note:") > strings.Count(text, "lowest or highest value") || c.remark != "" && n != 1 {
					t.Errorf("says %q", text)
				}
			}
			results, err := filepath.Glob(filepath.Join(out, "*", "result.json"))
			if err != nil || len(results) != len(all) {
				t.Fatalf("%d results of %d pictures, %v", len(results), len(all), err)
			}
			for i, e := range all {
				var r struct{ Remarks []string }
				data, err := os.ReadFile(results[i])
				if err == nil {
					err = json.Unmarshal(data, &r)
				}
				for _, remarks := range [][]string{e.Remarks, r.Remarks} {
					if text := strings.Join(remarks, "; "); err != nil || c.remark == "" && text != "" || !strings.Contains(text, c.remark) {
						t.Errorf("%s: remarks %q, %v", e.Image, remarks, err)
					}
				}
			}
		})
	}
}

// TestReportedOrder: volume after volume, with neighbours of their own, and JSON
// with both counts.
func TestReportedOrder(t *testing.T) {
	var want map[string]struct {
		Order      []float32
		Neighbours [][]float32
	}
	data, err := os.ReadFile(reported(t, "03-phases-interleaved/expected.json"))
	if err == nil {
		err = json.Unmarshal(data, &want)
	}
	if err != nil {
		t.Fatal(err)
	}
	for folder, names := range map[string][]string{
		"phases": {"temporal position 1", "temporal position 2", "temporal position 3"}, "magnitude-phase": {"magnitude", "phase"},
	} {
		path := reported(t, "03-phases-interleaved/"+folder)
		all, said := predicted(t, "03-phases-interleaved/values.onnx", "--image", path)
		three, _ := predicted(t, "03-phases-interleaved/three-neighbours.onnx", "--image", path)
		if len(all) != len(want[folder].Order) || len(three) != len(all) || strings.Contains(said, "note: ") {
			t.Fatalf("%s: %d pictures, %s", folder, len(all), said)
		}
		for i, e := range all {
			s := e.Scan
			if v := e.values()[0]; v != want[folder].Order[i] || s.Slice != i || s.Slices != len(all) || s.Volume == nil || *s.Volume != i/4 ||
				s.Volumes != len(names) || s.VolumeName != names[i/4] || s.Distance != 5 || len(e.Remarks) > 0 {
				t.Errorf("%s, slice %d: value %v, %+v", folder, i, v, s)
			}
			x := three[i].values()
			n := len(x) / 3
			for k, v := range want[folder].Neighbours[i] {
				if x[k*n] != v {
					t.Errorf("%s, slice %d: channel %d is %v, want %v", folder, i, k, x[k*n], v)
				}
			}
		}
		for _, volume := range []string{"1", "-1", names[len(names)-1], strings.ToUpper(names[1])} {
			some, _ := predicted(t, "03-phases-interleaved/values.onnx", "--image", path, "--volume", volume, "--slices", "1:3")
			if len(some) != 2 || some[0].Scan.VolumeName == names[0] || int(some[0].values()[0])%100 != 1 {
				t.Errorf("%s, volume %s: %+v", folder, volume, some)
			}
		}
	}
	all, _ := predicted(t, valuesModel, "--image", reported(t, "16-slice-location-ignored"))
	for i, e := range all {
		if e.values()[0] != float32(i) || e.Scan.Distance != 6 {
			t.Errorf("slice %d: %v, %+v", i, e.values()[0], e.Scan)
		}
	}
	all, _ = predicted(t, valuesModel, "--image", reported(t, "02-enhanced-view-not-rescaled/enhanced-ct.dcm"), "--slices", ":")
	for i, e := range all {
		if s := e.Scan; s.Slice != i || s.Frame != []int{1, 3, 0, 2}[i] || s.PositionMM[2] != float64(5*i) || s.Unit != "HU" {
			t.Errorf("slice %d: %+v", i, s)
		}
	}
	all, _ = predicted(t, valuesModel, "--image", reported(t, "10-rtdose-not-in-gray/dose.dcm"), "--slices", ":")
	for i, e := range all {
		if s := e.Scan; s.Unit != "Gy" || s.PositionMM[2] != 2.5*float64(i) || s.Distance != 2.5 {
			t.Errorf("frame %d: %+v", i, s)
		}
	}
	if all, _ = predicted(t, valuesModel, "--image", reported(t, "18-small-ones/mosaic.dcm"), "--slices", ":"); len(all) != 8 {
		t.Errorf("%d tiles of a mosaic", len(all))
	}
	all, _ = predicted(t, valuesModel, "--image", reported(t, "13-gap-and-tilt-unsaid/orientations"))
	if len(all) != 6 || all[0].Scan.Slices == 6 {
		t.Errorf("orientations are not split: %+v", all)
	}
}

// TestReportedPatients: no path that tells who the patient is, of all of the case.
func TestReportedPatients(t *testing.T) {
	root := reported(t, "07-patient-name-in-outputs")
	found := 0
	for _, pattern := range []string{"*/*.dcm", "*/*/*.dcm", "*/*/*.png", "*/*/*.nii.gz"} {
		files, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range files {
			found++
			all, said := predicted(t, valuesModel, "--image", path)
			unit := strings.Contains(path, "unit")
			if len(all) != 1 || all[0].Error != "" || (all[0].Image == path) != unit || !unit && strings.Contains(said, path) || all[0].Scan.Unit == "DOE JANE" {
				t.Errorf("%s: %+v, %s", path, all, said)
			}
		}
	}
	if found < 25 {
		t.Errorf("%d files", found)
	}
	out := t.TempDir()
	picasso(t.Context(), "explain", "--model", reported(t, valuesModel), "--image", filepath.Join(root, "siblings", "DOE_JANE"), "--visualizer", "prediction", "--out", out)
	results, _ := filepath.Glob(filepath.Join(out, "*", "result.json"))
	for _, path := range results {
		if data, err := os.ReadFile(path); err != nil || strings.Contains(strings.TrimPrefix(path, out)+string(data), "DOE") {
			t.Errorf("%s tells: %s, %v", path, data, err)
		}
	}
	if len(results) != 3 {
		t.Errorf("%q", results)
	}
}

// TestReportedBundle: the orientation of a MONAI bundle is carried out, what is
// not is named.
func TestReportedBundle(t *testing.T) {
	model := "14-monai-geometry-left-out/bundle/models/model.onnx"
	all, said := predicted(t, model, "--image", reported(t, "14-monai-geometry-left-out/slice-ras.nii.gz"))
	if len(all) != 1 || !strings.Contains(said, "(Spacingd) is not carried out") || len(all[0].ModelNotes) == 0 {
		t.Fatalf("%+v, %s", all, said)
	}
	got, want := all[0].values(), arrayOf(t, reported(t, "14-monai-geometry-left-out/expected-input.npy")).Data
	for i := range want {
		if math.Abs(float64(got[i]-want[i])) > 1e-6 {
			t.Fatalf("value %d is %v, want %v", i, got[i], want[i])
		}
	}
	_, text, _ := picasso(t.Context(), "inspect", "--json", "--model", reported(t, model))
	if !strings.Contains(text, "Spacingd") || strings.Contains(text, "(Orientationd) is not") || !strings.Contains(text, fmt.Sprintf("%q: %q", "orientation", "RAS")) {
		t.Error(text)
	}
	_, said = predicted(t, model, "--image", reported(t, "08-false-note-on-implicit-vr/implicit.dcm"))
	if strings.Contains(said, "was made for") {
		t.Errorf("a CT for a model of CT: %s", said)
	}
	_, said = predicted(t, model, "--image", reported(t, "13-gap-and-tilt-unsaid/tilt"))
	if other := "The model was made for CT, but the file is"; strings.Contains(said, "MR") && strings.Count(said, other) != 1 {
		t.Errorf("says %q", said)
	}
}

// TestReportedFolders: what a DICOMDIR names and is not there.
func TestReportedFolders(t *testing.T) {
	for _, name := range []string{"18-small-ones/dicomdir-all-missing", "18-small-ones/dicomdir-all-missing/DICOMDIR"} {
		code, _, said := picasso(t.Context(), "view", "--image", reported(t, name), "--out", filepath.Join(t.TempDir(), "x.png"))
		if code != cli.Usage || !strings.Contains(said, "3 files that the DICOMDIR names are missing") {
			t.Errorf("%s: exit code %d: %s", name, code, said)
		}
	}
}
