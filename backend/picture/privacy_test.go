package picture

import (
	"errors"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	. "picasso/backend/picture/dicom/dicomtest"
)

const (
	characterSet = 0x00080005
	patientName  = 0x00100010
	patientID    = 0x00100020
	birthDate    = 0x00100030
)

// of is a small file of a patient.
func of(charset, name string, more ...Element) []byte {
	return File(at("1.2.3", 1, 0), Flat(7), []Element{Text(characterSet, "CS", charset), Text(patientName, "PN", name)}, more)
}

// lay writes files below a folder of the test's own, by their slashed paths.
func lay(t *testing.T, files map[string][]byte) string {
	t.Helper()
	root, err := os.MkdirTemp("", "x")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(root) })
	for name, data := range files {
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

// Files are called after their patients in the character sets of ten scripts;
// none of the paths leaves the program.
func TestPathsInEveryCharacterSet(t *testing.T) {
	for _, c := range []struct{ charset, name, path string }{
		{"", "DOE^JANE", "JaneDoe.dcm"},
		{"ISO_IR 100", "M\xfcller^\xc4nne", "Mueller_Aenne.dcm"},
		{"ISO_IR 101", "Dvo\xf8\xe1k^Jan", "dvorak.dcm"},
		{"ISO_IR 109", "\xa1a\xbfar^Pawlu", "hazar_pawlu.dcm"},
		{"ISO_IR 110", "\xb9kis^J\xe2nis", "skis_janis.dcm"},
		{"ISO_IR 144", "\xb8\xd2\xd0\xdd\xde\xd2^\xbf\xd5\xe2\xe0", "Иванов_Петр.dcm"},
		{"ISO_IR 144", "\xb8\xd2\xd0\xdd\xde\xd2^\xbf\xd5\xe2\xe0", "ivanov.dcm"},
		{"ISO_IR 127", "\xe2\xc8\xc7\xe6\xea^\xe4\xe6\xd2\xc7\xd1", "قباني.dcm"},
		{"ISO_IR 126", "\xd0\xe1\xf0\xe1\xf2^\xc5\xeb\xdd\xed\xe7", "Παπας.dcm"},
		{"ISO_IR 138", "\xf9\xf8\xe5\xef^\xe3\xe1\xe5\xf8\xe4", "דבורה_שרון.dcm"},
		{"ISO_IR 148", "I\xfe\xfdk^G\xf6k\xe7e", "isik_gokce.dcm"},
		{"ISO_IR 166", "\xca\xd8\xa2\xe3\xa8^\xca\xc1\xaa\xd2\xc2", "สมชาย.dcm"},
		{"ISO_IR 13", "\xd4\xcf\xc0\xde^\xc0\xdb\xb3", "ヤマダタロウ.dcm"},
		{`\ISO 2022 IR 87`, "Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B", "山田太郎.dcm"},
		{`\ISO 2022 IR 149`, "Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf", "홍길동.dcm"},
		{`\ISO 2022 IR 58`, "Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab=", "张_小东.dcm"},
		{"GB18030", "Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab", "王小东.dcm"},
		{"ISO_IR 192", "Wang^XiaoDong=王^小东", "小东.dcm"},
		{"ISO_IR 192", "Kim^Cheolsu=金^哲秀=김^철수", "김_철수.dcm"},
		{"", "\xc8\xe2\xe0\xed\xee\xe2^\xcf\xe5\xf2\xf0", "Иванов.dcm"}, // undeclared
		{"", "Müller^Änne", "muller.dcm"},                               // undeclared UTF-8
	} {
		root := lay(t, map[string][]byte{c.path: of(c.charset, c.name)})
		path := filepath.Join(root, c.path)
		if said := Said(path); !NamesPatient(path) || said != filepath.Join(root, "….dcm") {
			t.Errorf("%s, %q: %s is called %s", c.charset, c.name, c.path, said)
		}
		all, err := OpenSeries(t.Context(), path)
		if err != nil || !all[0].Named {
			t.Errorf("%s: %v, %v", c.path, all, err)
			continue
		}
		if m, err := all[0].Slice(0); err != nil || !m.Scan.Named || m.Name != "MR, slice 0" {
			t.Errorf("%s: the slice is named %s, %v", c.path, m.Name, err)
		}
		if m, err := Open(path); err != nil || !m.Scan.Named || m.Name != "….dcm" {
			t.Errorf("%s: the picture is named %s, %v", c.path, m.Name, err)
		}
	}
}

// What a folder's files say of the patient holds for all that lies in it.
func TestANameHoldsForItsSiblings(t *testing.T) {
	photo := asPNG(t, image.NewGray(image.Rect(0, 0, 2, 2)))
	whole := of("", "DOE^JANE", Text(patientID, "LO", "MRN-7734412"), Text(birthDate, "DA", "19700213"))
	root := lay(t, map[string][]byte{
		"study/DOE_JANE/001.dcm":         whole,
		"study/DOE_JANE/key.png":         photo,
		"study/DOE_JANE/deep/er/map.png": photo,
		"study/CT/IM1":                   whole,
		"study/janes.png":                photo,
		"study/jane.png":                 photo,
		"study/DOE_cut.dcm":              whole[:180],
		"cut/DOE_JANE.dcm":               whole[:180],
		"cut/late.dcm":                   whole[:len(whole)-4],
		"empty/DOE_JANE.dcm":             {},
		"other/1970-02-13.png":           photo,
		"photos/holiday.png":             photo,
		"anonymous/IM1":                  of("", "ANONYMOUS"),
	})
	for name, want := range map[string]bool{
		"study/DOE_JANE":                 true,
		"study/DOE_JANE/001.dcm":         true,
		"study/DOE_JANE/key.png":         true,
		"study/DOE_JANE/deep/er/map.png": true,
		"study/DOE_JANE/out/result.json": true, // not yet there
		"study/out-7734412":              true,
		"study/born 13.2.70":             true,
		"study/janes.png":                false,
		"study/jane.png":                 true,
		"study/DOE_cut.dcm":              true,
		"study/CT/IM1":                   false,
		"cut/DOE_JANE.dcm":               true, // nobody knows
		"cut/late.dcm":                   false,
		"empty/DOE_JANE.dcm":             true,
		"other/1970-02-13.png":           false,
		"photos/holiday.png":             false,
		"anonymous/IM1":                  false,
	} {
		if path := filepath.Join(root, filepath.FromSlash(name)); NamesPatient(path) != want {
			t.Errorf("%s names a patient: %v", name, !want)
		}
	}
	for name, want := range map[string]string{
		"study/DOE_JANE/key.png": "study/…/key.png",
		"study/jane.png":         "study/….png",
		"cut/DOE_JANE.dcm":       "cut/….dcm",
		"study/CT/IM1":           "study/CT/IM1",
	} {
		if got, want := Said(filepath.Join(root, filepath.FromSlash(name))), filepath.Join(root, filepath.FromSlash(want)); got != want {
			t.Errorf("%s is called %s, want %s", name, got, want)
		}
	}
	if m, err := Open(filepath.Join(root, "study", "jane.png")); err != nil || m.Name != "….png" {
		t.Errorf("a picture is named %s, %v", m.Name, err)
	}
	for name, want := range map[string]bool{
		"study/CT/IM1": true, "cut/DOE_JANE.dcm": true, "cut/late.dcm": true, "empty/DOE_JANE.dcm": true, "study/DOE_JANE/key.png": true,
		"photos/holiday.png": false, "study/janes.png": false,
	} {
		if Private(filepath.Join(root, filepath.FromSlash(name))) != want {
			t.Errorf("%s may be remembered: %v", name, want)
		}
	}
}

// Errors call files by what does not name their patients.
func TestErrorsDoNotName(t *testing.T) {
	whole := of("", "DOE^JANE")
	root := lay(t, map[string][]byte{"a/001.dcm": whole, "a/DOE_JANE.dcm": whole[:len(whole)-25], "a/DOE.png": []byte("\x89PNG\r\n\x1a\nno"), "b/DOE_JANE.dcm": whole[:170]})
	for _, name := range []string{"a/DOE_JANE.dcm", "a/DOE.png", "b/DOE_JANE.dcm", "a/JaneDoe-is-missing.dcm"} {
		path := filepath.Join(root, filepath.FromSlash(name))
		_, err1 := Open(path)
		_, err2 := OpenSeries(t.Context(), path)
		for _, err := range []error{err1, err2} {
			var e *Error
			if !errors.As(err, &e) || strings.Contains(strings.ReplaceAll(strings.ToLower(e.Error()), "does", ""), "doe") {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	all, err := OpenSeries(t.Context(), filepath.Join(root, "a"))
	if err != nil || len(all[0].Skipped) != 1 || strings.Contains(all[0].Skipped[0], "DOE") {
		t.Errorf("%v, %v", all[0].Skipped, err)
	}
	c, err := Collect(t.Context(), []string{filepath.Join(root, "a", "001.dcm"), filepath.Join(root, "a", "DOE_JANE.dcm")}, nil)
	if err != nil || len(c.Series) != 1 || len(c.Others) != 0 || c.Series[0].Len() != 2 {
		t.Fatalf("%+v, %v", c, err)
	}
	for i := range 2 {
		if fault := c.Series[0].Fault(i); fault != nil && strings.Contains(fault.Error(), "DOE") {
			t.Errorf("names the patient: %v", fault)
		}
	}
}

// A folder that changes is read again.
func TestNamesOfAFolderThatChanges(t *testing.T) {
	root := lay(t, map[string][]byte{"a.png": asPNG(t, image.NewGray(image.Rect(0, 0, 2, 2)))})
	path := filepath.Join(root, "doe.png")
	if NamesPatient(path) {
		t.Fatal("nobody is known")
	}
	if err := os.WriteFile(filepath.Join(root, "IM1"), of("", "DOE^JANE"), 0o600); err != nil {
		t.Fatal(err)
	}
	if !NamesPatient(path) {
		t.Error("a new file is not read")
	}
}

// Old names stand in the sequence of attributes that were changed.
func TestFormerNamesCount(t *testing.T) {
	data := of("", "ANON^YMOUS", Sequence(0x04000561, []Element{Sequence(0x04000550, []Element{Text(patientName, "PN", "DOE^JANE")})}),
		Sequence(0x00101002, []Element{Text(patientID, "LO", "88776655")}))
	root := lay(t, map[string][]byte{"IM1": data})
	for _, name := range []string{"doe.png", "88776655.png"} {
		if !NamesPatient(filepath.Join(root, name)) {
			t.Errorf("%s does not count", name)
		}
	}
}

// Free text of a file reaches nothing that is shown: units, windows, kernels,
// modality, numbers.
func TestFreeTextStaysInside(t *testing.T) {
	var files [][]byte
	for i := range 2 {
		files = append(files, of("", "DOE^JANE", Text(modality, "CS", "DOE"), Text(convolution, "SH", fmt.Sprint("DOE JANE ", i)), Text(agent, "LO", "DOE JANE"), Text(imageType, "CS", `A\B\DOE`),
			Text(0x00281050, "DS", `1\2`), Text(0x00281051, "DS", `10\20`), Text(0x00281055, "LO", `DOE JANE\JANE`), Text(0x00281052, "DS", "DOE"), Text(0x00281053, "DS", "JANE"), Text(0x00281054, "LO", "DOE JANE")))
	}
	all := folderOf(t, files...)
	for _, s := range all {
		m, err := s.Slice(0)
		if err != nil {
			t.Fatal(err)
		}
		told := []string{s.Name, s.Modality, m.Unit, m.Scan.VolumeName}
		told = append(append(told, m.Notes...), s.Remarks...)
		for _, w := range m.Choices(nil) {
			told = append(told, w.Name)
		}
		for _, v := range s.Volumes() {
			told = append(append(told, v.Name), v.Remarks...)
		}
		if slices.ContainsFunc(told, func(s string) bool {
			return strings.Contains(strings.ToLower(s), "doe") || strings.Contains(strings.ToLower(s), "jane")
		}) {
			t.Errorf("%q", told)
		}
	}
}
