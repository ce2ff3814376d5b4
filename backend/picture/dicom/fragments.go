package dicom

import (
	"bytes"
	"encoding/binary"
)

// fragments reads the items of compressed pixels; the first is the offset
// table.
func (p *parser) fragments(pos, end int, order binary.ByteOrder) ([][]byte, int) {
	out := [][]byte{}
	for pos+8 <= end {
		tag := Tag(order.Uint16(p.data[pos:]))<<16 | Tag(order.Uint16(p.data[pos+2:]))
		length := uint64(order.Uint32(p.data[pos+4:]))
		switch {
		case tag == tagSequenceEnd:
			return out, pos + 8
		case tag != tagItem:
			p.warn("the compressed pixels are not ended properly")
			return out, end
		}
		pos += 8
		stop := int(min(uint64(pos)+length, uint64(end)))
		if length > uint64(end-pos) {
			p.warn(warnCut)
		}
		if p.count++; p.count > maxElements {
			p.err = tooLarge("has more than %d elements", maxElements)
			return out, end
		}
		out = append(out, p.data[pos:stop:stop])
		pos = stop
	}
	p.warn("the compressed pixels are not ended properly")
	return out, end
}

// streams sorts fragments into frames: by the offset tables where they fit,
// one by one where their number fits, else by where a code stream begins.
func streams(fragments [][]byte, extended []byte, frames int, order binary.ByteOrder) [][][]byte {
	if len(fragments) < 2 {
		return nil
	}
	table, parts := fragments[0], fragments[1:]
	if frames == 1 {
		return [][][]byte{parts}
	}
	if len(extended) == 8*frames {
		if s := split(parts, frames, func(i int) uint64 { return order.Uint64(extended[8*i:]) }); s != nil {
			return s
		}
	}
	if len(table) == 4*frames {
		if s := split(parts, frames, func(i int) uint64 { return uint64(order.Uint32(table[4*i:])) }); s != nil {
			return s
		}
	}
	if len(parts) == frames {
		return each(parts)
	}
	return group(parts)
}

func each(parts [][]byte) [][][]byte {
	out := make([][][]byte, len(parts))
	for i := range parts {
		out[i] = parts[i : i+1]
	}
	return out
}

// split cuts the fragments at the offsets, or gives nil when one of them is
// not the beginning of a fragment.
func split(parts [][]byte, frames int, offset func(int) uint64) [][][]byte {
	out := make([][][]byte, 0, frames)
	first, at := 0, uint64(0)
	for i, part := range parts {
		if n := len(out) + 1; n < frames && i > 0 && at == offset(n) {
			out, first = append(out, parts[first:i]), i
		}
		at += 8 + uint64(len(part))
	}
	if out = append(out, parts[first:]); len(out) != frames || offset(0) != 0 {
		return nil
	}
	return out
}

// group begins a frame at every fragment that begins a code stream.
func group(parts [][]byte) [][][]byte {
	out, first := [][][]byte{}, 0
	for i, part := range parts {
		if begins(part) && i > 0 {
			out, first = append(out, parts[first:i]), i
		}
	}
	out = append(out, parts[first:])
	if len(out) == 1 {
		return each(parts)
	}
	return out
}

// begins reports whether a fragment is the first of a frame.
func begins(part []byte) bool {
	_, known := recognize(part)
	for n := 1; n <= 15 && !known; n++ {
		known = runLength(part, n)
	}
	return known
}

// joined is a frame's stream in one piece.
func joined(parts [][]byte) []byte {
	if len(parts) == 1 {
		return parts[0]
	}
	return bytes.Join(parts, nil)
}
