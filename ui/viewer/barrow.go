package viewer

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/widgets"
)

// barHeight is the thickness of a bar, under its class.
const barHeight = 5

// Width of the thin line on a bar, and how far it stands out.
const markWidth, markOver = 2, 2

var (
	_ fyne.Tappable          = (*barRow)(nil)
	_ fyne.SecondaryTappable = (*barRow)(nil)
	_ desktop.Mouseable      = (*barRow)(nil)
)

// barRow is one line of a [Bars] list: name and value over the bar.
type barRow struct {
	widget.BaseWidget
	list     *Bars
	item     Item
	selected bool
	contrast bool
	shift    bool // was down when the mouse was pressed

	plate, track, bar *canvas.Rectangle
	mark              *canvas.Rectangle
	name, value       *canvas.Text
}

func newBarRow(list *Bars) *barRow {
	r := &barRow{
		list:  list,
		plate: canvas.NewRectangle(color.Transparent),
		track: canvas.NewRectangle(color.Transparent),
		bar:   canvas.NewRectangle(color.Transparent),
		mark:  canvas.NewRectangle(color.Transparent),
		name:  canvas.NewText("", color.Black),
		value: canvas.NewText("", color.Black),
	}
	r.ExtendBaseWidget(r)
	return r
}

func (r *barRow) show(item Item, selected, contrast bool) {
	r.item, r.selected, r.contrast = item, selected, contrast
	r.Refresh()
}

// Tapped selects the class, or contrasts it when shift is down.
func (r *barRow) Tapped(*fyne.PointEvent) {
	shift := r.shift
	r.shift = false
	r.list.choose(r.item.Index, shift)
}

// TappedSecondary contrasts the class.
func (r *barRow) TappedSecondary(*fyne.PointEvent) { r.list.choose(r.item.Index, true) }

// MouseDown remembers shift, which a tap does not tell.
func (r *barRow) MouseDown(e *desktop.MouseEvent) {
	r.shift = e.Modifier&fyne.KeyModifierShift != 0
}

// MouseUp implements desktop.Mouseable.
func (r *barRow) MouseUp(*desktop.MouseEvent) {}

// CreateRenderer implements fyne.Widget.
func (r *barRow) CreateRenderer() fyne.WidgetRenderer { return &barRowRenderer{r} }

type barRowRenderer struct{ r *barRow }

func (b *barRowRenderer) Layout(size fyne.Size) {
	r, pad := b.r, theme.Padding()
	r.plate.Resize(size)
	left, right := theme.InnerPadding(), theme.ScrollBarSize() // as labels begin, and beside the bar of a long list
	inner := max(0, size.Width-left-right)
	textHeight := r.value.MinSize().Height
	valueWidth := r.value.MinSize().Width
	r.value.Resize(fyne.NewSize(valueWidth, textHeight))
	r.value.Move(fyne.NewPos(size.Width-right-valueWidth, pad/2))
	nameWidth := max(0, inner-valueWidth-2*pad)
	r.name.Text = widgets.Fit(r.item.Name, nameWidth, r.name.TextSize, r.name.TextStyle)
	r.name.Resize(fyne.NewSize(nameWidth, textHeight))
	r.name.Move(fyne.NewPos(left, pad/2))
	y := pad/2 + textHeight
	r.track.Resize(fyne.NewSize(inner, barHeight))
	r.track.Move(fyne.NewPos(left, y))
	zero, end := float32(within(r.item.Zero, 0, 1)), float32(within(r.item.Share, 0, 1))
	r.bar.Resize(fyne.NewSize(inner*max(zero-end, end-zero), barHeight))
	r.bar.Move(fyne.NewPos(left+inner*min(zero, end), y))
	at := float32(within(r.item.Mark, 0, 1))
	r.mark.Resize(fyne.NewSize(markWidth, barHeight+2*markOver))
	r.mark.Move(fyne.NewPos(left+inner*at-markWidth/2, y-markOver))
	setVisible(r.mark, r.item.Marks)
}

func (b *barRowRenderer) MinSize() fyne.Size {
	text := fyne.MeasureText("M", theme.TextSize(), fyne.TextStyle{}).Height
	return fyne.NewSize(80, text+barHeight+theme.Padding()*1.5)
}

func (b *barRowRenderer) Refresh() {
	r := b.r
	foreground := theme.Color(theme.ColorNameForeground)
	for _, t := range []*canvas.Text{r.name, r.value} {
		t.Color, t.TextSize = foreground, theme.TextSize()
		t.TextStyle.Bold = r.selected
	}
	r.value.Text = r.item.Text
	r.plate.FillColor, r.plate.StrokeWidth = color.Transparent, 0
	r.plate.CornerRadius = theme.SelectionRadiusSize()
	r.track.FillColor = theme.Color(theme.ColorNameInputBackground)
	r.bar.FillColor = theme.Color(theme.ColorNamePrimary)
	r.mark.FillColor = foreground
	r.track.CornerRadius, r.bar.CornerRadius = barHeight/2, barHeight/2
	if r.list.faint {
		r.bar.FillColor = theme.Color(theme.ColorNameDisabled)
		r.name.Color, r.value.Color = r.bar.FillColor, r.bar.FillColor
	}
	switch {
	case r.selected:
		r.plate.FillColor = theme.Color(theme.ColorNameSelection)
	case r.contrast:
		r.plate.StrokeColor, r.plate.StrokeWidth = theme.Color(theme.ColorNameWarning), 1.5
		r.bar.FillColor = theme.Color(theme.ColorNameWarning)
	}
	b.Layout(r.Size())
	canvas.Refresh(r)
}

func (b *barRowRenderer) Objects() []fyne.CanvasObject {
	r := b.r
	return []fyne.CanvasObject{r.plate, r.track, r.bar, r.mark, r.name, r.value}
}

func (b *barRowRenderer) Destroy() {}
