package control

import (
	"context"
	"errors"
	"image"
	"slices"
	"time"

	"github.com/disintegration/imaging"

	"picasso/backend/mask"
	"picasso/backend/preprocess"
	"picasso/backend/score"
	"picasso/ui/control/kept"
	"picasso/ui/control/task"
	"picasso/ui/drawing"
	"picasso/visualizers"
)

// Montage shows slices of a series beside each other.
type Montage struct {
	Picture *Picture
	Keys    bool // key slices only
	Slices  []int

	// Maps says that maps lie over the slices, those of the current method that are
	// there. They explain one Target and have one scale, Range, which is the zero
	// value while there is none. Mapped is how many slices of the volume have one.
	Maps   bool
	Target score.Target
	Range  drawing.Range
	Mapped int

	tiles  map[int]*Tile
	order  []int // of tiles, the oldest first
	failed map[int]bool
	wanted []int // the latest last
	volume int
	maps   map[int]slicemap
	keys   map[int]string // of the results that maps are to be of
	again  bool           // results came while maps were made small
	other  bool           // other results were asked for meanwhile
}

// Tile is a slice of a montage, small.
type Tile struct {
	Image *image.RGBA
	Size  image.Point          // of the slice, in its pixels
	Place preprocess.Placement // of the model's input on the slice
}

// slicemap is the small map of a slice, nil where it has none, and the key of the
// result that it is of.
type slicemap struct {
	key string
	*kept.Map
}

// Bounds of the tiles that are kept, and of those asked for.
const (
	mostTiles  = 200 // 196 KiB each at most
	mostWanted = 80
)

// OpenMontage shows the slices of the current series, or its key slices, beside
// each other.
func (c *Controller) OpenMontage(keys bool) {
	p := c.state.Selected()
	if p == nil || p.Slices() < 2 {
		c.fail("show the slices beside each other", errors.New("this picture has only one slice; open a series"))
		return
	}
	m := &Montage{Picture: p, Keys: keys, volume: p.Volume, tiles: map[int]*Tile{}, failed: map[int]bool{}, maps: map[int]slicemap{}, keys: map[int]string{}, Maps: true}
	if old := c.state.Montage; old != nil && old.Picture == p && old.volume == p.Volume {
		m.tiles, m.order, m.failed, m.maps, m.keys, m.Maps = old.tiles, old.order, old.failed, old.maps, old.keys, old.Maps
	}
	m.Slices = c.KeySlices()
	if !keys {
		m.Slices = make([]int, p.Slices())
		for i := range m.Slices {
			m.Slices[i] = i
		}
	}
	c.state.Montage = m
	c.FindMaps()
	c.changed(MontageChanged)
}

// CloseMontage goes back to the picture.
func (c *Controller) CloseMontage() {
	if c.state.Montage != nil {
		c.tiling.Stop()
		c.overlaying.Stop()
		c.state.Montage = nil
		c.changed(MontageChanged)
	}
}

// closeOtherMontage closes the montage of what is not shown any more.
func (c *Controller) closeOtherMontage() {
	if m, p := c.state.Montage, c.state.Selected(); m != nil && (p != m.Picture || p.Volume != m.volume) {
		c.CloseMontage()
	}
}

// Tile is a slice of the montage, nil while it is not there; asking for it makes
// it.
func (c *Controller) Tile(slice int) *Tile {
	m := c.state.Montage
	if m == nil {
		return nil
	}
	if t := m.tiles[slice]; t != nil || m.failed[slice] {
		return t
	}
	if !slices.Contains(m.wanted, slice) {
		m.wanted = append(m.wanted, slice)
		m.wanted = m.wanted[max(0, len(m.wanted)-mostWanted):]
	}
	c.makeTiles()
	return nil
}

