package dicom

import (
	"encoding/binary"

	"picasso/backend/picture/dicom/part10"
)

// writer appends elements of Explicit VR Little Endian as they come, also those
// that no file should have.
type writer struct{ out []byte }

func (w *writer) bytes(tag Tag, vr string, value []byte) {
	w.out = binary.LittleEndian.AppendUint16(w.out, tag.group())
	w.out = binary.LittleEndian.AppendUint16(w.out, uint16(tag))
	w.out = append(w.out, vr...)
	if _, long := part10.KnownVR([2]byte([]byte(vr))); long {
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
