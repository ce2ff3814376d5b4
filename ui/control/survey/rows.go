package survey

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"picasso/ui/control/intake"
	"picasso/ui/control/listing"
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

// Sort orders the rows by a column, or turns the order around where that is the
// one already.
func (s *Controller) Sort(by Column) {
	if s.state.Order.By == by {
		s.state.Order.Reverse = !s.state.Order.Reverse
	} else {
		s.state.Order = Order{By: by}
	}
	s.arrange()
	s.changed()
}

// SetFilter shows only the rows that fit, as in the list of pictures.
func (s *Controller) SetFilter(text string, wrong bool) {
	if s.state.Filter != text || s.state.Wrong != wrong {
		s.state.Filter, s.state.Wrong = text, wrong
		s.arrange()
		s.changed()
	}
}

// Look shows some of the pictures; rows is nil for all. They keep their order until
// another column is chosen.
func (s *Controller) Look(title string, rows []int) {
	s.state.Subset = Subset{title, rows}
	s.state.Order = Order{By: given}
	s.arrange()
	s.state.Current = -1
	s.changed()
}

// given is the order of a subset.
const given Column = -1

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
		at, n = 0, 0
	}
	s.Select(s.state.Listed[min(max(at+n, 0), len(s.state.Listed)-1)])
}

// arrange lists the rows anew.
func (s *Controller) arrange() {
	st := &s.state
	st.Version++
	st.Listed = nil
	if st.Result == nil {
		return
	}
	d := st.Result.Digest
	rows := st.Subset.Rows
	if rows == nil {
		rows = make([]int, len(d.Sample.Rows))
		for i := range rows {
			rows[i] = i
		}
	}
	for _, k := range s.filtered(rows) {
		st.Listed = append(st.Listed, rows[k])
	}
	if st.Order.By != given {
		s.sort(st.Listed)
	}
}

// filtered are the places in rows of those that the filter leaves.
func (s *Controller) filtered(rows []int) []int {
	l := listing.Listing{Filter: s.state.Filter, Wrong: s.state.Wrong}
	d := s.state.Result.Digest
	items := make([]listing.Item, len(rows))
	if !l.Whole() {
		for k, i := range rows {
			r := d.Sample.Rows[i]
			items[k] = listing.Item{Name: r.Path, Answer: r.Name, Confidence: float64(r.Probability), Label: strings.Join(d.LabelsOf(i), "|")}
			right := d.Correct(i)
			items[k].Wrong = right != nil && !*right
		}
	}
	return l.Order(items)
}

// sort orders rows by the chosen column; what has no value comes last.
func (s *Controller) sort(rows []int) {
	d, by := s.state.Result.Digest, s.state.Order.By
	var compare func(i, j int) int
	switch by {
	case File:
		compare = func(i, j int) int { return intake.Natural(d.Sample.Rows[i].Path, d.Sample.Rows[j].Path) }
	case Answer:
		compare = func(i, j int) int {
			a, b := d.Sample.Rows[i], d.Sample.Rows[j]
			return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(b.Probability, a.Probability))
		}
	case Label:
		text := map[int]string{}
		for _, i := range rows {
			text[i] = strings.Join(d.LabelsOf(i), "|")
		}
		compare = func(i, j int) int { return strings.Compare(text[i], text[j]) }
	default:
		value := make(map[int]float64, len(rows))
		for _, i := range rows {
			value[i] = s.value(i, by)
		}
		compare = func(i, j int) int { return cmp.Compare(value[i], value[j]) }
	}
	lacks := func(i int) bool {
		return d.Sample.Rows[i].Error != "" || by > Label && math.IsNaN(s.value(i, by)) || by == Label && len(d.LabelsOf(i)) == 0
	}
	with := rows[:0:0]
	var without []int
	for _, i := range rows {
		if by != File && lacks(i) {
			without = append(without, i)
		} else {
			with = append(with, i)
		}
	}
	slices.SortStableFunc(with, compare)
	if s.state.Order.Reverse {
		slices.Reverse(with)
	}
	copy(rows, append(with, without...))
}

// value is a number of row i, NaN where there is none. Those that people look for
// come first: sure answers, wrong ones, large shares.
func (s *Controller) value(i int, by Column) float64 {
	d := s.state.Result.Digest
	r := d.Sample.Rows[i]
	if r.Error != "" {
		return math.NaN()
	}
	switch by {
	case Probability:
		return -float64(r.Probability)
	case Correct:
		right := d.Correct(i)
		if right == nil {
			return math.NaN()
		}
		if *right {
			return 1
		}
		return 0
	case Way:
		if w := d.Analysis.Standing[i].Way; w >= 0 {
			return float64(r.Explained)*256 + float64(w)
		}
		return math.NaN()
	case Top:
		return -float64(r.Top)
	case Bottom:
		return -float64(r.Bottom)
	case Border:
		return -float64(r.Border)
	case Corner:
		return -float64(r.CornerMax)
	}
	return -float64(r.Focus)
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
