package viewer

import (
	"image"
	"image/color"

	"golang.org/x/image/draw"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/widgets"
)

const (
	thumbSide   = 92 // of the square that holds the picture
	tileSide    = 156
	thumbPixels = 192 // longest side of the kept pixels, for dense screens too
)

var (
	_ fyne.Tappable     = (*Thumb)(nil)
	_ desktop.Hoverable = (*Thumb)(nil)
)

// Thumb is a small picture with the model's best answer under it, framed in red
// where something is wrong. A cross to remove it appears under the pointer.
type Thumb struct {
	widget.BaseWidget

	// OnTapped reports a click, OnRemove a click on the cross.
	OnTapped func()
	OnRemove func()

	side               float32 // of the square that holds the picture
	name, score, fault string
	selected, hovered  bool

	plate, frame *canvas.Rectangle
	picture      *canvas.Image
	line, under  *canvas.Text
	note         *canvas.Text // in the place of the picture
	cross        *canvas.Image
	crossPlate   *canvas.Circle
}

// NewThumb makes a thumbnail of the picture with that name.
func NewThumb(name string) *Thumb { return newThumb(name, thumbSide) }

// NewTile makes a larger thumbnail, for montages.
func NewTile(name string) *Thumb { return newThumb(name, tileSide) }

func newThumb(name string, side float32) *Thumb {
	t := &Thumb{
		side:    side,
		name:    name,
		plate:   canvas.NewRectangle(color.Transparent),
		frame:   outline(color.Transparent, 1),
		picture: &canvas.Image{FillMode: canvas.ImageFillContain},
		line:    canvas.NewText("", color.Black),
		under:   canvas.NewText(name, color.Black),
		note:    canvas.NewText("", color.Black),
		cross:   canvas.NewImageFromResource(theme.CancelIcon()),
	}
	t.crossPlate = canvas.NewCircle(color.Transparent)
	t.ExtendBaseWidget(t)
	return t
}

// Thumbnail is m scaled down to what a [Thumb] keeps. It may be called on any
// goroutine; large pictures take some milliseconds.
func Thumbnail(m image.Image) *image.RGBA {
	size := m.Bounds().Size()
	if longest := max(size.X, size.Y); longest > thumbPixels {
		size = image.Pt(max(1, size.X*thumbPixels/longest), max(1, size.Y*thumbPixels/longest))
		dst := image.NewRGBA(image.Rectangle{Max: size})
		draw.BiLinear.Scale(dst, dst.Rect, m, m.Bounds(), draw.Src, nil)
		return dst
	}
	return packed(m)
}

// SetTexts changes all texts at once, for lists that use thumbnails again: the
// name, the score above it, and what is wrong, "" for nothing.
func (t *Thumb) SetTexts(name, score, fault string) {
	if t.name != name || t.score != score || t.fault != fault {
		t.name, t.score, t.fault = name, score, fault
		t.Refresh()
	}
}

// SetNote says in the place of the picture why there is none, "" for nothing.
func (t *Thumb) SetNote(text string) {
	if t.note.Text != text {
		t.note.Text = text
		t.Refresh()
	}
}

// SetPicture shows m, scaled down by [Thumbnail] unless it already is.
func (t *Thumb) SetPicture(m image.Image) {
	t.picture.Image = nil
	if m != nil && !m.Bounds().Empty() {
		small := Thumbnail(m)
		t.picture.Image, t.picture.ScaleMode = small, canvas.ImageScaleSmooth
		if float32(max(small.Rect.Dx(), small.Rect.Dy())) < t.side {
			t.picture.ScaleMode = canvas.ImageScalePixels // enlarged pixels stay pixels
		}
	}
	t.picture.Refresh()
}

// SetSelected frames the thumbnail as the one shown.
func (t *Thumb) SetSelected(on bool) {
	if t.selected != on {
		t.selected = on
		t.Refresh()
	}
}

// Tapped reports a click: on the cross to remove, elsewhere to show.
func (t *Thumb) Tapped(e *fyne.PointEvent) {
	report := t.OnTapped
	if t.hovered && t.OnRemove != nil && t.onCross(e.Position) {
		report = t.OnRemove
	}
	if report != nil {
		report()
	}
}

func (t *Thumb) onCross(pos fyne.Position) bool {
	from, size := t.crossPlate.Position(), t.crossPlate.Size()
	return pos.X >= from.X && pos.Y >= from.Y && pos.X < from.X+size.Width && pos.Y < from.Y+size.Height
}

// MouseIn shows the cross.
func (t *Thumb) MouseIn(*desktop.MouseEvent) { t.setHovered(true) }

// MouseMoved implements desktop.Hoverable.
func (t *Thumb) MouseMoved(*desktop.MouseEvent) {}

