package compare

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control"
	"picasso/ui/control/listing"
	"picasso/ui/widgets"
)

// tableOrder chooses which rows of the results table are shown, and in which
// order.
type tableOrder struct {
	c       *control.Controller
	by      *widgets.Select
	reverse *widget.Button
	wrong   *widget.Check // where labels are known
	filter  *widgets.Filter
}

// orders of the results table, in the order of the choice.
func orders() []string {
	return []string{"as in the list", "by name", "by answer", "by score", "by confidence", "by label"}
}

func orderOf(name string) listing.By {
	return map[string]listing.By{
		"by name": listing.Name, "by answer": listing.Answer, "by score": listing.Score, "by confidence": listing.Confidence, "by label": listing.Label,
	}[name]
}

// tableFilterHelp explains the filter in the status bar.
const tableFilterHelp = "Words of the name or the best class; name:, answer: or label: looks in one of them; <0.6 or >90% compares the confidence."

func newTableOrder(h Host, c *control.Controller) *tableOrder {
	o := &tableOrder{c: c}
	o.by = widgets.NewSelect(orders(), func(name string) {
		o.change(func(l *listing.Listing) { l.By = orderOf(name) })
		h.Unfocus()
	})
	o.by.Selected = orders()[0]
	o.reverse = widget.NewButtonWithIcon("", theme.MoveDownIcon(), func() {
		o.change(func(l *listing.Listing) { l.Reverse = !l.Reverse })
	})
	o.reverse.Importance = widget.LowImportance
	o.wrong = widget.NewCheck("≠ label", func(on bool) {
		o.change(func(l *listing.Listing) { l.Wrong = on })
		h.Unfocus()
	})
	o.filter = widgets.NewFilter(h, tableFilterHelp, func(text string) {
		o.change(func(l *listing.Listing) { l.Filter = text })
	})
	return o
}

func (o *tableOrder) change(how func(*listing.Listing)) {
	if g := o.c.State().Grid; g != nil {
		now := g.Listing
		how(&now)
		o.c.ArrangeGrid(now)
	}
}

// show follows the table.
func (o *tableOrder) show(l listing.Listing) {
	for _, name := range orders() {
		if orderOf(name) == l.By && o.by.Selected != name {
			o.by.Selected = name
			o.by.Refresh()
		}
	}
	icon := theme.MoveDownIcon()
	if l.Reverse {
		icon = theme.MoveUpIcon()
	}
	o.reverse.SetIcon(icon)
	o.filter.Put(l.Filter)
	widgets.Visible(o.wrong, l.Wrong || o.c.State().Labelled())
	if o.wrong.Checked != l.Wrong {
		o.wrong.Checked = l.Wrong
		o.wrong.Refresh()
	}
}

// box lays out the controls.
func (o *tableOrder) box() fyne.CanvasObject {
	return container.NewBorder(nil, nil, container.NewHBox(widgets.AtLeast(150, 0, o.by), o.reverse, o.wrong), nil, o.filter)
}
