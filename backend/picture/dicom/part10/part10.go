// Package part10 writes DICOM files (PS3.10): data sets of elements and
// sequences in Explicit VR Little Endian, sorted by tag. The same data set
// gives the same bytes.
package part10

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Element is one attribute with its value, or with the items of a sequence.
type Element struct {
	Tag   uint32 // group in the upper, element in the lower half
	VR    string // two letters, see [KnownVR]
	Value []byte // little endian, of even length
	Items []Set  // of a sequence (SQ), instead of Value
}

// Set is a data set: elements in any order. Of several with one tag the last one
// counts.
type Set []Element

// ExplicitLittle is the transfer syntax of [Encode].
const ExplicitLittle = "1.2.840.10008.1.2.1"

// Tags of the file meta information (PS3.10 7.1), and those of items.
const (
	tagMetaLength = 0x00020000
	tagVersion    = 0x00020001
	tagClass      = 0x00020002
	tagInstance   = 0x00020003
	tagSyntax     = 0x00020010
	tagProgram    = 0x00020012
	tagItem       = 0xfffee000
)

// Program is the implementation class UID that files name as their writer: of
// the UUID 5 of the program's name.
const Program = "2.25.174491641540750547719344116386936949907"

// KnownVR reports whether the two bytes are a value representation of the
// standard, and whether its length has four bytes (PS3.5 7.1.2).
func KnownVR(vr [2]byte) (known, long bool) {
	switch string(vr[:]) {
	case "OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV":
		return true, true
	case "AE", "AS", "AT", "CS", "DA", "DS", "DT", "FL", "FD", "IS", "LO", "LT", "PN", "SH", "SL", "SS", "ST", "TM", "UI", "UL", "US":
		return true, false
	}
	return false, false
}

