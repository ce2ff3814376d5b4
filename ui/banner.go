package ui

import (
	"fmt"
	"path/filepath"
	"picasso/backend/metadata"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control"
	"picasso/ui/widgets"
	"picasso/ui/words"
)

// bannerHost is the window around the banner.
type bannerHost interface {
	// ShowPreparation lets the user correct how pictures are prepared.
	ShowPreparation()
	// AskInputs asks what the inputs of a model get that could not be opened.
	AskInputs(need *metadata.InputsError)
	// Inform shows a panel over the window.
	Inform(title string, content fyne.CanvasObject, size fyne.Size)
}

// longNotice is the number of characters from which a notice may not fit into
// the place of the banner.
const longNotice = 120

// banner is the place for errors and notices: in the window, in words, until
// dismissed. It fills a place that is always there, so that nothing moves when
// it comes and goes.
type banner struct {
	host    bannerHost
	c       *control.Controller
	box     *fyne.Container
	back    *canvas.Rectangle
	icon    *widget.Icon
	title   *widget.Label
	text    *widgets.Brief
	details *widget.Button
	correct *widget.Button
	choices *fyne.Container
	links   *fyne.Container // several offers, under the text, which needs the width
	below   *widget.Label   // how many notices wait below
	more    string
}

func newBanner(h bannerHost, c *control.Controller) *banner {
	b := &banner{
		host: h, c: c, back: canvas.NewRectangle(nil), icon: widget.NewIcon(theme.InfoIcon()),
		title: widget.NewLabel(""), text: widgets.NewBrief(), choices: container.NewHBox(),
		links: container.New(layout.NewCustomPaddedHBoxLayout(0)), below: widgets.Faint(""),
	}
	b.back.CornerRadius = 4
	b.title.TextStyle.Bold = true
	b.title.Truncation = fyne.TextTruncateEllipsis
	b.details = widget.NewButton("Details", b.showDetails)
	b.details.Importance = widget.LowImportance
	b.correct = widget.NewButton("Correct…", h.ShowPreparation)
	closeIt := widget.NewButtonWithIcon("", theme.CancelIcon(), c.Dismiss)
	closeIt.Importance = widget.LowImportance
	right := container.NewCenter(container.NewHBox(b.choices, b.below, b.correct, b.details, closeIt))
	said := container.New(linked{}, b.title, b.text, b.links)
	b.box = container.NewStack(b.back, container.NewBorder(nil, nil, container.NewPadded(b.icon), right, said))
	b.box.Hide()
	return b
}

// Draws are what the banner draws.
func (b *banner) Draws() []control.Draw {
	return []control.Draw{control.On(b.show, control.NoticeChanged)}
}

func (b *banner) show() {
	n := b.c.State().Notice
	if n == nil {
		b.box.Hide()
		return
	}
	b.choices.Objects, b.links.Objects = nil, nil
	b.more = ""
	if n.Err != nil {
		said := words.Say(n.Doing, n.Err)
		if said == nil {
			b.box.Hide()
			return
		}
		b.fill(theme.ErrorIcon(), theme.ColorNameError, said.Title, said.Text)
		b.more = said.Details
	} else if n.Warning {
		b.fill(theme.WarningIcon(), theme.ColorNameWarning, "", n.Text)
	} else {
		b.fill(theme.InfoIcon(), theme.ColorNamePrimary, "", n.Text)
	}
	if need := inputsOf(n.Err); need != nil {
		b.choices.Add(widget.NewButton("Set the inputs…", func() { b.host.AskInputs(need) }))
	}
	for _, o := range n.Offers {
		if len(n.Offers) == 1 {
			b.choices.Add(widget.NewButton(o.Title, o.Take))
			continue
		}
		b.links.Add(link(o.Title, o.Take))
	}
	if len(n.Models) > 0 {
		b.choices.Add(b.choice(n.Models))
	}
	b.below.SetText("")
	if k := len(b.c.State().Earlier); k > 0 {
		b.below.SetText(fmt.Sprintf("%d more", k))
	}
	widgets.Visible(b.correct, n.Guess)
	long := b.more != "" || len(b.title.Text)+len(b.text.Text) > longNotice
	offered := len(b.links.Objects) > 0
	if long && offered {
		b.links.Add(link("Details", b.showDetails))
	}
	widgets.Visible(b.details, long && !offered)
	widgets.Visible(b.choices, len(b.choices.Objects) > 0)
	widgets.Visible(b.links, offered)
	b.box.Show()
	b.box.Refresh()
}

// linked is a title of one line, a text that fills what is left, and a row of links
// at the bottom, in a place of fixed height: what pads the title and the links is
// left out.
type linked struct{}

// MinSize implements fyne.Layout.
func (linked) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[1].MinSize() }

// Layout implements fyne.Layout.
func (linked) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	title, text, links := objects[0], objects[1], objects[2]
	pad := theme.InnerPadding()
	top, bottom := float32(1), size.Height
	if title.Visible() {
		height := title.MinSize().Height
		title.Move(fyne.NewPos(-pad, -pad/2))
		title.Resize(fyne.NewSize(size.Width+pad, height))
		top = height - pad - pad/2
	}
	if links.Visible() {
		row := links.MinSize()
		bottom -= row.Height - 2*pad
		links.Move(fyne.NewPos(-pad, bottom-pad-1))
		links.Resize(fyne.NewSize(size.Width+pad, row.Height))
	}
	text.Move(fyne.NewPos(0, top))
	text.Resize(fyne.NewSize(size.Width, bottom-top))
}

// link is an offer as small as the sentence above it.
func link(title string, take func()) *widget.Hyperlink {
	l := widget.NewHyperlink(title, nil)
	l.SizeName, l.OnTapped = theme.SizeNameCaptionText, take
	return l
}

// choice opens one of several models.
func (b *banner) choice(paths []string) fyne.CanvasObject {
	names := make([]string, len(paths))
	for i, path := range paths {
		names[i] = filepath.Join(filepath.Base(filepath.Dir(path)), filepath.Base(path))
		for j := range i {
			if names[j] == names[i] {
				names[i] = path
			}
		}
	}
	list := widgets.NewSelect(names, nil)
	list.PlaceHolder = "Choose a model"
	list.OnChanged = func(string) { b.c.Open(paths[list.SelectedIndex()]) }
	return container.NewBorder(nil, nil, widgets.AtLeast(170, 0, list), nil)
}

func (b *banner) fill(icon fyne.Resource, color fyne.ThemeColorName, title, text string) {
	b.icon.SetResource(theme.NewColoredResource(icon, color))
	b.title.SetText(title)
	widgets.Visible(b.title, title != "")
	b.text.SetText(text)
	r, g, bl, _ := theme.Color(color).RGBA()
	b.back.FillColor = widgets.Tint(r, g, bl)
	b.back.Refresh()
}

func (b *banner) showDetails() {
	whole := widget.NewLabel(strings.TrimSpace(b.title.Text + "\n\n" + b.text.Text))
	whole.Wrapping = fyne.TextWrapWord
	whole.Selectable = true
	text := widget.NewLabel(b.more)
	text.TextStyle.Monospace = true
	text.Selectable = true
	b.host.Inform("Details", container.NewBorder(whole, nil, nil, nil, container.NewScroll(text)), fyne.NewSize(720, 420))
}
