package survey

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"picasso/ui/control/intake"
	"picasso/ui/control/listing"
	"picasso/ui/control/task"
	"picasso/ui/report/digest"
)

// given is the order of a subset, and that of the audit.
const given Column = -1

// arrangement is which rows are listed, and in which order.
type arrangement struct {
	subset Subset
	order  Order
	filter string
	wrong  bool
}

// wanted is the arrangement that the user chose last.
func (s *Controller) wanted() arrangement {
	st := &s.state
	return arrangement{st.Subset, st.Order, st.Filter, st.Wrong}
}

// arrange lists the rows anew. Until that is done, those that are listed stay.
func (s *Controller) arrange() {
	st := &s.state
	if st.Result == nil {
		s.changed()
		return
	}
	d, a := st.Result.Digest, s.wanted()
	st.Arranging = true
	task.Start(s.arranging, func(ctx context.Context, _ func(func())) ([]int, error) {
		return a.list(ctx, d)
	}, func(rows []int, err error) {
		if err != nil {
			s.keepArrangement()
			s.c.Tell("sort the pictures", err)
			return
		}
		st.Arranging = false
		st.Listed, s.arranged = rows, a
		st.Version++
		s.changed()
	})
	s.changed()
}

// begin lists all rows of a new result as the audit has them, until they are in the
// order of a column.
func (s *Controller) begin() {
	st := &s.state
	s.arranged = arrangement{order: Order{By: given}}
	st.Listed = all(len(st.Result.Digest.Sample.Rows))
	st.Version++
	st.Subset, st.Filter, st.Wrong = Subset{}, "", false
	if st.Order.By == given {
		st.Order = Order{}
	}
	s.arrange()
}

// keepArrangement gives up the new arrangement for the one that is shown.
func (s *Controller) keepArrangement() {
	s.arranging.Stop()
	if st := &s.state; st.Arranging {
		a := s.arranged
		st.Arranging = false
		st.Subset, st.Order, st.Filter, st.Wrong = a.subset, a.order, a.filter, a.wrong
		s.changed()
	}
}

// all are the rows 0…n−1.
func all(n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	return rows
}

// list are the rows of a, in their order.
func (a arrangement) list(ctx context.Context, d *digest.Digest) ([]int, error) {
	rows := a.subset.Rows
	if rows == nil {
		rows = all(len(d.Sample.Rows))
	}
	rows, err := a.filtered(ctx, d, rows)
	if err != nil || a.order.By == given {
		return rows, err
	}
	return a.order.sorted(ctx, d, rows)
}

// filtered are those of rows that the filter leaves.
func (a arrangement) filtered(ctx context.Context, d *digest.Digest, rows []int) ([]int, error) {
	l := listing.Listing{Filter: a.filter, Wrong: a.wrong}
	if l.Whole() {
		return rows, nil
	}
	items := make([]listing.Item, len(rows))
	for k, i := range rows {
		if ended(ctx, k) {
			return nil, ctx.Err()
		}
		r := &d.Sample.Rows[i]
		items[k] = listing.Item{Name: r.Path, Answer: r.Name, Confidence: float64(r.Probability), Label: strings.Join(d.LabelsOf(i), "|")}
		right := d.Correct(i)
		items[k].Wrong = right != nil && !*right
	}
	var left []int
	for _, k := range l.Order(items) {
		left = append(left, rows[k])
	}
	return left, nil
}

// ended asks now and then whether ctx has ended; k counts the calls.
func ended(ctx context.Context, k int) bool { return k%1024 == 0 && ctx.Err() != nil }

// key is what a row is ordered by.
type key struct {
	row, place int
	text       string
	value      float64
}

// keyOf is that of row i; ok is false where it has nothing to be ordered by.
func (o Order) keyOf(d *digest.Digest, i int) (k key, ok bool) {
	r := &d.Sample.Rows[i]
	k.row = i
	switch o.By {
	case File:
		k.text = r.Path
		return k, true
	case Answer:
		k.text, k.value = r.Name, -float64(r.Probability)
	case Label:
		k.text = strings.Join(d.LabelsOf(i), "|")
		return k, r.Error == "" && k.text != ""
	default:
		k.value = value(d, i, o.By)
		return k, !math.IsNaN(k.value)
	}
	return k, r.Error == ""
}

// sorted are rows in the order o; what has no value comes last.
func (o Order) sorted(ctx context.Context, d *digest.Digest, rows []int) ([]int, error) {
	keys := make([]key, 0, len(rows))
	var without []int
	for place, i := range rows {
		if ended(ctx, place) {
			return nil, ctx.Err()
		}
		k, ok := o.keyOf(d, i)
		if !ok {
			without = append(without, i)
			continue
		}
		k.place = place
		keys = append(keys, k)
	}
	text := strings.Compare
	if o.By == File {
		text = intake.Natural
	}
	compared, over := 0, false
	slices.SortFunc(keys, func(a, b key) int {
		// A sort cannot be left; with everything equal it is over at once.
		if compared++; over || ended(ctx, compared) {
			over = true
			return 0
		}
		return cmp.Or(text(a.text, b.text), cmp.Compare(a.value, b.value), a.place-b.place)
	})
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if o.Reverse {
		slices.Reverse(keys)
	}
	out := make([]int, 0, len(rows))
	for _, k := range keys {
		out = append(out, k.row)
	}
	return append(out, without...), nil
}

// value is a number of row i, NaN where there is none. Those that people look for
// come first: sure answers, wrong ones, large shares.
func value(d *digest.Digest, i int, by Column) float64 {
	r := &d.Sample.Rows[i]
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
