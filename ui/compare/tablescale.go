package compare

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/drawing"
	"picasso/ui/widgets"
	"picasso/visualizers/render"
)

// tableScale chooses between one scale and one for each row, and shows the one
// that all rows share. It lies along the table's head, for its sides are full
// of pictures.
type tableScale struct {
	box    fyne.CanvasObject
	choice *widgets.Select
	strip  *canvas.Image
	lo, hi *widget.Label
	bar    *fyne.Container // strip and its ends
	each   *widget.Label   // in its place
}

// Choices of the scale.
const (
	oneScale  = "one scale"
	rowScales = "a scale per row"
)

func newTableScale(h Host, changed func()) *tableScale {
	s := &tableScale{
		strip: &canvas.Image{FillMode: canvas.ImageFillStretch, ScaleMode: canvas.ImageScaleFastest},
		lo:    widgets.Faint(""), hi: widgets.Faint(""), each: widgets.Faint("written under each picture"),
	}
	s.choice = widgets.NewSelect([]string{oneScale, rowScales}, func(string) {
		changed()
		h.Unfocus()
	})
	s.choice.Selected = oneScale
	thin := container.New(layout.NewCustomPaddedLayout(12, 12, 0, 0), s.strip)
	s.bar = container.NewBorder(nil, nil, s.lo, s.hi, thin)
	s.each.Truncation = fyne.TextTruncateEllipsis
	s.box = container.NewBorder(nil, nil, widgets.AtLeast(150, 0, s.choice), nil, container.New(short{}, s.bar, s.each))
	s.show(nil)
	return s
}

// short lays out what a wide head must not stretch.
type short struct{}

// MinSize implements fyne.Layout.
func (short) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(40, objects[0].MinSize().Height)
}

// Layout implements fyne.Layout.
func (short) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Resize(fyne.NewSize(min(size.Width, 360), size.Height))
	}
}

// toggle changes the choice.
func (s *tableScale) toggle() {
	next := rowScales
	if s.apart() {
		next = oneScale
	}
	s.choice.SetSelected(next)
}

// apart reports whether every row has a scale of its own.
func (s *tableScale) apart() bool { return s.choice.Selected == rowScales }

// show shows the common scale, nil for none.
func (s *tableScale) show(scale *render.Scale) {
	widgets.Visible(s.each, s.apart())
	widgets.Visible(s.bar, !s.apart() && scale != nil)
	if scale == nil {
		return
	}
	s.strip.Image = render.Bar(512, 1, scale.Colors, scale.Range)
	s.strip.Refresh()
	low, high := drawing.EndsApart(scale.Range.Lo, scale.Range.Hi)
	s.lo.SetText(low)
	s.hi.SetText(high)
}
