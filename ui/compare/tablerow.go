package compare

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control"
	"picasso/ui/viewer"
	"picasso/ui/widgets"
)

// tableRow is one row on the screen: the picture, then the map of each class.
// The table uses its rows again and again.
type tableRow struct {
	widget.BaseWidget
	side    float32 // width of a cell
	picture *viewer.Thumb
	classes []*viewer.Thumb
	fault   *widget.Label // in place of the classes
	drawn   rowState
}

// rowState is all that the look of a row depends on besides the table's own.
type rowState struct {
	row          *control.GridRow
	known, ready bool
	said         string // in place of maps that are not there
	answer       string // the best class, while there are none
	thumb        bool
	named        int  // control.Grid.Named
	current      bool // it is the picture that the window looks at
	look         tableLook
}

func newTableRow(columns int, side float32) *tableRow {
	r := &tableRow{side: side, picture: viewer.NewThumb(""), fault: widget.NewLabel("")}
	for range columns {
		r.classes = append(r.classes, viewer.NewThumb(""))
	}
	r.fault.Wrapping, r.fault.Importance = fyne.TextWrapWord, widget.DangerImportance
	r.fault.Hide()
	r.ExtendBaseWidget(r)
	return r
}

// say shows a sentence in place of the classes, "" for the classes.
func (r *tableRow) say(fault string) {
	r.fault.SetText(fault)
	widgets.Visible(r.fault, fault != "")
	for _, t := range r.classes {
		widgets.Visible(t, fault == "")
	}
}

// CreateRenderer implements fyne.Widget.
func (r *tableRow) CreateRenderer() fyne.WidgetRenderer {
	objects := []fyne.CanvasObject{r.picture}
	for _, t := range r.classes {
		objects = append(objects, t)
	}
	return &tableRowRenderer{r, append(objects, r.fault)}
}

type tableRowRenderer struct {
	r       *tableRow
	objects []fyne.CanvasObject
}

// captions is the height of the two lines under a picture.
func captions() float32 {
	return 2*fyne.MeasureText("M", theme.CaptionTextSize(), fyne.TextStyle{}).Height + 3*theme.Padding()
}

func (w *tableRowRenderer) MinSize() fyne.Size {
	n, gap := float32(1+len(w.r.classes)), theme.Padding()
	return fyne.NewSize(n*w.r.side+(n-1)*gap, w.r.side+captions()-2*theme.Padding())
}

func (w *tableRowRenderer) Layout(size fyne.Size) {
	x, step := float32(0), w.r.side+theme.Padding()
	for _, t := range append([]*viewer.Thumb{w.r.picture}, w.r.classes...) {
		t.Resize(fyne.NewSize(w.r.side, size.Height))
		t.Move(fyne.NewPos(x, 0))
		x += step
	}
	w.r.fault.Resize(fyne.NewSize(max(0, size.Width-step), size.Height))
	w.r.fault.Move(fyne.NewPos(step, 0))
}

func (w *tableRowRenderer) Objects() []fyne.CanvasObject { return w.objects }
func (w *tableRowRenderer) Destroy()                     {}
func (w *tableRowRenderer) Refresh() {
	w.Layout(w.r.Size())
	for _, o := range w.objects {
		o.Refresh()
	}
}
