package explain

import (
	"fmt"
	"image"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/mask"
	"picasso/backend/picture"
	"picasso/ui/control"
	"picasso/ui/drawing"
	"picasso/ui/scanpane"
	"picasso/ui/viewer"
	"picasso/ui/widgets"
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
	finding *widget.Label     // what the map says
	told    *container.Scroll // the finding and what else must be known
	caption *widget.Label     // what else must be known about it
	sight   *fyne.Container   // picture and bar
	readout *widgets.Line     // what is under the pointer
	lack    *lackPane
	parts   *partsPane
	split   *container.Split // the picture above the parts
	top     fyne.CanvasObject
	stage   *widget.Label // the finding while presenting
	tool    viewer.Tool
	brush   float64       // width of the brush as a multiple of the first
	erase   bool          // drawing takes away
	regions *mask.Regions // as they are shown
	hidden  bool          // by a held key
	covers  bool          // it is being covered
	layer   *image.RGBA   // what is covered; nil for nothing
	off     bool          // by the user
	base    *image.RGBA
	ground  ground
	laid    *image.RGBA    // of the ground, in the viewer with the map
	seen    *picture.Image // that the viewers were laid out for
	drawn   drawn
	heat    *image.RGBA // of drawn, nil where it is empty

	mapShown func()      // told when the map is hidden or shown
	under    image.Point // the pixel under the pointer
	inside   bool        // there is one
}

func newPicture(h Host, c *control.Controller, choose func(tab int)) *Picture {
	p := &Picture{host: h, c: c, choose: choose, brush: 1, image: viewer.NewImage(""), bar: viewer.NewColorBar(), finding: widget.NewLabel(""), caption: widget.NewLabel(""), readout: newReadout()}
	p.finding.Wrapping, p.caption.Wrapping = fyne.TextWrapWord, fyne.TextWrapWord
	p.finding.TextStyle.Bold = true
	p.caption.SizeName = theme.SizeNameCaptionText
	p.stage = widget.NewLabel("")
	p.stage.Wrapping = fyne.TextWrapWord
	p.stage.SizeName = theme.SizeNameHeadingText
	p.bare = viewer.NewImage("")
	p.scan = scanpane.New(h, c, p.setSideBySide, p.showNotes)
	p.link(p.image, p.bare)
	p.link(p.bare, p.image)
	p.pair = container.NewStack(p.image)
	p.bar.OnLock = p.lock
	p.lack = newLackPane()
	// One place of fixed height, so that the picture never moves: a long finding takes
	// the room of a short note.
	p.told = container.NewVScroll(widgets.Tight(p.finding, p.caption))
	p.told.SetMinSize(fyne.NewSize(0, 80))
	bar := widgets.AtLeast(p.bar.MinSize().Width, 0, p.bar) // keeps its room where there is no map
	p.sight = container.NewBorder(nil, nil, nil, bar, container.NewStack(p.pair, p.lack.box))
	p.top = container.NewBorder(p.scan.Head, container.NewVBox(p.scan.Foot, widgets.Tight(p.readout, p.told)), nil, nil, p.sight)
	p.parts = newPartsPane(c)
	p.split = container.NewVSplit(widget.NewLabel(""), p.parts.box)
	p.split.SetOffset(0.6)
	p.box = container.NewStack(p.top)
	return p
}

