package tiff

import (
	"bytes"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
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

// block reads strip or tile i and gives rows rows of it, unpacked.
func (f *File) block(ctx context.Context, p *Page, i, rows int) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	want := rows * p.rowBytes()
	at, n := int64(min(p.offsets[i], 1<<62)), int64(want)
	if i < len(p.counts) && p.counts[i] > 0 {
		n = int64(min(p.counts[i], 1<<62))
	} else if p.compression != compressionNone {
		n = max(f.size-at, 0)
	}
	if p.compression == compressionNone {
		n = min(n, int64(want)) // more than belongs to it
	}
	if p.compression == compressionNone && n < int64(want) || at > f.size || n > f.size-at {
		return nil, short()
	}
	if p.most(n) < int64(want) {
		return nil, damaged("%d bytes cannot hold a part of %d", n, want)
	}
	raw, err := f.bytes(at, n)
	if err != nil {
		return nil, err
	}
	if p.reversed && !p.fax() {
		for i, b := range raw {
			raw[i] = bits.Reverse8(b)
		}
	}
	return p.unpack(ctx, raw, want, rows)
}

// unpack gives want bytes of pixels.
func (p *Page) unpack(ctx context.Context, raw []byte, want, rows int) ([]byte, error) {
	switch p.compression {
	case compressionNone:
		return raw, nil
	case compressionPackBits:
		return unpackBits(raw, want)
	case compressionJPEG:
		return p.unpackJPEG(raw, want, rows)
	}
	var r io.Reader
	switch p.compression {
	case compressionLZW:
		if len(raw) > 1 && raw[0] == 0 && raw[1]&1 != 0 {
			return nil, unsupported("compressed by LZW as before TIFF 5.0, which is not read", "save it again with the program that made it")
		}
		z := lzw.NewReader(bytes.NewReader(raw), lzw.MSB, 8)
		defer z.Close()
		r = z
	case compressionDeflate, compressionDeflateOld:
		z, err := zlib.NewReader(bytes.NewReader(raw))
		if err != nil {
			return nil, damaged("a part cannot be unpacked (%v)", err)
		}
		r = z
	default:
		format := ccitt.Group3
		if p.compression == compressionGroup4 {
			format = ccitt.Group4
		}
		order := ccitt.MSB
		if p.reversed {
			order = ccitt.LSB
		}
		r = ccitt.NewReader(bytes.NewReader(raw), order, format, p.blockWidth, rows, &ccitt.Options{Invert: true})
	}
	out := make([]byte, want)
	for done := 0; done < want; { // in pieces, so that it can be cancelled
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		n, err := io.ReadFull(r, out[done:min(done+1<<20, want)])
		done += n
		switch {
		case done == want:
		case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
			return nil, damaged("a part unpacks to %d bytes where %d belong", done, want)
		case err != nil:
			return nil, damaged("a part cannot be unpacked (%v)", err)
		}
	}
	return out, nil
}

// unpackBits undoes PackBits: a count, then bytes as they are or one to repeat.
func unpackBits(raw []byte, want int) ([]byte, error) {
	out := make([]byte, 0, want)
	for len(raw) > 1 && len(out) < want {
		n := int(int8(raw[0]))
		switch {
		case n >= 0:
			n = min(n+1, len(raw)-1)
			out = append(out, raw[1:1+n]...)
			raw = raw[1+n:]
		case n > -128:
			for range 1 - n {
				out = append(out, raw[1])
			}
			raw = raw[2:]
		default:
			raw = raw[1:]
		}
	}
	if len(out) < want {
		return nil, damaged("a part unpacks to %d bytes where %d belong", len(out), want)
	}
	return out[:want], nil
}

// unpackJPEG decodes a stream whose tables may stand in the directory. Chroma
// becomes colour where the page says so.
func (p *Page) unpackJPEG(raw []byte, want, rows int) ([]byte, error) {
	if len(p.tables) > 4 && len(raw) > 2 { // between the marks of begin and end
		joined := append([]byte(nil), p.tables[:len(p.tables)-2]...)
		raw = append(joined, raw[2:]...)
	}
	channels := p.together()
	m, err := jpeg.DecodeRows(raw, p.blockWidth*max(p.blockHeight, rows)*max(channels, 3))
	switch {
	case errors.Is(err, jpeg.ErrUnsupported):
		return nil, unsupported("with "+err.Error(), "save it uncompressed, or compressed by LZW or Deflate")
	case err != nil:
		return nil, damaged("%v", err)
	case m.Truncated:
		return nil, damaged("a part ends too early")
	case m.Components != channels || m.Width < p.blockWidth || m.Height < rows || m.Precision != 8:
		return nil, damaged("a part has %d×%d pixels of %d samples where %d×%d of %d belong", m.Width, m.Height, m.Components, p.blockWidth, rows, channels)
	}
	out := make([]byte, 0, want)
	line := make([]uint16, m.Width*channels)
	for y := range rows {
		m.Row(y, line)
		for _, v := range line[:p.blockWidth*channels] {
			out = append(out, uint8(v))
		}
	}
	if p.Photometric == YCbCr && channels == 3 {
		for i := 0; i+2 < len(out); i += 3 {
			jpeg.Color(out[i:i+3], int32(out[i]), int32(out[i+1])-128, int32(out[i+2])-128)
		}
	}
	if len(out) != want {
		return nil, fmt.Errorf("%d bytes for %d", len(out), want)
	}
	return out, nil
}
