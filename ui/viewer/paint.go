package viewer

import (
	"image"
	"math"

	"fyne.io/fyne/v2"
)

// Paint is what was drawn with a tool for regions. Its points are in picture
// pixels, continuous: two opposite corners of a box or an ellipse, the corners of
// an outline, or the way of a brush.
type Paint struct {
	Tool   Tool
	Points [][2]float64
	Erase  bool // it takes away, for Alt was held
}

// paints reports whether a tool draws regions.
func (t Tool) paints() bool {
	switch t {
	case RegionBoxTool, RegionEllipseTool, PolygonTool, FreehandTool, BrushTool, CoverTool:
		return true
	}
	return false
}

// painting is a region that is being drawn, with the last place of the pointer.
type painting struct {
	Paint
	to   [2]float64
	last fyne.Position
}

const (
	paintStep = 2 // units of the window between two points of a way
	closeBy   = 8 // how near the first corner of a polygon a press closes it
)

// SetRegions lays the regions of the picture over everything else; nil removes
// them. The viewer keeps the image as it is: it must not change afterwards.
func (v *Image) SetRegions(m *image.RGBA) {
	if m == nil {
		v.give(2, v.regions, nil)
	} else {
		v.give(2, v.regions, m)
	}
	v.arrange()
}

// SetBrush is the width of the brush in picture pixels, as it is shown.
func (v *Image) SetBrush(width float64) { v.brush = width }

// pressPaint begins a region, or adds a corner to a polygon.
func (v *Image) pressPaint(pos fyne.Position, x, y float64, erase bool) {
	at := [2]float64{x, y}
	if p := &v.paint; v.tool == PolygonTool && len(p.Points) > 0 {
		first := v.positionOf(p.Points[0][0], p.Points[0][1])
		if len(p.Points) > 2 && distance(first, pos) <= closeBy {
			v.endPaint()
			return
		}
		p.Points, p.to = append(p.Points, at), at
		v.arrange()
		return
	}
	v.paint = painting{Paint{v.tool, [][2]float64{at}, erase}, at, pos}
	v.arrange()
}

// dragPaint follows the pointer.
func (v *Image) dragPaint(pos fyne.Position) {
	p := &v.paint
	if len(p.Points) == 0 {
		return
	}
	x, y := v.pointAt(pos)
	p.to = [2]float64{x, y}
	if (p.Tool == BrushTool || p.Tool == FreehandTool) && distance(p.last, pos) >= paintStep {
		p.Points, p.last = append(p.Points, p.to), pos
	}
	v.arrange()
}

// dropPaint ends a drag; a polygon goes on with its next corner.
func (v *Image) dropPaint() {
	p := &v.paint
	switch {
	case len(p.Points) == 0 || p.Tool == PolygonTool:
		return
	case p.Tool == RegionBoxTool || p.Tool == RegionEllipseTool:
		p.Points = append(p.Points, p.to)
	}
	v.endPaint()
}

// endPaint reports a region that is whole, and forgets one that is none.
func (v *Image) endPaint() {
	done := v.paint.Paint
	v.paint = painting{}
	v.arrange()
	if v.OnPaint != nil && done.whole() {
		v.OnPaint(done)
	}
}

// whole reports whether there is an area.
func (p Paint) whole() bool {
	switch p.Tool {
	case BrushTool:
		return len(p.Points) > 0
	case RegionBoxTool, RegionEllipseTool:
		return len(p.Points) == 2 && p.Points[0][0] != p.Points[1][0] && p.Points[0][1] != p.Points[1][1]
	}
	return len(p.Points) > 2
}

// closePaint ends a polygon; false where none is being drawn.
func (v *Image) closePaint() bool {
	if v.paint.Tool != PolygonTool || len(v.paint.Points) == 0 {
		return false
	}
	v.endPaint()
	return true
}

// abandonPaint forgets a region that is being drawn; false where none is.
func (v *Image) abandonPaint() bool {
	if len(v.paint.Points) == 0 {
		return false
	}
	v.paint = painting{}
	v.arrange()
	return true
}

// draft are the figures of the region that is being drawn: its outline, and the
// brush at the end of its way.
func (v *Image) draft() []Figure {
	p := v.paint
	if len(p.Points) == 0 {
		return v.ring()
	}
	first := p.Points[0]
	switch p.Tool {
	case RegionBoxTool:
		return []Figure{{Kind: BoxFigure, Points: [][2]float64{first, p.to}}}
	case RegionEllipseTool:
		return []Figure{{Kind: EllipseFigure, Points: [][2]float64{first, p.to}}}
	case BrushTool:
		r := max(v.brush, 1) / 2
		tip := Figure{Kind: EllipseFigure, Points: [][2]float64{{p.to[0] - r, p.to[1] - r}, {p.to[0] + r, p.to[1] + r}}}
		return []Figure{{Kind: PathFigure, Points: p.Points}, tip}
	}
	return []Figure{{Kind: PathFigure, Points: append(append([][2]float64(nil), p.Points...), p.to)}}
}

// inPicture reports whether a point is a number; without a picture it is none.
func inPicture(x, y float64) bool { return !math.IsNaN(x) && !math.IsNaN(y) }
