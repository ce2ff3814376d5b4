package viewer

import (
	"image/color"
	"slices"

	"fyne.io/fyne/v2"
)

// frameColour is that of the outline of a part: unlike measurements, crosshairs and maps.
var frameColour = color.NRGBA{R: 0, G: 200, B: 150, A: 255}

// corners are a closed line through four points of a picture.
type corners struct {
	at    [][2]float64 // in picture pixels; the middle of the first one is at 0.5
	sides [4]*stroke
}

func newCorners() *corners {
	c := &corners{}
	for i := range c.sides {
		c.sides[i] = newStroke()
		c.sides[i].paint(frameColour)
	}
	return c
}

func (c *corners) objects() []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for _, s := range c.sides {
		out = append(out, s.dark, s.light)
	}
	return out
}

// SetOutline draws a closed line through four points of the picture, around the part that
// something is about; nil draws none. The middle of the first pixel is at 0.5.
func (v *Image) SetOutline(at [][2]float64) {
	if !slices.Equal(at, v.part.at) {
		v.part.at = at
		v.arrange()
	}
}

// Outline is what [Image.SetOutline] was given last.
func (v *Image) Outline() [][2]float64 { return v.part.at }

// arrange puts the line in its place in v, which shows a picture or not.
func (c *corners) arrange(v *Image, on bool) {
	on = on && len(c.at) == len(c.sides)
	for i, s := range c.sides {
		if on {
			from, to := c.at[i], c.at[(i+1)%len(c.at)]
			s.put(v.positionOf(from[0], from[1]), v.positionOf(to[0], to[1]))
		}
		s.show(on)
	}
}
