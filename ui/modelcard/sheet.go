package modelcard

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/preprocess"
	"picasso/ui/control"
	"picasso/ui/widgets"
	"picasso/visualizers/spelling"
)

// Sheet is the panel over the window that tells everything about the
// open model and lets the user correct how it is used. It follows the window
// while it is open.
type Sheet struct {
	c      *control.Controller
	tabs   *container.AppTabs
	facts  *fyne.Container
	prep   *prepForm // nil for a model that cannot be corrected
	answer *answerForm
	input  *canvas.Image
	stats  *widget.Label
	change *widget.Label
	doubt  *widget.Label
	model  control.Model // that the rows were made for
}

// Page is one page of the sheet.
type Page int

// Pages of the sheet.
const (
	File Page = iota
	Pictures
	Answer
)

// NewSheet makes the sheet, open at a page.
func NewSheet(h Host, c *control.Controller, page Page) *Sheet {
	m := &Sheet{
		c: c, facts: container.NewVBox(), stats: widgets.Faint(""), change: widget.NewLabel(""), doubt: widget.NewLabel(""),
		input: &canvas.Image{FillMode: canvas.ImageFillContain, ScaleMode: canvas.ImageScalePixels},
	}
	m.input.SetMinSize(fyne.NewSize(260, 260))
	m.change.Wrapping, m.doubt.Wrapping, m.stats.Wrapping = fyne.TextWrapWord, fyne.TextWrapWord, fyne.TextWrapWord
	m.change.TextStyle.Bold = true
	m.doubt.Importance = widget.WarningImportance
	m.answer = newAnswerForm(h, c)
	seen := container.NewVBox(widgets.Heading("WHAT THE MODEL SEES"), m.input, m.stats, m.doubt, m.change)
	pictures := container.NewVScroll(seen)
	var preparation fyne.CanvasObject = pictures
	if _, ok := c.State().Model.(control.Adjustable); ok {
		m.prep = newPrepForm(c)
		split := container.NewHSplit(container.NewVScroll(widgets.Roomy(m.prep.box)), pictures)
		split.SetOffset(0.62)
		preparation = split
	}
	m.tabs = container.NewAppTabs(
		container.NewTabItem("File", container.NewVScroll(m.facts)),
		container.NewTabItem("Preprocessing", preparation),
		container.NewTabItem("Output", container.NewVScroll(m.answer.box)))
	m.show()
	m.tabs.SelectIndex(int(page))
	return m
}

// Box is the sheet with its buttons.
func (m *Sheet) Box() fyne.CanvasObject {
	if m.prep == nil {
		return m.tabs
	}
	save := widget.NewButton("Save as sidecar", m.c.SaveSidecar)
	reset := widget.NewButton("Reset to how it was opened", func() { m.prep.say(m.c.Reset()) })
	return container.NewBorder(nil, container.NewHBox(save, reset), nil, nil, m.tabs)
}

// Draws are what the sheet draws while it is open.
func (m *Sheet) Draws() []control.Draw {
	return []control.Draw{control.On(m.show, control.ModelChanged), control.On(m.showLook, control.LookChanged)}
}

// show tells what is known about the model, as it is now.
func (m *Sheet) show() {
	s := m.c.State()
	if s.Model == nil {
		return
	}
	m.answer.show()
	if m.prep != nil {
		m.prep.show()
	}
	if m.model != s.Model {
		m.model = s.Model
		m.showFacts()
	}
	m.showLook()
}

func (m *Sheet) showFacts() {
	s := m.c.State()
	m.facts.Objects = nil
	facts := []control.Fact{{Name: "File", Value: s.About.Path}}
	if d, ok := s.Model.(control.Describer); ok {
		facts = d.Details()
	}
	facts = append(facts, s.About.Facts...)
	for _, warning := range s.About.Warnings {
		facts = append(facts, control.Fact{Name: "Note", Value: warning.Text})
	}
	for _, f := range facts {
		m.facts.Add(factRow(f))
	}
	m.facts.Refresh()
}

func factRow(f control.Fact) fyne.CanvasObject {
	value := widget.NewLabel(f.Value)
	value.Wrapping = fyne.TextWrapBreak
	value.Selectable = true
	row := container.NewVBox(value)
	if f.Origin != "" {
		origin := widgets.Faint(f.Origin)
		origin.Wrapping = fyne.TextWrapWord
		row = widgets.Tight(value, origin)
	}
	label := widget.NewLabel(f.Name)
	label.TextStyle.Bold = true
	return container.NewBorder(nil, nil, widgets.AtLeast(110, 0, container.NewVBox(label)), nil, row)
}

// showLook draws the exact tensor that goes into the model, and what became
// of the answer.
func (m *Sheet) showLook() {
	s := m.c.State()
	picture := m.c.InputPicture()
	widgets.Visible(m.input, picture != nil)
	if picture == nil {
		m.stats.SetText("The model has not seen a picture yet.")
	} else {
		m.input.Image = picture
		m.input.Refresh()
		m.stats.SetText(statisticsText(s.Look))
	}
	var doubts []string
	if s.Look != nil {
		doubts = s.Look.Doubts
	}
	m.doubt.SetText(strings.Join(doubts, "\n"))
	widgets.Visible(m.doubt, len(doubts) > 0)
	widgets.Visible(m.change, s.Change != nil)
	if s.Change != nil {
		m.change.SetText(s.Change.String())
	}
}

// statisticsText are the smallest, mean and largest value of every channel.
func statisticsText(k *control.Look) string {
	var lines []string
	for i, c := range preprocess.Statistics(k.Input) {
		lines = append(lines, fmt.Sprintf("channel %d: %s … %s, mean %s", i, spelling.Number(c.Min), spelling.Number(c.Max), spelling.Number(c.Mean)))
	}
	return strings.Join(lines, "\n")
}
