package modelcard

import (
	"reflect"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/metadata"
	"picasso/ui/control"
	"picasso/ui/widgets"
	"picasso/ui/words"
)

// doubts asks about what is open about a model's output, until the user has
// settled it: what was taken and why, and a button for each way to read it.
type doubts struct {
	host Host
	c    *control.Controller
	box  *fyne.Container
	most int // asked at once, 0 for all

	model control.Model    // that is asked about
	shown []metadata.Doubt // all of them
}

func newDoubts(h Host, c *control.Controller, most int) *doubts {
	return &doubts{host: h, c: c, box: container.NewVBox(), most: most}
}

// show asks about the open model.
func (d *doubts) show() {
	card, _ := d.c.Known()
	model := d.c.State().Model
	if model == d.model && reflect.DeepEqual(card.Doubts, d.shown) {
		return // a press may be under way
	}
	d.model, d.shown = model, card.Doubts
	d.box.Objects = nil
	asked := card.Doubts
	if d.most > 0 && len(asked) > d.most {
		asked = asked[:d.most]
	}
	for _, doubt := range asked {
		d.box.Add(d.one(doubt))
	}
	if n := len(card.Doubts) - len(asked); n > 0 {
		d.box.Add(widgets.Faint("and " + words.Count(n, "more question", "more questions")))
	}
	widgets.Visible(d.box, len(d.box.Objects) > 0)
	d.box.Refresh()
}

// one is a doubt: a press on a button settles it and draws everything anew.
func (d *doubts) one(doubt metadata.Doubt) fyne.CanvasObject {
	text := widgets.Faint(doubt.Text)
	text.Importance = widget.WarningImportance
	text.Wrapping = fyne.TextWrapWord
	rows := container.New(layout.NewCustomPaddedVBoxLayout(0), text)
	for _, r := range doubt.Readings {
		rows.Add(d.button(r))
		if d.most == 0 && r.Why != "" {
			why := widgets.Faint(words.Sentence(r.Why))
			why.Wrapping = fyne.TextWrapWord
			rows.Add(why)
		}
	}
	if doubt.Key == "labels" {
		rows.Add(widgets.Padded(widget.NewButton("Load labels…", func() { d.host.Ask(widgets.LabelQuestion(), d.c.SetLabels) })))
	}
	return rows
}

// button is a reading to press. Its text wraps, as that of a plain button does
// not.
func (d *doubts) button(r metadata.Reading) fyne.CanvasObject {
	title := strings.ToUpper(r.Title[:1]) + r.Title[1:]
	if r.Taken {
		title = "Yes, " + r.Title
	}
	press := widget.NewButton("", func() { d.c.Tell("read the output as "+r.Title, d.c.Choose(r.Choices)) })
	text := widget.NewLabel(title)
	text.SizeName = theme.SizeNameCaptionText
	text.TextStyle.Bold = r.Taken
	text.Wrapping = fyne.TextWrapWord
	flat := container.New(layout.NewCustomPaddedLayout(-4, -4, 0, 0), text)
	return container.New(layout.NewCustomPaddedLayout(0, 2, 6, 6), container.NewStack(press, container.NewVBox(layout.NewSpacer(), flat, layout.NewSpacer())))
}
