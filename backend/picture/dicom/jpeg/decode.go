package jpeg

import (
	"encoding/binary"
	"fmt"

	"picasso/backend/picture/kernel"
)

// Markers.
const (
	markerSOF0  = 0xc0
	markerSOF1  = 0xc1
	markerSOF2  = 0xc2
	markerSOF3  = 0xc3
	markerDHT   = 0xc4
	markerJPG   = 0xc8
	markerDAC   = 0xcc
	markerSOF15 = 0xcf
	markerRST0  = 0xd0
	markerRST7  = 0xd7
	markerSOI   = 0xd8
	markerEOI   = 0xd9
	markerSOS   = 0xda
	markerDQT   = 0xdb
	markerDRI   = 0xdd
	markerAPP0  = 0xe0
	markerAPP14 = 0xee
	markerTEM   = 0x01
)

// decoder holds the tables and the frame while the markers are read.
type decoder struct {
	data    []byte
	pos     int
	limit   int
	quant   [4][64]uint16 // in zigzag order
	dc, ac  [4]*huffman
	restart int // MCUs between restart markers, or 0
	scans   int // read so far
	frame   *frame
	image   Image
	lent    *lent
}

// Decode reads one picture. Its width × height × components may not exceed
// limit. A stream that ends within the picture's data gives the picture so far
// with [Image.Truncated] set.
func Decode(data []byte, limit int) (*Image, error) {
	d, err := read(data, limit)
	if err != nil {
		return nil, err
	}
	defer d.lent.giveBack()
	return d.frame.finish(&d.image), nil
}

// Rows is a decoded picture of up to 8 bits whose components are brought to its size row
// by row, on demand, which takes half the memory.
type Rows struct {
	Image // without Pix

	planes kernel.Planes[uint8]
	lent   *lent
}

// DecodeRows is [Decode] for pictures that are read row by row. There are no rows to
// read of a picture whose Precision is above 8.
func DecodeRows(data []byte, limit int) (*Rows, error) {
	d, err := read(data, limit)
	if err != nil {
		return nil, err
	}
	d.frame.describe(&d.image)
	r := &Rows{Image: d.image, lent: d.lent}
	if d.image.Precision <= 8 {
		r.planes = planes(d.frame, (*component).narrow)
	}
	return r, nil
}

// Close leaves the memory of the planes to other pictures: there are no rows to read
// afterwards.
func (r *Rows) Close() {
	if r.lent != nil {
		r.lent.giveBack()
	}
	r.planes, r.lent = kernel.Planes[uint8]{}, nil
}

// Read writes count rows, from row number from on, pixel by pixel, as they are coded; with
// colors, the three components are luma and chroma and become red, green and blue.
func (r *Rows) Read(dst []uint8, from, count int, colors bool) {
	r.planes.Colors = colors
	r.planes.Rows(dst, from, count)
}

// read decodes the planes of a picture.
func read(data []byte, limit int) (*decoder, error) {
	d := &decoder{data: data, limit: limit, lent: waiting.Get().(*lent)}
	if len(data) < 2 || data[0] != 0xff || data[1] != markerSOI {
		return nil, fmt.Errorf("%w: it does not begin like one", errSyntax)
	}
	d.pos = 2
	if err := d.markers(); err != nil {
		return nil, err
	}
	if d.frame == nil || !d.frame.started() {
		return nil, errNoImage
	}
	if d.frame.progressive {
		d.transform()
	}
	return d, nil
}

// markers reads segment after segment until the picture is complete.
func (d *decoder) markers() error {
	for {
		marker, ok := d.next()
		switch {
		case !ok || marker == markerEOI:
			if d.frame != nil && (!ok && d.frame.progressive || !d.frame.complete()) {
				d.image.Truncated = true
			}
			return nil
		case marker == markerSOI || marker == markerTEM || marker >= markerRST0 && marker <= markerRST7:
			continue
		}
		body, ok := d.segment()
		if !ok {
			d.image.Truncated = true
			return nil
		}
		if err := d.apply(marker, body); err != nil {
			return err
		}
		if marker == markerSOS && d.frame.complete() && !d.frame.progressive {
			return nil
		}
	}
}

// next finds the next marker, skipping what is none.
func (d *decoder) next() (byte, bool) {
	for d.pos+1 < len(d.data) {
		if d.data[d.pos] == 0xff && d.data[d.pos+1] != 0 && d.data[d.pos+1] != 0xff {
			d.pos += 2
			return d.data[d.pos-1], true
		}
		d.pos++
	}
	return 0, false
}

// segment takes the parameters that follow a marker.
func (d *decoder) segment() ([]byte, bool) {
	if d.pos+2 > len(d.data) {
		return nil, false
	}
	n := int(binary.BigEndian.Uint16(d.data[d.pos:]))
	if n < 2 || d.pos+n > len(d.data) {
		return nil, false
	}
	body := d.data[d.pos+2 : d.pos+n]
	d.pos += n
	return body, true
}

func (d *decoder) apply(marker byte, body []byte) error {
	switch {
	case marker >= markerSOF0 && marker <= markerSOF3:
		return d.startFrame(marker, body)
	case marker == markerDHT:
		return d.huffmanTables(body)
	case marker == markerDQT:
		return d.quantTables(body)
	case marker == markerSOS:
		return d.scan(body)
	case marker == markerDRI && len(body) >= 2:
		d.restart = int(binary.BigEndian.Uint16(body))
	case marker == markerAPP0 && len(body) >= 5 && string(body[:5]) == "JFIF\x00":
		if d.image.Transform == Unsaid {
			d.image.Transform = YCbCr
		}
	case marker == markerAPP14 && len(body) >= 12 && string(body[:5]) == "Adobe":
		d.image.Transform = None
		if body[11] == 1 {
			d.image.Transform = YCbCr
		}
	case marker >= markerSOF0 && marker <= markerSOF15 && marker != markerJPG || marker == markerDAC:
		return fmt.Errorf("%w: process %d", ErrUnsupported, marker-markerSOF0)
	}
	return nil
}

func (d *decoder) quantTables(body []byte) error {
	for len(body) > 0 {
		wide, id := body[0]>>4, body[0]&15
		n := 64 << wide
		if wide > 1 || id > 3 || len(body) < 1+n {
			return fmt.Errorf("%w: a quantization table", errSyntax)
		}
		for i := range 64 {
			if wide == 1 {
				d.quant[id][i] = binary.BigEndian.Uint16(body[1+2*i:])
			} else {
				d.quant[id][i] = uint16(body[1+i])
			}
		}
		body = body[1+n:]
	}
	return nil
}

func (d *decoder) huffmanTables(body []byte) error {
	for len(body) >= 17 {
		class, id := body[0]>>4, body[0]&15
		if class > 1 || id > 3 {
			return fmt.Errorf("%w: a Huffman table", errSyntax)
		}
		h, err := d.lent.table(class, id, body[1:])
		if err != nil {
			return fmt.Errorf("%w: a Huffman table", errSyntax)
		}
		if class == 0 {
			d.dc[id] = h
		} else {
			d.ac[id] = h
		}
		body = body[1+len(h.coded):]
	}
	return nil
}
