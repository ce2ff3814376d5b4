package ui

import (
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"picasso/visualizers"
)

// settingsPane holds the controls made from the settings that the current
// visualizer declares.
type settingsPane struct {
	w     *Window
	box   *fyne.Container
	title fyne.CanvasObject
	cost  *widget.Label
	rows  []settingRow
}

// settingRow is one setting with its control.
type settingRow struct {
	setting visualizers.Setting
	control fyne.CanvasObject
	show    func(v any) // shows a value without reporting it
}

func newSettingsPane(w *Window) *settingsPane {
	p := &settingsPane{w: w, box: container.NewVBox(), cost: faint("")}
	p.cost.Wrapping = fyne.TextWrapWord
	reset := widget.NewButton("Reset", func() { w.c.ResetValues(w.c.State().Tab) })
	reset.Importance = widget.LowImportance
	p.title = container.NewBorder(nil, nil, nil, reset, heading("SETTINGS"))
	return p
}

// rebuild makes the controls anew: ranges and options depend on the model.
func (p *settingsPane) rebuild() {
	s := p.w.c.State()
	panel, i := s.Panel(), s.Tab
	p.rows = nil
	objects := []fyne.CanvasObject{}
	var subject visualizers.Subject
	if s.Model != nil {
		subject = s.Model
		for _, set := range panel.Settings {
			set := set
			row := p.row(set, subject, panel.Values[set.Key()], func(v any) error {
				return p.w.c.SetValue(i, set.Key(), v)
			})
			p.rows = append(p.rows, row)
			objects = append(objects, row.control)
		}
	}
	if len(objects) > 0 {
		objects = append([]fyne.CanvasObject{p.title}, objects...)
		objects = append(objects, p.cost, widget.NewSeparator())
	}
	p.box.Objects = objects
	p.box.Refresh()
	p.showCost()
}

// row makes the control for a setting. A type that has none of its own gets a
// text field, since every setting can be typed.
func (p *settingsPane) row(set visualizers.Setting, s visualizers.Subject, v any, changed func(any) error) settingRow {
	report := func(v any) {
		if err := changed(v); err != nil {
			p.w.hint(sentence(err.Error()))
			return
		}
		p.w.hint("")
	}
	row, ok := controlFor(p.w, set, s, report)
	if !ok {
		row = textControl(p.w, set, report)
	}
	row.setting = set
	row.show(v)
	return row
}

// showCost tells what a run takes with the present values.
func (p *settingsPane) showCost() {
	s := p.w.c.State()
	panel := s.Panel()
	text := ""
	if pre, ok := panel.Visualizer.(visualizers.Previewer); ok && s.Model != nil && panel.Err == nil {
		cost := pre.Preview(s.Model, panel.Values)
		text = costWords(cost, s.About.Pass)
	}
	if p.cost.Text != text {
		p.cost.SetText(text)
		visible(p.cost, text != "")
	}
}

func costWords(c visualizers.Preview, pass float64) string {
	text := count(c.Passes, "image", "images") + " through the model"
	if pass > 0 {
		text += ", up to " + duration(time.Duration(float64(c.Passes)*pass*float64(time.Millisecond)))
	}
	if len(c.Warnings) > 0 {
		text += ". " + sentence(strings.Join(c.Warnings, " "))
	}
	return text
}

// duration writes a time as people say it.
func duration(d time.Duration) string {
	switch {
	case d < 100*time.Millisecond:
		return "0.1 s"
	case d < 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < 2*time.Minute:
		return fmt.Sprintf("%.0f s", d.Seconds())
	}
	return fmt.Sprintf("%.0f min", d.Minutes())
}
