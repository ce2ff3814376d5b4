// Package derived writes DICOM objects that are made of a picture and of a map
// over it: a Secondary Capture for people, a Parametric Map for numbers, a
// Segmentation for regions. All say that they are derived and for research.
//
// By default they name no patient and belong to no study of the archive: every
// identifier of the source is replaced by one that is computed of it, so that
// objects made of one study stay together and references among them hold
// (PS3.15 E.1, code 113100). With [About.Keep] they go into the patient's own
// study.
//
// The same content gives the same bytes.
package derived

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	"picasso/backend/picture/dicom"
	"picasso/backend/picture/dicom/part10"
)

// About is what an object says of itself, whatever its kind.
type About struct {
	Origin   dicom.Origin // of the source; with Patient where Keep is set
	Source   string       // checksum of the source's file, which stands in for identifiers that it lacks
	Geometry dicom.Geometry
	Slices   []Slice   // of a source of several, in their order; empty for what Origin and Geometry tell
	Number   int       // of the instance in its series, from 1
	Keep     bool      // put it into the patient's own study
	Made     time.Time // with Keep: when; else nothing says when
	Program  string    // name and version of the program
	Series   string    // tells series apart: objects of one study with the same text are one series
	Title    string    // of the series
	Says     string    // how the values were made, in sentences
}

// Slice is a frame of the source, and where it lies. What is made of it lies there too.
type Slice struct {
	Class, Instance string // of its file (SOP); "" for one that is no DICOM
	Frame           int    // within the file, counted from 1; 0 for a file of one
	Geometry        dicom.Geometry
}

// slices are those of the source; at least one.
func (a About) slices() []Slice {
	if len(a.Slices) > 0 {
		return a.Slices
	}
	return []Slice{{a.Origin.Class, a.Origin.Instance, a.Origin.Frame, a.Geometry}}
}

// ErrNoStudy is a file that does not say which study it is of, so that nothing
// can be put into that.
var ErrNoStudy = errors.New("the file does not say which study it is of, so nothing can be added to it; choose a new study for the objects instead (--dicom-study new)")

// program is what objects name as their maker.
const program = "Picasso"

// kind is a kind of object: SOP class, series number, and what it is called
// among identifiers.
type kind struct {
	class, name string
	number      int
}

var (
	capture      = kind{"1.2.840.10008.5.1.4.1.1.7", "capture", 9001}
	parametric   = kind{"1.2.840.10008.5.1.4.1.1.30", "map", 9002}
	segmentation = kind{"1.2.840.10008.5.1.4.1.1.66.4", "segmentation", 9003}
)

// uid is an identifier computed of texts: that of a UUID of version 8 (RFC 9562)
// below 2.25 (PS3.5 B.2).
func uid(parts ...string) string {
	sum := sha256.Sum256([]byte(program + "\x00" + strings.Join(parts, "\x00")))
	id := sum[:16]
	id[6], id[8] = id[6]&0x0f|0x80, id[8]&0x3f|0x80
	return "2.25." + new(big.Int).SetBytes(id).String()
}

// Replaced is the identifier that objects write for one of their source, unless
// they go into its study.
func Replaced(id string) string { return uid("replaced", id) }

// out is the identifier that an object writes for one of the source: the same
// where it stays in the study, else one computed of it. what stands in for one
// that the source lacks.
func (a About) out(id, what string) string {
	switch {
	case id == "":
		return uid("lacking", what, a.Source)
	case a.Keep:
		return id
	}
	return Replaced(id)
}

func (a About) study() string { return a.out(a.Origin.Study, "study") }

// reference is the frame of reference.
func (a About) reference() string {
	return a.out(a.Origin.Reference, "reference"+a.Origin.Study+a.Origin.Series)
}

// Lacking is the frame of reference that objects have whose source is no DICOM file:
// computed of the checksum of that.
func Lacking(source string) string { return About{Source: source}.reference() }

// write writes an object of what it has besides what all have, and of pixels with
// their checksum.
func (a About) write(w io.Writer, k kind, own part10.Set, p part10.Pixels, digest []byte) error {
	if a.Keep && a.Origin.Study == "" {
		return ErrNoStudy
	}
	set := append(a.patient(), part10.Set{
		characterSet.is("ISO_IR 192"), sopClass.is(k.class), studyUID.is(a.study()),
		seriesUID.is(uid("series", k.name, a.study(), a.out(a.Origin.Series, "series"), a.Series, a.made())),
		seriesNumber.is(strconv.Itoa(k.number)), seriesDescription.is(words(a.Title, 64)), instanceNumber.is(strconv.Itoa(max(a.Number, 1))),
		manufacturer.is(program), modelName.is(program), serialNumber.is("none"), softwareVersions.is(words(a.Program, 64)),
	}...)
	set = append(set, own...)
	content, err := part10.Encode(k.class, "", set)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(append(content, digest...))
	instance := uid("instance", hex.EncodeToString(sum[:]))
	return part10.Stream(w, k.class, instance, append(set, sopInstance.is(instance)), p)
}

