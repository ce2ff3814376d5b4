package dicom

import (
	"bytes"
	"testing"
)

// withPatient is a small file that names a patient.
func withPatient(t testing.TB, name, id string) *File {
	t.Helper()
	slice := Slice{Rows: 2, Columns: 2, Values: make([]int16, 4), Spacing: 1, Thickness: 1, Number: 1, Root: "2.25.1", Width: 400}
	data := slice.Encode()
	var w writer
	w.text(tagPatientName, "PN", name)
	w.text(tagPatientID, "LO", id)
	at := bytes.Index(data, []byte{0x18, 0, 0x50, 0}) // slice thickness, the first element behind the patient
	data = append(append(append([]byte(nil), data[:at]...), w.out...), data[at:]...)
	f, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestMentions(t *testing.T) {
	f := withPatient(t, "DOE^Jane^M", "A-1234")
	for text, want := range map[string]bool{
		"/data/DOE^JANE.dcm":      true,
		"doe_jane/IM0001":         true,
		"/data/JDoe/1":            true,
		"DoeJaneM2.dcm":           true,
		"jane.dcm":                true,
		"/in/a1234/1.dcm":         true,
		"/data/doesnot/janet.dcm": false, // short names count as words only
		"a-123.dcm":               false,
		"/data/ct/slice-001.dcm":  false,
		"":                        false,
	} {
		if got := f.Mentions(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
	f = withPatient(t, "Li^Bo", "0042")
	for text, want := range map[string]bool{"li_bo.dcm": true, "bo/li.dcm": true, "LiBo.dcm": true, "bo.dcm": false, "lion_box.dcm": false, "0042.dcm": true, "00421.dcm": false} {
		if got := f.Mentions(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
	if withPatient(t, "Anonymized", "UNKNOWN").Mentions("/data/anonymized/unknown.dcm") {
		t.Error("nobody is taken for a patient")
	}
	// "Müller" in Latin-1, against a path in UTF-8; the number is too short to count.
	f = withPatient(t, "M\xfcller^Jo", "12")
	for text, want := range map[string]bool{"bilder/müller2.dcm": true, "12/jo.dcm": false} {
		if got := f.Mentions(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
