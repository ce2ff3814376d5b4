package comparison

import (
	"context"
	"fmt"
	"time"

	"picasso/backend/infer"
	"picasso/ui/control"
	"picasso/ui/control/task"
	"picasso/visualizers"
	"picasso/visualizers/compare"
	"picasso/visualizers/trust"
)

// unasked is how long the rows of a sheet may take together before they are asked
// for.
const unasked = visualizers.Long

// apart is the time between two partial results of a row that are shown.
const apart = 100 * time.Millisecond

// time is what a row takes at most, as far as is known: gradients are computed once
// for each class, everything else once for all of them.
func (r *Row) time() time.Duration {
	t := r.Cost.Time
	switch r.Panel.Info.Group {
	case visualizers.Gradient, visualizers.Layers:
		t *= time.Duration(len(r.missing()))
	}
	return t
}

// Ahead is what is left to do on a sheet.
type Ahead struct {
	Rows   int // that are not finished
	Passes int // images through the model, where methods tell
	Time   time.Duration
	Asking bool // it takes long, and nobody has asked for it
}

// Ahead is what is left to do on the sheet.
func (m *Controller) Ahead() (a Ahead) {
	s := &m.sheets
	if s.now == nil {
		return a
	}
	for _, r := range s.now.Rows {
		if r.Status == Ready || r.Status == Failed {
			continue
		}
		a.Rows++
		a.Passes += max(1, r.Cost.Passes)
		a.Time += r.time()
	}
	a.Asking = a.Rows > 0 && !s.Running() && (s.stopped || !s.wanted && a.Time > unasked)
	return a
}

// String is what is left in words.
func (a Ahead) String() string {
	text := fmt.Sprintf("%d methods to go", a.Rows)
	if a.Rows == 1 {
		text = "1 method to go"
	}
	text += ": " + visualizers.Preview{Passes: a.Passes}.String()
	if a.Time > 0 {
		text += ", up to " + visualizers.Spoken(a.Time)
	}
	return text
}

// Continue computes what was stopped, and what takes long.
func (m *Controller) Continue() {
	m.sheets.stopped, m.sheets.wanted = false, true
	m.sheets.next(m)
}

// next starts the row that takes least of those that wait.
func (s *sheets) next(m *Controller) {
	if s.now == nil || s.Running() || s.stopped || !m.shown() || m.view != ByMethod {
		return
	}
	var best *Row
	for _, r := range s.now.Rows {
		if r.Status != Ready && r.Status != Failed && (best == nil || r.time() < best.time()) {
			best = r
		}
	}
	if best == nil || !s.wanted && m.Ahead().Time > unasked && best.time() > unasked/10 {
		m.announce()
		return
	}
	s.start(m, best)
}

// start runs a row.
func (s *sheets) start(m *Controller, row *Row) {
	row.Status, row.Err, row.done, row.stage = Running, nil, 0, ""
	s.running, s.began = row, time.Now()
	k, targets := s.now.Look, row.missing()
	v, values := row.Panel.Visualizer, row.values
	task.Start(s.Task, control.Lend(m.c, func(ctx context.Context, model control.Model, tell func(func())) (visualizers.Result, error) {
		ctx = infer.WithProgress(ctx, func(stage string, done float64) {
			tell(func() { s.preparing(m, row, stage) })
		})
		var last time.Time
		return k.Explained(infer.Apart(ctx), v, k.Asked(model, values, targets...), func(r visualizers.Result) {
			if now := time.Now(); now.Sub(last) >= apart {
				last = now
				tell(func() { s.partial(m, row, r) })
			}
		})
	}), func(r visualizers.Result, err error) { s.ended(m, row, r, err) })
	m.announce()
}

// preparing takes what a run tells before it has any result.
func (s *sheets) preparing(m *Controller, row *Row, stage string) {
	row.stage = stage
	m.announce()
}

func (s *sheets) partial(m *Controller, row *Row, r visualizers.Result) {
	row.take(r, m.c.State().Model, min(r.Done, .99))
	m.announce()
}

func (s *sheets) ended(m *Controller, row *Row, r visualizers.Result, err error) {
	s.running = nil
	if err != nil {
		row.Status, row.Err = Failed, err
	} else {
		m.c.Keep(row.key, r)
		row.take(r, m.c.State().Model, 1)
		row.Status = Ready
	}
	s.agree(m)
	m.announce()
	s.next(m)
}

// agree compares the maps of the class in focus that are there.
func (s *sheets) agree(m *Controller) {
	sheet := s.now
	if sheet == nil {
		return
	}
	var maps []trust.Named
	var ids []string
	for _, r := range sheet.Rows {
		if len(r.Cells) <= sheet.Focus {
			continue
		}
		if cell := r.Cells[sheet.Focus]; cell.Map != nil && cell.Done >= 1 {
			maps = append(maps, trust.Named{Visualizer: r.Panel.Info.ID, Title: r.Panel.Info.Title, Map: *cell.Map})
			ids = append(ids, r.Panel.Info.ID)
		}
	}
	sheet.Agreement, sheet.Agreeing = nil, nil
	if len(maps) < 2 {
		s.agreeing.Stop()
		return
	}
	_, height, width := m.c.State().Model.Shape()
	k := sheet.Look
	task.Start(s.agreeing, func(context.Context, func(func())) ([]compare.Pair, error) {
		for i := range maps {
			maps[i].Map = trust.OnInput(maps[i].Map, k.Place, k.Shown.Rect.Size(), height, width)
		}
		return compare.Pairs(maps), nil
	}, func(found []compare.Pair, err error) {
		if err == nil {
			sheet.Agreement, sheet.Agreeing = found, ids
		}
		m.announce()
	})
}

// activities are what Stop and the status bar know of.
func (s *sheets) activities(m *Controller) []control.Activity {
	return []control.Activity{
		{
			Running: s.Running, End: s.halt, Asked: true, Model: true, Ahead: true,
			Stopped: func() {
				s.stopped = true
				for _, r := range s.now.Rows {
					if r.Status == Waiting {
						r.Status = Stopped
					}
				}
				m.announce()
			},
			Told: func() (float64, string) { return s.told() },
		},
		{Running: s.agreeing.Running, End: s.agreeing.Stop, Model: true},
	}
}

// told is how far the sheet is, for the status bar.
func (s *sheets) told() (share float64, text string) {
	var all, done time.Duration
	finished := 0
	for _, r := range s.now.Rows {
		cost := max(r.Cost.Time, 50*time.Millisecond)
		all += cost
		switch {
		case r.Status == Ready || r.Status == Failed:
			finished++
			done += cost
		case r == s.running:
			done += time.Duration(r.done * float64(cost))
		}
	}
	text = fmt.Sprintf("%d of %d methods", finished, len(s.now.Rows))
	if r := s.running; r != nil {
		text = r.Panel.Info.Title + ": " + text
		if r.stage != "" {
			text += ", " + r.stage
		}
	}
	return float64(done) / float64(max(all, 1)), text
}
