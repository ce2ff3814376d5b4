package drawing

import (
	"fmt"
	"image"
	"math"
	"strings"

	"golang.org/x/image/draw"

	"picasso/backend/picture/measure"
	"picasso/visualizers/render"
	"picasso/visualizers/spelling"
)

// Measured is what was measured on a picture, in words, a line for each number.
func Measured(r measure.Reading) []string {
	where := ""
	if r.Scale.Detector {
		where = " at the detector"
	}
	switch r.Kind {
	case measure.Length:
		return []string{spelling.Number(r.Length) + " " + r.Scale.Unit() + where}
	case measure.Angle:
		return []string{fmt.Sprintf("%.1f°", r.Angle)}
	}
	var lines []string
	if len(r.Values) > 0 && r.Values[0].N == 0 {
		lines = append(lines, "no pixel inside")
	} else if len(r.Values) > 0 {
		each := func(of func(measure.Values) float64) string {
			var all []string
			for _, v := range r.Values {
				all = append(all, spelling.Number(of(v)))
			}
			return strings.Join(all, " · ")
		}
		unit := ""
		if r.Unit != "" {
			unit = " " + r.Unit
		}
		lines = append(lines,
			"mean "+each(func(v measure.Values) float64 { return v.Mean })+unit,
			"SD "+each(func(v measure.Values) float64 { return v.SD })+unit)
	}
	return append(lines, "area "+spelling.Number(r.Area)+" "+r.Scale.Unit()+"²"+where)
}

// Marked is something measured on a picture.
type Marked struct {
	Shape   measure.Shape
	Reading measure.Reading
}

// leastSide is how long the shorter side of a picture with measurements is at
// least, so that their words can be read.
const leastSide = 640

// WithMeasures is a picture, whose pixels are as much higher than wide as tall
// says, enlarged by whole pixels where it is small, with what was measured on it.
func WithMeasures(m *image.RGBA, tall float64, marked []Marked) (*image.RGBA, error) {
	size := m.Rect.Size()
	if size.X < 1 || size.Y < 1 {
		return m, nil
	}
	if !(tall > 0.01 && tall < 100) {
		tall = 1
	}
	zoom := math.Ceil(leastSide / min(float64(size.X), float64(size.Y)*tall))
	zx, zy := max(zoom, 1), max(zoom, 1)*tall
	out := image.NewRGBA(image.Rect(0, 0, int(float64(size.X)*zx), int(float64(size.Y)*zy+0.5)))
	draw.NearestNeighbor.Scale(out, out.Rect, m, m.Rect, draw.Src, nil)
	var all []render.Annotation
	for _, one := range marked {
		a := render.Annotation{Words: Measured(one.Reading)}
		for _, p := range one.Shape.Outline() {
			a.Line = append(a.Line, [2]float64{p[0] * zx, p[1] * zy})
		}
		end := one.Shape.Points[1]
		a.At = [2]float64{end[0]*zx + 6, end[1]*zy + 6}
		all = append(all, a)
	}
	return out, render.Annotate(out, all)
}
