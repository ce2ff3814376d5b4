package dicom

import (
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Slice is a grey picture to be written: one slice of a series of CT, in
// Hounsfield units.
type Slice struct {
	Rows, Columns int
	Values        []int16 // Rows×Columns, Hounsfield units
	Spacing       float64 // of rows and columns, millimetres
	Thickness     float64 // millimetres
	Position      [3]float64
	Number        int    // within the series, from 1
	Root          string // of the identifiers, such as "2.25.1"
	Center, Width float64
}

// Encode writes the slice as Explicit VR Little Endian. The same slice gives
// the same bytes. It names no patient.
func (s *Slice) Encode() []byte {
	const ctStorage = "1.2.840.10008.5.1.4.1.1.2"
	uid := fmt.Sprintf("%s.1.%d", s.Root, s.Number)
	var meta writer
	meta.bytes(0x00020001, "OB", []byte{0, 1})
	meta.text(0x00020002, "UI", ctStorage)
	meta.text(0x00020003, "UI", uid)
	meta.text(tagTransferSyntax, "UI", "1.2.840.10008.1.2.1")

	var w writer
	w.out = append(make([]byte, 128), "DICM"...)
	w.bytes(0x00020000, "UL", binary.LittleEndian.AppendUint32(nil, uint32(len(meta.out))))
	w.out = append(w.out, meta.out...)
	w.text(tagImageType, "CS", `DERIVED\SECONDARY\AXIAL`)
	w.text(tagSOPClass, "UI", ctStorage)
	w.text(tagSOPInstance, "UI", uid)
	w.text(tagModality, "CS", "CT")
	w.text(tagSliceThickness, "DS", decimal(s.Thickness))
	w.text(tagStudyUID, "UI", s.Root+".2")
	w.text(tagSeriesUID, "UI", s.Root+".3")
	w.text(tagSeriesNumber, "IS", "1")
	w.text(tagInstanceNumber, "IS", strconv.Itoa(s.Number))
	w.text(tagPosition, "DS", decimal(s.Position[:]...))
	w.text(tagOrientation, "DS", decimal(1, 0, 0, 0, 1, 0))
	w.text(tagFrameOfReference, "UI", s.Root+".4")
	w.short(tagSamples, 1)
	w.text(tagPhotometric, "CS", "MONOCHROME2")
	w.short(tagRows, s.Rows)
	w.short(tagColumns, s.Columns)
	w.text(tagPixelSpacing, "DS", decimal(s.Spacing, s.Spacing))
	w.short(tagAllocated, 16)
	w.short(tagStored, 16)
	w.short(tagHighBit, 15)
	w.short(tagSigned, 1)
	w.text(tagWindowCenter, "DS", decimal(s.Center))
	w.text(tagWindowWidth, "DS", decimal(s.Width))
	w.text(tagRescaleIntercept, "DS", "0")
	w.text(tagRescaleSlope, "DS", "1")
	w.text(tagRescaleType, "LO", "HU")
	pixels := make([]byte, 0, 2*len(s.Values))
	for _, v := range s.Values {
		pixels = binary.LittleEndian.AppendUint16(pixels, uint16(v))
	}
	w.bytes(tagPixelData, "OW", pixels)
	return w.out
}

// decimal writes numbers as a decimal string, of at most 16 characters each.
func decimal(v ...float64) string {
	parts := make([]string, len(v))
	for i, x := range v {
		parts[i] = strconv.FormatFloat(math.Round(x*1e6)/1e6, 'g', 10, 64)
	}
	return strings.Join(parts, `\`)
}

// writer appends elements of Explicit VR Little Endian.
type writer struct{ out []byte }

func (w *writer) bytes(tag Tag, vr string, value []byte) {
	w.out = binary.LittleEndian.AppendUint16(w.out, tag.group())
	w.out = binary.LittleEndian.AppendUint16(w.out, uint16(tag))
	w.out = append(w.out, vr...)
	if _, long := knownVR([2]byte([]byte(vr))); long {
		w.out = binary.LittleEndian.AppendUint32(append(w.out, 0, 0), uint32(len(value)))
	} else {
		w.out = binary.LittleEndian.AppendUint16(w.out, uint16(len(value)))
	}
	w.out = append(w.out, value...)
}

// text writes a string, padded to even length.
func (w *writer) text(tag Tag, vr, s string) {
	if len(s)%2 == 1 {
		if vr == "UI" {
			s += "\x00"
		} else {
			s += " "
		}
	}
	w.bytes(tag, vr, []byte(s))
}

func (w *writer) short(tag Tag, v int) {
	w.bytes(tag, "US", binary.LittleEndian.AppendUint16(nil, uint16(v)))
}