// makeTiles makes the tiles that are wanted, one after the other.
func (c *Controller) makeTiles() {
	m := c.state.Montage
	if m == nil || len(m.wanted) == 0 || c.tiling.Running() {
		return
	}
	i := m.wanted[0]
	m.wanted = m.wanted[1:]
	sh, how, h := m.Picture.shot(i), m.Picture.viewing, c.model
	task.Start(c.tiling, using(h, func(ctx context.Context, _ func(func())) (*Tile, error) {
		shown, k, err := developed(sh, how, h)
		if err != nil {
			return nil, err
		}
		t := &Tile{Image: tile(shown, k.tall()), Size: shown.Rect.Size()}
		if h != nil {
			t.Place = h.Place(k.Image)
		}
		return t, nil
	}), func(t *Tile, err error) {
		if c.state.Montage == m {
			if err != nil {
				m.failed[i] = true
			} else {
				m.keep(i, t)
			}
			c.changed(MontageChanged)
		}
		c.makeTiles()
	})
}

// tileSide is the longer side of a tile in pixels.
const tileSide = 224

// tile shrinks a slice, whose pixels are as much higher than wide as tall says.
func tile(m *image.RGBA, tall float64) *image.RGBA {
	w, h := float64(m.Rect.Dx()), float64(m.Rect.Dy())*tall
	s := tileSide / max(w, h, 1)
	how := imaging.Box
	if s > 1 {
		how = imaging.NearestNeighbor // enlarged pixels stay pixels
	}
	small := imaging.Resize(m, max(1, int(w*s+0.5)), max(1, int(h*s+0.5)), how)
	return &image.RGBA{Pix: small.Pix, Stride: small.Stride, Rect: small.Rect} // pictures are opaque
}

// tall is how much higher than wide the pixels of the picture are.
func (k *Look) tall() float64 {
	if s := k.Image.Scan; s != nil && s.Geometry.Aspect > 0.01 && s.Geometry.Aspect < 100 {
		return s.Geometry.Aspect
	}
	return 1
}

// keep bounds the tiles in memory.
func (m *Montage) keep(i int, t *Tile) {
	m.tiles[i] = t
	if m.order = append(m.order, i); len(m.order) > mostTiles {
		delete(m.tiles, m.order[0])
		m.order = m.order[1:]
	}
}

// staleTiles drops the tiles, which were made through another window.
func (c *Controller) staleTiles() {
	if m := c.state.Montage; m != nil {
		c.tiling.Stop()
		clear(m.tiles)
		m.order, m.wanted = nil, nil
		c.changed(MontageChanged)
	}
}

// ShowMaps lays maps over the slices of the montage, or takes them away.
func (c *Controller) ShowMaps(on bool) {
	if m := c.state.Montage; m != nil && m.Maps != on {
		m.Maps = on
		c.FindMaps()
		c.changed(MontageChanged)
	}
}

// FindMaps looks for maps of the slices of the montage among what the current method
// has found. It tells with MontageChanged what there is.
func (c *Controller) FindMaps() {
	m := c.state.Montage
	if m == nil || c.model == nil {
		return
	}
	target, model := c.CurveTarget(), c.model.Model
	if m.Target = target; !m.Maps {
		return
	}
	found := c.foundMaps(m)
	if m.again = c.overlaying.Running(); m.again || len(found) == 0 { // results may come faster than they are made small
		return
	}
	task.Start(c.overlaying, using(c.model, func(ctx context.Context, _ func(func())) (map[int]*kept.Map, error) {
		small := map[int]*kept.Map{}
		for i, r := range found {
			if one := r.MapOf(target, model); one != nil {
				if one.Of != nil { // of the volume, perhaps of another slice
					cut := one.Of.OnSlice(i)
					one = &cut
				}
				shrunk := kept.ShrinkMap(*one)
				small[i] = &shrunk
			}
			if err := ctx.Err(); err != nil {
				return nil, err
			}
		}
		return small, nil
	}), func(small map[int]*kept.Map, err error) {
		if err != nil || c.state.Montage != m {
			return
		}
		if m.Target == target && !m.other {
			for i := range found {
				m.maps[i] = slicemap{m.keys[i], small[i]}
			}
			m.scaleMaps()
			c.changed(MontageChanged)
		}
		if m.again || m.other {
			c.FindMaps()
		}
	})
	m.other = false
}

