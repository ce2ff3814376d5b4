package control

import (
	"context"
	"image"
	"math"

	"picasso/backend/picture"
	"picasso/backend/picture/dicom"
	"picasso/ui/control/task"
	"picasso/visualizers"
)

// Viewing is how a scan is shown. The model never sees it: its values come
// from the preparation.
type Viewing struct {
	Window   dicom.Window
	Inverted bool // beside what the file itself inverts
}

// Windows are those to choose from for the current scan: the file's own, all
// values, and for CT the presets.
func (c *Controller) Windows() []dicom.Window {
	if c.state.Look == nil {
		return nil
	}
	var presets []dicom.Window
	for _, p := range c.settings.WindowPresets() {
		presets = append(presets, p.Window())
	}
	return c.state.Look.Image.Choices(presets)
}

// Viewing is how the current scan is shown; ok is false for other pictures and
// for colours, which have no window.
func (c *Controller) Viewing() (v Viewing, ok bool) {
	p, k := c.state.Selected(), c.state.Look
	if p == nil || k == nil || k.Image.Scan == nil || k.Image.Channels != 1 {
		return Viewing{}, false
	}
	if p.viewing != nil {
		return *p.viewing, true
	}
	return Viewing{Window: k.Image.Scan.Window}, true
}

// setViewing shows all slices of the current scan in another way.
func (c *Controller) setViewing(v Viewing) {
	c.state.Selected().viewing = &v
	c.staleTiles()
	c.lookOfPlanes()
	c.changed(ViewingChanged)
}

// SetWindow shows the current scan through a window.
func (c *Controller) SetWindow(w dicom.Window) {
	if v, ok := c.Viewing(); ok {
		v.Window = w
		c.setViewing(v)
	}
}

// dragWidth is the drag, in units of the window, that doubles a window's width
// or moves its level by it.
const dragWidth = 240

// DragWindow widens the window by a drag across and raises its level by one
// down, in proportion to its width.
func (c *Controller) DragWindow(across, down float64) {
	v, ok := c.Viewing()
	if !ok {
		return
	}
	lo, hi := v.Window.Ends()
	width, center := hi-lo, (hi+lo)/2
	least := c.state.Look.Image.Scan.Auto.Width / 2000
	step := max(width, 4*least) / dragWidth
	w := dicom.Window{Name: "own", Function: dicom.LinearExact, Width: max(width+across*step, least, 1e-9), Center: center + down*step}
	c.SetWindow(w)
}

// AutoWindow spans all values of the slice that are not padding.
func (c *Controller) AutoWindow() {
	if _, ok := c.Viewing(); ok {
		c.SetWindow(c.state.Look.Image.Scan.Auto)
	}
}

// FileWindow goes to the next window that the file itself names, the first one
// first.
func (c *Controller) FileWindow() {
	v, ok := c.Viewing()
	if !ok {
		return
	}
	scan := c.state.Look.Image.Scan
	next := scan.Window
	for i, w := range scan.Windows {
		if w == v.Window {
			next = scan.Windows[(i+1)%len(scan.Windows)]
		}
	}
	c.SetWindow(next)
}

// PresetWindow shows preset i, for pictures in Hounsfield units only. It
// reports whether it did.
func (c *Controller) PresetWindow(i int) bool {
	list := c.settings.WindowPresets()
	if _, ok := c.Viewing(); !ok || i >= len(list) || c.state.Look.Image.Unit != "HU" {
		return false
	}
	c.SetWindow(list[i].Window())
	return true
}

// Invert swaps black and white.
func (c *Controller) Invert() {
	if v, ok := c.Viewing(); ok {
		v.Inverted = !v.Inverted
		c.setViewing(v)
	}
}

// ResetViewing shows the current scan as its file says.
func (c *Controller) ResetViewing() {
	if p := c.state.Selected(); p != nil && p.viewing != nil {
		p.viewing = nil
		c.staleTiles()
		c.lookOfPlanes()
		c.changed(ViewingChanged)
	}
}

