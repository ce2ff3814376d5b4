package dicom

import (
	"encoding/binary"
	"math"
	"strings"
)

// element is one attribute. The value is a part of the file. It is small
// because a file may have a million.
type element struct {
	tag   Tag
	vr    [2]byte // zero where the file does not say
	value []byte
	parts *parts // nil for most
}

// parts is what an element holds instead of a value.
type parts struct {
	items     []*dataset // of a sequence
	fragments [][]byte   // of compressed pixels, the offset table first
}

// dataset is a list of elements in the order of the file.
type dataset struct {
	elements []element
	order    binary.ByteOrder
	explicit bool
	depth    int
	parser   *parser
}

// find gives the first element with the tag, or nil.
func (d *dataset) find(tag Tag) *element {
	if d == nil {
		return nil
	}
	for i := range d.elements {
		if d.elements[i].tag == tag {
			return &d.elements[i]
		}
	}
	return nil
}

// items gives a sequence's items, at most as many as the bounds allow.
func (d *dataset) items(tag Tag) []*dataset {
	e := d.find(tag)
	if e == nil {
		return nil
	}
	if e.parts == nil {
		if len(e.value) < 8 {
			return nil
		}
		e.parts = &parts{items: d.parser.nested(e, d)}
	}
	return e.parts.items
}

// first is the first item of a sequence, or nil.
func (d *dataset) first(tag Tag) *dataset {
	if items := d.items(tag); len(items) > 0 {
		return items[0]
	}
	return nil
}

// maxValue bounds the bytes of an element that are read as text or numbers:
// the longest table has half of it.
const maxValue = 1 << 18

// bounded is the part of an element's value that is read.
func (e *element) bounded() []byte { return e.value[:min(len(e.value), maxValue)] }

// text is a string value without padding.
func (d *dataset) text(tag Tag) string {
	e := d.find(tag)
	if e == nil {
		return ""
	}
	return strings.Trim(string(e.bounded()), " \x00\t\r\n")
}

// texts are the parts of a string of several values.
func (d *dataset) texts(tag Tag) []string {
	s := d.text(tag)
	if s == "" {
		return nil
	}
	parts := strings.Split(s, `\`)
	for i := range parts {
		parts[i] = strings.Trim(parts[i], " \x00")
	}
	return parts
}

// decimals are the numbers of a decimal or integer string. What is no finite
// number is NaN.
func (d *dataset) decimals(tag Tag) []float64 {
	e := d.find(tag)
	if e == nil {
		return nil
	}
	if e.floating() {
		return d.floats(e)
	}
	var out []float64
	for _, s := range d.texts(tag) {
		v, ok := parseDecimal(s)
		if !ok {
			v = math.NaN()
		}
		out = append(out, v)
	}
	return out
}

// floating reports whether an element has binary floating point values. Where
// the file does not say, the standard does.
func (e *element) floating() bool {
	switch e.vr {
	case [2]byte{'F', 'D'}, [2]byte{'F', 'L'}:
		return true
	case [2]byte{}, [2]byte{'U', 'N'}:
		return e.double() || e.tag == tagCycle || e.tag == tagFloatPadding || e.tag == tagFloatPaddingLimit
	}
	return false
}

// double reports whether they have eight bytes.
func (e *element) double() bool {
	if e.vr[0] == 'F' {
		return e.vr[1] == 'D'
	}
	switch e.tag {
	case tagEffectiveEcho, tagBValue, tagOrientationOf, tagTriggerDelay, tagDoublePadding, tagDoublePaddingTo:
		return true
	}
	return false
}

// floats are the values of a binary floating point element.
func (d *dataset) floats(e *element) []float64 {
	var out []float64
	for b := e.bounded(); e.double() && len(b) >= 8; b = b[8:] {
		out = append(out, math.Float64frombits(d.order.Uint64(b)))
	}
	for b := e.bounded(); !e.double() && len(b) >= 4; b = b[4:] {
		out = append(out, float64(math.Float32frombits(d.order.Uint32(b))))
	}
	return out
}

// decimal is the first of decimals, if it is a number.
func (d *dataset) decimal(tag Tag) (float64, bool) {
	v := d.decimals(tag)
	if len(v) == 0 || math.IsNaN(v[0]) {
		return 0, false
	}
	return v[0], true
}

// private is the tag of an element in the block that its maker has reserved
// (PS3.5 7.8.1), or 0.
func (d *dataset) private(group uint16, maker string, element byte) Tag {
	if d == nil {
		return 0
	}
	for i := range d.elements {
		e := &d.elements[i]
		block := e.tag & 0xffff
		if e.tag.group() != group || block < 0x10 || block > 0xff || len(e.value) > 64 {
			continue
		}
		if strings.EqualFold(strings.Trim(string(e.value), " \x00"), maker) {
			return Tag(group)<<16 | block<<8 | Tag(element)
		}
	}
	return 0
}

// integer is the first value of an unsigned binary element, or of a string
// where the file has one instead.
func (d *dataset) integer(tag Tag) (int, bool) {
	e := d.find(tag)
	if e == nil || len(e.value) == 0 {
		return 0, false
	}
	switch string(e.vr[:]) {
	case "IS", "DS", "LO", "SH", "CS", "ST", "LT":
		v, ok := d.decimal(tag)
		return int(min(max(v, -1<<31), 1<<31)), ok
	}
	switch {
	case len(e.value) == 4 && e.vr != [2]byte{'U', 'S'} && e.vr != [2]byte{'S', 'S'}:
		return int(d.order.Uint32(e.value)), true
	case len(e.value) >= 2:
		return int(d.order.Uint16(e.value)), true
	default:
		return int(e.value[0]), true
	}
}

// words are the 16-bit values of a binary element.
func (d *dataset) words(tag Tag) []uint16 {
	e := d.find(tag)
	if e == nil {
		return nil
	}
	value := e.bounded()
	out := make([]uint16, len(value)/2)
	for i := range out {
		out[i] = d.order.Uint16(value[2*i:])
	}
	return out
}
