package cli_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"picasso/backend/picture/dicom"
	"picasso/ui/cli"
	"picasso/ui/drawing"
)

// patient is what test files say about theirs: elements of the patient module
// by tag, with values that occur nowhere else.
func patient() map[uint32][2]string {
	return map[uint32][2]string{
		0x00100010: {"PN", "Quilf^Zoranthe"},
		0x00100020: {"LO", "PX-7741903"},
		0x00100030: {"DA", "19570831"},
		0x00101000: {"LO", "OLD-55512"},
		0x00101040: {"LO", "Wexmoor Vyke"},
		0x00104000: {"LT", "Zwibb Qarr"},
	}
}

// ctSlice is slice i of a small CT: 160×120 pixels, the value of every pixel
// tells its slice.
func ctSlice(i int) *dicom.Slice {
	s := &dicom.Slice{
		Rows: 120, Columns: 160, Values: make([]int16, 120*160), Spacing: 0.5, Thickness: 2,
		Position: [3]float64{0, 0, float64(2 * i)}, Number: 1, Root: "2.25.77", Center: 40, Width: 400,
	}
	for k := range s.Values {
		s.Values[k] = int16(100*i - 200 + k%160)
	}
	return s
}

// withPatient is a DICOM file with the patient in it.
func withPatient(data []byte) []byte {
	at := bytes.Index(data, []byte{0x18, 0, 0x50, 0}) // behind the patient in the order of tags
	var who []byte
	for _, tag := range slices.Sorted(maps.Keys(patient())) {
		e := patient()[tag]
		value := e[1] + strings.Repeat(" ", len(e[1])%2)
		who = binary.LittleEndian.AppendUint16(who, uint16(tag>>16))
		who = binary.LittleEndian.AppendUint16(who, uint16(tag))
		who = append(who, e[0]...)
		who = binary.LittleEndian.AppendUint16(who, uint16(len(value)))
		who = append(who, value...)
	}
	return slices.Concat(data[:at], who, data[at:])
}

