package compare

import (
	"context"
	"fmt"
	"image"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control"
	"picasso/ui/control/comparison"
	"picasso/ui/control/task"
	"picasso/ui/scanpane"
	"picasso/ui/widgets"
	"picasso/ui/words"
)

// Choices of the scale.
const (
	methodScales = "a scale for each method"
	mapScales    = "a scale for each map"
)

// gridPane shows methods × classes.
type gridPane struct {
	host     Host
	c        *control.Controller
	m        *comparison.Controller
	box      fyne.CanvasObject
	scale    *widgets.Select
	left     *widget.Label // what is to be done
	more     *widget.Button
	heads    *fyne.Container
	headList []*head
	rows     []*gridRow
	list     *fyne.Container
	scroll   *container.Scroll
	readout  *widget.Label
	none     *widget.Label
	links    linked
	shrink   *task.Task
	shown    *image.RGBA // of which links.base is the small one
	columns  int
	wide     float32 // of a row
	high     float32 // of its maps
}

func newGridPane(h Host, c *control.Controller, m *comparison.Controller) *gridPane {
	g := &gridPane{host: h, c: c, m: m, left: widgets.Faint(""), readout: widgets.Faint(" "), none: widget.NewLabel(""), shrink: c.NewTask()}
	g.links, g.high = linked{c: c, pointed: g.pointed}, mostCell
	g.scale = widgets.NewSelect([]string{methodScales, mapScales}, func(string) {
		g.redraw()
		h.Unfocus()
	})
	g.scale.Selected = methodScales
	g.more = widget.NewButton("Compute", func() {
		m.Continue()
		h.Unfocus()
	})
	g.left.Truncation, g.readout.Truncation = fyne.TextTruncateEllipsis, fyne.TextTruncateEllipsis
	g.readout.TextStyle.Monospace = true
	g.none.Alignment, g.none.Wrapping = fyne.TextAlignCenter, fyne.TextWrapWord
	g.heads, g.list = container.NewWithoutLayout(), container.NewVBox()
	top := container.NewBorder(nil, nil, widgets.AtLeast(200, 0, g.scale), g.more, g.left)
	g.scroll = container.NewVScroll(container.New(fitting{g}, widgets.Roomy(g.list)))
	g.box = container.NewBorder(container.NewVBox(top, widgets.Roomy(g.heads)), g.readout, nil, nil, container.NewStack(g.scroll, container.NewCenter(widgets.AtLeast(300, 0, g.none))))
	return g
}

// apart reports whether every map has a scale of its own.
func (g *gridPane) apart() bool { return g.scale.Selected == mapScales }

func (g *gridPane) toggleScale() {
	next := mapScales
	if g.apart() {
		next = methodScales
	}
	g.scale.SetSelected(next)
}

// zoom enlarges all maps by a factor; 0 fits them.
func (g *gridPane) zoom(by float64) { g.links.zoom(by) }

// stepMethod brings a neighbouring row to the top.
func (g *gridPane) stepMethod(n int) {
	top, last := g.scroll.Offset.Y, 0
	for i, r := range g.rows {
		if r.box.Position().Y <= top+1 {
			last = i
		}
	}
	if at := last + n; at >= 0 && at < len(g.rows) {
		g.scroll.ScrollToOffset(g.rows[at].box.Position())
	}
}

// show brings the pane up to date.
func (g *gridPane) show() {
	s := g.m.Sheet()
	g.none.SetText(g.lacking(s))
	widgets.Visible(g.none, g.none.Text != "")
	g.showLeft(s)
	if s == nil {
		g.arrange(0, 0)
		g.readout.SetText(" ")
		return
	}
	if !g.links.inside {
		g.readout.SetText(resting(s.Look))
	}
	g.arrange(len(s.Rows), len(s.Classes))
	for i, one := range g.headList {
		g.fillHead(one, s, i)
	}
	g.setBase()
	for i, row := range g.rows {
		g.fillRow(row, s, i)
	}
}

// lacking says why there is nothing to compare, "" where there is.
func (g *gridPane) lacking(s *comparison.Sheet) string {
	state := g.c.State()
	switch {
	case s != nil && len(s.Rows) == 0:
		return "None of the chosen methods suits this model. Choose others at the right."
	case s != nil:
		return ""
	case state.Model == nil:
		return "Open a model and add pictures; the maps of several methods and classes then appear beside each other."
	case len(state.Images) == 0:
		return "Add pictures; the maps of several methods and classes then appear beside each other."
	case state.Looking:
		return "Reading the picture"
	case state.Selected() != nil && state.Selected().Err != nil:
		return "The model has no answer for this picture, so there is nothing to compare."
	}
	return " "
}

