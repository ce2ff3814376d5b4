package patienttest

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"picasso/backend/picture/dicom/dicomtest"
)

// dicomOf is a small CT slice of a patient, of a series of its own.
func dicomOf(name string, series int) []byte {
	values := make([]int16, 28*28)
	for i := range values {
		values[i] = int16(i % 28 * 40)
	}
	return dicomtest.File(dicomtest.Grey(28, 28, values), []dicomtest.Element{
		dicomtest.Text(0x00080005, "CS", "ISO_IR 192"), dicomtest.Text(0x00100010, "PN", name), dicomtest.Text(0x00080060, "CS", "CT"), dicomtest.Text(0x0020000e, "UI", fmt.Sprint("2.25.", 100+series)),
		dicomtest.Text(0x00280050, "CS", ""), dicomtest.Text(0x00281052, "DS", "-1024"), dicomtest.Text(0x00281053, "DS", name), dicomtest.Text(0x00281054, "LO", name), // free text where numbers and units belong
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

// Lay writes files of all kinds below a folder, called after the patient by the
// texts: medical ones whole and cut off, a volume, photos; free text of the
// medical ones names the patient too.
func Lay(t testing.TB, root string, c Case) {
	t.Helper()
	called := func(i int) string { return strings.TrimSuffix(c.In[i%len(c.In)], ".dcm") }
	var photo bytes.Buffer
	if err := png.Encode(&photo, image.NewGray(image.Rect(0, 0, 28, 28))); err != nil {
		t.Fatal(err)
	}
	whole := dicomOf(c.Name, 0)
	for name, data := range map[string][]byte{
		called(0) + "/IM0":            whole,
		called(0) + "/key.png":        photo.Bytes(),
		called(1) + ".dcm":            dicomOf(c.Name, 1),
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
}

// Words are those by which the files of a patient are called.
func Words(c Case) (words []string) {
	for _, text := range append(slices.Clone(c.In), c.Name) {
		words = append(words, strings.ToLower(strings.TrimSuffix(text, ".dcm")))
		words = append(words, strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return strings.ContainsRune("^=/_. ,-", r) })...)
	}
	return slices.DeleteFunc(words, func(w string) bool {
		return slices.Contains(ours, w) || len([]rune(w)) < 2 || strings.IndexFunc(w, unicode.IsLetter) < 0 || w == "dcm" || isASCII(w) && len(w) < 3
	})
}

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r > unicode.MaxASCII }) < 0
}

// Find finds a word in a text, "" for none: of Latin letters as a word of its own where it is
// short, else anywhere.
func Find(text string, words []string) string {
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
