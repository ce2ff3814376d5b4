package picture

import (
	"bytes"
	"image"
	"image/jpeg"
	"io"

	dct "picasso/backend/picture/dicom/jpeg"
)

// maxExactJPEG bounds the pixels of a JPEG that is decoded as [decodeJPEG] says;
// larger ones take the way that needs less memory.
const maxExactJPEG = 1 << 26

// decodeJPEG decodes grey and colour as libjpeg does, to the last bit: with
// interpolated chroma, for so does every library that models are trained with,
// and a model's answer can hang on it. Go's own decoder repeats chroma; it takes
// what is left: four inks, and damaged files, for their message.
func decodeJPEG(r io.Reader) (image.Image, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	size, err := jpeg.DecodeConfig(bytes.NewReader(data))
	short := false
	if err == nil && size.Width <= maxExactJPEG/size.Height {
		m, err := dct.Decode(data, 3*size.Width*size.Height)
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

func jpegGrey(m *dct.Image) *image.Gray {
	out := image.NewGray(image.Rect(0, 0, m.Width, m.Height))
	for i, v := range m.Pix {
		out.Pix[i] = uint8(v)
	}
	return out
}

// jpegColors makes red, green and blue of three components, by the rules of
// libjpeg: a marker says what they are, else the name that each has.
func jpegColors(m *dct.Image) *colors {
	out := &colors{width: m.Width, height: m.Height, pix: make([]uint8, len(m.Pix))}
	if m.Transform == dct.None || m.Transform == dct.Unsaid && string(m.Names) == "RGB" {
		for i, v := range m.Pix {
			out.pix[i] = uint8(v)
		}
		return out
	}
	for i := 0; i+2 < len(m.Pix); i += 3 {
		jfif(out.pix[i:i+3], int32(m.Pix[i]), int32(m.Pix[i+1])-128, int32(m.Pix[i+2])-128)
	}
	return out
}

// jfif converts one pixel (JFIF 1.02; factors in 1/65536). Luma is 0…255, chroma
// -128…127.
func jfif(dst []uint8, y, cb, cr int32) {
	const half = 1 << 15
	dst[0] = clamp8(y + (91881*cr+half)>>16)
	dst[1] = clamp8(y + (-22554*cb-46802*cr+half)>>16)
	dst[2] = clamp8(y + (116130*cb+half)>>16)
}

func clamp8(v int32) uint8 { return uint8(min(max(v, 0), 255)) }
