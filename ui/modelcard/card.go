// Package modelcard tells what model is open: a card in the window, and a sheet
// over it that says everything known and lets the user correct how pictures are
// prepared and how the output is read.
package modelcard

import (
	"fmt"
	"path/filepath"
	"picasso/backend/score"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control"
	"picasso/ui/widgets"
	"picasso/ui/words"
	"picasso/visualizers"
)

// Host is the window around the card and its sheet.
type Host interface {
	// Ask asks for a file and hands over its path.
	Ask(q widgets.Question, use func(path string))
	// ShowModel opens the sheet.
	ShowModel()
	// ShowPreparation opens the sheet at how pictures are prepared.
	ShowPreparation()
	// ChooseModel asks for another model and opens it.
	ChooseModel()
}

// highestQuestion leaves room for the list of pictures below.
const highestQuestion = 206

// Card tells which model is open and opens another.
type Card struct {
	c       *control.Controller
	Box     fyne.CanvasObject
	name    *widget.Label
	shape   *widget.Label
	runs    *widget.Label
	doubts  *doubts
	guesses *guesses
	asked   *fyne.Container // around doubts
	more    *widget.Button
	open    *widget.Button
	opening *fyne.Container
	stage   *widget.Label
}

// New makes the card.
func New(h Host, c *control.Controller) *Card {
	m := &Card{c: c, name: widget.NewLabel(""), shape: widgets.Faint(""), runs: widgets.Faint(""), stage: widgets.Faint(""), doubts: newDoubts(h, c, 1), guesses: newGuesses(h, c)}
	m.asked = widgets.AtMost(highestQuestion, m.doubts.box)
	m.name.TextStyle.Bold = true
	m.name.Truncation = fyne.TextTruncateEllipsis
	for _, l := range []*widget.Label{m.shape, m.runs, m.stage} {
		l.Truncation = fyne.TextTruncateEllipsis
	}
	m.more = widget.NewButtonWithIcon("", theme.InfoIcon(), h.ShowModel)
	m.more.Importance = widget.LowImportance
	m.open = widget.NewButtonWithIcon("Open model…", theme.FolderOpenIcon(), h.ChooseModel)
	bar := widget.NewProgressBarInfinite()
	cancel := widget.NewButtonWithIcon("", theme.CancelIcon(), c.CancelOpening)
	m.opening = container.NewVBox(m.stage, container.NewBorder(nil, nil, nil, cancel, bar))
	m.Box = container.NewVBox(
		container.NewBorder(nil, nil, nil, m.more, widgets.Heading("MODEL")),
		widgets.Tight(m.name, m.shape, m.runs), m.asked, m.guesses.box, m.opening, widgets.Padded(m.open), widget.NewSeparator())
	return m
}

// Draws are what the card draws.
func (m *Card) Draws() []control.Draw {
	return []control.Draw{control.On(m.show, control.ModelChanged, control.SpeedChanged)}
}

func (m *Card) show() {
	s := m.c.State()
	if s.Opening != nil {
		m.stage.SetText(filepath.Base(s.Opening.Path) + ": " + s.Opening.Stage)
	}
	widgets.Visible(m.opening, s.Opening != nil)
	widgets.Visible(m.more, s.Model != nil)
	m.doubts.show()
	m.guesses.show()
	widgets.Visible(m.asked, m.doubts.box.Visible() && s.Opening == nil) // the next model may leave nothing open
	m.asked.Refresh()
	if s.Model == nil {
		m.name.SetText("No model yet")
		m.shape.SetText("Open one or drop it here")
		m.runs.SetText("")
		return
	}
	c, h, w := s.Model.Shape()
	m.name.SetText(s.About.Name)
	size := fmt.Sprintf("%d×%d×%d", c, h, w)
	if depth := visualizers.DepthOf(s.Model); depth > 0 {
		size = fmt.Sprintf("volumes of %d×%d×%d×%d", c, depth, h/depth, w)
	}
	m.shape.SetText(size + " • " + m.answers())
	m.runs.SetText(speed(s.About.Provider, s.About.Pass))
}

// answers is what comes out of the model, in a few words.
func (m *Card) answers() string {
	n := m.c.State().Model.Classes()
	card, ok := m.c.Known()
	switch {
	case !ok:
	case len(card.References) > 0:
		return "compared with " + words.Count(n, "picture", "pictures")
	case card.Output.Kind == score.Dense:
		return "a value per pixel"
	case !card.Output.Kind.OfClasses():
		return words.Count(n, "value", "values")
	}
	return words.Count(n, "class", "classes")
}

func speed(provider string, ms float64) string {
	switch {
	case ms <= 0:
		return provider
	case ms < 10:
		return fmt.Sprintf("%s • %.1f ms", provider, ms)
	}
	return fmt.Sprintf("%s • %.0f ms", provider, ms)
}
