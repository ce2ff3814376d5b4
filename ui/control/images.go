package control

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"picasso/backend/picture"
	"picasso/ui/control/listing"
	"picasso/ui/control/session"
	"picasso/ui/control/settings"
	"picasso/ui/control/task"
	"picasso/visualizers"
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
	p.ID, p.Shows = c.nextID, listing.One(c.labelOf(p))
	c.state.Images = append(c.state.Images, p)
}

// listed tells about a longer list and looks at entry i.
func (c *Controller) listed(i int) {
	c.judge()
	c.saveImages()
	c.relabel()
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
		return
	}
	c.lay()
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
	clear(c.altered.of)
	c.state.Grid, c.rested = nil, nil
	c.state.Images, c.state.Current, c.state.Consent = nil, -1, false
	c.session, c.state.Lacking = session.Session{}, ""
	c.useTruth("")
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

// verdict is what is known of whether a path may be remembered and shown.
type verdict struct {
	private bool   // medical, or it tells who a patient is
	name    string // what the file may be called
}

// judge finds out in the background which of the listed files may be remembered
// for the next start, and what they may be called: files nearby have to be read
// for that. Until then none is.
func (c *Controller) judge() {
	for _, p := range c.state.Images {
		if _, known := c.verdicts[p.Path]; p.Path != "" && !known {
			c.unjudged = append(c.unjudged, p.Path)
			c.verdicts[p.Path] = verdict{private: !c.trusted[p.Path], name: p.Name}
		}
	}
	c.judgeSome()
}

// judgedAtOnce is more than a screen shows of a list.
const judgedAtOnce = 64

// judgeSome judges the next files, and goes on with the rest once the current
// picture has its first map.
func (c *Controller) judgeSome() {
	if c.judging.Running() || len(c.unjudged) == 0 {
		return
	}
	n := min(judgedAtOnce, len(c.unjudged))
	paths := c.unjudged[:n]
	c.unjudged = c.unjudged[n:]
	task.Start(c.judging, func(ctx context.Context, _ func(func())) (map[string]verdict, error) {
		out := map[string]verdict{}
		for _, path := range paths {
			if ctx.Err() != nil {
				break
			}
			out[path] = verdict{picture.Private(path), filepath.Base(picture.Said(path))}
		}
		return out, nil
	}, func(found map[string]verdict, _ error) {
		c.judged(found)
		if !c.opening.Running() && !c.starting() {
			c.judgeSome()
		}
	})
}

func (c *Controller) judged(found map[string]verdict) {
	for path, v := range found {
		c.verdicts[path] = v
	}
	for i, p := range c.state.Images {
		if v, ok := found[p.Path]; ok && p.Name != v.name {
			p.Name = v.name
			c.emit(Event{ImageChanged, i})
		}
	}
	c.saveImages()
}

// trust takes over paths that were remembered at an earlier start: they were
// judged then, and are again.
func (c *Controller) trust(paths []string) {
	c.trusted = map[string]bool{}
	for _, path := range paths {
		c.trusted[path] = true
	}
}

// ChannelCount is how many volumes the open model takes as its channels, 0 for models
// that take one, or none.
func (c *Controller) ChannelCount() int {
	if c.state.Model == nil || visualizers.DepthOf(c.state.Model) == 0 {
		return 0
	}
	if n, _, _ := c.state.Model.Shape(); n > 1 {
		return n
	}
	return 0
}

// ChannelSeries are the entries of the list that can be a channel of a model of volumes:
// series of one volume.
func (c *Controller) ChannelSeries() []*Picture {
	var all []*Picture
	for _, p := range c.state.Images {
		if p.Series != nil && p.whole == nil && p.Slices() > 1 {
			all = append(all, p)
		}
	}
	return all
}

// JoinChannels adds an entry whose volumes are series of the list, one for each channel
// of the open model in their order, and looks at it. Series that do not lie at the same
// place in the patient are refused. The series stay in the list.
func (c *Controller) JoinChannels(channels []*Picture) error {
	if n := c.ChannelCount(); len(channels) != n || n == 0 {
		return fmt.Errorf("the model takes %d channels, and %d series were chosen", n, len(channels))
	}
	var all []*picture.Series
	for _, p := range channels {
		if p == nil || p.Series == nil || p.whole != nil {
			return errors.New("choose a series for each channel")
		}
		all = append(all, p.Series)
	}
	if err := c.join(all); err != nil {
		return err
	}
	c.listed(len(c.state.Images) - 1)
	return nil
}

// join adds an entry whose volumes are the given series.
func (c *Controller) join(channels []*picture.Series) error {
	var names, called []string
	for k, s := range channels {
		name := s.Name
		if i := slices.IndexFunc(c.state.Images, func(p *Picture) bool { return p.Series == s }); i >= 0 {
			name = c.state.Images[i].Name // which tells it from others of its kind
		}
		names, called = append(names, name), append(called, fmt.Sprintf("channel %d: %s", k+1, name))
	}
	joined, err := picture.Join(strings.Join(names, " + "), channels, called)
	if err != nil {
		return err
	}
	p := volumed(joined)
	p.Name, p.channels = c.nameOf(joined), channels
	c.add(p)
	return nil
}
