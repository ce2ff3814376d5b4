package dicom

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"io"
	"strings"

	"picasso/backend/picture/dicom/jpeg"
	"picasso/backend/picture/dicom/jpeg2000"
	"picasso/backend/picture/dicom/jpegls"
	"picasso/backend/picture/dicom/rle"
	"picasso/backend/picture/inflate"
)

// samples is one frame's samples as the file stores them, before masking.
type samples struct {
	*pixels
	precision int // bits of a sample as coded
	data      []byte
	bit       int // of the first sample in data, for one-bit pixels
	order     binary.ByteOrder
	swapped   bool     // bytes lie in 16-bit words of big endian
	pix       []uint16 // instead of data, interleaved
	planes    bool     // samples of one colour after the other
	rgb       bool     // the decoder knows them to be red, green and blue
	ybr       bool     // the decoder knows them to be luma and chroma
	lossy     bool     // values may lie beyond the stored bits by coding errors
	warning   string
}

// decode decodes frame i.
func (p *pixels) decode(i int, order binary.ByteOrder, word bool) (*samples, error) {
	s := &samples{pixels: p, precision: p.allocated, order: order, planes: p.planar}
	if p.native != nil {
		first := i * p.frameBits()
		s.data, s.bit = p.native[first/8:], first%8
		s.swapped = word && order == binary.BigEndian && p.allocated <= 8
		if s.swapped {
			s.data, s.bit = p.native, first
		}
		return s, nil
	}
	stream := joined(p.coded[i])
	if n := p.rows * p.columns * p.samples; n > unlikely && len(stream) < n/4096 {
		return nil, damaged("declares %d×%d pixels and has %d bytes for them", p.columns, p.rows, len(stream))
	}
	var err error
	switch p.coding {
	case codingRLE:
		err = s.rle(stream)
	case codingDeflate:
		err = s.inflate(stream)
	case codingJPEG:
		err = s.jpeg(stream)
	case codingJPEGLS:
		err = s.jpegls(stream)
	case codingJPEG2000:
		err = s.jpeg2000(stream)
	default:
		err = p.refused()
	}
	return s, err
}

// unlikely is the number of samples beyond which a picture must have a sensible
// amount of data, so that a tiny file does not cost gigabytes.
const unlikely = 1 << 25

const warnStream = "the compressed picture ends too early; the rest is not what it should be"

func (s *samples) rle(stream []byte) error {
	if size := s.frameBits() / 8; size/64 > len(stream)+1 {
		return damaged("ends before its picture")
	}
	pixels, width := s.rows*s.columns, s.allocated/8
	if s.allocated == 1 { // eight pixels in a byte
		pixels, width = (pixels+7)/8, 1
	}
	data, err := rle.Decode(stream, pixels, s.pixels.samples, width)
	if errors.Is(err, rle.ErrTruncated) {
		s.warning, err = warnStream, nil
	}
	if err != nil {
		return undecoded("run-length", err)
	}
	s.data, s.order, s.planes = data, binary.LittleEndian, false
	return nil
}

// inflate unpacks a deflated frame of native pixels, to its own size and the
// padding byte.
func (s *samples) inflate(stream []byte) error {
	size := int64(s.frameBits()+7) / 8
	data, err := inflate.All(func() (io.Reader, error) {
		return io.LimitReader(flate.NewReader(bytes.NewReader(stream)), size), nil
	}, size)
	if len(data) == 0 {
		return damaged("has deflated pixels that cannot be unpacked (%v)", err)
	}
	if int64(len(data)) < size {
		s.warning = warnStream
	}
	s.data, s.order = data, binary.LittleEndian
	return nil
}

func (s *samples) jpeg(stream []byte) error {
	m, err := jpeg.Decode(stream, s.rows*s.columns*s.pixels.samples)
	if err != nil {
		return undecoded("JPEG", err)
	}
	s.pix, s.precision, s.planes = m.Pix, m.Precision, false
	s.rgb, s.ybr = m.Transform == jpeg.None, m.Transform == jpeg.YCbCr && !m.Lossless
	s.lossy = !m.Lossless
	if m.Truncated {
		s.warning = warnStream
	}
	return s.fits(m.Width, m.Height, m.Components)
}

func (s *samples) jpegls(stream []byte) error {
	m, err := jpegls.Decode(stream, s.rows*s.columns*s.pixels.samples)
	if err != nil {
		return undecoded("JPEG-LS", err)
	}
	s.pix, s.precision, s.planes = m.Pix, m.Precision, false
	s.lossy = m.Near > 0
	if m.Truncated {
		s.warning = warnStream
	}
	return s.fits(m.Width, m.Height, m.Components)
}

