package compare

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/widgets"
)

// headHeight is that of the names above the columns.
const headHeight = 40

// head is a class above its column; a click shows the agreement about it.
type head struct {
	widget.BaseWidget
	name, value *canvas.Text
	mark        *canvas.Rectangle
	words       string
	tapped      func()
}

func newHead(tapped func()) *head {
	h := &head{name: canvas.NewText("", nil), value: canvas.NewText("", nil), mark: canvas.NewRectangle(nil), tapped: tapped}
	h.name.TextSize, h.value.TextSize = theme.TextSize(), theme.CaptionTextSize()
	h.ExtendBaseWidget(h)
	return h
}

// set shows a class with its score; chosen underlines it.
func (h *head) set(name, value string, chosen bool) {
	h.words, h.value.Text = name, value
	h.name.TextStyle.Bold = chosen
	widgets.Visible(h.mark, chosen)
	h.Refresh()
}

// Tapped implements fyne.Tappable.
func (h *head) Tapped(*fyne.PointEvent) { h.tapped() }

// CreateRenderer implements fyne.Widget.
func (h *head) CreateRenderer() fyne.WidgetRenderer { return &headRenderer{h} }

type headRenderer struct{ h *head }

func (r *headRenderer) Layout(size fyne.Size) {
	h := r.h
	h.name.Text = widgets.Fit(h.words, size.Width-4, h.name.TextSize, h.name.TextStyle)
	h.name.Move(fyne.NewPos(2, 0))
	h.value.Move(fyne.NewPos(2, h.name.MinSize().Height-1))
	h.mark.Move(fyne.NewPos(0, size.Height-2))
	h.mark.Resize(fyne.NewSize(size.Width, 2))
}

func (r *headRenderer) MinSize() fyne.Size { return fyne.NewSize(40, headHeight) }

func (r *headRenderer) Refresh() {
	h := r.h
	h.name.Color, h.value.Color, h.mark.FillColor = theme.Color(theme.ColorNameForeground), theme.Color(theme.ColorNamePlaceHolder), theme.Color(theme.ColorNamePrimary)
	r.Layout(h.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
}

func (r *headRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.h.mark, r.h.name, r.h.value}
}

func (r *headRenderer) Destroy() {}
