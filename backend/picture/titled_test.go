package picture

import (
	"path/filepath"
	"testing"

	"picasso/backend/fixtures/nodule"
	. "picasso/backend/picture/dicom/dicomtest"
)

func TestStem(t *testing.T) {
	for path, want := range map[string]string{"x/ct.dcm": "ct", "x/head.nii.gz": "head", "x/IM0001": "IM0001", "x/a.b.png": "a.b"} {
		if got := Stem(path); got != want {
			t.Errorf("the stem of %s is %q", path, got)
		}
	}
}

// A volume has no modality and is called after its file; where that is called after the
// patient of a scan beside it, or is a DICOM file, it is not.
func TestVolumesAreCalledAfterTheirFiles(t *testing.T) {
	volume := nodule.NIfTI(nodule.NewBody(1, false).Values, nodule.Size, [3][4]float64{{0, 0, -2, 47}, {0, -2, 0, 39}, {2, 0, 0, 0}})
	root := lay(t, map[string][]byte{
		"open/case-t1.nii": volume, "open/case-flair.nii": volume,
		"patient/IM1": File(at("1.2.3", 1, 0), Flat(7), []Element{Text(patientName, "PN", "Quilf^Zoranthe")}), "patient/quilf_t1.nii": volume, "patient/t2.nii": volume,
		"bare/IM1": File(Flat(3), []Element{Text(seriesUID, "UI", "2.25.1")}),
	})
	for path, want := range map[string]string{
		"open/case-t1.nii": "case-t1, 32 slices", "open/case-flair.nii": "case-flair, 32 slices",
		"patient/quilf_t1.nii": "scan, 32 slices", "patient/t2.nii": "t2, 32 slices", "patient/IM1": "MR, 1 slice", "bare/IM1": "scan, 1 slice",
	} {
		all, err := OpenSeries(t.Context(), filepath.Join(root, filepath.FromSlash(path)))
		if err != nil || len(all) != 1 || all[0].Name != want {
			t.Errorf("%s: %v, %q, want %q", path, err, all[0].Name, want)
		}
	}
	all, err := OpenSeries(t.Context(), filepath.Join(root, "patient"))
	if err != nil || len(all) != 3 {
		t.Fatalf("%d series, %v", len(all), err)
	}
	for _, s := range all {
		if s.Name != "MR, 1 slice" && s.Name != "t2, 32 slices" && s.Name != "scan, 32 slices" {
			t.Errorf("in the folder of a patient a series is called %q", s.Name)
		}
	}
}
