// Package imagelist is the list of pictures at the side of the window: small
// pictures with the model's answer, in the order and with the filter that the
// user chose. Thousands of pictures are no more widgets than fit on the screen.
package imagelist

import (
	"fmt"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/score"
	"picasso/ui/control"
	"picasso/ui/control/listing"
	"picasso/ui/viewer"
	"picasso/ui/widgets"
	"picasso/ui/words"
)

// Host is the window around the list.
type Host interface {
	ChooseImages()
	SelectImage(p *control.Picture)
	ShowUnusable()
	Canvas() fyne.Canvas
	Unfocus()
	Hint(text string)
}

// List shows the pictures with their best class.
type List struct {
	Box fyne.CanvasObject

	host   Host
	c      *control.Controller
	title  *widget.Label
	tools  *fyne.Container // order and filter, for more than one picture
	order  *orderButton
	sorted *widget.Label // how, where that is not as added
	filter *widgets.Filter
	list   *widget.GridWrap
	bad    *unusable
	none   *widget.Label // in place of the list, where the filter leaves nothing
	drawn  widgets.Drawn[*viewer.Thumb, *control.Picture]
	shown  *control.Picture // selected entry as drawn
}

// New makes the list.
func New(h Host, c *control.Controller) *List {
	l := &List{host: h, c: c, title: widgets.Heading("PICTURES"), none: widgets.Faint("")}
	add := widget.NewButtonWithIcon("", theme.ContentAddIcon(), h.ChooseImages)
	add.Importance = widget.LowImportance
	l.order = newOrderButton(h, l.showOrders)
	l.sorted = widgets.Faint("")
	l.sorted.Truncation = fyne.TextTruncateEllipsis
	l.filter = widgets.NewFilter(h, filterHelp, func(text string) {
		now := l.c.State().Listing
		now.Filter = text
		l.arrange(now)
	})
	l.list = widget.NewGridWrap(
		func() int { return len(c.State().Listed) },
		func() fyne.CanvasObject { return viewer.NewThumb("") },
		func(i widget.GridWrapItemID, o fyne.CanvasObject) { l.fill(i, o.(*viewer.Thumb)) })
	l.list.OnSelected = func(i widget.GridWrapItemID) { // by keyboard
		l.list.UnselectAll()
		if p := l.at(i); p != nil {
			h.SelectImage(p)
		}
	}
	note := widgets.Faint("drop models, pictures, folders\nor labels anywhere")
	note.Alignment = fyne.TextAlignCenter
	l.none.Alignment, l.none.Wrapping = fyne.TextAlignCenter, fyne.TextWrapWord
	l.tools = container.NewVBox(container.NewBorder(nil, nil, nil, l.order, l.filter), l.sorted)
	l.bad = newUnusable(c, h.ShowUnusable)
	head := container.NewVBox(container.NewBorder(nil, nil, container.NewCenter(l.title), add), l.tools, l.bad.box)
	l.Box = container.NewBorder(head, container.NewCenter(note), nil, nil, container.NewStack(l.list, l.none))
	l.reload()
	return l
}

// filterHelp explains the filter in the status bar.
const filterHelp = "Words of the name or the answer; name:, answer: or label: looks in one of them; <0.6 or >90% compares the confidence."

// FocusFilter lets the user type into the filter.
func (l *List) FocusFilter() {
	if l.tools.Visible() {
		l.host.Canvas().Focus(l.filter)
	}
}

// at is the picture in a place of the list, nil for none.
func (l *List) at(i int) *control.Picture {
	s := l.c.State()
	if i < 0 || i >= len(s.Listed) || s.Listed[i] >= len(s.Images) {
		return nil
	}
	return s.Images[s.Listed[i]]
}

// fill gives a thumbnail, which the list uses again and again, its place.
func (l *List) fill(i int, t *viewer.Thumb) {
	p := l.at(i)
	if p == nil {
		return
	}
	l.drawn.Put(t, p)
	l.draw(p, t)
	l.c.Want(l.c.State().Listed[i])
}

