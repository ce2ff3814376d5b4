package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// Columns are three columns of a window. The side columns keep their
// width when the window changes, so that the picture gets all the room; their
// edges can be dragged.
type Columns struct {
	widget.BaseWidget
	outer, inner *container.Split
	shown        *fyne.Container // all of it, or the middle alone
	middle       fyne.CanvasObject
	left, right  float64 // widths as the user wants them
	laid         fyne.Size
}

// Widths of the side columns.
const (
	leftWidth  = 228
	rightWidth = 312
	minSide    = 150
	maxSide    = 700
)

// NewColumns makes columns of which the sides are l and r wide; 0 is the usual
// width.
func NewColumns(left, middle, right fyne.CanvasObject, l, r float64) *Columns {
	c := &Columns{middle: middle, left: side(l, leftWidth), right: side(r, rightWidth)}
	c.inner = container.NewHSplit(middle, right)
	c.outer = container.NewHSplit(left, c.inner)
	c.shown = container.NewStack(c.outer)
	c.ExtendBaseWidget(c)
	return c
}

// Collapsed reports whether only the middle is shown.
func (c *Columns) Collapsed() bool { return c.shown.Objects[0] == c.middle }

// Collapse hides the side columns, or shows them again as wide as they were.
func (c *Columns) Collapse(on bool) {
	if on == c.Collapsed() {
		return
	}
	if c.shown.Objects[0] = c.outer; on {
		c.measure()
		c.shown.Objects[0] = c.middle
	}
	c.shown.Refresh()
	if !on {
		c.outer.Refresh()
		c.inner.Refresh()
	}
}

func side(saved, otherwise float64) float64 {
	if saved < minSide || saved > maxSide {
		return otherwise
	}
	return saved
}

// Widths are the widths of the side columns now.
func (c *Columns) Widths() (left, right float64) {
	c.measure()
	return c.left, c.right
}

// measure reads where the user dragged the edges to.
func (c *Columns) measure() {
	if c.laid.Width <= 0 {
		return
	}
	all := float64(c.laid.Width)
	c.left = c.outer.Offset * all
	c.right = (1 - c.inner.Offset) * (all - c.left)
}

// Resize keeps the side columns as wide as they are.
func (c *Columns) Resize(size fyne.Size) {
	if size.Width > 0 && size != c.laid {
		c.measure()
		all := float64(size.Width)
		c.outer.Offset = c.left / all
		c.inner.Offset = 1 - c.right/(all-c.left)
		c.laid = size
	}
	c.BaseWidget.Resize(size)
}

// CreateRenderer implements fyne.Widget.
func (c *Columns) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(c.shown)
}