// MouseOut hides the cross.
func (t *Thumb) MouseOut() { t.setHovered(false) }

func (t *Thumb) setHovered(on bool) {
	t.hovered = on
	t.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (t *Thumb) CreateRenderer() fyne.WidgetRenderer {
	r := &thumbRenderer{t}
	r.paint()
	return r
}

type thumbRenderer struct{ t *Thumb }

// paint brings colours and texts up to date.
func (r *thumbRenderer) paint() {
	t := r.t
	t.plate.FillColor = theme.Color(theme.ColorNameInputBackground)
	t.plate.CornerRadius = theme.InputRadiusSize()
	t.frame.CornerRadius = theme.InputRadiusSize()
	t.frame.StrokeColor, t.frame.StrokeWidth = theme.Color(theme.ColorNameSeparator), 1
	if t.hovered {
		t.plate.FillColor = theme.Color(theme.ColorNameHover)
	}
	if t.selected {
		t.frame.StrokeColor, t.frame.StrokeWidth = theme.Color(theme.ColorNamePrimary), 3
	}
	if t.fault != "" {
		t.frame.StrokeColor, t.frame.StrokeWidth = theme.Color(theme.ColorNameError), 2
		if t.selected {
			t.frame.StrokeWidth = 3
		}
	}
	width := t.side
	if t.Size().Width > 0 {
		width = t.Size().Width - 2*theme.Padding()
	}
	size := theme.CaptionTextSize()
	t.note.TextSize, t.note.Alignment, t.note.Color = size, fyne.TextAlignCenter, theme.Color(theme.ColorNamePlaceHolder)
	t.line.TextSize, t.under.TextSize = size, size
	t.line.TextStyle.Bold = true
	t.line.Color, t.under.Color = theme.Color(theme.ColorNameForeground), theme.Color(theme.ColorNamePlaceHolder)
	t.line.Text = widgets.Fit(t.score, width, size, t.line.TextStyle)
	if t.fault != "" {
		t.line.Color = theme.Color(theme.ColorNameError)
		t.line.Text = widgets.Fit(t.fault, width, size, t.line.TextStyle)
	}
	t.under.Text = widgets.Fit(t.name, width, size, fyne.TextStyle{})
	t.crossPlate.FillColor = theme.Color(theme.ColorNameOverlayBackground)
	setVisible(t.cross, t.hovered && t.OnRemove != nil)
	setVisible(t.crossPlate, t.hovered && t.OnRemove != nil)
}

func (r *thumbRenderer) Layout(size fyne.Size) {
	r.paint() // what fits depends on the width
	t, pad := r.t, theme.Padding()
	t.plate.Resize(size)
	t.frame.Resize(size)
	inner := max(0, size.Width-2*pad)
	height := r.textHeight()
	t.picture.Resize(fyne.NewSize(inner, max(0, size.Height-2*height-3*pad)))
	t.picture.Move(fyne.NewPos(pad, pad))
	t.note.Resize(fyne.NewSize(inner, height))
	t.note.Move(fyne.NewPos(pad, pad+(t.picture.Size().Height-height)/2))
	y := size.Height - pad - 2*height
	for _, text := range []*canvas.Text{t.line, t.under} {
		text.Resize(fyne.NewSize(inner, height))
		text.Move(fyne.NewPos(pad, y))
		y += height
	}
	side := theme.IconInlineSize()
	t.crossPlate.Resize(fyne.NewSquareSize(side))
	t.crossPlate.Move(fyne.NewPos(size.Width-side-pad/2, pad/2))
	t.cross.Resize(fyne.NewSquareSize(side * 0.7))
	t.cross.Move(fyne.NewPos(size.Width-side*0.85-pad/2, pad/2+side*0.15))
}

func (r *thumbRenderer) textHeight() float32 {
	return fyne.MeasureText("M", theme.CaptionTextSize(), fyne.TextStyle{}).Height
}

func (r *thumbRenderer) MinSize() fyne.Size {
	pad := theme.Padding()
	return fyne.NewSize(r.t.side+2*pad, r.t.side+3*pad+2*r.textHeight())
}

func (r *thumbRenderer) Refresh() {
	r.Layout(r.t.Size())
	for _, o := range []fyne.CanvasObject{r.t.plate, r.t.frame, r.t.line, r.t.under, r.t.note, r.t.cross, r.t.crossPlate} {
		o.Refresh()
	}
}

func (r *thumbRenderer) Objects() []fyne.CanvasObject {
	t := r.t
	return []fyne.CanvasObject{t.plate, t.picture, t.note, t.frame, t.line, t.under, t.crossPlate, t.cross}
}

func (r *thumbRenderer) Destroy() {}
