package render

import (
	"image"

	"golang.org/x/image/draw"
)

// Caption is the text around an exported picture; empty parts take no room.
type Caption struct {
	Title string // above the picture: "tank.png: occlusion of tank 0.97"
	Unit  string // under the colour bar: "drop in P(tank) when this spot is covered"
	Note  string // last: what Describe said, settings
}

// Figure lays out a picture (usually from [Overlay]), its colour bar and the
// text for export, on white. The picture keeps its pixels; one that is narrow
// is enlarged by a whole number.
func Figure(picture *image.RGBA, s Scale, c Caption) (*image.RGBA, error) {
	size := picture.Bounds().Size()
	if size.X > 0 {
		size = size.Mul(max(1, leastWidth/size.X))
	}
	p, err := newPage(size.X)
	if err != nil {
		return nil, err
	}
	p.paragraph(p.text, c.Title)
	p.add(size.Y, func(dst *image.RGBA, x, y int) {
		place := image.Rectangle{Max: size}.Add(image.Pt(x+(p.width-size.X)/2, y))
		draw.NearestNeighbor.Scale(dst, place, picture, picture.Bounds(), draw.Over, nil)
	})
	p.scale(s)
	p.paragraph(p.text, s.Range.Axis(c.Unit))
	p.paragraph(p.small, c.Note)
	return p.image(), nil
}
