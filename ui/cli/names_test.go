package cli_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/png"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	. "picasso/backend/picture/dicom/dicomtest"
	"picasso/backend/picture/patient/patienttest"
	"picasso/ui/cli"
)

// ofPatient is a small CT slice of a patient, of a series of its own.
func ofPatient(name string, series int) []byte {
	values := make([]int16, 28*28)
	for i := range values {
		values[i] = int16(i % 28 * 40)
	}
	return File(Grey(28, 28, values), []Element{
		Text(0x00080005, "CS", "ISO_IR 192"), Text(0x00100010, "PN", name), Text(0x00080060, "CS", "CT"), Text(0x0020000e, "UI", fmt.Sprint("2.25.", 100+series)),
		Text(0x00280050, "CS", ""), Text(0x00281052, "DS", "-1024"), Text(0x00281053, "DS", name), Text(0x00281054, "LO", name), // free text where numbers and units belong
	})
}

// tinyVolume is a NIfTI file of 28×28×1 voxels.
func tinyVolume() []byte {
	h := make([]byte, 352)
	binary.LittleEndian.PutUint32(h, 348)
	for i, d := range []int{3, 28, 28, 1} {
		binary.LittleEndian.PutUint16(h[40+2*i:], uint16(d))
	}
	binary.LittleEndian.PutUint16(h[70:], 16)
	binary.LittleEndian.PutUint32(h[108:], math.Float32bits(352))
	copy(h[344:], "n+1\x00")
	for i := range 28 * 28 {
		h = binary.LittleEndian.AppendUint32(h, math.Float32bits(float32(i%28)))
	}
	return h
}

// layPatient writes files of all kinds below a folder, called after the patient
// by one of the texts, and returns the folder of them.
func layPatient(t *testing.T, root string, c patienttest.Case) string {
	t.Helper()
	called := func(i int) string { return strings.TrimSuffix(c.In[i%len(c.In)], ".dcm") }
	var photo bytes.Buffer
	if err := png.Encode(&photo, image.NewGray(image.Rect(0, 0, 28, 28))); err != nil {
		t.Fatal(err)
	}
	whole := ofPatient(c.Name, 0)
	for name, data := range map[string][]byte{
		called(0) + "/IM0":            whole,
		called(0) + "/key.png":        photo.Bytes(),
		called(1) + ".dcm":            ofPatient(c.Name, 1),
		called(0) + ".png":            photo.Bytes(),
		called(0) + " volume.nii":     tinyVolume(),
		"cut " + called(1) + ".dcm":   whole[:len(whole)/3],
		"maps/" + called(0) + "1.png": photo.Bytes(),
	} {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// telling are the words by which the files of a patient are called.
func telling(c patienttest.Case) (words []string) {
	for _, text := range append(slices.Clone(c.In), c.Name) {
		words = append(words, strings.ToLower(strings.TrimSuffix(text, ".dcm")))
		words = append(words, strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return strings.ContainsRune("^=/_. ,-", r) })...)
	}
	return slices.DeleteFunc(words, func(w string) bool {
		return len([]rune(w)) < 2 || strings.IndexFunc(w, unicode.IsLetter) < 0 || w == "dcm" || isASCII(w) && len(w) < 3
	})
}

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r > unicode.MaxASCII }) < 0
}

// tells finds a word in a text: of Latin letters as a word of its own where it is
// short, else anywhere.
func tells(text string, words []string) string {
	text = strings.ToLower(text)
	parts := map[string]bool{}
	for _, p := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		parts[p] = true
	}
	for _, w := range words {
		if parts[w] || (len(w) > 5 || !isASCII(w)) && strings.Contains(text, w) {
			return w
		}
	}
	return ""
}

// ours are words of the program that are names as well.
var ours = []string{"den", "van", "der"}

// TestNoOutputNamesAPatient walks everything that the commands write about files
// that are called after sixty patients in more than ten scripts.
func TestNoOutputNamesAPatient(t *testing.T) {
	model, _ := sample(t, "digits")
	root, out := t.TempDir(), t.TempDir()
	var words, folders []string
	for i, c := range patienttest.Invented {
		folder := layPatient(t, filepath.Join(root, fmt.Sprintf("%02d", i)), c)
		folders = append(folders, "--image", folder, "--image", filepath.Join(folder, strings.TrimSuffix(c.In[0], ".dcm")+".png"),
			"--image", filepath.Join(folder, strings.TrimSuffix(c.In[0], ".dcm"), "missing.dcm"))
		words = append(words, telling(c)...)
	}
	words = slices.DeleteFunc(words, func(w string) bool { return slices.Contains(ours, w) })
	check := func(where string, text []byte) {
		if w := tells(string(text), words); w != "" {
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
