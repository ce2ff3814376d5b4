package explain

import (
	"fmt"
	"image"
	"math"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/picture"
	"picasso/ui/control"
	"picasso/ui/drawing"
	"picasso/ui/scanpane"
	"picasso/ui/viewer"
	"picasso/ui/widgets"
	"picasso/ui/words"
	"picasso/visualizers/render"
)

// Picture shows the current picture under the map of the current tab, the
// colour bar, and what the numbers say.
type Picture struct {
	host    Host
	c       *control.Controller
	choose  func(tab int)
	box     *fyne.Container
	image   *viewer.Image // the picture with the map
	bare    *viewer.Image // beside it the picture alone, where that is asked for
	pair    *fyne.Container
	scan    *scanpane.Pane
	bar     *viewer.ColorBar
	caption *widget.Label // what the map shows and what must be known about it
	readout *widget.Label // what is under the pointer
	fault   *fyne.Container
	reason  *widget.Label
	others  *fyne.Container // what to do instead
	parts   *partsPane
	split   *container.Split // the picture above the parts
	top     fyne.CanvasObject
	hidden  bool // by a held key
	off     bool // by the user
	base    *image.RGBA
	seen    *picture.Image // that the viewers were laid out for
	drawn   drawn
	under   image.Point // the pixel under the pointer
	inside  bool        // there is one
}

func newPicture(h Host, c *control.Controller, choose func(tab int)) *Picture {
	p := &Picture{host: h, c: c, choose: choose, image: viewer.NewImage(""), bar: viewer.NewColorBar(), caption: widget.NewLabel(""), readout: widgets.Faint(" ")}
	p.caption.Wrapping = fyne.TextWrapWord
	p.caption.SizeName = theme.SizeNameCaptionText
	p.readout.TextStyle.Monospace = true
	p.readout.Truncation = fyne.TextTruncateEllipsis
	p.bare = viewer.NewImage("")
	p.scan = scanpane.New(h, c, p.setSideBySide, p.showNotes)
	p.link(p.image, p.bare)
	p.link(p.bare, p.image)
	p.pair = container.NewStack(p.image)
	p.bar.OnLock = p.lock
	p.reason = widget.NewLabel("")
	p.reason.Wrapping = fyne.TextWrapWord
	p.reason.Alignment = fyne.TextAlignCenter
	p.others = container.NewGridWithColumns(2)
	p.fault = container.NewStack(widgets.NewVeil(), container.NewCenter(container.NewVBox(widgets.AtLeast(400, 0, p.reason), p.others)))
	p.fault.Hide()
	words := container.NewVScroll(p.caption) // of one height, so that the picture never jumps
	words.SetMinSize(fyne.NewSize(0, 54))
	bar := widgets.AtLeast(0, p.bar.MinSize().Height, p.bar) // keeps its room where there is no map
	below := container.NewVBox(p.scan.Foot, p.readout, bar, words)
	p.top = container.NewBorder(p.scan.Head, below, nil, nil, container.NewStack(p.pair, p.fault))
	p.parts = newPartsPane(c)
	p.split = container.NewVSplit(widget.NewLabel(""), p.parts.box)
	p.split.SetOffset(0.6)
	p.box = container.NewStack(p.top)
	return p
}

func (p *Picture) draws() []control.Draw {
	return append([]control.Draw{
		control.On(p.showLook, control.LookChanged, control.ProbeChanged),
		control.On(p.showPanel, control.TabChanged, control.PanelsChanged, control.PanelChanged, control.DisplayChanged),
		control.On(p.showViewing, control.ViewingChanged),
	}, p.scan.Draws()...)
}

