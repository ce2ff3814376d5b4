package control

import (
	"context"
	"fmt"
	"image"
	"io"
	"path/filepath"
	"strings"

	"picasso/backend/score"
	"picasso/backend/spreadsheet"
	"picasso/ui/control/task"
	"picasso/ui/drawing"
)

// Sheet is the results table laid out for a report, on as many pages as it
// takes. Page may be called on any goroutine.
type Sheet interface {
	Pages() int
	Page(i int) (*image.RGBA, error)
}

// TableFiles are what [Controller.ExportTable] writes to path: the pages, and the
// numbers.
func TableFiles(path string, pages int) []string {
	stem := strings.TrimSuffix(path, filepath.Ext(path))
	if pages == 1 {
		return []string{stem + ".png", stem + ".csv"}
	}
	digits := len(fmt.Sprint(pages))
	var all []string
	for i := range pages {
		all = append(all, fmt.Sprintf("%s-%0*d.png", stem, digits, i+1))
	}
	return append(all, stem+".csv")
}

// ExportTable writes the results table as it is shown: the sheet as PNG, page by
// page, and all its numbers as CSV beside it. It works in the background and
// tells when it is done.
func (c *Controller) ExportTable(path string, sheet Sheet) {
	g := c.state.Grid
	if g == nil || c.model == nil || sheet == nil || sheet.Pages() == 0 {
		c.fail("save the table", ErrNoMap)
		return
	}
	rows := make([]GridRow, 0, len(g.Listed))
	notice, missing := "", 0
	for _, i := range g.Listed {
		row := *g.Rows[i]
		if rows = append(rows, row); row.Scan {
			notice = drawing.ResearchUse
		}
		if !row.known {
			missing++
		}
	}
	all, method, scale, read := TableFiles(path, sheet.Pages()), g.Panel.Info.ID, g.Score, c.InUse()
	task.Start(c.tasks.New(), func(ctx context.Context, _ func(func())) (struct{}, error) {
		write := pages(ctx, sheet, notice)
		write = append(write, func(w io.Writer) error {
			return spreadsheet.Write(w, tableColumns(), tableRows(rows, method, scale))
		})
		return struct{}{}, publish(all, read, write)
	}, func(_ struct{}, err error) {
		if err != nil {
			c.fail("save the table", err)
			return
		}
		text := fmt.Sprintf("Saved %s; the numbers are in %s.", all[0], base(all[len(all)-1]))
		if n := len(all) - 1; n > 1 {
			text = fmt.Sprintf("Saved %d pages, %s to %s; the numbers are in %s.", n, all[0], base(all[n-1]), base(all[n]))
		}
		if missing > 0 {
			text += fmt.Sprintf(" %d of %d pictures are not computed yet and have no maps there.", missing, len(rows))
		}
		c.Say(text)
	})
}

// pages draws and writes a sheet page by page, until ctx ends.
func pages(ctx context.Context, sheet Sheet, notice string) []func(io.Writer) error {
	write := make([]func(io.Writer) error, sheet.Pages())
	for i := range write {
		write[i] = func(w io.Writer) error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			page, err := sheet.Page(i)
			if err != nil {
				return err
			}
			return drawing.WritePNG(w, page, notice)
		}
	}
	return write
}

func tableColumns() []string {
	return []string{"image", "rank", "class", "index", "score", "value", "visualizer", "map_min", "map_max", "error", "notice"}
}

// tableRows is the table as numbers: a row for every picture and class, and one
// for a picture without any.
func tableRows(rows []GridRow, method string, scale score.Score) [][]spreadsheet.Cell {
	var out [][]spreadsheet.Cell
	for _, row := range rows {
		name, notice, fault := spreadsheet.Text(row.Picture.Name), spreadsheet.Cell{}, ""
		if row.Scan {
			notice = spreadsheet.Text(drawing.ResearchUse)
		}
		switch {
		case row.Err != nil:
			fault = row.Err.Error()
		case !row.known:
			fault = "not computed"
		}
		if fault != "" {
			line := make([]spreadsheet.Cell, len(tableColumns()))
			line[0], line[6], line[9], line[10] = name, spreadsheet.Text(method), spreadsheet.Text(fault), notice
			out = append(out, line)
			continue
		}
		for i, class := range row.Classes {
			out = append(out, []spreadsheet.Cell{name, spreadsheet.Whole(i + 1), spreadsheet.Text(class.Name), spreadsheet.Whole(class.Index),
				spreadsheet.Text(scale.String()), spreadsheet.Single(scored(class, scale)), spreadsheet.Text(method),
				spreadsheet.Single(float32(row.Extents[i].Lo)), spreadsheet.Single(float32(row.Extents[i].Hi)), {}, notice})
		}
	}
	return out
}

func scored(class score.Class, scale score.Score) float32 {
	if scale == score.Logit {
		return class.Logit
	}
	return class.Probability
}

