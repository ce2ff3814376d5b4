package modelcard

import (
	"picasso/backend/metadata"
	"picasso/backend/preprocess"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control"
	"picasso/ui/widgets"
	"picasso/visualizers"
)

// prepForm lets the user correct how pictures are prepared: every value with
// its origin and a control.
type prepForm struct {
	c      *control.Controller
	box    fyne.CanvasObject
	preset *widgets.Select
	fields []prepField
	fault  *widgets.Fault // of all values together
	mute   bool           // the form itself changes its controls
}

// prepField is one value of a [preprocess.Preprocess] as the user edits it.
type prepField struct {
	key     string // where its origin is found
	title   string
	control fyne.CanvasObject
	origin  *widget.Label
	fault   *widgets.Fault // what is wrong with it
	show    func(p preprocess.Preprocess)
	read    func(p *preprocess.Preprocess) error // the user's words into p
}

func newPrepForm(c *control.Controller) *prepForm {
	f := &prepForm{c: c, fault: widgets.NewFault()}
	f.preset = widgets.NewSelect(presetTitles(), f.take)
	f.preset.PlaceHolder = "Choose a preset"
	channels, _, _ := c.State().Model.Shape()
	f.fields = append(f.all(channels), f.scans()...)
	if visualizers.DepthOf(c.State().Model) > 0 {
		f.fields = append(f.fields, f.volumes()...)
	}
	rows := []fyne.CanvasObject{widget.NewLabel("Preset"), f.preset}
	for i := range f.fields {
		field := &f.fields[i]
		field.origin, field.fault = widgets.Faint(""), widgets.NewFault()
		field.origin.Truncation = fyne.TextTruncateEllipsis
		rows = append(rows, widget.NewLabel(field.title), container.NewVBox(widgets.Tight(field.control, field.origin), field.fault))
	}
	note := widgets.Faint("For each channel: (clip(raw value, after window, range or percentile, × scale + offset) − mean) ÷ standard deviation. Press Enter to apply a number.")
	note.Wrapping = fyne.TextWrapWord
	f.box = container.NewVBox(f.fault, container.New(layout.NewFormLayout(), rows...), note)
	f.show()
	return f
}

func presetTitles() []string {
	var titles []string
	for _, p := range preprocess.Presets() {
		titles = append(titles, p.Title)
	}
	return titles
}

// show writes what is in use into the controls.
func (f *prepForm) show() {
	card, ok := f.c.Known()
	if !ok {
		return
	}
	f.mute = true
	for _, field := range f.fields {
		field.show(card.Preprocess)
		if o := card.Origins[field.key]; o != field.origin.Text {
			field.origin.SetText(o)
		}
		widgets.Visible(field.origin, field.origin.Text != "")
	}
	f.showPreset(card)
	f.mute = false
	f.clear()
}

// showPreset names the preset that is in use, if one is; of several that say the
// same, the one that was chosen.
func (f *prepForm) showPreset(card metadata.Card) {
	title := ""
	for _, preset := range preprocess.Presets() {
		if card.Follows(preset) && (title == "" || preset.Title == f.preset.Selected) {
			title = preset.Title
		}
	}
	if title == "" {
		f.preset.ClearSelected()
		return
	}
	f.preset.SetSelected(title)
}

// say tells what is wrong with all values together; nil that nothing is wrong
// with any.
func (f *prepForm) say(err error) {
	f.clear()
	say(f.fault, err)
}

// clear takes back all that was told.
func (f *prepForm) clear() {
	f.fault.Say("")
	for _, field := range f.fields {
		field.fault.Say("")
	}
}

// take uses a preset at once.
func (f *prepForm) take(title string) {
	if f.mute {
		return
	}
	for _, s := range preprocess.Presets() {
		if s.Title == title {
			f.say(f.c.Choose(metadata.Choices{Preset: s.Name}))
		}
	}
}

// apply uses what the form says, or tells what is wrong with it.
func (f *prepForm) apply() bool {
	card, ok := f.c.Known()
	if f.mute || !ok {
		return false
	}
	p := card.Preprocess
	for _, field := range f.fields {
		if err := field.read(&p); err != nil {
			f.clear()
			say(field.fault, err)
			return false
		}
	}
	err := f.c.Choose(metadata.Choices{Preprocess: p, Stated: metadata.PreprocessKeys})
	f.say(err)
	return err == nil
}
