// Package welcome is the card that says what the program does, and holds samples to
// try.
package welcome

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/widgets"
)

// What the program does, and what it does not do; the welcome and About say
// the same.
const (
	Purpose = "Picasso shows what an image classifier looks at. Drop an ONNX model and some pictures on the window to see its predictions and the regions behind them."
	Promise = "Pictures and models stay on this machine. The program never connects to the internet."
)

// Card is a card over the window: what the program does, and samples to try. A
// click beside the card closes it, and so do Esc and Return.
type Card struct {
	widget.BaseWidget
	close   func()
	shade   *canvas.Rectangle // over the whole window
	plate   *canvas.Rectangle // the card's ground
	content fyne.CanvasObject
	samples []*Button
}

var (
	_ fyne.Tappable     = (*Card)(nil)
	_ desktop.Hoverable = (*Card)(nil)
)

// Size of the card and the room that it leaves around itself.
const (
	welcomeWidth = 780
	welcomeRoom  = 24
)

// New makes a card with a button for each sample that has a short name: it runs open,
// and close runs where the card is left. Pictures come through do, on the window's
// goroutine.
func New(samples []Sample, do func(func()), open func(Sample), close func()) *Card {
	l := &Card{close: close, shade: canvas.NewRectangle(nil), plate: canvas.NewRectangle(nil)}
	l.plate.CornerRadius = 8
	title := widget.NewLabel("Welcome to Picasso")
	title.SizeName, title.TextStyle.Bold = theme.SizeNameHeadingText, true
	say, keep := widget.NewLabel(Purpose), widget.NewLabel(Promise)
	say.Wrapping, keep.Wrapping = fyne.TextWrapWord, fyne.TextWrapWord

	row := container.NewGridWithRows(1)
	for _, s := range samples {
		if s.Short == "" {
			continue
		}
		b := newButton(s, func() { open(s) }, close)
		b.load(do)
		l.samples = append(l.samples, b)
		row.Add(b)
	}
	parts := container.NewVBox(title, say)
	if len(l.samples) > 0 {
		parts.Add(widgets.Heading("SAMPLES TO TRY"))
		parts.Add(row)
	}
	start := widget.NewButton("Close", close)
	start.Importance = widget.HighImportance
	shield := container.NewVBox(container.NewPadded(widget.NewIcon(theme.NewPrimaryThemedResource(theme.ConfirmIcon()))))
	parts.Add(container.NewBorder(nil, nil, shield, nil, keep))
	parts.Add(container.NewBorder(nil, nil, nil, start, widgets.Faint("To see this again: Help → Welcome…")))
	l.content = container.NewVScroll(container.NewPadded(container.NewPadded(parts)))
	l.ExtendBaseWidget(l)
	return l
}

// Place is where the card lies in the window, and how large it is.
func (l *Card) Place() (fyne.Position, fyne.Size) { return l.plate.Position(), l.plate.Size() }

// Tapped closes the card unless it was hit itself.
func (l *Card) Tapped(e *fyne.PointEvent) {
	from, size := l.plate.Position(), l.plate.Size()
	in := e.Position.Subtract(from)
	if in.X < 0 || in.Y < 0 || in.X >= size.Width || in.Y >= size.Height {
		l.close()
	}
}

// MouseIn implements desktop.Hoverable: what lies below does not answer to the
// pointer.
func (l *Card) MouseIn(*desktop.MouseEvent) {}

// MouseMoved implements desktop.Hoverable.
func (l *Card) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (l *Card) MouseOut() {}

// CreateRenderer implements fyne.Widget.
func (l *Card) CreateRenderer() fyne.WidgetRenderer {
	r := &welcomeRenderer{l}
	r.paint()
	return r
}

type welcomeRenderer struct{ l *Card }

// paint follows the theme; the window stays recognisable below the shade.
func (r *welcomeRenderer) paint() {
	r.l.shade.FillColor = color.NRGBA{A: 0x58}
	r.l.plate.FillColor = theme.Color(theme.ColorNameOverlayBackground)
	r.l.plate.StrokeColor, r.l.plate.StrokeWidth = theme.Color(theme.ColorNameSeparator), 1
}

// Layout puts the card into the middle, as high as its text at that width.
func (r *welcomeRenderer) Layout(size fyne.Size) {
	l := r.l
	l.shade.Resize(size)
	width := min(welcomeWidth, size.Width-2*welcomeRoom)
	inside := l.content.(*container.Scroll).Content
	inside.Resize(fyne.NewSize(width, inside.MinSize().Height)) // texts wrap
	card := fyne.NewSize(width, min(inside.MinSize().Height, size.Height-2*welcomeRoom))
	at := fyne.NewPos((size.Width-card.Width)/2, (size.Height-card.Height)/2)
	for _, o := range []fyne.CanvasObject{l.plate, l.content} {
		o.Resize(card)
		o.Move(at)
	}
}

func (r *welcomeRenderer) MinSize() fyne.Size { return fyne.Size{} }

func (r *welcomeRenderer) Refresh() {
	r.paint()
	r.Layout(r.l.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
}

func (r *welcomeRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.l.shade, r.l.plate, r.l.content}
}

func (r *welcomeRenderer) Destroy() {}
