package comparison

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"strings"

	"picasso/backend/score"
	"picasso/backend/visible"
	"picasso/ui/report"
)

// ErrNoSheet says that there is nothing to save.
var ErrNoSheet = errors.New("there is no finished map to put on a sheet yet; wait for one")

// Board is the sheet as far as it is finished, for files. apart gives every map a
// scale of its own.
func (m *Controller) Board(apart bool) (*report.Board, error) {
	s := m.sheets.now
	if s == nil || m.c.State().Model == nil {
		return nil, ErrNoSheet
	}
	b := &report.Board{Subject: m.c.Subject(s.Look), Apart: apart}
	for _, row := range s.Rows {
		cells := []report.Shown{}
		for _, cell := range row.Cells {
			if row.Status == Ready && cell.Map != nil {
				cells = append(cells, report.Shown{Visualizer: row.Panel.Visualizer, Values: maps.Clone(row.values), Map: *cell.Map,
					Display: row.Panel.Display, Note: row.Note, Warnings: row.Warnings, Done: 1})
			}
		}
		if row.Status == Ready && len(cells) == len(row.Cells) || row.Mapless() {
			b.Add(row.Panel.Info, cells)
		}
	}
	if b.Empty() {
		return nil, ErrNoSheet
	}
	return b, nil
}

// SheetFiles are what saving a sheet to path writes: the sheet, the agreement of the
// methods as a table, and what describes both.
func SheetFiles(path string) []string {
	stem := strings.TrimSuffix(path, filepath.Ext(path))
	return []string{stem + ".png", stem + ".csv", stem + ".json"}
}

// SaveSheet writes a board in the background.
func (m *Controller) SaveSheet(path string, b *report.Board) {
	paths := SheetFiles(path)
	sheet := b.Sheet(filepath.Base(paths[0]))
	about := report.New(b.Subject)
	about.Sheet = sheet
	m.c.Publish(paths, []func(io.Writer) error{
		func(w io.Writer) error { return b.Grid(sheet).Write(w) },
		sheet.WriteAgreement,
		func(w io.Writer) error { return writeJSON(w, about) },
	}, fmt.Sprintf("Saved %s; how far the methods agree is in %s, and %s describes both.", paths[0], filepath.Base(paths[1]), filepath.Base(paths[2])))
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(&visible.Writer{To: w, Keep: "\n"})
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// UnitOf is the unit of the maps of a row of n classes.
func UnitOf(n score.Namer, c Cell, classes int) string {
	return report.UnitOfClasses(n, *c.Map, classes)
}
