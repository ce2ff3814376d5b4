package drawing

import (
	"image"
	"math"

	"golang.org/x/image/draw"

	"picasso/visualizers"
	"picasso/visualizers/render"
)

// Figure is a map with all that has to be said of it in a report. Its words are
// ready to print; it is laid out by [Figure.Compose], for window and command
// line alike.
type Figure struct {
	Base     *image.RGBA // the picture alone, a scan through its window
	Map      visualizers.Map
	At       render.Rect // of the map, in pixels of Base
	Display  Display
	Scan     bool
	Aspect   float64       // height of a pixel of Base by its width; 0 is 1
	Turn     render.Turn   // of what is seen
	Letters  [4]string     // what lies at the left, right, upper and lower edge of Base, "" where unknown
	Measured []Measurement // what was measured
	State    string        // what the map is not: "partial map: stopped at 40 %"; "" for nothing

	Answer  string // the class that the model answers with
	Score   string // and its score
	Subject string // what is explained, by which method
	Finding string // what the map says of it
	Legend  string // what a positive value means
	Facts   []Fact // whatever else must be known, in order
	Notice  string // what has to be said about medical pictures, "" for others
}

// Fact is a line below the picture.
type Fact struct{ Name, Value string }

// Measurement is one on a picture. Lengths have two points, angles three with
// the vertex in the middle, rectangles and ellipses two opposite corners.
type Measurement struct {
	Kind   string       `json:"kind"`   // "length", "angle", "rectangle", "ellipse"
	Points [][2]float64 `json:"points"` // pixels of the picture, from its upper left corner
	Lines  []string     `json:"lines"`  // what was measured: "12.3 mm"
}

// outline are the points that a pen goes through; closed tells that it comes
// back.
func (m Measurement) outline() (points [][2]float64, closed bool) {
	const sides = 48 // of an ellipse
	if len(m.Points) != 2 {
		return m.Points, false
	}
	a, b := m.Points[0], m.Points[1]
	switch m.Kind {
	case "rectangle":
		return [][2]float64{a, {b[0], a[1]}, b, {a[0], b[1]}}, true
	case "ellipse":
		for i := range sides {
			s, c := math.Sincos(2 * math.Pi * float64(i) / sides)
			points = append(points, [2]float64{(a[0]+b[0])/2 + c*(b[0]-a[0])/2, (a[1]+b[1])/2 + s*(b[1]-a[1])/2})
		}
		return points, true
	}
	return m.Points, false
}

// scale is the colour map and range of the map as drawn.
func (f Figure) scale() render.Scale { return f.Display.Style(f.Map, f.Scan).Scale(Field(f.Map)) }

// seen is the size of the picture as it is seen, in widths of its pixels.
func (f Figure) seen() (w, h float64) {
	w, h = float64(f.Base.Rect.Dx()), float64(f.Base.Rect.Dy())
	if f.Aspect > 0 {
		h *= f.Aspect
	}
	if f.Turn.Quarters%2 == 1 {
		return h, w
	}
	return w, h
}

// pane draws the picture in w×h pixels, with the map or alone. The map is drawn
// from its numbers in this size, never enlarged as pixels.
func (f Figure) pane(w, h int, mapped bool) *image.RGBA {
	w, h = f.Turn.Size(w, h) // before turning
	base := f.Base
	if mapped {
		base = f.Display.Under(base)
	}
	m := fitted(base, w, h)
	if mapped {
		sx, sy := float64(w)/float64(base.Rect.Dx()), float64(h)/float64(base.Rect.Dy())
		at := render.Rect{X0: f.At.X0 * sx, Y0: f.At.Y0 * sy, X1: f.At.X1 * sx, Y1: f.At.Y1 * sy}
		m = render.Overlay(m, Field(f.Map), at, f.Display.Style(f.Map, f.Scan))
	}
	return f.Turn.Apply(m)
}

// Overlay is the map over its picture alone, at the picture's own resolution.
func (f Figure) Overlay() *image.RGBA {
	return render.Overlay(f.Display.Under(f.Base), Field(f.Map), f.At, f.Display.Style(f.Map, f.Scan))
}

// Values are those of the map at every pixel of Base, as [Figure.Overlay] draws
// them: NaN where nothing is known, and beside the map.
func (f Figure) Values() []float32 {
	size := f.Base.Rect.Size()
	return render.Sample(size.X, size.Y, Field(f.Map), f.At, f.Display.Style(f.Map, f.Scan).Cells)
}

// Ends are the values at the ends of the colour bar.
func (f Figure) Ends() (low, high float64) {
	r := f.scale().Range
	return r.Lo, r.Hi
}

// fitted is a picture in another size. Enlarged pixels stay pixels, as in the
// window.
func fitted(m *image.RGBA, w, h int) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	scaler := draw.Scaler(draw.CatmullRom)
	if w >= m.Rect.Dx() && h >= m.Rect.Dy() {
		scaler = draw.NearestNeighbor
	}
	scaler.Scale(out, out.Rect, m, m.Rect, draw.Src, nil)
	return out
}

// Small is a copy of a picture whose longer side has at most that many pixels.
func Small(m *image.RGBA, most int) *image.RGBA {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	if long := max(w, h); long > most {
		w, h = max(1, w*most/long), max(1, h*most/long)
	}
	return fitted(m, w, h)
}
