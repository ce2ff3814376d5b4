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

// placement is where a picture lies in a viewer, in units of the window.
type placement struct {
	left, top float64
	scale     float64 // units per picture pixel; 0 when there is nothing to show
}

// place lays a picture of pw×ph pixels into w×h units. The view comes back
// corrected: not farther than fitting, not closer than largestPixel, and
// without a gap at an edge while the picture is larger than the viewer.
func place(v View, pw, ph int, w, h float64) (placement, View) {
	if pw <= 0 || ph <= 0 || w <= 0 || h <= 0 {
		return placement{}, v
	}
	fit := min(w/float64(pw), h/float64(ph))
	v.Zoom = within(v.Zoom, 1, max(1, largestPixel/fit))
	scale := fit * v.Zoom
	v.CenterX = centre(v.CenterX, w/(float64(pw)*scale))
	v.CenterY = centre(v.CenterY, h/(float64(ph)*scale))
	return placement{
		left:  w/2 - v.CenterX*float64(pw)*scale,
		top:   h/2 - v.CenterY*float64(ph)*scale,
		scale: scale,
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

// pixel is the picture pixel at x, y of the viewer.
func (p placement) pixel(x, y float64, pw, ph int) (px, py int, inside bool) {
	if p.scale == 0 {
		return 0, 0, false
	}
	px = int(math.Floor((x - p.left) / p.scale))
	py = int(math.Floor((y - p.top) / p.scale))
	return px, py, px >= 0 && py >= 0 && px < pw && py < ph
}

// zoomAround is v zoomed by factor with x, y of the viewer held in place.
func zoomAround(v View, factor, x, y float64, pw, ph int, w, h float64) View {
	before, v := place(v, pw, ph, w, h)
	if before.scale == 0 {
		return v
	}
	shareX := (x - before.left) / (before.scale * float64(pw))
	shareY := (y - before.top) / (before.scale * float64(ph))
	v.Zoom *= factor
	after, v := place(v, pw, ph, w, h)
	v.CenterX = shareX + (w/2-x)/(after.scale*float64(pw))
	v.CenterY = shareY + (h/2-y)/(after.scale*float64(ph))
	_, v = place(v, pw, ph, w, h)
	return v
}

// within clamps v; what is no number becomes low.
func within(v, low, high float64) float64 {
	if math.IsNaN(v) {
		return low
	}
	return min(max(v, low), high)
}
