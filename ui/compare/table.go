package compare

import (
	"fmt"
	"image"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/score"
	"picasso/ui/control"
	"picasso/ui/control/comparison"
	"picasso/ui/viewer"
	"picasso/ui/widgets"
	"picasso/ui/words"
	"picasso/visualizers"
)

// tablePane shows pictures × classes, the results table: every picture of the list
// with the maps of its best classes. Only the rows on the screen are widgets.
type tablePane struct {
	host    Host
	c       *control.Controller
	m       *comparison.Controller
	box     *fyne.Container
	head    *fyne.Container
	title   *widget.Label
	list    *widget.List
	none    *widget.Label // in place of the rows, where there are none
	scale   *tableScale
	more    *widget.Button // goes on after a stop, or with what takes long
	state   *widget.Label
	order   *tableOrder
	drawn   widgets.Drawn[*tableRow, *control.GridRow]
	grid    *control.Grid
	listed  []int // as drawn
	columns int   // classes
	side    float32
	scaled  tableLook        // that scale shows
	marked  *control.Picture // the current one, whose row is
}

// Width of a cell: as much as there is room for.
const (
	leastThumb = 72
	mostThumb  = 176
)

func newTablePane(h Host, c *control.Controller, m *comparison.Controller, back func()) *tablePane {
	p := &tablePane{host: h, c: c, m: m, title: widget.NewLabel(""), none: widgets.Faint(""), side: leastThumb}
	p.title.TextStyle.Bold = true
	p.title.Truncation = fyne.TextTruncateEllipsis
	closeIt := widget.NewButtonWithIcon("Back", theme.NavigateBackIcon(), back)
	p.more = widget.NewButton("Continue", c.ContinueGrid)
	p.state = widgets.Faint("")
	p.order = newTableOrder(h, c)
	p.scale = newTableScale(h, p.show)
	p.list = widget.NewList(
		func() int { return len(p.listed) },
		func() fyne.CanvasObject { return newTableRow(p.columns, p.side) },
		func(i widget.ListItemID, o fyne.CanvasObject) { p.fill(i, o.(*tableRow)) })
	p.list.HideSeparators = true
	p.list.OnSelected = func(i widget.ListItemID) { // by keyboard
		p.list.UnselectAll()
		if row := p.at(i); row != nil {
			p.open(row, score.NoClass)
		}
	}
	p.none.Alignment, p.none.Wrapping = fyne.TextAlignCenter, fyne.TextWrapWord
	p.head = container.NewVBox(
		container.NewBorder(nil, nil, nil, container.NewHBox(p.state, p.more, closeIt), p.title),
		p.order.box(), p.scale.box)
	rows := container.New(&tableFit{p}, container.NewHScroll(p.list), container.NewVBox(p.none))
	p.box = container.NewBorder(p.head, nil, nil, nil, rows)
	return p
}

// open leads from a row to its picture in Explain, explained by the table's method;
// without a class it is explained as the window does.
func (p *tablePane) open(row *control.GridRow, class int) {
	panel := p.grid.Panel
	p.host.SelectImage(row.Picture)
	p.host.ShowMap(panel, class)
}

// tableFit lays out the rows, whose cells are as wide as there is room for.
type tableFit struct{ p *tablePane }

// MinSize implements fyne.Layout.
func (f *tableFit) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(leastThumb, leastThumb)
}

// Layout implements fyne.Layout.
func (f *tableFit) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Resize(size)
	}
	f.p.fit(size.Width)
}

// fit chooses the width of the cells.
func (p *tablePane) fit(width float32) {
	n := float32(1 + p.columns)
	const bar = 16 // room for the scroll bar
	side := min(max((width-bar-(n-1)*theme.Padding())/n, leastThumb), mostThumb)
	if side = float32(int(side)); side != p.side {
		p.side = side
		p.list.Refresh()
	}
}

// show brings the pane up to date with the table.
func (p *tablePane) show() {
	grid := p.c.State().Grid
	p.none.SetText(p.lacking(grid))
	widgets.Visible(p.none, p.none.Text != "")
	widgets.Visible(p.head, grid != nil)
	if grid == nil {
		p.grid, p.listed = nil, nil
		p.list.Refresh()
		return
	}
	if grid != p.grid {
		p.begin(grid)
	}
	p.order.show(grid.Listing)
	p.showProgress(grid)
	if !slices.Equal(grid.Listed, p.listed) {
		p.listed = slices.Clone(grid.Listed)
		p.list.Refresh()
		p.list.ScrollToOffset(p.list.GetScrollOffset())
	}
	p.drawn.Each(p.draw)
	p.showScale()
	p.mark()
}

