package viewer

import (
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/visualizers/render"
)

const (
	stripHeight  = 14 // of the colours
	tickLength   = 4
	tickDistance = 64 // between labels, about
)

// ColorBar shows a scale: the strip of colours, round values under it, what
// they measure in words, a lock, and a marker at the value under the pointer.
type ColorBar struct {
	widget.BaseWidget

	// OnLock reports that the user locked or released the scale.
	OnLock func(locked bool)

	scale  render.Scale
	marker float64

	strip      *canvas.Image
	needle     *canvas.Rectangle
	ticks      []*canvas.Line
	labels     []*canvas.Text
	lock       *widget.Check
	unit, note *widget.Label
	quiet      bool // the lock is being set, not clicked
}

// NewColorBar makes an empty colour bar.
func NewColorBar() *ColorBar {
	b := &ColorBar{
		marker: math.NaN(),
		strip:  &canvas.Image{FillMode: canvas.ImageFillStretch, ScaleMode: canvas.ImageScaleFastest},
		needle: canvas.NewRectangle(color.Transparent),
		unit:   widget.NewLabel(""),
		note:   widget.NewLabel(""),
	}
	b.lock = widget.NewCheck("Lock scale", func(on bool) {
		if b.OnLock != nil && !b.quiet {
			b.OnLock(on)
		}
	})
	b.unit.Wrapping = fyne.TextWrapWord
	b.note.Wrapping = fyne.TextWrapWord
	b.note.Importance = widget.WarningImportance
	b.note.Hide()
	b.strip.Hide()
	b.ExtendBaseWidget(b)
	return b
}

// SetScale shows a scale.
func (b *ColorBar) SetScale(s render.Scale) {
	b.scale = s
	b.strip.Image = render.Bar(512, 1, s.Colors, s.Range)
	b.strip.Show()
	b.strip.Refresh()
	b.Refresh()
}

// SetWords says what the values are ("drop in P(tank) when this spot is
// covered") and, when there is something to say, what the map says in words
// (render.Describe).
func (b *ColorBar) SetWords(unit, note string) {
	if b.unit.Text == unit && b.note.Text == note {
		return
	}
	b.unit.SetText(unit)
	b.note.SetText(note)
	setVisible(b.note, note != "")
	b.Refresh()
}

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

// stripWidth is the length of the colours beside the lock.
func (b *ColorBar) stripWidth() float32 {
	return max(0, b.Size().Width-b.lock.MinSize().Width-3*theme.Padding())
}

func (b *ColorBar) position(v float64) float32 {
	return theme.Padding() + b.stripWidth()*float32(b.scale.Range.Position(v))
}

func (b *ColorBar) placeNeedle() {
	on := !math.IsNaN(b.marker) && b.strip.Visible()
	if on {
		b.needle.Resize(fyne.NewSize(4, stripHeight+2*tickLength))
		b.needle.Move(fyne.NewPos(b.position(b.marker)-2, 0))
	}
	setVisible(b.needle, on)
}

// placeTicks makes the ticks for the present width, leaving out labels that
// would touch the one before.
func (b *ColorBar) placeTicks() {
	b.ticks, b.labels = nil, nil
	width := b.stripWidth()
	if !b.strip.Visible() || width < 1 {
		return
	}
	size := theme.CaptionTextSize()
	free := float32(math.Inf(-1))
	for _, t := range render.Ticks(b.scale.Range, max(4, int(width/tickDistance))) {
		x := b.position(t.Value)
		line := canvas.NewLine(theme.Color(theme.ColorNameForeground))
		line.StrokeWidth = 1
		line.Position1 = fyne.NewPos(x, tickLength+stripHeight)
		line.Position2 = fyne.NewPos(x, 2*tickLength+stripHeight)
		b.ticks = append(b.ticks, line)

		text := canvas.NewText(t.Label, theme.Color(theme.ColorNameForeground))
		text.TextSize = size
		need := text.MinSize()
		left := min(max(x-need.Width/2, 0), max(0, b.Size().Width-need.Width))
		if left < free {
			continue
		}
		free = left + need.Width + theme.Padding()
		text.Move(fyne.NewPos(left, 2*tickLength+stripHeight))
		text.Resize(need)
		b.labels = append(b.labels, text)
	}
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

// scaleHeight is the height of strip, ticks and numbers.
func (r *colorBarRenderer) scaleHeight() float32 {
	numbers := fyne.MeasureText("0", theme.CaptionTextSize(), fyne.TextStyle{}).Height
	return max(2*tickLength+stripHeight+numbers, r.b.lock.MinSize().Height)
}

func (r *colorBarRenderer) Layout(size fyne.Size) {
	b := r.b
	b.strip.Move(fyne.NewPos(theme.Padding(), tickLength))
	b.strip.Resize(fyne.NewSize(b.stripWidth(), stripHeight))
	need := b.lock.MinSize()
	b.lock.Resize(need)
	b.lock.Move(fyne.NewPos(size.Width-need.Width, 0))
	b.placeTicks()
	b.placeNeedle()
	y := r.scaleHeight()
	for _, l := range []*widget.Label{b.unit, b.note} {
		l.Resize(fyne.NewSize(size.Width, l.MinSize().Height))
		l.Move(fyne.NewPos(0, y))
		if l.Visible() {
			y += l.MinSize().Height - theme.InnerPadding()
		}
	}
}

func (r *colorBarRenderer) MinSize() fyne.Size {
	height := r.scaleHeight() + r.b.unit.MinSize().Height
	if r.b.note.Visible() {
		height += r.b.note.MinSize().Height - theme.InnerPadding()
	}
	return fyne.NewSize(r.b.lock.MinSize().Width+2*tickDistance, height)
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
	objects := []fyne.CanvasObject{b.strip, b.lock, b.unit, b.note}
	for _, t := range b.ticks {
		objects = append(objects, t)
	}
	for _, l := range b.labels {
		objects = append(objects, l)
	}
	return append(objects, b.needle)
}

func (r *colorBarRenderer) Destroy() {}
