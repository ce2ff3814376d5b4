package explain

import (
	"image"

	"picasso/ui/drawing"
)

// ground is the picture under a map, in its colours and, once it was asked for,
// without them.
type ground struct {
	colour, grey  *image.RGBA
	colourfulness float64
}

func newGround(m *image.RGBA) ground {
	return ground{colour: m, colourfulness: drawing.Colourfulness(m)}
}

// under is the picture as a display asks for it where a map lies on it.
func (g *ground) under(d drawing.Display, mapped bool) *image.RGBA {
	if !mapped || !d.Greyed(g.colourfulness) {
		return g.colour
	}
	if g.grey == nil {
		g.grey = drawing.Grey(g.colour)
	}
	return g.grey
}