func (l *List) draw(p *control.Picture, t *viewer.Thumb) {
	t.OnTapped = func() { l.host.SelectImage(p) }
	t.OnRemove = func() { l.remove(p) }
	if thumb := l.c.Thumb(p); thumb != nil {
		t.SetPicture(thumb)
	} else {
		t.SetPicture(nil)
	}
	fault := ""
	if p.Err != nil {
		fault = "not usable"
	}
	t.SetTexts(l.nameLine(p), bestLine(p), fault)
	t.SetSelected(p == l.c.State().Selected())
}

// bestLine is the answer under a thumbnail.
func bestLine(p *control.Picture) string {
	if len(p.Best) == 0 {
		return ""
	}
	return words.Score(float64(p.Best[0].Probability), score.Probability) + " " + p.Best[0].Name
}

// nameLine is the name under a thumbnail. Where the answer is wrong, the label
// comes first.
func (l *List) nameLine(p *control.Picture) string {
	if !p.Wrong() {
		return p.Name
	}
	if p.Slices() > 1 { // above stands the answer for one of them
		return "≠ " + l.c.LabelWords(p) + ", mean of slices: " + p.Name
	}
	return "≠ " + l.c.LabelWords(p) + ": " + p.Name
}

func (l *List) remove(p *control.Picture) {
	if i := slices.Index(l.c.State().Images, p); i >= 0 {
		l.c.Remove(i)
	}
}

// Draws are what the list draws.
func (l *List) Draws() []control.Draw {
	return []control.Draw{
		control.On(l.reload, control.ImagesChanged),
		control.On(l.bad.show, control.ImagesChanged, control.ImageChanged),
		control.OnEach(l.refresh, control.ImageChanged),
		control.On(l.selected, control.LookChanged),
	}
}

// reload draws the list after entries came or went, or changed places.
func (l *List) reload() {
	s := l.c.State()
	all, n := len(s.Images), len(s.Listed)
	title := "PICTURES"
	switch {
	case all > n:
		title = fmt.Sprintf("PICTURES  %d of %d", n, all)
	case all > 0:
		title = fmt.Sprintf("PICTURES  %d", all)
	}
	l.title.SetText(title)
	widgets.Visible(l.tools, all > 1)
	l.sorted.SetText("sorted " + orderName(s.Listing))
	widgets.Visible(l.sorted, s.Listing.By != listing.Added || s.Listing.Reverse)
	l.filter.Put(s.Listing.Filter)
	widgets.Visible(l.none, all > 0 && n == 0)
	l.none.SetText("No picture is left by the filter “" + s.Listing.Filter + "”.")
	if s.Listing.Wrong {
		l.none.SetText("No picture is left: each answer is that of its label, not known yet, or filtered out.")
	}
	l.list.Refresh()
	l.selected()
}

// refresh draws one entry, if it is on the screen.
func (l *List) refresh(i int) {
	if s := l.c.State(); i >= 0 && i < len(s.Images) {
		for _, t := range l.drawn.Of(s.Images[i]) {
			l.draw(s.Images[i], t)
		}
	}
}

// selected frames the current entry and brings it on the screen.
func (l *List) selected() {
	now := l.c.State().Selected()
	if now == l.shown {
		return
	}
	for _, p := range []*control.Picture{l.shown, now} {
		for _, t := range l.drawn.Of(p) {
			t.SetSelected(p == now)
		}
	}
	l.shown = now
	l.scroll()
}

// scroll brings the current entry on the screen.
func (l *List) scroll() {
	s := l.c.State()
	if at := slices.Index(s.Listed, s.Current); at >= 0 {
		l.list.ScrollTo(at)
	}
}

// arrange takes over another order or filter.
func (l *List) arrange(now listing.Listing) {
	l.c.SetListing(now)
	l.list.ScrollToTop()
	l.scroll()
}
