package compare

import (
	"context"
	"fmt"
	"image"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control/comparison"
	"picasso/ui/control/task"
	"picasso/ui/drawing"
	"picasso/ui/widgets"
	"picasso/ui/words"
	"picasso/visualizers/render"
)

// gridRow is a method on the screen.
type gridRow struct {
	number  *widget.Label
	title   *widget.Label
	strip   *canvas.Image
	lo, hi  *widget.Label
	unit    *widget.Label
	bar     *fyne.Container
	cells   []*cell
	place   *fyne.Container
	box     fyne.CanvasObject
	drawing *task.Task
	drawn   rowLook
}

func (g *gridPane) newRow(columns int) *gridRow {
	r := &gridRow{
		number: widgets.Heading(""), title: widget.NewLabel(""), unit: widgets.Faint(""), lo: widgets.Faint(""), hi: widgets.Faint(""),
		strip: &canvas.Image{FillMode: canvas.ImageFillStretch, ScaleMode: canvas.ImageScaleFastest}, drawing: g.c.NewTask(),
	}
	r.title.TextStyle.Bold = true
	r.unit.Truncation = fyne.TextTruncateEllipsis
	strip := container.New(layout.NewCustomPaddedLayout(12, 12, 0, 0), widgets.AtLeast(90, 0, r.strip))
	r.bar = container.NewHBox(r.lo, strip, r.hi)
	r.place = container.New(cells{columns, &g.high})
	for range columns {
		one := g.links.add("")
		r.cells = append(r.cells, one)
		r.place.Add(one.image)
		if g.links.base != nil {
			g.links.lay(one)
		}
	}
	line := container.NewBorder(nil, nil, container.NewHBox(r.number, r.title), r.bar, r.unit)
	r.box = container.NewVBox(line, r.place)
	return r
}

// rowLook is all that the look of a row depends on.
type rowLook struct {
	sheet   *comparison.Sheet
	base    *image.RGBA
	maps    string
	status  comparison.Status
	display drawing.Display
	apart   bool
}

// fillRow brings a row up to date.
func (g *gridPane) fillRow(r *gridRow, s *comparison.Sheet, i int) {
	row := s.Rows[i]
	r.number.SetText(fmt.Sprint(i + 1))
	r.title.SetText(row.Panel.Info.Title)
	asking := g.m.Ahead().Asking
	for k, one := range r.cells {
		c := row.Cells[k]
		state, old := said(row, c, asking)
		one.image.SetState(state, old)
		one.image.OnTapped = func(int, int) { g.host.ShowMap(row.Panel, c.Target.Class) }
	}
	look := rowLook{sheet: s, base: g.links.base, status: row.Status, display: row.Panel.Display, apart: g.apart()}
	for _, c := range row.Cells {
		look.maps += fmt.Sprintf("%p ", c.Map)
	}
	if look == r.drawn || look.base == nil {
		return
	}
	r.drawn = look
	g.draw(r, s, row)
}

// said is what a map is not, written on it.
func said(row *comparison.Row, c comparison.Cell, asking bool) (text string, old bool) {
	switch {
	case c.Done >= 1 && c.Map != nil:
		return "", false
	case row.Mapless(), c.Done >= 1 && c.Map == nil:
		return "draws no map over the picture", false
	case row.Status == comparison.Failed:
		if n := words.Say("", row.Err); n != nil {
			return n.Text, false
		}
		return "failed", false
	case row.Status == comparison.Running && c.Map != nil:
		return fmt.Sprintf("partial: %.0f %%", 100*c.Done), false
	case row.Status == comparison.Running:
		return "computing…", false
	case row.Status == comparison.Stopped && c.Map != nil:
		return fmt.Sprintf("stopped at %.0f %%", 100*c.Done), false
	case row.Status == comparison.Stopped, asking:
		return "not computed", false
	}
	return "waiting", false
}

// picturedRow is a row as it was drawn.
type picturedRow struct {
	overlays []*image.RGBA
	rects    []render.Rect
	scales   []render.Scale
}

// draw draws the maps of a row in the background.
func (g *gridPane) draw(r *gridRow, s *comparison.Sheet, row *comparison.Row) {
	list := slices.Clone(row.Cells)
	display, apart, k := row.Panel.Display, g.apart(), s.Look
	_, height, width := g.c.State().Model.Shape()
	small, size := g.links.base.Rect.Size(), g.links.size
	scan := k.Image.Scan != nil
	task.Start(r.drawing, func(ctx context.Context, _ func(func())) (picturedRow, error) {
		return drawRow(list, display, apart, scan, func(c comparison.Cell) render.Rect {
			return drawing.Place(*c.Map, k.Place, width, height, size)
		}, size, small), nil
	}, func(p picturedRow, err error) {
		if err == nil {
			g.lay(r, row, list, p)
		}
	})
}

// drawRow draws maps on one scale, or each on its own.
func drawRow(list []comparison.Cell, d drawing.Display, apart, scan bool, place func(comparison.Cell) render.Rect, size, small image.Point) picturedRow {
	p := picturedRow{overlays: make([]*image.RGBA, len(list)), rects: make([]render.Rect, len(list)), scales: make([]render.Scale, len(list))}
	if !apart && d.Locked == nil {
		joined := drawing.Range{}
		for _, c := range list {
			if c.Map != nil {
				joined = joined.Joined(d.Shared(scan, *c.Map))
			}
		}
		if joined != (drawing.Range{}) {
			d.Locked = &joined
		}
	}
	for i, c := range list {
		if c.Map == nil {
			continue
		}
		style := d.Style(*c.Map, scan)
		p.rects[i], p.scales[i] = place(c), style.Scale(drawing.Field(*c.Map))
		p.overlays[i] = heat(*c.Map, p.rects[i], size, small, style)
	}
	return p
}

// lay shows what was drawn, and the scale that all maps share.
func (g *gridPane) lay(r *gridRow, row *comparison.Row, list []comparison.Cell, p picturedRow) {
	first := slices.IndexFunc(list, func(c comparison.Cell) bool { return c.Map != nil })
	for i, one := range r.cells {
		below := ""
		if list[i].Map != nil && g.apart() {
			below = drawing.Ends(p.scales[i].Range.Lo, p.scales[i].Range.Hi)
		}
		g.links.ground(one, row.Panel.Display, list[i].Map != nil)
		one.set(list[i].Map, p.overlays[i], p.rects[i], below)
	}
	widgets.Visible(r.bar, first >= 0 && !g.apart())
	r.unit.SetText("")
	if first < 0 {
		return
	}
	r.unit.SetText(comparison.UnitOf(g.c.State().Model, list[first], len(list)))
	scale := p.scales[first]
	r.strip.Image = render.Bar(256, 1, scale.Colors, scale.Range)
	r.strip.Refresh()
	low, high := drawing.EndsApart(scale.Range.Lo, scale.Range.Hi)
	r.lo.SetText(low)
	r.hi.SetText(high)
}
