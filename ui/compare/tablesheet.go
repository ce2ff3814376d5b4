package compare

import (
	"fmt"
	"image"

	"picasso/backend/score"
	"picasso/ui/control"
	"picasso/ui/drawing"
	"picasso/ui/widgets"
	"picasso/ui/words"
	"picasso/visualizers"
	"picasso/visualizers/render"
)

const (
	sheetCell = 160 // side of a picture on the sheet, in pixels
	sheetRows = 50  // on a page: 35 MB of pixels
)

// tableSheet is the results table as it is to be saved, page by page: its order, its
// filter and its scale at the time it was asked for.
type tableSheet struct {
	look    tableLook
	score   score.Score
	title   string
	rows    []sheetRow
	missing int // rows shown that have no maps in memory
	scans   bool
}

type sheetRow struct {
	row  control.GridRow
	open func() (*image.RGBA, []*visualizers.Map)
}

// sheet lays out the results table for a report, as it is shown.
func (p *tablePane) sheet() (control.Sheet, error) {
	grid := p.c.State().Grid
	if grid == nil || p.grid != grid {
		return nil, control.ErrNoMap
	}
	s := &tableSheet{look: p.look(), score: grid.Score, title: grid.Panel.Info.Title + " of all pictures with their top classes"}
	if !grid.Listing.Whole() {
		s.title = fmt.Sprintf("%s of %d of %d pictures with their top classes", grid.Panel.Info.Title, len(grid.Listed), len(grid.Rows))
	}
	for _, i := range grid.Listed {
		row := grid.Rows[i]
		open, ok := p.c.GridMaps(row)
		if !ok {
			s.missing++
			continue
		}
		s.rows = append(s.rows, sheetRow{*row, open})
		s.scans = s.scans || row.Scan
	}
	if len(s.rows) == 0 {
		return nil, control.ErrNoMap
	}
	return s, nil
}

// save asks where the table goes.
func (p *tablePane) save() {
	if p.c.State().Grid == nil {
		p.c.Tell("save the table", control.ErrNoMap)
		return
	}
	name := "table-" + p.c.State().Grid.Panel.Info.ID
	p.host.Ask(widgets.Question{Title: "Save this table as PNG and CSV", Kind: "Pictures", Extensions: []string{"png"}, Save: name + ".png"}, func(path string) {
		sheet, err := p.sheet()
		if err != nil {
			p.c.Tell("save the table", err)
			return
		}
		p.host.Replacing(control.TableFiles(path, sheet.Pages()), func() { p.c.ExportTable(path, sheet) })
	})
}

// Pages implements control.Sheet.
func (s *tableSheet) Pages() int { return (len(s.rows) + sheetRows - 1) / sheetRows }

// Page implements control.Sheet.
func (s *tableSheet) Page(i int) (*image.RGBA, error) {
	var rows [][]render.SheetCell
	var scale render.Scale
	for _, r := range s.rows[i*sheetRows : min((i+1)*sheetRows, len(s.rows))] {
		cells, its := s.cells(r)
		if rows = append(rows, cells); its.Colors.Title != "" && !s.look.apart {
			scale = its
		}
	}
	return render.Sheet(rows, sheetCell, scale, s.caption(i))
}

// cells are a row of the sheet, with the scale of its maps.
func (s *tableSheet) cells(r sheetRow) (cells []render.SheetCell, scale render.Scale) {
	shown, maps := r.open()
	cells = []render.SheetCell{{Image: shown, Label: r.row.Picture.Name + " " + s.look.written(&r.row)}}
	for k, m := range s.look.overlay(&r.row, shown, maps) {
		class := r.row.Classes[k]
		cells = append(cells, render.SheetCell{Image: m, Label: words.Score(class.On(s.score), s.score) + " " + class.Name})
		if maps[k] != nil {
			scale = s.look.scale(&r.row, maps[k])
		}
	}
	return cells, scale
}

// caption is the words around a page.
func (s *tableSheet) caption(page int) render.Caption {
	c := render.Caption{Title: s.title, Unit: "one scale for all pictures and classes"}
	if n := s.Pages(); n > 1 {
		c.Title = fmt.Sprintf("%s, page %d of %d", s.title, page+1, n)
	}
	if s.look.apart {
		c.Unit = "each row has the scale that is written under its picture"
	}
	if s.missing > 0 {
		c.Note = fmt.Sprintf("%s without maps left out: not computed, or without an explanation.", words.Count(s.missing, "picture", "pictures"))
	}
	if s.scans {
		if c.Note != "" {
			c.Note += "\n"
		}
		c.Note += drawing.ResearchUse
	}
	return c
}
