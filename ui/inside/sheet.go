package inside

import (
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/infer"
	"picasso/backend/visible"
	"picasso/ui/control/insight"
	"picasso/ui/viewer"
	"picasso/ui/widgets"
	"picasso/ui/words"
	"picasso/visualizers/layers"
	"picasso/visualizers/render"
)

// sheetPane shows the channels of the layer as tiles.
type sheetPane struct {
	host    Host
	in      *insight.Controller
	hovered func(channel, row, column int, on bool)
	box     fyne.CanvasObject
	title   *widgets.Line
	order   *widgets.Select
	common  *widget.Check
	pages   *fyne.Container
	page    *widget.Label
	tiles   *tiles
	bar     *viewer.ColorBar
	note    *widget.Label
	drawn   sheetDrawn
	mute    bool
}

// sheetDrawn is what the tiles were drawn of.
type sheetDrawn struct {
	sheet  *insight.Sheet
	order  layers.Order
	page   int
	common bool
}

// orderNames are the orders in the words of the window.
var orderNames = map[string]layers.Order{
	"by index": layers.ByIndex, "by mean": layers.ByMean, "by maximum": layers.ByMax, "by contribution": layers.ByContribution,
}

func newSheet(h Host, in *insight.Controller) *sheetPane {
	p := &sheetPane{host: h, in: in, title: widgets.NewLine(), tiles: newTiles(), bar: viewer.NewColorBar(), note: widget.NewLabel(""), page: widget.NewLabel("")}
	p.title.TextStyle.Bold = true
	p.note.Wrapping = fyne.TextWrapWord
	p.order = widgets.NewSelect([]string{"by index", "by mean", "by maximum", "by contribution"}, func(name string) {
		if !p.mute {
			in.SetOrder(orderNames[name])
			h.Unfocus()
		}
	})
	p.common = widget.NewCheck("one scale", func(on bool) {
		if !p.mute {
			in.SetCommon(on)
			h.Unfocus()
		}
	})
	turn := func(n int) func() { return func() { in.Turn(n); h.Unfocus() } }
	back, on := widget.NewButtonWithIcon("", theme.NavigateBackIcon(), turn(-1)), widget.NewButtonWithIcon("", theme.NavigateNextIcon(), turn(1))
	p.pages = container.NewHBox(back, p.page, on)
	p.tiles.tapped = func(i int) {
		if shown := in.State().Shown(); i < len(shown) {
			in.ChooseUnit(shown[i])
			h.Unfocus()
		}
	}
	p.tiles.hovered = func(i, row, column int, on bool) {
		shown := in.State().Shown()
		on = on && i < len(shown)
		channel := 0
		if on {
			channel = shown[i]
		}
		p.hovered(channel, row, column, on)
	}
	p.tiles.turned = in.Turn
	p.bar.Hide()
	head := container.NewVBox(p.title, container.NewBorder(nil, nil, nil, p.common, widgets.Narrow(104, p.order)), p.pages)
	p.box = container.NewBorder(head, p.note, nil, p.bar, container.NewPadded(p.tiles))
	return p
}

func (p *sheetPane) show() {
	s := p.in.State()
	p.title.Say(p.headings(s)...)
	p.mute = true
	for name, by := range orderNames {
		if by == s.Order && p.order.Selected != name {
			p.order.SetSelected(name)
		}
	}
	p.common.SetChecked(s.Common)
	p.mute = false
	widgets.Visible(p.pages, s.Pages() > 1)
	p.page.SetText(fmt.Sprintf("page %d of %d", s.Page+1, s.Pages()))
	note := p.remark(s)
	if s.Sheet != nil && s.Sheet.Layer.Depth > 0 {
		note = strings.TrimSpace("Of every channel the cells nearest to this slice are shown; the mean and the largest value are of all. " + note)
	}
	p.note.SetText(note)
	widgets.Visible(p.note, note != "")
	widgets.Visible(p.bar, s.Common && s.Sheet != nil)
	p.showTiles(s)
}

// headings name the layer and what it holds, the longest first. The whole name stands
// below the outline, too.
func (p *sheetPane) headings(s *insight.State) []string {
	name := visible.Text(s.Layer)
	if s.Sheet == nil {
		return []string{name, lastPart(name)}
	}
	l := s.Sheet.Layer
	name = visible.Text(l.Name)
	holds := fmt.Sprintf("%s of %s", words.Count(l.Channels, "channel", "channels"), infer.Dimensions(l.Cells()))
	return []string{name + ": " + holds, lastPart(name) + ": " + holds, holds}
}

// lastPart is the end of the name of a tensor, which says most, after the blocks that it
// lies in.
func lastPart(name string) string {
	if i := strings.LastIndex(strings.TrimRight(name, "/"), "/"); i > 0 {
		return "…" + name[i:]
	}
	return name
}

// remark is what must be known of the tiles.
func (p *sheetPane) remark(s *insight.State) string {
	switch {
	case s.GraphErr != nil || s.Graph == nil:
		return ""
	case s.SheetErr != nil:
		return words.Sentence(s.SheetErr.Error())
	case s.Sheet == nil && s.Working:
		return "Reading the activations"
	case s.Sheet == nil && s.Layer == "":
		return "No layer of this model is a map of cells over the picture, so there is nothing to show as pictures."
	case s.Sheet == nil:
		return "Open a picture, and the channels are shown here."
	case !p.in.Current():
		return "These are the channels of the picture or layer before; the new ones are on their way."
	case s.Order == layers.ByContribution && s.Sheet.Lack != nil:
		return "Sorted by mean: contributions need a gradient, and there is none here, for " + s.Sheet.Lack.Error() + "."
	case s.Order == layers.ByContribution && s.Sheet.Target == nil:
		return "Sorted by mean until the gradient is there."
	case s.Order == layers.ByContribution:
		return "Contribution of a channel: the sum of gradient × activation over its cells, to " + s.Sheet.Symbol + "."
	}
	return ""
}

// showTiles draws the tiles where they are others, else only the frame.
func (p *sheetPane) showTiles(s *insight.State) {
	shown := s.Shown()
	selected := slices.Index(shown, s.Unit.Channel)
	now := sheetDrawn{s.Sheet, s.Order, s.Page, s.Common}
	if now == p.drawn {
		p.tiles.choose(selected)
		return
	}
	p.drawn = now
	var fields []render.Field
	var ranges []render.Range
	signed := s.Sheet != nil && s.Sheet.Signed
	for _, channel := range shown {
		fields, ranges = append(fields, s.Sheet.Plane(channel)), append(ranges, p.in.RangeOf(channel))
	}
	p.tiles.set(fields, ranges, signed, selected)
	if s.Common && s.Sheet != nil {
		style := render.Style{Signed: signed, Range: &s.Sheet.Range}
		p.bar.SetScale(style.Scale(render.Field{}))
		p.bar.SetUnit("activation")
	}
}
