package audit

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/widgets"
)

// subsetBar tells which pictures table, sheet and plane show, and narrows them.
type subsetBar struct {
	w      *Workspace
	box    fyne.CanvasObject
	text   *widget.Label
	filter *widgets.Filter
	wrong  *widget.Check
	maps   *widget.Check
	all    *widget.Button
	list   *widget.Button
}

// filterHelp explains the filter in the status bar.
const filterHelp = "Words of the path or the answer; name:, answer: or label: looks in one of them; <0.6 or >90% compares the probability."

func newSubsetBar(w *Workspace) *subsetBar {
	b := &subsetBar{w: w, text: widget.NewLabel("")}
	b.text.Truncation = fyne.TextTruncateEllipsis
	b.filter = widgets.NewFilter(w.host, filterHelp, func(text string) { w.s.SetFilter(text, b.wrong.Checked) })
	b.wrong = widget.NewCheck("wrong", func(on bool) { w.s.SetFilter(b.filter.Text, on) })
	b.maps = widget.NewCheck("maps", func(on bool) {
		if on != w.maps {
			w.toggleMaps()
		}
	})
	b.all = widget.NewButton("All", func() { w.s.Look("", nil) })
	b.list = widget.NewButtonWithIcon("Make these the list", theme.ListIcon(), w.s.List)
	b.box = container.NewVBox(
		container.NewBorder(nil, nil, nil, container.NewHBox(b.all, b.list), b.text),
		container.NewBorder(nil, nil, nil, container.NewHBox(b.wrong, b.maps), b.filter))
	return b
}

func (b *subsetBar) show() {
	listing := b.w.shown == rowsPage || b.w.shown == sheetPage || b.w.shown == planePage
	widgets.Visible(b.box, listing)
	if !listing {
		return
	}
	st := b.w.s.State()
	all := len(st.Result.Digest.Sample.Rows)
	text := fmt.Sprintf("All %d pictures", all)
	if st.Subset.Rows != nil {
		text = st.Subset.Title
	}
	if n := len(st.Listed); st.Arranging {
		text += ": being sorted, what is shown is as before…"
	} else if n < all {
		text += fmt.Sprintf(": %d of %d", n, all)
	}
	if b.text.Text != text {
		b.text.SetText(text)
	}
	b.filter.Put(st.Filter)
	for check, on := range map[*widget.Check]bool{b.wrong: st.Wrong, b.maps: b.w.maps} {
		if check.Checked != on {
			check.Checked = on
			check.Refresh()
		}
	}
	widgets.Visible(b.wrong, st.Result.Digest.Truth != nil)
	widgets.Visible(b.maps, b.w.shown == sheetPage)
	widgets.Visible(b.all, st.Subset.Rows != nil)
	widgets.Visible(b.list, b.w.narrowed(st))
}
