package ui

import (
	"fmt"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/score"
	"picasso/ui/control"
	"picasso/ui/viewer"
	"picasso/ui/widgets"
	"picasso/ui/words"
)

// listHost is the window around the list of pictures.
type listHost interface {
	ChooseImages()
	SelectImage(p *control.Picture)
	ShowUnusable()
}

// imageList shows the pictures with their best class.
type imageList struct {
	host  listHost
	c     *control.Controller
	box   fyne.CanvasObject
	title *widget.Label
	list  *widget.GridWrap
	bad   *unusable
	drop  *fyne.Container
	shown int // selected entry as drawn
}

func newImageList(h listHost, c *control.Controller) *imageList {
	l := &imageList{host: h, c: c, title: widgets.Heading("IMAGES"), shown: -1}
	add := widget.NewButtonWithIcon("", theme.ContentAddIcon(), h.ChooseImages)
	add.Importance = widget.LowImportance
	l.list = widget.NewGridWrap(
		func() int { return len(c.State().Images) },
		func() fyne.CanvasObject { return viewer.NewThumb("") },
		func(i widget.GridWrapItemID, o fyne.CanvasObject) { l.draw(i, o.(*viewer.Thumb)) })
	l.list.OnSelected = func(i widget.GridWrapItemID) { // by keyboard
		l.list.UnselectAll()
		c.Select(i)
	}
	note := widgets.Faint("drop models, images, folders\nor labels anywhere")
	note.Alignment = fyne.TextAlignCenter
	l.drop = container.NewCenter(note)
	l.bad = newUnusable(c, h.ShowUnusable)
	l.box = container.NewBorder(container.NewVBox(container.NewBorder(nil, nil, nil, add, l.title), l.bad.box), l.drop, nil, nil, l.list)
	return l
}

// draw fills a thumbnail, which the list uses again and again.
func (l *imageList) draw(i int, t *viewer.Thumb) {
	s := l.c.State()
	if i < 0 || i >= len(s.Images) {
		return
	}
	p := s.Images[i]
	t.SetName(p.Name)
	t.OnTapped = func() { l.host.SelectImage(p) }
	t.OnRemove = func() { l.remove(p) }
	if p.Thumb == nil {
		t.SetPicture(nil)
	} else {
		t.SetPicture(p.Thumb)
	}
	t.SetError("")
	t.SetScore(bestLine(p))
	if p.Err != nil {
		t.SetError("not usable")
	}
	t.SetSelected(i == s.Current)
	l.c.Want(i)
}

// bestLine is the line under a thumbnail.
func bestLine(p *control.Picture) string {
	if len(p.Best) == 0 {
		return ""
	}
	return words.Score(float64(p.Best[0].Probability), score.Probability) + " " + p.Best[0].Name
}

func (w *Window) selectImage(p *control.Picture) {
	if i := slices.Index(w.c.State().Images, p); i >= 0 {
		w.c.CloseGrid()
		if i == w.c.State().Current && p.Err != nil {
			w.c.Tell("explain "+p.Name, p.Err)
		}
		w.c.Select(i)
	}
}

func (l *imageList) remove(p *control.Picture) {
	if i := slices.Index(l.c.State().Images, p); i >= 0 {
		l.c.Remove(i)
	}
}

// Draws are what the list draws.
func (l *imageList) Draws() []control.Draw {
	return []control.Draw{
		control.On(l.reload, control.ImagesChanged),
		control.On(l.bad.show, control.ImagesChanged, control.ImageChanged),
		control.OnEach(l.refresh, control.ImageChanged),
		control.On(l.selected, control.LookChanged),
	}
}

// reload draws the list after entries came or went.
func (l *imageList) reload() {
	n := len(l.c.State().Images)
	l.title.SetText("IMAGES")
	if n > 0 {
		l.title.SetText(fmt.Sprintf("IMAGES  %d", n))
	}
	l.list.Refresh()
	l.selected()
}

// refresh draws one entry, if it is on the screen.
func (l *imageList) refresh(i int) { l.list.RefreshItem(i) }

// selected frames the current entry and brings it on the screen.
func (l *imageList) selected() {
	now := l.c.State().Current
	if now == l.shown {
		return
	}
	if l.shown >= 0 {
		l.list.RefreshItem(l.shown)
	}
	l.shown = now
	if now >= 0 {
		l.list.RefreshItem(now)
		l.list.ScrollTo(now)
	}
}
