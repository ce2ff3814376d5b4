package dicom

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"picasso/backend/picture/dicom/charset"
	"picasso/backend/picture/dicom/part10"
)

const undefined = 0xffffffff

const warnCut = "the file ends too early; its last part is missing"

// parser reads elements from one byte slice. Only nesting and number of
// elements end it with an error; everything else ends a data set early and
// leaves a warning.
type parser struct {
	data []byte
	*findings
}

// findings is what is shared by all parsers of a file.
type findings struct {
	count    int
	warnings []string
	err      *Error
	names    func(string) bool // reports whether a text names the patient; nil until known
	texts    *charset.Decoder  // nil until known
}

// readable is a text of the file by its character set.
func (p *findings) readable(s string) string {
	if p.texts != nil {
		s = p.texts.Decode([]byte(s))
	}
	return strings.ToValidUTF8(s, "?")
}

func (p *findings) warn(format string, args ...any) {
	s := fmt.Sprintf(format, args...)
	if !slices.Contains(p.warnings, s) && len(p.warnings) < 32 {
		p.warnings = append(p.warnings, s)
	}
}

// header is an element's tag, VR, length and the position of its value.
type header struct {
	tag    Tag
	vr     [2]byte
	length uint32
	value  int
}

// header reads an element's header within data[pos:end].
func (p *parser) header(pos, end int, d *dataset) (h header, ok bool) {
	if pos+8 > end {
		return h, false
	}
	b := p.data[pos:end]
	h.tag = Tag(d.order.Uint16(b))<<16 | Tag(d.order.Uint16(b[2:]))
	h.length, h.value = d.order.Uint32(b[4:]), pos+8
	if h.tag.group() == 0xfffe {
		return h, true
	}
	vr := [2]byte{b[4], b[5]}
	known, long := part10.KnownVR(vr)
	implicitFits := h.length == undefined || uint64(h.length) <= uint64(end-pos-8)
	switch {
	case !d.explicit && (implicitFits || !known):
		return h, true
	case d.explicit && !known && implicitFits:
		p.warn("some elements have no type; they are read without it")
		return h, true
	}
	h.vr = vr
	if !long {
		h.length = uint32(d.order.Uint16(b[6:]))
		return h, true
	}
	if len(b) < 12 {
		return h, false
	}
	h.length, h.value = d.order.Uint32(b[8:]), pos+12
	return h, true
}

// dataset reads elements from pos to end, or to the end of an item of
// undefined length. It returns the position behind.
func (p *parser) dataset(pos, end, depth int, order binary.ByteOrder, explicit, open bool) (*dataset, int) {
	d := &dataset{order: order, explicit: explicit, depth: depth, parser: p}
	if depth > maxDepth {
		p.err = tooLarge("has sequences nested deeper than %d", maxDepth)
		return d, end
	}
	for pos < end && p.err == nil {
		h, ok := p.header(pos, end, d)
		if !ok {
			p.cut(p.data[pos:end])
			return d, end
		}
		if h.tag == tagItemEnd || h.tag == tagSequenceEnd {
			if open {
				return d, h.value
			}
			pos = h.value
			continue
		}
		if p.count++; p.count > maxElements {
			p.err = tooLarge("has more than %d elements", maxElements)
			return d, end
		}
		pos = p.element(h, end, d)
	}
	return d, pos
}

// cut notes that the data end in the middle. A few zero bytes at the end are
// only padding.
func (p *parser) cut(rest []byte) {
	for _, b := range rest {
		if b != 0 {
			p.warn(warnCut)
			return
		}
	}
}

// element takes the element with header h and returns the position behind it.
func (p *parser) element(h header, end int, d *dataset) int {
	e := element{tag: h.tag, vr: h.vr}
	next := end
	switch {
	case h.length == undefined && h.tag == tagPixelData && d.depth == 0:
		e.parts = &parts{}
		e.parts.fragments, next = p.fragments(h.value, end, d.order)
	case h.length == undefined:
		e.parts = &parts{}
		e.parts.items, next = p.sequence(h.value, end, d, h.vr)
	case uint64(h.length) > uint64(end-h.value):
		e.value = p.data[h.value:end]
		p.warn(warnCut)
	default:
		next = h.value + int(h.length)
		e.value = p.data[h.value:next:next]
	}
	d.elements = append(d.elements, e)
	return next
}

// sequence reads items until the sequence's end. Elements of unknown type hold
// items without types (PS3.5 6.2.2).
func (p *parser) sequence(pos, end int, d *dataset, vr [2]byte) ([]*dataset, int) {
	items := []*dataset{}
	explicit, order := d.explicit, d.order
	if vr == [2]byte{'U', 'N'} {
		explicit, order = p.typed(pos+8, end, binary.LittleEndian), binary.LittleEndian
	}
	for pos+8 <= end && p.err == nil {
		tag := Tag(order.Uint16(p.data[pos:]))<<16 | Tag(order.Uint16(p.data[pos+2:]))
		length := order.Uint32(p.data[pos+4:])
		switch {
		case tag == tagSequenceEnd:
			return items, pos + 8
		case tag != tagItem:
			p.warn("a sequence is damaged; the rest of it is left out")
			return items, end
		}
		var item *dataset
		if length == undefined {
			item, pos = p.dataset(pos+8, end, d.depth+1, order, explicit, true)
		} else {
			stop := int(min(uint64(pos+8)+uint64(length), uint64(end)))
			item, _ = p.dataset(pos+8, stop, d.depth+1, order, explicit, false)
			pos = stop
		}
		items = append(items, item)
		if p.count++; p.count > maxElements {
			p.err = tooLarge("has more than %d elements", maxElements)
		}
	}
	return items, pos
}

// nested parses a sequence whose length was given, when it is asked for. One
// that is out of bounds is left out.
func (p *parser) nested(e *element, d *dataset) []*dataset {
	sub := &parser{e.value, p.findings}
	items, _ := sub.sequence(0, len(e.value), d, e.vr)
	if p.err != nil {
		p.warn("a sequence is nested too deeply and is left out")
		p.err = nil
	}
	return items
}

// typed reports whether the element at pos carries its type.
func (p *parser) typed(pos, end int, order binary.ByteOrder) bool {
	if pos+8 > end {
		return false
	}
	known, _ := part10.KnownVR([2]byte{p.data[pos+4], p.data[pos+5]})
	return known && order.Uint16(p.data[pos:]) != 0xfffe
}
