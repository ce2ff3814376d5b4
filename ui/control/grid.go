package control

import (
	"context"
	"image"
	"math"
	"slices"
	"time"

	"picasso/backend/preprocess"
	"picasso/backend/score"
	"picasso/ui/control/kept"
	"picasso/ui/control/listing"
	"picasso/ui/control/task"
	"picasso/ui/drawing"
	"picasso/visualizers"
)

// Bounds of the results table.
const (
	GridClasses = 5           // columns
	gridBytes   = 64 << 20    // of small maps in memory; 2,000 rows take 52 MB
	gridScreen  = 12          // rows on the screen that are remembered as wanted
	unasked     = time.Minute // as much may be computed without a question
)

// Grid is the classic results table: every picture with the maps of its best
// classes. Rows on the screen are computed first, the others as long as that
// takes no more than a minute, or once the user wants them.
type Grid struct {
	Panel   *Panel
	Score   score.Score // that is explained
	Rows    []*GridRow  // one for each picture of the list
	Listing listing.Listing
	Listed  []int         // indices into Rows, as the table shows them
	Range   drawing.Range // of all maps so far
	Done    int           // finished rows
	Now     *GridRow      // the one being computed, nil when none is
	Named   int           // how often the classes were named otherwise since it was opened

	key     string                             // of the way all rows are explained
	rest    bool                               // rows that are not on the screen are wanted too, however long they take
	stopped bool                               // by the user
	wanted  []*GridRow                         // on the screen, latest last
	maps    *kept.Cache[*GridRow, []*kept.Map] // of the finished rows
	spent   time.Duration                      // on timed rows
	timed   int
}

// GridRow is one picture of the table.
type GridRow struct {
	Picture *Picture
	Size    image.Point          // of the picture itself
	Scan    bool                 // it is a medical one
	Place   preprocess.Placement // from model to picture pixels
	Classes []score.Class
	Extents []drawing.Range // smallest and largest value of the map of each class; NaN where there is none
	Range   drawing.Range   // scale of the row's own maps
	Note    string
	Err     error

	frame frame // what was explained
	known bool
}

// Known reports whether a row is finished, with maps or with an error.
func (r *GridRow) Known() bool { return r.known }

// Best are the best classes of the row's picture, as far as they are known.
func (r *GridRow) Best() []score.Class {
	if r.Classes != nil {
		return r.Classes
	}
	return r.Picture.Best
}

// OpenGrid shows the table of a panel's method, which suits the model: the one that
// was closed last, where it holds the same, or else an empty one that fills.
func (c *Controller) OpenGrid(p *Panel) {
	if c.model == nil {
		return
	}
	l := c.state.Listing
	if g := c.state.Grid; g != nil {
		if g.Panel == p && g.key == c.gridKey(p) {
			return
		}
		l = g.Listing
	}
	c.pauseRun()
	c.stopWalk()
	c.yield()
	if g := c.rested; g != nil && g.Panel == p && g.key == c.gridKey(p) {
		c.state.Grid, c.rested = g, nil
		c.followGrid()
		return
	}
	c.newGrid(p, l)
}

// newGrid begins an empty table of all pictures.
func (c *Controller) newGrid(p *Panel, l listing.Listing) {
	c.filling.Stop()
	c.rested = nil
	weigh := func(maps []*kept.Map) int {
		n := 0
		for _, m := range maps {
			if m != nil {
				n += m.Bytes()
			}
		}
		return n
	}
	c.state.Grid = &Grid{Panel: p, Score: c.state.Target.Score, Listing: l, key: c.gridKey(p), maps: kept.NewCache[*GridRow](gridBytes, weigh)}
	c.followGrid()
	c.fillGrid()
}

// gridKey names all that the rows of a panel's table depend on.
func (c *Controller) gridKey(p *Panel) string {
	return c.keyOf(frame{}, p.way()) + c.state.Target.Score.String()
}

// regrid begins the table anew when it would explain in another way now.
func (c *Controller) regrid() {
	switch g := c.state.Grid; {
	case g.key == c.gridKey(g.Panel):
		c.pump()
	case g.Panel.barred(c.state.Model):
		c.CloseGrid()
	default:
		c.newGrid(g.Panel, g.Listing)
	}
}

