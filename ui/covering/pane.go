// Package covering is the pane beside a picture that is covered by hand: the answer
// before and now, the brush and the fill, and the states to go back to.
package covering

import (
	"fmt"
	"image"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/score"
	"picasso/ui/control"
	"picasso/ui/control/covering"
	"picasso/ui/viewer"
	"picasso/ui/widgets"
	"picasso/ui/words"
	"picasso/visualizers/cover"
	"picasso/visualizers/spelling"
)

// Host is the window around the pane.
type Host interface {
	widgets.Host
	// Ask lets the user choose a file.
	Ask(q widgets.Question, use func(path string))
}

// Picture is what is painted on.
type Picture interface {
	// Cover shows the picture while it is covered, with what is covered; stroke gets
	// what is drawn with a brush of a width in units of the window.
	Cover(on bool, layer *image.RGBA, width float64, stroke func(viewer.Stroke))
}

// brushSteps are those of the slider of the brush, of two units each.
const brushSteps, brushStep = 60, 2.0

// mostStates are the states that are shown to go back to.
const mostStates = 20

// Pane is everything beside the picture.
type Pane struct {
	Box   fyne.CanvasObject
	under fyne.CanvasObject // in its place while nothing is covered

	host    Host
	c       *control.Controller
	k       *covering.Controller
	picture Picture

	answer, change *widget.Label
	flip           *widget.Icon // beside change, where the answer is another one
	bars           *viewer.Bars
	share          *widget.Label
	failed         *widgets.Fault // why there is no answer
	fill           *widgets.Combo
	filled         string // that the field showed last; what is being written stays
	fault          *widgets.Fault
	brush          *widgets.Slider
	soft, erase    *widget.Check
	use, whole     *widget.Button
	of             *widget.Label // what the values of the states are of
	states         *widget.GridWrap
	film           *widget.Button
	shown          covering.Shown
	mute           bool
}

// New makes the pane.
func New(h Host, c *control.Controller, picture Picture) *Pane {
	p := &Pane{host: h, c: c, k: covering.New(c), picture: picture, answer: widget.NewLabel(""), change: widgets.Faint(""), share: widgets.Faint(""), bars: viewer.NewBars()}
	p.answer.SizeName, p.answer.TextStyle.Bold, p.answer.Truncation = theme.SizeNameHeadingText, true, fyne.TextTruncateEllipsis
	p.share.Truncation = fyne.TextTruncateEllipsis // its one line moves nothing
	p.failed = widgets.NewFault()
	p.change.Wrapping, p.change.Truncation = fyne.TextWrapOff, fyne.TextTruncateEllipsis
	p.flip = widget.NewIcon(theme.NewWarningThemedResource(theme.WarningIcon()))
	p.bars.OnSelect = func(class int) { c.SetTarget(class, score.NoClass) }
	p.Box = widgets.Roomy(container.NewBorder(p.head(), nil, nil, nil, container.NewVScroll(widgets.Roomy(container.NewVBox(
		p.brushes(), p.fills(), p.buttons(), widget.NewSeparator(), p.strip(),
	)))))
	p.Box.Hide()
	return p
}

// Over puts the pane over another one, which is seen while nothing is covered.
func (p *Pane) Over(other fyne.CanvasObject) fyne.CanvasObject {
	p.under = other
	return container.NewStack(other, p.Box)
}

// head are the answers.
func (p *Pane) head() fyne.CanvasObject {
	done := widget.NewButton("Done", func() { p.k.Open(false) })
	title := container.NewBorder(nil, nil, nil, done, widgets.Heading("COVERED BY HAND"))
	return container.NewVBox(title, p.answer, container.NewBorder(nil, nil, p.flip, nil, p.change), widgets.AtLeast(0, barsHeight, p.bars), p.share, p.failed, widget.NewSeparator())
}

// barsHeight is that of the list of classes.
const barsHeight = 190

// brushes are the controls of the brush.
func (p *Pane) brushes() fyne.CanvasObject {
	const help = "How wide the brush is on the screen ([ and ]). Zoom in to paint more finely."
	p.brush = widgets.NewSlider(p.host, help, brushSteps, func(step int) { p.k.SetBrush(float64(step) * brushStep) })
	p.soft = p.check("soft", p.k.SetSoft)
	p.erase = p.check("uncover", p.k.SetErase)
	label := widgets.NewHelpLabel(p.host, "Brush", help)
	return container.NewVBox(widgets.Tight(label, p.brush), container.NewHBox(p.soft, p.erase))
}

func (p *Pane) check(text string, set func(bool)) *widget.Check {
	return widget.NewCheck(text, func(on bool) {
		if !p.mute {
			set(on)
			p.host.Unfocus()
		}
	})
}

