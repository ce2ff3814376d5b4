package explain

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control"
	"picasso/ui/widgets"
	"picasso/ui/words"
	"picasso/visualizers"
)

// settingsPane holds the controls made from the settings that the current
// visualizer declares.
type settingsPane struct {
	host  Host
	c     *control.Controller
	box   *fyne.Container
	title fyne.CanvasObject
	cost  *widget.Label
	run   *widget.Button // starts a run that takes long
	rows  []settingRow
}

// settingRow is one setting with its control.
type settingRow struct {
	setting visualizers.Setting
	control fyne.CanvasObject
	show    func(v any) // shows a value without reporting it
}

func newSettingsPane(h Host, c *control.Controller) *settingsPane {
	p := &settingsPane{host: h, c: c, box: container.NewVBox(), cost: widgets.Faint("")}
	p.cost.Wrapping = fyne.TextWrapWord
	p.run = widget.NewButton("Run", c.Run)
	p.run.Importance = widget.HighImportance
	reset := widget.NewButton("Reset", func() { c.ResetValues(c.State().Tab) })
	reset.Importance = widget.LowImportance
	p.title = container.NewBorder(nil, nil, nil, reset, widgets.Heading("SETTINGS"))
	return p
}

func (p *settingsPane) hand() hand { return hand{p.host, p.c.Move, p.c.Rest} }

func (p *settingsPane) draws() []control.Draw {
	return []control.Draw{
		control.On(p.rebuild, control.ModelChanged, control.TabChanged, control.PanelsChanged, control.ValuesChanged),
		control.On(p.showCost, control.SpeedChanged, control.PanelChanged),
	}
}

// rebuild rebuilds the controls: ranges and options depend on the model.
func (p *settingsPane) rebuild() {
	s := p.c.State()
	panel, i := s.Panel(), s.Tab
	p.rows = nil
	objects := []fyne.CanvasObject{}
	var subject visualizers.Subject
	if s.Model != nil {
		subject = s.Model
		for _, set := range panel.Settings {
			set := set
			row := p.row(set, subject, panel.Values[set.Key()], func(v any) error {
				return p.c.SetValue(i, set.Key(), v)
			})
			p.rows = append(p.rows, row)
			objects = append(objects, row.control)
		}
	}
	if len(objects) > 0 {
		objects = append([]fyne.CanvasObject{p.title}, objects...)
		objects = append(objects, p.cost, p.run, widget.NewSeparator())
	}
	p.box.Objects = objects
	p.showMattering()
	p.box.Refresh()
	p.showCost()
}

// showMattering shows the settings that change anything beside the present values of
// the others.
func (p *settingsPane) showMattering() {
	values, changed := p.c.State().Panel().Values, false
	for _, row := range p.rows {
		if on := row.setting.Matters(values); on != row.control.Visible() {
			widgets.Visible(row.control, on)
			changed = true
		}
	}
	if changed {
		p.box.Refresh()
	}
}

// row makes the control for a setting. A type that has none of its own gets a
// text field, since every setting can be typed.
func (p *settingsPane) row(set visualizers.Setting, s visualizers.Subject, v any, changed func(any) error) settingRow {
	report := func(v any) {
		if err := changed(v); err != nil {
			p.host.Hint(words.Sentence(err.Error()))
			return
		}
		p.host.Hint("")
		p.showMattering()
	}
	row, ok := controlFor(p.hand(), set, s, report)
	if !ok {
		row = textControl(p.hand(), set, report)
	}
	row.setting = set
	row.show(v)
	return row
}

// showCost tells what a run takes with the present values, and offers to start
// one that takes long.
func (p *settingsPane) showCost() {
	text := ""
	if cost, ok := p.c.Cost(); ok {
		text = costWords(cost)
	}
	if p.cost.Text != text {
		p.cost.SetText(text)
		widgets.Visible(p.cost, text != "")
	}
	asking := p.c.State().Panel().Status == control.Asking
	if p.run.Visible() != asking {
		widgets.Visible(p.run, asking)
		p.box.Refresh()
	}
}

func costWords(c visualizers.Preview) string {
	text := c.String()
	if len(c.Warnings) > 0 {
		text += ". " + words.Sentence(strings.Join(c.Warnings, " "))
	}
	return text
}
