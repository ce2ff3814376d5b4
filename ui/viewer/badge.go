package viewer

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// badge is a short text on a plate, readable over any picture.
type badge struct {
	widget.BaseWidget
	plate *canvas.Rectangle
	text  *canvas.Text
}

func newBadge(text string) *badge {
	b := &badge{plate: canvas.NewRectangle(color.Transparent), text: canvas.NewText(text, color.Black)}
	b.text.TextStyle.Bold = true
	b.ExtendBaseWidget(b)
	b.paint()
	return b
}

func (b *badge) paint() {
	b.plate.FillColor = theme.Color(theme.ColorNameOverlayBackground)
	b.plate.StrokeColor = theme.Color(theme.ColorNameWarning)
	b.plate.StrokeWidth = 1
	b.plate.CornerRadius = theme.InputRadiusSize()
	b.text.Color = theme.Color(theme.ColorNameForeground)
	b.text.TextSize = theme.CaptionTextSize()
}

// Refresh follows the theme.
func (b *badge) Refresh() {
	b.paint()
	b.BaseWidget.Refresh()
}

func (b *badge) write(words string) {
	b.text.Text = words
	b.Refresh()
}

func (b *badge) setVisible(on bool) { setVisible(b, on) }

// CreateRenderer implements fyne.Widget.
func (b *badge) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(b.plate, container.NewPadded(b.text)))
}

// outline is an unfilled rectangle.
func outline(c color.Color, width float32) *canvas.Rectangle {
	r := canvas.NewRectangle(color.Transparent)
	r.StrokeColor, r.StrokeWidth = c, width
	return r
}

func setVisible(o fyne.CanvasObject, on bool) {
	switch {
	case on && !o.Visible():
		o.Show()
	case !on && o.Visible():
		o.Hide()
	}
}
