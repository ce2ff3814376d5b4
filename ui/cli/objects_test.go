package cli_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"picasso/backend/picture"
	"picasso/backend/picture/dicom"
	"picasso/backend/picture/dicom/dicomtest"
	"picasso/ui/cli"
	"picasso/ui/report"
)

// archive explains a scan of two slices with DICOM objects and gives the folder
// of the results.
func archive(t *testing.T, folder string, more ...string) string {
	t.Helper()
	model, _ := sample(t, "digits")
	out := t.TempDir()
	code, _, said := picasso(t.Context(), slices.Concat([]string{"explain", "--model", model, "--image", folder, "--provider", "cpu", "--target", "1",
		"--visualizer", "occlusion", "--set", "size=7", "--set", "stride=7", "--dicom", "sc,pm,seg", "--out", out}, more)...)
	if code != cli.Done {
		t.Fatalf("exit code %d: %s", code, said)
	}
	return out
}

// described is the result.json of a folder.
func described(t *testing.T, path string) report.Report {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var r report.Report
	if err := json.Unmarshal(data, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func object(t *testing.T, path string) *dicom.File {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := dicom.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// The values in the Parametric Map are those of the array, each on the pixels of
// the slice that it was drawn on, and the slice lies where the source does.
func TestTheMapOnItsSlice(t *testing.T) {
	folder := t.TempDir()
	writeScan(t, folder, 2)
	out := archive(t, folder, "--dicom-above", "10%")
	series, most := map[string]string{}, 0.0 // a share is of the largest value of all slices
	for _, name := range []string{"slice-000", "slice-001"} {
		most = max(most, float64(described(t, filepath.Join(out, name, "result.json")).Maps[0].Max))
	}
	for i, name := range []string{"slice-000", "slice-001"} {
		r := described(t, filepath.Join(out, name, "result.json"))
		m := r.Maps[0]
		if want := []string{"occlusion-1-sc.dcm", "../volume/occlusion-1-pm.dcm", "../volume/occlusion-1-seg.dcm"}; !slices.Equal(m.DICOM, want) {
			t.Fatalf("%s: %q, %q", name, m.DICOM, r.Warnings)
		}
		values := readArray(t, filepath.Join(out, name, m.NPY)).Data
		pm, err := picture.OpenWith(t.Context(), filepath.Join(out, name, m.DICOM[1]), picture.Options{Frame: i})
		if err != nil {
			t.Fatal(err)
		}
		seg, err := picture.OpenWith(t.Context(), filepath.Join(out, name, m.DICOM[2]), picture.Options{Frame: i})
		if err != nil {
			t.Fatal(err)
		}
		for y := range 120 {
			for x := range 160 { // the model sees the whole slice, squeezed
				want := values[(2*y+1)*m.Height/240*m.Width+(2*x+1)*m.Width/320]
				if got := pm.At(x, y, 0); got != want {
					t.Fatalf("%s: pixel %d, %d is %v, not %v", name, x, y, got, want)
				}
				if got := seg.At(x, y, 0) != 0; got != (float64(want) >= most/10) {
					t.Fatalf("%s: pixel %d, %d of value %v is inside: %v", name, x, y, want, got)
				}
			}
		}
		want := ctSlice(i)
		for _, o := range []*picture.Image{pm, seg} {
			g := o.Scan.Geometry
			if g.Position != want.Position || g.Spacing != [2]float64{want.Spacing, want.Spacing} || g.Thickness != want.Thickness || g.Orientation != [2][3]float64{{1, 0, 0}, {0, 1, 0}} {
				t.Errorf("%s: lies at %+v", name, g)
			}
		}
		for _, file := range m.DICOM {
			o := object(t, filepath.Join(out, name, file)).Origin(0, false)
			if i > 0 && series[file] != o.Series || slices.Contains([]string{"2.25.77.2", "2.25.77.3"}, o.Study) {
				t.Errorf("%s of %s: study %s, series %s", file, name, o.Study, o.Series)
			}
			series[file] = o.Series
		}
		if sc, err := picture.Open(filepath.Join(out, name, m.DICOM[0])); err != nil || sc.Channels != 3 || sc.Width != 1600 {
			t.Errorf("Secondary Capture: %v, %v", sc, err)
		}
	}
}

// A Segmentation of ours is a region of the scan that it was made of, and the
// region goes out again as it came.
func TestOurSegmentationIsARegion(t *testing.T) {
	folder := t.TempDir()
	writeScan(t, folder, 1)
	first := archive(t, folder, "--dicom-above", "50%")
	path := filepath.Join(first, onlyFolder(t, first), "occlusion-1-seg.dcm")
	again := archive(t, folder, "--region", path)
	name := filepath.Join(again, onlyFolder(t, again))
	r := described(t, filepath.Join(name, "result.json"))
	if !slices.Equal(r.DICOM, []string{"region-seg.dcm"}) || len(r.Maps[0].DICOM) != 2 || r.Maps[0].Trust.Region == nil {
		t.Fatalf("%q, %q", r.DICOM, r.Maps[0].DICOM)
	}
	a, err := picture.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	b, err := picture.Open(filepath.Join(name, r.DICOM[0]))
	if err != nil {
		t.Fatal(err)
	}
	for y := range a.Height {
		for x := range a.Width {
			if a.At(x, y, 0) != b.At(x, y, 0) {
				t.Fatalf("pixel %d, %d differs", x, y)
			}
		}
	}
}

func onlyFolder(t *testing.T, path string) string {
	t.Helper()
	entries, err := os.ReadDir(path)
	if err != nil || len(entries) != 1 {
		t.Fatalf("%v, %v", entries, err)
	}
	return entries[0].Name()
}

func TestThePatientsOwnStudyInSoManyWords(t *testing.T) {
	folder := t.TempDir()
	writeScan(t, folder, 1)
	for study, keep := range map[string]bool{"new": false, "keep": true} {
		out := archive(t, folder, "--dicom-above", "0.01", "--dicom-study", study)
		paths, err := filepath.Glob(filepath.Join(out, "*", "*.dcm"))
		if err != nil || len(paths) != 3 {
			t.Fatalf("%q, %v", paths, err)
		}
		for _, path := range paths {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !keep {
				secret(t, path, data)
			}
			for _, text := range []string{"Quilf^Zoranthe", "PX-7741903", "19570831", "2.25.77.2"} {
				if bytes.Contains(data, []byte(text)) != keep {
					t.Errorf("%s, study %s: %q", filepath.Base(path), study, text)
				}
			}
		}
	}
}

func TestWhatCannotGoToAnArchive(t *testing.T) {
	model, images := sample(t, "digits")
	xray := filepath.Join(t.TempDir(), "chest.dcm")
	data := dicomtest.File(dicomtest.Grey(40, 30, make([]int16, 1200)), []dicomtest.Element{
		dicomtest.Text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.1"), dicomtest.Text(0x00080060, "CS", "CR"), dicomtest.Text(0x00181164, "DS", `0.2\0.2`),
	})
	if err := os.WriteFile(xray, data, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		image string
		args  []string
		code  int
		says  string
	}{
		"X-ray as values":    {xray, []string{"--dicom", "sc,pm"}, cli.SomeFailed, "projection (X-ray)"},
		"X-ray as a picture": {xray, []string{"--dicom", "sc"}, cli.Done, ""},
		"X-ray of no study":  {xray, []string{"--dicom", "sc", "--dicom-study", "keep"}, cli.SomeFailed, "does not say which study it is of"},
		"photo as values":    {images[0], []string{"--dicom", "pm"}, cli.SomeFailed, "does not say where in the patient it lies"},
		"photo as a picture": {images[0], []string{"--dicom", "sc"}, cli.Done, ""},
		"no region":          {xray, []string{"--dicom", "seg"}, cli.Usage, "--region"},
		"unknown kind":       {xray, []string{"--dicom", "sr"}, cli.Usage, "choose sc (Secondary Capture)"},
		"unknown study":      {xray, []string{"--dicom", "sc", "--dicom-study", "old"}, cli.Usage, "choose new or keep"},
		"no threshold":       {xray, []string{"--dicom", "seg", "--dicom-above", "half"}, cli.Usage, "is no threshold"},
		"threshold of what":  {xray, []string{"--dicom", "sc", "--dicom-above", "0.5"}, cli.Usage, "add seg"},
		"study of what":      {xray, []string{"--dicom-study", "keep"}, cli.Usage, "ask for some with --dicom"},
	} {
		out := t.TempDir()
		code, _, said := picasso(t.Context(), slices.Concat([]string{"explain", "--model", model, "--image", c.image, "--provider", "cpu", "--visualizer", "occlusion",
			"--set", "size=14", "--set", "stride=14", "--out", out}, c.args)...)
		if code != c.code || !strings.Contains(said, c.says) {
			t.Errorf("%s: exit code %d: %s", name, code, said)
		}
		if paths, _ := filepath.Glob(filepath.Join(out, "*", "*.dcm")); (len(paths) == 1) != (code == cli.Done) {
			t.Errorf("%s: %q", name, paths)
		}
	}
}