// windowed is the picture of a scan made last.
type windowed struct {
	look    *Look
	viewing Viewing
	shown   *image.RGBA
}

// ShowWhole shows pictures as they are, also where a covered form of them is explained,
// and no method runs meanwhile.
func (c *Controller) ShowWhole(on bool) {
	if c.whole == on {
		return
	}
	c.whole = on
	c.changed(LookChanged)
	if on {
		c.pauseRun()
	} else {
		c.refresh(0)
	}
}

// Shown is the current picture for the screen, a scan through its window; nil
// without a picture. It must not be changed.
func (c *Controller) Shown() *image.RGBA {
	k := c.state.Look
	if k == nil {
		return nil
	}
	if c.whole && k.Whole != nil {
		k = k.Whole
	}
	v, ok := c.Viewing()
	if p := c.state.Selected(); !ok || p.viewing == nil {
		return k.Shown
	}
	if c.windowed.look != k || c.windowed.viewing != v {
		c.windowed = windowed{k, v, k.Image.Through(v.Window, v.Inverted)}
	}
	return c.windowed.shown
}

// ends are the raw values shown as black and as white.
func (c *Controller) ends(k *Look) [2]float32 {
	v, ok := c.Viewing()
	if !ok || k != c.state.Look && k != c.state.Look.Whole {
		return k.Image.Range
	}
	lo, hi := v.Window.Ends()
	if v.Inverted != k.Image.Scan.Inverted {
		lo, hi = hi, lo
	}
	return [2]float32{float32(lo), float32(hi)}
}

// Laid is a map that this program wrote as DICOM, over the slice that it was made
// of.
type Laid struct {
	Look  *Look
	Map   visualizers.Map
	Title string // what the file says it is
}

// Over is the map from a file over the slice that is looked at, nil where there is
// none. Maps that a model makes come before it.
func (s *State) Over() *Laid {
	if l := s.Laid; l != nil && l.Look == s.Look && s.Model == nil {
		return l
	}
	return nil
}

// lay looks in the list for a map of the slice that is looked at, and lays it over
// that.
func (c *Controller) lay() {
	s := &c.state
	k, p := s.Look, s.Selected()
	c.laying.Stop()
	before := s.Over()
	s.Laid = nil
	defer func() {
		if before != nil && s.Laid == nil {
			c.emit(Event{PanelChanged, s.Tab})
		}
	}()
	if k == nil || p == nil || p.Series == nil || k.ID != p.ID || k.Slice >= p.Series.Len() || s.Model != nil {
		return
	}
	for _, other := range s.Images {
		if other == p || other.Series == nil {
			continue
		}
		i, ok := p.Series.MapIn(other.Series, k.Slice)
		if !ok {
			continue
		}
		maps, h := other.Series, c.model
		task.Start(c.laying, func(ctx context.Context, _ func(func())) (*picture.Image, error) {
			m, err := maps.SliceContext(ctx, i)
			if err != nil {
				return nil, err
			}
			return oriented(h, m), nil
		}, func(m *picture.Image, err error) {
			c.fail("lay a map over its slice", err)
			if err == nil && s.Look == k {
				s.Laid = laid(k, m, maps.Result(i))
				c.emit(Event{PanelChanged, s.Tab})
			}
		})
		return
	}
}

// laid is a map from a file over a look.
func laid(k *Look, m *picture.Image, of *dicom.Result) *Laid {
	channels, values := m.Samples()
	out := visualizers.Map{Channels: channels, Height: m.Height, Width: m.Width, Values: make([]float32, len(values)), Unit: of.Unit, WholePicture: true}
	for i, v := range values {
		if m.Empty(i) { // nothing is known there
			v = float32(math.NaN())
		}
		out.Values[i] = v
		out.Signed = out.Signed || v < 0
	}
	return &Laid{Look: k, Map: out, Title: of.Title}
}
