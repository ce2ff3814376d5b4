package ui

import (
	"fmt"
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/picture"
)

// heading is the title of a section.
func heading(text string) *widget.Label {
	l := widget.NewLabel(text)
	l.TextStyle.Bold = true
	l.SizeName = theme.SizeNameCaptionText
	l.Importance = widget.LowImportance
	return l
}

// faint is text of less weight.
func faint(text string) *widget.Label {
	l := widget.NewLabel(text)
	l.SizeName = theme.SizeNameCaptionText
	l.Importance = widget.LowImportance
	return l
}

// tight stacks labels closer than a VBox does.
func tight(objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedVBoxLayout(-8), objects...)
}

// padded leaves room on both sides.
func padded(o fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedLayout(2, 6, 6, 6), o)
}

func visible(o fyne.CanvasObject, on bool) {
	if on {
		o.Show()
		return
	}
	o.Hide()
}

// count writes "1 class", "2 classes".
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// atLeast gives its content a minimum size.
func atLeast(width, height float32, o fyne.CanvasObject) *fyne.Container {
	space := canvas.NewRectangle(color.Transparent)
	space.SetMinSize(fyne.NewSize(width, height))
	return container.NewStack(space, o)
}

// tint is a colour thin enough to lie behind text.
func tint(r, g, b uint32) color.Color {
	return color.NRGBA{R: uint8(r >> 8), G: uint8(g >> 8), B: uint8(b >> 8), A: 36}
}

// imageExtensions are the kinds of pictures the file dialog offers first.
func imageExtensions() []string {
	var out []string
	for _, e := range picture.Extensions() {
		out = append(out, strings.TrimPrefix(e, "."))
	}
	return out
}

// roomy leaves room for the scroll bar at the right.
func roomy(o fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedLayout(0, 0, 0, 6), o)
}

// veil dims what lies below it, so that text over it can be read.
type veil struct {
	widget.BaseWidget
	shade *canvas.Rectangle
}

func newVeil() *veil {
	v := &veil{shade: canvas.NewRectangle(color.Transparent)}
	v.ExtendBaseWidget(v)
	return v
}

// Refresh follows the theme.
func (v *veil) Refresh() {
	v.paint()
	v.BaseWidget.Refresh()
}

func (v *veil) paint() {
	r, g, b, _ := theme.Color(theme.ColorNameBackground).RGBA()
	v.shade.FillColor = color.NRGBA{R: uint8(r >> 8), G: uint8(g >> 8), B: uint8(b >> 8), A: 225}
}

// CreateRenderer implements fyne.Widget.
func (v *veil) CreateRenderer() fyne.WidgetRenderer {
	v.paint()
	return widget.NewSimpleRenderer(v.shade)
}
