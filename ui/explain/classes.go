package explain

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/score"
	"picasso/ui/control"
	"picasso/ui/viewer"
	"picasso/ui/widgets"
	"picasso/ui/words"
	"picasso/visualizers/spelling"
)

// classPane lists the classes with their scores; a click explains one.
type classPane struct {
	c      *control.Controller
	box    fyne.CanvasObject
	title  *widget.Label
	bars   *viewer.Bars
	score  *widget.RadioGroup
	follow *widget.Check
	target *widget.Label
	answer *answerLine
	mute   bool
	height *fixedHeight
}

const (
	probability = "probability"
	noShare     = "score" // instead of probability, where it is none or that is in doubt
	logit       = "logit"
)

func newClassPane(h Host, c *control.Controller) *classPane {
	p := &classPane{c: c, title: widgets.Heading("CLASSES"), bars: viewer.NewBars(), answer: newAnswerLine(c), target: widgets.Faint("")}
	p.bars.OnSelect = func(class int) { c.SetTarget(class, score.NoClass) }
	p.bars.OnContrast = func(class int) {
		t := c.State().Target
		if t.Against == class {
			class = score.NoClass
		}
		c.SetTarget(t.Class, class)
	}
	p.score = widget.NewRadioGroup([]string{probability, logit}, func(s string) {
		if p.mute {
			return
		}
		if s == logit {
			c.SetScore(score.Logit)
		} else {
			c.SetScore(score.Probability)
		}
		h.Unfocus()
	})
	p.score.Horizontal, p.score.Required = true, true
	p.follow = widget.NewCheck("follow the top class", func(on bool) {
		if p.mute {
			return
		}
		if on {
			c.FollowBest()
		} else {
			c.SetTarget(c.State().Target.Class, c.State().Target.Against)
		}
		h.Unfocus()
	})
	p.target.Wrapping = fyne.TextWrapWord
	p.title.Truncation = fyne.TextTruncateEllipsis // what it says of the picture before makes no column wider
	p.height = &fixedHeight{}
	p.box = container.NewVBox(p.answer.box, p.title, container.New(p.height, p.bars), p.target, p.score, p.follow, widget.NewSeparator())
	return p
}

func (p *classPane) draws() []control.Draw {
	return []control.Draw{control.On(p.show, control.LookChanged, control.TargetChanged, control.ProbeChanged)}
}

func (p *classPane) show() {
	s := p.c.State()
	p.mute = true
	defer func() { p.mute = false }()
	p.follow.SetChecked(!s.Pinned)
	p.score.Options[0] = p.mainScore()
	p.score.SetSelected(p.score.Options[0])
	if s.Target.Score == score.Logit {
		p.score.SetSelected(logit)
	}
	p.score.Refresh()
	if s.Model != nil && s.Model.HasLogits() {
		p.score.Enable()
	} else {
		p.score.Disable()
	}
	p.title.SetText(strings.ToUpper(strings.TrimSpace(p.heading() + " " + answerOf(s))))
	p.answer.show()
	p.bars.SetFaint(s.Looking)
	items := p.items()
	p.height.set(len(items), p.bars)
	p.bars.SetItems(items)
	if len(items) == 0 {
		p.bars.SetSelected(score.NoClass, score.NoClass)
		p.target.SetText("The model's answer appears here.")
		return
	}
	p.bars.SetSelected(s.Target.Class, s.Target.Against)
	p.target.SetText(explaining(s) + " Click a class to explain it; right-click another one to explain the difference.")
}

// mainScore is what the score of a class is called beside its logit.
func (p *classPane) mainScore() string {
	if card, ok := p.c.Known(); ok && !card.Percent() {
		return noShare
	}
	return probability
}

// heading says what the numbers are, and leaves the choice of a scale out
// where there is none.
func (p *classPane) heading() string {
	card, ok := p.c.Known()
	if !ok {
		return "CLASSES"
	}
	kind := card.Output.Kind
	widgets.Visible(p.score, kind.OfClasses())
	switch {
	case len(card.References) > 0:
		return "SIMILARITY (COSINE)"
	case !kind.OfClasses():
		return "VALUES"
	case !card.Percent() && len(card.Doubts) > 0:
		return "SCORES, PROBABLY"
	case !card.Percent():
		return "SCORES"
	}
	return "CLASSES"
}

// items are the classes, best first, with the change a covered region makes.
func (p *classPane) items() []viewer.Item {
	s := p.c.State()
	if s.Model == nil || !s.Look.Answered() {
		return nil
	}
	ranked := s.Look.Ranked
	if s.Probe != nil {
		ranked = s.Probe.Ranked
	}
	const most = 1000
	items := make([]viewer.Item, 0, min(most, len(ranked)))
	ends := words.ScaleOf(ranked, s.Target.Score)
	for _, class := range ranked[:min(most, len(ranked))] {
		v := class.On(s.Target.Score)
		item := viewer.Item{Index: class.Index, Name: class.Name, Zero: ends.At(0), Share: ends.At(v), Text: words.Score(v, s.Target.Score)}
		if s.Probe != nil {
			item.Text += change(class, s.Look.Base, s.Target.Score)
		}
		items = append(items, item)
	}
	return items
}

// change writes the difference to the untouched picture.
func change(c score.Class, base score.Scores, s score.Score) string {
	now, before := c.Probability, base.Probabilities
	if s == score.Logit && base.Logits != nil {
		now, before = c.Logit, base.Logits
	}
	if c.Index >= len(before) {
		return ""
	}
	return " (" + spelling.Signed(float64(now-before[c.Index])) + ")"
}

// fixedHeight gives the class list room for some lines.
type fixedHeight struct{ height float32 }

const (
	fewestLines = 2
	mostLines   = 5
	lineHeight  = 33
	filterRoom  = 38
)

func (f *fixedHeight) set(lines int, o fyne.CanvasObject) {
	h := float32(min(max(lines, fewestLines), mostLines) * lineHeight)
	if lines >= 20 {
		h += filterRoom
	}
	if h != f.height {
		f.height = h
		o.Refresh()
	}
}

// MinSize implements fyne.Layout.
func (f *fixedHeight) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(o[0].MinSize().Width, max(f.height, o[0].MinSize().Height))
}

// Layout implements fyne.Layout.
func (f *fixedHeight) Layout(o []fyne.CanvasObject, size fyne.Size) {
	o[0].Move(fyne.NewPos(0, 0))
	o[0].Resize(size)
}
