package explain

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/score"
	"picasso/ui/control"
	"picasso/ui/scanpane"
	"picasso/ui/viewer"
	"picasso/ui/widgets"
	"picasso/ui/words"
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
}

func newMontagePane(h Host, c *control.Controller) *montagePane {
	p := &montagePane{c: c, title: widgets.Heading("SLICES"), none: widget.NewLabel("No slice is marked. Show one and mark it with *.")}
	p.none.Alignment = fyne.TextAlignCenter
	p.keys = widget.NewCheck("key slices only", func(on bool) {
		if !p.mute {
			c.OpenMontage(on)
			h.Unfocus()
		}
	})
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
	p.box = container.NewBorder(head, nil, nil, nil, container.NewStack(p.list, container.NewCenter(p.none)))
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
		t.SetPicture(m)
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

// show draws the montage, or hides it where there is none.
func (p *montagePane) show() {
	m := p.c.State().Montage
	widgets.Visible(p.box, m != nil)
	if m == nil {
		p.shown = nil
		return
	}
	p.mute = true
	p.keys.SetChecked(m.Keys)
	p.mute = false
	p.title.SetText(words.Count(len(m.Slices), "SLICE", "SLICES"))
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
	}
}
