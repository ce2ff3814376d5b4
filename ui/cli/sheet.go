package cli

import (
	"bytes"
	"fmt"
	"strings"

	"picasso/backend/score"
	"picasso/backend/visible"
	"picasso/ui/drawing"
	"picasso/ui/report"
	"picasso/visualizers"
	"picasso/visualizers/compare"
	"picasso/visualizers/trust"
	"picasso/visualizers/trust/similarity"
)

// sheetFile is the sheet of a picture.
const sheetFile = "sheet.png"

// sheet collects the maps of a picture: a column for each method, a row for each
// class.
type sheet struct {
	columns []drawing.Column
	ids     []string
	targets []score.Target        // of the rows
	maps    map[int][]trust.Named // of each row, over the model's input
	without []string              // methods that drew no map
}

// add adds the maps of one method, one for each class.
func (t *sheet) add(p *filing, s subject, shown report.Shown, maps []visualizers.Map) {
	info := shown.Visualizer.Info()
	if len(maps) == 0 {
		t.without = append(t.without, info.Title)
		return
	}
	column := drawing.Column{Method: visible.Text(info.Title), Unit: maps[0].Unit}
	t.ids = append(t.ids, info.ID)
	for row, m := range maps {
		if shown.Map = m; row == len(t.targets) {
			t.targets = append(t.targets, m.Target)
		}
		column.Cells = append(column.Cells, p.subject.Figure(p.displayed(shown)))
		t.maps[row] = append(t.maps[row], trust.Named{Visualizer: info.ID, Title: info.Title, Map: s.onInput(m)})
	}
	if symbol := maps[0].Target.Symbol(p.subject.Model); len(maps) > 1 {
		column.Unit = strings.ReplaceAll(column.Unit, symbol, maps[0].Target.Score.Of("class"))
	}
	column.Unit = visible.Text(column.Unit)
	t.columns = append(t.columns, column.Shared())
}

// file writes the sheet and describes it.
func (t *sheet) file(p *filing) error {
	if len(t.columns) == 0 {
		return fmt.Errorf("--sheet: %s drew no map to put on a sheet", strings.Join(t.without, ", "))
	}
	r := &report.Sheet{File: sheetFile, Methods: t.ids}
	var pairs []compare.Pair
	for row, target := range t.targets {
		class := report.ClassOf(p.subject.Model, target)
		found := compare.Pairs(t.maps[row])
		r.Classes = append(r.Classes, report.SheetRow{Class: class, Agreement: found})
		pairs = append(pairs, found...)
	}
	for i, c := range t.columns {
		locked := c.Cells[0].Display.Locked
		r.Scales = append(r.Scales, report.SheetScale{Visualizer: t.ids[i], Low: report.Number(locked.Lo), High: report.Number(locked.Hi), Unit: c.Unit})
	}
	p.Sheet = r
	var b bytes.Buffer
	if err := t.grid(p, pairs).Write(&b); err != nil {
		return fmt.Errorf("--sheet: %w", err)
	}
	return p.folder.put(sheetFile, b.Bytes())
}

// grid is the sheet with its words.
func (t *sheet) grid(p *filing, pairs []compare.Pair) drawing.Grid {
	g := drawing.Grid{Title: visible.Text(p.subject.Name()) + ": methods and classes", Columns: t.columns, Notice: p.Notice,
		Notes: []string{"Each method has one colour scale for all its classes; scales of different methods count different things."}}
	for _, target := range t.targets {
		target.Score = score.Probability // methods may explain other scales
		words := target.Symbol(p.subject.Model)
		if v, err := target.Value(p.subject.Scores); err == nil {
			words += " = " + visualizers.ScoreWords(v, target.Score)
		}
		g.Classes = append(g.Classes, visible.Text(words))
	}
	if len(t.ids) > 1 {
		g.Spearman = compare.Matrix(t.ids, pairs, func(q compare.Pair) trust.Number { return q.Spearman })
		g.IoU = compare.Matrix(t.ids, pairs, func(q compare.Pair) trust.Number { return q.IoU })
		words := fmt.Sprintf("Agreement is measured on at most 16 × 16 cells; maps that have nothing in common reach an IoU of about %.2f.", similarity.ChanceIoU(similarity.TopShare))
		if n := len(t.targets); n > 1 {
			words += fmt.Sprintf(" The numbers are means of the %d classes.", n)
		}
		g.Notes = append(g.Notes, words+" That methods agree does not make them right.")
	}
	if len(t.without) > 0 {
		g.Notes = append(g.Notes, "Without a map: "+strings.Join(t.without, ", ")+".")
	}
	return g
}
