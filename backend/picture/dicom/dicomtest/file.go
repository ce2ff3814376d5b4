// Package dicomtest makes DICOM files for tests: any elements, in Explicit VR
// Little Endian, as scanners of all makers write them.
package dicomtest

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
)

// Element is one attribute of a file.
type Element struct {
	Tag   uint32 // group in the upper, element in the lower half
	VR    string
	Value []byte
}

// Text is an element with a text, padded to even length.
func Text(tag uint32, vr, s string) Element {
	if len(s)%2 == 1 {
		if vr == "UI" {
			s += "\x00"
		} else {
			s += " "
		}
	}
	return Element{tag, vr, []byte(s)}
}

// Short is an element of 16-bit numbers (US).
func Short(tag uint32, v ...uint16) Element {
	e := Element{Tag: tag, VR: "US"}
	for _, x := range v {
		e.Value = binary.LittleEndian.AppendUint16(e.Value, x)
	}
	return e
}

// Long is an element of 32-bit numbers (UL).
func Long(tag uint32, v ...uint32) Element {
	e := Element{Tag: tag, VR: "UL"}
	for _, x := range v {
		e.Value = binary.LittleEndian.AppendUint32(e.Value, x)
	}
	return e
}

// Doubles is an element of 64-bit floating point numbers (FD).
func Doubles(tag uint32, v ...float64) Element {
	e := Element{Tag: tag, VR: "FD"}
	for _, x := range v {
		e.Value = binary.LittleEndian.AppendUint64(e.Value, math.Float64bits(x))
	}
	return e
}

// Sequence is an element of items.
func Sequence(tag uint32, items ...[]Element) Element {
	e := Element{Tag: tag, VR: "SQ"}
	for _, item := range items {
		body := encode(item)
		e.Value = append(e.Value, 0xfe, 0xff, 0x00, 0xe0)
		e.Value = binary.LittleEndian.AppendUint32(e.Value, uint32(len(body)))
		e.Value = append(e.Value, body...)
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
// the last one counts.
func File(elements ...[]Element) []byte {
	out := append(make([]byte, 128), "DICM"...)
	meta := encode([]Element{Text(0x00020010, "UI", "1.2.840.10008.1.2.1")})
	out = append(out, encode([]Element{Long(0x00020000, uint32(len(meta)))})...)
	return append(append(out, meta...), encode(slices.Concat(elements...))...)
}

func encode(elements []Element) []byte {
	var all []Element
	for i, e := range elements {
		if !slices.ContainsFunc(elements[i+1:], func(o Element) bool { return o.Tag == e.Tag }) {
			all = append(all, e)
		}
	}
	slices.SortStableFunc(all, func(a, b Element) int { return cmp.Compare(a.Tag, b.Tag) })
	var out []byte
	for _, e := range all {
		out = binary.LittleEndian.AppendUint16(out, uint16(e.Tag>>16))
		out = append(binary.LittleEndian.AppendUint16(out, uint16(e.Tag)), e.VR...)
		if slices.Contains([]string{"OB", "OD", "OF", "OL", "OV", "OW", "SQ", "UC", "UN", "UR", "UT"}, e.VR) {
			out = binary.LittleEndian.AppendUint32(append(out, 0, 0), uint32(len(e.Value)))
		} else {
			out = binary.LittleEndian.AppendUint16(out, uint16(len(e.Value)))
		}
		out = append(out, e.Value...)
	}
	return out
}
