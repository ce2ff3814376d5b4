package cli_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	. "picasso/backend/picture/dicom/dicomtest"
	"picasso/ui/cli"
)

// writePET writes two phases of three slices.
func writePET(t *testing.T, more ...Element) string {
	t.Helper()
	folder := t.TempDir()
	for i := range 6 {
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("IM%d", 9-i)), PET(i/3, i%3, more...), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func TestUptakeOfAVolume(t *testing.T) {
	folder, out := writePET(t), filepath.Join(t.TempDir(), "x.npy")
	for _, c := range []struct {
		flags string
		code  int
		want  float32
		says  string
	}{
		{"--frame 4", cli.Done, 11000, ""},
		{"--frame 4 --unit suv", cli.Done, 11, ""},
		{"--frame 1 --unit SUV --volume 1", cli.Done, 11, ""},
		{"--unit suv", cli.Done, 0, ""},
		{"--frame -1 --volume 0", cli.Done, 2000, ""},
		{"--volume=temporal", cli.SomeFailed, 0, `has no volume "temporal`},
		{"--volume 2", cli.SomeFailed, 0, "choose 0 (temporal position 1), 1 (temporal position 2)"},
		{"--frame 3 --volume 1", cli.SomeFailed, 0, "has no slice 3"},
		{"--unit Bq", cli.Usage, 0, `"Bq" is unknown`},
		{"--stored-frame 0 --frame 1", cli.Usage, 0, "leave out --frame"},
		{"--stored-frame x", cli.Usage, 0, "whole number"},
		{"--stored-frame 1", cli.Usage, 0, "use --frame for the slices of a folder"},
	} {
		code, _, said := picasso(t.Context(), append([]string{"view", "--image", folder, "--out", out}, strings.Fields(c.flags)...)...)
		if code != c.code || !strings.Contains(said, c.says) || c.says == "" && said != "" {
			t.Errorf("%s: exit code %d: %s", c.flags, code, said)
			continue
		}
		if a := arrayOf(t, out); code == cli.Done && a.Data[0] != c.want {
			t.Errorf("%s: %v, want %v", c.flags, a.Data[0], c.want)
		}
	}
	bare := writePET(t, Text(0x00101030, "DS", ""))
	code, _, said := picasso(t.Context(), "view", "--image", bare, "--unit", "suv", "--out", out)
	if code != cli.SomeFailed || !strings.Contains(said, "the file lacks the patient's weight") {
		t.Errorf("exit code %d: %s", code, said)
	}
}

// A remark that holds for a whole series is said once and counted; JSON has it
// with each slice, in the unit that was asked for.
func TestRemarksOfASeriesAreSaidOnce(t *testing.T) {
	model, _ := sample(t, "digits")
	code, text, said := picasso(t.Context(), "predict", "--json", "--model", model, "--image", writePET(t, Text(0x00101030, "DS", "")))
	var all []entry
	if err := json.Unmarshal([]byte(text), &all); err != nil || code != cli.Done {
		t.Fatalf("exit code %d, %v: %s", code, err, said)
	}
	const remark = "the file lacks the patient's weight"
	if strings.Count(said, remark) != 1 || !strings.Contains(said, "6 of 6 pictures have remarks") {
		t.Errorf("says %q", said)
	}
	for _, e := range all {
		if !strings.Contains(strings.Join(e.Remarks, ""), remark) || e.Scan.Unit != "Bq/ml" {
			t.Errorf("%+v", e)
		}
	}
	_, text, _ = picasso(t.Context(), "predict", "--json", "--unit", "suv", "--volume", "1", "--model", model, "--image", writePET(t))
	all = nil
	if err := json.Unmarshal([]byte(text), &all); err != nil || len(all) != 3 || all[0].Scan.Unit != "SUVbw" || all[0].Scan.Slice != 3 || len(all[0].Remarks) > 0 {
		t.Errorf("%s, %v", text, err)
	}
}

// What does not fit of model and picture is told beside the answer, and once.
func TestWhatDoesNotFitIsTold(t *testing.T) {
	model, images := sample(t, "digits")
	folder := filepath.Join(t.TempDir(), "ct")
	writeScan(t, folder, 3)
	_, colours := sample(t, "tanks-fair")
	for _, c := range []struct {
		name, says string
		args       []string
	}{
		{"colour for grey", "takes grey pictures, but this one has colours", []string{"--image", colours[0]}},
		{"grey for grey", "", []string{"--image", images[1]}},
		{"a photo for Hounsfield units", "in Hounsfield units, but the values of the picture are 0 to 255", []string{"--image", images[1], "--model-set", "preprocess.range=[-160,240]"}},
		{"CT for MR", "was made for MR, but the file is CT", []string{"--image", folder, "--model-set", "preprocess.modality=MR"}},
		{"CT for CT", "", []string{"--image", folder, "--model-set", "preprocess.modality=CT", "--model-set", "preprocess.range=[-160,240]"}},
		{"a photo for MR", "ordinary one and no scan", []string{"--image", images[1], "--model-set", "preprocess.modality=MRI"}},
		{"no orientation", "does not tell how it lies", []string{"--image", images[1], "--model-set", "preprocess.orientation=RAS"}},
	} {
		code, text, said := picasso(t.Context(), append([]string{"predict", "--json", "--model", model}, c.args...)...)
		var all []entry
		if err := json.Unmarshal([]byte(text), &all); err != nil || code != cli.Done {
			t.Fatalf("%s: exit code %d, %v: %s", c.name, code, err, said)
		}
		fits := func(s string) bool {
			return !slices.ContainsFunc([]string{"takes grey", "takes colours", "Hounsfield", "made for", "how it lies"}, func(w string) bool { return strings.Contains(s, w) })
		}
		if c.says == "" && !fits(said) || c.says != "" && strings.Count(said, c.says) != 1 {
			t.Errorf("%s: says %q", c.name, said)
		}
		for _, e := range all {
			if c.says != "" && !strings.Contains(strings.Join(e.Warnings, ""), c.says) {
				t.Errorf("%s: warnings %q", c.name, e.Warnings)
			}
		}
	}
}
