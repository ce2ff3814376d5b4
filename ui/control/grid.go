package control

import (
	"context"
	"image"
	"math"
	"picasso/backend/preprocess"
	"picasso/backend/score"

	"picasso/ui/control/task"
	"picasso/ui/drawing"
	"picasso/visualizers"
)

// Bounds of the results table.
const (
	gridClasses = 5  // columns
	gridRows    = 50 // pictures
)

// Grid is the classic results table: every picture with the maps of its best
// classes, all on one scale.
type Grid struct {
	Panel *Panel
	Score score.Score // that is explained
	Rows  []*GridRow
	Range drawing.Range // of all maps so far
	Done  int           // finished rows
	Left  int           // pictures that did not fit
	Named int           // how often the classes were named otherwise since it was opened
}

// GridRow is one picture of the table.
type GridRow struct {
	Picture *Picture
	Shown   *image.RGBA          // the picture, small
	Size    image.Point          // of the picture itself
	Scan    bool                 // it is a medical one
	Place   preprocess.Placement // from model to picture pixels
	Classes []score.Class
	Maps    []*visualizers.Map // one per class, nil until known
	Note    string
	Err     error
}

// OpenGrid fills the table for the current visualizer.
func (c *Controller) OpenGrid() {
	if c.model == nil {
		c.fail("show the results table", ErrNoModel)
		return
	}
	p := c.state.Panel()
	if p.barred(c.state.Model) {
		c.fail("show the results table", p.Err)
		return
	}
	c.Stop()
	c.yield()
	g := &Grid{Panel: p, Score: c.state.Target.Score, Left: max(0, len(c.state.Images)-gridRows)}
	for _, pic := range c.state.Images[:min(gridRows, len(c.state.Images))] {
		g.Rows = append(g.Rows, &GridRow{Picture: pic})
	}
	c.state.Grid = g
	c.runGrid(g)
	c.changed(GridChanged)
}

// Known reports whether a row is finished, with maps or with an error.
func (r *GridRow) Known() bool { return r.Shown != nil || r.Err != nil }

// Filling reports whether rows of the table are being computed.
func (c *Controller) Filling() bool { return c.filling.Running() }

// ContinueGrid computes the rows that a stop left out.
func (c *Controller) ContinueGrid() {
	if g := c.state.Grid; g != nil && c.model != nil && !c.Filling() && g.Done < len(g.Rows) {
		c.runGrid(g)
		c.changed(GridChanged)
	}
}

// Range is the scale of the row's own maps.
func (r *GridRow) Range() drawing.Range { return shared([]*GridRow{r}) }

// CloseGrid goes back to the single picture.
func (c *Controller) CloseGrid() {
	if c.state.Grid == nil {
		return
	}
	c.stopGrid()
	c.state.Grid = nil
	c.changed(GridChanged)
	c.refresh(0)
}

func (c *Controller) stopGrid() {
	if c.filling.Running() {
		c.filling.Stop()
		c.changed(GridChanged)
	}
}

// rowJob is what a worker needs for one row, copied from the state.
type rowJob struct {
	row    *GridRow
	shot   shot
	values visualizers.Values
	look   *Look
	cached *visualizers.Result
	key    string
}

func (c *Controller) runGrid(g *Grid) {
	var jobs []rowJob
	for _, row := range g.Rows {
		if row.Known() {
			continue
		}
		f := row.Picture.frame()
		job := rowJob{row: row, shot: row.Picture.shot(f.slice), values: g.Panel.Values, look: c.looks.get(f),
			key: g.Panel.runKey(c.serial, f)}
		if r, ok := c.results.Get(job.key); ok {
			job.cached = &r
		}
		jobs = append(jobs, job)
	}
	h, score, idle := c.model, g.Score, c.runner.Idle()
	task.Start(c.filling, using(h, func(ctx context.Context, tell func(func())) (struct{}, error) {
		<-idle
		for _, job := range jobs {
			if ctx.Err() != nil {
				break
			}
			row, r, _ := fillRow(ctx, h, g.Panel.Visualizer, job, score)
			tell(func() { c.filled(g, job, row, r) })
		}
		return struct{}{}, nil
	}), func(struct{}, error) {
		c.changed(GridChanged)
		c.pump()
	})
}

// fillRow explains the best classes of one picture.
func fillRow(ctx context.Context, h *held, v visualizers.Visualizer, job rowJob, scale score.Score) (row GridRow, r visualizers.Result, err error) {
	row = GridRow{Picture: job.row.Picture}
	defer func() { row.Err = err }()
	defer task.Recover(&err)
	k := job.look
	if k == nil {
		if k, err = lookAt(ctx, job.shot, h, nil); err != nil {
			return row, r, err
		}
	}
	row.Shown, row.Place, row.Classes = thumbnail(k.Shown), k.Place, few(k.Ranked)
	row.Size, row.Scan = k.Shown.Rect.Size(), k.Image.Scan != nil
	targets := make([]score.Target, len(row.Classes))
	for i, class := range row.Classes {
		targets[i] = score.ClassTarget(class.Index, scale)
	}
	if job.cached != nil {
		r = *job.cached
	} else {
		if r, err = v.Explain(ctx, k.input(h.Model, job.values, targets...), func(visualizers.Result) {}); err != nil {
			return row, r, err
		}
	}
	for _, t := range targets {
		row.Maps = append(row.Maps, r.MapOf(t, h.Model))
	}
	row.Note = r.Note
	return row, r, nil
}

func (c *Controller) filled(g *Grid, job rowJob, row GridRow, r visualizers.Result) {
	*job.row = row
	if row.Err == nil && r.Patches != nil {
		c.results.Put(job.key, r)
	}
	g.Done++
	g.Range = shared(g.Rows)
	c.changed(GridChanged)
}

// shared is the one scale of all maps: their natural one, else symmetric
// about zero for signed values, else from the smallest to the largest.
func shared(rows []*GridRow) drawing.Range {
	r := drawing.Range{Lo: math.Inf(1), Hi: math.Inf(-1)}
	for _, row := range rows {
		for _, m := range row.Maps {
			if m == nil {
				continue
			}
			r = with(r, m)
		}
	}
	if r.Lo > r.Hi {
		return drawing.Range{}
	}
	return r
}

func with(r drawing.Range, m *visualizers.Map) drawing.Range {
	if m.Fixed != nil {
		return drawing.Range{Lo: min(r.Lo, m.Fixed[0]), Hi: max(r.Hi, m.Fixed[1])}
	}
	for _, v := range m.Values {
		x := float64(v)
		if math.IsNaN(x) || math.IsInf(x, 0) {
			continue
		}
		r.Lo, r.Hi = min(r.Lo, x), max(r.Hi, x)
		if m.Signed {
			r.Lo, r.Hi = min(r.Lo, -x), max(r.Hi, -x)
		}
	}
	return r
}