// followGrid gives every picture of the list its row, and puts the rows into
// their order.
func (c *Controller) followGrid() {
	g := c.state.Grid
	if g == nil {
		return
	}
	rows := make(map[int]*GridRow, len(g.Rows))
	for _, row := range g.Rows {
		rows[row.Picture.ID] = row
	}
	before := g.Rows
	g.Rows, g.Done = make([]*GridRow, 0, len(c.state.Images)), 0
	for _, p := range c.state.Images {
		row := rows[p.ID]
		if row == nil || row.known && row.frame != p.frame() {
			row = &GridRow{Picture: p}
		}
		if g.Rows = append(g.Rows, row); row.known {
			g.Done++
		}
		delete(rows, p.ID)
	}
	if len(rows) > 0 { // the scale is that of the rows there are
		g.Range = shared(g.Rows)
	}
	c.arrangeGrid(g)
	if before != nil {
		c.changed(GridChanged)
		c.fillGrid()
	}
}

// ArrangeGrid chooses which rows the table shows, and in which order.
func (c *Controller) ArrangeGrid(l listing.Listing) {
	if g := c.state.Grid; g != nil && l != g.Listing {
		g.Listing = l
		c.arrangeGrid(g)
		c.changed(GridChanged)
	}
}

func (c *Controller) arrangeGrid(g *Grid) {
	items := make([]listing.Item, len(g.Rows))
	for i, row := range g.Rows {
		items[i] = c.item(row.Picture, row.Best())
	}
	g.Listed = g.Listing.Order(items)
}

// Filling reports whether rows of the table are being computed.
func (c *Controller) Filling() bool { return c.filling.Running() }

// GridLeft estimates how long the rows take that are not known yet, 0 where
// nothing is known about that.
func (c *Controller) GridLeft() time.Duration {
	g := c.state.Grid
	if g == nil || g.timed == 0 {
		return 0
	}
	return g.spent / time.Duration(g.timed) * time.Duration(len(g.Rows)-g.Done)
}

// ContinueGrid computes all rows that are left, after a stop or although they
// take long.
func (c *Controller) ContinueGrid() {
	if g := c.state.Grid; g != nil && g.Done < len(g.Rows) {
		g.stopped, g.rest = false, true
		c.fillGrid()
	}
}

// WantRow asks for a row soon, because it is on the screen.
func (c *Controller) WantRow(row *GridRow) {
	g := c.state.Grid
	if g == nil || row.Err != nil || c.hasRow(g, row) {
		return
	}
	g.wanted = append(slices.DeleteFunc(g.wanted, func(r *GridRow) bool { return r == row }), row)
	if n := len(g.wanted); n > gridScreen {
		g.wanted = g.wanted[n-gridScreen:]
	}
	if g.Now == nil {
		c.fillGrid()
	}
}

// hasRow reports whether all that a row shows is in memory.
func (c *Controller) hasRow(g *Grid, row *GridRow) bool {
	return row.known && g.maps.Has(row) && c.thumbs.Has(row.frame)
}

// GridMaps opens the small picture of a finished row and the small maps of its
// classes, nil where there is none, on any goroutine. ok is false while they
// are not in memory.
func (c *Controller) GridMaps(row *GridRow) (open func() (*image.RGBA, []*visualizers.Map), ok bool) {
	g := c.state.Grid
	if g == nil || !c.hasRow(g, row) {
		return nil, false
	}
	small, _ := c.thumbs.Get(row.frame)
	packed, _ := g.maps.Get(row)
	return func() (*image.RGBA, []*visualizers.Map) {
		maps := make([]*visualizers.Map, len(packed))
		for i, m := range packed {
			if m != nil {
				opened := m.Open()
				maps[i] = &opened
			}
		}
		return small.Open(), maps
	}, true
}

// CloseGrid closes the table, and keeps it for the next time.
func (c *Controller) CloseGrid() {
	if c.state.Grid == nil {
		return
	}
	c.filling.Stop()
	c.rested, c.state.Grid = c.state.Grid, nil
	c.rested.Now = nil
	c.changed(GridChanged)
	c.refresh(0)
}

