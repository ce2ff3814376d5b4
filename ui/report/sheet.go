package report

import (
	"fmt"
	"io"
	"strings"

	"picasso/backend/score"
	"picasso/backend/spreadsheet"
	"picasso/backend/visible"
	"picasso/ui/drawing"
	"picasso/visualizers"
	"picasso/visualizers/compare"
	"picasso/visualizers/trust"
	"picasso/visualizers/trust/similarity"
)

// Sheet is a picture with the maps of several methods and classes.
type Sheet struct {
	File    string       `json:"file"`
	Methods []string     `json:"methods"` // ids, in the order of the columns
	Classes []SheetRow   `json:"classes"` // in the order of the rows
	Scales  []SheetScale `json:"scales"`  // of the columns; none where every cell has its own
}

// SheetRow is a class, and how far each two methods agree about it.
type SheetRow struct {
	Class     Class          `json:"class"`
	Agreement []compare.Pair `json:"agreement"`
}

// SheetScale are the ends of the colour scale that the maps of a method share.
type SheetScale struct {
	Visualizer string `json:"visualizer"`
	Low        Number `json:"low"`
	High       Number `json:"high"`
	Unit       string `json:"unit"`
}

// Board collects the maps of one picture for a sheet: a column for each method, a
// row for each class.
type Board struct {
	Subject Subject
	Apart   bool // every map has a scale of its own, else those of a method share one

	columns []drawing.Column
	ids     []string
	targets []score.Target        // of the rows
	maps    map[int][]trust.Named // of each row, over the model's input
	without []string              // methods that drew no map
	solid   bool                  // maps are of a volume, on one of its slices
}

// Add adds the maps of one method, one for each class in the same order for every
// method.
func (b *Board) Add(info visualizers.Info, cells []Shown) {
	if len(cells) == 0 {
		b.without = append(b.without, info.Title)
		return
	}
	if b.maps == nil {
		b.maps = map[int][]trust.Named{}
	}
	column := drawing.Column{Method: visible.Text(info.Title), Unit: UnitOfClasses(b.Subject.Model, cells[0].Map, len(cells))}
	b.ids = append(b.ids, info.ID)
	for row, shown := range cells {
		if row == len(b.targets) {
			b.targets = append(b.targets, shown.Map.Target)
		}
		b.solid = shown.Map.Of != nil
		column.Cells = append(column.Cells, b.Subject.Figure(shown))
		b.maps[row] = append(b.maps[row], trust.Named{Visualizer: info.ID, Title: info.Title, Map: b.Subject.onInput(shown.Map)})
	}
	if column.Apart = b.Apart; !b.Apart {
		column = column.Shared()
	}
	b.columns = append(b.columns, column)
}

// UnitOfClasses is the unit of a map's values as it holds for n classes.
func UnitOfClasses(n score.Namer, m visualizers.Map, classes int) string {
	unit := m.Unit
	if classes > 1 {
		unit = strings.ReplaceAll(unit, m.Target.Symbol(n), m.Target.Score.Of("class"))
	}
	return visible.Text(unit)
}

func (s Subject) onInput(m visualizers.Map) visualizers.Map {
	_, height, width := s.Model.Shape()
	return trust.OnInput(m, s.Place, s.Base.Rect.Size(), height, width)
}

// Without are the methods that drew no map, by their titles.
func (b *Board) Without() []string { return b.without }

// Empty reports whether no method drew a map.
func (b *Board) Empty() bool { return len(b.columns) == 0 }

// Sheet describes the board as JSON does, for a picture in the given file.
func (b *Board) Sheet(file string) *Sheet {
	r := &Sheet{File: file, Methods: b.ids, Scales: []SheetScale{}}
	for row, target := range b.targets {
		r.Classes = append(r.Classes, SheetRow{Class: ClassOf(b.Subject.Model, target), Agreement: compare.Pairs(b.maps[row])})
	}
	for i, c := range b.columns {
		if b.Apart {
			break
		}
		locked := c.Cells[0].Display.Locked
		r.Scales = append(r.Scales, SheetScale{Visualizer: b.ids[i], Low: Number(locked.Lo), High: Number(locked.Hi), Unit: c.Unit})
	}
	return r
}

// Grid is the board with its words, as it is drawn.
func (b *Board) Grid(sheet *Sheet) drawing.Grid {
	g := drawing.Grid{Title: visible.Text(b.Subject.Name()) + ": methods and classes", Columns: b.columns, Notice: drawing.Notice(b.Subject.Picture),
		Notes: []string{"Each method has one colour scale for all its classes; scales of different methods count different things."}}
	if b.solid {
		g.Notes[0] = "All maps are those of the same slice of the volume. " + g.Notes[0]
	}
	if b.Apart {
		g.Notes = []string{"Each map has a colour scale of its own, whose ends are written below it: colours of two maps cannot be compared."}
	}
	for _, target := range b.targets {
		target.Score = score.Probability // methods may explain other scales
		words := target.Symbol(b.Subject.Model)
		if v, err := target.Value(b.Subject.Scores); err == nil {
			words += " = " + visualizers.ScoreWords(v, target.Score)
		}
		g.Classes = append(g.Classes, visible.Text(words))
	}
	if len(b.ids) > 1 {
		var pairs []compare.Pair
		for _, row := range sheet.Classes {
			pairs = append(pairs, row.Agreement...)
		}
		g.Spearman = compare.Matrix(b.ids, pairs, func(q compare.Pair) trust.Number { return q.Spearman })
		g.IoU = compare.Matrix(b.ids, pairs, func(q compare.Pair) trust.Number { return q.IoU })
		cells := "16 × 16 cells"
		if b.solid {
			cells = "16 × 16 × 16 cells of the whole volume"
		}
		words := fmt.Sprintf("Agreement is measured on at most %s; maps that have nothing in common reach an IoU of about %.2f.", cells, similarity.ChanceIoU(similarity.TopShare))
		if n := len(b.targets); n > 1 {
			words += fmt.Sprintf(" The numbers are means of the %d classes.", n)
		}
		g.Notes = append(g.Notes, words+" That methods agree does not make them right.")
	}
	if len(b.without) > 0 {
		g.Notes = append(g.Notes, "Without a map: "+strings.Join(b.without, ", ")+".")
	}
	return g
}

// WriteAgreement writes how far each two methods of a sheet agree about each class,
// as CSV.
func (s *Sheet) WriteAgreement(w io.Writer) error {
	var rows [][]spreadsheet.Cell
	for _, row := range s.Classes {
		for _, p := range row.Agreement {
			rows = append(rows, []spreadsheet.Cell{spreadsheet.Number(float64(row.Class.Index)), spreadsheet.Text(row.Class.Name),
				spreadsheet.Text(p.A), spreadsheet.Text(p.B), spreadsheet.Number(float64(p.Spearman)), spreadsheet.Number(float64(p.IoU))})
		}
	}
	return spreadsheet.Write(w, []string{"class", "name", "method_a", "method_b", "spearman", "iou"}, rows)
}
