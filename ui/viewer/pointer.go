package viewer

import (
	"image"
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
	_ desktop.Mouseable   = (*Image)(nil)
	_ desktop.Cursorable  = (*Image)(nil)
)

// Hands are what buttons and wheel do in a viewer. In all of them Ctrl and a
// drag draw a line to measure, Shift and a drag draw a region, and a figure
// under the pointer is moved or changed.
type Hands int

const (
	// PhotoHands are those of picture viewers: the wheel zooms around the
	// pointer, dragging moves the picture.
	PhotoHands Hands = iota
	// ScanHands are those of viewers in radiology: dragging with the left
	// button changes window (across) and level (down), with the middle one
	// moves the picture, with the right one zooms; the wheel goes through
	// slices, with Ctrl it zooms.
	ScanHands
)

// SetHands chooses what buttons and wheel do.
func (v *Image) SetHands(h Hands) {
	if v.hands != h {
		v.hands = h
		v.arrange()
	}
}

// Tool is what a plain drag with the left button does.
type Tool int

const (
	// UsualTool is that of the viewer's [Hands].
	UsualTool Tool = iota
	// RulerTool draws lines.
	RulerTool
	// MoveTool moves the picture, over scans too.
	MoveTool
	// AngleTool draws angles: a drag makes the first arm, the next press ends
	// the second.
	AngleTool
	// EllipseTool draws ellipses.
	EllipseTool
	// BoxTool draws rectangles.
	BoxTool
	// RegionBoxTool and those below draw regions: boxes and ellipses by a drag,
	// polygons by presses (a double click or a press on the first corner closes
	// them), an outline by hand, and the way of a brush. Alt takes away.
	RegionBoxTool
	RegionEllipseTool
	PolygonTool
	FreehandTool
	BrushTool
	// CoverTool covers with a brush, and tells of it while it draws; Alt or the right
	// button uncovers.
	CoverTool
)

// SetTool chooses what a plain drag with the left button does.
func (v *Image) SetTool(t Tool) {
	v.tool = t
	v.dropBrush()
	v.AbandonFigure()
	v.abandonPaint()
}

// grip is what the current drag does.
type grip struct {
	action gripAction
	from   [2]float64    // picture point where it began
	last   fyne.Position // of the pointer
	wheel  float32       // movement that has not made a slice yet
}

type gripAction int

const (
	gripNone gripAction = iota
	gripPan
	gripWindow
	gripZoom
	gripFigure
	gripRegion
	gripPaint
	gripCover
)

const (
	wheelDoubling = 100 // wheel movement, in Fyne's units, that doubles the zoom
	wheelSlice    = 25  // that is the next slice: a notch
	mostSlices    = 10  // at once
	dragDoubling  = 120 // units that a drag doubles the zoom in
)

// Scrolled zooms around the pointer, or goes through slices.
func (v *Image) Scrolled(e *fyne.ScrollEvent) {
	if v.hands == ScanHands && v.OnSlices != nil && modifiers()&fyne.KeyModifierControl == 0 {
		v.scrollSlices(e.Scrolled.DY)
		return
	}
	turn := within(float64(e.Scrolled.DY)/wheelDoubling, -1, 1)
	v.zoomAt(math.Exp2(turn), e.Position)
	v.hover(e.Position)
}

// scrollSlices collects fine movements until they make a slice.
func (v *Image) scrollSlices(dy float32) {
	if dy*v.grip.wheel < 0 {
		v.grip.wheel = 0 // the other way round
	}
	v.grip.wheel += dy
	n := int(v.grip.wheel / wheelSlice)
	if n == 0 {
		return
	}
	v.grip.wheel -= float32(n) * wheelSlice
	v.OnSlices(-min(max(n, -mostSlices), mostSlices))
}

// modifiers are the keys held now.
func modifiers() fyne.KeyModifier {
	if d, ok := fyne.CurrentApp().Driver().(desktop.Driver); ok {
		return d.CurrentKeyModifiers()
	}
	return 0
}

// MouseDown begins what a drag with this button does.
func (v *Image) MouseDown(e *desktop.MouseEvent) {
	x, y := v.pointAt(e.Position)
	if v.grip.action == gripCover { // by the other button
		return
	}
	v.grip = grip{from: [2]float64{x, y}, last: e.Position}
	if v.covers(e) && inPicture(x, y) {
		v.grip.action = gripCover
		v.pressCover(e, x, y)
		return
	}
	if e.Button == desktop.MouseButtonPrimary && v.tool.paints() && v.OnPaint != nil && !v.base.empty() && inPicture(x, y) && e.Modifier&(fyne.KeyModifierControl|fyne.KeyModifierShift) == 0 {
		v.grip.action = gripPaint
		v.pressPaint(e.Position, x, y, e.Modifier&fyne.KeyModifierAlt != 0)
		return
	}
	if e.Button == desktop.MouseButtonPrimary && !v.base.empty() && v.pressFigure(e.Position, x, y) {
		v.grip.action = gripFigure
		return
	}
	v.grip.action = v.action(e)
	if v.grip.action == gripFigure {
		kind, drawn := figureOf(v.tool)
		if !drawn || e.Modifier&fyne.KeyModifierControl != 0 {
			kind = LineFigure
		}
		v.beginFigure(kind, e.Position, x, y)
	}
	if e.Button == desktop.MouseButtonPrimary && v.OnChosen != nil {
		v.OnChosen(0)
	}
}

