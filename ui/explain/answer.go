package explain

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/score"
	"picasso/ui/control"
	"picasso/ui/words"
)

// answerLine is the model's answer, class and score, in the largest letters of
// the window.
type answerLine struct {
	c     *control.Controller
	box   fyne.CanvasObject
	class *widget.Label
	score *widget.Label
}

func newAnswerLine(c *control.Controller) *answerLine {
	a := &answerLine{c: c, class: widget.NewLabel(""), score: widget.NewLabel("")}
	for _, l := range []*widget.Label{a.class, a.score} {
		l.SizeName = theme.SizeNameHeadingText
		l.TextStyle.Bold = true
	}
	a.class.Truncation = fyne.TextTruncateEllipsis
	a.box = container.NewBorder(nil, nil, nil, a.score, a.class)
	return a
}

// show writes the answer; one that belongs to another picture is faint.
func (a *answerLine) show() {
	s := a.c.State()
	class, value := "", ""
	if best, ok := bestClass(s); ok {
		class, value = best.Name, words.Score(best.On(s.Target.Score), s.Target.Score)
	}
	importance := widget.MediumImportance
	if s.Looking {
		importance = widget.LowImportance
	}
	for _, l := range []*widget.Label{a.class, a.score} {
		l.Importance = importance
	}
	a.class.SetText(class)
	a.score.SetText(value)
}

// answerOf says whose answer is shown, where that is not the picture's that was
// asked for; else "".
func answerOf(s *control.State) string {
	switch {
	case s.Looking && s.Look.Answered():
		return "of the picture before: " + s.Look.Name
	case s.Probe != nil:
		return "with this region covered"
	case s.Look.Answered() && s.Look.Covered != nil:
		return "of the covered picture"
	}
	return ""
}

// bestClass is the model's answer: of the covered picture while one is looked
// at.
func bestClass(s *control.State) (best score.Class, ok bool) {
	ranked := []score.Class(nil)
	if s.Model != nil && s.Look.Answered() {
		ranked = s.Look.Ranked
	}
	if s.Probe != nil {
		ranked = s.Probe.Ranked
	}
	if len(ranked) == 0 {
		return best, false
	}
	return ranked[0], true
}

// explaining names what is explained, with its value in the picture shown.
func explaining(s *control.State) string {
	if s.Model == nil || !s.Look.Answered() {
		return ""
	}
	base, here := s.Look.Base, ""
	if s.Probe != nil {
		base, here = s.Probe.Scores, " here"
	}
	v, err := s.Target.Value(base)
	if err != nil {
		return "Explaining " + s.Target.Symbol(s.Model) + "."
	}
	return fmt.Sprintf("Explaining %s, %s%s.", s.Target.Symbol(s.Model), words.Score(v, s.Target.Score), here)
}
