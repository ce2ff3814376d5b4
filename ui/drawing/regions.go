package drawing

import (
	"image"
	"image/color"

	"picasso/backend/mask"
)

// regionColours tell regions apart, also for most who see colours differently
// (Okabe and Ito 2008); after the last comes the first again.
var regionColours = []color.RGBA{
	{0, 158, 115, 255}, {230, 159, 0, 255}, {86, 180, 233, 255}, {204, 121, 167, 255}, {240, 228, 66, 255}, {213, 94, 0, 255}, {0, 114, 178, 255},
}

// RegionColour is the colour of the region of a value, which is not 0.
func RegionColour(value uint8) color.RGBA {
	return regionColours[(int(value)-1)%len(regionColours)]
}

// Regions is a layer with regions to lie over a picture: their insides lightly,
// the pixels at their borders in full.
func Regions(r *mask.Regions) *image.RGBA {
	const light = 56 // of 255
	m := image.NewRGBA(image.Rect(0, 0, r.Width, r.Height))
	at := func(x, y int) uint8 {
		if x < 0 || y < 0 || x >= r.Width || y >= r.Height {
			return 0
		}
		return r.Pixels[y*r.Width+x]
	}
	for i, v := range r.Pixels {
		if v == 0 {
			continue
		}
		x, y := i%r.Width, i/r.Width
		c := RegionColour(v)
		if at(x-1, y) == v && at(x+1, y) == v && at(x, y-1) == v && at(x, y+1) == v {
			for _, b := range []*uint8{&c.R, &c.G, &c.B, &c.A} {
				*b = uint8(int(*b) * light / 255)
			}
		}
		m.SetRGBA(x, y, c)
	}
	return m
}
