package explain

import (
	"fmt"
	"image"
	"picasso/backend/score"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
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
	rows  []*gridRowView
	grid  *control.Grid
	scale drawing.Range
}

// gridRowView is one drawn row.
type gridRowView struct {
	box  *fyne.Container
	done bool
}

// gridCell is the side of a picture in the table.
const gridCell = 100

func newGridPane(h Host, c *control.Controller) *gridPane {
	g := &gridPane{host: h, c: c, title: widget.NewLabel(""), strip: scanpane.NewStrip(), table: container.NewVBox(), bar: viewer.NewColorBar()}
	g.title.TextStyle.Bold = true
	closeIt := widget.NewButtonWithIcon("Back to the picture", theme.NavigateBackIcon(), c.CloseGrid)
	head := container.NewBorder(nil, g.strip, nil, closeIt, g.title)
	back := canvas.NewRectangle(theme.Color(theme.ColorNameBackground))
	g.box = container.NewStack(back, container.NewBorder(head, nil, nil, g.bar, container.NewScroll(g.table)))
	g.bar.OnLock = func(bool) { g.bar.SetLocked(true) } // the table has one scale by nature
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
	all := grid.Range != g.scale
	g.scale = grid.Range
	for i, row := range grid.Rows {
		if view := g.rows[i]; row.Shown != nil && (!view.done || all) || row.Err != nil && !view.done {
			view.done = true
			view.box.Objects = g.cells(grid, row)
			view.box.Refresh()
		}
	}
	g.showScale(grid)
}

// begin lays out empty rows.
func (g *gridPane) begin(grid *control.Grid) {
	g.grid, g.rows, g.table.Objects = grid, nil, nil
	g.title.SetText(grid.Panel.Info.Title + ": all images with their top classes, on one scale")
	widgets.Visible(g.strip, slices.ContainsFunc(grid.Rows, func(r *control.GridRow) bool { return r.Picture.Series != nil }))
	for _, row := range grid.Rows {
		box := container.NewHBox(widgets.AtLeast(gridCell, gridCell, widgets.Faint(row.Picture.Name)))
		g.rows = append(g.rows, &gridRowView{box: box})
		g.table.Add(box)
	}
	if grid.Left > 0 {
		g.table.Add(widgets.Faint(fmt.Sprintf("The list has %d more images; the table shows only the first %d.", grid.Left, len(grid.Rows))))
	}
	g.table.Refresh()
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
	objects := []fyne.CanvasObject{g.cell(row.Shown, "", row.Picture.Name, func() { g.host.SelectImage(row.Picture) })}
	for i, class := range row.Classes {
		var m image.Image = row.Shown
		if i < len(row.Maps) && row.Maps[i] != nil {
			m = overlay(row, row.Maps[i], grid, g.c.State().Model)
		}
		text := words.Score(float64(class.Probability), score.Probability)
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

// overlay draws a map on the small picture of its row, on the table's scale.
func overlay(row *control.GridRow, m *visualizers.Map, grid *control.Grid, model control.Model) image.Image {
	if model == nil || row.Size.X == 0 || row.Size.Y == 0 {
		return row.Shown
	}
	_, h, w := model.Shape()
	at := drawing.Place(*m, row.Place, w, h, row.Size)
	sx := float64(row.Shown.Rect.Dx()) / float64(row.Size.X)
	sy := float64(row.Shown.Rect.Dy()) / float64(row.Size.Y)
	at = render.Rect{X0: at.X0 * sx, Y0: at.Y0 * sy, X1: at.X1 * sx, Y1: at.Y1 * sy}
	return render.Overlay(row.Shown, drawing.Field(*m), at, gridStyle(row, m, grid))
}

func gridStyle(row *control.GridRow, m *visualizers.Map, grid *control.Grid) render.Style {
	s := grid.Panel.Display.Style(*m, row.Scan)
	s.Range = &render.Range{Lo: grid.Range.Lo, Hi: grid.Range.Hi}
	return s
}

func (g *gridPane) showScale(grid *control.Grid) {
	for _, row := range grid.Rows {
		for _, m := range row.Maps {
			if m != nil {
				g.bar.SetScale(gridStyle(row, m, grid).Scale(drawing.Field(*m)))
				g.bar.SetUnit("one scale for all images and classes")
				g.bar.SetLocked(true)
				g.bar.Show()
				return
			}
		}
	}
	g.bar.Hide()
}
