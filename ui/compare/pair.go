package compare

import (
	"context"
	"fmt"
	"image"
	"math"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/score"
	"picasso/ui/control"
	"picasso/ui/control/comparison"
	"picasso/ui/control/task"
	"picasso/ui/drawing"
	"picasso/ui/report"
	"picasso/ui/scanpane"
	"picasso/ui/widgets"
	"picasso/ui/words"
	"picasso/visualizers/render"
	"picasso/visualizers/spelling"
)

// pairPane shows the maps of two models and their difference, and the pictures by how
// far the models disagree about them.
type pairPane struct {
	host     Host
	c        *control.Controller
	m        *comparison.Controller
	box      fyne.CanvasObject
	heads    [3]*head
	links    linked
	maps     strip // scale of both maps
	apart    strip // and of their difference
	sentence *widget.Label
	notes    *widget.Label
	left     *widget.Label
	more     *widget.Button
	none     *widget.Label
	choose   *widget.Button // where there is no second model yet
	readout  *widget.Label
	table    *listPane
	making   *task.Task
	drawing  *task.Task
	shown    *image.RGBA
	drawn    *comparison.Pair
	overlays [3]*image.RGBA
	flicker  bool
}

// strip is a scale along a line, with its unit.
type strip struct {
	box    *fyne.Container
	image  *canvas.Image
	lo, hi *widget.Label
	unit   *widget.Label
}

func newStrip() strip {
	s := strip{image: &canvas.Image{FillMode: canvas.ImageFillStretch, ScaleMode: canvas.ImageScaleFastest}, lo: widgets.Faint(""), hi: widgets.Faint(""), unit: widgets.Faint("")}
	s.unit.Truncation = fyne.TextTruncateEllipsis
	thin := container.New(layout.NewCustomPaddedLayout(12, 12, 0, 0), widgets.AtLeast(90, 0, s.image))
	s.box = widgets.Tight(container.NewBorder(nil, nil, s.lo, s.hi, thin), s.unit)
	return s
}

func (s strip) set(scale render.Scale, unit string) {
	s.image.Image = render.Bar(256, 1, scale.Colors, scale.Range)
	s.image.Refresh()
	low, high := drawing.EndsApart(scale.Range.Lo, scale.Range.Hi)
	s.lo.SetText(low)
	s.hi.SetText(high)
	s.unit.SetText(unit)
}

func newPairPane(h Host, c *control.Controller, m *comparison.Controller) *pairPane {
	p := &pairPane{host: h, c: c, m: m, maps: newStrip(), apart: newStrip(), sentence: widget.NewLabel(""), notes: widgets.Faint(""), left: widgets.Faint(""),
		none: widget.NewLabel(""), readout: widgets.Faint(" "), making: c.NewTask(), drawing: c.NewTask()}
	p.links = linked{c: c, pointed: p.pointed}
	p.sentence.TextStyle.Bold = true
	p.sentence.Wrapping, p.notes.Wrapping, p.none.Wrapping = fyne.TextWrapWord, fyne.TextWrapWord, fyne.TextWrapWord
	p.none.Alignment = fyne.TextAlignCenter
	p.readout.TextStyle.Monospace, p.readout.Truncation, p.left.Truncation = true, fyne.TextTruncateEllipsis, fyne.TextTruncateEllipsis
	p.more = widget.NewButton("Compute", func() {
		m.ContinuePair()
		h.Unfocus()
	})
	p.choose = widget.NewButtonWithIcon("Choose the second model…", theme.FolderOpenIcon(), func() { chooseSecond(h, m) })
	high := float32(headHeight)
	heads := container.New(cells{3, &high})
	least := float32(leastCell)
	viewers := container.New(cells{3, &least})
	for i := range p.heads {
		p.heads[i] = newHead(func() {})
		heads.Add(p.heads[i])
		one := p.links.add("")
		one.image.OnTapped = func(int, int) { p.openTab(i) }
		viewers.Add(one.image)
	}
	scales := container.NewGridWithColumns(2, p.maps.box, p.apart.box)
	told := container.NewVScroll(widgets.Tight(p.sentence, p.notes))
	told.SetMinSize(fyne.NewSize(0, 76))
	state := container.NewBorder(nil, nil, nil, p.more, p.left)
	empty := container.NewCenter(container.NewVBox(widgets.AtLeast(320, 0, p.none), container.NewCenter(p.choose)))
	upper := container.NewBorder(heads, container.NewVBox(scales, p.readout, told, state), nil, nil, container.NewStack(viewers, empty))
	p.table = newListPane(h, c, m)
	split := container.NewVSplit(upper, p.table.box)
	split.SetOffset(.72)
	p.box = split
	return p
}

