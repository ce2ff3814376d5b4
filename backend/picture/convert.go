package picture

import (
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"slices"
)

// FromImage converts a decoded image. Transparency is laid over white, and the
// image's Notes say so.
func FromImage(name string, m image.Image) *Image {
	out, err := convert(name, m)
	if err != nil { // only a palette without the colours its pixels ask for
		out = blank(name, m.Bounds().Dx(), m.Bounds().Dy(), 3)
		out.px.u8 = make([]uint8, 3*out.Width*out.Height)
		out.Notes = []string{err.Error() + ": shown black"}
	}
	switch m.(type) { // whose pixels are the caller's
	case *image.Gray:
		out.px.u8 = slices.Clone(out.px.u8)
	case *image.NRGBA:
		if out.clear != nil {
			out.clear.px.u8 = slices.Clone(out.clear.px.u8)
		}
	}
	return out
}

func blank(name string, w, h, channels int) *Image {
	return &Image{Name: name, Width: w, Height: h, Channels: channels, Range: [2]float32{0, 255}}
}

var errPalette = errors.New("a pixel asks for a colour that the palette does not have")

// convert reads the pixels of every kind of image that the decoders make.
func convert(name string, src image.Image) (*Image, error) {
	b := src.Bounds()
	w, h := b.Dx(), b.Dy()
	if w < 1 || h < 1 {
		return nil, fmt.Errorf("the picture has %d×%d pixels", w, h)
	}
	switch s := src.(type) {
	case *colors:
		m := blank(name, w, h, 3)
		m.px.u8 = s.pix
		return m, nil
	case *image.Gray:
		m := blank(name, w, h, 1)
		m.px.u8 = contiguous(s.Pix, s.Stride, w, h, s.PixOffset(b.Min.X, b.Min.Y))
		return m, nil
	case *image.Gray16:
		m := blank(name, w, h, 1)
		m.px.u16 = make([]uint16, w*h)
		for y := range h {
			src := s.Pix[s.PixOffset(b.Min.X, b.Min.Y+y):]
			for x := range w {
				m.px.u16[y*w+x] = binary.BigEndian.Uint16(src[2*x:])
			}
		}
		return m, nil
	case *image.Paletted:
		return convertPaletted(name, s)
	case *image.YCbCr:
		return convertYCbCr(name, s), nil
	case *image.RGBA64, *image.NRGBA64:
		return convertDeep(name, src), nil
	}
	return convertColor(name, src), nil
}

// contiguous are the bytes of h rows of n, without a copy where nothing lies
// between them.
func contiguous(pix []uint8, stride, n, h, from int) []uint8 {
	if stride == n {
		return pix[from : from+n*h]
	}
	out := make([]uint8, 0, n*h)
	for y := range h {
		out = append(out, pix[from+y*stride:][:n]...)
	}
	return out
}

// convertPaletted looks every index up ourselves: image libraries read past
// the end of a short palette and crash (CVE-2023-36308). A palette of greys
// makes a grey image.
func convertPaletted(name string, s *image.Paletted) (*Image, error) {
	b := s.Bounds()
	w, h := b.Dx(), b.Dy()
	colors, grey, clear := flatten(s.Palette)
	channels := 3
	if grey {
		channels = 1
	}
	m := blank(name, w, h, channels)
	m.px.u8 = make([]uint8, 0, w*h*channels)
	seen := false
	for y := range h {
		i := s.PixOffset(b.Min.X, b.Min.Y+y)
		for _, index := range s.Pix[i : i+w] {
			if int(index) >= len(colors) {
				return nil, errPalette
			}
			m.px.u8 = append(m.px.u8, colors[index][:channels]...)
			seen = seen || clear[index]
		}
	}
	if seen {
		m.keepAlpha(s, false)
	}
	return m, nil
}

// flatten lays a palette over white and tells whether all colours are grey and
// which are transparent.
func flatten(p color.Palette) (colors [][3]uint8, grey bool, clear []bool) {
	colors, grey, clear = make([][3]uint8, len(p)), len(p) > 0, make([]bool, len(p))
	for i, c := range p {
		r, g, bl, a := c.RGBA()
		if colors[i] = [3]uint8{over8(r, a), over8(g, a), over8(bl, a)}; a == 0xffff {
			colors[i] = [3]uint8{uint8(r >> 8), uint8(g >> 8), uint8(bl >> 8)} // TIFF spreads 8 bits by 256 or by 257
		}
		grey = grey && colors[i][0] == colors[i][1] && colors[i][1] == colors[i][2]
		clear[i] = a != 0xffff
	}
	return colors, grey, clear
}

