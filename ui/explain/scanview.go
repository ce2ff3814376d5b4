package explain

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"picasso/ui/control"
	"picasso/ui/control/session"
	"picasso/ui/planes"
	"picasso/ui/viewer"
	"picasso/visualizers/render"
)

// link makes what the pointer does in one viewer show in the other too, and
// connects it to the window.
func (p *Picture) link(v, other *viewer.Image) {
	v.OnHover = func(x, y int, inside bool) {
		other.Point(x, y, inside && p.sideBySide())
		p.hover(x, y, inside)
	}
	v.OnTapped = p.tapped
	v.OnViewChanged = other.SetView
	v.OnWindow = func(across, down float32) { p.c.DragWindow(float64(across), float64(down)) }
	v.OnReset = p.ResetViewing
	v.OnFigure = p.drawFigure
	v.OnChosen = p.c.ChooseMeasure
	v.OnPaint = p.paint
}

// layOutScan gives the viewers the hands, the shape and the notes of the
// current picture.
func (p *Picture) layOutScan() {
	s := p.c.State()
	if s.Look == nil || p.seen != s.Look.Image { // what is being drawn is on another slice
		p.image.AbandonFigure()
		p.bare.AbandonFigure()
	}
	if p.seen = nil; s.Look != nil {
		p.seen = s.Look.Image
	}
	scan := s.Scan()
	hands, aspect := viewer.PhotoHands, 1.0
	var slices func(int)
	if scan {
		hands = viewer.ScanHands
		if s.Look != nil && s.Look.Image.Scan != nil {
			aspect = s.Look.Image.Scan.Geometry.Aspect
		}
		if s.Selected().Slices() > 1 {
			slices = func(n int) { p.c.StepSlice(n) }
		}
	} else {
		p.turn(viewer.Turn{})
	}
	for _, v := range []*viewer.Image{p.image, p.bare} {
		v.SetHands(hands)
		v.SetAspect(aspect)
		v.OnSlices = slices
	}
	p.showNotes()
	outline := blockOn(s.Look)
	p.image.SetOutline(outline)
	p.bare.SetOutline(outline)
	p.arrangePair(s.Look != nil && p.c.Settings().SideBySide)
}

// blockOn are the corners, on the slice, of the block that the model got of the volume; nil
// where it got all of it, or nothing of the slice.
func blockOn(k *control.Look) [][2]float64 {
	if k == nil || k.Block == nil || k.Block.Everything() {
		return nil
	}
	all := k.Block.Corners()
	before, _ := k.Image.Span()
	if at := float64(before); at < all[0][0] || at > all[7][0] {
		return nil
	}
	var out [][2]float64
	for _, i := range []int{0, 1, 3, 2} {
		out = append(out, [2]float64{all[i][2] + 0.5, all[i][1] + 0.5})
	}
	return out
}

// showNotes writes on both viewers; how the map is drawn stands on its own.
func (p *Picture) showNotes() {
	n := p.scan.Notes()
	p.bare.SetNotes(n)
	n.BottomRight = p.interpolation()
	p.image.SetNotes(n)
}

// interpolation says what the map over a scan shows between its own pixels.
func (p *Picture) interpolation() []string {
	s := p.c.State()
	switch {
	case !s.Scan() || s.Panel().Map == nil && s.Over() == nil:
		return nil
	case s.Panel().Display.Smoothed(true):
		return []string{"map: interpolated for display"}
	}
	return []string{"map: as computed"}
}

// Map is the map over the current slice as it is shown, for planes through the
// volume.
func (p *Picture) Map() planes.Map {
	s := p.c.State()
	if p.heat == nil || p.hidden || p.off || s.Probe != nil || s.Look == nil {
		return planes.Map{}
	}
	style := p.drawn.style // as it is now: planes are drawn later, on another goroutine
	return planes.Map{
		Heat: p.heat, Look: s.Look, Scale: p.drawn.scale(), Unit: p.say().unit, Of: p.drawn.source.Of,
		Draw: func(f render.Field) *image.RGBA {
			size := image.Pt(f.Width, f.Height)
			return drawn{field: f, style: style, size: size, rect: render.Whole(size.X, size.Y)}.heat()
		},
	}
}

