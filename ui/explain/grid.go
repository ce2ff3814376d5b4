package explain

import (
	"fmt"
	"image"
	"picasso/backend/score"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control"
	"picasso/ui/drawing"
	"picasso/ui/scanpane"
	"picasso/ui/viewer"
	"picasso/ui/widgets"
	"picasso/ui/words"
	"picasso/visualizers"
	"picasso/visualizers/render"
	"picasso/visualizers/spelling"
)

// gridPane is the classic results table: images × best classes, one scale.
type gridPane struct {
	host  Host
	c     *control.Controller
	box   *fyne.Container
	title *widget.Label
	strip *widget.Label // over scans
	table *fyne.Container
	bar   *viewer.ColorBar
	more  *widget.Button // goes on after a stop
	state *widget.Label
	order *tableOrder
	rows  []*gridRowView
	grid  *control.Grid
	scale drawing.Range
	named int  // control.Grid.Named when it was drawn
	apart bool // every row has a scale of its own
}

// gridRowView is one drawn row.
type gridRowView struct {
	box  *fyne.Container
	done bool
	said string // while it is not done
}

// Choices of the scale.
const (
	oneScale  = "one scale"
	rowScales = "a scale per row"
)

// gridCell is the side of a picture in the table.
const gridCell = 100

func newGridPane(h Host, c *control.Controller) *gridPane {
	g := &gridPane{host: h, c: c, title: widget.NewLabel(""), strip: scanpane.NewStrip(), table: container.NewVBox(), bar: viewer.NewColorBar()}
	g.title.TextStyle.Bold = true
	closeIt := widget.NewButtonWithIcon("Back to the picture", theme.NavigateBackIcon(), c.CloseGrid)
	g.more = widget.NewButton("Continue", c.ContinueGrid)
	g.state = widgets.Faint("")
	g.order = newTableOrder(h, g.arrange)
	scale := widget.NewSelect([]string{oneScale, rowScales}, func(choice string) {
		g.apart = choice == rowScales
		g.redraw()
		h.Unfocus()
	})
	scale.Selected = oneScale
	g.title.Truncation = fyne.TextTruncateEllipsis
	head := container.NewVBox(
		container.NewBorder(nil, nil, nil, container.NewHBox(g.state, g.more, closeIt), g.title),
		container.NewBorder(nil, nil, container.NewHBox(widgets.AtLeast(136, 0, scale), widgets.AtLeast(118, 0, g.order.by)), nil, g.order.filter), g.strip)
	g.box = container.NewStack(widgets.NewGround(), container.NewBorder(head, nil, nil, g.bar, container.NewScroll(g.table)))
	g.box.Hide()
	return g
}

func (g *gridPane) show() {
	state := g.c.State()
	grid := state.Grid
	widgets.Visible(g.box, grid != nil)
	if grid == nil {
		g.grid, g.rows, g.table.Objects = nil, nil, nil
		return
	}
	if grid != g.grid {
		g.begin(grid)
	}
	all := grid.Range != g.scale && !g.apart || grid.Named != g.named
	g.scale, g.named = grid.Range, grid.Named
	for i, row := range grid.Rows {
		if view := g.rows[i]; row.Shown != nil && (!view.done || all) || row.Err != nil && !view.done {
			view.done = true
			view.box.Objects = g.cells(grid, row)
			view.box.Refresh()
		} else if !row.Known() {
			g.wait(view, row, g.waiting(grid, i))
		}
	}
	g.showProgress(grid)
	g.arrange()
	g.showScale(grid)
}

// waiting says why a row is empty.
func (g *gridPane) waiting(grid *control.Grid, i int) string {
	first := slices.IndexFunc(grid.Rows, func(r *control.GridRow) bool { return !r.Known() })
	switch {
	case !g.c.Filling():
		return "not computed"
	case i == first:
		return "computing…"
	}
	return "waiting"
}

func (g *gridPane) wait(view *gridRowView, row *control.GridRow, said string) {
	if view.said != said {
		view.said = said
		name := widget.NewLabel(row.Picture.Name)
		view.box.Objects = []fyne.CanvasObject{widgets.AtLeast(gridCell, gridCell, widgets.Tight(name, widgets.Faint(said)))}
		view.box.Refresh()
	}
}

// showProgress tells how far the table is, and offers to go on after a stop.
func (g *gridPane) showProgress(grid *control.Grid) {
	left := grid.Done < len(grid.Rows)
	widgets.Visible(g.more, left && !g.c.Filling())
	widgets.Visible(g.state, left)
	g.state.SetText(fmt.Sprintf("%d of %d", grid.Done, len(grid.Rows)))
}

