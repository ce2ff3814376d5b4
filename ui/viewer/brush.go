package viewer

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// Stroke is a straight piece of a stroke of the covering brush, in picture pixels,
// continuous.
type Stroke struct {
	From, To     [2]float64
	Across, Down float64 // half axes of the brush: they differ where pixels are not square
	Erase        bool    // it uncovers, for Alt or the right button was held
	Done         bool    // the stroke has ended; there is no piece
}

// covering is the brush of [CoverTool].
type covering struct {
	width float64       // of the brush, in units of the window
	over  fyne.Position // the pointer
	on    bool          // it is over the viewer
	erase bool          // by the button that is held
	from  [2]float64    // end of the last piece
}

// brushStep is how far the pointer moves, in units of the window, for another piece.
const brushStep = 1

// SetCover lays what is covered of the picture over it, stretched to its size, below
// the overlay; nil removes it. It must not change afterwards.
func (v *Image) SetCover(m *image.RGBA) {
	if m == nil {
		v.give(3, v.cover, nil)
	} else {
		v.give(3, v.cover, m)
	}
	v.arrange()
}

// SetCoverBrush is the width of the covering brush in units of the window.
func (v *Image) SetCoverBrush(width float64) {
	if v.covering.width != width {
		v.covering.width = width
		v.arrange()
	}
}

// covers reports whether a press begins a stroke of the covering brush.
func (v *Image) covers(e *desktop.MouseEvent) bool {
	button := e.Button == desktop.MouseButtonPrimary || e.Button == desktop.MouseButtonSecondary
	return v.tool == CoverTool && v.OnStroke != nil && button && !v.base.empty() &&
		e.Modifier&(fyne.KeyModifierControl|fyne.KeyModifierShift) == 0
}

// pressCover begins a stroke with a dab.
func (v *Image) pressCover(e *desktop.MouseEvent, x, y float64) {
	v.covering.erase = e.Button == desktop.MouseButtonSecondary || e.Modifier&fyne.KeyModifierAlt != 0
	v.covering.from = [2]float64{x, y}
	v.coverTo([2]float64{x, y})
}

// dragCover goes on to the pointer.
func (v *Image) dragCover(pos fyne.Position) {
	v.followBrush(pos)
	if distance(v.grip.last, pos) < brushStep {
		return
	}
	v.grip.last = pos
	x, y := v.pointAt(pos)
	v.coverTo([2]float64{x, y})
}

func (v *Image) coverTo(to [2]float64) {
	across, down := v.brushAxes()
	from := v.covering.from
	v.covering.from = to
	v.OnStroke(Stroke{From: from, To: to, Across: across, Down: down, Erase: v.covering.erase})
}

// endCover ends the stroke.
func (v *Image) endCover() { v.OnStroke(Stroke{Done: true, Erase: v.covering.erase}) }

// brushAxes are the half axes of the covering brush in picture pixels.
func (v *Image) brushAxes() (across, down float64) {
	p := v.placement()
	if p.empty() {
		return 0, 0
	}
	across, down = v.covering.width/2/p.scaleX, v.covering.width/2/p.scaleY
	if v.turn.Quarters%2 == 1 {
		across, down = down, across
	}
	return across, down
}

// followBrush moves the ring around the pointer.
func (v *Image) followBrush(pos fyne.Position) {
	if v.tool == CoverTool {
		v.covering.over, v.covering.on = pos, true
		v.figures.arrange(v, !v.placement().empty())
	}
}

// dropBrush hides the ring.
func (v *Image) dropBrush() {
	if v.covering.on {
		v.covering.on = false
		v.figures.arrange(v, !v.placement().empty())
	}
}

// ring is the covering brush where the pointer is.
func (v *Image) ring() []Figure {
	c := v.covering
	x, y := v.pointAt(c.over)
	if v.tool != CoverTool || !c.on || !inPicture(x, y) {
		return nil
	}
	across, down := v.brushAxes()
	return []Figure{{Kind: EllipseFigure, Points: [][2]float64{{x - across, y - down}, {x + across, y + down}}}}
}
