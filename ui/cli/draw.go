package cli

import (
	"bytes"
	"flag"
	"slices"
	"strings"

	"picasso/ui/drawing"
)

// autoPicture leaves the picture below a map to its own colourfulness.
const autoPicture = "auto"

// Bounds of a figure's width in pixels.
const (
	leastFigure = 200
	mostFigure  = 8000
	usualFigure = 1600
	manyFigures = 800 // of each slice of a volume, of which there may be hundreds
)

func (d *drawn) declare(fs *flag.FlagSet) {
	fs.StringVar(&d.picture, "picture", autoPicture, "how the picture is shown `under` maps: auto (grey where it is colourful, so that the map can be read), colour or grey")
	fs.Func("figure", "besides, a figure for reports of these `kinds`: png, svg or png,svg. It has picture, map, colour bar, finding and settings", d.kinds)
	fs.IntVar(&d.width, "figure-width", 0, "width of a figure in `pixels`; default 1600, of the slices of a volume as DICOM 800")
	fs.BoolVar(&d.paper.Beside, "figure-beside", false, "show the picture alone beside the one with the map in figures")
	fs.BoolVar(&d.paper.Dark, "figure-dark", false, "light letters on dark paper in figures")
}

// kinds reads --figure.
func (d *drawn) kinds(text string) error {
	for _, kind := range strings.Split(text, ",") {
		if kind = strings.TrimSpace(kind); kind != "png" && kind != "svg" {
			return wrong("%q is unknown; choose png, svg or png,svg", kind)
		}
		if !slices.Contains(d.figures, kind) {
			d.figures = append(d.figures, kind)
		}
	}
	return nil
}

func (d *drawn) check() error {
	if d.many = d.width; d.width == 0 {
		d.width, d.many = usualFigure, manyFigures
	}
	switch {
	case d.picture != autoPicture && d.picture != drawing.InColour && d.picture != drawing.InGrey:
		return wrong("--picture %q is unknown; choose auto, colour or grey", d.picture)
	case d.width < leastFigure || d.width > mostFigure:
		return wrong("--figure-width %d is outside %d…%d", d.width, leastFigure, mostFigure)
	}
	return nil
}

// figure writes a figure as PNG or SVG, by the name's extension.
func (f *folder) figure(name string, figure drawing.Figure, d drawn) error {
	var b bytes.Buffer
	if err := figure.Write(&b, name, d.paper, d.width); err != nil {
		return err
	}
	return f.put(name, b.Bytes())
}