// Text is an element with a text, several values parted by a backslash.
func Text(tag uint32, vr, s string) Element {
	if len(s)%2 == 1 {
		if vr == "UI" {
			s += "\x00"
		} else {
			s += " "
		}
	}
	return Element{Tag: tag, VR: vr, Value: []byte(s)}
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

// Tags is an element that names others (AT).
func Tags(tag uint32, v ...uint32) Element {
	e := Element{Tag: tag, VR: "AT"}
	for _, x := range v {
		e.Value = binary.LittleEndian.AppendUint16(e.Value, uint16(x>>16))
		e.Value = binary.LittleEndian.AppendUint16(e.Value, uint16(x))
	}
	return e
}

// Floats is an element of 32-bit floating point numbers: FL, or OF for pixels.
func Floats(tag uint32, vr string, v ...float32) Element {
	e := Element{Tag: tag, VR: vr, Value: make([]byte, 0, 4*len(v))}
	for _, x := range v {
		e.Value = binary.LittleEndian.AppendUint32(e.Value, math.Float32bits(x))
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

// Decimals is an element of decimal strings (DS). Each has at most the 16
// characters that the standard allows, so about ten digits.
func Decimals(tag uint32, v ...float64) Element {
	parts := make([]string, len(v))
	for i, x := range v {
		parts[i] = decimal(x)
	}
	return Text(tag, "DS", strings.Join(parts, `\`))
}

// decimal writes a number as exactly as 16 characters can.
func decimal(x float64) string {
	for digits := 17; digits > 0; digits-- {
		s := strconv.FormatFloat(x, 'g', digits, 64)
		if short := strconv.FormatFloat(x, 'g', -1, 64); len(short) < len(s) {
			s = short
		}
		if len(s) <= 16 {
			return s
		}
	}
	return "0"
}

// Bytes is an element of bytes (OB, OW, UN), padded to even length.
func Bytes(tag uint32, vr string, v []byte) Element {
	if len(v)%2 == 1 {
		v = append(slices.Clip(v), 0)
	}
	return Element{Tag: tag, VR: vr, Value: v}
}

// Sequence is an element of items.
func Sequence(tag uint32, items ...Set) Element {
	return Element{Tag: tag, VR: "SQ", Items: append([]Set{}, items...)}
}

// Bounds of what is written: an element's length has four bytes, of which the
// largest means something else, and nobody nests deeper.
const (
	maxLength = math.MaxUint32 - 1
	maxDepth  = 16
)

// Encode is a file of the data set, which is an instance of a SOP class.
func Encode(class, instance string, set Set) ([]byte, error) {
	body := &encoder{}
	if err := body.set(set, 0); err != nil {
		return nil, err
	}
	meta := &encoder{}
	err := meta.set(Set{
		Bytes(tagVersion, "OB", []byte{0, 1}), Text(tagClass, "UI", class), Text(tagInstance, "UI", instance),
		Text(tagSyntax, "UI", ExplicitLittle), Text(tagProgram, "UI", Program),
	}, 0)
	if err != nil {
		return nil, err
	}
	head := &encoder{out: append(make([]byte, 128), "DICM"...)}
	if err := head.set(Set{Long(tagMetaLength, uint32(len(meta.out)))}, 0); err != nil {
		return nil, err
	}
	return slices.Concat(head.out, meta.out, body.out), nil
}

// Pixels are the last element of a file, whose value is written piece by piece, as it
// may be larger than memory.
type Pixels struct {
	Tag    uint32
	VR     string // of those whose length has four bytes
	Length int64  // of the value in bytes, before it is padded
	Write  func(io.Writer) error
}

// Stream writes a file of the data set with pixels behind it; all tags of the set come
// before theirs. Value and Length have to agree.
func Stream(w io.Writer, class, instance string, set Set, p Pixels) error {
	head, err := Encode(class, instance, set)
	if err != nil {
		return err
	}
	if p.Length < 0 || p.Length > maxLength-1 {
		return fmt.Errorf("the DICOM element %08X has %d bytes, more than a file may hold", p.Tag, p.Length)
	}
	last := &encoder{out: head}
	last.tag(p.Tag)
	last.out = append(append(last.out, p.VR...), 0, 0)
	last.out = binary.LittleEndian.AppendUint32(last.out, uint32(p.Length+p.Length%2))
	if _, err := w.Write(last.out); err != nil {
		return err
	}
	value := &counted{w: w}
	if err := p.Write(value); err != nil {
		return err
	}
	if value.n != p.Length {
		return fmt.Errorf("the DICOM element %08X has %d bytes, not the %d that were announced", p.Tag, value.n, p.Length)
	}
	if p.Length%2 == 1 {
		_, err = w.Write([]byte{0})
	}
	return err
}

// counted counts what is written.
type counted struct {
	w io.Writer
	n int64
}

func (c *counted) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n += int64(n)
	return n, err
}

type encoder struct{ out []byte }

func (w *encoder) set(set Set, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("a DICOM data set is nested deeper than %d", maxDepth)
	}
	last := map[uint32]int{}
	for i, e := range set {
		last[e.Tag] = i
	}
	order := make([]int, 0, len(last))
	for _, i := range last {
		order = append(order, i)
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(set[a].Tag, set[b].Tag) })
	for _, i := range order {
		if err := w.element(set[i], depth); err != nil {
			return err
		}
	}
	return nil
}

func (w *encoder) element(e Element, depth int) error {
	if len(e.VR) != 2 {
		return fmt.Errorf("the DICOM element %08X has the type %q, which is none", e.Tag, e.VR)
	}
	known, long := KnownVR([2]byte([]byte(e.VR)))
	if !known {
		return fmt.Errorf("the DICOM element %08X has the type %q, which is none", e.Tag, e.VR)
	}
	w.tag(e.Tag)
	w.out = append(w.out, e.VR...)
	if !long {
		if len(e.Value) > math.MaxUint16 {
			return fmt.Errorf("the DICOM element %08X has %d bytes, more than it may", e.Tag, len(e.Value))
		}
		w.out = append(binary.LittleEndian.AppendUint16(w.out, uint16(len(e.Value))), e.Value...)
		return nil
	}
	w.out = append(w.out, 0, 0)
	at := w.begin()
	w.out = append(w.out, e.Value...)
	for _, item := range e.Items {
		w.tag(tagItem)
		start := w.begin()
		if err := w.set(item, depth+1); err != nil {
			return err
		}
		if err := w.end(start, e.Tag); err != nil {
			return err
		}
	}
	return w.end(at, e.Tag)
}

func (w *encoder) tag(tag uint32) {
	w.out = binary.LittleEndian.AppendUint16(w.out, uint16(tag>>16))
	w.out = binary.LittleEndian.AppendUint16(w.out, uint16(tag))
}

// begin leaves room for a length, which end fills in.
func (w *encoder) begin() int {
	w.out = append(w.out, 0, 0, 0, 0)
	return len(w.out)
}

func (w *encoder) end(start int, tag uint32) error {
	n := len(w.out) - start
	if int64(n) > maxLength {
		return fmt.Errorf("the DICOM element %08X has %d bytes, more than a file may hold", tag, n)
	}
	binary.LittleEndian.PutUint32(w.out[start-4:], uint32(n))
	return nil
}
