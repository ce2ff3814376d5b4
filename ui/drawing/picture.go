package drawing

import (
	"image"
	"image/color"

	"picasso/visualizers"
)

// Picture is what a visualizer made, from black to full bright as its range says.
// What is no number is black.
func Picture(p *visualizers.Picture) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, p.Width, p.Height))
	black, bright := p.Ends()
	n := p.Width * p.Height
	for i := range n {
		var rgb [3]uint8
		for c := range rgb {
			if v := (p.Values[min(c, p.Channels-1)*n+i] - black) / (bright - black); v > 0 {
				rgb[c] = uint8(min(v, 1)*255 + 0.5)
			}
		}
		m.SetRGBA(i%p.Width, i/p.Width, color.RGBA{rgb[0], rgb[1], rgb[2], 255})
	}
	return m
}
