package audit

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/viewer"
	"picasso/ui/widgets"
)

// sheet is a contact sheet of the pictures that are looked at. Only those on the
// screen are widgets.
type sheet struct {
	w       *Workspace
	grid    *widget.GridWrap
	version int
	current int
	drawn   widgets.Drawn[*viewer.Thumb, int]
	look    map[*viewer.Thumb]sheetLook
}

// sheetLook is how a thumbnail was drawn last.
type sheetLook struct {
	serial, row    int
	done, map_, on bool
}

func newSheet(w *Workspace) *sheet {
	p := &sheet{w: w, version: -1, current: -1, look: map[*viewer.Thumb]sheetLook{}}
	p.grid = widget.NewGridWrap(
		func() int { return len(w.s.State().Listed) },
		func() fyne.CanvasObject { return viewer.NewThumb("") },
		func(i widget.GridWrapItemID, o fyne.CanvasObject) { p.fill(i, o.(*viewer.Thumb)) })
	p.grid.OnSelected = func(i widget.GridWrapItemID) { // by keyboard
		p.grid.UnselectAll()
		if listed := w.s.State().Listed; i < len(listed) {
			w.s.Select(listed[i])
		}
	}
	return p
}

func (p *sheet) object() fyne.CanvasObject { return p.grid }

func (p *sheet) fill(i int, t *viewer.Thumb) {
	listed := p.w.s.State().Listed
	if i < 0 || i >= len(listed) {
		return
	}
	row := listed[i]
	p.drawn.Put(t, row)
	p.draw(t, row)
}

func (p *sheet) draw(t *viewer.Thumb, row int) {
	st := p.w.s.State()
	if row >= len(st.Result.Digest.Sample.Rows) {
		return
	}
	was := p.look[t]
	now := sheetLook{serial: st.Serial, row: row, done: true, map_: p.w.maps, on: row == st.Current}
	if was == now {
		return
	}
	if was.serial != now.serial || was.row != row {
		p.w.label(t, row)
	}
	t.OnTapped = func() {
		if p.w.s.State().Current == row {
			p.w.s.Explain(row)
			return
		}
		p.w.s.Select(row)
	}
	if was.serial != now.serial || was.row != row || !was.done || was.map_ != now.map_ {
		now.done = p.w.picture(t, row)
	}
	t.SetSelected(now.on)
	p.look[t] = now
}

func (p *sheet) show() {
	st := p.w.s.State()
	if p.version != st.Version {
		p.version = st.Version
		p.drawn = widgets.Drawn[*viewer.Thumb, int]{}
		p.grid.Refresh()
		p.grid.ScrollToTop()
	}
	if p.current != st.Current {
		p.current = st.Current
		if at := slices.Index(st.Listed, st.Current); at >= 0 {
			p.grid.ScrollTo(at)
		}
	}
	p.drawn.Each(p.draw)
}
