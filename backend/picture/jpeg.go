package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"io"

	dct "picasso/backend/picture/dicom/jpeg"
)

// decodeJPEG decodes grey and colour as libjpeg does, to the last bit: with
// interpolated chroma, for so does every library that models are trained with,
// and a model's answer can hang on it. Go's own decoder repeats chroma; it takes
// what is left: four inks, and damaged files, for their message.
func decodeJPEG(data []byte, size image.Config) (image.Image, error) {
	short := false
	if size.ColorModel != color.CMYKModel {
		m, err := dct.DecodeRows(data, 3*size.Width*size.Height)
		if err == nil {
			defer m.Close()
		}
		short = err == nil && m.Truncated
		if err == nil && m.Precision == 8 && !m.Lossless && !m.Truncated {
			switch m.Components {
			case 1:
				return jpegGrey(m), nil
			case 3:
				return jpegColors(m), nil
			}
		}
	}
	m, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil && short {
		return nil, io.ErrUnexpectedEOF
	}
	return m, err
}

func jpegGrey(m *dct.Rows) *image.Gray {
	out := image.NewGray(image.Rect(0, 0, m.Width, m.Height))
	m.Read(out.Pix, 0, m.Height, false)
	return out
}

// jpegColors makes red, green and blue of three components, by the rules of
// libjpeg: a marker says what they are, else the name that each has.
func jpegColors(m *dct.Rows) *colors {
	out := &colors{width: m.Width, height: m.Height, pix: lent(3 * m.Width * m.Height)}
	already := m.Transform == dct.None || m.Transform == dct.Unsaid && string(m.Names) == "RGB"
	m.Read(out.pix, 0, m.Height, !already)
	return out
}

func clamp8(v int32) uint8 { return uint8(min(max(v, 0), 255)) }

// jpegPixel is how many bytes a pixel takes while a JPEG is decoded: planes as large as
// the header says, of coefficients of 16 bits where these come in several passes, and what
// is made of them. Four inks go through
// Go's decoder, which keeps 32 bits of a progressive picture.
func jpegPixel(data []byte, size image.Config) int64 {
	marker, factors := jpegFrame(data)
	if size.ColorModel == color.CMYKModel {
		if marker == 0xc2 {
			return 27
		}
		return 11
	}
	if factors == nil {
		return 3 * (2 + 4 + 1) // as much as any takes
	}
	planes, largest, each := 0, 1, 1
	for _, f := range factors {
		largest = max(largest, f)
		planes += f
	}
	if marker == 0xc2 {
		each = 2 // which are gone before the pixels are made; the planes are no larger than these
	}
	return int64((each*planes+largest-1)/largest + len(factors))
}

// jpegFrame finds the header of a JPEG's frame: its kind, and how many samples
// each component has in the smallest unit.
func jpegFrame(data []byte) (marker byte, factors []int) {
	for p := data[min(2, len(data)):]; len(p) >= 4 && p[0] == 0xff; {
		size := int(binary.BigEndian.Uint16(p[2:]))
		switch {
		case p[1] == 0xff: // padding
			p = p[1:]
			continue
		case size < 2 || len(p) < 2+size || p[1] == 0xda:
			return 0, nil
		case p[1] >= 0xc0 && p[1] <= 0xc3 && size >= 8:
			for c := p[10 : 2+size]; len(c) >= 3 && len(factors) < int(p[9]); c = c[3:] {
				factors = append(factors, int(c[1]>>4)*int(c[1]&15))
			}
			return p[1], factors
		}
		p = p[2+size:]
	}
	return 0, nil
}
