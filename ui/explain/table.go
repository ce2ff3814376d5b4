package explain

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
	"picasso/ui/scanpane"
	"picasso/ui/viewer"
	"picasso/ui/widgets"
	"picasso/ui/words"
	"picasso/visualizers"
)

// tablePane is the classic results table: images × best classes. Only the rows
// on the screen are widgets.
type tablePane struct {
	host    Host
	c       *control.Controller
	box     *fyne.Container
	title   *widget.Label
	strip   *widget.Label // over scans
	list    *widget.List
	none    *widget.Label // in place of the rows, where the filter leaves nothing
	scale   *tableScale
	more    *widget.Button // goes on after a stop, or with what takes long
	state   *widget.Label
	order   *tableOrder
	drawn   widgets.Drawn[*tableRow, *control.GridRow]
	grid    *control.Grid
	listed  []int // as drawn
	columns int   // classes
	side    float32
	scaled  tableLook // that scale shows
}

// Width of a cell: as much as there is room for.
const (
	leastCell = 72
	mostCell  = 176
)

func newTablePane(h Host, c *control.Controller) *tablePane {
	p := &tablePane{host: h, c: c, title: widget.NewLabel(""), strip: scanpane.NewStrip(), none: widgets.Faint(""), side: leastCell}
	p.title.TextStyle.Bold = true
	p.title.Truncation = fyne.TextTruncateEllipsis
	closeIt := widget.NewButtonWithIcon("Back", theme.NavigateBackIcon(), c.CloseGrid)
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
			h.SelectImage(row.Picture)
		}
	}
	p.none.Alignment, p.none.Wrapping = fyne.TextAlignCenter, fyne.TextWrapWord
	head := container.NewVBox(
		container.NewBorder(nil, nil, nil, container.NewHBox(p.state, p.more, closeIt), p.title),
		p.order.box(), p.scale.box, p.strip)
	rows := container.New(&fitting{p}, container.NewHScroll(p.list), container.NewVBox(p.none))
	p.box = container.NewBorder(head, nil, nil, nil, rows)
	p.box.Hide()
	return p
}

// fitting lays out the rows, whose cells are as wide as there is room for.
type fitting struct{ p *tablePane }

// MinSize implements fyne.Layout.
func (f *fitting) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(leastCell, leastCell) }

// Layout implements fyne.Layout.
func (f *fitting) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Resize(size)
	}
	f.p.fit(size.Width)
}

// fit chooses the width of the cells.
func (p *tablePane) fit(width float32) {
	n := float32(1 + p.columns)
	const bar = 16 // room for the scroll bar
	side := min(max((width-bar-(n-1)*theme.Padding())/n, leastCell), mostCell)
	if side = float32(int(side)); side != p.side {
		p.side = side
		p.list.Refresh()
	}
}

// show brings the pane up to date with the table.
func (p *tablePane) show() {
	state := p.c.State()
	grid := state.Grid
	widgets.Visible(p.box, grid != nil)
	if grid == nil || state.Model == nil {
		p.grid, p.listed = nil, nil
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
}

// begin shows another table.
func (p *tablePane) begin(grid *control.Grid) {
	p.grid, p.listed = grid, nil
	p.title.SetText(grid.Panel.Info.Title + ": all images with their top classes")
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
	if row == nil {
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
	now := rowState{row: row, known: row.Known(), ready: ready, said: p.waiting(row), named: p.c.State().Grid.Named, look: p.look()}
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
	w.picture.OnTapped = func() { p.host.SelectImage(row.Picture) }
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
		t.OnTapped = func() {
			p.host.SelectImage(row.Picture)
			p.c.CloseGrid()
			p.c.SetTarget(class.Index, score.NoClass)
		}
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
	scans := func(r *control.GridRow) bool { return r.Scan || r.Picture.Series != nil }
	widgets.Visible(p.strip, slices.ContainsFunc(grid.Rows, scans))
	widgets.Visible(p.none, len(grid.Listed) == 0)
	p.none.SetText("No image is left by the filter “" + grid.Listing.Filter + "”.")
	if grid.Listing.Wrong {
		p.none.SetText("No image is left: the list shows only answers that differ from the label.")
	}
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
