package viewer

import "math"

// View is a zoom and a position, in units that mean the same in every viewer,
// so views of pictures of different sizes can be linked.
type View struct {
	Zoom    float64 // 1 = the whole picture fits
	CenterX float64 // what lies in the middle, as a share of the picture's width
	CenterY float64 // and of its height
}

// fitted shows the whole picture.
var fitted = View{Zoom: 1, CenterX: 0.5, CenterY: 0.5}

// largestPixel bounds the zoom: a picture pixel gets no wider than this many
// units of the window.
const largestPixel = 64

// shape is a picture as it is laid out: its size in pixels, and how high a
// pixel is by its width (1 for square ones).
type shape struct {
	width, height int
	tall          float64
}

// extent is the size of the picture in widths of a pixel.
func (s shape) extent() (w, h float64) { return float64(s.width), float64(s.height) * s.tall }

func (s shape) empty() bool { return s.width <= 0 || s.height <= 0 || !(s.tall > 0) }

// placement is where a picture lies in a viewer, in units of the window.
type placement struct {
	left, top      float64
	scaleX, scaleY float64 // units per picture pixel; 0 when there is nothing to show
}

func (p placement) empty() bool { return p.scaleX == 0 }

// place lays a picture into w×h units. The view comes back corrected: not
// farther than fitting, not closer than largestPixel, and without a gap at an
// edge while the picture is larger than the viewer.
func place(v View, s shape, w, h float64) (placement, View) {
	if s.empty() || w <= 0 || h <= 0 {
		return placement{}, v
	}
	pw, ph := s.extent()
	fit := min(w/pw, h/ph)
	v.Zoom = within(v.Zoom, 1, max(1, largestPixel/fit))
	scale := fit * v.Zoom
	v.CenterX = centre(v.CenterX, w/(pw*scale))
	v.CenterY = centre(v.CenterY, h/(ph*scale))
	return placement{
		left:   w/2 - v.CenterX*pw*scale,
		top:    h/2 - v.CenterY*ph*scale,
		scaleX: scale, scaleY: scale * s.tall,
	}, v
}

// centre keeps what lies in the middle where the visible share of a side
// leaves no gap; a side that is visible as a whole is centred.
func centre(at, visible float64) float64 {
	if visible >= 1 {
		return 0.5
	}
	return within(at, visible/2, 1-visible/2)
}

// point is the place in the picture, in pixels, at x, y of the viewer.
func (p placement) point(x, y float64) (px, py float64) {
	if p.empty() {
		return math.NaN(), math.NaN()
	}
	return (x - p.left) / p.scaleX, (y - p.top) / p.scaleY
}

// at is where a point of the picture lies in the viewer.
func (p placement) at(px, py float64) (x, y float64) {
	return p.left + px*p.scaleX, p.top + py*p.scaleY
}

// zoomAround is v zoomed by factor with x, y of the viewer held in place.
func zoomAround(v View, factor, x, y float64, s shape, w, h float64) View {
	before, v := place(v, s, w, h)
	if before.empty() {
		return v
	}
	px, py := before.point(x, y)
	v.Zoom *= factor
	after, v := place(v, s, w, h)
	v.CenterX = px/float64(s.width) + (w/2-x)/(after.scaleX*float64(s.width))
	v.CenterY = py/float64(s.height) + (h/2-y)/(after.scaleY*float64(s.height))
	_, v = place(v, s, w, h)
	return v
}

// panned is v moved by dx, dy units.
func panned(v View, dx, dy float64, s shape, w, h float64) View {
	p, v := place(v, s, w, h)
	if p.empty() {
		return v
	}
	v.CenterX -= dx / (p.scaleX * float64(s.width))
	v.CenterY -= dy / (p.scaleY * float64(s.height))
	return v
}

// within clamps v; what is no number becomes low.
func within(v, low, high float64) float64 {
	if math.IsNaN(v) {
		return low
	}
	return min(max(v, low), high)
}
