package tiff

import (
	"bufio"
	"compress/zlib"
	"errors"
	"io"
	"math/bits"

	"golang.org/x/image/ccitt"
	"golang.org/x/image/tiff/lzw"

	"picasso/backend/picture/dicom/jpeg"
)

// Ways of compression.
const (
	compressionNone       = 1
	compressionGroup3     = 3
	compressionGroup4     = 4
	compressionLZW        = 5
	compressionJPEG       = 7
	compressionDeflate    = 8
	compressionDeflateOld = 32946
	compressionPackBits   = 32773
)

// most is how many bytes n compressed ones can stand for.
func (p *Page) most(n int64) int64 {
	switch p.compression {
	case compressionNone:
		return n
	case compressionDeflate, compressionDeflateOld:
		return 1032 * n
	case compressionPackBits:
		return 64 * n // two bytes for 128
	case compressionLZW:
		return 4096 * n // 12 bits for a string of the longest kind
	case compressionJPEG:
		return 8 * 64 * int64(p.together()) * n // a bit for a block
	}
	return 8 * int64(p.rowBytes()) * n // of a fax: a bit for a row
}

// rows reads a strip or tile row by row, unpacked.
type rows func(row []byte) error

// open begins to read strip or tile i, which has n rows.
func (f *File) open(p *Page, i, n int) (rows, error) {
	want := int64(n) * int64(p.rowBytes())
	at, size := int64(min(p.offsets[i], 1<<62)), want
	switch {
	case i < len(p.counts) && p.counts[i] > 0:
		size = int64(min(p.counts[i], 1<<62))
	case p.compression != compressionNone:
		size = max(f.size-at, 0)
	}
	if p.compression == compressionNone {
		size = min(size, want) // more than belongs to it
	}
	if at > f.size || size > f.size-at || p.compression == compressionNone && size < want {
		return nil, short()
	}
	if p.most(size) < want {
		return nil, damaged("%d bytes cannot hold a part of %d", size, want)
	}
	if p.compression == compressionJPEG {
		raw, err := f.bytes(at, size)
		if err != nil {
			return nil, err
		}
		return p.openJPEG(raw, n)
	}
	r, err := p.reader(io.NewSectionReader(f.r, at, size), n)
	if err != nil {
		return nil, err
	}
	return func(row []byte) error {
		if n, err := io.ReadFull(r, row); err != nil {
			return unpacked(n, err)
		}
		return nil
	}, nil
}

// unpacked says why a part does not give all that belongs to it.
func unpacked(n int, err error) error {
	var own *Error
	switch {
	case errors.As(err, &own):
		return own
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return damaged("a part unpacks to less than belongs to it")
	}
	return damaged("a part cannot be unpacked (%v)", err)
}

// reader unpacks a part of n rows.
func (p *Page) reader(raw *io.SectionReader, n int) (io.Reader, error) {
	packed := io.Reader(bufio.NewReader(raw))
	if p.reversed && !p.fax() {
		packed = bufio.NewReader(mirrored{packed})
	}
	switch p.compression {
	case compressionNone:
		return packed, nil
	case compressionPackBits:
		return &packBits{r: packed.(*bufio.Reader)}, nil
	case compressionLZW:
		if head, err := packed.(*bufio.Reader).Peek(2); err == nil && head[0] == 0 && head[1]&1 != 0 {
			return nil, unsupported("compressed by LZW as before TIFF 5.0, which is not read", "save it again with the program that made it")
		}
		return lzw.NewReader(packed, lzw.MSB, 8), nil
	case compressionDeflate, compressionDeflateOld:
		z, err := zlib.NewReader(packed)
		if err != nil {
			return nil, damaged("a part cannot be unpacked (%v)", err)
		}
		return z, nil
	}
	format, order := ccitt.Group3, ccitt.MSB
	if p.compression == compressionGroup4 {
		format = ccitt.Group4
	}
	if p.reversed {
		order = ccitt.LSB
	}
	// The code's white is zero, whatever the page shows as white.
	return ccitt.NewReader(packed, order, format, p.blockWidth, n, &ccitt.Options{Invert: true}), nil
}

// mirrored reverses the bits of every byte.
type mirrored struct{ r io.Reader }

func (m mirrored) Read(b []byte) (int, error) {
	n, err := m.r.Read(b)
	for i, v := range b[:n] {
		b[i] = bits.Reverse8(v)
	}
	return n, err
}

// packBits undoes PackBits: a count, then bytes as they are or one to repeat.
type packBits struct {
	r      *bufio.Reader
	plain  int // bytes to come as they are
	repeat int // times that the byte is to come
	value  byte
}

func (p *packBits) Read(b []byte) (int, error) {
	for p.plain == 0 && p.repeat == 0 {
		count, err := p.r.ReadByte()
		if err != nil {
			return 0, err
		}
		switch n := int(int8(count)); {
		case n >= 0:
			p.plain = n + 1
		case n > -128:
			if p.value, err = p.r.ReadByte(); err != nil {
				return 0, err
			}
			p.repeat = 1 - n
		}
	}
	if p.plain > 0 {
		n, err := p.r.Read(b[:min(len(b), p.plain)])
		p.plain -= n
		return n, err
	}
	n := min(len(b), p.repeat)
	for i := range n {
		b[i] = p.value
	}
	p.repeat -= n
	return n, nil
}

// openJPEG decodes a stream whose tables may stand in the directory. Chroma
// becomes colour where the page says so.
func (p *Page) openJPEG(raw []byte, n int) (rows, error) {
	if len(p.tables) > 4 && len(raw) > 2 { // between the marks of begin and end
		raw = append(append([]byte(nil), p.tables[:len(p.tables)-2]...), raw[2:]...)
	}
	channels := p.together()
	m, err := jpeg.DecodeRows(raw, p.blockWidth*max(p.blockHeight, n)*max(channels, 3))
	switch {
	case errors.Is(err, jpeg.ErrUnsupported):
		return nil, unsupported("with "+err.Error(), "save it uncompressed, or compressed by LZW or Deflate")
	case err != nil:
		return nil, damaged("%v", err)
	case m.Truncated:
		return nil, damaged("a part ends too early")
	case m.Components != channels || m.Width < p.blockWidth || m.Height < n || m.Precision != 8:
		return nil, damaged("a part has %d×%d pixels of %d samples where %d×%d of %d belong", m.Width, m.Height, m.Components, p.blockWidth, n, channels)
	}
	y, colors := 0, p.Photometric == YCbCr && channels == 3
	whole := make([]byte, m.Width*channels)
	return func(row []byte) error {
		m.Read(whole, y, 1, colors)
		y++
		copy(row, whole)
		return nil
	}, nil
}
