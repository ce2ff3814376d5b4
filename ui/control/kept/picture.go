package kept

import (
	"bytes"
	"image"
	"image/draw"
	"image/jpeg"

	"github.com/disintegration/imaging"
)

const (
	// Side is the longer side of a small picture in pixels.
	Side = 160
	// asIs is up to how many bytes pixels are kept as they are: small pictures
	// are made of patterns that JPEG would blur.
	asIs    = 16 << 10
	quality = 90
)

// Picture is a small picture in few bytes. It never changes.
type Picture struct {
	pixels *image.RGBA // nil where jpeg is used
	jpeg   []byte
}

// Shrink makes a small picture of an opaque one by averaging, so that fine
// patterns do not flicker. Large pictures take some milliseconds.
func Shrink(m *image.RGBA) Picture {
	if m.Rect.Dx() > Side || m.Rect.Dy() > Side {
		small := imaging.Fit(m, Side, Side, imaging.Box)
		m = &image.RGBA{Pix: small.Pix, Stride: small.Stride, Rect: small.Rect} // the picture is opaque
	}
	if 4*m.Rect.Dx()*m.Rect.Dy() <= asIs {
		own := image.NewRGBA(image.Rectangle{Max: m.Rect.Size()})
		draw.Draw(own, own.Rect, m, m.Rect.Min, draw.Src)
		return Picture{pixels: own}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: quality}); err != nil {
		return Picture{pixels: m} // it cannot fail on a buffer, for no side is too long
	}
	return Picture{jpeg: bytes.Clone(b.Bytes())}
}

// Open is the picture to draw; nil where there is none. It is not to be changed.
func (p Picture) Open() *image.RGBA {
	if p.jpeg == nil {
		return p.pixels
	}
	m, err := jpeg.Decode(bytes.NewReader(p.jpeg))
	if err != nil {
		return nil
	}
	out := image.NewRGBA(image.Rectangle{Max: m.Bounds().Size()})
	draw.Draw(out, out.Rect, m, m.Bounds().Min, draw.Src)
	return out
}

// Bytes is how much the picture takes.
func (p Picture) Bytes() int {
	const header = 64
	if p.pixels != nil {
		return header + len(p.pixels.Pix)
	}
	return header + len(p.jpeg)
}
