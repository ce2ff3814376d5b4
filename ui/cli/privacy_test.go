package cli_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"image"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"picasso/ui/cli"
	"picasso/ui/drawing"
)

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
		"--visualizer", "saliency", "--visualizer", "prediction", "--set", "size=14", "--set", "stride=14", "--dicom", "sc,pm,seg", "--dicom-above", "50%", "--out", out})...)
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
	for _, name := range []string{"pages.html", "pages.pdf"} {
		if code, _, said := picasso(t.Context(), "report", out, "--out", filepath.Join(out, name)); code != cli.Done {
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
	if err != nil || pictures != 3*3+1 {
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