func (p *Picture) draws() []control.Draw {
	return append([]control.Draw{
		control.On(p.showLook, control.LookChanged, control.ProbeChanged),
		control.On(p.showLack, control.ModelChanged, control.NoticeChanged),
		control.On(p.showPanel, control.TabChanged, control.PanelsChanged, control.PanelChanged, control.DisplayChanged),
		control.On(p.showViewing, control.ViewingChanged),
		control.On(p.showMeasures, control.MeasuresChanged, control.LookChanged),
		control.On(p.showRegions, control.RegionsChanged, control.LookChanged),
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
	p.image.SetEmptyText(p.waiting())
	p.showPanel()
}

func (p *Picture) setBase(m *image.RGBA) {
	if m == p.base {
		return
	}
	if p.base == nil || m == nil || p.base.Rect != m.Rect {
		p.hover(0, 0, false) // the place that was read is one of the former picture
	} // that of another slice is read once its map is drawn
	p.base = m
	for _, v := range []*viewer.Image{p.image, p.bare} {
		if m == nil {
			v.SetBase(nil)
			continue
		}
		v.SetBase(m)
	}
	p.ground, p.laid = ground{}, m
	if m != nil {
		p.ground = newGround(m)
	}
}

// waiting is what stands in the place of a picture that is being read, or of a
// slice that cannot be shown.
func (p *Picture) waiting() string {
	s := p.c.State()
	now := s.Selected()
	switch {
	case now == nil || now.Err != nil:
		return ""
	case now.Series != nil && !s.Looking:
		return fmt.Sprintf("Slice %d of %d cannot be shown; the others can", now.Slice+1, now.Slices())
	}
	return "Reading " + now.Name
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
	p.showLack()
	p.showParts(panel)
	p.drawn = drawn{}
	if panel.Map != nil && panel.Shown() == s.Look && s.Look != nil && panel.Err == nil && !p.covers {
		p.drawn = newDrawn(panel.Map, panel.Display, s.Look, s.Model)
	}
	if over := s.Over(); over != nil && s.Probe == nil && !p.covers {
		p.drawn = newLaid(over, panel.Display)
	}
	if p.heat = nil; p.drawn.field.Empty() {
		p.image.SetOverlay(nil)
	} else {
		p.heat = p.drawn.heat()
		p.image.SetOverlay(p.heat)
	}
	p.hover(p.under.X, p.under.Y, p.inside) // the value there is another one
	p.applyHidden()
	p.showWords(panel)
	p.showNotes()
}

// showLack says what stands in the way of a map, also where no model could be opened.
func (p *Picture) showLack() {
	lacks := p.lacking()
	if p.covers { // of the method, which rests
		lacks = lack{}
	}
	p.lack.show(lacks)
}

// showParts gives room below the picture to what is not a map, if anything is.
func (p *Picture) showParts(panel *control.Panel) {
	r := panel.Result
	if panel.Err != nil {
		r = nil
	}
	on := p.parts.show(r, panel.Shown() != p.c.State().Look || p.c.State().Looking)
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

// showWords writes what is said of the map: on it, at the colour bar and below.
func (p *Picture) showWords(panel *control.Panel) {
	said := p.say()
	on := !p.drawn.field.Empty() && p.c.State().Probe == nil
	widgets.Visible(p.bar, on)
	if on {
		p.bar.SetScale(p.drawn.scale())
		p.bar.SetUnit(said.unit)
		p.bar.SetLocked(panel.Display.Locked != nil)
	}
	p.image.SetState(said.state, said.old)
	p.bare.SetState(bareState(p.c.State()), false)
	p.finding.Importance = widget.MediumImportance
	if said.old {
		p.finding.Importance = widget.LowImportance
	}
	p.finding.SetText(said.finding)
	p.stage.Importance = p.finding.Importance
	p.stage.SetText(said.finding)
	p.caption.SetText(said.note)
	p.told.Refresh() // their heights have changed
}

// bareState says of the picture beside the map that another one is chosen.
func bareState(s *control.State) string {
	if former(s) {
		return pictureBefore
	}
	return ""
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
	on := !p.hidden && !p.off && p.c.State().Probe == nil
	p.image.SetOverlayVisible(on)
	if p.mapShown != nil && p.c.State().Planes != nil {
		p.mapShown()
	}
	if p.base != nil {
		if m := p.ground.under(p.c.State().Panel().Display, on && !p.drawn.field.Empty()); m != p.laid {
			p.laid = m
			p.image.SetBase(m)
		}
	}
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