// fills choose what is put in the place of what is covered.
func (p *Pane) fills() fyne.CanvasObject {
	p.fault = widgets.NewFault()
	p.fill = widgets.NewCombo(cover.HandFill.Options, p.host.Unfocus)
	p.fill.OnChanged = func(text string) { // half a number is none; Enter takes a whole one
		if !p.mute && slices.Contains(cover.HandFill.Options, text) {
			p.take(text)
		}
	}
	p.fill.OnRestored = func() { p.fault.Say("") }
	p.fill.OnSubmitted = func(text string) {
		if p.take(text) {
			p.host.Unfocus()
		}
	}
	label := widgets.NewHelpLabel(p.host, "Fill", cover.HandFill.Doc)
	return container.NewVBox(widgets.Halves(label, p.fill), p.fault)
}

func (p *Pane) take(text string) bool {
	if err := p.k.SetFill(text); err != nil {
		p.fault.Say(words.Sentence(err.Error()))
		return false
	}
	p.fault.Say("")
	return true
}

// buttons change all of the cover at once, and use it.
func (p *Pane) buttons() fyne.CanvasObject {
	p.use = widget.NewButton("Use as picture", p.k.Use)
	p.use.Importance = widget.HighImportance
	p.whole = widget.NewButton("Use the whole picture", p.k.UseWhole)
	return container.NewVBox(
		container.NewGridWithColumns(2, widget.NewButton("Keep only this", p.k.KeepOnly), widget.NewButton("Uncover all", p.k.UncoverAll)),
		p.use, p.whole)
}

// strip are the states to go back to.
func (p *Pane) strip() fyne.CanvasObject {
	p.states = widget.NewGridWrap(
		func() int { return min(len(p.shown.States), mostStates) },
		func() fyne.CanvasObject { return viewer.NewThumb("") },
		func(i widget.GridWrapItemID, o fyne.CanvasObject) { p.drawState(i, o.(*viewer.Thumb)) })
	p.states.OnSelected = func(i widget.GridWrapItemID) { // by keyboard
		p.states.UnselectAll()
		if at := p.state(i); at >= 0 {
			p.k.GoTo(p.shown.States[at].ID)
		}
	}
	p.of = widgets.Heading("")
	p.of.Truncation = fyne.TextTruncateEllipsis
	p.film = widget.NewButton("Save as GIF…", p.saveFilm)
	return container.NewVBox(container.NewBorder(nil, nil, nil, p.film, p.of), widgets.AtLeast(0, stripHeight, p.states))
}

// stripHeight is that of the states.
const stripHeight = 260

// state is the place among all states of the i-th that is shown: the newest come first.
func (p *Pane) state(i int) int { return len(p.shown.States) - 1 - i }

func (p *Pane) drawState(i int, t *viewer.Thumb) {
	at := p.state(i)
	if at < 0 {
		return
	}
	one := p.shown.States[at]
	t.OnTapped = func() { p.k.GoTo(one.ID) }
	text := ""
	if one.Known {
		text = words.Score(one.Value, p.c.State().Target.Score)
	}
	name := one.Did
	switch {
	case one.Flipped:
		name = "another answer"
	case name == "":
		name = "Beginning"
	}
	if one.Small != nil {
		t.SetPicture(one.Small)
	}
	t.SetTexts(name, text, "")
	t.SetSelected(at == p.shown.At)
}

// saveFilm asks where the film of the strokes goes.
func (p *Pane) saveFilm() {
	p.host.Ask(widgets.Question{Title: "Save the strokes as GIF", Kind: "Film", Extensions: []string{"gif"}, Save: "strokes.gif"}, p.k.SaveFilm)
}

// Draws are what the pane draws.
func (p *Pane) Draws() []control.Draw {
	return []control.Draw{
		control.On(p.show, control.CoverChanged, control.TargetChanged, control.LookChanged),
		control.On(p.giveWay, control.PlanesChanged, control.MontageChanged),
	}
}

// giveWay ends covering where something else is shown in the place of the picture.
func (p *Pane) giveWay() {
	if s := p.c.State(); s.Planes != nil || s.Montage != nil {
		p.Leave()
	}
}

// show draws the state.
func (p *Pane) show() {
	s := p.k.Shown()
	if p.shown.On && !s.On {
		p.host.Hint("") // about painting, which is over
	}
	p.shown = s
	widgets.Visible(p.Box, s.On)
	widgets.Visible(p.under, !s.On)
	p.picture.Cover(s.On, s.Layer, s.Brush.Width, p.stroke)
	if !s.On {
		return
	}
	p.mute = true
	p.brush.Put(int(s.Brush.Width/brushStep + 0.5))
	p.soft.SetChecked(s.Brush.Soft)
	p.erase.SetChecked(s.Brush.Erase)
	if p.filled != s.Fill {
		p.filled = s.Fill
		p.fill.SetText(s.Fill)
	}
	p.mute = false
	p.showAnswer(s)
	p.bars.SetItems(p.items(s))
	p.bars.SetSelected(p.c.State().Target.Class, score.NoClass)
	p.bars.SetFaint(s.Behind)
	enable(p.use, !s.Empty && !s.Same)
	widgets.Visible(p.whole, s.Used)
	enable(p.film, len(s.States) > 1)
	p.of.SetText("STATES")
	if m := p.c.State().Model; m != nil {
		p.of.SetText("STATES: " + p.c.State().Target.Symbol(m))
	}
	p.states.Refresh()
}

