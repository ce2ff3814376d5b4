package picture

import (
	"image"
	"image/color"
)

// opaque is the alpha of a pixel that hides what is behind it.
const opaque = 255

// colorsAlpha is the number of channels of a picture with transparency.
const colorsAlpha = 4

// WithAlpha is the picture as four channels: red, green and blue as the file
// holds them, not laid over white, and alpha from 0 (clear) to 255 (opaque).
// Pictures without transparency are opaque everywhere.
func (m *Image) WithAlpha() *Image {
	if m.Channels == colorsAlpha {
		return m
	}
	if m.clear != nil {
		return m.clear
	}
	out := m.like(m.Width, m.Height, colorsAlpha)
	out.Scan = m.Scan
	n := m.Width * m.Height
	if p := m.px.u8; p != nil {
		out.px.u8 = addAlpha(p, n, m.Channels)
	} else {
		out.px.f32 = addAlpha(m.floats(), n, m.Channels)
	}
	return out
}

// addAlpha makes opaque pixels of grey or coloured ones.
func addAlpha[T uint8 | float32](p []T, n, channels int) []T {
	out := make([]T, 0, n*colorsAlpha)
	for i := range n {
		pixel := p[i*channels : (i+1)*channels]
		out = append(out, pixel[0], pixel[min(1, channels-1)], pixel[channels-1], opaque)
	}
	return out
}

// keepAlpha notes that a picture has transparent pixels, and keeps what lies
// under the white.
func (m *Image) keepAlpha(src image.Image, deep bool) {
	m.Notes = append(m.Notes, "transparent parts are laid over white")
	out := m.like(m.Width, m.Height, colorsAlpha)
	b, n := src.Bounds(), m.Width*m.Height*colorsAlpha
	if s, ok := src.(*image.NRGBA); ok { // the common kind, as it is
		out.px.u8 = contiguous(s.Pix, s.Stride, m.Width*colorsAlpha, m.Height, s.PixOffset(b.Min.X, b.Min.Y))
		m.clear = out
		return
	}
	at := deepReader(src)
	if deep {
		out.px.u16 = make([]uint16, 0, n)
	} else {
		out.px.u8 = make([]uint8, 0, n)
	}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if deep {
				c := at(x, y)
				if c.premultiplied {
					c.NRGBA64 = color.NRGBA64Model.Convert(color.RGBA64(c.NRGBA64)).(color.NRGBA64)
				}
				out.px.u16 = append(out.px.u16, c.R, c.G, c.B, c.A)
			} else {
				c := color.NRGBAModel.Convert(src.At(x, y)).(color.NRGBA)
				out.px.u8 = append(out.px.u8, c.R, c.G, c.B, c.A)
			}
		}
	}
	m.clear = out
}

// resizeClear resizes colours in proportion to their alpha, so that what is
// clear gives no colour to its neighbours, as the Python Imaging Library does.
func (m *Image) resizeClear(w, h int, f Filter) *Image {
	out := m.like(m.Width, m.Height, colorsAlpha)
	if m.px.u8 != nil {
		out.px.u8 = premultiplied(m.px.u8)
	} else {
		out.px.f32 = premultipliedFloats(m.floats())
	}
	out = out.resize(w, h, f, true)
	if out.px.u8 != nil {
		divideByAlpha(out.px.u8)
	} else {
		divideFloatsByAlpha(out.px.f32)
	}
	return out
}

func premultiplied(p []uint8) []uint8 {
	out := make([]uint8, len(p))
	for i := 0; i < len(p); i += colorsAlpha {
		a := uint32(p[i+3])
		for c := range 3 {
			v := uint32(p[i+c])*a + 128
			out[i+c] = uint8((v>>8 + v) >> 8)
		}
		out[i+3] = p[i+3]
	}
	return out
}

func divideByAlpha(p []uint8) {
	for i := 0; i < len(p); i += colorsAlpha {
		a := uint32(p[i+3])
		if a == 0 || a == opaque {
			continue
		}
		for c := range 3 {
			p[i+c] = uint8(min(opaque*uint32(p[i+c])/a, opaque))
		}
	}
}

func premultipliedFloats(p []float32) []float32 {
	out := make([]float32, len(p))
	for i := 0; i < len(p); i += colorsAlpha {
		for c := range 3 {
			out[i+c] = p[i+c] * p[i+3] / opaque
		}
		out[i+3] = p[i+3]
	}
	return out
}

func divideFloatsByAlpha(p []float32) {
	for i := 0; i < len(p); i += colorsAlpha {
		if a := p[i+3]; a > 0 {
			for c := range 3 {
				p[i+c] *= opaque / a
			}
		}
	}
}