func (v *Image) action(e *desktop.MouseEvent) gripAction {
	primary := e.Button == desktop.MouseButtonPrimary
	scan := v.hands == ScanHands
	_, draws := figureOf(v.tool)
	switch {
	case v.base.empty():
		return gripNone
	case primary && e.Modifier&fyne.KeyModifierControl != 0 && v.OnFigure != nil:
		return gripFigure
	case primary && e.Modifier&fyne.KeyModifierShift != 0 && v.OnRegion != nil:
		return gripRegion
	case primary && draws && v.OnFigure != nil:
		return gripFigure
	case primary && scan && v.OnWindow != nil && v.tool == UsualTool:
		return gripWindow
	case scan && e.Button == desktop.MouseButtonSecondary:
		return gripZoom
	case primary || e.Button == desktop.MouseButtonTertiary:
		return gripPan
	}
	return gripNone
}

// MouseUp ends a drag.
func (v *Image) MouseUp(*desktop.MouseEvent) { v.DragEnd() }

// Dragged goes on with what the press of the button began.
func (v *Image) Dragged(e *fyne.DragEvent) {
	if v.grip.action == gripCover {
		v.dragCover(e.Position)
		return
	}
	v.grip.last = e.Position
	switch v.grip.action {
	case gripWindow:
		v.OnWindow(e.Dragged.DX, e.Dragged.DY)
	case gripFigure:
		v.dragFigure(e.Position)
	case gripRegion:
		v.OnRegion(v.region(e.Position), false)
	case gripPaint:
		v.dragPaint(e.Position)
	case gripZoom: // comes by MouseMoved
	default:
		s := v.Size()
		v.change(panned(v.view, float64(e.Dragged.DX), float64(e.Dragged.DY), v.shown(), float64(s.Width), float64(s.Height)))
	}
}

// region is the rectangle of whole pixels from where the drag began.
func (v *Image) region(to fyne.Position) image.Rectangle {
	x, y := v.pointAt(to)
	r := image.Rectangle{
		Min: image.Pt(int(math.Floor(min(x, v.grip.from[0]))), int(math.Floor(min(y, v.grip.from[1])))),
		Max: image.Pt(int(math.Ceil(max(x, v.grip.from[0]))), int(math.Ceil(max(y, v.grip.from[1])))),
	}
	return r.Intersect(image.Rect(0, 0, v.picture.width, v.picture.height))
}

// DragEnd implements fyne.Draggable.
func (v *Image) DragEnd() {
	if v.grip.action == gripRegion {
		if r := v.region(v.grip.last); !r.Empty() && r.Dx() > 1 && r.Dy() > 1 {
			v.OnRegion(r, true)
		}
	}
	if v.grip.action == gripFigure {
		v.dropFigure(v.grip.last)
	}
	if v.grip.action == gripPaint {
		v.dropPaint()
	}
	covered := v.grip.action == gripCover
	v.grip = grip{}
	if covered {
		v.endCover()
	}
}

// Tapped reports a click on the picture.
func (v *Image) Tapped(e *fyne.PointEvent) {
	if x, y, inside := v.PixelAt(e.Position); inside && v.OnTapped != nil && !v.sketch.taken && !v.tool.paints() {
		v.OnTapped(x, y)
	}
}

// DoubleTapped fits the picture again, or does what OnReset does.
func (v *Image) DoubleTapped(*fyne.PointEvent) {
	if v.closePaint() || v.tool.paints() {
		return // two dabs of the brush are no wish to see the whole picture
	}
	if v.OnReset != nil {
		v.OnReset()
		return
	}
	v.Fit()
}

// MouseIn implements desktop.Hoverable.
func (v *Image) MouseIn(e *desktop.MouseEvent) { v.hover(e.Position) }

// MouseMoved reports the pixel under the pointer; with the right button held
// it zooms, since Fyne drags with the others only.
func (v *Image) MouseMoved(e *desktop.MouseEvent) {
	if v.grip.action == gripZoom {
		if e.Button&desktop.MouseButtonSecondary == 0 {
			v.grip = grip{}
		} else {
			d := float64(v.grip.last.Y-e.Position.Y) / dragDoubling
			v.grip.last = e.Position
			v.ZoomBy(math.Exp2(within(d, -1, 1)))
		}
	}
	if v.grip.action == gripCover {
		if e.Button == 0 { // released elsewhere
			v.DragEnd()
		} else {
			v.dragCover(e.Position)
		}
	}
	v.followBrush(e.Position)
	v.followFigure(e.Position)
	if v.paint.Tool == PolygonTool {
		v.dragPaint(e.Position)
	}
	v.hover(e.Position)
}

// MouseOut reports that there is no pixel under the pointer any more.
func (v *Image) MouseOut() {
	v.dropBrush()
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