func enable(b *widget.Button, on bool) {
	if on == b.Disabled() {
		if on {
			b.Enable()
		} else {
			b.Disable()
		}
	}
}

// pixels is a width on the screen.
func pixels(width float64) string { return fmt.Sprintf("%.0f pixels", width) }

// stroke takes what is drawn on the picture.
func (p *Pane) stroke(d viewer.Stroke) {
	if d.Done {
		p.k.EndStroke()
		return
	}
	b := p.k.Brush()
	p.k.Stroke(d.From, d.To, covering.Tip{Across: d.Across, Down: d.Down, Soft: b.Soft, Erase: b.Erase != d.Erase})
}

// showAnswer writes the answer, and whether it is another one.
func (p *Pane) showAnswer(s covering.Shown) {
	p.flip.Hide()
	p.failed.Say("")
	p.change.SetText(" ") // its line stays, so that nothing moves
	switch {
	case s.Err != nil:
		p.answer.SetText("No answer")
		p.share.SetText(" ")
		p.failed.Say(words.Sentence(s.Err.Error()))
		return
	case s.Look == nil:
		p.answer.SetText("")
		p.share.SetText("There is no picture that the model has answered; open a model and a picture first.")
		return
	}
	if len(s.Look.Ranked) == 0 {
		p.answer.SetText("")
		p.share.SetText("This model gives no classes to compare.")
		return
	}
	before := s.Look.Ranked[0]
	on := p.c.State().Target.Score
	now := before
	if len(s.Now) > 0 {
		now = s.Now[0]
	}
	p.answer.SetText(now.Name + "  " + words.Score(now.On(on), on))
	if now.Index != before.Index {
		p.change.SetText(fmt.Sprintf("Another answer: it was %s, %s.", before.Name, words.Score(before.On(on), on)))
		p.flip.Show()
	}
	text := fmt.Sprintf("%.1f %% of what the model sees is covered", 100*s.Share)
	if s.Empty {
		text = "Nothing is covered yet. Paint on the picture."
	}
	if s.Behind && len(s.Now) > 0 && !s.Empty {
		text += "; answer to an earlier stroke"
	}
	p.share.SetText(text)
}

// items are the classes with the value now, the one before and the difference. Their
// order is that of the whole picture, so that they stay where they are; the answer now
// comes after the first few where it is none of them.
func (p *Pane) items(s covering.Shown) []viewer.Item {
	if s.Look == nil {
		return nil
	}
	on := p.c.State().Target.Score
	now := make(map[int]score.Class, len(s.Now))
	for _, one := range s.Now {
		now[one.Index] = one
	}
	list := order(s.Look.Ranked, s.Now)
	ends := words.ScaleOf(append(slices.Clone(s.Look.Ranked), s.Now...), on)
	items := make([]viewer.Item, 0, len(list))
	for _, before := range list {
		was := before.On(on)
		item := viewer.Item{Index: before.Index, Name: before.Name, Zero: ends.At(0), Share: ends.At(was), Text: words.Score(was, on)}
		if one, known := now[before.Index]; known && !s.Empty {
			is := one.On(on)
			item.Share, item.Marks, item.Mark = ends.At(is), true, ends.At(was)
			item.Text = fmt.Sprintf("%s → %s  %s", words.Score(was, on), words.Score(is, on), difference(is-was, on))
		}
		items = append(items, item)
	}
	return items
}

// difference is a difference of scores with its sign, in as many digits as they have.
func difference(d float64, on score.Score) string {
	if d < 0 {
		return spelling.Minus + words.Score(-d, on)
	}
	return "+" + words.Score(d, on)
}

// Bounds of the list: classes in all, and before the answer now comes in.
const mostClasses, firstClasses = 1000, 4

// order is how the classes are listed.
func order(before, now []score.Class) []score.Class {
	list := slices.Clone(before)
	if len(now) > 0 {
		at := slices.IndexFunc(list, func(c score.Class) bool { return c.Index == now[0].Index })
		if at > firstClasses {
			one := list[at]
			list = slices.Insert(slices.Delete(list, at, at+1), firstClasses, one)
		}
	}
	return list[:min(len(list), mostClasses)]
}
