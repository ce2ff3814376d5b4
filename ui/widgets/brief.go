package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Brief is a small text in a place that does not grow: it shows as many whole lines
// as its place holds, and ends in an ellipsis where the text goes on. It asks for the
// height of one line.
type Brief struct {
	widget.BaseWidget
	Text  string
	lines *fyne.Container
	whole bool
}

// NewBrief makes an empty one.
func NewBrief() *Brief {
	b := &Brief{lines: &fyne.Container{}, whole: true}
	b.ExtendBaseWidget(b)
	return b
}

// SetText shows another text.
func (b *Brief) SetText(text string) {
	b.Text = text
	b.fill()
}

// Whole reports whether the place shows all of the text.
func (b *Brief) Whole() bool { return b.whole }

// Resize fills the place anew.
func (b *Brief) Resize(size fyne.Size) {
	b.BaseWidget.Resize(size)
	b.fill()
}

// Refresh follows the theme.
func (b *Brief) Refresh() {
	b.fill()
	b.BaseWidget.Refresh()
}

// MinSize is one line of no width.
func (b *Brief) MinSize() fyne.Size { return fyne.NewSize(0, b.line()) }

func (b *Brief) line() float32 {
	return fyne.MeasureText("M", theme.CaptionTextSize(), fyne.TextStyle{}).Height
}

func (b *Brief) fill() {
	size, height := b.Size(), b.line()
	b.lines.Objects = nil
	if size.Width <= 0 {
		return
	}
	text := theme.CaptionTextSize()
	shown := Wrap(b.Text, size.Width, text, max(1, int(size.Height/height)))
	b.whole = len(Wrap(b.Text, size.Width, text, len(shown)+1)) <= len(shown)
	for i, line := range shown {
		t := canvas.NewText(line, theme.Color(theme.ColorNameForeground))
		t.TextSize = text
		t.Move(fyne.NewPos(0, float32(i)*height))
		t.Resize(fyne.NewSize(size.Width, height))
		b.lines.Objects = append(b.lines.Objects, t)
	}
	b.lines.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (b *Brief) CreateRenderer() fyne.WidgetRenderer {
	b.fill()
	return widget.NewSimpleRenderer(b.lines)
}
