package viewer

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Thumb is a small picture with the model's best answer under it.
type Thumb struct {
	widget.BaseWidget

	// OnTapped reports a click, OnRemove a click on the cross.
	OnTapped func()
	OnRemove func()
}

// NewThumb makes a thumbnail of the picture with that name.
func NewThumb(name string) *Thumb {
	t := &Thumb{}
	t.ExtendBaseWidget(t)
	return t
}

// SetPicture shows m, scaled down once.
func (t *Thumb) SetPicture(m image.Image) {}

// SetScore shows the best answer: "tank 0.97".
func (t *Thumb) SetScore(text string) {}

// SetError frames the thumbnail in red and says why in place of the score; ""
// clears it.
func (t *Thumb) SetError(text string) {}

// SetSelected frames the thumbnail as the one shown.
func (t *Thumb) SetSelected(on bool) {}

// CreateRenderer implements fyne.Widget.
func (t *Thumb) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(canvas.NewText("", nil))
}
