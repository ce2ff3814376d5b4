package dicom

import (
	"strings"

	"picasso/backend/picture/dicom/charset"
)

// IdentityLine is one attribute that names a patient or a visit.
type IdentityLine struct{ Name, Value string }

// Attributes of the patient and study modules (PS3.3 C.7.1.1, C.7.2.1) that
// identify somebody.
const (
	tagStudyDate   Tag = 0x00080020
	tagInstitution Tag = 0x00080080
	tagPatientName Tag = 0x00100010
	tagPatientID   Tag = 0x00100020
	tagBirthDate   Tag = 0x00100030
	tagSex         Tag = 0x00100040
)

// maxIdentity bounds a line: more is no name.
const maxIdentity = 128

// Identity is what the file says of patient and visit, for showing on the
// user's explicit wish. No other method gives any of it.
func (f *File) Identity() []IdentityLine {
	f.mu.Lock()
	defer f.mu.Unlock()
	texts := charset.New(f.root.texts(tagCharacterSet))
	var out []IdentityLine
	for _, a := range []struct {
		name string
		tag  Tag
	}{
		{"Patient", tagPatientName}, {"ID", tagPatientID}, {"Born", tagBirthDate}, {"Sex", tagSex},
		{"Study", tagStudyDate}, {"Institution", tagInstitution},
	} {
		text := strings.TrimSpace(strings.ReplaceAll(texts.Decode([]byte(f.root.text(a.tag))), "^", " "))
		if text = strings.ToValidUTF8(text, "?"); text == "" {
			continue
		}
		if r := []rune(text); len(r) > maxIdentity {
			text = string(r[:maxIdentity]) + "…"
		}
		out = append(out, IdentityLine{a.name, text})
	}
	return out
}