// redraw draws all rows again.
func (g *gridPane) redraw() {
	for _, view := range g.rows {
		view.done = false
	}
	if g.grid != nil {
		g.show()
	}
}

// arrange puts the rows into the order chosen, without those filtered out.
func (g *gridPane) arrange() {
	if g.grid == nil {
		return
	}
	var objects []fyne.CanvasObject
	for _, i := range g.order.of(g.grid.Rows) {
		objects = append(objects, g.rows[i].box)
	}
	if g.grid.Left > 0 {
		objects = append(objects, widgets.Faint(fmt.Sprintf("The list has %d more images; the table shows only the first %d.", g.grid.Left, len(g.grid.Rows))))
	}
	if !slices.Equal(objects, g.table.Objects) {
		g.table.Objects = objects
		g.table.Refresh()
	}
}

// begin lays out empty rows.
func (g *gridPane) begin(grid *control.Grid) {
	g.grid, g.rows, g.table.Objects = grid, nil, nil
	g.title.SetText(grid.Panel.Info.Title + ": all images with their top classes")
	widgets.Visible(g.strip, slices.ContainsFunc(grid.Rows, func(r *control.GridRow) bool { return r.Picture.Series != nil }))
	for range grid.Rows {
		g.rows = append(g.rows, &gridRowView{box: container.NewHBox()})
	}
}

// cells draws one row: the picture, then the map of each class.
func (g *gridPane) cells(grid *control.Grid, row *control.GridRow) []fyne.CanvasObject {
	if row.Err != nil {
		text := "cannot be explained"
		if said := words.Say("", row.Err); said != nil {
			text = said.Text
		}
		label := widget.NewLabel(row.Picture.Name + ": " + text)
		return []fyne.CanvasObject{widgets.AtLeast(gridCell, gridCell, label)}
	}
	objects := []fyne.CanvasObject{g.cell(row.Shown, g.rangeOf(row), row.Picture.Name, func() { g.host.SelectImage(row.Picture) })}
	for i, class := range row.Classes {
		var m image.Image = row.Shown
		if i < len(row.Maps) && row.Maps[i] != nil {
			m = g.overlay(grid, row, row.Maps[i])
		}
		text := words.Score(scoreOf(class, grid.Score), grid.Score)
		objects = append(objects, g.cell(m, text, class.Name, func() {
			g.host.SelectImage(row.Picture)
			g.c.CloseGrid()
			g.c.SetTarget(class.Index, score.NoClass)
		}))
	}
	return objects
}

func (g *gridPane) cell(m image.Image, text, under string, tapped func()) fyne.CanvasObject {
	t := viewer.NewThumb(under)
	t.SetScore(text)
	t.SetPicture(m)
	t.OnTapped = tapped
	return widgets.AtLeast(gridCell, 0, t)
}

// overlay draws a map on the small picture of its row.
func (g *gridPane) overlay(grid *control.Grid, row *control.GridRow, m *visualizers.Map) image.Image {
	model := g.c.State().Model
	if model == nil || row.Size.X == 0 || row.Size.Y == 0 {
		return row.Shown
	}
	_, h, w := model.Shape()
	at := resized(drawing.Place(*m, row.Place, w, h, row.Size), row.Size, row.Shown.Rect.Size())
	under := newGround(row.Shown)
	return render.Overlay(under.under(grid.Panel.Display, true), drawing.Field(*m), at, g.style(row, m, grid))
}

// style draws a map on the table's scale, or on that of its row.
func (g *gridPane) style(row *control.GridRow, m *visualizers.Map, grid *control.Grid) render.Style {
	s, r := grid.Panel.Display.Style(*m, row.Scan), grid.Range
	if g.apart {
		r = row.Range()
	}
	s.Range = &render.Range{Lo: r.Lo, Hi: r.Hi}
	return s
}

// rangeOf writes the scale of a row that has its own.
func (g *gridPane) rangeOf(row *control.GridRow) string {
	if !g.apart {
		return ""
	}
	r := row.Range()
	if r.Lo == -r.Hi {
		return "±" + spelling.Number(r.Hi)
	}
	return spelling.Number(r.Lo) + "…" + spelling.Number(r.Hi)
}

func (g *gridPane) showScale(grid *control.Grid) {
	if g.apart { // each row says its own
		g.bar.Hide()
		return
	}
	for _, row := range grid.Rows {
		for _, m := range row.Maps {
			if m != nil {
				g.bar.SetScale(g.style(row, m, grid).Scale(drawing.Field(*m)))
				g.bar.SetUnit("one scale for all images and classes")
				g.bar.Show()
				return
			}
		}
	}
	g.bar.Hide()
}
