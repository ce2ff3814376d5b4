package viewer

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// Crosshair is two lines across the whole picture that meet at a point, for views
// that are linked by it.
type Crosshair struct {
	On           bool
	X, Y         float64     // in picture pixels; the middle of the first one is at 0.5
	Across, Down color.Color // of the level line and of the upright one
}

// crosshairGap is half of the room that the lines leave around the point, in
// units of the window.
const crosshairGap = 8

// crosshair draws a [Crosshair]: four lines around the point.
type crosshair struct {
	Crosshair
	lines [4]*canvas.Line // left, right, above, below
}

func newCrosshair() *crosshair {
	c := &crosshair{}
	for i := range c.lines {
		c.lines[i] = canvas.NewLine(noteLight)
		c.lines[i].StrokeWidth = 1
		c.lines[i].Hide()
	}
	return c
}

func (c *crosshair) objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{c.lines[0], c.lines[1], c.lines[2], c.lines[3]}
}

// SetCrosshair moves the crosshair, or hides it.
func (v *Image) SetCrosshair(to Crosshair) {
	if to == v.cross.Crosshair {
		return
	}
	v.cross.Crosshair = to
	v.arrange()
}

// arrange puts the lines in their places in v, which shows a picture or not.
func (c *crosshair) arrange(v *Image, on bool) {
	on = on && c.On
	at, size := v.positionOf(c.X, c.Y), v.Size()
	ends := [4][2]fyne.Position{
		{fyne.NewPos(0, at.Y), fyne.NewPos(at.X-crosshairGap, at.Y)},
		{fyne.NewPos(at.X+crosshairGap, at.Y), fyne.NewPos(size.Width, at.Y)},
		{fyne.NewPos(at.X, 0), fyne.NewPos(at.X, at.Y-crosshairGap)},
		{fyne.NewPos(at.X, at.Y+crosshairGap), fyne.NewPos(at.X, size.Height)},
	}
	for i, l := range c.lines {
		from, to := ends[i][0], ends[i][1]
		colour := c.Across
		if i >= 2 != (v.turn.Quarters%2 == 1) { // lines turn with the picture
			colour = c.Down
		}
		seen := on && from.X <= to.X && from.Y <= to.Y
		if seen && (l.Position1 != from || l.Position2 != to || l.StrokeColor != colour) {
			l.Position1, l.Position2, l.StrokeColor = from, to, colour
			l.Refresh()
		}
		setVisible(l, seen)
	}
}