// showLook draws another picture, or the covered one under inspection.
func (p *Picture) showLook() {
	s := p.c.State()
	p.image.Mark(image.Rectangle{})
	p.scan.Show()
	p.layOutScan()
	switch {
	case s.Probe != nil && s.Look != nil:
		p.setBase(s.Probe.Shown)
		p.image.Mark(onPicture(s.Look, s.Probe.Rect))
	case s.Look != nil:
		p.setBase(p.c.Shown())
	case s.Looking:
	default:
		p.setBase(nil)
	}
	p.layOutRegion()
	p.image.SetEmptyText(p.invitation())
	p.showPanel()
}

func (p *Picture) setBase(m *image.RGBA) {
	if m == p.base {
		return
	}
	p.base = m
	p.hover(0, 0, false) // what was read belongs to the former picture
	for _, v := range []*viewer.Image{p.image, p.bare} {
		if m == nil {
			v.SetBase(nil)
			continue
		}
		v.SetBase(m)
	}
}

func (p *Picture) invitation() string {
	s := p.c.State()
	switch {
	case s.Current >= 0 && s.Images[s.Current].Err != nil:
		return s.Images[s.Current].Name + " cannot be shown"
	case s.Current >= 0:
		return "Reading " + s.Images[s.Current].Name
	case s.Model == nil:
		return "Drop a model (.onnx) and images here"
	}
	return "Drop images here"
}

// onPicture is a rectangle of model pixels in picture pixels.
func onPicture(k *control.Look, r image.Rectangle) image.Rectangle {
	x := func(v int) float64 { return float64(v)*k.Place.ScaleX + k.Place.OffsetX }
	y := func(v int) float64 { return float64(v)*k.Place.ScaleY + k.Place.OffsetY }
	return image.Rect(
		int(math.Floor(x(r.Min.X))), int(math.Floor(y(r.Min.Y))),
		int(math.Ceil(x(r.Max.X))), int(math.Ceil(y(r.Max.Y)))).Intersect(k.Shown.Rect)
}

// showPanel draws the map of the current tab as its display asks.
func (p *Picture) showPanel() {
	s := p.c.State()
	panel := s.Panel()
	p.showFault(panel)
	p.showParts(panel)
	p.drawn = drawn{}
	if panel.Map != nil && panel.Shown() == s.Look && s.Look != nil && panel.Err == nil {
		p.drawn = newDrawn(panel.Map, panel.Display, s.Look, s.Model)
	}
	if p.drawn.field.Empty() {
		p.image.SetOverlay(nil)
	} else {
		p.image.SetOverlay(p.drawn.heat())
	}
	p.hover(p.under.X, p.under.Y, p.inside) // the value there is another one
	p.image.SetStale(panel.Stale || s.Looking)
	p.applyHidden()
	p.showWords(panel)
	p.showNotes()
}

// mostOffers bounds the methods offered instead of one that cannot be had.
const mostOffers = 8

// showFault tells why there is no map, and offers the methods that have one.
func (p *Picture) showFault(panel *control.Panel) {
	s := p.c.State()
	on := panel.Err != nil && s.Model != nil
	widgets.Visible(p.fault, on)
	if !on {
		return
	}
	if said := words.Say("", panel.Err); said != nil {
		p.reason.SetText(said.Text)
	}
	p.others.Objects = nil
	tabs := p.c.Alternatives()
	for _, tab := range tabs[:min(len(tabs), mostOffers)] {
		p.others.Add(widget.NewButton(s.Panels[tab].Info.Title, func() { p.choose(tab) }))
	}
	if edit := p.host.Editor(panel); edit != nil {
		p.others.Add(widget.NewButton("Open in editor", edit))
	}
	p.others.Refresh()
}

// showParts gives room below the picture to what is not a map, if anything is.
func (p *Picture) showParts(panel *control.Panel) {
	r := panel.Result
	if panel.Err != nil || panel.Shown() != p.c.State().Look {
		r = nil
	}
	on := p.parts.show(r)
	var content fyne.CanvasObject = p.top
	if on {
		p.split.Leading = p.top
		content = p.split
	}
	if p.box.Objects[0] != content {
		p.box.Objects[0] = content
		p.box.Refresh()
		p.split.Refresh()
	}
}

