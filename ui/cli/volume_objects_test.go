package cli_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"picasso/backend/fixtures/nodule"
	"picasso/backend/npy"
	"picasso/backend/picture"
	"picasso/ui/cli"
)

// chest writes a body as a series of CT, with a patient in every file, beside the model
// that looks for nodules.
func chest(t *testing.T, body nodule.Body) (model, folder string) {
	t.Helper()
	_, model, _ = noduleFiles(t, body, false)
	folder = filepath.Join(t.TempDir(), "ct")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for z, data := range body.Slices(nil) {
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("im%02d", 90-z)), withPatient(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return model, folder
}

// frames opens a multi-frame object as the pictures in it.
func frames(t *testing.T, path string) []*picture.Image {
	t.Helper()
	all, err := picture.OpenSeries(t.Context(), path)
	if err != nil || len(all) != 1 {
		t.Fatalf("%s: %d series, %v", path, len(all), err)
	}
	var out []*picture.Image
	for i := range all[0].Len() {
		m, err := all[0].Slice(i)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, m)
	}
	return out
}

// verified runs the verifier of Debian's dicom3tools over files, where it is installed.
func verified(t *testing.T, paths []string) {
	t.Helper()
	verify, err := exec.LookPath("dciodvfy")
	if err != nil {
		t.Log("not verified: dciodvfy (package dicom3tools) is not installed")
		return
	}
	for _, path := range paths {
		out, _ := exec.Command(verify, "-new", path).CombinedOutput() // its exit status says the same as its words
		if bytes.Contains(out, []byte("Error")) || len(out) == 0 {
			t.Errorf("%s:\n%s", filepath.Base(path), out)
		}
	}
}

// The map of a volume becomes one object with a frame for each slice that it reaches: of
// a block that is cut out and not resampled, every value is the one that was computed.
func TestMapsOfVolumesGoOutAsDICOM(t *testing.T) {
	model, folder := chest(t, nodule.Placed(1, [3]float64{15, 20, 24}, 3.3))
	out := t.TempDir()
	code, _, said := picasso(t.Context(), "explain", "--model", model, "--image", folder, "--visualizer", "saliency", "--target", "nodule", "--dicom", "sc,pm,seg",
		"--dicom-above", "50%", "--figure-width", "300", "--out", out)
	if code != cli.Done {
		t.Fatalf("exit code %d: %s", code, said)
	}
	folder = filepath.Join(out, "volume")
	m := described(t, filepath.Join(folder, "result.json")).Maps[0]
	if len(m.DICOM) != 24+2 || m.DICOM[0] != "saliency-1-sc-003.dcm" || !slices.Equal(m.DICOM[24:], []string{"saliency-1-pm.dcm", "saliency-1-seg.dcm"}) {
		t.Fatalf("objects %q", m.DICOM)
	}
	values := readArray(t, filepath.Join(folder, m.NPY)).Data
	pm, seg := frames(t, filepath.Join(folder, "saliency-1-pm.dcm")), frames(t, filepath.Join(folder, "saliency-1-seg.dcm"))
	if len(pm) != 24 || len(seg) == 0 || len(seg) > 24 {
		t.Fatalf("%d frames of the map, %d of the region", len(pm), len(seg))
	}
	inside, n := map[float64]*picture.Image{}, 40*48
	for _, s := range seg {
		inside[s.Scan.Geometry.Position[2]] = s
	}
	for i, p := range pm {
		g := p.Scan.Geometry
		if g.Position != [3]float64{-47, -39, 2 * float64(i+3)} || g.Spacing != [2]float64{2, 2} || g.Thickness != 2 || g.Orientation != [2][3]float64{{1, 0, 0}, {0, 1, 0}} {
			t.Errorf("frame %d lies at %+v", i, g)
		}
		for k, want := range values[i*n : (i+1)*n] {
			if got := p.At(k%48, k/48, 0); got != want {
				t.Fatalf("frame %d, value %d is %v, not %v", i, k, got, want)
			}
			s := inside[g.Position[2]]
			if in := s != nil && s.At(k%48, k/48, 0) != 0; in != (float64(want) >= float64(m.Max)/2) {
				t.Fatalf("frame %d, value %v is inside: %v", i, want, in)
			}
		}
	}
	var paths []string
	for i, name := range m.DICOM {
		path := filepath.Join(folder, name)
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		secret(t, name, data)
		for _, id := range []string{"2.25.771.2", "2.25.771.3", "2.25.771.4", "2.25.771.1."} {
			if bytes.Contains(data, []byte(id)) {
				t.Errorf("%s has the identifier %s of its source", name, id)
			}
		}
		if o, first := object(t, path).Origin(0, false), object(t, filepath.Join(folder, m.DICOM[0])).Origin(0, false); o.Study != first.Study || i < 24 && o.Series != first.Series {
			t.Errorf("%s is of the study %s and the series %s", name, o.Study, o.Series)
		}
		if i == 0 || i >= 24 {
			paths = append(paths, path)
		}
		if name == "saliency-1-pm.dcm" && !bytes.Contains(data, []byte("nothing was interpolated")) {
			t.Error("the map does not say how it got to the slices")
		}
	}
	verified(t, paths)
}