// lacking says why there are no rows, "" where there are some.
func (p *tablePane) lacking(grid *control.Grid) string {
	s := p.c.State()
	switch {
	case s.Model == nil:
		return "Open a model and add pictures; each then has a row here, with the maps of its best classes."
	case grid == nil:
		return "No method suits this model, so there are no maps to put into a table."
	case len(grid.Rows) == 0:
		return "Add pictures; each then has a row here, with the maps of its best classes."
	case len(grid.Listed) > 0:
		return ""
	case grid.Listing.Wrong:
		return "No picture is left: the list shows only answers that differ from the label."
	}
	return "No picture is left by the filter “" + grid.Listing.Filter + "”."
}

// mark brings the row of the current picture on the screen when that becomes another
// one, and frames it.
func (p *tablePane) mark() {
	now := p.c.State().Selected()
	if now == p.marked {
		return
	}
	first := p.marked == nil
	p.marked = now
	p.drawn.Each(p.draw)
	if i := p.place(now); i >= 0 && !first {
		p.list.ScrollTo(i)
	}
}

// place is where a picture's row stands, −1 where it is not shown.
func (p *tablePane) place(of *control.Picture) int {
	return slices.IndexFunc(p.listed, func(i int) bool { return p.grid != nil && i < len(p.grid.Rows) && p.grid.Rows[i].Picture == of })
}

// step makes the picture of a neighbouring row the current one.
func (p *tablePane) step(n int) {
	if len(p.listed) == 0 {
		return
	}
	if row := p.at(min(max(p.place(p.c.State().Selected())+n, 0), len(p.listed)-1)); row != nil {
		p.host.SelectImage(row.Picture)
	}
}

// openMarked leads to the current picture.
func (p *tablePane) openMarked() {
	if row := p.at(p.place(p.c.State().Selected())); row != nil {
		p.open(row, score.NoClass)
	}
}

// scans reports whether pictures of the table are medical ones.
func (p *tablePane) scans() bool {
	g := p.c.State().Grid
	return g != nil && slices.ContainsFunc(g.Rows, func(r *control.GridRow) bool { return r.Scan || r.Picture.Series != nil })
}

// begin shows another table.
func (p *tablePane) begin(grid *control.Grid) {
	p.grid, p.listed = grid, nil
	p.title.SetText(grid.Panel.Info.Title + ": all pictures with their top classes")
	p.marked = nil
	if columns := min(control.GridClasses, p.c.State().Model.Classes()); columns != p.columns {
		p.columns = columns
	}
	p.drawn = widgets.Drawn[*tableRow, *control.GridRow]{}
	p.scaled = tableLook{}
	p.scale.show(nil)
	p.list.Refresh()
	p.list.ScrollToTop()
}

// at is the row in a place of the table, nil for none.
func (p *tablePane) at(i int) *control.GridRow {
	if p.grid == nil || i < 0 || i >= len(p.listed) || p.listed[i] >= len(p.grid.Rows) {
		return nil
	}
	return p.grid.Rows[p.listed[i]]
}

// fill gives a row of widgets its place in the table.
func (p *tablePane) fill(i int, w *tableRow) {
	row := p.at(i)
	if row == nil || p.grid != p.c.State().Grid { // it is not shown any more
		return
	}
	if w.side != p.side {
		w.side = p.side
		w.Refresh()
	}
	p.drawn.Put(w, row)
	p.draw(w, row)
	p.c.WantRow(row)
}

// look is how maps are drawn now.
func (p *tablePane) look() tableLook {
	_, height, width := p.c.State().Model.Shape()
	return tableLook{display: p.grid.Panel.Display, common: p.grid.Range, apart: p.scale.apart(), width: width, height: height}
}

