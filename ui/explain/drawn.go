package explain

import (
	"image"
	"math"

	"picasso/ui/control"
	"picasso/ui/drawing"
	"picasso/visualizers"
	"picasso/visualizers/render"
)

// drawn is a map with all that is needed to draw it.
type drawn struct {
	source *visualizers.Map
	field  render.Field
	style  render.Style
	rect   render.Rect // in picture pixels
	size   image.Point // of the picture
}

// maxOverlay bounds the longer side of the drawn overlay; the viewer stretches
// it over larger pictures.
const maxOverlay = 1024

// fineOverlay is what the longer side is drawn with at least, for lines.
const fineOverlay = 800

func newDrawn(m *visualizers.Map, d drawing.Display, k *control.Look, model control.Model) drawn {
	_, h, w := model.Shape()
	size := k.Shown.Rect.Size()
	return drawn{
		source: m, field: drawing.Field(*m), style: d.Style(*m, k.Image.Scan != nil), size: size,
		rect: drawing.Place(*m, k.Place, w, h, size),
	}
}

// newLaid is a map from a file, which spans the slice below it.
func newLaid(l *control.Laid, d drawing.Display) drawn {
	size := l.Look.Shown.Rect.Size()
	return drawn{source: &l.Map, field: drawing.Field(l.Map), style: d.Style(l.Map, true), size: size, rect: render.Whole(size.X, size.Y)}
}

func (d drawn) scale() render.Scale { return d.style.Scale(d.field) }

// heat draws the map alone, over the extent of the picture.
func (d drawn) heat() *image.RGBA {
	w, h, r := d.size.X, d.size.Y, d.rect
	long, s := max(w, h), 1.0
	switch {
	case long > maxOverlay:
		s = maxOverlay / float64(long)
	case d.style.Contours && long > 0 && long < fineOverlay: // lines finer than the picture's pixels
		s = math.Ceil(fineOverlay / float64(long))
	}
	if s != 1 {
		w, h = max(1, int(float64(w)*s)), max(1, int(float64(h)*s))
		r = resized(r, d.size, image.Pt(w, h))
	}
	return render.Heat(w, h, d.field, r, d.style)
}

// over lays the map over the picture at another size.
func (d drawn) over(picture *image.RGBA) *image.RGBA {
	return render.Overlay(picture, d.field, resized(d.rect, d.size, picture.Rect.Size()), d.style)
}

// resized is a rectangle of a picture of one size in the same picture of another.
func resized(r render.Rect, from, to image.Point) render.Rect {
	sx, sy := float64(to.X)/float64(from.X), float64(to.Y)/float64(from.Y)
	return render.Rect{X0: r.X0 * sx, Y0: r.Y0 * sy, X1: r.X1 * sx, Y1: r.Y1 * sy}
}

// at is the value of the map at a picture pixel, NaN where there is none.
func (d drawn) at(x, y int) float64 { return drawing.At(d.field, d.rect, x, y) }
