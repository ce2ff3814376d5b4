package explain

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// tab is one name of a [tabBar], underlined when chosen.
type tab struct {
	widget.BaseWidget
	tapped            func()
	selected, hovered bool
	name              *canvas.Text
	line, back        *canvas.Rectangle
}

var (
	_ fyne.Tappable     = (*tab)(nil)
	_ desktop.Hoverable = (*tab)(nil)
)

func newTab(name string, tapped func()) *tab {
	t := &tab{
		tapped: tapped, name: canvas.NewText(name, color.Black),
		line: canvas.NewRectangle(color.Transparent), back: canvas.NewRectangle(color.Transparent),
	}
	t.name.TextStyle.Bold = true
	t.name.Alignment = fyne.TextAlignCenter
	t.ExtendBaseWidget(t)
	return t
}

func (t *tab) mark(selected bool) {
	if t.selected != selected {
		t.selected = selected
		t.Refresh()
	}
}

// Tapped implements fyne.Tappable.
func (t *tab) Tapped(*fyne.PointEvent) { t.tapped() }

// MouseIn implements desktop.Hoverable.
func (t *tab) MouseIn(*desktop.MouseEvent) { t.hovered = true; t.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (t *tab) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (t *tab) MouseOut() { t.hovered = false; t.Refresh() }

// CreateRenderer implements fyne.Widget.
func (t *tab) CreateRenderer() fyne.WidgetRenderer {
	r := &tabRenderer{t}
	r.paint()
	return r
}

type tabRenderer struct{ t *tab }

// Room around the name, and the thickness of the line under it.
const (
	tabAcross = 9
	tabDown   = 7
	tabLine   = 3
)

func (r *tabRenderer) paint() {
	t := r.t
	t.name.TextSize = theme.TextSize()
	t.name.Color = theme.Color(theme.ColorNameForeground)
	t.line.FillColor, t.back.FillColor = color.Transparent, color.Transparent
	if t.hovered {
		t.back.FillColor = theme.Color(theme.ColorNameHover)
	}
	if t.selected {
		t.name.Color = theme.Color(theme.ColorNamePrimary)
		t.line.FillColor = t.name.Color
	}
}

func (r *tabRenderer) Layout(size fyne.Size) {
	t := r.t
	t.back.Resize(size)
	t.name.Resize(fyne.NewSize(size.Width, size.Height-tabLine))
	t.line.Resize(fyne.NewSize(size.Width, tabLine))
	t.line.Move(fyne.NewPos(0, size.Height-tabLine))
}

func (r *tabRenderer) MinSize() fyne.Size {
	size := r.t.name.MinSize()
	return fyne.NewSize(size.Width+2*tabAcross, size.Height+2*tabDown+tabLine)
}

func (r *tabRenderer) Refresh() {
	r.paint()
	for _, o := range r.Objects() {
		o.Refresh()
	}
}

func (r *tabRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.t.back, r.t.name, r.t.line}
}

func (r *tabRenderer) Destroy() {}
