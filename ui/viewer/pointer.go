package viewer

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

var (
	_ fyne.Scrollable     = (*Image)(nil)
	_ fyne.Draggable      = (*Image)(nil)
	_ fyne.Tappable       = (*Image)(nil)
	_ fyne.DoubleTappable = (*Image)(nil)
	_ desktop.Hoverable   = (*Image)(nil)
	_ desktop.Cursorable  = (*Image)(nil)
)

// wheelDoubling is the wheel movement, in Fyne's units, that doubles the zoom.
const wheelDoubling = 100

// Scrolled zooms around the pointer.
func (v *Image) Scrolled(e *fyne.ScrollEvent) {
	turn := within(float64(e.Scrolled.DY)/wheelDoubling, -1, 1)
	v.zoomAt(math.Exp2(turn), e.Position)
	v.hover(e.Position)
}

// Dragged moves the picture with the pointer.
func (v *Image) Dragged(e *fyne.DragEvent) {
	p := v.placement()
	if p.scale == 0 {
		return
	}
	w := v.view
	w.CenterX -= float64(e.Dragged.DX) / (p.scale * float64(v.width))
	w.CenterY -= float64(e.Dragged.DY) / (p.scale * float64(v.height))
	v.change(w)
}

// DragEnd implements fyne.Draggable.
func (v *Image) DragEnd() {}

// Tapped reports a click on the picture.
func (v *Image) Tapped(e *fyne.PointEvent) {
	if x, y, inside := v.PixelAt(e.Position); inside && v.OnTapped != nil {
		v.OnTapped(x, y)
	}
}

// DoubleTapped fits the picture again.
func (v *Image) DoubleTapped(*fyne.PointEvent) { v.Fit() }

// MouseIn implements desktop.Hoverable.
func (v *Image) MouseIn(e *desktop.MouseEvent) { v.hover(e.Position) }

// MouseMoved reports the pixel under the pointer.
func (v *Image) MouseMoved(e *desktop.MouseEvent) { v.hover(e.Position) }

// MouseOut reports that there is no pixel under the pointer any more.
func (v *Image) MouseOut() {
	if v.OnHover != nil {
		v.OnHover(0, 0, false)
	}
}

// Cursor is a cross over a picture, for aiming at pixels.
func (v *Image) Cursor() desktop.Cursor {
	if v.base.empty() {
		return desktop.DefaultCursor
	}
	return desktop.CrosshairCursor
}

func (v *Image) hover(pos fyne.Position) {
	if v.OnHover == nil {
		return
	}
	x, y, inside := v.PixelAt(pos)
	if !inside {
		x, y = 0, 0
	}
	v.OnHover(x, y, inside)
}
