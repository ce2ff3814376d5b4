package cli_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"io/fs"
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
		0x00101040: {"LO", "Wexmoor Grove"},
		0x00104000: {"LT", "hates clowns"},
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

// writeScan writes slices so that only their position tells the order, and
// with the patient in every file. It returns their paths by slice.
func writeScan(t *testing.T, folder string, n int) []string {
	t.Helper()
	if err := os.MkdirAll(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	paths := make([]string, n)
	for i := range n {
		data := ctSlice(i).Encode()
		at := bytes.Index(data, []byte{0x18, 0, 0x50, 0}) // behind the patient in the order of tags
		var who []byte
		tags := make([]uint32, 0)
		for tag := range patient() {
			tags = append(tags, tag)
		}
		slices.Sort(tags)
		for _, tag := range tags {
			e := patient()[tag]
			value := e[1] + strings.Repeat(" ", len(e[1])%2)
			who = binary.LittleEndian.AppendUint16(who, uint16(tag>>16))
			who = binary.LittleEndian.AppendUint16(who, uint16(tag))
			who = append(who, e[0]...)
			who = binary.LittleEndian.AppendUint16(who, uint16(len(value)))
			who = append(who, value...)
		}
		data = slices.Concat(data[:at], who, data[at:])
		paths[i] = filepath.Join(folder, fmt.Sprintf("im%d", 90-i))
		if err := os.WriteFile(paths[i], data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return paths
}

func TestViewWritesNumbersAndWindows(t *testing.T) {
	folder, out := filepath.Join(t.TempDir(), "ct"), t.TempDir()
	paths := writeScan(t, folder, 3)
	numbers, shown := filepath.Join(out, "x.npy"), filepath.Join(out, "x.png")
	run := func(want int, args ...string) string {
		t.Helper()
		code, _, said := picasso(t.Context(), append([]string{"view"}, args...)...)
		if code != want {
			t.Fatalf("%v: exit code %d: %s", args, code, said)
		}
		return said
	}
	for _, args := range [][]string{{"--image", folder, "--frame", "2"}, {"--image", folder, "--frame", "-1"}, {"--image", paths[2]}, {paths[2]}} {
		run(cli.Done, slices.Concat([]string{"--out", numbers}, args)...)
		a := readArray(t, numbers)
		if !slices.Equal(a.Shape, []int{120, 160}) || a.Data[0] != 0 || a.Data[159] != 159 {
			t.Errorf("%v: shape %v, from %v to %v", args, a.Shape, a.Data[0], a.Data[159])
		}
	}
	// Slice 2 holds 0…159 from left to right. A window of width w and level c is
	// black up to c−w/2 and white above c+w/2−1 (PS3.3 C.11.2.1.2.1).
	for _, c := range []struct {
		window  string
		x, want int
	}{
		{"", 0, 102},            // 400/40, the file's: (0−39.5)/399+0.5 of 255
		{"101,50", 0, 1},        // (0−49.5)/100+0.5 = 0.005
		{"101,50", 100, 255},    // above 99.5
		{"101,50", 50, 129},     // 0.505
		{"lung", 0, 230},        // 1500/−600: (0+600.5)/1499+0.5 = 0.9006
		{"auto", 159, 255},      // smallest to largest
		{"window 1", 0, 102},    // by its name in the file
		{" Bone ", 0, 77},       // 2000/400: (0−399.5)/1999+0.5 = 0.3002
		{"soft tissue", 0, 102}, // 400/40
	} {
		args := []string{"--image", folder, "--frame", "2", "--out", shown}
		if c.window != "" {
			args = append(args, "--window", c.window)
		}
		run(cli.Done, args...)
		grey, ok := readPNG(t, shown).(*image.Gray)
		if !ok || grey.Rect.Dx() != 160 || grey.Rect.Dy() != 120 {
			t.Fatalf("%q: %T", c.window, readPNG(t, shown))
		}
		for _, y := range []int{0, 119} { // no strip: these are values
			if got := int(grey.GrayAt(c.x, y).Y); got < c.want-1 || got > c.want+1 {
				t.Errorf("%q: column %d is %d, want %d", c.window, c.x, got, c.want)
			}
		}
	}
	for _, c := range []struct {
		says string
		code int
		args []string
	}{
		{"slice 3", cli.SomeFailed, []string{"--image", folder, "--frame", "3", "--out", shown}},
		{"frame 1", cli.SomeFailed, []string{"--image", paths[0], "--frame", "1", "--out", shown}},
		{"is no window", cli.Usage, []string{"--image", folder, "--window", "400", "--out", shown}},
		{"whole number", cli.Usage, []string{"--image", folder, "--frame", "two", "--out", shown}},
		{".png or .npy", cli.Usage, []string{"--image", folder, "--out", out + "/x.jpg"}},
		{"--out is missing", cli.Usage, []string{"--image", folder}},
		{"--image is missing", cli.Usage, []string{"--out", shown}},
		{"one at a time", cli.Usage, []string{"--out", shown, folder, folder}},
		{"no scan", cli.Usage, []string{"--out", shown, pictures(t)}},
		{"none.dcm", cli.SomeFailed, []string{"--image", filepath.Join(folder, "none.dcm"), "--out", shown}},
	} {
		if said := run(c.code, c.args...); !strings.Contains(said, c.says) {
			t.Errorf("%v: %q does not say %q", c.args, said, c.says)
		}
	}
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
	code, text, said := picasso(t.Context(), "predict", "--model", model, "--json", folder)
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

// TestNothingLeavesThatNamesThePatient runs every kind of export on files whose
// names and folders tell who the patient is.
func TestNothingLeavesThatNamesThePatient(t *testing.T) {
	model, _ := sample(t, "digits")
	folder, out := filepath.Join(t.TempDir(), "Quilf Zoranthe 19570831"), t.TempDir()
	named := filepath.Join(t.TempDir(), "QUILF^ZORANTHE.dcm")
	data, err := os.ReadFile(writeScan(t, folder, 2)[1])
	if err != nil {
		t.Fatal(err)
	}
	bad := filepath.Join(t.TempDir(), "px7741903.dcm")
	for path, n := range map[string]int{named: len(data), bad: len(data) / 10} {
		if err := os.WriteFile(path, data[:n], 0o666); err != nil {
			t.Fatal(err)
		}
	}
	args := []string{"--model", model, "--image", folder, "--image", named, "--image", bad}
	code, text, said := picasso(t.Context(), slices.Concat([]string{"explain"}, args, []string{"--visualizer", "occlusion",
		"--visualizer", "saliency", "--visualizer", "prediction", "--set", "size=14", "--set", "stride=14", "--out", out})...)
	if code != cli.SomeFailed {
		t.Fatalf("exit code %d: %s", code, said)
	}
	secret(t, "standard output", []byte(text))
	_, text, _ = picasso(t.Context(), slices.Concat([]string{"predict", "--json"}, args)...)
	secret(t, "predictions", []byte(text))
	for _, name := range []string{"x.png", "x.npy"} {
		if code, _, said := picasso(t.Context(), "view", "--image", named, "--out", filepath.Join(out, name)); code != cli.Done {
			t.Fatalf("exit code %d: %s", code, said)
		}
	}
	pictures := 0
	err = filepath.WalkDir(out, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		secret(t, path, []byte(strings.TrimPrefix(path, out)))
		if d.IsDir() {
			return nil
		}
		data, err := os.ReadFile(path)
		secret(t, path, data)
		if filepath.Ext(path) == ".png" {
			pictures++
			for _, text := range chunks(t, data) {
				secret(t, path, text)
			}
			if !bytes.Contains(data, []byte("\x00"+drawing.ResearchUse)) {
				t.Errorf("%s does not say what it is for", path)
			}
			if m, ok := readPNG(t, path).(*image.RGBA); filepath.Base(path) != "x.png" && (!ok || !striped(m)) {
				t.Errorf("%s does not show what it is for", path)
			}
		}
		return err
	})
	if err != nil || pictures != 3*2+1 {
		t.Errorf("%d pictures, %v", pictures, err)
	}
	for _, name := range []string{"slice-000", "slice-001", "scan"} {
		if _, err := os.Stat(filepath.Join(out, name, "result.json")); err != nil {
			t.Error(err)
		}
	}
}

// secret fails where a value of the patient stands in data, whole or in words.
func secret(t *testing.T, where string, data []byte) {
	t.Helper()
	for _, e := range patient() {
		for _, word := range append(strings.FieldsFunc(e[1], func(r rune) bool { return strings.ContainsRune("^ ", r) }), e[1]) {
			if bytes.Contains(bytes.ToLower(data), []byte(strings.ToLower(word))) {
				t.Errorf("%s names the patient: %q", where, word)
			}
		}
	}
}

// chunks are the contents of a PNG file's chunks, as they are and inflated
// where that is possible at any place.
func chunks(t *testing.T, data []byte) (out [][]byte) {
	t.Helper()
	for at := 8; at+12 <= len(data); {
		n := int(binary.BigEndian.Uint32(data[at:]))
		body := data[at+8 : at+8+n]
		out = append(out, body)
		if kind := string(data[at+4 : at+8]); kind == "zTXt" || kind == "iTXt" || kind == "IDAT" {
			for from := range min(len(body), 100) {
				if r, err := zlib.NewReader(bytes.NewReader(body[from:])); err == nil {
					text, _ := io.ReadAll(io.LimitReader(r, 1<<20)) // what can be had of it
					out = append(out, text)
				}
			}
		}
		at += 12 + n
	}
	return out
}

// striped reports whether the lowest rows are a dark strip with light letters.
func striped(m *image.RGBA) bool {
	b, light, dark := m.Bounds(), 0, 0
	for x := range b.Dx() {
		for y := b.Max.Y - 9; y < b.Max.Y; y++ {
			switch c := m.RGBAAt(x, y); {
			case c.R > 120 && c.R == c.G && c.B-c.R < 5:
				light++
			case c.R == 20 && c.G == 20 && c.B == 24:
				dark++
			}
		}
	}
	return light > 50 && dark > light
}
