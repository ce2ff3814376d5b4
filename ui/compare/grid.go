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
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control"
	"picasso/ui/control/comparison"
	"picasso/ui/control/task"
	"picasso/ui/drawing"
	"picasso/ui/scanpane"
	"picasso/ui/widgets"
	"picasso/ui/words"
	"picasso/visualizers/render"
	"picasso/visualizers/spelling"
)

// Choices of the scale.
const (
	methodScales = "a scale for each method"
	mapScales    = "a scale for each map"
)

// gridPane shows methods × classes.
type gridPane struct {
	host     Host
	c        *control.Controller
	m        *comparison.Controller
	box      fyne.CanvasObject
	scale    *widgets.Select
	left     *widget.Label // what is to be done
	more     *widget.Button
	heads    *fyne.Container
	headList []*head
	rows     []*gridRow
	list     *fyne.Container
	scroll   *container.Scroll
	readout  *widget.Label
	none     *widget.Label
	links    linked
	shrink   *task.Task
	shown    *image.RGBA // of which links.base is the small one
	columns  int
	wide     float32 // of a row
	high     float32 // of its maps
}

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

func newGridPane(h Host, c *control.Controller, m *comparison.Controller) *gridPane {
	g := &gridPane{host: h, c: c, m: m, left: widgets.Faint(""), readout: widgets.Faint(" "), none: widget.NewLabel(""), shrink: c.NewTask()}
	g.links, g.high = linked{c: c, pointed: g.pointed}, mostCell
	g.scale = widgets.NewSelect([]string{methodScales, mapScales}, func(string) {
		g.redraw()
		h.Unfocus()
	})
	g.scale.Selected = methodScales
	g.more = widget.NewButton("Compute", func() {
		m.Continue()
		h.Unfocus()
	})
	g.left.Truncation, g.readout.Truncation = fyne.TextTruncateEllipsis, fyne.TextTruncateEllipsis
	g.readout.TextStyle.Monospace = true
	g.none.Alignment, g.none.Wrapping = fyne.TextAlignCenter, fyne.TextWrapWord
	g.heads, g.list = container.NewWithoutLayout(), container.NewVBox()
	top := container.NewBorder(nil, nil, widgets.AtLeast(200, 0, g.scale), g.more, g.left)
	g.scroll = container.NewVScroll(container.New(fitting{g}, widgets.Roomy(g.list)))
	g.box = container.NewBorder(container.NewVBox(top, widgets.Roomy(g.heads)), g.readout, nil, nil, container.NewStack(g.scroll, container.NewCenter(widgets.AtLeast(300, 0, g.none))))
	return g
}

// apart reports whether every map has a scale of its own.
func (g *gridPane) apart() bool { return g.scale.Selected == mapScales }

func (g *gridPane) toggleScale() {
	next := mapScales
	if g.apart() {
		next = methodScales
	}
	g.scale.SetSelected(next)
}

// zoom enlarges all maps by a factor; 0 fits them.
func (g *gridPane) zoom(by float64) { g.links.zoom(by) }

// stepMethod brings a neighbouring row to the top.
func (g *gridPane) stepMethod(n int) {
	top, last := g.scroll.Offset.Y, 0
	for i, r := range g.rows {
		if r.box.Position().Y <= top+1 {
			last = i
		}
	}
	if at := last + n; at >= 0 && at < len(g.rows) {
		g.scroll.ScrollToOffset(g.rows[at].box.Position())
	}
}

// show brings the pane up to date.
func (g *gridPane) show() {
	s := g.m.Sheet()
	g.none.SetText(g.lacking(s))
	widgets.Visible(g.none, g.none.Text != "")
	g.showLeft(s)
	if s == nil {
		g.arrange(0, 0)
		g.readout.SetText(" ")
		return
	}
	if !g.links.inside {
		g.readout.SetText(resting(s.Look))
	}
	g.arrange(len(s.Rows), len(s.Classes))
	for i, one := range g.headList {
		g.fillHead(one, s, i)
	}
	g.setBase()
	for i, row := range g.rows {
		g.fillRow(row, s, i)
	}
}