// foundMaps are the results whose maps are not there yet. Maps of other results go.
func (c *Controller) foundMaps(m *Montage) map[int]visualizers.Result {
	way, found := c.state.Panel().way(), map[int]visualizers.Result{}
	for i := range m.Picture.Slices() {
		key := c.keyOf(m.Picture.at(i), way)
		r, ok := c.results.Get(key)
		if !ok {
			r, ok = c.results.Get(targetKey(key, m.Target))
		}
		if key = targetKey(key, m.Target); m.keys[i] != key {
			m.keys[i], m.other = key, true
		}
		if m.maps[i].key == key {
			continue
		}
		delete(m.maps, i)
		if ok {
			found[i] = r
		}
	}
	m.scaleMaps()
	return found
}

// SliceResults are what the current method has found on slices of the current series for
// a target.
func (c *Controller) SliceResults(t score.Target) map[int]visualizers.Result {
	p, found := c.state.Selected(), map[int]visualizers.Result{}
	if p == nil || p.Series == nil {
		return found
	}
	way := c.state.Panel().way()
	for i := range p.Slices() {
		key := c.keyOf(p.at(i), way)
		r, ok := c.results.Get(key)
		if !ok {
			r, ok = c.results.Get(targetKey(key, t))
		}
		if ok {
			found[i] = r
		}
	}
	return found
}

// SliceReader reads slices of the current series as they are shown, on any goroutine,
// with what the open model has said of them.
func (c *Controller) SliceReader() func(slice int) (*Look, error) {
	p, h := c.state.Selected(), c.model
	how, answers := p.viewing, slices.Clone(p.Answers)
	shots := make([]shot, p.Slices())
	for i := range shots {
		shots[i] = p.shot(i)
	}
	return func(i int) (*Look, error) {
		shown, k, err := developed(shots[i], how, h)
		if err != nil {
			return nil, err
		}
		k.Shown, k.Slice, k.Base, k.Place = shown, i, answers[i].Scores, h.Place(k.Image)
		return k, nil
	}
}

// RegionsOfSlices are those of the slices of the current series that have some.
func (c *Controller) RegionsOfSlices() map[int]*mask.Regions {
	p, all := c.state.Selected(), map[int]*mask.Regions{}
	if p == nil {
		return all
	}
	for i := range p.Slices() {
		if r := c.assess.regions[p.at(i)].regions; r != nil {
			all[i] = r
		}
	}
	return all
}

// scaleMaps finds the one scale of all maps.
func (m *Montage) scaleMaps() {
	m.Range, m.Mapped = drawing.Range{}, 0
	for _, one := range m.maps {
		if one.Map != nil {
			m.Mapped++
			m.Range = m.Range.Joined(drawing.ScaleOf(one.Open()))
		}
	}
}

// MapOn is the map over a slice of the montage, nil for none.
func (c *Controller) MapOn(slice int) *kept.Map {
	if m := c.state.Montage; m != nil && m.Maps {
		return m.maps[slice].Map
	}
	return nil
}

// MapsCost is how many slices of the montage have no map yet that the current method
// could give them, and what that takes; ok is false where the time is not known.
func (c *Controller) MapsCost() (slices int, cost visualizers.Preview, ok bool) {
	m, p := c.state.Montage, c.state.Panel()
	if m == nil || c.model == nil || p.barred(c.state.Model) || c.state.Walk != nil {
		return 0, cost, false
	}
	way := p.way()
	for i := range m.Picture.Slices() {
		if !c.has(c.keyOf(m.Picture.at(i), way), m.Target) && m.Picture.Answers[i].Err == nil {
			slices++
		}
	}
	cost, ok = c.Cost()
	cost.Passes, cost.Time = cost.Passes*slices, cost.Time*time.Duration(slices)
	return slices, cost, ok
}

// developed is a slice as it is shown.
func developed(sh shot, how *Viewing, h *held) (shown *image.RGBA, k *Look, err error) {
	defer task.Recover(&err)
	m, err := sh.open()
	if err != nil {
		return nil, nil, err
	}
	m = oriented(h, m)
	k = &Look{Image: m}
	if how == nil || m.Scan == nil || m.Channels != 1 {
		return m.RGBA(), k, nil
	}
	return m.Through(how.Window, how.Inverted), k, nil
}
