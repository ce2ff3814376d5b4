package welcome

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

// Sample is a built-in model with pictures to try it on.
type Sample struct {
	Name  string // "Tanks: a biased model"
	Short string // what the welcome calls it: "Tanks"; "" is not shown there
	About string // what there is to see, in one or two sentences
	Rival string // Name of the sample to compare it with, "" for none
	First int    // the picture to look at first, counted from 0
	Slice int    // of that picture, where it is a volume
	// Picture is one that stands for the sample, nil for none. It runs off the
	// window's goroutine.
	Picture func() (image.Image, error)
	// Unpack returns the paths of the model and the pictures, as files that
	// open like any others. It runs off the window's goroutine.
	Unpack func() (model string, images []string, err error)
}

// Button opens a sample: one of its pictures, its name, what there is to
// see. It can be reached by Tab and pressed by Return or the space bar.
type Button struct {
	widget.BaseWidget
	sample           Sample
	pressed, leave   func()
	hovered, focused bool
	plate            *canvas.Rectangle
	picture          *canvas.Image
	content          fyne.CanvasObject
}

var (
	_ fyne.Tappable      = (*Button)(nil)
	_ fyne.Focusable     = (*Button)(nil)
	_ desktop.Hoverable  = (*Button)(nil)
	_ desktop.Cursorable = (*Button)(nil)
)

// newButton makes a button that runs pressed, or leave on Esc.
func newButton(s Sample, pressed, leave func()) *Button {
	b := &Button{
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
func (b *Button) load(do func(func())) {
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

func (b *Button) show(m image.Image) {
	b.picture.Image, b.picture.ScaleMode = m, canvas.ImageScaleSmooth
	if size := m.Bounds().Size(); max(size.X, size.Y) < 100 {
		b.picture.ScaleMode = canvas.ImageScalePixels // enlarged pixels stay pixels
	}
	b.picture.Refresh()
}

// Tapped implements fyne.Tappable.
func (b *Button) Tapped(*fyne.PointEvent) { b.pressed() }

// TypedKey implements fyne.Focusable.
func (b *Button) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		b.pressed()
	case fyne.KeyEscape:
		b.leave()
	}
}

// TypedRune implements fyne.Focusable.
func (b *Button) TypedRune(rune) {}

// FocusGained implements fyne.Focusable.
func (b *Button) FocusGained() { b.focused = true; b.Refresh() }

// FocusLost implements fyne.Focusable.
func (b *Button) FocusLost() { b.focused = false; b.Refresh() }

// MouseIn implements desktop.Hoverable.
func (b *Button) MouseIn(*desktop.MouseEvent) { b.hovered = true; b.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (b *Button) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (b *Button) MouseOut() { b.hovered = false; b.Refresh() }

// Cursor implements desktop.Cursorable.
func (b *Button) Cursor() desktop.Cursor { return desktop.PointerCursor }

// Refresh follows the theme, the pointer and the focus.
func (b *Button) Refresh() {
	b.paint()
	b.BaseWidget.Refresh()
}

func (b *Button) paint() {
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
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	b.paint()
	return widget.NewSimpleRenderer(container.NewStack(b.plate, b.content))
}