// inMemory are pixels as bytes (OB), with their checksum.
func inMemory(bytes []byte) (part10.Pixels, []byte) {
	sum := sha256.Sum256(bytes)
	return part10.Pixels{Tag: tagPixels, VR: "OB", Length: int64(len(bytes)), Write: func(w io.Writer) error {
		_, err := w.Write(bytes)
		return err
	}}, sum[:]
}

// One gives the values of a source of one slice, as [Map] and [Segment] take them.
func One[T any](values []T) func(slice int) ([]T, error) {
	return func(int) ([]T, error) { return values, nil }
}

// made is the time of making in the study of a patient, "" elsewhere.
func (a About) made() string {
	if !a.Keep {
		return ""
	}
	return a.Made.Format("20060102150405")
}

// patient is the modules of patient and study.
func (a About) patient() part10.Set {
	if a.Keep {
		set := part10.Set{ // what must be there, though empty
			patientName.is(""), patientID.is(""), birthDate.is(""), sex.is(""),
			studyDate.is(""), studyTime.is(""), accession.is(""), referring.is(""), studyID.is(""),
		}
		for _, e := range a.Origin.Patient {
			set = append(set, part10.Text(uint32(e.Tag), e.VR, e.Text))
		}
		return set
	}
	return part10.Set{
		patientName.is("ANON^"), patientID.is("ANON-" + strings.TrimPrefix(a.study(), "2.25.")[:12]), birthDate.is(""), sex.is(""),
		studyDate.is(""), studyTime.is(""), accession.is(""), referring.is(""), studyID.is(""),
		identityRemoved.is("YES"), deidentification.is("identifiers replaced, dates and texts left out"),
		deidentifiedBy.holds(Code{"113100", "DCM", "Basic Application Confidentiality Profile"}.item()),
	}
}

// when is the date and time of the content. Where nothing may say when, it is
// a day that stands for none.
func (a About) when() part10.Set {
	if !a.Keep {
		return part10.Set{contentDate.is("19000101"), contentTime.is("000000")}
	}
	return part10.Set{contentDate.is(a.Made.Format("20060102")), contentTime.is(a.Made.Format("150405"))}
}

// kindOf is the modality of the source.
func (a About) kindOf() string {
	if a.Origin.Modality == "" {
		return "OT"
	}
	return a.Origin.Modality
}

// instance refers to the file of a slice of the source, empty where that is no object.
func (a About) instance(s Slice) part10.Set {
	if s.Class == "" || s.Instance == "" {
		return nil
	}
	return part10.Set{referencedClass.is(s.Class), referencedUID.is(a.out(s.Instance, ""))}
}

// sources refer to the frame that something is made of.
func (a About) sources(s Slice) []part10.Set {
	ref := a.instance(s)
	if ref == nil {
		return nil
	}
	if s.Frame > 0 {
		ref = append(ref, referencedFrame.is(strconv.Itoa(s.Frame)))
	}
	return []part10.Set{append(ref,
		purpose.holds(Code{"121322", "DCM", "Source image for image processing operation"}.item()),
		spatialPreserved.is("YES"),
	)}
}

// loss says whether the source was compressed with loss, which stays true of all
// that is made of it.
func (a About) loss() part10.Set {
	if !a.Origin.Lossy {
		return part10.Set{lossy.is("00")}
	}
	set := part10.Set{lossy.is("01")}
	if a.Origin.Ratio != "" {
		set = append(set, lossyRatio.is(a.Origin.Ratio))
	}
	if a.Origin.Method != "" {
		set = append(set, lossyMethod.is(a.Origin.Method))
	}
	return set
}

// maxPixels bounds a frame, maxLength the bytes of all.
const (
	maxPixels = 1 << 28
	maxLength = math.MaxUint32 - 1
)

// sized refuses frames that an object cannot have.
func sized(columns, rows int) error {
	if columns < 1 || rows < 1 || columns > 65535 || rows > 65535 || columns > maxPixels/rows {
		return fmt.Errorf("a picture of %d×%d pixels cannot be written as DICOM; the sides may have up to 65535", columns, rows)
	}
	return nil
}

// filled refuses values that do not fit.
func filled(columns, rows, values int) error {
	if values != columns*rows {
		return fmt.Errorf("a picture of %d×%d pixels needs %d values and has %d", columns, rows, columns*rows, values)
	}
	return nil
}
