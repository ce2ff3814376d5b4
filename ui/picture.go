package ui

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
	"picasso/ui/viewer"
	"picasso/visualizers/render"
)

// picturePane shows the current picture under the map of the current tab, the
// colour bar, and what the numbers say.
type picturePane struct {
	w       *Window
	box     *fyne.Container
	image   *viewer.Image // the picture with the map
	bare    *viewer.Image // beside it the picture alone, where that is asked for
	pair    *fyne.Container
	scan    *scanPane
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
	redraws int         // overlays drawn, for tests
}

func newPicturePane(w *Window) *picturePane {
	p := &picturePane{w: w, image: viewer.NewImage(""), bar: viewer.NewColorBar(), caption: widget.NewLabel(""), readout: faint(" ")}
	p.caption.Wrapping = fyne.TextWrapWord
	p.caption.SizeName = theme.SizeNameCaptionText
	p.readout.TextStyle.Monospace = true
	p.readout.Truncation = fyne.TextTruncateEllipsis
	p.bare, p.scan = viewer.NewImage(""), newScanPane(w)
	p.link(p.image, p.bare)
	p.link(p.bare, p.image)
	p.pair = container.NewStack(p.image)
	p.bar.OnLock = p.lock
	p.reason = widget.NewLabel("")
	p.reason.Wrapping = fyne.TextWrapWord
	p.reason.Alignment = fyne.TextAlignCenter
	p.others = container.NewGridWithColumns(2)
	p.fault = container.NewStack(newVeil(), container.NewCenter(container.NewVBox(atLeast(400, 0, p.reason), p.others)))
	p.fault.Hide()
	words := container.NewVScroll(p.caption) // of one height, so that the picture never jumps
	words.SetMinSize(fyne.NewSize(0, 54))
	bar := atLeast(0, p.bar.MinSize().Height, p.bar) // keeps its room where there is no map
	below := container.NewVBox(p.scan.foot, p.readout, bar, words)
	p.top = container.NewBorder(p.scan.head, below, nil, nil, container.NewStack(p.pair, p.fault))
	p.parts = newPartsPane(w)
	p.split = container.NewVSplit(widget.NewLabel(""), p.parts.box)
	p.split.SetOffset(0.6)
	p.box = container.NewStack(p.top)
	return p
}

// showLook draws another picture, or the covered one under inspection.
func (p *picturePane) showLook() {
	s := p.w.c.State()
	p.image.Mark(image.Rectangle{})
	p.scan.show()
	p.layOutScan()
	switch {
	case s.Probe != nil && s.Look != nil:
		p.setBase(s.Probe.Shown)
		p.image.Mark(onPicture(s.Look, s.Probe.Rect))
	case s.Look != nil:
		p.setBase(p.w.c.Shown())
	case s.Looking:
	default:
		p.setBase(nil)
	}
	p.layOutRegion()
	p.image.SetEmptyText(p.invitation())
	p.showPanel()
}

func (p *picturePane) setBase(m *image.RGBA) {
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

func (p *picturePane) invitation() string {
	s := p.w.c.State()
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
func (p *picturePane) showPanel() {
	s := p.w.c.State()
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
		p.redraws++
	}
	p.hover(p.under.X, p.under.Y, p.inside) // the value there is another one
	p.image.SetStale(panel.Stale || s.Looking)
	p.applyHidden()
	p.showWords(panel)
	p.showNotes()
	p.w.display.offer(panel)
}

// mostOffers bounds the methods offered instead of one that cannot be had.
const mostOffers = 8

// showFault tells why there is no map, and offers the methods that have one.
func (p *picturePane) showFault(panel *control.Panel) {
	s := p.w.c.State()
	on := panel.Err != nil && s.Model != nil
	visible(p.fault, on)
	if !on {
		return
	}
	if said := say("", panel.Err); said != nil {
		p.reason.SetText(said.Text)
	}
	p.others.Objects = nil
	tabs := p.w.c.Alternatives()
	for _, tab := range tabs[:min(len(tabs), mostOffers)] {
		p.others.Add(widget.NewButton(s.Panels[tab].Info.Title, func() { p.w.selectTab(tab) }))
	}
	if path := p.w.scripts.fileOf(panel); path != "" {
		p.others.Add(widget.NewButton("Open in the editor", func() { p.w.show(path, false) }))
	}
	p.others.Refresh()
}

// showParts gives room below the picture to what is not a map, if anything is.
func (p *picturePane) showParts(panel *control.Panel) {
	r := panel.Result
	if panel.Err != nil || panel.Shown() != p.w.c.State().Look {
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
func (p *picturePane) showWords(panel *control.Panel) {
	visible(p.bar, !p.drawn.field.Empty())
	if p.w.c.State().Probe != nil {
		p.caption.SetText("This is what the model saw with one region covered. Its answer, and how it changed, is on the right. Press Esc or click again to go back.")
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
			lines = append(lines, strings.TrimSuffix(sentence(m.Positive), ".")+".")
		}
	}
	if panel.Result != nil && panel.Err == nil && panel.Shown() == p.w.c.State().Look {
		if panel.Result.Note != "" {
			lines = append(lines, sentence(panel.Result.Note))
		}
		for _, warning := range panel.Result.Warnings {
			lines = append(lines, sentence(warning))
		}
	}
	if len(lines) == 0 {
		lines = append(lines, panel.Info.About)
	}
	p.caption.SetText(strings.Join(lines, " "))
}

// hideMap hides the map while a key is held.
func (p *picturePane) hideMap(on bool) {
	p.hidden = on
	p.applyHidden()
}

func (p *picturePane) toggleMap() {
	p.off = !p.off
	p.applyHidden()
}

func (p *picturePane) applyHidden() {
	p.image.SetOverlayVisible(!p.hidden && !p.off && p.w.c.State().Probe == nil)
}

// toggleLock holds the scale as it is, or lets it follow the map again.
func (p *picturePane) toggleLock() {
	p.lock(p.w.c.State().Panel().Display.Locked == nil)
}

func (p *picturePane) lock(on bool) {
	s := p.w.c.State()
	d := s.Panel().Display
	d.Locked = nil
	if on && !p.drawn.field.Empty() {
		r := p.drawn.scale().Range
		d.Locked = &drawing.Range{Lo: r.Lo, Hi: r.Hi}
	}
	p.w.c.SetDisplay(s.Tab, d)
}

func (p *picturePane) tapped(x, y int) {
	if !p.w.c.ProbeAt(x, y) && p.w.c.State().Probe != nil {
		p.w.c.ClearProbe()
	}
}

// hover tells what is under the pointer.
func (p *picturePane) hover(x, y int, inside bool) {
	p.under, p.inside = image.Pt(x, y), inside
	k := p.w.c.State().Look
	if !inside || k == nil {
		p.readout.SetText(" ")
		p.bar.SetMarker(math.NaN())
		return
	}
	text := fmt.Sprintf("x %d  y %d  %s%s", x, y, raw(k, x, y), position(k, x, y))
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
