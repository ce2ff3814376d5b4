package comparison

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"picasso/backend/score"
	"picasso/ui/control"
	"picasso/ui/control/task"
	"picasso/ui/report"
)

// ListRow is a picture of the list by what two models answer.
type ListRow struct {
	Picture  *control.Picture
	Compared report.Compared
	Err      error // why it could not be compared
}

// list compares the answers of two models to all pictures.
type list struct {
	*task.Task
	rows []ListRow // what the models disagree about most first
	all  int       // pictures of the run in hand
	done int
}

// Rows are the pictures that are compared, what the models disagree about most
// first.
func (m *Controller) Rows() []ListRow { return m.pairs.list.rows }

// Uncompared counts the pictures of the list that are not compared yet.
func (m *Controller) Uncompared() int { return len(m.pairs.list.missing(m)) }

// Comparing reports whether pictures are being compared.
func (m *Controller) Comparing() bool { return m.pairs.list.Running() }

func (l *list) forget() {
	l.Stop()
	l.rows = nil
}

func (l *list) halt() { l.Stop() }

// missing are the pictures without a row, in the order of the list.
func (l *list) missing(m *Controller) (out []*control.Picture) {
	known := map[*control.Picture]bool{}
	for _, row := range l.rows {
		known[row.Picture] = true
	}
	for _, p := range m.c.State().Images {
		if !known[p] {
			out = append(out, p)
		}
	}
	return out
}

// follow leaves out the pictures that were removed.
func (l *list) follow(m *Controller) {
	images := m.c.State().Images
	l.rows = slices.DeleteFunc(l.rows, func(r ListRow) bool { return !slices.Contains(images, r.Picture) })
}

// CompareAll asks both models about every picture that is not compared yet, one after
// the other, and sorts as it goes.
func (m *Controller) CompareAll() {
	l, b := &m.pairs.list, m.pairs.b.model
	if b == nil || l.Running() {
		return
	}
	var readers []func(context.Context, control.Model) (*control.Look, error)
	var lengths []int
	missing := l.missing(m)
	for _, p := range missing {
		readers, lengths = append(readers, p.Looker()), append(lengths, p.Slices())
	}
	l.all, l.done = len(missing), 0
	task.Start(l.Task, lendBoth(m, b, func(ctx context.Context, a control.Model, tell func(func())) (struct{}, error) {
		for i, read := range readers {
			row := ListRow{Picture: missing[i]}
			row.Compared, row.Err = answersOf(ctx, read, lengths[i], a, b.Model)
			if ctx.Err() != nil {
				return struct{}{}, ctx.Err()
			}
			tell(func() { l.add(m, row) })
		}
		return struct{}{}, nil
	}), func(struct{}, error) { m.announce() })
	m.announce()
}

// answersOf compares what two models answer to a picture.
func answersOf(ctx context.Context, read func(context.Context, control.Model) (*control.Look, error), length int, a, b control.Model) (c report.Compared, err error) {
	var seen [2]report.Seen
	var best score.Target
	for i, model := range []control.Model{a, b} {
		k, err := read(ctx, model)
		if err != nil {
			return c, fmt.Errorf("model %s: %w", model.About().Name, err)
		}
		seen[i] = report.Seen{Subject: subjectOf(model, k, length)}
		if i == 0 && len(k.Ranked) > 0 {
			best = score.ClassTarget(k.Ranked[0].Index, score.Probability)
		}
	}
	c = report.NewCompared(seen[0].Name(), seen[0], seen[1])
	c.Match(seen[0], seen[1], best)
	return c, nil
}

// add puts a row into its place.
func (l *list) add(m *Controller, row ListRow) {
	l.done++
	l.rows = append(l.rows, row)
	l.sort()
	if now := m.pairs.now; now != nil {
		l.mapped(m, now)
	}
	m.announce()
}

// sort puts the rows into order; what could not be compared comes last.
func (l *list) sort() {
	slices.SortStableFunc(l.rows, func(a, b ListRow) int {
		if a.Err != nil || b.Err != nil {
			return cmp.Compare(number(a.Err != nil), number(b.Err != nil))
		}
		return report.Disagreement(a.Compared, b.Compared)
	})
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

// mapped adds what the maps of the current picture say to its row.
func (l *list) mapped(m *Controller, now *Pair) {
	for i := range l.rows {
		r := &l.rows[i]
		if c := now.Compared; r.Picture == m.c.State().Selected() && now.Mapped && r.Err == nil && c.Class != nil && r.Compared.Class != nil && c.Class.A.Index == r.Compared.Class.A.Index {
			r.Compared = c
			l.sort()
			return
		}
	}
}

// told is how far the comparison of all pictures is.
func (l *list) told() (float64, string) {
	return float64(l.done) / float64(max(1, l.all)), fmt.Sprintf("Comparing two models: %d of %d pictures", l.done, l.all)
}

// ErrNoRows says that there is no table to save.
var ErrNoRows = errors.New("no pictures are compared yet; choose “Compare all pictures” first")

// SaveTable writes the pictures with what both models answer as CSV.
func (m *Controller) SaveTable(path string) {
	var rows []report.Compared
	failed := 0
	for _, r := range m.pairs.list.rows {
		if r.Err != nil {
			failed++
			continue
		}
		rows = append(rows, r.Compared)
	}
	if len(rows) == 0 {
		m.c.Tell("save the comparison", ErrNoRows)
		return
	}
	text := fmt.Sprintf("Saved %s with %d pictures.", path, len(rows))
	if failed > 0 {
		text += fmt.Sprintf(" %d could not be compared and are left out.", failed)
	}
	m.c.Publish([]string{path}, []func(io.Writer) error{func(w io.Writer) error { return report.WriteCompared(w, rows) }}, text)
}
