package viewer

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Item is one line of a [Bars] list.
type Item struct {
	Index int     // the class
	Name  string  // its label
	Share float64 // length of the bar, 0…1
	Text  string  // the value as shown: "0.97"
}

// Bars lists classes with a bar and a value each. A click selects, a
// secondary click (or a click with shift) asks for a contrast.
type Bars struct {
	widget.BaseWidget

	// OnSelect reports a click on a class.
	OnSelect func(index int)
	// OnContrast reports a secondary click, or a click with shift.
	OnContrast func(index int)
}

// NewBars makes an empty list.
func NewBars() *Bars {
	b := &Bars{}
	b.ExtendBaseWidget(b)
	return b
}

// SetItems replaces the list; the order stays as given.
func (b *Bars) SetItems(items []Item) {}

// SetSelected highlights a class, and the class it is contrasted with; -1 is none.
func (b *Bars) SetSelected(index, contrast int) {}

// SetFilter shows only the classes whose name or number contains text.
func (b *Bars) SetFilter(text string) {}

// CreateRenderer implements fyne.Widget.
func (b *Bars) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(canvas.NewText("", nil))
}
