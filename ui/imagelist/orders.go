package imagelist

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control/listing"
)

// Order is a way to order the list.
type Order struct {
	By   listing.By
	Name string // "by confidence"
}

// Orders are all ways, in the order of the menu.
func Orders() []Order {
	return []Order{
		{listing.Added, "as added"}, {listing.Name, "by name"}, {listing.Answer, "by answer"},
		{listing.Confidence, "by confidence"}, {listing.Label, "by label"},
	}
}

// orderName says how the list is ordered.
func orderName(now listing.Listing) string {
	for _, o := range Orders() {
		if o.By == now.By {
			if now.Reverse {
				return o.Name + ", reversed"
			}
			return o.Name
		}
	}
	return ""
}

// SortBy orders the list; a second time it reverses the order.
func (l *List) SortBy(by listing.By) {
	now := l.c.State().Listing
	now.By, now.Reverse = by, now.By == by && !now.Reverse
	l.arrange(now)
}

// ToggleWrong shows only the images whose answer is another class than their
// label, or all again.
func (l *List) ToggleWrong() {
	now := l.c.State().Listing
	if !now.Wrong && !l.c.State().Labelled() {
		l.host.Hint("No label is known: no picture lies in a folder named after a class of the model, and no file with labels was dropped.")
		return
	}
	now.Wrong = !now.Wrong
	l.arrange(now)
}

// orderButton opens the menu of orders, and says so in the status bar.
type orderButton struct {
	widget.Button
	host Host
}

func newOrderButton(h Host, tapped func()) *orderButton {
	b := &orderButton{host: h}
	b.Icon, b.Importance, b.OnTapped = theme.ListIcon(), widget.LowImportance, tapped
	b.ExtendBaseWidget(b)
	return b
}

// MouseIn implements desktop.Hoverable.
func (b *orderButton) MouseIn(e *desktop.MouseEvent) {
	b.Button.MouseIn(e)
	b.host.Hint("Sort the pictures by name, answer, confidence or label")
}

// MouseOut implements desktop.Hoverable.
func (b *orderButton) MouseOut() {
	b.Button.MouseOut()
	b.host.Hint("")
}

// showOrders opens the menu of orders below its button.
func (l *List) showOrders() {
	s := l.c.State()
	var items []*fyne.MenuItem
	for _, o := range Orders() {
		if o.By == listing.Label && !s.Labelled() {
			continue
		}
		item := fyne.NewMenuItem("Sort "+o.Name, func() {
			if l.c.State().Listing.By != o.By {
				l.SortBy(o.By)
			}
		})
		item.Checked = s.Listing.By == o.By
		items = append(items, item)
	}
	reverse := fyne.NewMenuItem("Reverse the order", func() { l.SortBy(l.c.State().Listing.By) })
	reverse.Checked = s.Listing.Reverse
	items = append(items, fyne.NewMenuItemSeparator(), reverse)
	if s.Labelled() {
		wrong := fyne.NewMenuItem("Only answers that differ from the label", l.ToggleWrong)
		wrong.Checked = s.Listing.Wrong
		items = append(items, wrong)
	}
	if file := s.Truth; file != "" {
		items = append(items, fyne.NewMenuItem("Forget the labels in "+file, func() { l.c.SetTruth("") }))
	}
	menu := widget.NewPopUpMenu(fyne.NewMenu("", items...), l.host.Canvas())
	menu.ShowAtRelativePosition(fyne.NewPos(0, l.order.Size().Height), l.order)
}
