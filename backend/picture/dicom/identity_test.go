package dicom

import "testing"

func TestIdentityIsReadOnRequestOnly(t *testing.T) {
	var w writer
	w.out = append(make([]byte, 128), "DICM"...)
	w.text(tagTransferSyntax, "UI", "1.2.840.10008.1.2.1")
	w.text(tagStudyDate, "DA", "20260102")
	w.text(tagPatientName, "PN", "Doe^Jane")
	w.text(tagPatientID, "LO", "  ")
	f, err := Parse(w.out)
	if err != nil {
		t.Fatal(err)
	}
	got := f.Identity()
	if len(got) != 2 || got[0] != (IdentityLine{"Patient", "Doe Jane"}) || got[1] != (IdentityLine{"Study", "20260102"}) {
		t.Errorf("%q", got)
	}
	w.out = append(make([]byte, 128), "DICM"...)
	w.text(tagTransferSyntax, "UI", "1.2.840.10008.1.2.1")
	w.text(tagCharacterSet, "CS", `\ISO 2022 IR 87`)
	w.text(tagPatientName, "PN", "Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B")
	if f, err := Parse(w.out); err != nil || f.Identity()[0] != (IdentityLine{"Patient", "Yamada Tarou=山田 太郎"}) {
		t.Errorf("%q, %v", f.Identity(), err)
	}
	s := Slice{Rows: 1, Columns: 1, Values: []int16{0}, Spacing: 1, Root: "2.25.1", Center: 0, Width: 1}
	if f, err := Parse(s.Encode()); err != nil || len(f.Identity()) != 0 {
		t.Errorf("our own file names somebody: %q, %v", f.Identity(), err)
	}
}
