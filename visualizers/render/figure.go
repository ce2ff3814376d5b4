package render

import "image"

// Caption is the text around an exported picture.
type Caption struct {
	Title string // above the picture: "tank.png · occlusion · tank 0.97"
	Unit  string // under the colour bar: "drop in P(tank) when this spot is covered"
	Note  string // last line: what Describe said, settings
}

// Figure lays out a picture (usually from [Overlay]), its colour bar and the
// text for export. The picture keeps its pixels, enlarged by a whole number
// when it is smaller than the text needs.
func Figure(picture *image.RGBA, s Scale, c Caption) *image.RGBA { return picture }

// SheetCell is one picture of a contact sheet; Image nil leaves the place empty.
type SheetCell struct {
	Image image.Image
	Label string
}

// Sheet lays out rows of pictures with labels over one shared colour bar: the
// classic table of images × best classes. Every picture is fitted into a square
// of size pixels.
func Sheet(rows [][]SheetCell, size int, s Scale, c Caption) *image.RGBA {
	return image.NewRGBA(image.Rect(0, 0, 1, 1))
}