// draw brings a row of widgets up to date with its row.
func (p *tablePane) draw(w *tableRow, row *control.GridRow) {
	open, ready := p.c.GridMaps(row)
	now := rowState{row: row, known: row.Known(), ready: ready, said: p.waiting(row), named: p.grid.Named, current: row.Picture == p.marked, look: p.look()}
	best := row.Best()
	if !ready {
		now.look, now.thumb = tableLook{}, p.c.HasThumb(row.Picture)
		if len(best) > 0 {
			now.answer = best[0].Name
		}
	}
	if w.drawn == now {
		return
	}
	w.drawn = now
	w.picture.SetSelected(now.current)
	w.picture.OnTapped = func() { p.open(row, score.NoClass) }
	w.say(fault(row))
	if row.Err != nil {
		w.picture.SetNote("")
		w.picture.SetTexts(row.Picture.Name, "", "")
		p.setPicture(w.picture, row)
		return
	}
	if !ready {
		p.drawWaiting(w, row, now.said)
		return
	}
	p.drawMaps(w, row, open)
}

// fault says why a row has no maps and never will; "" where that is not so.
func fault(row *control.GridRow) string {
	if row.Err == nil {
		return ""
	}
	if said := words.Say("", row.Err); said != nil {
		return said.Text
	}
	return "It cannot be explained."
}

// waiting says why a row is empty.
func (p *tablePane) waiting(row *control.GridRow) string {
	switch {
	case row == p.grid.Now:
		return "computing…"
	case p.c.Filling():
		return "waiting"
	}
	return "not computed"
}

// drawWaiting shows what is known of a row without maps: the picture and the
// answer, as far as the list has them.
func (p *tablePane) drawWaiting(w *tableRow, row *control.GridRow, said string) {
	w.picture.SetTexts(row.Picture.Name, "", "")
	p.setPicture(w.picture, row)
	best := row.Best()
	for i, t := range w.classes {
		t.OnTapped = nil
		t.SetPicture(nil)
		if t.SetNote(said); i >= len(best) {
			t.SetTexts("", "", "")
			continue
		}
		t.SetTexts(best[i].Name, words.Score(best[i].On(p.grid.Score), p.grid.Score), "")
	}
}

// setPicture shows the thumbnail of a row's picture, where the list has one.
func (p *tablePane) setPicture(t *viewer.Thumb, row *control.GridRow) {
	if thumb := p.c.Thumb(row.Picture); thumb != nil {
		t.SetPicture(thumb)
		return
	}
	t.SetPicture(nil)
}

// drawMaps shows a finished row.
func (p *tablePane) drawMaps(w *tableRow, row *control.GridRow, open func() (*image.RGBA, []*visualizers.Map)) {
	look := p.look()
	picture, all := open()
	w.picture.SetTexts(row.Picture.Name, look.written(row), "")
	w.picture.SetPicture(picture)
	over := look.overlay(row, picture, all)
	for i, t := range w.classes {
		t.SetNote("")
		if i >= len(over) {
			t.OnTapped = nil
			t.SetTexts("", "", "")
			t.SetPicture(nil)
			continue
		}
		class := row.Classes[i]
		t.SetTexts(class.Name, words.Score(class.On(p.grid.Score), p.grid.Score), "")
		t.SetPicture(over[i])
		t.OnTapped = func() { p.open(row, class.Index) }
	}
}

// showProgress tells how far the table is, and offers to go on after a stop, or
// with rows that take long.
func (p *tablePane) showProgress(grid *control.Grid) {
	left, text := grid.Done < len(grid.Rows), ""
	if n := len(grid.Listed); n < len(grid.Rows) {
		text = fmt.Sprintf("%d shown", n)
	}
	if left {
		if text != "" {
			text += ", "
		}
		text += fmt.Sprintf("%d of %d computed", grid.Done, len(grid.Rows))
	}
	p.state.SetText(text)
	widgets.Visible(p.state, text != "")
	widgets.Visible(p.more, left && !p.c.Filling())
	more := "Continue"
	if long := p.c.GridLeft(); long > 0 {
		more = "Continue, about " + visualizers.Spoken(long)
	}
	p.more.SetText(more)
}

// showScale shows the common scale; rows that have their own say it themselves.
func (p *tablePane) showScale() {
	look := p.look()
	if look == p.scaled {
		return
	}
	p.scaled = look
	for _, row := range p.grid.Rows {
		open, ok := p.c.GridMaps(row)
		if !ok {
			continue
		}
		_, all := open()
		if i := slices.IndexFunc(all, func(m *visualizers.Map) bool { return m != nil }); i >= 0 {
			scale := look.scale(row, all[i])
			p.scale.show(&scale)
			return
		}
	}
	p.scale.show(nil)
}