// stopGrid ends the computation of rows until the user wants it again.
func (c *Controller) stopGrid() {
	if c.filling.Running() {
		c.filling.Stop()
		c.state.Grid.Now, c.state.Grid.stopped = nil, true
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

// filledRow is what comes of it.
type filledRow struct {
	row    GridRow
	look   *Look
	maps   []*kept.Map
	result visualizers.Result
	took   time.Duration
}

// fillGrid computes the next row, if one is due.
func (c *Controller) fillGrid() {
	g := c.state.Grid
	if g == nil || g.stopped || c.model == nil || c.filling.Running() {
		return
	}
	if g.Now = c.nextRow(g); g.Now == nil {
		c.changed(GridChanged)
		c.pump()
		return
	}
	job, h := c.rowJob(g, g.Now), c.model
	idle := c.runner.Idle()
	task.Start(c.filling, using(h, func(ctx context.Context, _ func(func())) (filledRow, error) {
		<-idle
		return fillRow(ctx, h, g.Panel.Visualizer, job, g.Score), nil
	}), func(f filledRow, _ error) {
		c.rowFilled(g, job, f)
		c.fillGrid()
	})
	c.changed(GridChanged)
}

// nextRow prefers rows on the screen, from top to bottom.
func (c *Controller) nextRow(g *Grid) *GridRow {
	g.wanted = slices.DeleteFunc(g.wanted, func(r *GridRow) bool { return r.Err != nil || c.hasRow(g, r) })
	for _, i := range g.Listed {
		if slices.Contains(g.wanted, g.Rows[i]) {
			return g.Rows[i]
		}
	}
	if !g.rest && c.GridLeft() > unasked {
		return nil
	}
	for _, i := range g.Listed {
		if !g.Rows[i].known {
			return g.Rows[i]
		}
	}
	for _, row := range g.Rows {
		if !row.known {
			return row
		}
	}
	return nil
}

func (c *Controller) rowJob(g *Grid, row *GridRow) rowJob {
	f := row.Picture.frame()
	job := rowJob{row: row, shot: row.Picture.shot(f.slice), values: g.Panel.Values, look: c.looks.get(f), key: c.runKey(g.Panel, f)}
	if r, ok := c.results.Get(job.key); ok {
		job.cached = &r
	}
	return job
}

// fillRow explains the best classes of one picture.
func fillRow(ctx context.Context, h *held, v visualizers.Visualizer, job rowJob, scale score.Score) (f filledRow) {
	began := time.Now()
	f.row = GridRow{Picture: job.row.Picture, frame: job.shot.frame, known: true}
	defer func() { f.took = time.Since(began) }()
	defer task.Recover(&f.row.Err)
	row := &f.row
	if f.look = job.look; f.look == nil {
		if f.look, row.Err = lookAt(ctx, job.shot, h, nil); row.Err != nil {
			return f
		}
	}
	k := f.look
	row.Place, row.Classes = k.Place, few(k.Ranked)
	row.Size, row.Scan = k.Shown.Rect.Size(), k.Image.Scan != nil
	targets := make([]score.Target, len(row.Classes))
	for i, class := range row.Classes {
		targets[i] = score.ClassTarget(class.Index, scale)
	}
	if job.cached != nil {
		f.result = *job.cached
	} else if f.result, row.Err = k.Explained(ctx, v, k.input(h.Model, job.values, targets...), func(visualizers.Result) {}); row.Err != nil {
		return f
	}
	for _, t := range targets {
		f.add(f.result.MapOf(t, h.Model))
	}
	row.Note = f.result.Note
	return f
}

// add appends the map of a class, nil for none.
func (f *filledRow) add(m *visualizers.Map) {
	if m == nil {
		f.maps, f.row.Extents = append(f.maps, nil), append(f.row.Extents, drawing.Range{Lo: math.NaN(), Hi: math.NaN()})
		return
	}
	small := kept.ShrinkMap(*m)
	f.maps = append(f.maps, &small)
	f.row.Extents = append(f.row.Extents, drawing.Extremes(m.Values))
	f.row.Range = f.row.Range.Joined(drawing.ScaleOf(*m))
}

// rowFilled takes over a row that was computed.
func (c *Controller) rowFilled(g *Grid, job rowJob, f filledRow) {
	if !job.row.known {
		g.Done++
		if job.cached == nil {
			g.spent, g.timed = g.spent+f.took, g.timed+1
		}
	}
	*job.row = f.row
	if f.row.Err == nil {
		g.maps.Put(job.row, f.maps)
		c.thumbs.Put(f.row.frame, f.look.Small)
		g.Range = g.Range.Joined(f.row.Range)
	}
	if f.row.Err == nil && f.result.Patches != nil {
		c.results.Put(job.key, f.result)
	}
	if i := c.indexOf(f.row.Picture.ID); i >= 0 && f.look.Answered() && f.look.frame() == f.row.Picture.frame() {
		c.known(i, f.look)
	}
}

// shared is the one scale of all maps.
func shared(rows []*GridRow) (r drawing.Range) {
	for _, row := range rows {
		r = r.Joined(row.Range)
	}
	return r
}
