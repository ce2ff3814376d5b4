package viewer

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// View is a zoom and a position, in units that mean the same in every viewer,
// so views of pictures of other sizes can be linked.
type View struct {
	Zoom    float64 // 1 = the whole picture fits
	CenterX float64 // what lies in the middle, as a share of the picture's width
	CenterY float64 // and of its height
}

// Fitted is the view that shows the whole picture.
var fitted = View{Zoom: 1, CenterX: 0.5, CenterY: 0.5}

// Image shows a picture and an overlay. The wheel zooms around the pointer,
// dragging pans, a double click fits the picture again.
type Image struct {
	widget.BaseWidget

	// OnHover reports the picture pixel under the pointer; inside is false
	// when the pointer left the picture.
	OnHover func(x, y int, inside bool)
	// OnTapped reports a click on picture pixel x, y.
	OnTapped func(x, y int)
	// OnViewChanged reports a view that the user changed, for linked views.
	OnViewChanged func(View)

	view View
}

// NewImage makes a viewer that shows empty (a sentence) until there is a picture.
func NewImage(empty string) *Image {
	v := &Image{view: fitted}
	v.ExtendBaseWidget(v)
	return v
}

// SetBase shows a picture; nil shows the empty text. The view stays when the
// size of the picture stays, else the picture is fitted.
func (v *Image) SetBase(m image.Image) {}

// SetOverlay lays m, stretched to the picture's size, over it; nil removes it.
func (v *Image) SetOverlay(m image.Image) {}

// SetOverlayVisible hides and shows the overlay without forgetting it.
func (v *Image) SetOverlayVisible(on bool) {}

// SetStale marks the overlay as not yet matching the settings.
func (v *Image) SetStale(on bool) {}

// Mark frames a region, in picture pixels; an empty one removes the frame.
func (v *Image) Mark(r image.Rectangle) {}

// SetEmptyText changes the sentence shown while there is no picture.
func (v *Image) SetEmptyText(text string) {}

// View is the current zoom and position.
func (v *Image) View() View { return v.view }

// SetView changes zoom and position without reporting it.
func (v *Image) SetView(w View) { v.view = w }

// Fit shows the whole picture.
func (v *Image) Fit() { v.SetView(fitted) }

// ZoomBy zooms around the middle; above 1 is closer.
func (v *Image) ZoomBy(factor float64) {}

// CreateRenderer implements fyne.Widget.
func (v *Image) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(canvas.NewText("", nil))
}