func convertYCbCr(name string, s *image.YCbCr) *Image {
	b := s.Bounds()
	m := blank(name, b.Dx(), b.Dy(), 3)
	m.px.u8 = make([]uint8, 3*m.Width*m.Height)
	i := 0
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			l, c := s.YOffset(x, y), s.COffset(x, y)
			m.px.u8[i], m.px.u8[i+1], m.px.u8[i+2] = color.YCbCrToRGB(s.Y[l], s.Cb[c], s.Cr[c])
			i += 3
		}
	}
	return m
}

// convertDeep reads 16-bit colour.
func convertDeep(name string, s image.Image) *Image {
	b := s.Bounds()
	m := blank(name, b.Dx(), b.Dy(), 3)
	m.px.u16 = make([]uint16, 3*m.Width*m.Height)
	at := deepReader(s)
	i, seen := 0, false
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			r, g, bl, a := at(x, y).RGBA()
			m.px.u16[i], m.px.u16[i+1], m.px.u16[i+2] = over(r, a), over(g, a), over(bl, a)
			seen = seen || a != 0xffff
			i += 3
		}
	}
	if seen {
		m.keepAlpha(s, true)
	}
	return m
}

// deepReader avoids an allocation for every pixel: colours without premultiplied
// alpha come as they are, and others as RGBA does.
func deepReader(src image.Image) func(x, y int) deepColor {
	switch s := src.(type) {
	case *image.NRGBA64:
		return func(x, y int) deepColor { return deepColor{s.NRGBA64At(x, y), false} }
	case *image.RGBA64:
		return func(x, y int) deepColor { return deepColor{color.NRGBA64(s.RGBA64At(x, y)), true} }
	}
	return func(x, y int) deepColor {
		return deepColor{color.NRGBA64Model.Convert(src.At(x, y)).(color.NRGBA64), false}
	}
}

// deepColor is a colour of 16 bits.
type deepColor struct {
	color.NRGBA64
	premultiplied bool
}

func (c deepColor) RGBA() (r, g, b, a uint32) {
	if c.premultiplied {
		return color.RGBA64(c.NRGBA64).RGBA()
	}
	return c.NRGBA64.RGBA()
}

// convertColor reads 8-bit colour of any kind: RGB, CMYK, with and without
// transparency.
func convertColor(name string, src image.Image) *Image {
	b := src.Bounds()
	m := blank(name, b.Dx(), b.Dy(), 3)
	m.px.u8 = make([]uint8, 3*m.Width*m.Height)
	at := colorReader(src)
	i, seen := 0, false
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			r, g, bl, a := at(x, y)
			m.px.u8[i], m.px.u8[i+1], m.px.u8[i+2] = over8(r, a), over8(g, a), over8(bl, a)
			seen = seen || a != 0xffff
			i += 3
		}
	}
	if seen {
		m.keepAlpha(src, false)
	}
	return m
}

// colorReader avoids an allocation for every pixel of the common kinds.
func colorReader(src image.Image) func(x, y int) (r, g, b, a uint32) {
	switch s := src.(type) {
	case *image.NRGBA:
		return func(x, y int) (r, g, b, a uint32) { return s.NRGBAAt(x, y).RGBA() }
	case *image.RGBA:
		return func(x, y int) (r, g, b, a uint32) { return s.RGBAAt(x, y).RGBA() }
	case *image.CMYK:
		return func(x, y int) (r, g, b, a uint32) { return s.CMYKAt(x, y).RGBA() }
	}
	return func(x, y int) (r, g, b, a uint32) { return src.At(x, y).RGBA() }
}

// over lays a premultiplied 16-bit value over white.
func over(v, a uint32) uint16 { return uint16(min(v+0xffff-a, 0xffff)) }

func over8(v, a uint32) uint8 { return uint8((uint32(over(v, a)) + 128) / 257) }

// onScreen puts a GIF frame that is smaller than the picture at its place.
func onScreen(src image.Image, size image.Config) image.Image {
	p, ok := src.(*image.Paletted)
	screen := image.Rect(0, 0, size.Width, size.Height)
	if !ok || p.Rect == screen || !p.Rect.In(screen) {
		return src
	}
	for _, index := range p.Pix {
		if int(index) >= len(p.Palette) {
			return src // convert reports it
		}
	}
	out := image.NewNRGBA(screen)
	draw.Draw(out, p.Rect, p, p.Rect.Min, draw.Src)
	return out
}