// What the model got at another spacing comes back to the slices, and says how.
func TestResampledMapsComeBackToTheSlices(t *testing.T) {
	model, folder := chest(t, nodule.Placed(1, [3]float64{15, 20, 24}, 3.3))
	out := t.TempDir()
	code, _, said := picasso(t.Context(), "explain", "--model", model, "--image", folder, "--visualizer", "saliency", "--target", "nodule", "--dicom", "pm",
		"--block", "whole", "--out", out)
	if code != cli.Done {
		t.Fatalf("exit code %d: %s", code, said)
	}
	path := filepath.Join(out, "volume", "saliency-1-pm.dcm")
	all := frames(t, path)
	if len(all) != 32 {
		t.Fatalf("%d frames", len(all))
	}
	// Slices of the model are 4/3 of those of the file: file slice 1 is its slice 0.625.
	m := described(t, filepath.Join(out, "volume", "result.json")).Maps[0]
	values := readArray(t, filepath.Join(out, "volume", m.NPY)).Data
	const at = 20*48 + 24
	want := 0.375*values[at] + 0.625*values[40*48+at]
	if got := all[1].At(24, 20, 0); got-want > 1e-6*max(want, -want) || want-got > 1e-6*max(want, -want) {
		t.Errorf("between two values is %v, not %v", got, want)
	}
	data, err := os.ReadFile(path)
	if err != nil || !bytes.Contains(data, []byte("linear interpolation in three dimensions")) {
		t.Errorf("it does not say how it got to the slices (%v)", err)
	}
	verified(t, []string{path})
}

// A volume that is no DICOM file goes into a study of its own, with the place that its
// affine gives; there is no study of a patient to keep, and no place without an affine.
func TestVolumesThatAreNoDICOM(t *testing.T) {
	body := nodule.Placed(1, [3]float64{15, 20, 24}, 3.3)
	folder, model, scan := noduleFiles(t, body, false)
	out := filepath.Join(folder, "out")
	explain := func(image string, args ...string) (int, string) {
		code, _, said := picasso(t.Context(), slices.Concat([]string{"explain", "--model", model, "--image", image, "--visualizer", "saliency", "--target", "nodule", "--dicom", "pm", "--out", out}, args)...)
		return code, said
	}
	code, said := explain(scan)
	if code != cli.Done || !strings.Contains(said, "the file is no DICOM: its objects are a study of their own") {
		t.Fatalf("exit code %d: %s", code, said)
	}
	path := filepath.Join(out, "body", "saliency-1-pm.dcm")
	all := frames(t, path)
	// The affine runs to the right and the front: the first pixel lies at 47 mm right, 39 front.
	if g := all[0].Scan.Geometry; len(all) != 24 || g.Position != [3]float64{-47, -39, 6} || g.Thickness != 2 {
		t.Errorf("%d frames, the first at %+v", len(all), g)
	}
	verified(t, []string{path})
	if code, said := explain(scan, "--dicom-study", "keep"); code != cli.SomeFailed || !strings.Contains(said, "does not say which study it is of") {
		t.Errorf("kept: exit code %d: %s", code, said)
	}
	array := filepath.Join(folder, "array.npy")
	var b bytes.Buffer
	if err := errors.Join(npy.Write(&b, []int{1, 24, 40, 48}, make([]float32, 24*40*48)), os.WriteFile(array, b.Bytes(), 0o600)); err != nil {
		t.Fatal(err)
	}
	if code, said := explain(array); code != cli.SomeFailed || !strings.Contains(said, "does not say where in the patient it lies") {
		t.Errorf("an array: exit code %d: %s", code, said)
	}
}

