package explain

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// tab is one name of a [tabBar]: a group, underlined when chosen, or a chip,
// a method on a plate.
type tab struct {
	widget.BaseWidget
	tapped                   func()
	hint                     func(on bool) // the pointer came or went; may be nil
	about                    func()        // tells about the chosen method; nil for a group
	chip, doubtful           bool
	selected, faint, hovered bool
	name                     *canvas.Text
	line, back               *canvas.Rectangle
	sign                     *widget.Icon // warns of a doubtful method
	info                     *widget.Icon // beside the name of the chosen method: more about it
}

var (
	_ fyne.Tappable     = (*tab)(nil)
	_ desktop.Hoverable = (*tab)(nil)
)

func newTab(name string, tapped func()) *tab {
	t := &tab{
		tapped: tapped, name: canvas.NewText(name, color.Black),
		line: canvas.NewRectangle(color.Transparent), back: canvas.NewRectangle(color.Transparent),
		sign: widget.NewIcon(theme.NewColoredResource(theme.WarningIcon(), theme.ColorNameWarning)), info: widget.NewIcon(theme.InfoIcon()),
	}
	t.info.Hide()
	t.name.Alignment = fyne.TextAlignCenter
	t.sign.Hide()
	t.ExtendBaseWidget(t)
	return t
}

// newChip is a method; a doubtful one carries a warning sign.
func newChip(name string, doubtful bool, tapped func()) *tab {
	t := newTab(name, tapped)
	t.chip, t.doubtful = true, doubtful
	if doubtful {
		t.sign.Show()
	}
	return t
}

// mark shows whether it is chosen, and whether it cannot be had.
func (t *tab) mark(selected, faint bool) {
	if t.selected != selected || t.faint != faint {
		t.selected, t.faint = selected, faint
		t.Refresh()
	}
}

// Tapped implements fyne.Tappable.
func (t *tab) Tapped(e *fyne.PointEvent) {
	if t.info.Visible() && e.Position.X >= t.info.Position().X {
		t.about()
		return
	}
	t.tapped()
}

// MouseIn implements desktop.Hoverable.
func (t *tab) MouseIn(*desktop.MouseEvent) { t.hover(true) }

// MouseMoved implements desktop.Hoverable.
func (t *tab) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (t *tab) MouseOut() { t.hover(false) }

func (t *tab) hover(on bool) {
	t.hovered = on
	t.Refresh()
	if t.hint != nil {
		t.hint(on)
	}
}

// CreateRenderer implements fyne.Widget.
func (t *tab) CreateRenderer() fyne.WidgetRenderer {
	r := &tabRenderer{t}
	r.paint()
	return r
}

type tabRenderer struct{ t *tab }

// Room around the name, the thickness of the line under it, and the warning
// sign.
const (
	tabAcross = 8
	tabDown   = 6
	tabLine   = 2
	chipDown  = 2
	signSide  = 14
	signRoom  = signSide + tabAcross/2
)

func (r *tabRenderer) paint() {
	t := r.t
	t.name.TextSize = theme.TextSize()
	t.name.TextStyle.Bold = !t.chip || t.selected
	t.name.Color = theme.Color(theme.ColorNameForeground)
	t.line.FillColor, t.back.FillColor = color.Transparent, color.Transparent
	t.back.CornerRadius = 0
	if t.faint {
		t.name.Color = theme.Color(theme.ColorNameDisabled)
	}
	if t.chip {
		t.back.CornerRadius = theme.InputRadiusSize()
	}
	if t.about != nil && t.selected {
		t.info.Show()
	} else {
		t.info.Hide()
	}
	if t.hovered {
		t.back.FillColor = theme.Color(theme.ColorNameHover)
	}
	switch {
	case t.selected && t.chip:
		t.back.FillColor = theme.Color(theme.ColorNameSelection)
	case t.selected:
		t.name.Color = theme.Color(theme.ColorNamePrimary)
		t.line.FillColor = t.name.Color
	}
}

func (r *tabRenderer) Layout(size fyne.Size) {
	t := r.t
	t.back.Resize(size)
	width := size.Width
	for _, icon := range []*widget.Icon{t.info, t.sign} { // from the right
		if icon.Visible() {
			width -= signRoom
			icon.Resize(fyne.NewSquareSize(signSide))
			icon.Move(fyne.NewPos(width-tabAcross/2, (size.Height-signSide)/2))
		}
	}
	under := float32(0)
	if !t.chip {
		under = tabLine
	}
	t.name.Resize(fyne.NewSize(width, size.Height-under))
	t.line.Resize(fyne.NewSize(size.Width, tabLine))
	t.line.Move(fyne.NewPos(0, size.Height-tabLine))
}

func (r *tabRenderer) MinSize() fyne.Size {
	t := r.t
	// Bold, chosen or not, so that nothing moves when it is chosen.
	size := fyne.MeasureText(t.name.Text, theme.TextSize(), fyne.TextStyle{Bold: true})
	if t.chip {
		width := size.Width + 2*tabAcross
		if t.doubtful {
			width += signRoom
		}
		if t.info.Visible() {
			width += signRoom
		}
		return fyne.NewSize(width, size.Height+2*chipDown)
	}
	return fyne.NewSize(size.Width+2*tabAcross, size.Height+2*tabDown+tabLine)
}

func (r *tabRenderer) Refresh() {
	r.paint()
	for _, o := range r.Objects() {
		o.Refresh()
	}
}

func (r *tabRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.t.back, r.t.name, r.t.sign, r.t.info, r.t.line}
}

func (r *tabRenderer) Destroy() {}
