package dicom

import (
	"strings"

	"picasso/backend/picture/dicom/charset"
)

// Attributes that objects made of a picture repeat.
const (
	tagReferring      Tag = 0x00080090
	tagStudyText      Tag = 0x00081030
	tagStudyTime      Tag = 0x00080030
	tagIssuerOfID     Tag = 0x00100021
	tagBirthTime      Tag = 0x00100032
	tagPatientComment Tag = 0x00104000
	tagPatientAge     Tag = 0x00101010
	tagPatientSize    Tag = 0x00101020
	tagBurnedIn       Tag = 0x00280301
	tagLossyRatio     Tag = 0x00282112
	tagLossyMethod    Tag = 0x00282114
)

// Origin is what an object made of a frame says of where it comes from.
// Identifiers that the file does not have, or that are none, are "".
type Origin struct {
	Class, Instance string // of the file (SOP)
	Study, Series   string // instance UIDs
	Frame           int    // within the file, counted from 1; 0 for a file of one and for tiles of a mosaic
	Reference       string // frame of reference UID
	Modality        string // "CT", "MR"…, or ""
	Lossy           bool   // the pixels were compressed with loss at some time
	Ratio, Method   string // of that compression, as the file tells
	BurnedIn        string // whether letters in the pixels tell the patient: "YES", "NO", or "" where nobody says
	// Patient are the attributes of patient and study in UTF-8 (PS3.3 C.7.1.1,
	// C.7.2.1, C.7.2.2): for the patient's own study alone, and on the user's
	// explicit wish.
	Patient []Attribute
}

// Attribute is one with its text.
type Attribute struct {
	Tag      Tag
	VR, Text string
}

// belonging are the attributes of patient and study that objects of a study have
// in common.
func belonging() []Attribute {
	return []Attribute{
		{Tag: tagStudyDate, VR: "DA"}, {Tag: tagStudyTime, VR: "TM"}, {Tag: tagAccession, VR: "SH"}, {Tag: tagReferring, VR: "PN"},
		{Tag: tagStudyText, VR: "LO"}, {Tag: tagStudyID, VR: "SH"}, {Tag: tagPatientName, VR: "PN"}, {Tag: tagPatientID, VR: "LO"},
		{Tag: tagIssuerOfID, VR: "LO"}, {Tag: tagBirthDate, VR: "DA"}, {Tag: tagBirthTime, VR: "TM"}, {Tag: tagSex, VR: "CS"},
		{Tag: tagPatientAge, VR: "AS"}, {Tag: tagPatientSize, VR: "DS"}, {Tag: tagPatientWeight, VR: "DS"}, {Tag: tagPatientComment, VR: "LT"},
	}
}

// Origin tells where frame i comes from, with patient and study where they are
// asked for.
func (f *File) Origin(i int, patient bool) Origin {
	f.mu.Lock()
	defer f.mu.Unlock()
	o := Origin{
		Class: f.root.uid(tagSOPClass), Instance: f.root.uid(tagSOPInstance), Study: f.root.uid(tagStudyUID), Series: f.root.uid(tagSeriesUID),
		Reference: f.root.uid(tagFrameOfReference), Modality: f.root.kindOf(),
	}
	if f.pixels != nil && f.frames() > 1 && f.mosaic == nil {
		o.Frame = i + 1
	}
	if o.Lossy = f.root.text(tagLossy) == "01"; o.Lossy {
		o.Ratio, o.Method = f.root.made(tagLossyRatio, "0123456789.+-eE\\ "), f.root.made(tagLossyMethod, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_\\ ")
	}
	if b := f.root.text(tagBurnedIn); b == "YES" || b == "NO" {
		o.BurnedIn = b
	}
	if patient {
		o.Patient = f.root.belonging()
	}
	return o
}

func (d *dataset) belonging() []Attribute {
	texts := charset.New(d.texts(tagCharacterSet))
	var out []Attribute
	for _, a := range belonging() {
		e := d.find(a.Tag)
		if e == nil || len(e.value) > maxMention {
			continue
		}
		a.Text = strings.ToValidUTF8(strings.Trim(texts.Decode(e.value), " \x00\t\r\n"), "?")
		out = append(out, a)
	}
	return out
}

// maxUID is how many characters an identifier has at most (PS3.5 9.1).
const maxUID = 64

// made is a text of the given characters alone, "" for any other.
func (d *dataset) made(tag Tag, of string) string {
	s := d.text(tag)
	if len(s) > maxUID || strings.Trim(s, of) != "" {
		return ""
	}
	return s
}

// uid is an identifier, "" for what is none.
func (d *dataset) uid(tag Tag) string { return d.made(tag, "0123456789.") }
