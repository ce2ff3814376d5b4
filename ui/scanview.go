package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"picasso/ui/viewer"
)

// link makes what the pointer does in one viewer show in the other too, and
// connects it to the window.
func (p *picturePane) link(v, other *viewer.Image) {
	v.OnHover = func(x, y int, inside bool) {
		other.Point(x, y, inside && p.sideBySide())
		p.hover(x, y, inside)
	}
	v.OnTapped = p.tapped
	v.OnViewChanged = other.SetView
	v.OnWindow = func(across, down float32) { p.w.c.DragWindow(float64(across), float64(down)) }
	v.OnReset = p.resetViewing
}

// layOutScan gives the viewers the hands, the shape and the notes of the
// current picture.
func (p *picturePane) layOutScan() {
	s := p.w.c.State()
	if s.Look == nil || p.seen != s.Look.Image { // what was measured is on another slice
		p.image.Unmeasure()
		p.bare.Unmeasure()
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
			slices = func(n int) { p.w.c.StepSlice(n) }
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
	p.arrangePair(scan && p.w.c.Settings().SideBySide)
}

// showNotes writes on both viewers; how the map is drawn stands on its own.
func (p *picturePane) showNotes() {
	n := p.scan.notes()
	p.bare.SetNotes(n)
	n.BottomRight = p.interpolation()
	p.image.SetNotes(n)
}

// interpolation says what the map over a scan shows between its own pixels.
func (p *picturePane) interpolation() []string {
	s := p.w.c.State()
	switch {
	case !s.Scan() || s.Panel().Map == nil:
		return nil
	case s.Panel().Display.Smoothed(true):
		return []string{"map: interpolated for display"}
	}
	return []string{"map: as computed"}
}

// showViewing draws a scan through another window; the map stays as it is.
func (p *picturePane) showViewing() {
	if s := p.w.c.State(); s.Look != nil && s.Probe == nil {
		p.setBase(p.w.c.Shown())
	}
	p.showNotes()
	p.scan.showWindowInUse()
}

// turn turns and mirrors what is shown, in both viewers.
func (p *picturePane) turn(t viewer.Turn) {
	p.image.SetTurn(t)
	p.bare.SetTurn(t)
}

// resetViewing shows the picture as its file says, fitted.
func (p *picturePane) resetViewing() {
	p.turn(viewer.Turn{})
	for _, v := range []*viewer.Image{p.image, p.bare} {
		v.Fit()
		v.Unmeasure()
	}
	p.w.c.ResetViewing()
}

func (p *picturePane) sideBySide() bool {
	return len(p.pair.Objects) == 1 && p.pair.Objects[0] != p.image
}

func (p *picturePane) toggleSideBySide() { p.setSideBySide(!p.w.c.Settings().SideBySide) }

// setSideBySide shows the bare slice at the left of the one with the map.
func (p *picturePane) setSideBySide(on bool) {
	p.w.c.Settings().SideBySide = on
	p.scan.show()
	p.arrangePair(on && p.w.c.State().Scan())
}

func (p *picturePane) arrangePair(on bool) {
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
