package ui

import (
	"fmt"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/score"
	"picasso/ui/control"
)

// modelCard tells which model is open and opens another.
type modelCard struct {
	w       *Window
	box     fyne.CanvasObject
	name    *widget.Label
	shape   *widget.Label
	runs    *widget.Label
	more    *widget.Button
	open    *widget.Button
	opening *fyne.Container
	stage   *widget.Label
}

func newModelCard(w *Window) *modelCard {
	m := &modelCard{w: w, name: widget.NewLabel(""), shape: faint(""), runs: faint(""), stage: faint("")}
	m.name.TextStyle.Bold = true
	m.name.Truncation = fyne.TextTruncateEllipsis
	for _, l := range []*widget.Label{m.shape, m.runs, m.stage} {
		l.Truncation = fyne.TextTruncateEllipsis
	}
	m.more = widget.NewButtonWithIcon("", theme.InfoIcon(), w.showModel)
	m.more.Importance = widget.LowImportance
	m.open = widget.NewButtonWithIcon("Open model…", theme.FolderOpenIcon(), w.chooseModel)
	bar := widget.NewProgressBarInfinite()
	cancel := widget.NewButtonWithIcon("", theme.CancelIcon(), w.c.CancelOpening)
	m.opening = container.NewVBox(m.stage, container.NewBorder(nil, nil, nil, cancel, bar))
	m.box = container.NewVBox(
		container.NewBorder(nil, nil, nil, m.more, heading("MODEL")),
		tight(m.name, m.shape, m.runs), m.opening, padded(m.open), widget.NewSeparator())
	return m
}

func (m *modelCard) show() {
	s := m.w.c.State()
	if s.Opening != nil {
		m.stage.SetText(filepath.Base(s.Opening.Path) + ": " + s.Opening.Stage)
	}
	visible(m.opening, s.Opening != nil)
	visible(m.more, s.Model != nil)
	if s.Model == nil {
		m.name.SetText("No model yet")
		m.shape.SetText("Open one, or drop it here")
		m.runs.SetText("")
		return
	}
	c, h, w := s.Model.Shape()
	m.name.SetText(s.About.Name)
	m.shape.SetText(fmt.Sprintf("%d×%d×%d • %s", c, h, w, answers(s.Model)))
	m.runs.SetText(speed(s.About.Provider, s.About.Pass))
}

// answers is what comes out of a model, in a few words.
func answers(m control.Model) string {
	n := m.Classes()
	a, ok := m.(control.Answering)
	if !ok {
		return count(n, "class", "classes")
	}
	switch now := a.Answer(); {
	case len(now.References) > 0:
		return "compared with " + count(n, "picture", "pictures")
	case now.Kind == score.Embedding, now.Kind == score.Regression:
		return count(n, "value", "values")
	}
	return count(n, "class", "classes")
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