// lacking says why there is nothing to compare, "" where there is.
func (g *gridPane) lacking(s *comparison.Sheet) string {
	state := g.c.State()
	switch {
	case s != nil && len(s.Rows) == 0:
		return "None of the chosen methods suits this model. Choose others at the right."
	case s != nil:
		return ""
	case state.Model == nil:
		return "Open a model and add pictures; the maps of several methods and classes then appear beside each other."
	case len(state.Images) == 0:
		return "Add pictures; the maps of several methods and classes then appear beside each other."
	case state.Looking:
		return "Reading the picture"
	case state.Selected() != nil && state.Selected().Err != nil:
		return "The model has no answer for this picture, so there is nothing to compare."
	}
	return " "
}

// showLeft says what is to be done, and offers what was not begun.
func (g *gridPane) showLeft(s *comparison.Sheet) {
	ahead := g.m.Ahead()
	text := ""
	if s != nil && ahead.Rows > 0 {
		text = ahead.String()
	}
	g.left.SetText(text)
	widgets.Visible(g.more, ahead.Asking)
}

// arrange makes widgets for as many methods and classes.
func (g *gridPane) arrange(rows, columns int) {
	if rows == len(g.rows) && columns == g.columns {
		return
	}
	for _, r := range g.rows {
		r.drawing.Stop()
	}
	g.columns, g.rows, g.headList, g.links.list = columns, nil, nil, nil
	high := float32(headHeight)
	heads := container.New(cells{columns, &high})
	for i := range columns {
		one := newHead(func() { g.m.SetFocus(i) })
		g.headList = append(g.headList, one)
		heads.Add(one)
	}
	*g.heads = *heads
	g.list.Objects = nil
	for range rows {
		row := g.newRow(columns)
		g.rows = append(g.rows, row)
		g.list.Add(row.box)
	}
	g.heads.Refresh()
	g.list.Refresh()
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

// Bounds of the height of the maps.
const (
	leastCell = 60
	mostCell  = 250
)

// fitting lays out the rows, whose cells are as high as the picture in their width.
type fitting struct{ g *gridPane }

// MinSize implements fyne.Layout.
func (f fitting) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[0].MinSize() }

// Layout implements fyne.Layout.
func (f fitting) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Resize(size)
	f.g.fit(size.Width)
}

// fit chooses the height of the cells.
func (g *gridPane) fit(width float32) {
	g.wide = width
	high := float32(mostCell)
	if size := g.links.size; size.X > 0 {
		aspect := float32(size.Y) / float32(size.X)
		if k := g.c.State().Look; k != nil && k.Image.Scan != nil {
			aspect *= float32(k.Image.Scan.Geometry.Aspect)
		}
		high = min(max(cells{columns: g.columns}.width(width)*aspect, leastCell), mostCell)
	}
	if high = float32(int(high)); high != g.high {
		g.high = high
		g.list.Refresh()
	}
}

// fillHead writes a class above its column.
func (g *gridPane) fillHead(one *head, s *comparison.Sheet, i int) {
	name, value := g.c.State().Model.ClassName(s.Classes[i]), ""
	for _, c := range s.Look.Ranked {
		if c.Index == s.Classes[i] {
			name, value = c.Name, words.Score(float64(c.Probability), 0)
		}
	}
	one.set(name, value, i == s.Focus && len(s.Rows) > 1)
}

// setBase makes the small picture of the current one.
func (g *gridPane) setBase() {
	shown := g.c.Shown()
	if shown == nil || shown == g.shown {
		return
	}
	g.shown = shown
	task.Start(g.shrink, func(context.Context, func(func())) (grounds, error) {
		return groundsOf(shown, smallest), nil
	}, func(made grounds, err error) {
		if err == nil {
			g.links.setPicture(made)
			g.fit(g.wide)
			g.redraw()
		}
	})
}

