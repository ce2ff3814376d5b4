package picture

import (
	"bytes"
	"encoding/binary"
)

// upright is the EXIF orientation of a picture that need not be turned.
const upright = 1

const (
	tagOrientation = 0x0112
	maxTags        = 1 << 12
)

// tiffHeader reads byte order and the place of the first directory.
func tiffHeader(data []byte) (order binary.ByteOrder, first uint32, ok bool) {
	switch {
	case len(data) < 8:
		return nil, 0, false
	case string(data[:4]) == "II*\x00":
		order = binary.LittleEndian
	case string(data[:4]) == "MM\x00*":
		order = binary.BigEndian
	default:
		return nil, 0, false
	}
	return order, order.Uint32(data[4:]), true
}

// tiffOrientation reads the orientation from the first directory of a TIFF
// file, which is also the form of an EXIF block.
func tiffOrientation(data []byte) int {
	if v := tiffTag(data, tagOrientation); v >= 1 && v <= 8 {
		return v
	}
	return upright
}

// tiffTag is a short value of the first directory, 0 where it has none.
func tiffTag(data []byte, tag uint16) int {
	order, at, ok := tiffHeader(data)
	if !ok || uint64(at)+2 > uint64(len(data)) {
		return 0
	}
	tags := data[at+2:]
	for range min(int(order.Uint16(data[at:])), maxTags) {
		if len(tags) < 12 {
			break
		}
		if order.Uint16(tags) == tag {
			return int(order.Uint16(tags[8:]))
		}
		tags = tags[12:]
	}
	return 0
}

// jpegOrientation finds the EXIF block among the segments before the pixels.
func jpegOrientation(data []byte) int {
	for p := data[2:]; len(p) >= 4 && p[0] == 0xff; {
		marker, size := p[1], int(binary.BigEndian.Uint16(p[2:]))
		if marker == 0xff { // padding
			p = p[1:]
			continue
		}
		if marker == 0xda || size < 2 || len(p) < 2+size {
			break
		}
		if body, ok := bytes.CutPrefix(p[4:2+size], []byte("Exif\x00\x00")); marker == 0xe1 && ok {
			return tiffOrientation(body)
		}
		p = p[2+size:]
	}
	return upright
}

// pngOrientation finds the eXIf chunk.
func pngOrientation(data []byte) int {
	for p := data[8:]; len(p) >= 12; {
		size := int(binary.BigEndian.Uint32(p))
		if size < 0 || size > len(p)-12 {
			break
		}
		if string(p[4:8]) == "eXIf" {
			return tiffOrientation(p[8 : 8+size])
		}
		p = p[12+size:]
	}
	return upright
}

// webpOrientation finds the EXIF chunk of a RIFF file.
func webpOrientation(data []byte) int {
	for p := data[12:]; len(p) >= 8; {
		size := int(binary.LittleEndian.Uint32(p[4:]))
		if size < 0 || size > len(p)-8 {
			break
		}
		if string(p[:4]) == "EXIF" {
			return tiffOrientation(bytes.TrimPrefix(p[8:8+size], []byte("Exif\x00\x00")))
		}
		p = p[min(8+size+size%2, len(p)):]
	}
	return upright
}

// gifFrames counts the pictures of an animation, up to 2.
func gifFrames(data []byte) int {
	if len(data) < 13 {
		return 1
	}
	p := skipPalette(data[13:], data[10])
	frames := 0
	for len(p) > 1 && frames < 2 {
		switch p[0] {
		case 0x21: // extension: label, blocks
			p = skipBlocks(p[2:])
		case 0x2c: // picture: place and size, palette, code size, blocks
			frames++
			if len(p) < 11 {
				return frames
			}
			p = skipPalette(p[10:], p[9])
			p = skipBlocks(p[min(1, len(p)):])
		default:
			return frames
		}
	}
	return frames
}

func skipPalette(p []byte, flags byte) []byte {
	if flags&0x80 == 0 {
		return p
	}
	return p[min(3<<(flags&7+1), len(p)):]
}

func skipBlocks(p []byte) []byte {
	for len(p) > 0 && p[0] != 0 {
		p = p[min(int(p[0])+1, len(p)):]
	}
	return p[min(1, len(p)):]
}
