package audit

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/visible"
	"picasso/ui/control/survey"
)

// rowsPane is the table of all pictures. Only the cells on the screen are widgets.
type rowsPane struct {
	w       *Workspace
	table   *widget.Table
	version int
	order   survey.Order
	current int
}

// widths of the columns.
var widths = [survey.Columns]float32{190, 120, 64, 110, 70, 52, 62, 72, 70, 70, 62}

func newRows(w *Workspace) *rowsPane {
	p := &rowsPane{w: w, version: -1, current: -1}
	p.table = widget.NewTable(
		func() (int, int) { return len(w.s.State().Listed), int(survey.Columns) },
		func() fyne.CanvasObject { return newRowCell(p) },
		func(id widget.TableCellID, o fyne.CanvasObject) { p.fill(id, o.(*rowCell)) })
	p.table.ShowHeaderRow = true
	p.table.CreateHeader = func() fyne.CanvasObject {
		b := widget.NewButton("", nil)
		b.Importance, b.Alignment = widget.LowImportance, widget.ButtonAlignLeading
		return b
	}
	p.table.UpdateHeader = func(id widget.TableCellID, o fyne.CanvasObject) { p.head(survey.Column(id.Col), o.(*widget.Button)) }
	p.table.OnSelected = func(id widget.TableCellID) { // by keyboard
		if row, ok := p.at(id.Row); ok {
			w.s.Select(row)
		}
	}
	for k, width := range widths {
		p.table.SetColumnWidth(k, width)
	}
	return p
}

func (p *rowsPane) object() fyne.CanvasObject { return p.table }

// at is the row in a place of the table.
func (p *rowsPane) at(i int) (row int, ok bool) {
	listed := p.w.s.State().Listed
	if i < 0 || i >= len(listed) {
		return -1, false
	}
	return listed[i], true
}

// head writes the heading of a column, with an arrow where the table is ordered by
// it.
func (p *rowsPane) head(c survey.Column, b *widget.Button) {
	if c < 0 || c >= survey.Columns {
		return
	}
	text := survey.Titles[c]
	if o := p.w.s.State().Order; o.By == c {
		text += map[bool]string{false: " ▲", true: " ▼"}[o.Falling()]
	}
	b.OnTapped = func() { p.w.s.Sort(c) }
	b.SetText(text)
}

// fill writes a cell.
func (p *rowsPane) fill(id widget.TableCellID, cell *rowCell) {
	row, ok := p.at(id.Row)
	cell.row = -1
	if !ok {
		cell.SetText("")
		return
	}
	cell.row = row
	text := visible.Text(p.w.s.Cell(row, survey.Column(id.Col)))
	if survey.Column(id.Col) == survey.File {
		text = ending(text, max(widths[survey.File], cell.Size().Width)-2*theme.InnerPadding())
	}
	importance := widget.MediumImportance
	if d := p.w.s.State().Result.Digest; d.Sample.Rows[row].Error != "" {
		importance = widget.LowImportance
	} else if right := d.Correct(row); survey.Column(id.Col) == survey.Correct && right != nil && !*right {
		importance = widget.DangerImportance
	}
	bold := row == p.w.s.State().Current
	if cell.Text != text || cell.Importance != importance || cell.TextStyle.Bold != bold {
		cell.Importance, cell.TextStyle.Bold = importance, bold
		cell.SetText(text)
	}
}

func (p *rowsPane) show() {
	st := p.w.s.State()
	if p.version == st.Version && p.current == st.Current && p.order == st.Order {
		return
	}
	moved, chosen := p.version != st.Version, p.current != st.Current
	p.version, p.current, p.order = st.Version, st.Current, st.Order
	p.table.Refresh()
	if moved {
		p.table.ScrollToTop()
		return
	}
	if !chosen {
		return
	}
	for i, row := range st.Listed {
		if row == st.Current {
			p.table.ScrollTo(widget.TableCellID{Row: i})
			break
		}
	}
}

// ending is the end of a path that fits a width: names differ there.
func ending(path string, width float32) string {
	fits := func(text string) bool {
		return fyne.MeasureText(text, theme.TextSize(), fyne.TextStyle{Bold: true}).Width <= width
	}
	for text, rest := path, path; ; text = "…/" + rest {
		if fits(text) {
			return text
		}
		_, below, ok := strings.Cut(rest, "/")
		if !ok {
			return rest // whose end the cell cuts off
		}
		rest = below
	}
}

// rowCell is a cell of the table: a click chooses its row, a double click explains
// the picture.
type rowCell struct {
	widget.Label
	p   *rowsPane
	row int
}

func newRowCell(p *rowsPane) *rowCell {
	c := &rowCell{p: p, row: -1}
	c.ExtendBaseWidget(c)
	c.Truncation = fyne.TextTruncateEllipsis
	return c
}

// Tapped implements fyne.Tappable.
func (c *rowCell) Tapped(*fyne.PointEvent) {
	if c.row >= 0 {
		c.p.w.s.Select(c.row)
	}
}

// DoubleTapped implements fyne.DoubleTappable.
func (c *rowCell) DoubleTapped(*fyne.PointEvent) {
	if c.row >= 0 {
		c.p.w.s.Explain(c.row)
	}
}

// Cursor implements desktop.Cursorable.
func (c *rowCell) Cursor() desktop.Cursor { return desktop.PointerCursor }
