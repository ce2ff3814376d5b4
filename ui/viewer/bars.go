package viewer

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/widgets"
)

// filterFrom is the number of classes from which the list offers a filter.
const filterFrom = 20

// Item is one line of a [Bars] list.
type Item struct {
	Index int     // the class
	Name  string  // its label
	Zero  float64 // where the bar begins, 0…1
	Share float64 // where it ends, 0…1
	Text  string  // the value as shown: "0.97"
	Marks bool    // there is a thin line at Mark, such as where a value was before
	Mark  float64 // 0…1
}

// Bars lists classes with a bar and a value each. A click selects, a
// secondary click (or a click with shift) asks for a contrast. Long lists can
// be filtered.
type Bars struct {
	widget.BaseWidget

	// OnSelect reports a click on a class.
	OnSelect func(index int)
	// OnContrast reports a secondary click, or a click with shift.
	OnContrast func(index int)

	items              []Item
	visible            []Item // those that pass the filter
	selected, contrast int
	faint              bool
	list               *widget.List
	filter             *widgets.Entry
}

// NewBars makes an empty list.
func NewBars() *Bars {
	b := &Bars{selected: -1, contrast: -1}
	b.list = widget.NewList(
		func() int { return len(b.visible) },
		func() fyne.CanvasObject { return newBarRow(b) },
		func(i widget.ListItemID, o fyne.CanvasObject) {
			if i < len(b.visible) {
				item := b.visible[i]
				o.(*barRow).show(item, item.Index == b.selected, item.Index == b.contrast)
			}
		})
	b.list.HideSeparators = true
	b.list.OnSelected = func(i widget.ListItemID) { // by keyboard
		b.list.UnselectAll()
		if i < len(b.visible) {
			b.choose(b.visible[i].Index, false)
		}
	}
	b.filter = widgets.NewEntry(nil)
	b.filter.SetPlaceHolder("Filter classes")
	b.filter.OnChanged = func(string) { b.apply() }
	b.filter.Hide()
	b.ExtendBaseWidget(b)
	return b
}

// SetItems replaces the list; the order stays as given.
func (b *Bars) SetItems(items []Item) {
	b.items = items
	setVisible(b.filter, len(items) >= filterFrom)
	b.apply()
}

// SetSelected highlights a class, and the class it is contrasted with; -1 is none.
func (b *Bars) SetSelected(index, contrast int) {
	if b.selected == index && b.contrast == contrast {
		return
	}
	b.selected, b.contrast = index, contrast
	b.list.Refresh()
}

// SetFaint shows the list as one that belongs to something else than what is
// looked at.
func (b *Bars) SetFaint(on bool) {
	if b.faint != on {
		b.faint = on
		b.list.Refresh()
	}
}

// Faint reports whether the list is shown so.
func (b *Bars) Faint() bool { return b.faint }

func (b *Bars) apply() {
	want := strings.ToLower(strings.TrimSpace(b.filter.Text))
	if want == "" || !b.filter.Visible() {
		b.visible = b.items
	} else {
		b.visible = nil
		for _, item := range b.items {
			if strings.Contains(strings.ToLower(item.Name), want) || strconv.Itoa(item.Index) == want {
				b.visible = append(b.visible, item)
			}
		}
	}
	b.list.Refresh()
}

// choose reports a click.
func (b *Bars) choose(index int, contrast bool) {
	report := b.OnSelect
	if contrast {
		report = b.OnContrast
	}
	if report != nil {
		report(index)
	}
}

// CreateRenderer implements fyne.Widget.
func (b *Bars) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewBorder(b.filter, nil, nil, nil, b.list))
}
