package scenes

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
)

// develop takes the photograph: lens falloff, exposure, contrast, colour cast,
// then the scene's own pixels with grain.
func develop(c *canvas, l *layout, r *rand.Rand) *image.RGBA {
	exposure := between(r, 0.88, 1.10)
	contrast := between(r, 0.85, 1.2)
	cast := rgb{between(r, 0.96, 1.04), 1, between(r, 0.95, 1.05)}
	grain := between(r, 0.008, 0.022)
	falloff := between(r, 0.05, 0.2)

	size := c.size / oversample
	out := image.NewRGBA(image.Rect(0, 0, size, size))
	for y := range size {
		for x := range size {
			col := c.average(x, y)
			dx, dy := float64(x)/float64(size)-0.5, float64(y)/float64(size)-0.5
			col = col.times(cast).scaled(exposure * (1 - falloff*2*(dx*dx+dy*dy)))
			luma := grain * r.NormFloat64()
			tone := func(v float64) uint8 {
				v = curve(clamp(v, 0, 1.6), contrast) + luma + 0.4*grain*r.NormFloat64()
				return uint8(math.Round(255 * clamp(v, 0, 1)))
			}
			out.SetRGBA(x, y, color.RGBA{tone(col.r), tone(col.g), tone(col.b), 255})
		}
	}
	return out
}

// average is the mean of the canvas pixels under a scene pixel.
func (c *canvas) average(x, y int) rgb {
	var sum rgb
	for dy := range oversample {
		for dx := range oversample {
			sum = sum.plus(c.pix[(y*oversample+dy)*c.size+x*oversample+dx])
		}
	}
	return sum.scaled(1.0 / (oversample * oversample))
}

// curve is the film's response: steeper in the middle for contrast above 1,
// with highlights that roll off instead of clipping.
func curve(v, contrast float64) float64 {
	if v > 0.8 {
		v = 0.8 + 0.2*(1-math.Exp(-(v-0.8)/0.2))
	}
	return 0.5 + (v-0.5)*(1+(contrast-1)*(1-4*(v-0.5)*(v-0.5)))
}