// showViewing draws a scan through another window; the map stays as it is.
func (p *Picture) showViewing() {
	if s := p.c.State(); s.Look != nil && s.Probe == nil {
		p.setBase(p.c.Shown())
	}
	p.showNotes()
	p.scan.ShowWindowInUse()
}

// SetTool chooses what a plain drag over the picture does.
func (p *Picture) SetTool(t viewer.Tool) {
	p.tool = t
	p.image.SetTool(t)
	p.bare.SetTool(t)
}

// Tool is what a plain drag over the picture does.
func (p *Picture) Tool() viewer.Tool { return p.tool }

// Turn turns and mirrors what is shown, in both viewers and wherever else the scan is
// shown.
func (p *Picture) Turn(how func(viewer.Turn) viewer.Turn) {
	p.turn(how(p.image.Turn()))
	p.c.Announce(control.ViewingChanged)
}

// Turned is how the scan is turned and mirrored.
func (p *Picture) Turned() viewer.Turn { return p.image.Turn() }

// Zoom enlarges the picture by a factor.
func (p *Picture) Zoom(by float64) { p.image.ZoomBy(by) }

// Fit shows the whole picture.
func (p *Picture) Fit() { p.image.Fit() }

// TogglePatient shows or hides what the files of scans say of the patient.
func (p *Picture) TogglePatient() { p.scan.TogglePatient() }

// ShowScan redraws what there is for scans only, after its choices changed.
func (p *Picture) ShowScan() { p.scan.Show() }

// turn turns and mirrors what is shown, in both viewers.
func (p *Picture) turn(t viewer.Turn) {
	p.image.SetTurn(t)
	p.bare.SetTurn(t)
}

// ResetViewing shows the picture as its file says, fitted.
func (p *Picture) ResetViewing() {
	p.turn(viewer.Turn{})
	p.image.Fit()
	p.bare.Fit()
	p.c.ResetViewing()
}

func (p *Picture) sideBySide() bool {
	return len(p.pair.Objects) == 1 && p.pair.Objects[0] != p.image
}

// ToggleSideBySide shows the picture twice, or once again.
func (p *Picture) ToggleSideBySide() { p.setSideBySide(!p.c.Settings().SideBySide) }

// setSideBySide shows the bare picture at the left of the one with the map.
func (p *Picture) setSideBySide(on bool) {
	p.c.Settings().SideBySide = on
	p.scan.Show()
	p.arrangePair(on && p.c.State().Look != nil)
}

func (p *Picture) arrangePair(on bool) {
	if on == p.sideBySide() {
		return
	}
	var content fyne.CanvasObject = p.image
	if on {
		content = container.NewGridWithColumns(2, p.bare, p.image)
		p.bare.SetView(p.image.View())
	}
	p.pair.Objects = []fyne.CanvasObject{content}
	p.pair.Refresh()
}

// Lies is how the picture lies in the window, for sessions.
func (p *Picture) Lies() session.View {
	v, t := p.image.View(), p.image.Turn()
	return session.View{Zoom: v.Zoom, X: v.CenterX, Y: v.CenterY, Turn: t.Quarters, Mirror: t.Mirrored}
}

// Lay brings that back.
func (p *Picture) Lay(v session.View) {
	if p.c.State().Scan() {
		p.turn(viewer.Turn{Quarters: v.Turn, Mirrored: v.Mirror})
	}
	if v.Zoom > 0 {
		to := viewer.View{Zoom: v.Zoom, CenterX: v.X, CenterY: v.Y}
		p.image.SetView(to)
		p.bare.SetView(to)
	}
}
