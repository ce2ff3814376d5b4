package ui

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/widgets"
)

// sampleButton opens a sample: one of its pictures, its name, what there is to
// see. It can be reached by Tab and pressed by Return or the space bar.
type sampleButton struct {
	widget.BaseWidget
	sample           Sample
	pressed, leave   func()
	hovered, focused bool
	plate            *canvas.Rectangle
	picture          *canvas.Image
	content          fyne.CanvasObject
}

var (
	_ fyne.Tappable      = (*sampleButton)(nil)
	_ fyne.Focusable     = (*sampleButton)(nil)
	_ desktop.Hoverable  = (*sampleButton)(nil)
	_ desktop.Cursorable = (*sampleButton)(nil)
)

// newSampleButton makes a button that runs pressed, or leave on Esc.
func newSampleButton(s Sample, pressed, leave func()) *sampleButton {
	b := &sampleButton{
		sample: s, pressed: pressed, leave: leave,
		plate:   canvas.NewRectangle(color.Transparent),
		picture: &canvas.Image{FillMode: canvas.ImageFillContain},
	}
	b.plate.CornerRadius = 6
	b.picture.SetMinSize(fyne.NewSize(160, 150))
	name, about := widget.NewLabel(s.Short), widgets.Faint(s.About)
	name.TextStyle.Bold = true
	name.Alignment = fyne.TextAlignCenter
	about.Wrapping = fyne.TextWrapWord
	b.content = container.NewPadded(container.NewVBox(b.picture, widgets.Tight(name, about)))
	b.ExtendBaseWidget(b)
	return b
}

// load gets the picture off the window's goroutine; without one the name has
// to do.
func (b *sampleButton) load(do func(func())) {
	if b.sample.Picture == nil {
		return
	}
	go func() {
		m, err := b.sample.Picture()
		if err == nil {
			do(func() { b.show(m) })
		}
	}()
}

func (b *sampleButton) show(m image.Image) {
	b.picture.Image, b.picture.ScaleMode = m, canvas.ImageScaleSmooth
	if size := m.Bounds().Size(); max(size.X, size.Y) < 100 {
		b.picture.ScaleMode = canvas.ImageScalePixels // enlarged pixels stay pixels
	}
	b.picture.Refresh()
}

// Tapped implements fyne.Tappable.
func (b *sampleButton) Tapped(*fyne.PointEvent) { b.pressed() }

// TypedKey implements fyne.Focusable.
func (b *sampleButton) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		b.pressed()
	case fyne.KeyEscape:
		b.leave()
	}
}

// TypedRune implements fyne.Focusable.
func (b *sampleButton) TypedRune(rune) {}

// FocusGained implements fyne.Focusable.
func (b *sampleButton) FocusGained() { b.focused = true; b.Refresh() }

// FocusLost implements fyne.Focusable.
func (b *sampleButton) FocusLost() { b.focused = false; b.Refresh() }

// MouseIn implements desktop.Hoverable.
func (b *sampleButton) MouseIn(*desktop.MouseEvent) { b.hovered = true; b.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (b *sampleButton) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (b *sampleButton) MouseOut() { b.hovered = false; b.Refresh() }

// Cursor implements desktop.Cursorable.
func (b *sampleButton) Cursor() desktop.Cursor { return desktop.PointerCursor }

// Refresh follows the theme, the pointer and the focus.
func (b *sampleButton) Refresh() {
	b.paint()
	b.BaseWidget.Refresh()
}

func (b *sampleButton) paint() {
	b.plate.FillColor = theme.Color(theme.ColorNameInputBackground)
	b.plate.StrokeColor, b.plate.StrokeWidth = theme.Color(theme.ColorNameSeparator), 1
	if b.hovered {
		b.plate.FillColor = theme.Color(theme.ColorNameButton)
	}
	if b.focused {
		b.plate.StrokeColor, b.plate.StrokeWidth = theme.Color(theme.ColorNamePrimary), 2
	}
}

// CreateRenderer implements fyne.Widget.
func (b *sampleButton) CreateRenderer() fyne.WidgetRenderer {
	b.paint()
	return widget.NewSimpleRenderer(container.NewStack(b.plate, b.content))
}
