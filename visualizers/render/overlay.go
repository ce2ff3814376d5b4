package render

import "image"

// Overlay draws f on a copy of base, at the base's own resolution.
func Overlay(base *image.RGBA, f Field, at Rect, s Style) *image.RGBA { return base }

// Heat draws f alone on a transparent picture of w×h pixels: what a window
// lays over a picture that does not change.
func Heat(w, h int, f Field, at Rect, s Style) *image.RGBA {
	return image.NewRGBA(image.Rect(0, 0, w, h))
}