// chooseSecond asks for the second model.
func chooseSecond(h Host, m *comparison.Controller) {
	h.Ask(widgets.Question{Title: "Compare with another model", Kind: "ONNX models", Extensions: []string{"onnx"}}, m.CompareWith)
	h.Unfocus()
}

// openTab leads from the first model's map to its tab.
func (p *pairPane) openTab(part int) {
	if pair := p.m.Pair(); part == report.PartA && pair != nil && pair.Compared.Class != nil {
		p.host.ShowMap(p.m.Method(), pair.Compared.Class.A.Index)
		return
	}
	p.host.Hint("Only the open model has tabs; open the second one to see its map there.")
}

// show brings the pane up to date.
func (p *pairPane) show() {
	pair, second := p.m.Pair(), p.m.Second()
	p.none.SetText(p.lacking(pair, second))
	widgets.Visible(p.none, p.none.Text != "")
	widgets.Visible(p.choose, second.Path == "" && p.c.State().Model != nil)
	p.showHeads(pair, second)
	p.showState(pair)
	p.showWords(pair)
	if !p.links.inside {
		p.readout.SetText(resting(p.c.State().Look))
	}
	p.setBase(pair)
	p.draw(pair)
	p.table.show()
}

// lacking says why there is nothing to see, "" where there is.
func (p *pairPane) lacking(pair *comparison.Pair, second comparison.Second) string {
	s := p.c.State()
	switch {
	case s.Model == nil:
		return "Open a model and add pictures; then choose a second model to compare it with."
	case second.Path == "":
		return "A is the open model. Choose the second model, B, or drop it here: both then explain the same pictures, each with its own preparation."
	case second.Err != nil:
		if said := words.Say("open the second model", second.Err); said != nil {
			return said.Text
		}
	case second.Model == nil:
		return "Opening " + second.Name + ": " + second.Stage
	case len(s.Images) == 0:
		return "Add pictures to compare the models on."
	case pair == nil && !s.Looking:
		return "The first model has no answer for this picture, so there is nothing to compare."
	}
	return ""
}

// showHeads names the models with what they answer.
func (p *pairPane) showHeads(pair *comparison.Pair, second comparison.Second) {
	names := [3]string{"A: " + p.c.State().About.Name, "B: " + second.Name, "A − B"}
	if second.Path == "" {
		names[1] = "B: no model yet"
	}
	if p.c.State().Model == nil {
		names[0] = "A: no model yet"
	}
	var values [3]string
	if pair.Answered() {
		values[0], values[1] = answer(pair.Compared.A), answer(pair.Compared.B)
		values[2] = "difference of the maps"
	}
	for i, h := range p.heads {
		h.set(names[i], values[i], false)
	}
}

// answer is a model's best class with its probability.
func answer(m report.ComparedModel) string {
	if len(m.Predictions) == 0 {
		return ""
	}
	best := m.Predictions[0]
	return best.Name + "  " + words.Score(float64(best.Probability), score.Probability)
}

// showState says what is being done, and offers what was not begun.
func (p *pairPane) showState(pair *comparison.Pair) {
	text := ""
	switch {
	case pair == nil:
	case pair.Status == comparison.Running:
		text = "computing " + pair.Stage
	case pair.Status == comparison.Failed:
		if said := words.Say("", pair.Err); said != nil {
			text = said.Text
		}
	case p.m.AskingPair():
		text = "The maps were not computed: " + pair.Cost.String() + " for both models."
	}
	p.left.SetText(text)
	widgets.Visible(p.more, p.m.AskingPair())
}

// showWords says what both models answer and how alike their maps are.
func (p *pairPane) showWords(pair *comparison.Pair) {
	if !pair.Answered() {
		p.sentence.SetText("")
		p.notes.SetText("")
		return
	}
	c := pair.Compared
	text := c.Sentence()
	if !pair.Mapped && pair.Status != comparison.Ready && c.Class != nil { // the maps are on their way
		text = strings.TrimSuffix(strings.TrimSuffix(text, "only the answers are compared"), "; ")
	}
	p.sentence.SetText(words.Sentence(text))
	var said []string
	for _, note := range c.Notes {
		said = append(said, words.Sentence(note))
	}
	p.notes.SetText(strings.Join(said, " "))
}

