package dicom

import (
	"encoding/binary"
	"fmt"
	"strconv"

	"picasso/backend/picture/dicom/part10"
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
	text := func(tag Tag, vr, s string) part10.Element { return part10.Text(uint32(tag), vr, s) }
	short := func(tag Tag, v int) part10.Element { return part10.Short(uint32(tag), uint16(v)) }
	decimals := func(tag Tag, v ...float64) part10.Element { return part10.Decimals(uint32(tag), v...) }
	pixels := make([]byte, 0, 2*len(s.Values))
	for _, v := range s.Values {
		pixels = binary.LittleEndian.AppendUint16(pixels, uint16(v))
	}
	data, err := part10.Encode(ctStorage, uid, part10.Set{
		text(tagImageType, "CS", `DERIVED\SECONDARY\AXIAL`), text(tagSOPClass, "UI", ctStorage), text(tagSOPInstance, "UI", uid),
		text(tagModality, "CS", "CT"), decimals(tagSliceThickness, s.Thickness), text(tagStudyUID, "UI", s.Root+".2"),
		text(tagSeriesUID, "UI", s.Root+".3"), text(tagSeriesNumber, "IS", "1"), text(tagInstanceNumber, "IS", strconv.Itoa(s.Number)),
		decimals(tagPosition, s.Position[:]...), decimals(tagOrientation, 1, 0, 0, 0, 1, 0), text(tagFrameOfReference, "UI", s.Root+".4"),
		short(tagSamples, 1), text(tagPhotometric, "CS", "MONOCHROME2"), short(tagRows, s.Rows), short(tagColumns, s.Columns),
		decimals(tagPixelSpacing, s.Spacing, s.Spacing), short(tagAllocated, 16), short(tagStored, 16), short(tagHighBit, 15), short(tagSigned, 1),
		decimals(tagWindowCenter, s.Center), decimals(tagWindowWidth, s.Width), decimals(tagRescaleIntercept, 0), decimals(tagRescaleSlope, 1),
		text(tagRescaleType, "LO", "HU"), part10.Bytes(uint32(tagPixelData), "OW", pixels),
	})
	if err != nil {
		panic(err) // of a slice too large for memory
	}
	return data
}
