package ui

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control"
)

// modelSheet is the panel over the window that tells everything about the
// open model and lets the user correct how it is used. It follows the window
// while it is open.
type modelSheet struct {
	w      *Window
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

// Pages of the sheet.
const (
	pageFile = iota
	pagePictures
	pageAnswer
)

func (w *Window) showModel()       { w.openSheet(pageFile) }
func (w *Window) showInput()       { w.openSheet(pagePictures) }
func (w *Window) showPreparation() { w.openSheet(pagePictures) }
func (w *Window) showAnswer()      { w.openSheet(pageAnswer) }

func (w *Window) openSheet(page int) {
	s := w.c.State()
	if s.Model == nil {
		w.hint("No model is open.")
		return
	}
	if w.panel != nil {
		w.panel.Hide()
	}
	sheet := newModelSheet(w)
	size := w.win.Canvas().Size()
	w.inform(s.About.Name, sheet.box(), fyne.NewSize(min(940, size.Width-40), min(680, size.Height-40)))
	w.sheet = sheet
	sheet.tabs.SelectIndex(page)
}

func newModelSheet(w *Window) *modelSheet {
	m := &modelSheet{
		w: w, facts: container.NewVBox(), stats: faint(""), change: widget.NewLabel(""), doubt: widget.NewLabel(""),
		input: &canvas.Image{FillMode: canvas.ImageFillContain, ScaleMode: canvas.ImageScalePixels},
	}
	m.input.SetMinSize(fyne.NewSize(260, 260))
	m.change.Wrapping, m.doubt.Wrapping, m.stats.Wrapping = fyne.TextWrapWord, fyne.TextWrapWord, fyne.TextWrapWord
	m.change.TextStyle.Bold = true
	m.doubt.Importance = widget.WarningImportance
	m.answer = newAnswerForm(w)
	seen := container.NewVBox(heading("WHAT THE MODEL SEES"), m.input, m.stats, m.doubt, m.change)
	pictures := container.NewVScroll(seen)
	var page fyne.CanvasObject = pictures
	if _, ok := w.c.State().Model.(control.Adjustable); ok {
		m.prep = newPrepForm(w)
		split := container.NewHSplit(container.NewVScroll(roomy(m.prep.box)), pictures)
		split.SetOffset(0.62)
		page = split
	}
	m.tabs = container.NewAppTabs(
		container.NewTabItem("File", container.NewVScroll(m.facts)),
		container.NewTabItem("How pictures are prepared", page),
		container.NewTabItem("How the output is read", container.NewVScroll(m.answer.box)))
	m.show()
	return m
}

// box is the sheet with its buttons.
func (m *modelSheet) box() fyne.CanvasObject {
	if m.prep == nil {
		return m.tabs
	}
	save := widget.NewButton("Save beside the model", m.w.c.SaveSidecar)
	reset := widget.NewButton("Reset to how it was opened", func() { m.prep.say(m.w.c.ResetPreparation()) })
	return container.NewBorder(nil, container.NewHBox(save, reset), nil, nil, m.tabs)
}

// show tells what is known about the model, as it is now.
func (m *modelSheet) show() {
	s := m.w.c.State()
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

func (m *modelSheet) showFacts() {
	s := m.w.c.State()
	m.facts.Objects = nil
	facts := []control.Fact{{Name: "File", Value: s.About.Path}}
	if d, ok := s.Model.(control.Describer); ok {
		facts = d.Details()
	}
	facts = append(facts, s.About.Facts...)
	for _, warning := range s.About.Warnings {
		facts = append(facts, control.Fact{Name: "Note", Value: warning})
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
		origin := faint(f.Origin)
		origin.Wrapping = fyne.TextWrapWord
		row = tight(value, origin)
	}
	label := widget.NewLabel(f.Name)
	label.TextStyle.Bold = true
	return container.NewBorder(nil, nil, atLeast(110, 0, container.NewVBox(label)), nil, row)
}

// showLook draws the exact tensor that goes into the model, and what became
// of the answer.
func (m *modelSheet) showLook() {
	s := m.w.c.State()
	picture := m.w.c.InputPicture()
	visible(m.input, picture != nil)
	if picture == nil {
		m.stats.SetText("There is no picture that the model has seen.")
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
	visible(m.doubt, len(doubts) > 0)
	visible(m.change, s.Change != nil)
	if s.Change != nil {
		m.change.SetText(s.Change.String())
	}
}

// statisticsText are the smallest, mean and largest value of every channel.
func statisticsText(k *control.Look) string {
	var lines []string
	for i, c := range control.Statistics(k.Input) {
		lines = append(lines, fmt.Sprintf("channel %d: %.4g … %.4g, mean %.4g", i, c.Min, c.Max, c.Mean))
	}
	return strings.Join(lines, "\n")
}