// showLeft says what is to be done, and offers what was not begun.
func (g *gridPane) showLeft(s *comparison.Sheet) {
	ahead := g.m.Ahead()
	text := ""
	if s != nil && ahead.Rows > 0 {
		text = ahead.String()
	}
	g.left.SetText(text)
	widgets.Visible(g.more, ahead.Asking)
}

// arrange makes widgets for as many methods and classes.
func (g *gridPane) arrange(rows, columns int) {
	if rows == len(g.rows) && columns == g.columns {
		return
	}
	for _, r := range g.rows {
		r.drawing.Stop()
	}
	g.columns, g.rows, g.headList, g.links.list = columns, nil, nil, nil
	high := float32(headHeight)
	heads := container.New(cells{columns, &high})
	for i := range columns {
		one := newHead(func() { g.m.SetFocus(i) })
		g.headList = append(g.headList, one)
		heads.Add(one)
	}
	*g.heads = *heads
	g.list.Objects = nil
	for range rows {
		row := g.newRow(columns)
		g.rows = append(g.rows, row)
		g.list.Add(row.box)
	}
	g.heads.Refresh()
	g.list.Refresh()
}

// Bounds of the height of the maps.
const (
	leastCell = 60
	mostCell  = 250
)

// fitting lays out the rows, whose cells are as high as the picture in their width.
type fitting struct{ g *gridPane }

// MinSize implements fyne.Layout.
func (f fitting) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[0].MinSize() }

// Layout implements fyne.Layout.
func (f fitting) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Resize(size)
	f.g.fit(size.Width)
}

// fit chooses the height of the cells.
func (g *gridPane) fit(width float32) {
	g.wide = width
	high := float32(mostCell)
	if size := g.links.size; size.X > 0 {
		aspect := float32(size.Y) / float32(size.X)
		if k := g.c.State().Look; k != nil && k.Image.Scan != nil {
			aspect *= float32(k.Image.Scan.Geometry.Aspect)
		}
		high = min(max(cells{columns: g.columns}.width(width)*aspect, leastCell), mostCell)
	}
	if high = float32(int(high)); high != g.high {
		g.high = high
		g.list.Refresh()
	}
}

// fillHead writes a class above its column.
func (g *gridPane) fillHead(one *head, s *comparison.Sheet, i int) {
	name, value := g.c.State().Model.ClassName(s.Classes[i]), ""
	for _, c := range s.Look.Ranked {
		if c.Index == s.Classes[i] {
			name, value = c.Name, words.Score(float64(c.Probability), 0)
		}
	}
	one.set(name, value, i == s.Focus && len(s.Rows) > 1)
}

// setBase makes the small picture of the current one.
func (g *gridPane) setBase() {
	shown := g.c.Shown()
	if shown == nil || shown == g.shown {
		return
	}
	g.shown = shown
	task.Start(g.shrink, func(context.Context, func(func())) (grounds, error) {
		return groundsOf(shown, smallest), nil
	}, func(made grounds, err error) {
		if err == nil {
			g.links.setPicture(made)
			g.fit(g.wide)
			g.redraw()
		}
	})
}

// redraw draws all maps again.
func (g *gridPane) redraw() {
	if g.m.View() != comparison.ByMethod || g.c.State().Workspace != control.Compare {
		return
	}
	for _, r := range g.rows {
		r.drawn = rowLook{}
	}
	g.show()
}

// pointed tells which pixel is under the pointer; its values stand on the maps.
func (g *gridPane) pointed(x, y int, inside bool) {
	k := g.c.State().Look
	if !inside || k == nil {
		g.readout.SetText(resting(k))
		return
	}
	g.readout.SetText(strings.TrimSpace(fmt.Sprintf("x %d  y %d  %s", x, y, scanpane.Position(k, x, y))))
}

// resting is what the read-out says while nothing is pointed at: the picture, of a
// scan with its slice.
func resting(k *control.Look) string {
	if k == nil {
		return " "
	}
	return k.Name
}

// save asks where the sheet goes.
func (g *gridPane) save() {
	b, err := g.m.Board(g.apart())
	if err != nil {
		g.c.Tell("save the comparison", err)
		return
	}
	name := g.m.Sheet().Look.FileName() + "-methods.png"
	g.host.Ask(widgets.Question{Title: "Save the sheet as PNG, with CSV and JSON", Kind: "Pictures", Extensions: []string{"png"}, Save: name}, func(path string) {
		g.host.Replacing(comparison.SheetFiles(path), func() { g.m.SaveSheet(path, b) })
	})
}
