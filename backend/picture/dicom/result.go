package dicom

import (
	"strings"

	"picasso/backend/picture/dicom/charset"
)

// Attributes of maps that this program made.
const (
	tagRealWorld       Tag = 0x00409096
	tagLUTExplanation  Tag = 0x00283003
	tagContentText     Tag = 0x00700081
	tagDerivationImage Tag = 0x00089124
	tagSourceImage     Tag = 0x00082112
	tagReferencedUID   Tag = 0x00081155
	tagReferencedFrame Tag = 0x00081160

	tagDescribedSegments Tag = 0x00620002
	tagSegmentNumber     Tag = 0x00620004
	tagSegmentLabel      Tag = 0x00620005
)

const (
	parametricMap = "1.2.840.10008.5.1.4.1.1.30"
	segmentation  = "1.2.840.10008.5.1.4.1.1.66.4"
	maker         = "Picasso" // of our own objects
)

// Result is what a Parametric Map or a Segmentation says of a frame that this program
// made. Texts of other makers, and those that name the patient, are not taken: nobody
// knows what they tell.
type Result struct {
	Unit      string // of the values of a map, in words
	Title     string
	Sources   []Source // frames that it was made of; none for sources that are no DICOM
	Reference string   // frame of reference UID
	Segment   int      // of a Segmentation, from 1; 0 for a map
	Label     string   // of the segment
}

// Source is a frame that an object refers to, by an identifier of its file, which
// may be a replaced one.
type Source struct {
	Instance string
	Frame    int // in the file, from 1; 0 for a file of one
}

// mostSources bounds those of a frame.
const mostSources = 64

// result is that of frame i, nil for all but our own objects.
func (f *File) result(i int) *Result {
	class := f.root.text(tagSOPClass)
	if class != parametricMap && class != segmentation || f.root.text(tagManufacturer) != maker {
		return nil
	}
	a := f.attributes(i)
	r := &Result{Title: f.told(f.root, tagContentText), Reference: f.root.uid(tagFrameOfReference)}
	if class == segmentation {
		if r.Segment, r.Label = f.segment(a); r.Segment == 0 {
			return nil // of no segment that is described
		}
	}
	if world := a.group(tagRealWorld); world != f.root {
		r.Unit = f.told(world, tagLUTExplanation)
	}
	if from := a.group(tagDerivationImage); from != f.root {
		for _, source := range from.items(tagSourceImage) {
			if len(r.Sources) == mostSources {
				break
			}
			frame, _ := source.decimal(tagReferencedFrame)
			if id := source.uid(tagReferencedUID); id != "" {
				r.Sources = append(r.Sources, Source{id, int(min(max(frame, 0), 1<<30))})
			}
		}
	}
	return r
}

// segment is the number of the segment that a frame shows, and what that is called; 0
// where the file does not describe it.
func (f *File) segment(a attributes) (number int, label string) {
	n, ok := a.group(tagSegments).integer(tagSegment)
	for _, described := range f.root.items(tagDescribedSegments) {
		if of, _ := described.integer(tagSegmentNumber); ok && n > 0 && of == n {
			return n, f.told(described, tagSegmentLabel)
		}
	}
	return 0, ""
}

// told is a text that names nobody, "" for any other.
func (f *File) told(d *dataset, tag Tag) string {
	e := d.find(tag)
	if e == nil || len(e.value) > maxMention {
		return ""
	}
	text := strings.ToValidUTF8(strings.Trim(charset.New(f.root.texts(tagCharacterSet)).Decode(e.value), " \x00\t\r\n"), "?")
	if f.facts().In(text) {
		return ""
	}
	return text
}