// showWords puts the unit at the colour bar and the rest under it.
func (p *Picture) showWords(panel *control.Panel) {
	widgets.Visible(p.bar, !p.drawn.field.Empty())
	if p.c.State().Probe != nil {
		p.caption.SetText("This is what the model saw with one region covered. Its answer and how it changed are on the right. Press Esc or click again to go back.")
		return
	}
	var lines []string
	if !p.drawn.field.Empty() {
		m := panel.Map
		p.bar.SetScale(p.drawn.scale())
		p.bar.SetWords(m.Unit, render.Describe(p.drawn.field, m.Signed))
		p.bar.SetLocked(panel.Display.Locked != nil)
		if m.Positive != "" && m.Signed {
			lines = append(lines, "Positive: "+m.Positive+".")
		} else if m.Positive != "" {
			lines = append(lines, strings.TrimSuffix(words.Sentence(m.Positive), ".")+".")
		}
	}
	if panel.Result != nil && panel.Err == nil && panel.Shown() == p.c.State().Look {
		if panel.Result.Note != "" {
			lines = append(lines, words.Sentence(panel.Result.Note))
		}
		for _, warning := range panel.Result.Warnings {
			lines = append(lines, words.Sentence(warning))
		}
	}
	if len(lines) == 0 {
		lines = append(lines, panel.Info.About)
	}
	p.caption.SetText(strings.Join(lines, " "))
}

// HideMap hides the map while a key is held.
func (p *Picture) HideMap(on bool) {
	p.hidden = on
	p.applyHidden()
}

// ToggleMap hides the map until the next call.
func (p *Picture) ToggleMap() {
	p.off = !p.off
	p.applyHidden()
}

func (p *Picture) applyHidden() {
	p.image.SetOverlayVisible(!p.hidden && !p.off && p.c.State().Probe == nil)
}

// ToggleLock holds the scale as it is, or lets it follow the map again.
func (p *Picture) ToggleLock() {
	p.lock(p.c.State().Panel().Display.Locked == nil)
}

func (p *Picture) lock(on bool) {
	s := p.c.State()
	d := s.Panel().Display
	d.Locked = nil
	if on && !p.drawn.field.Empty() {
		r := p.drawn.scale().Range
		d.Locked = &drawing.Range{Lo: r.Lo, Hi: r.Hi}
	}
	p.c.SetDisplay(s.Tab, d)
}

func (p *Picture) tapped(x, y int) {
	if !p.c.ProbeAt(x, y) && p.c.State().Probe != nil {
		p.c.ClearProbe()
	}
}

// hover tells what is under the pointer.
func (p *Picture) hover(x, y int, inside bool) {
	p.under, p.inside = image.Pt(x, y), inside
	k := p.c.State().Look
	if !inside || k == nil {
		p.readout.SetText(" ")
		p.bar.SetMarker(math.NaN())
		return
	}
	text := fmt.Sprintf("x %d  y %d  %s%s", x, y, raw(k, x, y), scanpane.Position(k, x, y))
	v := p.drawn.at(x, y)
	if !math.IsNaN(v) {
		text += fmt.Sprintf("  %s %+.4g", p.drawn.source.Unit, v)
	}
	p.bar.SetMarker(v)
	p.readout.SetText(text)
}

// raw writes the picture's own value at a pixel.
func raw(k *control.Look, x, y int) string {
	if x < 0 || y < 0 || x >= k.Image.Width || y >= k.Image.Height {
		return ""
	}
	parts := make([]string, k.Image.Channels)
	for c := range parts {
		parts[c] = fmt.Sprintf("%.4g", k.Image.At(x, y, c))
	}
	text := strings.Join(parts, " ")
	if k.Image.Unit != "" {
		text += " " + k.Image.Unit
	}
	return text
}
