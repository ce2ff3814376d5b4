// Package dicomtest makes DICOM files for tests: any elements, in Explicit VR
// Little Endian, as scanners of all makers write them.
package dicomtest

import (
	"encoding/binary"
	"slices"

	"picasso/backend/picture/dicom/part10"
)

// Element is one attribute of a file.
type Element = part10.Element

// Text is an element with a text, padded to even length.
func Text(tag uint32, vr, s string) Element { return part10.Text(tag, vr, s) }

// Short is an element of 16-bit numbers (US).
func Short(tag uint32, v ...uint16) Element { return part10.Short(tag, v...) }

// Long is an element of 32-bit numbers (UL).
func Long(tag uint32, v ...uint32) Element { return part10.Long(tag, v...) }

// Doubles is an element of 64-bit floating point numbers (FD).
func Doubles(tag uint32, v ...float64) Element { return part10.Doubles(tag, v...) }

// Sequence is an element of items.
func Sequence(tag uint32, items ...[]Element) Element {
	e := part10.Sequence(tag)
	for _, item := range items {
		e.Items = append(e.Items, item)
	}
	return e
}

// Grey is the elements of a picture of signed 16-bit pixels, as many frames as
// there are values for.
func Grey(rows, columns int, values []int16) []Element {
	pixels := Element{Tag: 0x7fe00010, VR: "OW"}
	for _, v := range values {
		pixels.Value = binary.LittleEndian.AppendUint16(pixels.Value, uint16(v))
	}
	return []Element{
		Short(0x00280002, 1), Text(0x00280004, "CS", "MONOCHROME2"), Short(0x00280010, uint16(rows)), Short(0x00280011, uint16(columns)),
		Short(0x00280100, 16), Short(0x00280101, 16), Short(0x00280102, 15), Short(0x00280103, 1), pixels,
	}
}

// Flat is Grey of 2×2 pixels of one value.
func Flat(value int16) []Element { return Grey(2, 2, []int16{value, value, value, value}) }

// File is a file of the elements, sorted by their tags; of several with one tag
// the last one counts. It is of no SOP class but what the elements say.
func File(elements ...[]Element) []byte {
	data, err := part10.Encode("", "", slices.Concat(elements...))
	if err != nil {
		panic(err) // the test asks for what no file has
	}
	return data
}
