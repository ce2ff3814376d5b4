package viewer

import (
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/widgets"
	"picasso/visualizers/render"
)

const (
	stripWidth   = 14 // of the colours
	tickLength   = 4
	tickDistance = 48 // between labels, about
	barRoom      = 92 // for strip, numbers and unit
	unitLines    = 3
)

// ColorBar shows a scale upright, beside what it belongs to: what the values
// are, the strip of colours with its largest value at the top, round values
// beside it, a lock, and a marker at the value under the pointer.
type ColorBar struct {
	widget.BaseWidget

	// OnLock reports that the user locked or released the scale; nil for a scale
	// that cannot be locked.
	OnLock func(locked bool)

	scale  render.Scale
	marker float64
	what   string // the values are

	strip  *canvas.Image
	needle *canvas.Rectangle
	ticks  []*canvas.Line
	labels []*canvas.Text
	unit   []*canvas.Text
	lock   *widget.Check
	quiet  bool // the lock is being set, not clicked
}

// NewColorBar makes an empty colour bar.
func NewColorBar() *ColorBar {
	b := &ColorBar{
		marker: math.NaN(),
		strip:  &canvas.Image{FillMode: canvas.ImageFillStretch, ScaleMode: canvas.ImageScaleFastest},
		needle: canvas.NewRectangle(color.Transparent),
	}
	b.lock = widget.NewCheck("Lock", func(on bool) {
		if b.OnLock != nil && !b.quiet {
			b.OnLock(on)
		}
	})
	b.strip.Hide()
	b.ExtendBaseWidget(b)
	return b
}

// SetScale shows a scale.
func (b *ColorBar) SetScale(s render.Scale) {
	b.scale = s
	b.strip.Image = render.Bar(1, 512, s.Colors, s.Range)
	b.strip.Show()
	b.strip.Refresh()
	b.Refresh()
}

// SetUnit says what the values are: "drop in P(tank)".
func (b *ColorBar) SetUnit(what string) {
	if b.what != what {
		b.what = what
		b.Refresh()
	}
}

// Unit is all that the bar says of its values.
func (b *ColorBar) Unit() string { return b.scale.Range.Axis(b.what) }

// SetLocked shows the state of the lock without reporting it.
func (b *ColorBar) SetLocked(on bool) {
	b.quiet = true
	b.lock.SetChecked(on)
	b.quiet = false
}

// SetMarker marks a value on the scale; NaN removes the mark.
func (b *ColorBar) SetMarker(value float64) {
	b.marker = value
	b.placeNeedle()
}

// span is where the strip begins and how long it is.
func (b *ColorBar) span() (top, length float32) {
	line := fyne.MeasureText("0", theme.CaptionTextSize(), fyne.TextStyle{}).Height
	top = unitLines*line + line/2 + theme.Padding()
	return top, max(0, b.Size().Height-top-line/2-theme.Padding()-b.lock.MinSize().Height)
}

func (b *ColorBar) position(v float64) float32 {
	top, length := b.span()
	return top + length*float32(1-b.scale.Range.Position(v))
}

func (b *ColorBar) placeNeedle() {
	on := !math.IsNaN(b.marker) && b.strip.Visible()
	if on {
		b.needle.Resize(fyne.NewSize(stripWidth+2*tickLength, 4))
		b.needle.Move(fyne.NewPos(theme.Padding()-tickLength, b.position(b.marker)-2))
	}
	setVisible(b.needle, on)
}

// placeTicks makes the ticks for the present height, leaving out labels that
// would touch the one below.
func (b *ColorBar) placeTicks() {
	b.ticks, b.labels = nil, nil
	_, length := b.span()
	if !b.strip.Visible() || length < 1 {
		return
	}
	free := float32(math.Inf(1))
	for _, t := range render.Ticks(b.scale.Range, max(3, int(length/tickDistance))) {
		y, x := b.position(t.Value), theme.Padding()+stripWidth
		line := canvas.NewLine(theme.Color(theme.ColorNameForeground))
		line.StrokeWidth = 1
		line.Position1, line.Position2 = fyne.NewPos(x, y), fyne.NewPos(x+tickLength, y)
		b.ticks = append(b.ticks, line)

		text := caption(t.Label)
		need := text.MinSize()
		if y+need.Height/2 > free {
			continue
		}
		free = y - need.Height/2
		text.Move(fyne.NewPos(x+2*tickLength, y-need.Height/2))
		text.Resize(need)
		b.labels = append(b.labels, text)
	}
}

// placeUnit writes what the values are above the strip.
func (b *ColorBar) placeUnit(width float32) {
	b.unit = nil
	if !b.strip.Visible() {
		return
	}
	y := float32(0)
	for _, line := range widgets.Wrap(b.Unit(), width-theme.Padding(), theme.CaptionTextSize(), unitLines) {
		text := caption(line)
		text.Move(fyne.NewPos(theme.Padding(), y))
		text.Resize(text.MinSize())
		y += text.MinSize().Height
		b.unit = append(b.unit, text)
	}
}

func caption(words string) *canvas.Text {
	text := canvas.NewText(words, theme.Color(theme.ColorNameForeground))
	text.TextSize = theme.CaptionTextSize()
	return text
}

// CreateRenderer implements fyne.Widget.
func (b *ColorBar) CreateRenderer() fyne.WidgetRenderer {
	r := &colorBarRenderer{b}
	r.paint()
	return r
}

type colorBarRenderer struct{ b *ColorBar }

func (r *colorBarRenderer) paint() {
	r.b.needle.FillColor = theme.Color(theme.ColorNameForeground)
	r.b.needle.StrokeColor = theme.Color(theme.ColorNameBackground)
	r.b.needle.StrokeWidth = 1
}

func (r *colorBarRenderer) Layout(size fyne.Size) {
	b := r.b
	top, length := b.span()
	b.strip.Move(fyne.NewPos(theme.Padding(), top))
	b.strip.Resize(fyne.NewSize(stripWidth, length))
	need := b.lock.MinSize()
	b.lock.Resize(need)
	b.lock.Move(fyne.NewPos(0, size.Height-need.Height))
	setVisible(b.lock, b.OnLock != nil)
	b.placeTicks()
	b.placeUnit(size.Width)
	b.placeNeedle()
}

func (r *colorBarRenderer) MinSize() fyne.Size {
	return fyne.NewSize(max(barRoom, r.b.lock.MinSize().Width), 160)
}

func (r *colorBarRenderer) Refresh() {
	r.paint()
	r.Layout(r.b.Size())
	for _, o := range r.Objects() {
		if _, strip := o.(*canvas.Image); !strip {
			o.Refresh()
		}
	}
	canvas.Refresh(r.b)
}

func (r *colorBarRenderer) Objects() []fyne.CanvasObject {
	b := r.b
	objects := []fyne.CanvasObject{b.strip, b.lock}
	for _, t := range b.ticks {
		objects = append(objects, t)
	}
	for _, l := range append(b.unit, b.labels...) {
		objects = append(objects, l)
	}
	return append(objects, b.needle)
}

func (r *colorBarRenderer) Destroy() {}
