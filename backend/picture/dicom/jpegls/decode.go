package jpegls

import (
	"encoding/binary"
	"fmt"
)

// Markers.
const (
	markerRST0  = 0xd0
	markerSOI   = 0xd8
	markerEOI   = 0xd9
	markerSOS   = 0xda
	markerDRI   = 0xdd
	markerAPP8  = 0xe8
	markerSOF55 = 0xf7
	markerLSE   = 0xf8
)

// decoder holds the parameters while the markers are read.
type decoder struct {
	data   []byte
	pos    int
	limit  int
	image  *Image
	ids    []byte // of the components
	done   []bool
	preset preset
	planes []plane // by component
	uneven bool    // their sizes differ

	transform transform
	interval  int // rows of blocks between restart markers, 0 for none
}

// preset is the coding parameters a stream may set; zero is the default.
type preset struct{ maxValue, t1, t2, t3, reset int }

// Decode reads one picture. Its width × height × components may not exceed
// limit. A stream that ends within the picture's data gives the picture so far
// with [Image.Truncated] set.
func Decode(data []byte, limit int) (*Image, error) {
	d := &decoder{data: data, limit: limit}
	if len(data) < 2 || data[0] != 0xff || data[1] != markerSOI {
		return nil, fmt.Errorf("%w: it does not begin like one", errSyntax)
	}
	d.pos = 2
	if err := d.markers(); err != nil {
		return nil, err
	}
	return d.image, nil
}

func (d *decoder) markers() error {
	for !d.complete() {
		marker, body, ok := d.segment()
		if !ok || marker == markerEOI {
			break
		}
		if err := d.apply(marker, body); err != nil {
			return err
		}
	}
	if d.image == nil || d.image.Pix == nil {
		return errNoImage
	}
	d.image.Truncated = d.image.Truncated || !d.complete()
	if d.uneven {
		d.spread()
	}
	if d.transform != 0 {
		d.transform.undo(d.image)
	}
	return nil
}

func (d *decoder) complete() bool {
	for _, done := range d.done {
		if !done {
			return false
		}
	}
	return d.done != nil
}

// segment finds the next marker and takes its parameters.
func (d *decoder) segment() (byte, []byte, bool) {
	for d.pos+1 < len(d.data) && (d.data[d.pos] != 0xff || d.data[d.pos+1] < 0x80 || d.data[d.pos+1] == 0xff) {
		d.pos++
	}
	if d.pos+4 > len(d.data) {
		return 0, nil, false
	}
	marker, n := d.data[d.pos+1], int(binary.BigEndian.Uint16(d.data[d.pos+2:]))
	if marker == markerEOI || n < 2 || d.pos+2+n > len(d.data) {
		return marker, nil, marker == markerEOI
	}
	body := d.data[d.pos+4 : d.pos+2+n]
	d.pos += 2 + n
	return marker, body, true
}

func (d *decoder) apply(marker byte, body []byte) error {
	switch {
	case marker == markerSOF55:
		return d.startFrame(body)
	case marker == markerLSE:
		return d.parameters(body)
	case marker == markerSOS:
		return d.scan(body)
	case marker == markerDRI:
		return d.restarts(body)
	case marker == markerAPP8 && len(body) == 5 && string(body[:4]) == "mrfx":
		return d.colours(body[4])
	case marker >= 0xc0 && marker <= 0xcf && marker != 0xc4:
		return fmt.Errorf("%w: it is another kind of JPEG", ErrUnsupported)
	}
	return nil
}

// restarts reads the interval of restart markers, a number of two to four bytes
// (T.87 C.2.5).
func (d *decoder) restarts(b []byte) error {
	if len(b) < 2 || len(b) > 4 {
		return fmt.Errorf("%w: an interval of restart markers of %d bytes", errSyntax, len(b))
	}
	d.interval = 0
	for _, v := range b {
		d.interval = d.interval<<8 | int(v)
	}
	return nil
}

// colours reads which transform the colours have gone through. It stands
// before or behind the frame header, and is checked when there are samples.
func (d *decoder) colours(id byte) error {
	if id > 3 {
		return fmt.Errorf("%w: colour transform %d", ErrUnsupported, id)
	}
	d.transform = transform(id)
	return nil
}

