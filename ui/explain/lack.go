package explain

import (
	"errors"
	"fmt"
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

// lack is what stands in the place of a map that there is not: why, and what can
// be done.
type lack struct {
	icon    fyne.Resource
	reason  string
	actions []offer
}

// offer is something to do instead.
type offer struct {
	title string
	icon  fyne.Resource // may be nil
	do    func()
}

// lackPane shows a lack over what is left of the picture.
type lackPane struct {
	box     *fyne.Container
	icon    *widget.Icon
	reason  *widget.Label
	actions *fyne.Container
}

func newLackPane() *lackPane {
	p := &lackPane{icon: widget.NewIcon(nil), reason: widget.NewLabel(""), actions: container.NewStack()}
	p.reason.Wrapping = fyne.TextWrapWord
	p.reason.Alignment = fyne.TextAlignCenter
	p.box = container.NewStack(widgets.NewVeil(), container.NewCenter(container.NewVBox(
		widgets.AtLeast(0, 32, p.icon), widgets.AtLeast(360, 0, p.reason), p.actions)))
	p.box.Hide()
	return p
}

// show shows a lack, or hides the pane where nothing is lacking.
func (p *lackPane) show(l lack) {
	widgets.Visible(p.box, l.reason != "")
	if l.reason == "" {
		return
	}
	p.icon.SetResource(l.icon)
	p.reason.SetText(l.reason)
	row := container.NewGridWithColumns(2)
	if len(l.actions) == 1 {
		row = container.New(layout.NewCenterLayout())
	}
	for _, a := range l.actions {
		row.Add(widget.NewButtonWithIcon(a.title, a.icon, a.do))
	}
	p.actions.Objects = []fyne.CanvasObject{row}
	p.actions.Refresh()
}

// mostOffers bounds the methods offered instead of one that cannot be had.
const mostOffers = 8

// lacking says what stands in the way of a map.
func (p *Picture) lacking() lack {
	s := p.c.State()
	warning := theme.NewColoredResource(theme.WarningIcon(), theme.ColorNameWarning)
	openModel := offer{"Open model…", theme.FolderOpenIcon(), p.host.ChooseModel}
	addImages := offer{"Add pictures…", theme.ContentAddIcon(), p.host.ChooseImages}
	now := s.Selected()
	switch {
	case s.Opening != nil && s.Model == nil, s.Reading != nil && now == nil:
		return lack{}
	case s.Unopened != nil:
		return p.unopened(s.Unopened, warning, openModel)
	case now == nil && s.Model == nil:
		return lack{theme.FileImageIcon(), "Drop a model (.onnx) and pictures here.", []offer{openModel, addImages}}
	case now == nil:
		return lack{theme.FileImageIcon(), "Drop pictures here.", []offer{addImages}}
	case now.Err != nil && !s.Looking:
		out := lack{icon: warning, actions: []offer{{"Remove this picture", theme.DeleteIcon(), func() { p.c.Remove(s.Current) }}}}
		what := "be shown"
		if s.Look != nil { // the picture is fine, the model does not take it
			what = "be explained"
			out.actions = append(out.actions, offer{"Preprocessing…", nil, p.host.ShowPreparation})
		}
		out.reason = fmt.Sprintf("%s cannot %s.", now.Name, what)
		if said := words.Say("", now.Err); said != nil {
			out.reason += " " + said.Text
		}
		return out
	}
	return p.unserved(s.Panel(), warning)
}

// unopened says why there is no model, and offers what can be done about it before
// another one is opened.
func (p *Picture) unopened(n *control.Notice, warning fyne.Resource, another offer) lack {
	out := lack{icon: warning}
	if said := words.Say(n.Doing, n.Err); said != nil {
		out.reason = strings.TrimSpace(strings.TrimSuffix(said.Title, ".") + ". " + said.Text)
	}
	var need *metadata.InputsError
	if errors.As(n.Err, &need) {
		out.actions = append(out.actions, offer{"Set the inputs…", nil, func() { p.host.AskInputs(need) }})
	}
	for _, o := range n.Offers {
		out.actions = append(out.actions, offer{o.Title, nil, o.Take})
	}
	out.actions = append(out.actions, another)
	return out
}

// unserved says why the current method has no map for this model or picture, and
// offers those that have one.
func (p *Picture) unserved(panel *control.Panel, warning fyne.Resource) lack {
	s := p.c.State()
	said := words.Say("", panel.Err)
	if said == nil || s.Model == nil {
		return lack{}
	}
	out := lack{icon: warning, reason: said.Text}
	tabs := p.c.Alternatives()
	for _, tab := range tabs[:min(len(tabs), mostOffers)] {
		out.actions = append(out.actions, offer{s.Panels[tab].Info.Title, nil, func() { p.choose(tab) }})
	}
	if edit := p.host.Editor(panel); edit != nil {
		out.actions = append(out.actions, offer{"Open in editor", nil, edit})
	}
	return out
}