func (s *samples) jpeg2000(stream []byte) error {
	m, err := jpeg2000.Decode(stream, s.rows*s.columns*s.pixels.samples)
	if err != nil {
		return undecoded("JPEG 2000", err)
	}
	s.pix, s.precision, s.planes = m.Pix, m.Precision, false
	s.rgb = m.Converted
	s.lossy = !m.Lossless || strings.HasSuffix(s.syntax.uid, ".91") || strings.HasSuffix(s.syntax.uid, ".93")
	if m.Truncated {
		s.warning = warnStream
	}
	return s.fits(m.Width, m.Height, m.Components)
}

// fits checks a stream's size against the file's.
func (s *samples) fits(width, height, components int) error {
	if width != s.columns || height != s.rows || components != s.pixels.samples {
		return damaged("declares %d×%d pixels of %d samples and holds a stream of %d×%d pixels of %d samples",
			s.columns, s.rows, s.pixels.samples, width, height, components)
	}
	return nil
}

func undecoded(kind string, err error) error {
	return &Error{"has " + kind + " pixels that cannot be decoded (" + err.Error() + ")", "export it uncompressed", err}
}

// row copies the stored samples of a row to dst, columns×samples of them,
// masked and with their sign. Samples the file does not have are 0.
func (s *samples) row(y int, dst []int64) {
	n := s.columns * s.pixels.samples
	switch {
	case s.pix != nil:
		for i, v := range s.pix[y*n : (y+1)*n] {
			dst[i] = int64(v)
		}
	case s.subsampled():
		s.pairs(y, dst)
	case s.planes:
		for c := range s.pixels.samples {
			first := (c*s.rows + y) * s.columns
			for x := range s.columns {
				dst[x*s.pixels.samples+c] = s.at(first + x)
			}
		}
	default:
		s.line(y*n, dst[:n])
	}
	s.mask(dst[:n])
}

// line reads samples that follow each other.
func (s *samples) line(first int, dst []int64) {
	if s.allocated == 16 && len(s.data) >= 2*(first+len(dst)) {
		b := s.data[2*first:]
		if s.order == binary.BigEndian {
			for i := range dst {
				dst[i] = int64(binary.BigEndian.Uint16(b[2*i:]))
			}
			return
		}
		for i := range dst {
			dst[i] = int64(binary.LittleEndian.Uint16(b[2*i:]))
		}
		return
	}
	for i := range dst {
		dst[i] = s.at(first + i)
	}
}

// at is the i-th sample in the order of the file.
func (s *samples) at(i int) int64 {
	switch s.allocated {
	case 1:
		i += s.bit
		at := i / 8
		if s.swapped {
			at ^= 1
		}
		if at < len(s.data) {
			return int64(s.data[at] >> (i % 8) & 1)
		}
	case 8:
		if s.swapped {
			i = (i + s.bit/8) ^ 1
		}
		if i < len(s.data) {
			return int64(s.data[i])
		}
	case 16:
		if 2*i+2 <= len(s.data) {
			return int64(s.order.Uint16(s.data[2*i:]))
		}
	default:
		if 4*i+4 <= len(s.data) {
			return int64(s.order.Uint32(s.data[4*i:]))
		}
	}
	return 0
}

// pairs reads a row of uncompressed 4:2:2: two luma, then the chroma of both.
func (s *samples) pairs(y int, dst []int64) {
	width := s.columns + s.columns%2
	for x := range s.columns {
		group := (y*width + x&^1) * 2
		dst[3*x] = s.at(group + x&1)
		dst[3*x+1], dst[3*x+2] = s.at(group+2), s.at(group+3)
	}
}

// mask takes the stored bits out of the coded ones and extends their sign.
// Bits outside may hold overlays or garbage, but of values coded with loss
// they are part of what overshoots.
func (s *samples) mask(row []int64) {
	shift := uint(max(0, min(s.high+1, s.precision)-s.stored))
	bits := uint(s.stored)
	if s.lossy {
		shift, bits = 0, uint(max(s.stored, s.precision))
	}
	keep := int64(1)<<bits - 1
	if shift == 0 && s.precision <= int(bits) && !s.signed {
		return
	}
	half := int64(0)
	if s.signed {
		half = 1 << (bits - 1)
	}
	for i, v := range row {
		row[i] = (v >> shift & keep) ^ half - half
	}
}