// ExportPredictions writes what the model says of the listed pictures as CSV to
// path: a line for each picture or slice, in the order of the list.
func (c *Controller) ExportPredictions(path string) {
	const doing = "save the predictions"
	s := &c.state
	if c.model == nil {
		c.fail(doing, ErrNoModel)
		return
	}
	if len(s.Listed) == 0 {
		c.fail(doing, fmt.Errorf("the list shows no pictures; add some, or clear the filter"))
		return
	}
	t := predictions{c: c, root: c.commonFolder(), labelled: s.Labelled(), logits: s.Model.HasLogits()}
	for _, i := range s.Listed {
		t.add(s.Images[i])
	}
	columns, read := t.columns(), c.InUse()
	task.Start(c.tasks.New(), func(context.Context, func(func())) (struct{}, error) {
		return struct{}{}, publish([]string{path}, read, []func(io.Writer) error{
			func(w io.Writer) error { return spreadsheet.Write(w, columns, t.rows) },
		})
	}, func(_ struct{}, err error) {
		if err != nil {
			c.fail(doing, err)
			return
		}
		c.Say(t.told(path, len(s.Images)))
	})
}

// predictions is the table of answers while it is made.
type predictions struct {
	c                *Controller
	root             string // of the files' names
	labelled, logits bool
	rows             [][]spreadsheet.Cell
	pictures, open   int
}

func (t *predictions) columns() []string {
	columns := []string{"image", "slice"}
	if t.labelled {
		columns = append(columns, t.c.labelColumn(), "wrong")
	}
	for i := range GridClasses {
		columns = append(columns, fmt.Sprintf("class_%d", i+1), fmt.Sprintf("index_%d", i+1), fmt.Sprintf("probability_%d", i+1))
		if t.logits {
			columns = append(columns, fmt.Sprintf("logit_%d", i+1))
		}
	}
	return append(columns, "model", "error", "notice")
}

// labelColumn is how the column with the labels is called, by where they come from.
func (c *Controller) labelColumn() string {
	if c.truth.path != "" {
		return "label"
	}
	return "label_from_folder"
}

// add appends the lines of an entry: of a series, one for each slice.
func (t *predictions) add(p *Picture) {
	t.pictures++
	if p.Series == nil {
		t.line(p, spreadsheet.Cell{}, p.Best)
		return
	}
	for i, a := range p.Answers {
		var best []score.Class
		if a.Known() {
			best = few(t.c.state.Model.Rank(a.Scores))
		}
		t.line(p, spreadsheet.Whole(i+1), best)
	}
}

func (t *predictions) line(p *Picture, slice spreadsheet.Cell, best []score.Class) {
	line := []spreadsheet.Cell{spreadsheet.Text(t.c.named(p, t.root)), slice}
	if t.labelled {
		label, wrong := spreadsheet.Cell{}, spreadsheet.Cell{}
		if p.Shows.Any() {
			label = spreadsheet.Text(t.c.LabelWords(p))
			if len(best) > 0 && p.Slices() < 2 { // no slice need show what its scan does
				wrong = spreadsheet.Text(fmt.Sprint(p.Wrong()))
			}
		}
		line = append(line, label, wrong)
	}
	for i := range GridClasses {
		cells := make([]spreadsheet.Cell, 3, 4)
		if t.logits {
			cells = append(cells, spreadsheet.Cell{})
		}
		if i < len(best) {
			cells[0], cells[1], cells[2] = spreadsheet.Text(best[i].Name), spreadsheet.Whole(best[i].Index), spreadsheet.Single(best[i].Probability)
			if t.logits {
				cells[3] = spreadsheet.Single(best[i].Logit)
			}
		}
		line = append(line, cells...)
	}
	fault, notice := "", ""
	switch {
	case len(best) > 0:
	case p.Err != nil:
		fault = p.Err.Error()
	default:
		t.open++
		fault = "not computed"
	}
	if p.scan || p.Series != nil {
		notice = drawing.ResearchUse
	}
	t.rows = append(t.rows, append(line, spreadsheet.Text(t.c.state.About.Name), spreadsheet.Text(fault), spreadsheet.Text(notice)))
}

// told is what was saved, and what is missing in it.
func (t *predictions) told(path string, all int) string {
	text := fmt.Sprintf("Saved the predictions of %d pictures as %s.", t.pictures, path)
	if t.pictures < all {
		text = fmt.Sprintf("Saved the predictions of %d of %d pictures, those that the list shows, as %s.", t.pictures, all, path)
	}
	if t.open > 0 {
		text += fmt.Sprintf(" The model has not answered yet on %d of the %d lines: they say “not computed”.", t.open, len(t.rows))
	}
	return text
}

// named is what a picture is called in a table: where its path may be shown, the
// path below the folder that all share, for files of several folders may have
// the same name.
func (c *Controller) named(p *Picture, root string) string {
	if v, judged := c.verdicts[p.Path]; p.Path == "" || !judged || v.private {
		return p.Name
	}
	if rel, err := filepath.Rel(root, p.Path); root != "" && err == nil {
		return filepath.ToSlash(rel)
	}
	return p.Name
}

// commonFolder is the folder that holds all files of the list, "" where there
// is none.
func (c *Controller) commonFolder() string {
	root := ""
	for _, p := range c.state.Images {
		if p.Path == "" {
			continue
		}
		if root == "" {
			root = filepath.Dir(p.Path)
		}
		for !strings.HasPrefix(p.Path, strings.TrimSuffix(root, string(filepath.Separator))+string(filepath.Separator)) {
			up := filepath.Dir(root)
			if up == root {
				return ""
			}
			root = up
		}
	}
	return root
}
