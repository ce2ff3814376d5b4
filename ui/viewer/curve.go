package viewer

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

var (
	_ fyne.Tappable     = (*Curve)(nil)
	_ fyne.Draggable    = (*Curve)(nil)
	_ desktop.Hoverable = (*Curve)(nil)
)

// Curve shows one number per slice of a series, and goes to the slice that is
// clicked.
type Curve struct {
	widget.BaseWidget

	// OnChosen reports the slice that was clicked or dragged to.
	OnChosen func(slice int)
	// OnHover reports the slice under the pointer; −1 for none.
	OnHover func(slice int)

	values    []float64 // NaN where not known
	explained []bool
	current   int
	lo, hi    float64
	raster    *canvas.Raster
}

// curveHeight is the least height of a curve.
const curveHeight = 46

// NewCurve makes an empty curve.
func NewCurve() *Curve {
	c := &Curve{lo: 0, hi: 1}
	c.raster = canvas.NewRaster(c.draw)
	c.ExtendBaseWidget(c)
	return c
}

// Set shows values on a scale from lo to hi, with a dot at slices that are
// explained, and the current slice. The slices are kept as they are and must
// not change.
func (c *Curve) Set(values []float64, explained []bool, current int, lo, hi float64) {
	if !(hi > lo) {
		hi = lo + 1
	}
	c.values, c.explained, c.current, c.lo, c.hi = values, explained, current, lo, hi
	c.raster.Refresh()
}

// at is the slice at a position.
func (c *Curve) at(pos fyne.Position) int {
	n := len(c.values)
	if n == 0 || c.Size().Width <= 0 {
		return -1
	}
	return min(max(int(pos.X/c.Size().Width*float32(n)), 0), n-1)
}

func (c *Curve) choose(pos fyne.Position) {
	if i := c.at(pos); i >= 0 && c.OnChosen != nil {
		c.OnChosen(i)
	}
}

// Tapped goes to the slice under the pointer.
func (c *Curve) Tapped(e *fyne.PointEvent) { c.choose(e.Position) }

// Dragged goes through the slices.
func (c *Curve) Dragged(e *fyne.DragEvent) { c.choose(e.Position) }

// DragEnd implements fyne.Draggable.
func (c *Curve) DragEnd() {}

// MouseIn implements desktop.Hoverable.
func (c *Curve) MouseIn(e *desktop.MouseEvent) { c.MouseMoved(e) }

// MouseMoved reports the slice under the pointer.
func (c *Curve) MouseMoved(e *desktop.MouseEvent) {
	if c.OnHover != nil {
		c.OnHover(c.at(e.Position))
	}
}

// MouseOut implements desktop.Hoverable.
func (c *Curve) MouseOut() {
	if c.OnHover != nil {
		c.OnHover(-1)
	}
}

// draw paints the curve at the screen's resolution.
func (c *Curve) draw(w, h int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	fill(m, m.Rect, theme.Color(theme.ColorNameInputBackground))
	n := len(c.values)
	if n == 0 || w < 4 || h < 8 {
		return m
	}
	here := theme.Color(theme.ColorNamePrimary)
	if c.current >= 0 && c.current < n {
		x := c.x(c.current, w)
		half := max(1, w/(2*n))
		fill(m, image.Rect(x-half, 0, x+half+1, h), theme.Color(theme.ColorNameSelection))
		fill(m, image.Rect(x, 0, x+1, h), here)
	}
	ink := theme.Color(theme.ColorNameForeground)
	lastX, lastY := -1, 0
	for i, v := range c.values {
		if math.IsNaN(v) {
			lastX = -1
			continue
		}
		x, y := c.x(i, w), c.y(v, h)
		if lastX >= 0 {
			segment(m, lastX, lastY, x, y, ink)
		}
		dot, side := ink, 1
		if i < len(c.explained) && c.explained[i] {
			dot, side = here, 2
		}
		fill(m, image.Rect(x-side, y-side, x+side+1, y+side+1), dot)
		lastX, lastY = x, y
	}
	return m
}

func (c *Curve) x(i, w int) int { return int((float64(i) + 0.5) / float64(len(c.values)) * float64(w)) }

// margin keeps dots at the ends of the scale whole.
const margin = 4

func (c *Curve) y(v float64, h int) int {
	share := within((v-c.lo)/(c.hi-c.lo), 0, 1)
	return margin + int((1-share)*float64(h-1-2*margin)+0.5)
}

func fill(m *image.RGBA, r image.Rectangle, c color.Color) {
	draw.Draw(m, r, image.NewUniform(c), image.Point{}, draw.Over)
}

// segment draws a line two pixels thick.
func segment(m *image.RGBA, x0, y0, x1, y1 int, c color.Color) {
	steps := max(abs(x1-x0), abs(y1-y0), 1)
	for k := range steps + 1 {
		x, y := x0+(x1-x0)*k/steps, y0+(y1-y0)*k/steps
		fill(m, image.Rect(x, y, x+1, y+2), c)
	}
}

func abs(v int) int { return max(v, -v) }

// CreateRenderer implements fyne.Widget.
func (c *Curve) CreateRenderer() fyne.WidgetRenderer {
	return &curveRenderer{c.raster}
}

type curveRenderer struct{ raster *canvas.Raster }

func (r *curveRenderer) Layout(size fyne.Size)        { r.raster.Resize(size) }
func (r *curveRenderer) MinSize() fyne.Size           { return fyne.NewSize(60, curveHeight) }
func (r *curveRenderer) Refresh()                     { r.raster.Refresh() }
func (r *curveRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.raster} }
func (r *curveRenderer) Destroy()                     {}