// setBase makes the picture below the maps.
func (p *pairPane) setBase(pair *comparison.Pair) {
	shown := p.c.Shown()
	if p.m.Second().Path == "" || shown == nil {
		p.shown = nil
		p.links.setPicture(grounds{})
		return
	}
	if shown == p.shown {
		return
	}
	p.shown = shown
	task.Start(p.making, func(context.Context, func(func())) (grounds, error) {
		return groundsOf(shown, sharpest), nil
	}, func(made grounds, err error) {
		if err == nil {
			p.links.setPicture(made)
			p.drawn = nil
			p.show()
		}
	})
}

// sharpest is the longer side of the pictures of two models, in pixels.
const sharpest = 900

// draw draws both maps and their difference in the background.
func (p *pairPane) draw(pair *comparison.Pair) {
	if pair == nil || !pair.Mapped || p.links.base == nil {
		p.drawing.Stop()
		p.drawn, p.overlays = nil, [3]*image.RGBA{}
		widgets.Visible(p.maps.box, false)
		widgets.Visible(p.apart.box, false)
		p.lay(pair)
		return
	}
	if pair == p.drawn {
		return
	}
	p.drawn = pair
	parts, size, small := pair.Parts, p.links.size, p.links.base.Rect.Size()
	task.Start(p.drawing, func(context.Context, func(func())) (out [3]*image.RGBA, err error) {
		for i, f := range parts {
			out[i] = heat(f.Map, f.At, size, small, f.Display.Style(f.Map, f.Scan))
		}
		return out, nil
	}, func(out [3]*image.RGBA, err error) {
		if err != nil {
			return
		}
		p.overlays = out
		scale := func(i int) render.Scale {
			f := parts[i]
			return f.Display.Style(f.Map, f.Scan).Scale(drawing.Field(f.Map))
		}
		widgets.Visible(p.maps.box, true)
		widgets.Visible(p.apart.box, true)
		p.maps.set(scale(report.PartA), "A, B: "+pair.Compared.Unit)
		p.apart.set(scale(report.PartDifference), "A − B")
		p.lay(pair)
	})
}

// lay puts the maps into their viewers; with the key of flickering held, the first
// shows the second model's.
func (p *pairPane) lay(pair *comparison.Pair) {
	state := ""
	if pair != nil && !pair.Mapped && pair.Status == comparison.Running {
		state = "computing…"
	}
	for i, one := range p.links.list {
		from := i
		if i == report.PartA && p.flicker {
			from = report.PartB
		}
		one.image.SetState(state, false)
		if pair == nil || !pair.Mapped || p.overlays[from] == nil {
			one.set(nil, nil, render.Rect{}, "")
			p.links.ground(one, drawing.Display{}, false)
			continue
		}
		f := pair.Parts[from]
		p.links.ground(one, f.Display, true)
		one.set(&f.Map, p.overlays[from], f.At, map[bool]string{true: "B"}[from != i])
	}
}

// Flicker shows the second model's map in the first one's place while a key is held.
func (p *pairPane) Flicker(on bool) {
	if p.flicker != on {
		p.flicker = on
		p.lay(p.m.Pair())
	}
}

// redraw draws everything again.
func (p *pairPane) redraw() {
	if p.m.View() == comparison.ByModel && p.c.State().Workspace == control.Compare {
		p.show()
	}
}

// pointed tells which pixel is under the pointer; its values stand on the maps.
func (p *pairPane) pointed(x, y int, inside bool) {
	k := p.c.State().Look
	if !inside || k == nil {
		p.readout.SetText(resting(k))
		return
	}
	p.readout.SetText(strings.TrimSpace(fmt.Sprintf("x %d  y %d  %s", x, y, scanpane.Position(k, x, y))))
}

