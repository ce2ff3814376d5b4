package dicom

import (
	"slices"
	"strings"

	"picasso/backend/picture/dicom/charset"
	"picasso/backend/picture/patient"
)

// Attributes that hold names, numbers or dates of the patient, or others that
// do.
const (
	tagCharacterSet  Tag = 0x00080005
	tagOtherIDs      Tag = 0x00101002 // sequence
	tagOtherNames    Tag = 0x00101001
	tagBirthName     Tag = 0x00101005
	tagMotherName    Tag = 0x00101060
	tagResponsible   Tag = 0x00102297
	tagOriginals     Tag = 0x04000561 // sequence: attributes as they were before
	tagModified      Tag = 0x04000550 // sequence
	tagReferencedPat Tag = 0x00081120 // sequence
)

// Mentions reports whether a text, a path for instance, tells who the patient
// is: see [patient.Facts]. The data themselves are never given out.
func (f *File) Mentions(text string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.facts().In(text)
}

// Tell adds what the file says of its patient, of a directory of all of them:
// names, numbers of patient and study, and dates.
func (f *File) Tell(to *patient.Facts) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tell(to)
}

func (f *File) tell(to *patient.Facts) {
	t := teller{to, maxTold}
	t.dataset(f.root, charset.New(f.root.texts(tagCharacterSet)), 0)
}

// Told reports whether the file says who the patient is, or that it does not
// want to: one that ends before it does may be anybody's.
func (f *File) Told() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.root.find(tagPatientName) != nil || !slices.Contains(f.found.warnings, warnCut)
}

// Named reports whether the file has got to the patient's name.
func (f *File) Named() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.root.find(tagPatientName) != nil
}

// facts is Tell once for the file itself.
func (f *File) facts() *patient.Facts {
	if f.patient == nil {
		f.patient = &patient.Facts{}
		f.tell(f.patient)
	}
	return f.patient
}

// Bounds of what is looked for: longer values are comments, nobody hides a name
// deeper, and a disk has not more patients.
const (
	maxMention      = 1 << 10
	maxMentionDepth = 3
	maxTold         = 50_000
)

// teller collects what a file says of its patient.
type teller struct {
	to   *patient.Facts
	left int // values that may still be told
}

// dataset adds what a data set says. Items may have a character set of their
// own.
func (t *teller) dataset(d *dataset, texts *charset.Decoder, depth int) {
	for i := range d.elements {
		e := &d.elements[i]
		if t.left <= 0 || depth > maxMentionDepth {
			return
		}
		switch e.tag {
		case tagOtherIDs, tagOriginals, tagModified, tagReferencedPat, tagDirectoryRecord:
			for _, item := range d.items(e.tag) {
				own := texts
				if item.find(tagCharacterSet) != nil {
					own = charset.New(item.texts(tagCharacterSet))
				}
				t.dataset(item, own, depth+1)
			}
			continue
		}
		what := identifies(e.tag)
		if what == nothing || len(e.value) == 0 || len(e.value) > maxMention {
			continue
		}
		for _, text := range texts.Readings(e.value) {
			for _, value := range strings.Split(text, `\`) {
				t.left--
				what.tell(t.to, strings.Trim(value, " \x00\t\r\n"))
			}
		}
	}
}

// identity is the way in which an element identifies.
type identity int

const (
	nothing identity = iota
	aName
	aNumber
	aDate
)

func (i identity) tell(to *patient.Facts, value string) {
	switch i {
	case aName:
		to.AddName(value)
	case aNumber:
		to.AddNumber(value)
	case aDate:
		to.AddDate(value)
	}
}

// identifies tells whether an element tells who the patient is: the patient
// module (PS3.3 C.7.1.1), dates, and the numbers that archives file by.
func identifies(t Tag) identity {
	switch t {
	case tagPatientName, tagOtherNames, tagBirthName, tagMotherName, tagResponsible:
		return aName
	case tagBirthDate:
		return aDate
	case tagAccession, tagStudyID:
		return aNumber
	}
	switch {
	case t >= tagStudyDate && t <= tagAcquisitionDateTime:
		return aDate
	case t.group() == 0x0010 && !measured(t):
		return aNumber
	}
	return nothing
}

// measured reports whether an element of the patient's group says what many
// patients have in common: sex, age, size, weight, species…
func measured(t Tag) bool {
	switch uint16(t) {
	case 0x0000, 0x0010, 0x0021, 0x0022, 0x0024, 0x0032, 0x0035, 0x0040, 0x0042, 0x0043, 0x0044, 0x1010, 0x1020, 0x1021, 0x1022, 0x1023, 0x1024,
		0x1030, 0x1080, 0x1081, 0x2000, 0x2110, 0x2150, 0x2152, 0x2160, 0x2180, 0x21a0, 0x21b0, 0x21c0, 0x21d0, 0x21f0, 0x2201, 0x2203, 0x2292, 0x9431:
		return true
	}
	return false
}
