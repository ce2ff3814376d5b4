package explain

import (
	"fmt"
	"image"
	"reflect"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/score"
	"picasso/ui/control"
	"picasso/ui/control/kept"
	"picasso/ui/drawing"
	"picasso/ui/scanpane"
	"picasso/ui/viewer"
	"picasso/ui/widgets"
	"picasso/ui/words"
	"picasso/visualizers"
	"picasso/visualizers/render"
)

// montagePane shows the slices of a series beside each other, in the place of
// the picture.
type montagePane struct {
	c     *control.Controller
	box   *fyne.Container
	title *widget.Label
	keys  *widget.Check
	none  *widget.Label
	list  *widget.GridWrap
	shown *control.Montage
	mute  bool

	maps  *widget.Check
	there *widget.Label  // how many maps there are
	more  *widget.Button // makes the others
	bar   *viewer.ColorBar
	over  map[int]overlaid
}

// overlaid is a slice with its map, as it was drawn last.
type overlaid struct {
	tile *control.Tile
	of   *kept.Map
	look mapLook
	m    *image.RGBA
}

// mapLook is all that the drawing of a map depends on besides map and slice.
type mapLook struct {
	display drawing.Display
	scale   drawing.Range
}

func newMontagePane(h Host, c *control.Controller) *montagePane {
	p := &montagePane{c: c, over: map[int]overlaid{}, bar: viewer.NewColorBar(), there: widgets.Faint(""), title: widgets.Heading("SLICES"), none: widget.NewLabel("No slice is marked. Show one and mark it with *.")}
	p.none.Alignment = fyne.TextAlignCenter
	p.keys = widget.NewCheck("key slices only", func(on bool) {
		if !p.mute {
			c.OpenMontage(on)
			h.Unfocus()
		}
	})
	p.maps = widget.NewCheck("maps", func(on bool) {
		if !p.mute {
			c.ShowMaps(on)
			h.Unfocus()
		}
	})
	p.more = widget.NewButton("", func() {
		c.ExplainSeries()
		h.Unfocus()
	})
	p.there.Truncation = fyne.TextTruncateEllipsis
	back := widget.NewButton("Back to the picture", c.CloseMontage)
	p.list = widget.NewGridWrap(
		func() int { return len(p.slices()) },
		func() fyne.CanvasObject { return viewer.NewTile("") },
		func(i widget.GridWrapItemID, o fyne.CanvasObject) { p.draw(i, o.(*viewer.Thumb)) })
	p.list.OnSelected = func(i widget.GridWrapItemID) {
		p.list.UnselectAll()
		p.choose(i)
	}
	head := container.NewBorder(nil, nil, container.NewHBox(scanpane.NewStrip(), p.title), container.NewHBox(p.keys, back))
	below := container.NewBorder(nil, nil, p.maps, p.more, p.there)
	p.box = container.NewBorder(container.NewVBox(head, below), nil, nil, p.bar, container.NewStack(p.list, container.NewCenter(p.none)))
	p.box.Hide()
	return p
}

// slices are those of the montage.
func (p *montagePane) slices() []int {
	if m := p.c.State().Montage; m != nil {
		return m.Slices
	}
	return nil
}

// choose shows a slice alone.
func (p *montagePane) choose(i int) {
	if list := p.slices(); i >= 0 && i < len(list) {
		slice := list[i]
		p.c.CloseMontage()
		p.c.SelectSlice(slice)
	}
}

// draw fills a tile, which the list uses again and again.
func (p *montagePane) draw(i int, t *viewer.Thumb) {
	list := p.slices()
	if i < 0 || i >= len(list) {
		return
	}
	slice, pic := list[i], p.c.State().Selected()
	if pic == nil || slice >= len(pic.Answers) {
		return
	}
	name := fmt.Sprintf("slice %d", slice+1)
	if p.c.IsKey(slice) {
		name += " (key)"
	}
	t.OnTapped = func() { p.choose(i) }
	if m := p.c.Tile(slice); m != nil {
		t.SetPicture(p.mapped(slice, m))
	} else {
		t.SetPicture(nil)
	}
	fault := ""
	if pic.Answers[slice].Err != nil {
		fault = "cannot be used"
	}
	t.SetTexts(name, p.score(pic.Answers[slice]), fault)
	t.SetSelected(slice == pic.Slice)
}

// score is that of the curve's class on a slice.
func (p *montagePane) score(a control.Answered) string {
	if !a.Known() || p.c.State().Model == nil {
		return ""
	}
	t := p.c.CurveTarget()
	v, err := t.Value(a.Scores)
	if err != nil {
		return ""
	}
	text := words.Score(v, t.Score) + " " + p.c.State().Model.ClassName(t.Class)
	if t.Against != score.NoClass {
		text += " − " + p.c.State().Model.ClassName(t.Against)
	}
	return text
}