// Maps of the slices of a series are one object with their frames, listed beside it, and
// so are regions.
func TestMapsOfASeriesAreOneObject(t *testing.T) {
	folder := t.TempDir()
	writeScan(t, folder, 3)
	out := archive(t, folder, "--dicom-above", "50%", "--dicom", "pm,seg")
	data, err := os.ReadFile(filepath.Join(out, "volume", "objects.json"))
	if err != nil {
		t.Fatal(err)
	}
	var list []struct {
		File, Kind, Visualizer, Target string
		Slices                         []int
	}
	if err := json.Unmarshal(data, &list); err != nil || len(list) != 2 || list[0].File != "occlusion-1-pm.dcm" || list[0].Kind != "pm" || list[0].Visualizer != "occlusion" ||
		!slices.Equal(list[0].Slices, []int{0, 1, 2}) {
		t.Fatalf("%s, %v", data, err)
	}
	var paths []string
	for _, entry := range list {
		path := filepath.Join(out, "volume", entry.File)
		if data, err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
		secret(t, entry.File, data)
		paths = append(paths, path)
	}
	if all := frames(t, paths[0]); len(all) != 3 {
		t.Errorf("%d frames", len(all))
	}
	verified(t, paths)
}

// Regions in the patient go out again on the slices of a volume where they lie, each under
// its name.
func TestRegionsOfAVolumeGoOutAgain(t *testing.T) {
	model, folder := chest(t, nodule.Placed(1, [3]float64{15, 20, 24}, 3.3))
	first, again := t.TempDir(), t.TempDir()
	explain := func(out string, args ...string) {
		code, _, said := picasso(t.Context(), slices.Concat([]string{"explain", "--model", model, "--image", folder, "--visualizer", "saliency", "--target", "nodule", "--dicom", "seg", "--out", out}, args)...)
		if code != cli.Done {
			t.Fatalf("exit code %d: %s", code, said)
		}
	}
	explain(first, "--dicom-above", "50%")
	given := filepath.Join(first, "volume", "saliency-1-seg.dcm")
	explain(again, "--region", given)
	r := described(t, filepath.Join(again, "volume", "result.json"))
	if !slices.Equal(r.DICOM, []string{"region-seg.dcm"}) || len(r.Maps[0].DICOM) > 0 {
		t.Fatalf("objects %q and %q", r.DICOM, r.Maps[0].DICOM)
	}
	path := filepath.Join(again, "volume", "region-seg.dcm")
	want, got := frames(t, given), frames(t, path)
	if len(want) != len(got) || len(got) == 0 {
		t.Fatalf("%d frames, %d were given", len(got), len(want))
	}
	for i, m := range got {
		if m.Scan.Geometry.Position != want[i].Scan.Geometry.Position {
			t.Errorf("frame %d lies at %v, not %v", i, m.Scan.Geometry.Position, want[i].Scan.Geometry.Position)
		}
		for k := range m.Width * m.Height {
			if m.At(k%m.Width, k/m.Width, 0) != want[i].At(k%m.Width, k/m.Width, 0) {
				t.Fatalf("frame %d, pixel %d differs", i, k)
			}
		}
	}
	verified(t, []string{path})
}
