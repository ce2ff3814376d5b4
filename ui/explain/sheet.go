package explain

import (
	"image"

	"picasso/ui/control"
	"picasso/ui/drawing"
	"picasso/ui/words"
	"picasso/visualizers/render"
)

// sheetCell is the side of a picture on the sheet, in pixels.
const sheetCell = 160

// Sheet lays out the results table for a report, as it is shown: its order, its
// filter and its scale.
func (w *Workspace) Sheet() (*image.RGBA, error) {
	g, grid := w.grid, w.c.State().Grid
	if grid == nil || g.grid != grid || grid.Done == 0 {
		return nil, control.ErrNoMap
	}
	var rows [][]render.SheetCell
	var scale render.Scale
	caption := render.Caption{Title: grid.Panel.Info.Title + " of all images with their top classes"}
	for _, i := range g.order.of(grid.Rows) {
		row := grid.Rows[i]
		if row.Shown == nil {
			continue
		}
		if row.Scan {
			caption.Note = drawing.ResearchUse
		}
		cells := []render.SheetCell{{Image: row.Shown, Label: row.Picture.Name + " " + g.rangeOf(row)}}
		for k, class := range row.Classes {
			cell := render.SheetCell{Image: row.Shown, Label: words.Score(scoreOf(class, grid.Score), grid.Score) + " " + class.Name}
			if k < len(row.Maps) && row.Maps[k] != nil {
				cell.Image = g.overlay(grid, row, row.Maps[k])
				if !g.apart {
					scale, caption.Unit = g.style(row, row.Maps[k], grid).Scale(drawing.Field(*row.Maps[k])), "one scale for all images and classes"
				}
			}
			cells = append(cells, cell)
		}
		rows = append(rows, cells)
	}
	if g.apart {
		caption.Unit = "each row has the scale that is written under its picture"
	}
	return render.Sheet(rows, sheetCell, scale, caption)
}