// mapped is a slice with its map over it, if it has one.
func (p *montagePane) mapped(slice int, t *control.Tile) *image.RGBA {
	of, model, m := p.c.MapOn(slice), p.c.State().Model, p.c.State().Montage
	if of == nil || model == nil || m == nil {
		return t.Image
	}
	look := mapLook{p.c.State().Panel().Display, m.Range}
	if was := p.over[slice]; was.tile == t && was.of == of && reflect.DeepEqual(was.look, look) {
		return was.m
	}
	_, h, w := model.Shape()
	one := of.Open()
	style := look.display.Style(one, true)
	style.Range = &render.Range{Lo: look.scale.Lo, Hi: look.scale.Hi}
	at := resized(drawing.Place(one, t.Place, w, h, t.Size), t.Size, t.Image.Rect.Size())
	ground := newGround(t.Image)
	out := render.Overlay(ground.under(look.display, true), drawing.Field(one), at, style)
	p.over[slice] = overlaid{t, of, look, out}
	return out
}

// showMaps tells what maps there are, shows their scale, and offers the others with
// what they take.
func (p *montagePane) showMaps(m *control.Montage) {
	p.mute = true
	p.maps.SetChecked(m.Maps)
	p.mute = false
	panel := p.c.State().Panel()
	p.there.SetText("")
	widgets.Visible(p.bar, m.Maps && m.Mapped > 0)
	if !m.Maps || p.c.State().Model == nil {
		widgets.Visible(p.more, false)
		return
	}
	n := m.Picture.Slices()
	text := fmt.Sprintf("%s on %d of %d slices", panel.Info.Title, m.Mapped, n)
	if m.Mapped > 0 {
		p.showScale(m, panel.Display)
		text += ", one scale"
	}
	if walk := p.c.State().Walk; walk != nil {
		text = fmt.Sprintf("%s: %d of %d slices explained", panel.Info.Title, walk.Done, walk.Total)
	}
	left, cost, known := p.c.MapsCost()
	widgets.Visible(p.more, left > 0)
	if left > 0 {
		p.more.SetText(fmt.Sprintf("Explain the other %d", left))
		if left == n {
			p.more.SetText("Explain all slices")
		}
		if known {
			text += "; the others: " + montageCost(cost)
		}
	}
	p.there.SetText(text)
}

// montageCost is what maps take: the time where it is known, else the images.
func montageCost(cost visualizers.Preview) string {
	if cost.Time > 0 {
		return "about " + visualizers.Spoken(cost.Time)
	}
	return cost.String()
}

// showScale shows the scale of all maps.
func (p *montagePane) showScale(m *control.Montage, display drawing.Display) {
	for _, i := range m.Slices {
		if of := p.c.MapOn(i); of != nil {
			one := of.Open()
			style := display.Style(one, true)
			style.Range = &render.Range{Lo: m.Range.Lo, Hi: m.Range.Hi}
			p.bar.SetScale(style.Scale(drawing.Field(one)))
			p.bar.SetUnit(one.Unit)
			return
		}
	}
	p.bar.Hide() // of the key slices none has a map
}

// show draws the montage, or hides it where there is none.
func (p *montagePane) show() {
	m := p.c.State().Montage
	widgets.Visible(p.box, m != nil)
	if m == nil {
		p.shown = nil
		clear(p.over)
		return
	}
	p.mute = true
	p.keys.SetChecked(m.Keys)
	p.mute = false
	p.title.SetText(words.Count(len(m.Slices), "SLICE", "SLICES"))
	p.showMaps(m)
	widgets.Visible(p.none, len(m.Slices) == 0)
	p.list.Refresh()
	if p.shown != m {
		p.shown = m
		for i, slice := range m.Slices {
			if pic := p.c.State().Selected(); pic != nil && slice == pic.Slice {
				p.list.ScrollTo(i)
			}
		}
	}
}

// progress tells how far the run over the slices is.
func (p *montagePane) progress() {
	if m := p.c.State().Montage; m != nil {
		p.showMaps(m)
	}
}

// again makes the list of key slices anew after one was marked.
func (p *montagePane) again() {
	if m := p.c.State().Montage; m != nil {
		p.c.OpenMontage(m.Keys)
	}
}

func (p *montagePane) draws() []control.Draw {
	return []control.Draw{
		control.On(p.show, control.AnswersChanged, control.TargetChanged),
		control.On(p.again, control.KeysChanged),
		control.On(p.c.FindMaps, control.WalkChanged, control.TargetChanged, control.ValuesChanged, control.PanelChanged, control.TabChanged),
		control.On(p.progress, control.WalkChanged),
	}
}