// startFrame reads the frame header.
func (d *decoder) startFrame(b []byte) error {
	if d.image != nil {
		return fmt.Errorf("%w: a second picture inside the first", errSyntax)
	}
	if len(b) < 6 || len(b) < 6+3*int(b[5]) || b[5] == 0 || b[5] > 4 {
		return fmt.Errorf("%w: its header is too short", errSyntax)
	}
	m := &Image{Precision: int(b[0]), Components: int(b[5])}
	m.Height, m.Width = int(binary.BigEndian.Uint16(b[1:])), int(binary.BigEndian.Uint16(b[3:]))
	if m.Width == 0 || m.Height == 0 || m.Precision < 2 || m.Precision > 16 {
		return fmt.Errorf("%w: a picture of %d×%d samples of %d bits", errSyntax, m.Width, m.Height, m.Precision)
	}
	if m.Width*m.Height > d.limit/m.Components {
		return fmt.Errorf("%w: %d×%d samples in %d components", ErrTooLarge, m.Width, m.Height, m.Components)
	}
	for i := range m.Components {
		p := plane{across: int(b[7+3*i] >> 4), block: int(b[7+3*i] & 15)}
		if p.across < 1 || p.across > 4 || p.block < 1 || p.block > 4 {
			return fmt.Errorf("%w: a component of %d×%d samples in a block", errSyntax, p.across, p.block)
		}
		d.ids, d.planes = append(d.ids, b[6+3*i]), append(d.planes, p)
	}
	d.done = make([]bool, m.Components)
	d.image = m
	d.measure()
	return nil
}

// parameters reads preset coding parameters.
func (d *decoder) parameters(b []byte) error {
	if len(b) < 11 || b[0] != 1 {
		return fmt.Errorf("%w: mapping tables or sizes over 65535", ErrUnsupported)
	}
	at := func(i int) int { return int(binary.BigEndian.Uint16(b[i:])) }
	d.preset = preset{at(1), at(3), at(5), at(7), at(9)}
	return nil
}

// scan reads a scan header and the data behind it.
func (d *decoder) scan(b []byte) error {
	if d.image == nil || len(b) < 1 || b[0] == 0 || len(b) < 4+2*int(b[0]) {
		return fmt.Errorf("%w: a scan header", errSyntax)
	}
	n := int(b[0])
	parts := make([]int, 0, n)
	for i := range n {
		p, err := d.component(b[1+2*i])
		if err != nil {
			return err
		}
		if b[2+2*i] != 0 {
			return fmt.Errorf("%w: mapping tables", ErrUnsupported)
		}
		parts = append(parts, p)
	}
	near, interleave, shift := int(b[1+2*n]), int(b[2+2*n]), uint(b[3+2*n]&15)
	c, err := newCoding(d.image.Precision, near, d.preset)
	if err != nil {
		return err
	}
	if interleave > 2 || interleave == 0 && n > 1 || int(shift) >= d.image.Precision {
		return fmt.Errorf("%w: %d components interleaved in way %d", errSyntax, n, interleave)
	}
	bySample := interleave == 2 && n > 1
	if err := d.checkScan(bySample); err != nil {
		return err
	}
	if d.image.Pix == nil {
		d.allocate()
	}
	s := &scanner{coding: c, bits: bitReader{data: d.data, pos: d.pos}, planes: d.planes, parts: parts, shift: shift, interval: d.interval}
	s.run(bySample)
	d.pos = s.bits.end()
	d.image.Truncated = d.image.Truncated || s.cut
	d.image.Near = max(d.image.Near, near)
	return nil
}

// checkScan refuses what cannot be put together.
func (d *decoder) checkScan(bySample bool) error {
	switch m := d.image; {
	case bySample && d.uneven:
		return fmt.Errorf("%w: components of different size, sample by sample", errSyntax)
	case d.transform != 0 && (m.Components != 3 || d.uneven || m.Precision != 8 && m.Precision != 16):
		return fmt.Errorf("%w: colour transform %d of %d components of %d bits", ErrUnsupported, d.transform, m.Components, m.Precision)
	}
	return nil
}

// component is the index of the component with this identifier, which must
// not have come before.
func (d *decoder) component(id byte) (int, error) {
	for i, have := range d.ids {
		if have == id && !d.done[i] {
			d.done[i] = true
			return i, nil
		}
	}
	return 0, fmt.Errorf("%w: a scan of a component that does not exist or came before", errSyntax)
}
