package render

import (
	"image"
	"image/draw"
)

// Overlay draws f on a copy of base, at the base's own resolution. The result
// starts at 0, 0.
func Overlay(base *image.RGBA, f Field, at Rect, s Style) *image.RGBA {
	size := base.Bounds().Size()
	dst := image.NewRGBA(image.Rectangle{Max: size})
	draw.Draw(dst, dst.Rect, base, base.Bounds().Min, draw.Src)
	if p, ok := newPainter(size.X, size.Y, f, at, s); ok {
		p.paint(dst)
	}
	return dst
}

// Heat draws f alone on a transparent picture of w×h pixels: what a window
// lays over a picture that does not change.
func Heat(w, h int, f Field, at Rect, s Style) *image.RGBA {
	dst := image.NewRGBA(image.Rect(0, 0, max(w, 0), max(h, 0)))
	if p, ok := newPainter(w, h, f, at, s); ok {
		p.paint(dst)
	}
	return dst
}
