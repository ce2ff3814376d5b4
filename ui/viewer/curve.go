package viewer

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

var (
	_ fyne.Tappable     = (*Curve)(nil)
	_ fyne.Draggable    = (*Curve)(nil)
	_ desktop.Hoverable = (*Curve)(nil)
)

// Slices are what a [Curve] shows of a series. Its slices are kept as they are
// and must not change.
type Slices struct {
	Values    []float64 // one number for each slice, NaN where not known
	Explained []bool    // slices with a map, or nil
	Key       []bool    // slices that are marked, or nil
	Broken    []bool    // slices that cannot be read, or nil
	Current   int
	Lo, Hi    float64 // the scale
}

// Curve shows one number per slice of a series over an axis of slices, and goes
// to the slice that is clicked.
type Curve struct {
	widget.BaseWidget

	// Inset is where the first slice lies from the left end, and the last one
	// from the right, so that the curve stands below a slider.
	Inset float32
	// OnChosen reports the slice that was clicked or dragged to.
	OnChosen func(slice int)
	// OnHover reports the slice under the pointer; −1 for none.
	OnHover func(slice int)

	shown  Slices
	raster *canvas.Raster
	axis   *curveAxis
	below  *fyne.Container // the numbers of slices
}

// curveHeight is the least height of a curve without the numbers below it.
const curveHeight = 46

// NewCurve makes an empty curve.
func NewCurve() *Curve {
	c := &Curve{axis: newCurveAxis(), below: container.NewWithoutLayout()}
	c.raster = canvas.NewRaster(c.draw)
	c.ExtendBaseWidget(c)
	c.Set(Slices{})
	return c
}

// Set shows slices.
func (c *Curve) Set(s Slices) {
	if !(s.Hi > s.Lo) {
		s.Hi = s.Lo + 1
	}
	renumber := len(s.Values) != len(c.shown.Values)
	c.shown = s
	c.axis.set(s.Lo, s.Hi, len(s.Values) > 0)
	if renumber {
		c.number()
	}
	c.raster.Refresh()
}

// place is where slice i lies in a curve of some width with an inset.
func (c *Curve) place(i int, width, inset float32) float32 {
	n := len(c.shown.Values)
	if n < 2 {
		return width / 2
	}
	return inset + float32(i)*(width-2*inset)/float32(n-1)
}

// at is the slice at a position.
func (c *Curve) at(pos fyne.Position) int {
	n, w := len(c.shown.Values), c.Size().Width-2*c.Inset
	if n == 0 || w <= 0 {
		return -1
	}
	return min(max(int(math.Round(float64((pos.X-c.Inset)/w)*float64(n-1))), 0), n-1)
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
	n := len(c.shown.Values)
	if n == 0 || w < 4 || h < 8 {
		return m
	}
	for _, v := range c.axis.ticks {
		y := c.y(v, h)
		fill(m, image.Rect(0, y, w, y+1), theme.Color(theme.ColorNameSeparator))
	}
	here := theme.Color(theme.ColorNamePrimary)
	if i := c.shown.Current; i >= 0 && i < n {
		x := c.x(i, w)
		half := max(1, w/(2*n))
		fill(m, image.Rect(x-half, 0, x+half+1, h), theme.Color(theme.ColorNameSelection))
		fill(m, image.Rect(x, 0, x+1, h), here)
	}
	c.drawMarks(m, w, h)
	ink := theme.Color(theme.ColorNameForeground)
	lastX, lastY := -1, 0
	for i, v := range c.shown.Values {
		if math.IsNaN(v) {
			lastX = -1
			continue
		}
		x, y := c.x(i, w), c.y(v, h)
		if lastX >= 0 {
			segment(m, lastX, lastY, x, y, ink)
		}
		dot, side := ink, 1
		if i < len(c.shown.Explained) && c.shown.Explained[i] {
			dot, side = here, 2
		}
		fill(m, image.Rect(x-side, y-side, x+side+1, y+side+1), dot)
		lastX, lastY = x, y
	}
	return m
}

// drawMarks marks key slices by a wedge at the top, broken ones by a bar over the
// whole height.
func (c *Curve) drawMarks(m *image.RGBA, w, h int) {
	for i, on := range c.shown.Broken {
		if x := c.x(i, w); on {
			fill(m, image.Rect(x-1, 0, x+2, h), theme.Color(theme.ColorNameError))
		}
	}
	side := max(h/8, 3)
	for i, on := range c.shown.Key {
		for k := 0; on && k < side; k++ {
			x := c.x(i, w)
			fill(m, image.Rect(x-(side-k), k, x+(side-k)+1, k+1), theme.Color(theme.ColorNameWarning))
		}
	}
}

// x is where slice i lies in w pixels.
func (c *Curve) x(i, w int) int {
	inset := float32(0)
	if all := c.Size().Width; all > 0 {
		inset = c.Inset * float32(w) / all
	}
	return int(c.place(i, float32(w), inset))
}

// margin keeps dots at the ends of the scale whole.
const margin = 4

func (c *Curve) y(v float64, h int) int {
	share := within((v-c.shown.Lo)/(c.shown.Hi-c.shown.Lo), 0, 1)
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
	return &curveRenderer{c}
}

type curveRenderer struct{ c *Curve }

func (r *curveRenderer) Layout(size fyne.Size) {
	r.c.raster.Resize(fyne.NewSize(size.Width, size.Height-numberHeight()))
	r.c.below.Resize(size)
	r.c.number()
}
func (r *curveRenderer) MinSize() fyne.Size {
	return fyne.NewSize(60, curveHeight+numberHeight())
}
func (r *curveRenderer) Refresh() {
	r.c.raster.Refresh()
	r.c.number()
	r.c.axis.Refresh()
}
func (r *curveRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.c.raster, r.c.below}
}
func (r *curveRenderer) Destroy() {}
