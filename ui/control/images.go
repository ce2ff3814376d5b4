package control

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"picasso/backend/picture"
	"picasso/ui/control/settings"
)

// AddImages appends picture files to the list, leaving out those already
// there, and looks at the first one of them.
func (c *Controller) AddImages(paths []string) { c.listed(c.appendImages(paths)) }

// addFound appends scans and pictures and looks at the first of all.
func (c *Controller) addFound(series []*picture.Series, images []string) {
	first := c.appendSeries(series)
	if other := c.appendImages(images); first < 0 {
		first = other
	}
	c.listed(first)
	c.askConsent(series)
}

// appendImages appends picture files to the list and tells where the first one
// of them is, −1 for none.
func (c *Controller) appendImages(paths []string) int {
	have := map[string]int{}
	for i, p := range c.state.Images {
		if p.Path != "" {
			have[p.Path] = i
		}
	}
	first := -1
	for _, path := range paths {
		i, ok := have[path]
		if !ok {
			i = len(c.state.Images)
			have[path] = i
			c.add(&Picture{Name: filepath.Base(path), Path: path, open: func() (*picture.Image, error) {
				return picture.OpenWith(context.Background(), path, picture.Options{MaxMemory: c.memory.Load()})
			}})
		}
		if first < 0 {
			first = i
		}
	}
	return first
}

func (c *Controller) add(p *Picture) {
	c.nextID++
	p.ID, p.Label = c.nextID, c.labelOf(p)
	c.state.Images = append(c.state.Images, p)
}

// listed tells about a longer list and looks at entry i.
func (c *Controller) listed(i int) {
	c.judge()
	c.saveImages()
	c.listChanged()
	c.reveal(i)
	if i >= 0 && i < len(c.state.Images) {
		c.state.Current = i
		c.look(0)
		return
	}
	c.pump()
}

// Remove takes entry i off the list.
func (c *Controller) Remove(i int) {
	if i < 0 || i >= len(c.state.Images) {
		return
	}
	name := c.state.Images[i].Name
	c.recordRemoval("Remove "+name, func() { c.remove(i) })
}

func (c *Controller) remove(i int) {
	s := &c.state
	if g := s.Grid; g != nil && g.Now != nil && g.Now.Picture == s.Images[i] {
		c.filling.Stop()
		g.Now = nil // its row goes, and the next one follows
	}
	if w := s.Walk; w != nil && w.Picture == s.Images[i] {
		c.stopWalk()
	}
	c.thumbs.Remove(s.Images[i].thumbKey())
	s.Images = append(s.Images[:i:i], s.Images[i+1:]...)
	current := i == s.Current
	if i < s.Current || s.Current == len(s.Images) {
		s.Current--
	}
	c.saveImages()
	c.listChanged()
	if current {
		c.look(0)
	}
}

// Clear empties the list.
func (c *Controller) Clear() {
	if len(c.state.Images) > 0 {
		c.recordRemoval("Remove all pictures", c.clear)
		return
	}
	c.clear()
}

func (c *Controller) clear() {
	c.sample = nil
	c.stopWork()
	c.thumbs.Clear()
	c.state.Grid = nil
	c.state.Images, c.state.Current, c.state.Consent = nil, -1, false
	c.saveImages()
	c.listChanged()
	c.changed(GridChanged)
	c.look(0)
}

// offering adds to a notice about a picture that takes more memory than it may
// the button that allows it, unless the machine has not as much free. Once allowed,
// as much holds for all pictures until the program ends.
func (c *Controller) offering(n Notice, allow func(need int64)) Notice {
	var more *picture.MemoryError
	if !errors.As(n.Err, &more) || more.Short {
		return n
	}
	need := more.Need + more.Need/8 // it is known about
	n.Offers = []Offer{{fmt.Sprintf("Open it with %s of memory", gigabytes(need)), func() { allow(need) }}}
	return n
}

// allowPicture lets pictures take so much memory, and looks at this one again.
func (c *Controller) allowPicture(p *Picture, need int64) {
	c.allow(need)
	if i := c.indexOf(p.ID); i >= 0 {
		c.state.Current = i
		c.look(0)
	}
}

// allow lets pictures take so much memory.
func (c *Controller) allow(need int64) {
	c.memory.Store(max(c.memory.Load(), need))
	for _, each := range c.state.Images {
		var more *picture.MemoryError
		if s := each.series(); s != nil {
			s.Allow(need)
			if each.Series != s {
				each.Series.Allow(need)
			}
		}
		if errors.As(each.Err, &more) && more.Need <= need {
			each.Err, each.tried, each.seen = nil, false, false
		}
		for i, a := range each.Answers {
			if errors.As(a.Err, &more) && more.Need <= need {
				each.Answers[i] = Answered{}
			}
		}
	}
	c.listChanged()
}

func gigabytes(n int64) string { return fmt.Sprintf("%.1f GB", float64(n)/(1<<30)) }

// saveImages remembers the list for the next start. Medical files are left out, and
// those whose paths tell who a patient is. Those of a sample name nobody.
func (c *Controller) saveImages() {
	c.saveShown()
	c.settings.Images = append(c.settings.Images[:0], c.sample...)
	if c.settings.Sample = c.sample != nil; c.settings.Sample {
		return
	}
	for _, p := range c.state.Images {
		if v, known := c.verdicts[p.Path]; p.Path != "" && known && !v.private && len(c.settings.Images) < settings.MostImages {
			c.settings.Images = append(c.settings.Images, p.Path)
		}
	}
}

// saveShown remembers what is looked at, where it may be remembered: a picture of
// the list, or the slice of a sample's series.
func (c *Controller) saveShown() {
	s := c.settings
	s.Shown, s.Slice = "", 0
	p := c.state.Selected()
	if p == nil {
		return
	}
	if v, known := c.verdicts[p.Path]; p.Path != "" && known && !v.private {
		s.Shown = p.Path
	} else if p.Series != nil && c.sample != nil {
		s.Slice = p.Slice
	}
}

// Unusable are the entries that cannot be used, as far as they were tried.
func (c *Controller) Unusable() []*Picture {
	var list []*Picture
	for _, p := range c.state.Images {
		if p.Err != nil {
			list = append(list, p)
		}
	}
	return list
}

// RemoveUnusable takes off the list what cannot be used.
func (c *Controller) RemoveUnusable() {
	if bad := c.Unusable(); len(bad) > 0 {
		c.recordRemoval("Remove unusable pictures", func() {
			for _, p := range bad {
				c.remove(c.indexOf(p.ID))
			}
		})
	}
}
