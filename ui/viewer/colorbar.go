package viewer

import (
	"fyne.io/fyne/v2/canvas"
	"picasso/visualizers/render"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// ColorBar shows a scale: the strip of colours, round values under it, what
// they measure in words, a lock, and a marker at the value under the pointer.
type ColorBar struct {
	widget.BaseWidget

	// OnLock reports that the user locked or released the scale.
	OnLock func(locked bool)
}

// NewColorBar makes an empty colour bar.
func NewColorBar() *ColorBar {
	b := &ColorBar{}
	b.ExtendBaseWidget(b)
	return b
}

// SetScale shows a scale.
func (b *ColorBar) SetScale(s render.Scale) {}

// SetWords says what the values are ("drop in P(tank) when this spot is
// covered") and, when there is something to say, what the map says in words
// (render.Describe).
func (b *ColorBar) SetWords(unit, note string) {}

// SetLocked shows the state of the lock without reporting it.
func (b *ColorBar) SetLocked(on bool) {}

// SetMarker marks a value on the scale; NaN removes the mark.
func (b *ColorBar) SetMarker(value float64) {}

// CreateRenderer implements fyne.Widget.
func (b *ColorBar) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(canvas.NewText("", nil))
}
