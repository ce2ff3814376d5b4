package picture

import (
	"image"
	"image/color"

	"picasso/backend/picture/dicom"
)

// Screen is the image as [Image.RGBA] shows it, or [Image.Windowed] where a window
// is given, with one byte for a grey pixel, and colours that are made when they are
// asked for: for writing a large picture to a file without a second copy. It may
// not be used by several goroutines, nor be changed.
func (m *Image) Screen(w *dicom.Window) image.Image {
	box := image.Rect(0, 0, m.Width, m.Height)
	if m.Channels > 1 {
		return &screen{m: m, scale: m.scale()}
	}
	grey := &image.Gray{Stride: m.Width, Rect: box}
	switch own := m.Scan != nil && m.Range == m.Scan.ends(); {
	case m.Scan != nil && w != nil:
		grey.Pix = m.render(*w, m.Scan.Inverted)
	case own:
		grey.Pix = m.render(m.Scan.Window, m.Scan.Inverted)
	case m.px.u8 != nil && m.Range == [2]float32{0, 255}:
		grey.Pix = m.px.u8
	default:
		grey.Pix = make([]uint8, m.Width*m.Height)
		row, scale := make([]float32, m.Width), m.scale()
		for y := range m.Height {
			m.Row(y, row)
			for x, v := range row {
				grey.Pix[y*m.Width+x] = byteOf((v - m.Range[0]) * scale)
			}
		}
	}
	return grey
}

// scale brings the range to 0…255.
func (m *Image) scale() float32 {
	if d := m.Range[1] - m.Range[0]; d != 0 {
		return 255 / d
	}
	return 0
}

// screen is colours of an image that are made when they are asked for.
type screen struct {
	m     *Image
	scale float32
	pixel rgb // the one asked for last
}

// rgb is an opaque colour.
type rgb [3]uint8

func (c *rgb) RGBA() (r, g, b, a uint32) {
	return 0x101 * uint32(c[0]), 0x101 * uint32(c[1]), 0x101 * uint32(c[2]), 0xffff
}

func (s *screen) ColorModel() color.Model { return color.RGBAModel }

func (s *screen) Bounds() image.Rectangle { return image.Rect(0, 0, s.m.Width, s.m.Height) }

// Opaque saves encoders from looking.
func (s *screen) Opaque() bool { return true }

func (s *screen) At(x, y int) color.Color {
	if s.m.px.u8 != nil && s.m.Range == [2]float32{0, 255} {
		copy(s.pixel[:], s.m.px.u8[(y*s.m.Width+x)*s.m.Channels:])
		return &s.pixel
	}
	for c := range s.pixel {
		s.pixel[c] = byteOf((s.m.At(x, y, c) - s.m.Range[0]) * s.scale)
	}
	return &s.pixel
}
