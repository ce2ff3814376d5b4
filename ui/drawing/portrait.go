package drawing

import (
	"image"
	"image/color"
	"picasso/backend/infer"
)

// Portrait shows a model's input tensor (C×H×W) as a picture: the smallest
// value of the whole tensor black, the largest white, three channels as red,
// green and blue, any other number by the first channel alone.
func Portrait(t infer.Tensor) *image.RGBA {
	c, h, w := t.Shape[0], t.Shape[1], t.Shape[2]
	lo, hi := bounds(t.Data)
	gain := float32(0)
	if hi > lo {
		gain = 255 / (hi - lo)
	}
	at := func(ch, i int) uint8 { return uint8((t.Data[ch*h*w+i]-lo)*gain + 0.5) }
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range h * w {
		px := color.RGBA{at(0, i), at(0, i), at(0, i), 255}
		if c == 3 {
			px.G, px.B = at(1, i), at(2, i)
		}
		out.SetRGBA(i%w, i/w, px)
	}
	return out
}

// bounds are the smallest and largest finite values.
func bounds(v []float32) (lo, hi float32) {
	first := true
	for _, x := range v {
		if x-x != 0 { // NaN or infinite
			continue
		}
		if first {
			lo, hi, first = x, x, false
		}
		lo, hi = min(lo, x), max(hi, x)
	}
	return lo, hi
}
