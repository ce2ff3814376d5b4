package drawing

import (
	"fmt"
	"image"
	"math"
	"strings"

	"golang.org/x/image/draw"

	"picasso/backend/picture/measure"
	"picasso/visualizers/render/plate"
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

// MeasurementOf is a shape with what it measures, for figures.
func MeasurementOf(s measure.Shape, r measure.Reading) Measurement {
	return Measurement{Kind: string(s.Kind), Points: s.Points, Lines: Measured(r)}
}

// leastSide is how long the shorter side of a picture with measurements is at
// least, in pixels, so that their words can be read.
const leastSide = 640

// WithMeasures is a picture, whose pixels are as much higher than wide as tall
// says, enlarged by whole pixels where it is small, with measurements on it.
func WithMeasures(m *image.RGBA, tall float64, list []Measurement) (*image.RGBA, error) {
	size := m.Rect.Size()
	if size.X < 1 || size.Y < 1 {
		return m, nil
	}
	if !(tall > 0.01 && tall < 100) {
		tall = 1
	}
	zoom := max(math.Ceil(leastSide/min(float64(size.X), float64(size.Y)*tall)), 1)
	w, h := float64(size.X)*zoom, float64(size.Y)*zoom*tall
	scale := min(w, h) / leastSide // letters are as large on all
	c := composer{figure: Figure{Base: m}, pane: [2]float64{w / scale, h / scale}}
	if err := c.choose(); err != nil {
		return nil, err
	}
	c.page.Width, c.page.Height = c.pane[0], c.pane[1]
	c.page.Add(plate.Picture{W: c.pane[0], H: c.pane[1], Draw: func(w, h int) *image.RGBA {
		out := image.NewRGBA(image.Rect(0, 0, w, h))
		draw.NearestNeighbor.Scale(out, out.Rect, m, m.Rect, draw.Src, nil)
		return out
	}})
	for _, one := range list {
		c.mark(0, one)
	}
	return c.page.Image(scale)
}