// redraw draws all maps again.
func (g *gridPane) redraw() {
	if g.m.View() != comparison.ByMethod || g.c.State().Workspace != control.Compare {
		return
	}
	for _, r := range g.rows {
		r.drawn = rowLook{}
	}
	g.show()
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
	r.lo.SetText(spelling.Number(scale.Range.Lo))
	high := spelling.Number(scale.Range.Hi)
	if scale.Range.Lo < 0 && scale.Range.Hi > 0 {
		high = "+" + high
	}
	r.hi.SetText(high)
}

// pointed tells which pixel is under the pointer; its values stand on the maps.
func (g *gridPane) pointed(x, y int, inside bool) {
	k := g.c.State().Look
	if !inside || k == nil {
		g.readout.SetText(resting(k))
		return
	}
	g.readout.SetText(fmt.Sprintf("x %d  y %d%s", x, y, scanpane.Position(k, x, y)))
}

// resting is what the read-out says while nothing is pointed at: the picture, of a
// scan with its slice.
func resting(k *control.Look) string {
	if k == nil {
		return " "
	}
	return k.Name
}

// save asks where the sheet goes.
func (g *gridPane) save() {
	b, err := g.m.Board(g.apart())
	if err != nil {
		g.c.Tell("save the comparison", err)
		return
	}
	name := g.m.Sheet().Look.FileName() + "-methods.png"
	g.host.Ask(widgets.Question{Title: "Save the sheet as PNG, with CSV and JSON", Kind: "Pictures", Extensions: []string{"png"}, Save: name}, func(path string) {
		g.host.Replacing(comparison.SheetFiles(path), func() { g.m.SaveSheet(path, b) })
	})
}

// headHeight is that of the names above the columns.
const headHeight = 40

// head is a class above its column; a click shows the agreement about it.
type head struct {
	widget.BaseWidget
	name, value *canvas.Text
	mark        *canvas.Rectangle
	words       string
	tapped      func()
}

func newHead(tapped func()) *head {
	h := &head{name: canvas.NewText("", nil), value: canvas.NewText("", nil), mark: canvas.NewRectangle(nil), tapped: tapped}
	h.name.TextSize, h.value.TextSize = theme.TextSize(), theme.CaptionTextSize()
	h.ExtendBaseWidget(h)
	return h
}

// set shows a class with its score; chosen underlines it.
func (h *head) set(name, value string, chosen bool) {
	h.words, h.value.Text = name, value
	h.name.TextStyle.Bold = chosen
	widgets.Visible(h.mark, chosen)
	h.Refresh()
}

// Tapped implements fyne.Tappable.
func (h *head) Tapped(*fyne.PointEvent) { h.tapped() }

// CreateRenderer implements fyne.Widget.
func (h *head) CreateRenderer() fyne.WidgetRenderer { return &headRenderer{h} }

type headRenderer struct{ h *head }

func (r *headRenderer) Layout(size fyne.Size) {
	h := r.h
	h.name.Text = shorten(h.words, size.Width-4, h.name.TextSize, h.name.TextStyle)
	h.name.Move(fyne.NewPos(2, 0))
	h.value.Move(fyne.NewPos(2, h.name.MinSize().Height-1))
	h.mark.Move(fyne.NewPos(0, size.Height-2))
	h.mark.Resize(fyne.NewSize(size.Width, 2))
}

func (r *headRenderer) MinSize() fyne.Size { return fyne.NewSize(40, headHeight) }

func (r *headRenderer) Refresh() {
	h := r.h
	h.name.Color, h.value.Color, h.mark.FillColor = theme.Color(theme.ColorNameForeground), theme.Color(theme.ColorNamePlaceHolder), theme.Color(theme.ColorNamePrimary)
	r.Layout(h.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
}

func (r *headRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.h.mark, r.h.name, r.h.value}
}
func (r *headRenderer) Destroy() {}

// shorten cuts a text to a width.
func shorten(text string, width, size float32, style fyne.TextStyle) string {
	letters := []rune(text)
	for fyne.MeasureText(string(letters), size, style).Width > width && len(letters) > 1 {
		letters = append(letters[:len(letters)-2], '…')
	}
	return string(letters)
}
