package explain

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control"
)

// tabBar chooses a visualizer. All visualizers share one picture, so that zoom
// and position stay when the method changes; the bar is therefore a row of
// buttons and no container. A row too long for the window scrolls, and a
// button at its end lists everything.
type tabBar struct {
	host   Host
	c      *control.Controller
	choose func(tab int)
	box    fyne.CanvasObject
	tabs   []*tab
	row    *fyne.Container
	scroll *container.Scroll
	shown  int
}

func newTabBar(h Host, c *control.Controller, choose func(tab int)) *tabBar {
	t := &tabBar{host: h, c: c, choose: choose, row: container.New(layout.NewCustomPaddedHBoxLayout(0))}
	t.fill()
	t.scroll = container.NewHScroll(t.row)
	more := widget.NewButtonWithIcon("", theme.MoreHorizontalIcon(), nil)
	more.Importance = widget.LowImportance
	more.OnTapped = func() { t.list(more) }
	t.box = container.NewVBox(container.NewBorder(nil, nil, nil, more, container.NewThemeOverride(t.scroll, barless{theme.Current()})), widget.NewSeparator())
	return t
}

func (t *tabBar) draws() []control.Draw {
	return []control.Draw{
		control.On(t.fill, control.PanelsChanged),
		control.On(t.show, control.PanelsChanged, control.TabChanged, control.ModelChanged),
	}
}

// fill makes a tab for every panel.
func (t *tabBar) fill() {
	t.tabs, t.row.Objects, t.shown = nil, nil, -1
	for i, p := range t.c.State().Panels {
		one := newTab(p.Info.Title, func() { t.choose(i) })
		t.tabs = append(t.tabs, one)
		t.row.Objects = append(t.row.Objects, one)
	}
	t.row.Refresh()
}

// list shows all visualizers in a menu below the button.
func (t *tabBar) list(button fyne.CanvasObject) {
	menu := fyne.NewMenu("")
	for i, p := range t.c.State().Panels {
		item := fyne.NewMenuItem(p.Info.Title, func() { t.choose(i) })
		item.Checked = i == t.c.State().Tab
		menu.Items = append(menu.Items, item)
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(button)
	at.Y += button.Size().Height
	pop := widget.NewPopUpMenu(menu, t.host.Canvas())
	at.X = max(0, min(at.X, t.host.Canvas().Size().Width-pop.MinSize().Width))
	pop.ShowAtPosition(at)
}

// show marks the current tab and brings it into view.
func (t *tabBar) show() {
	now := t.c.State().Tab
	for i, one := range t.tabs {
		one.mark(i == now)
	}
	if now != t.shown && t.scroll.Size().Width > 0 {
		t.shown = now
		t.reveal(t.tabs[now])
	}
}

// reveal scrolls as little as needed to show o.
func (t *tabBar) reveal(o fyne.CanvasObject) {
	from, to := o.Position().X, o.Position().X+o.Size().Width
	offset, width := t.scroll.Offset.X, t.scroll.Size().Width
	switch {
	case from < offset:
		offset = from
	case to > offset+width:
		offset = to - width
	default:
		return
	}
	t.scroll.ScrollToOffset(fyne.NewPos(offset, 0))
}

// barless is a theme whose scroll bars take no room: the bar would lie over
// the line that marks the current tab.
type barless struct{ fyne.Theme }

// Size implements fyne.Theme.
func (b barless) Size(name fyne.ThemeSizeName) float32 {
	if name == theme.SizeNameScrollBar || name == theme.SizeNameScrollBarSmall {
		return 0
	}
	return b.Theme.Size(name)
}
