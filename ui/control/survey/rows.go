package survey

import (
	"fmt"
	"slices"
	"strings"

	"picasso/ui/report/digest"
	"picasso/visualizers/audit"
)

// Column is a column of the table of rows.
type Column int

// Columns, in their order. Their values are those of [Controller.Cell].
const (
	File Column = iota
	Answer
	Probability
	Label
	Correct
	Way
	Top
	Bottom
	Border
	Corner
	Focus
	Columns // how many there are
)

// Titles are the headings of the columns.
var Titles = [Columns]string{"Picture", "Answer", "P", "Label", "Right?", "Way", "Top", "Bottom", "Border", "Corner", "Focus"}

// Order is how rows are ordered.
type Order struct {
	By      Column
	Reverse bool
}

// Falling reports whether the column that rows are ordered by falls from the top down:
// of most numbers the large ones come first.
func (o Order) Falling() bool { return largestFirst(o.By) != o.Reverse }

// largestFirst reports whether a column begins with its largest number unless it is
// turned around.
func largestFirst(c Column) bool { return c == Probability || c >= Top && c < Columns }

// Sort orders the rows by a column, or turns the order around where that is the
// one already.
func (s *Controller) Sort(by Column) {
	if s.state.Order.By == by {
		s.state.Order.Reverse = !s.state.Order.Reverse
	} else {
		s.state.Order = Order{By: by}
	}
	s.arrange()
}

// SetFilter shows only the rows that fit, as in the list of pictures.
func (s *Controller) SetFilter(text string, wrong bool) {
	if s.state.Filter != text || s.state.Wrong != wrong {
		s.state.Filter, s.state.Wrong = text, wrong
		s.arrange()
	}
}

// Look shows some of the pictures; rows is nil for all. They keep their order until
// another column is chosen.
func (s *Controller) Look(title string, rows []int) {
	s.state.Subset = Subset{title, rows}
	s.state.Order = Order{By: given}
	s.state.Current = -1
	s.arrange()
}

// Select makes a row the current one, −1 for none.
func (s *Controller) Select(row int) {
	if row != s.state.Current {
		s.state.Current = row
		s.changed()
	}
}

// Step moves by n in the rows as they are listed.
func (s *Controller) Step(n int) {
	if len(s.state.Listed) == 0 {
		return
	}
	at := slices.Index(s.state.Listed, s.state.Current)
	if at < 0 {
		at, n = 0, max(n, 1)-1 // the first, or the last where all are passed over
	}
	s.Select(s.state.Listed[min(max(at+n, 0), len(s.state.Listed)-1)])
}

// Cell is what a column says of row i.
func (s *Controller) Cell(i int, column Column) string {
	d := s.state.Result.Digest
	r := d.Sample.Rows[i]
	switch {
	case column == File:
		return r.Path
	case r.Error != "" && column == Answer:
		return r.Error
	case r.Error != "" && column != Label:
		return ""
	}
	switch column {
	case Answer:
		return r.Name
	case Probability:
		return fmt.Sprintf("%.3f", float64(r.Probability))
	case Label:
		return strings.Join(d.LabelsOf(i), ", ")
	case Correct:
		right := d.Correct(i)
		if right == nil {
			return ""
		}
		return map[bool]string{true: "right", false: "wrong"}[*right]
	case Way:
		return digest.Letter(d.Analysis.Standing[i].Way)
	case Top:
		return share(r.Top)
	case Bottom:
		return share(r.Bottom)
	case Border:
		return share(r.Border)
	case Corner:
		return share(r.CornerMax)
	}
	return r.Focus.Short()
}

// share of a map in percent.
func share(n audit.Number) string {
	if n.String() == "" {
		return "–"
	}
	return fmt.Sprintf("%.0f %%", 100*float64(n))
}