// writeScan writes slices so that only their position tells the order, and
// with the patient in every file. It returns their paths by slice.
func writeScan(t *testing.T, folder string, n int) []string {
	t.Helper()
	if err := os.MkdirAll(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	paths := make([]string, n)
	for i := range n {
		data := withPatient(ctSlice(i).Encode())
		paths[i] = filepath.Join(folder, fmt.Sprintf("im%d", 90-i))
		if err := os.WriteFile(paths[i], data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return paths
}

// pictures is a folder with two ordinary pictures.
func pictures(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	for _, name := range []string{"a.png", "b.png"} {
		var b bytes.Buffer
		if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 9, 9))); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), b.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func readPNG(t *testing.T, path string) image.Image {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// scanResult is what result.json says about a slice.
type scanResult struct {
	Image struct {
		Path string
		Scan struct {
			Modality, Unit        string
			Series, Slice, Slices int
			Frame, Frames         int
			Window                struct{ Center, Width float64 }
			SpacingMM             []float64 `json:"spacing_mm"`
			PositionMM            []float64 `json:"position_mm"`
			PathWithheld          bool      `json:"path_withheld"`
		}
	}
	Notice string
}

func TestExplainTakesTheSlicesOfAScan(t *testing.T) {
	model, images := sample(t, "digits")
	folder, out := filepath.Join(t.TempDir(), "ct"), t.TempDir()
	paths := writeScan(t, folder, 4)
	code, _, said := picasso(t.Context(), "explain", "--model", model, "--image", images[3], "--image", folder, "--slices", "1:3",
		"--visualizer", "occlusion", "--set", "size=14", "--set", "stride=14", "--out", out)
	if code != cli.Done {
		t.Fatalf("exit code %d: %s", code, said)
	}
	entries, err := os.ReadDir(out)
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for _, e := range entries {
		have = append(have, e.Name())
	}
	if !slices.Equal(have, []string{"digit-3", "slice-001", "slice-002"}) {
		t.Errorf("results are in %v", have)
	}
	data, err := os.ReadFile(filepath.Join(out, "slice-002", "result.json"))
	if err != nil {
		t.Fatal(err)
	}
	var r scanResult
	if err := json.Unmarshal(data, &r); err != nil {
		t.Fatal(err)
	}
	s := r.Image.Scan
	if r.Image.Path != paths[2] || s.Modality != "CT" || s.Unit != "HU" || s.Slice != 2 || s.Slices != 4 || s.Frames != 1 || s.PathWithheld ||
		s.Window.Width != 400 || !slices.Equal(s.SpacingMM, []float64{0.5, 0.5}) || !slices.Equal(s.PositionMM, []float64{0, 0, 4}) ||
		r.Notice != drawing.ResearchUse {
		t.Errorf("%s", data)
	}
	if data, err := os.ReadFile(filepath.Join(out, "digit-3", "result.json")); err != nil || bytes.Contains(data, []byte("scan")) || bytes.Contains(data, []byte("otice")) {
		t.Errorf("an ordinary picture is reported as a scan: %s, %v", data, err)
	}
	code, text, said := picasso(t.Context(), "predict", "--model", model, "--image", folder, "--frame", "0", "--json")
	if code != cli.Done || !strings.Contains(text, ", slice 0") {
		t.Errorf("exit code %d: %s%s", code, text, said)
	}
	if code, _, said := picasso(t.Context(), "predict", "--model", model, "--image", folder, "--frame", "0", "--slices", ":"); code != cli.Usage {
		t.Errorf("exit code %d: %s", code, said)
	}
	// A damaged file does not cost the others, and is one failure.
	whole, err := os.ReadFile(paths[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(paths[0], whole[:len(whole)/20], 0o666); err != nil {
		t.Fatal(err)
	}
	code, text, said = picasso(t.Context(), "predict", "--model", model, "--image", folder)
	if code != cli.SomeFailed || strings.Count(text, ", slice ") != 3 || !strings.Contains(said, "im90") {
		t.Errorf("exit code %d: %s%s", code, text, said)
	}
	for _, path := range paths[1:] {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	code, _, said = picasso(t.Context(), "predict", "--model", model, "--image", folder)
	if code != cli.Usage || !strings.Contains(said, "none of which can be used") || !strings.Contains(said, "im90") {
		t.Errorf("exit code %d: %s", code, said)
	}
}

// TestFolderOfManyKinds has a series, a localizer and a picture in one folder:
// names come from files, but of slices that are files of a series from their
// place in it.
func TestFolderOfManyKinds(t *testing.T) {
	model, _ := sample(t, "digits")
	folder := pictures(t)
	writeScan(t, folder, 3)
	localizer := ctSlice(0)
	localizer.Root = "2.25.78"
	if err := os.WriteFile(filepath.Join(folder, "localizer.dcm"), localizer.Encode(), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		code int
		want []string
	}{
		{nil, cli.Done, []string{"a", "b", "localizer", "slice-000", "slice-001", "slice-002"}},
		{[]string{"--slices", "1:"}, cli.Done, []string{"a", "b", "slice-001", "slice-002"}},
		{[]string{"--frame", "2"}, cli.Done, []string{"a", "b", "slice-002"}},
		{[]string{"--frame", "3"}, cli.SomeFailed, []string{"a", "b"}},
	} {
		out := t.TempDir()
		code, _, said := picasso(t.Context(), slices.Concat([]string{"explain", "--model", model, "--image", folder,
			"--visualizer", "prediction", "--out", out}, c.args)...)
		var have []string
		entries, err := os.ReadDir(out)
		for _, e := range entries {
			if e.IsDir() {
				have = append(have, e.Name())
			}
		}
		if err != nil || code != c.code || !slices.Equal(have, c.want) {
			t.Errorf("%v: exit code %d, %v, %v: %s", c.args, code, have, err, said)
		}
	}
}

// TestPredictionsNameFilesAndSlices: what can be found by its file is called by
// it, slices by their place.
func TestPredictionsNameFilesAndSlices(t *testing.T) {
	model, _ := sample(t, "digits")
	folder := t.TempDir()
	writeScan(t, folder, 2)
	single := filepath.Join(folder, "single.dcm")
	lone := ctSlice(0)
	lone.Root = "2.25.78"
	if err := os.WriteFile(single, lone.Encode(), 0o666); err != nil {
		t.Fatal(err)
	}
	code, text, said := picasso(t.Context(), "predict", "--model", model, "--json", folder+string(filepath.Separator))
	var all []struct{ Image string }
	if err := json.Unmarshal([]byte(text), &all); err != nil || code != cli.Done {
		t.Fatalf("exit code %d, %v: %s", code, err, said)
	}
	var have []string
	for _, p := range all {
		have = append(have, p.Image)
	}
	slices.Sort(have)
	if want := []string{folder + ", series 0, slice 0", folder + ", series 0, slice 1", single}; !slices.Equal(have, want) {
		t.Errorf("%q", have)
	}
}
