// Package widgets holds the small widgets and layouts that all panes of the
// window are made of.
package widgets

import (
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Heading is the title of a section.
func Heading(text string) *widget.Label {
	l := widget.NewLabel(text)
	l.TextStyle.Bold = true
	l.SizeName = theme.SizeNameCaptionText
	l.Importance = widget.LowImportance
	return l
}

// Faint is text of less weight.
func Faint(text string) *widget.Label {
	l := widget.NewLabel(text)
	l.SizeName = theme.SizeNameCaptionText
	l.Importance = widget.LowImportance
	return l
}

// Tight stacks labels closer than a VBox does.
func Tight(objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedVBoxLayout(-8), objects...)
}

// Padded leaves room on both sides.
func Padded(o fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedLayout(2, 6, 6, 6), o)
}

// Visible shows or hides o.
func Visible(o fyne.CanvasObject, on bool) {
	if on {
		o.Show()
		return
	}
	o.Hide()
}

// AtLeast gives its content a minimum size.
func AtLeast(width, height float32, o fyne.CanvasObject) *fyne.Container {
	space := canvas.NewRectangle(color.Transparent)
	space.SetMinSize(fyne.NewSize(width, height))
	return container.NewStack(space, o)
}

// Tint is a colour thin enough to lie behind text.
func Tint(r, g, b uint32) color.Color {
	return color.NRGBA{R: uint8(r >> 8), G: uint8(g >> 8), B: uint8(b >> 8), A: 36}
}

// Roomy leaves room for the scroll bar at the right.
func Roomy(o fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedLayout(0, 0, 0, 6), o)
}

// Veil dims what lies below it, so that text over it can be read.
type Veil struct {
	widget.BaseWidget
	shade *canvas.Rectangle
}

// veiled is how much of what lies below a veil is hidden, of 255.
const veiled = 225

// NewVeil makes a veil; it follows the theme.
func NewVeil() *Veil {
	v := &Veil{shade: canvas.NewRectangle(color.Transparent)}
	v.ExtendBaseWidget(v)
	return v
}

// Refresh follows the theme.
func (v *Veil) Refresh() {
	v.paint()
	v.BaseWidget.Refresh()
}

func (v *Veil) paint() {
	r, g, b, _ := theme.Color(theme.ColorNameBackground).RGBA()
	v.shade.FillColor = color.NRGBA{R: uint8(r >> 8), G: uint8(g >> 8), B: uint8(b >> 8), A: veiled}
}

// CreateRenderer implements fyne.Widget.
func (v *Veil) CreateRenderer() fyne.WidgetRenderer {
	v.paint()
	return widget.NewSimpleRenderer(v.shade)
}

// Halves are a label with its control at the right, which gets half the width.
func Halves(label, control fyne.CanvasObject) fyne.CanvasObject {
	return container.NewGridWithColumns(2, label, control)
}

// Narrow is content that takes what room there is, but asks for no more than a
// width: of what its text says the end may be cut off.
func Narrow(width float32, o fyne.CanvasObject) *fyne.Container {
	return Between(width, math.MaxFloat32, o)
}

// Between is content that asks for a width and takes what room there is up to most, at
// the left of it.
func Between(width, most float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(between{width, most}, o)
}

// between lays out the one object of a [Between].
type between struct{ width, most float32 }

// MinSize implements fyne.Layout.
func (b between) MinSize(objects []fyne.CanvasObject) fyne.Size {
	if !objects[0].Visible() {
		return fyne.Size{}
	}
	return fyne.NewSize(b.width, objects[0].MinSize().Height)
}

// Layout implements fyne.Layout.
func (b between) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.Position{})
	objects[0].Resize(fyne.NewSize(min(size.Width, b.most), size.Height))
}

// AtMost is as high as its content, but not higher than some height, beyond
// which it scrolls.
func AtMost(height float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(atMost(height), container.NewVScroll(o))
}

// atMost lays out the one scroll of an [AtMost].
type atMost float32

// MinSize implements fyne.Layout.
func (a atMost) MinSize(objects []fyne.CanvasObject) fyne.Size {
	inside := objects[0].(*container.Scroll).Content.MinSize()
	return fyne.NewSize(inside.Width, min(inside.Height, float32(a)))
}

// Layout implements fyne.Layout.
func (a atMost) Layout(objects []fyne.CanvasObject, size fyne.Size) { objects[0].Resize(size) }
