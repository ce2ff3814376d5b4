package render

import (
	"image"
	"image/color"
)

// Bar paints a colour map as a strip of w×h pixels: low values left in a wide
// strip, at the bottom in a tall one. A flat range shows the one colour that
// its value has.
func Bar(w, h int, cm ColorMap, r Range) *image.RGBA {
	dst := image.NewRGBA(image.Rect(0, 0, max(w, 0), max(h, 0)))
	at := func(i, n int) color.RGBA {
		if r.sound().Flat() {
			return cm.At(0.5)
		}
		return cm.At((float64(i) + 0.5) / float64(n))
	}
	for y := range max(h, 0) {
		for x := range max(w, 0) {
			if w >= h {
				dst.SetRGBA(x, y, at(x, w))
			} else {
				dst.SetRGBA(x, y, at(h-1-y, h))
			}
		}
	}
	return dst
}
