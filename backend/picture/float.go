package picture

import "math"

// NewFloat makes an image from raw values, row by row, channels interleaved.
// It keeps pix. Range is that of the finite values; change it where black and
// white are known better.
func NewFloat(name string, w, h, channels int, pix []float32) *Image {
	lo, hi := float32(math.Inf(1)), float32(math.Inf(-1))
	for _, v := range pix {
		if finite(v) {
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	if lo > hi {
		lo, hi = 0, 255
	}
	return &Image{Name: name, Width: w, Height: h, Channels: channels, Range: [2]float32{lo, hi}, px: storage{f32: pix}}
}
