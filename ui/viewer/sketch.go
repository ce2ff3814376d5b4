package viewer

import (
	"fyne.io/fyne/v2"
)

// sketch is a figure that is being drawn, moved or changed.
type sketch struct {
	figure Figure // as it began
	handle int    // the one that is dragged; −1 for the whole figure
	from   [2]float64
	press  fyne.Position
	moved  bool    // far enough to be meant
	open   *Figure // an angle that waits for the end of its second arm
	taken  bool    // the last press was for a figure, and is no click on the picture
}

// meant is how far a drag has to go, in units of the window, to draw a figure.
const meant = 4

// figureOf is what a tool draws; ok is false for the others.
func figureOf(t Tool) (kind FigureKind, ok bool) {
	switch t {
	case RulerTool:
		return LineFigure, true
	case AngleTool:
		return AngleFigure, true
	case EllipseTool:
		return EllipseFigure, true
	case BoxTool:
		return BoxFigure, true
	}
	return 0, false
}

// pressFigure takes a press of the left button for what lies there: the end of
// an open angle, or a figure. False leaves it to others.
func (v *Image) pressFigure(pos fyne.Position, x, y float64) bool {
	s := &v.sketch
	s.taken = false
	if v.OnFigure == nil {
		return false
	}
	if open := s.open; open != nil {
		*s = sketch{taken: true}
		v.OnFigure(open.dragged(2, x, y), true)
		return true
	}
	f, handle, ok := v.figureAt(pos)
	if !ok {
		return false
	}
	*s = sketch{figure: f, handle: handle, from: [2]float64{x, y}, press: pos, taken: true}
	if v.OnChosen != nil {
		v.OnChosen(f.ID)
	}
	return true
}

// beginFigure starts drawing a figure at a point.
func (v *Image) beginFigure(kind FigureKind, pos fyne.Position, x, y float64) {
	at := [2]float64{x, y}
	v.sketch = sketch{figure: Figure{Kind: kind, Points: [][2]float64{at, at}}, handle: 1, from: at, press: pos}
}

// dragFigure follows the pointer.
func (v *Image) dragFigure(pos fyne.Position) {
	s := &v.sketch
	if v.OnFigure == nil || len(s.figure.Points) == 0 || !s.moved && distance(s.press, pos) < meant {
		return
	}
	s.moved, s.taken = true, true
	v.OnFigure(v.sketched(pos), false)
}

// sketched is the figure with the pointer at a position.
func (v *Image) sketched(pos fyne.Position) Figure {
	s := &v.sketch
	x, y := v.pointAt(pos)
	if s.handle < 0 {
		return s.figure.moved(x-s.from[0], y-s.from[1])
	}
	return s.figure.dragged(s.handle, x, y)
}

// dropFigure ends a drag. The second arm of an angle follows the pointer until
// the next press.
func (v *Image) dropFigure(pos fyne.Position) {
	s := &v.sketch
	if v.OnFigure == nil || !s.moved {
		return
	}
	f := v.sketched(pos)
	if f.ID == 0 && f.Kind == AngleFigure {
		end := f.Points[1]
		f.Points = append(f.Points, end)
		*s = sketch{open: &f, taken: true}
		return
	}
	*s = sketch{taken: true}
	v.OnFigure(f, true)
}

// followFigure moves the second arm of an open angle to the pointer.
func (v *Image) followFigure(pos fyne.Position) {
	if open := v.sketch.open; open != nil && v.OnFigure != nil {
		x, y := v.pointAt(pos)
		v.OnFigure(open.dragged(2, x, y), false)
	}
}

// AbandonFigure forgets a figure that is being drawn; false where none is.
func (v *Image) AbandonFigure() bool {
	if v.sketch.open == nil {
		return v.abandonPaint()
	}
	v.sketch = sketch{}
	if v.OnFigure != nil {
		v.OnFigure(Figure{}, true)
	}
	return true
}
