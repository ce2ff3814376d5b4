package control

import (
	"context"
	"fmt"
	"image"
	"slices"

	"picasso/backend/picture"
	"picasso/backend/picture/dicom"
	"picasso/ui/control/laid"
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

// Laid is a map, or regions, that this program wrote as DICOM, over the slice that it was
// made of.
type Laid struct {
	Look  *Look
	Map   visualizers.Map
	Title string // what the file says it is
	// Number is that of its file among those made of the slice, counted from 0, of Count.
	Number, Count int

	object *picture.Series
}

// Over is the map from a file over the slice that is looked at, nil where there is
// none. Maps that a model makes come before it, unless files were asked for.
func (s *State) Over() *Laid {
	if l := s.Laid; l != nil && l.Look == s.Look && (s.Model == nil || s.FromFiles) {
		return l
	}
	return nil
}

// ShowFiles lets maps from files come before those of the open model, or behind them.
func (c *Controller) ShowFiles(on bool) {
	if c.state.FromFiles != on {
		c.state.FromFiles = on
		c.emit(Event{PanelChanged, c.state.Tab})
	}
}

// seriesOpen are all series in the list, each with all of its volumes.
func (s *State) seriesOpen() (all []*picture.Series) {
	for _, p := range s.Images {
		if p.Series != nil {
			all = append(all, p.series())
		}
	}
	return all
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
	if k == nil || p == nil || p.Series == nil || k.ID != p.ID || k.Slice >= p.Series.Len() {
		return
	}
	found := laid.On(s.seriesOpen(), p.Series, k.Slice, k.Image.SHA256)
	if len(found) == 0 {
		return
	}
	which := slices.IndexFunc(found, func(f laid.Frames) bool { return f.Object() == c.laidObject })
	if which < 0 {
		which = len(found) - 1
	}
	frames := found[which]
	l := &Laid{Look: k, Number: which, Count: len(found), object: frames.Object()}
	task.Start(c.laying, func(ctx context.Context, _ func(func())) (_ struct{}, err error) {
		l.Map, l.Title, err = frames.Read(ctx, k.Image)
		return struct{}{}, err
	}, func(_ struct{}, err error) {
		c.fail("lay a map over its slice", err)
		if err == nil && s.Look == k {
			s.Laid = l
			c.emit(Event{PanelChanged, s.Tab})
		}
	})
}

// NextLaid lays the next one of several maps from files over the slice that is looked
// at, and over others that it lies on. It reports whether there are several.
func (c *Controller) NextLaid() bool {
	s := &c.state
	l, p := s.Laid, s.Selected()
	if l == nil || l.Count < 2 || l.Look != s.Look || p == nil || p.Series == nil {
		return false
	}
	found := laid.On(s.seriesOpen(), p.Series, l.Look.Slice, l.Look.Image.SHA256)
	at := slices.IndexFunc(found, func(f laid.Frames) bool { return f.Object() == l.object })
	if len(found) < 2 {
		return false
	}
	c.laidObject = found[(at+1)%len(found)].Object()
	if s.Model != nil {
		s.FromFiles = true
	}
	c.lay()
	return true
}

// layDropped finds what dropped objects of ours were made of, and looks at a slice of
// that; where it is not open, it says what to do.
func (c *Controller) layDropped(dropped []*picture.Series) {
	scan := func(s *picture.Series) bool { return !s.Derived() }
	objects := slices.DeleteFunc(slices.Clone(dropped), scan)
	all := c.state.seriesOpen()
	late := len(objects) == 0 && len(dropped) > 0 // what objects in the list were made of may have come
	if late {
		objects = slices.DeleteFunc(slices.Clone(all), scan)
	}
	if len(objects) == 0 {
		return
	}
	type found struct {
		series *picture.Series
		on     []int
	}
	from := c.state.place()
	task.Start(c.sources, func(ctx context.Context, _ func(func())) (out []found, err error) {
		for _, o := range objects {
			which, on, err := laid.Source(ctx, o, all)
			if err != nil {
				return nil, err
			}
			one := found{on: on}
			if which >= 0 {
				one.series = all[which]
			}
			out = append(out, one)
		}
		return out, nil
	}, func(out []found, err error) {
		c.fail("find what the maps were made of", err)
		there := c.state.place() == from
		for i, one := range out {
			switch {
			case late && !slices.Contains(dropped, one.series):
				continue
			case one.series == nil:
				c.notify(Notice{Warning: true, Text: fmt.Sprintf("“%s” was written by this program. What it was made of is not in the list: open that scan too, and it lies over its slices.", objects[i].Name)})
				continue
			}
			c.showLaid(objects[i], one.series, one.on, there)
		}
	})
}

// place is the slice that is looked at, in whatever unit, the zero frame for none.
func (s *State) place() frame {
	p := s.Selected()
	if p == nil {
		return frame{}
	}
	return frame{picture: p.ID, volume: p.Volume, slice: p.Slice}
}

// showLaid looks at the source of an object: at the slice that is looked at where that
// is one of those that it lies on, else at one in their middle. Whoever went elsewhere
// while it was looked for stays there: goThere is false.
func (c *Controller) showLaid(object, source *picture.Series, on []int, goThere bool) {
	at := slices.IndexFunc(c.state.Images, func(p *Picture) bool { return p.Series != nil && p.series() == source })
	if at < 0 {
		return // removed meanwhile
	}
	p := c.state.Images[at]
	c.laidObject = object
	v := source.VolumeOf(on[0])
	if goThere {
		c.lookAt(at, v, on)
	}
	text := fmt.Sprintf("“%s” lies over %d of the %d slices of “%s”, which it was made of.", object.Name, len(on), source.Volumes()[v].Len, p.Name)
	n := Notice{Text: text}
	if c.state.Model != nil {
		c.ShowFiles(true)
		n.Text += " Maps of the open model are shown again when you choose a method."
		n.Offers = []Offer{{Title: "Show the model’s maps", Take: func() { c.ShowFiles(false) }}}
	}
	c.notify(n)
}

// lookAt looks at one of some slices of a volume of picture number at: where its slice
// is none of them, at the middle one.
func (c *Controller) lookAt(at, volume int, on []int) {
	p := c.state.Images[at]
	if first := p.series().Volumes()[volume].First; p.Volume != volume || !slices.Contains(on, first+p.Slice) {
		c.Select(at)
		c.SelectVolume(volume)
		c.SelectSlice(on[len(on)/2] - first)
	}
	c.Select(at)
}
