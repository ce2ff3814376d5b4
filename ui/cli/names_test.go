package cli_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"picasso/backend/picture/patient/patienttest"
	"picasso/ui/cli"
)

// TestNoOutputNamesAPatient walks everything that the commands write about files
// that are called after sixty patients in more than ten scripts.
func TestNoOutputNamesAPatient(t *testing.T) {
	model, _ := sample(t, "digits")
	root, out := t.TempDir(), t.TempDir()
	var words, folders []string
	for i, c := range patienttest.Invented {
		folder := filepath.Join(root, fmt.Sprintf("%02d", i))
		patienttest.Lay(t, folder, c)
		folders = append(folders, "--image", folder, "--image", filepath.Join(folder, strings.TrimSuffix(c.In[0], ".dcm")+".png"),
			"--image", filepath.Join(folder, strings.TrimSuffix(c.In[0], ".dcm"), "missing.dcm"))
		words = append(words, patienttest.Words(c)...)
	}
	check := func(where string, text []byte) {
		if w := patienttest.Find(string(text), words); w != "" {
			t.Errorf("%s tells %q", where, w)
		}
	}
	run := func(want int, args ...string) {
		t.Helper()
		code, text, said := picasso(t.Context(), args...)
		if code != want {
			t.Errorf("%s: exit code %d: %.500s", args[0], code, said)
		}
		check(args[0]+": standard output", []byte(text))
		check(args[0]+": standard error", []byte(said))
	}
	run(cli.SomeFailed, slices.Concat([]string{"explain", "--model", model, "--visualizer", "occlusion", "--visualizer", "prediction", "--set", "size=14",
		"--set", "stride=14", "--out", filepath.Join(out, "explained")}, folders)...)
	run(cli.SomeFailed, slices.Concat([]string{"predict", "--json", "--model", model}, folders)...)
	run(cli.SomeFailed, slices.Concat([]string{"predict", "--model", model}, folders)...)
	// Files by themselves, and a model and results in the folder of a patient.
	for i, c := range patienttest.Invented {
		folder := filepath.Join(root, fmt.Sprintf("%02d", i))
		inside := filepath.Join(folder, filepath.FromSlash(strings.TrimSuffix(c.In[0], ".dcm")))
		at := func(end string) string { return filepath.Join(out, fmt.Sprint("view", i)) + end }
		run(cli.Done, "view", "--image", filepath.Join(inside, "IM0"), "--out", at(".png"))
		run(cli.Done, "view", "--image", inside+" volume.nii", "--out", at(".npy"))
		run(cli.SomeFailed, "view", "--image", filepath.Join(folder, "cut "+strings.TrimSuffix(c.In[1%len(c.In)], ".dcm")+".dcm"), "--out", at("x.png"))
		run(cli.Usage, "view", "--image", folder, "--frame", "0", "--out", filepath.Join(inside, "none", "x.png"))
		run(cli.Unusable, "inspect", "--model", filepath.Join(inside, "missing.onnx"))
		if i%10 == 0 {
			own := filepath.Join(inside, "net.onnx")
			copyFile(t, model, own)
			run(cli.Done, "inspect", "--json", "--model", own)
			run(cli.Done, "explain", "--model", own, "--visualizer", "prediction", "--image", inside+".png", "--out", filepath.Join(out, fmt.Sprint("own", i)))
		}
	}
	files := 0
	err := filepath.WalkDir(out, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := strings.TrimPrefix(path, out)
		check(name, []byte(name))
		if d.IsDir() {
			return nil
		}
		files++
		data, err := os.ReadFile(path)
		if filepath.Ext(path) != ".png" && filepath.Ext(path) != ".npy" {
			check(name, data)
			return err
		}
		for _, w := range words { // in binary data, short words stand by chance
			if len(w) > 5 && bytes.Contains(bytes.ToLower(data), []byte(w)) {
				t.Errorf("%s tells %q", name, w)
			}
		}
		if filepath.Ext(path) == ".png" {
			check(name, pngText(data))
		}
		return err
	})
	if err != nil || files < 60*3*4 {
		t.Errorf("%d files, %v", files, err)
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// pngText is what the text chunks of a PNG file say.
func pngText(data []byte) (out []byte) {
	for at := 8; at+12 <= len(data); {
		n := int(binary.BigEndian.Uint32(data[at:]))
		if kind := string(data[at+4 : at+8]); strings.HasSuffix(kind, "Xt") {
			out = append(append(out, data[at+8:at+8+n]...), '\n')
		}
		at += 12 + n
	}
	return out
}
