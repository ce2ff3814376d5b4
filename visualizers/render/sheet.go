package render

import (
	"image"

	"golang.org/x/image/draw"

	"picasso/visualizers/render/plate"
)

// Caption is the text around an exported picture; empty parts take no room.
type Caption struct {
	Title string // above the picture: "Occlusion of all images"
	Unit  string // under the colour bar: "drop in P(tank) when this spot is covered"
	Note  string // last: what Describe said, settings
}

// SheetCell is one picture of a contact sheet; Image nil leaves the place empty.
type SheetCell struct {
	Image image.Image
	Label string
}

// Sheet lays out rows of pictures with labels over one shared colour bar: the
// classic table of images × best classes. Every picture is fitted, with its
// proportions, into a square of size pixels. A scale without colours leaves the
// bar out, for rows that have scales of their own.
func Sheet(rows [][]SheetCell, size int, s Scale, c Caption) (*image.RGBA, error) {
	size = max(size, 1)
	columns := 0
	for _, row := range rows {
		columns = max(columns, len(row))
	}
	p, err := newPage(columns*(size+blockGap) - blockGap)
	if err != nil {
		return nil, err
	}
	p.paragraph(p.text, c.Title)
	for _, row := range rows {
		p.add(size+p.small.Height(), func(dst *image.RGBA, x, y int) {
			for i, cell := range row {
				cell.draw(dst, x+i*(size+blockGap), y, size, p.small)
			}
		})
	}
	if s.Colors.Title != "" {
		p.scale(s)
	}
	p.paragraph(p.text, s.Range.Axis(c.Unit))
	p.paragraph(p.small, c.Note)
	return p.image(), nil
}

func (c SheetCell) draw(dst *image.RGBA, x, y, size int, l plate.Lettering) {
	if c.Image != nil && !c.Image.Bounds().Empty() {
		place := fitted(c.Image.Bounds().Size(), size).Add(image.Pt(x, y))
		scaler := draw.Scaler(draw.BiLinear)
		if place.Dx() >= c.Image.Bounds().Dx() {
			scaler = draw.NearestNeighbor // enlarged pixels stay pixels
		}
		scaler.Scale(dst, place, c.Image, c.Image.Bounds(), draw.Over, nil)
	}
	l.Write(dst, x, y+size, l.Shorten(c.Label, size))
}

// fitted is where a picture lies centred in a square.
func fitted(picture image.Point, size int) image.Rectangle {
	longest := max(picture.X, picture.Y)
	w, h := max(1, picture.X*size/longest), max(1, picture.Y*size/longest)
	return image.Rect(0, 0, w, h).Add(image.Pt((size-w)/2, (size-h)/2))
}
