package visualizers

import (
	"errors"
	"fmt"
	"slices"
)

// Part is something to show beside the maps of a [Result]: a text, a table, a
// picture or a further map. Exactly one of Text, Table, Picture and Map is
// given.
type Part struct {
	Title   string // heading, "" for none
	Text    string // Markdown
	Table   *Table
	Picture *Picture
	Map     *Map
}

// Table is a small table of findings. A cell is a string, a float64, a bool or
// nil (unknown).
type Table struct {
	Columns []string
	Rows    [][]any // each as long as Columns
	// Each is how many columns belong to each map of the result alone: the last ones,
	// in the order of the maps. 0 for a table that belongs to all of them together.
	Each int
}

// of is the table with the columns of map i of n alone; ok is false where they are not
// told apart.
func (t *Table) of(i, n int) (one *Table, ok bool) {
	shared := len(t.Columns) - n*t.Each
	if t.Each <= 0 || shared < 0 {
		return nil, false
	}
	from, to := shared+i*t.Each, shared+(i+1)*t.Each
	one = &Table{Columns: slices.Concat(t.Columns[:shared], t.Columns[from:to]), Each: t.Each}
	for _, row := range t.Rows {
		one.Rows = append(one.Rows, slices.Concat(row[:shared], row[from:to]))
	}
	return one, true
}

// Picture is made by a visualizer: the input as the model sees it, a mask, what
// a network would draw.
type Picture struct {
	Channels int // 1 (grey) or 3 (red, green, blue)
	Height   int
	Width    int
	Values   []float32 // Channels×Height×Width
	// Range are the values that are black and full bright; none stands for 0 and 1.
	Range [2]float32
	Unit  string // of the values: "" or "HU"
}

// Ends are the values that are black and full bright.
func (p *Picture) Ends() (black, bright float32) {
	if p.Range == ([2]float32{}) {
		return 0, 1
	}
	return p.Range[0], p.Range[1]
}

// Check refuses a part that is not exactly one well-formed thing.
func (p Part) Check() error {
	given := 0
	for _, is := range []bool{p.Text != "", p.Table != nil, p.Picture != nil, p.Map != nil} {
		if is {
			given++
		}
	}
	switch {
	case given != 1:
		return errors.New("a part is one of text, table, picture and map")
	case p.Table != nil:
		return p.Table.check()
	case p.Picture != nil:
		return p.Picture.check()
	case p.Map != nil:
		return p.Map.check()
	}
	return nil
}

// Shape is that of the map's values as an array: height and width, behind the
// depth of a volume, behind the channels where they are kept apart.
func (m Map) Shape() []int {
	shape := []int{m.Height, m.Width}
	if m.Depth > 0 {
		shape = []int{m.Depth, m.Height / m.Depth, m.Width}
	}
	if m.Channels > 1 || m.Apart {
		return append([]int{m.Channels}, shape...)
	}
	return shape
}

func (m *Map) check() error {
	if min(m.Channels, m.Height, m.Width) < 1 || m.Depth > 0 && m.Height%m.Depth != 0 || len(m.Values) != m.Channels*m.Height*m.Width {
		return fmt.Errorf("a map of %d×%d×%d has %d values", m.Channels, m.Height, m.Width, len(m.Values))
	}
	return nil
}

func (t *Table) check() error {
	if len(t.Columns) == 0 {
		return errors.New("the table has no columns")
	}
	for i, row := range t.Rows {
		if len(row) != len(t.Columns) {
			return fmt.Errorf("row %d of the table has %d cells, the table has %d columns", i+1, len(row), len(t.Columns))
		}
		for j, cell := range row {
			switch cell.(type) {
			case string, float64, bool, nil:
			default:
				return fmt.Errorf("cell %d of row %d is a %T", j+1, i+1, cell)
			}
		}
	}
	return nil
}

func (p *Picture) check() error {
	if p.Channels != 1 && p.Channels != 3 {
		return fmt.Errorf("a picture has 1 or 3 channels, not %d", p.Channels)
	}
	if p.Height < 1 || p.Width < 1 || len(p.Values) != p.Channels*p.Height*p.Width {
		return fmt.Errorf("a picture of %d×%d×%d has %d values", p.Channels, p.Height, p.Width, len(p.Values))
	}
	return nil
}
