package explain

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control"
)

// tabBar chooses a visualizer in two steps: a row of groups, and below it the
// methods of the chosen group. All visualizers share one picture, so that zoom
// and position stay when the method changes; the bar is therefore rows of
// buttons and no container. Nothing is hidden: methods that one row cannot hold
// go into the next, and there is room for as many rows as any group needs, so
// that the picture below stays where it is.
type tabBar struct {
	host   Host
	c      *control.Controller
	choose func(tab int)
	box    *fyne.Container
	heads  *fyne.Container // one for each group
	chips  []*tab          // one for each panel
	groups []control.Group
}

func newTabBar(h Host, c *control.Controller, choose func(tab int)) *tabBar {
	t := &tabBar{host: h, c: c, choose: choose, heads: container.New(layout.NewCustomPaddedHBoxLayout(0))}
	t.box = container.New(rows{t})
	t.fill()
	return t
}

func (t *tabBar) draws() []control.Draw {
	return []control.Draw{
		control.On(t.fill, control.PanelsChanged),
		control.On(t.show, control.PanelsChanged, control.TabChanged, control.ModelChanged),
	}
}

// fill makes a tab for every group and a chip for every panel.
func (t *tabBar) fill() {
	s := t.c.State()
	t.groups, t.chips, t.heads.Objects = s.Groups(), nil, nil
	for _, g := range t.groups {
		t.heads.Objects = append(t.heads.Objects, newTab(g.Family.Title(), func() { t.choose(t.c.TabIn(g)) }))
	}
	t.box.Objects = []fyne.CanvasObject{t.heads, widget.NewSeparator()}
	for i, p := range s.Panels {
		one := newChip(p.Info.Title, p.Info.Caution != "" || p.Doubt != "", func() { t.choose(i) })
		one.hint, one.about = func(on bool) { t.hint(p, on) }, t.host.ShowMethod
		t.chips = append(t.chips, one)
		t.box.Objects = append(t.box.Objects, one)
	}
	t.show()
}

// hint tells in the status bar what a method shows, and what is known against
// it.
func (t *tabBar) hint(p *control.Panel, on bool) {
	text := ""
	switch {
	case !on:
	case p.Doubt != "":
		text = p.Doubt
	case p.Info.Caution != "":
		text = p.Info.Caution
	default:
		text = p.Info.About
	}
	t.host.Hint(text)
}

// show marks the current group and method, and shows the chips of the group.
func (t *tabBar) show() {
	s := t.c.State()
	for i, g := range t.groups {
		t.heads.Objects[i].(*tab).mark(g.Family == s.Family(), false)
	}
	for i, chip := range t.chips {
		chip.mark(i == s.Tab, s.Model != nil && s.Panels[i].Err != nil)
		chip.Hide()
		for _, k := range t.current() {
			if k == i {
				chip.Show()
			}
		}
	}
	t.box.Refresh()
}

// current are the panels of the current group.
func (t *tabBar) current() []int {
	for _, g := range t.groups {
		if g.Family == t.c.State().Family() {
			return g.Tabs
		}
	}
	return nil
}

// Distances of the chips.
const (
	chipGap  = 4
	chipLine = 28 // from one row of chips to the next
)

// wrap puts the chips of some panels into rows of a width; place may be nil.
func (t *tabBar) wrap(panels []int, width float32, place func(chip *tab, x float32, row int)) (lines int) {
	x := float32(0)
	for _, i := range panels {
		need := t.chips[i].MinSize().Width
		if x > 0 && x+need > width {
			x, lines = 0, lines+1
		}
		if place != nil {
			place(t.chips[i], x, lines)
		}
		x += need + chipGap
	}
	return lines + 1
}

// height is that of the bar at a width: of the group with most rows, whichever
// of its methods is the chosen one, which is wider by an icon.
func (t *tabBar) height(width float32) float32 {
	most := 1
	width -= signRoom
	for _, g := range t.groups {
		most = max(most, t.wrap(g.Tabs, width, nil))
	}
	return t.heads.MinSize().Height + theme.SeparatorThicknessSize() + 2*chipGap + float32(most)*chipLine
}

// rows lays out the bar.
type rows struct{ t *tabBar }

// MinSize implements fyne.Layout: the height for one row of chips; [below]
// gives what the width needs.
func (r rows) MinSize([]fyne.CanvasObject) fyne.Size {
	head := r.t.heads.MinSize()
	return fyne.NewSize(head.Width, head.Height+chipGap+chipLine)
}

// Layout implements fyne.Layout.
func (r rows) Layout(o []fyne.CanvasObject, size fyne.Size) {
	head := r.t.heads.MinSize().Height
	r.t.heads.Resize(fyne.NewSize(size.Width, head))
	o[1].Move(fyne.NewPos(0, head))
	o[1].Resize(fyne.NewSize(size.Width, theme.SeparatorThicknessSize()))
	top := head + theme.SeparatorThicknessSize() + chipGap
	r.t.wrap(r.t.current(), size.Width, func(chip *tab, x float32, row int) {
		chip.Move(fyne.NewPos(x, top+float32(row)*chipLine))
		chip.Resize(fyne.NewSize(chip.MinSize().Width, chipLine-chipGap))
	})
	canvas.Refresh(r.t.box)
}

// below puts the bar, as high as its width needs, over all that is below it.
type below struct{ bar *tabBar }

// MinSize implements fyne.Layout.
func (b below) MinSize(o []fyne.CanvasObject) fyne.Size {
	high := max(o[0].MinSize().Height, o[0].Size().Height)
	rest := o[1].MinSize()
	return fyne.NewSize(max(o[0].MinSize().Width, rest.Width), high+rest.Height)
}

// Layout implements fyne.Layout.
func (b below) Layout(o []fyne.CanvasObject, size fyne.Size) {
	high := b.bar.height(size.Width)
	o[0].Resize(fyne.NewSize(size.Width, high))
	o[1].Move(fyne.NewPos(0, high))
	o[1].Resize(fyne.NewSize(size.Width, max(0, size.Height-high)))
}
