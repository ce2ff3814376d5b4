package ui

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
	purpose = "Picasso shows what an image classifier looks at. Drop an ONNX model and some pictures on the window to see its predictions and the regions behind them."
	promise = "Pictures and models stay on this machine. The program never connects to the internet."
)

// greeting stands before the story of the sample that the first start shows. The
// card itself does not come then, for it would hide the map.
const greeting = "Welcome! This is a sample: "

// welcome is a card over the window: what the program does, and samples to try. A
// click beside the card closes it, and so do Esc and Return.
type welcome struct {
	widget.BaseWidget
	close   func()
	shade   *canvas.Rectangle // over the whole window
	plate   *canvas.Rectangle // the card's ground
	content fyne.CanvasObject
	samples []*sampleButton
}

var (
	_ fyne.Tappable     = (*welcome)(nil)
	_ desktop.Hoverable = (*welcome)(nil)
)

// Size of the card and the room that it leaves around itself.
const (
	welcomeWidth = 780
	welcomeRoom  = 24
)

func (w *Window) showWelcome() {
	if w.welcome != nil {
		return
	}
	w.welcome = newWelcome(w)
	w.win.Canvas().Overlays().Add(w.welcome)
	w.welcome.Resize(w.win.Canvas().Size())
}

// hideWelcome closes the card, if it is there, and what was opened over it.
func (w *Window) hideWelcome() {
	if w.welcome == nil {
		return
	}
	if w.panel != nil {
		w.panel.Hide()
	}
	w.win.Canvas().Overlays().Remove(w.welcome)
	w.welcome = nil
}

func newWelcome(w *Window) *welcome {
	l := &welcome{close: w.hideWelcome, shade: canvas.NewRectangle(nil), plate: canvas.NewRectangle(nil)}
	l.plate.CornerRadius = 8
	title := widget.NewLabel("Welcome to Picasso")
	title.SizeName, title.TextStyle.Bold = theme.SizeNameHeadingText, true
	say, keep := widget.NewLabel(purpose), widget.NewLabel(promise)
	say.Wrapping, keep.Wrapping = fyne.TextWrapWord, fyne.TextWrapWord

	row := container.NewGridWithRows(1)
	for _, s := range w.params.Samples {
		if s.Short == "" {
			continue
		}
		b := newSampleButton(s, func() { w.hideWelcome(); w.openSample(s) }, w.hideWelcome)
		b.load(w.do)
		l.samples = append(l.samples, b)
		row.Add(b)
	}
	parts := container.NewVBox(title, say)
	if len(l.samples) > 0 {
		parts.Add(widgets.Heading("SAMPLES TO TRY"))
		parts.Add(row)
	}
	start := widget.NewButton("Close", w.hideWelcome)
	start.Importance = widget.HighImportance
	shield := container.NewVBox(container.NewPadded(widget.NewIcon(theme.NewPrimaryThemedResource(theme.ConfirmIcon()))))
	parts.Add(container.NewBorder(nil, nil, shield, nil, keep))
	parts.Add(container.NewBorder(nil, nil, nil, start, widgets.Faint("To see this again: Help → Welcome…")))
	l.content = container.NewVScroll(container.NewPadded(container.NewPadded(parts)))
	l.ExtendBaseWidget(l)
	return l
}

// Tapped closes the card unless it was hit itself.
func (l *welcome) Tapped(e *fyne.PointEvent) {
	from, size := l.plate.Position(), l.plate.Size()
	in := e.Position.Subtract(from)
	if in.X < 0 || in.Y < 0 || in.X >= size.Width || in.Y >= size.Height {
		l.close()
	}
}

// MouseIn implements desktop.Hoverable: what lies below does not answer to the
// pointer.
func (l *welcome) MouseIn(*desktop.MouseEvent) {}

// MouseMoved implements desktop.Hoverable.
func (l *welcome) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (l *welcome) MouseOut() {}

// CreateRenderer implements fyne.Widget.
func (l *welcome) CreateRenderer() fyne.WidgetRenderer {
	r := &welcomeRenderer{l}
	r.paint()
	return r
}

type welcomeRenderer struct{ l *welcome }

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