// save asks where the table of the pictures goes.
func (p *pairPane) save() {
	if len(p.m.Rows()) == 0 {
		p.c.Tell("save the comparison", comparison.ErrNoRows)
		return
	}
	p.host.Ask(widgets.Question{Title: "Save the pictures with both answers as CSV", Kind: "Tables", Extensions: []string{"csv"}, Save: "compare.csv"}, func(path string) {
		p.host.Replacing([]string{path}, func() { p.m.SaveTable(path) })
	})
}

// listPane are the pictures, what the models disagree about most first.
type listPane struct {
	host  Host
	c     *control.Controller
	m     *comparison.Controller
	box   fyne.CanvasObject
	title *widget.Label
	all   *widget.Button
	list  *widget.List
	rows  []comparison.ListRow
}

// listColumns are the columns of the table: their heads and shares of the width.
var listColumns = []string{"Picture", "A answers", "B answers", "ΔP (A − B)", "Spearman"}

func newListPane(h Host, c *control.Controller, m *comparison.Controller) *listPane {
	p := &listPane{host: h, c: c, m: m, title: widgets.Heading("PICTURES BY DISAGREEMENT")}
	p.title.Truncation = fyne.TextTruncateEllipsis
	p.all = widget.NewButton("Compare all pictures", func() {
		m.CompareAll()
		h.Unfocus()
	})
	p.list = widget.NewList(func() int { return len(p.rows) }, func() fyne.CanvasObject { return newListRow() }, func(i widget.ListItemID, o fyne.CanvasObject) { p.fill(i, o.(*fyne.Container)) })
	p.list.OnSelected = func(i widget.ListItemID) {
		p.list.UnselectAll()
		if i < len(p.rows) {
			h.SelectImage(p.rows[i].Picture)
		}
		h.Unfocus()
	}
	head := newListRow()
	for i, o := range head.Objects {
		label := o.(*widget.Label)
		label.TextStyle.Bold = true
		label.SetText(listColumns[i])
	}
	top := container.NewBorder(nil, nil, nil, p.all, p.title)
	p.box = container.NewBorder(container.NewVBox(top, head), nil, nil, nil, p.list)
	return p
}

func newListRow() *fyne.Container {
	row := container.NewGridWithColumns(len(listColumns))
	for range listColumns {
		label := widgets.Faint("")
		label.Importance = widget.MediumImportance
		label.Truncation = fyne.TextTruncateEllipsis
		row.Add(label)
	}
	return row
}

func (p *listPane) show() {
	p.rows = p.m.Rows()
	left := p.m.Uncompared()
	text := "PICTURES BY DISAGREEMENT"
	if n := len(p.rows); n > 0 {
		text += fmt.Sprintf(": %d OF %d COMPARED", n, n+left)
	}
	p.title.SetText(text)
	widgets.Visible(p.all, left > 0 && p.m.Second().Model != nil && !p.m.Comparing())
	button := fmt.Sprintf("Compare all %d pictures", left)
	if len(p.rows) > 0 {
		button = fmt.Sprintf("Compare %d more", left)
	}
	p.all.SetText(button)
	p.list.Refresh()
}

func (p *listPane) fill(i int, row *fyne.Container) {
	if i >= len(p.rows) {
		return
	}
	r := p.rows[i]
	set := func(k int, text string, importance widget.Importance) {
		label := row.Objects[k].(*widget.Label)
		label.Importance = importance
		label.SetText(text)
	}
	set(0, r.Picture.Name, widget.MediumImportance)
	if r.Err != nil {
		text := "cannot be compared"
		if said := words.Say("", r.Err); said != nil {
			text = said.Text
		}
		set(1, text, widget.DangerImportance)
		for k := 2; k < len(listColumns); k++ {
			set(k, "", widget.MediumImportance)
		}
		return
	}
	importance := widget.MediumImportance
	if c := r.Compared; c.SameAnswer != nil && !*c.SameAnswer {
		importance = widget.WarningImportance
	}
	set(1, answer(r.Compared.A), importance)
	set(2, answer(r.Compared.B), importance)
	set(3, signed(r.Compared.DeltaProbability), widget.MediumImportance)
	set(4, plain(r.Compared.Spearman), widget.MediumImportance)
}

func signed(n report.Number) string {
	if math.IsNaN(float64(n)) {
		return "–"
	}
	return spelling.Signed(float64(n))
}

func plain(n report.Number) string {
	if math.IsNaN(float64(n)) {
		return "–"
	}
	return fmt.Sprintf("%.2f", float64(n))
}
