package control

import (
	"image"
	"slices"
	"time"

	"picasso/backend/score"
	"picasso/ui/control/listing"
)

// arranged is when the list was last put into its order.
type arranged struct {
	at    time.Time
	stale bool // answers came in since
}

// rearrange is how often a list that is ordered by answers follows them while
// they come in: an order that changes all the time cannot be looked at.
const rearrange = 500 * time.Millisecond

// SetListing chooses which pictures the list shows, and in which order. Nothing
// runs.
func (c *Controller) SetListing(l listing.Listing) {
	if l != c.state.Listing {
		c.state.Listing = l
		c.listChanged()
	}
}

// listChanged puts the list into its order and tells that it changed.
func (c *Controller) listChanged() {
	items := make([]listing.Item, len(c.state.Images))
	for i, p := range c.state.Images {
		items[i] = c.item(p, p.Best)
	}
	c.state.Listed = c.state.Listing.Order(items)
	c.arranged = arranged{at: time.Now()}
	c.followGrid()
	c.changed(ImagesChanged)
}

// imageChanged tells that one entry changed. The order follows soon.
func (c *Controller) imageChanged(i int) {
	c.emit(Event{ImageChanged, i})
	if g := c.state.Grid; c.state.Listing.Answers() || g != nil && g.Listing.Answers() {
		if c.arranged.stale = true; time.Since(c.arranged.at) >= rearrange {
			c.listChanged()
		}
	}
}

// arrangeLast follows the last answers when no more come in.
func (c *Controller) arrangeLast() {
	if c.arranged.stale {
		c.listChanged()
	}
}

// reveal takes the filter away where it hides what was just added.
func (c *Controller) reveal(i int) {
	if l := &c.state.Listing; i >= 0 && !l.Whole() && !slices.Contains(c.state.Listed, i) {
		l.Filter, l.Wrong = "", false
		c.listChanged()
	}
}

// item is a picture as order and filter see it; best are its classes.
func (c *Controller) item(p *Picture, best []score.Class) listing.Item {
	i := listing.Item{Name: p.Name}
	if p.Label >= 0 && c.state.Model != nil {
		i.Label = c.state.Model.ClassName(p.Label)
	}
	if len(best) > 0 {
		i.Answer, i.Confidence, i.Score = best[0].Name, float64(best[0].Probability), float64(best[0].Probability)
		if c.state.Target.Score == score.Logit {
			i.Score = float64(best[0].Logit)
		}
		i.Wrong = p.Label >= 0 && best[0].Index != p.Label
	}
	return i
}

// Wrong reports whether the answer is another class than the one that the
// picture's folder is named after.
func (p *Picture) Wrong() bool { return p.Label >= 0 && len(p.Best) > 0 && p.Best[0].Index != p.Label }

// Labelled reports whether the label of any picture is known.
func (s *State) Labelled() bool {
	return slices.ContainsFunc(s.Images, func(p *Picture) bool { return p.Label >= 0 })
}

// learnLabels takes over the names of the open model's classes.
func (c *Controller) learnLabels() {
	c.labels = listing.Labels{}
	if m := c.state.Model; m != nil && kindOf(m) == score.Classes {
		names := make([]string, m.Classes())
		for i := range names {
			names[i] = m.ClassName(i)
		}
		c.labels = listing.NewLabels(names)
	}
}

// labelOf is the class that the folder of a picture is named after, −1 for none.
func (c *Controller) labelOf(p *Picture) int {
	if p.Series != nil {
		return -1
	}
	return c.labels.Of(p.Path)
}

// Select makes entry i the current picture.
func (c *Controller) Select(i int) {
	if i == c.state.Current || i < 0 || i >= len(c.state.Images) {
		return
	}
	c.state.Current = i
	c.look(0)
}

// Step moves the selection by n entries of the list as it is shown, stopping at
// its ends. From an entry that is filtered out it goes to the first one.
func (c *Controller) Step(n int) {
	listed := c.state.Listed
	if len(listed) == 0 {
		return
	}
	at := slices.Index(listed, c.state.Current)
	if at < 0 {
		at, n = 0, 0
	}
	c.Select(listed[min(max(at+n, 0), len(listed)-1)])
}

// Want asks the lane to see to entry i soon, because it is on the screen.
func (c *Controller) Want(i int) {
	if i < 0 || i >= len(c.state.Images) {
		return
	}
	if p := c.state.Images[i]; p.Err == nil && (!c.thumbs.Has(p.thumbKey()) || needs(p)) {
		c.lane.want(p.ID)
		c.pumpSoon()
	}
}

// Thumb is a small picture of an entry, nil while there is none.
func (c *Controller) Thumb(p *Picture) *image.RGBA {
	small, _ := c.thumbs.Get(p.thumbKey())
	return small.Open()
}

// HasThumb reports whether there is a small picture of an entry.
func (c *Controller) HasThumb(p *Picture) bool { return c.thumbs.Has(p.thumbKey()) }

// thumbKey is what the thumbnail of an entry is kept under: a series keeps the
// one of the slice that was seen first.
func (p *Picture) thumbKey() frame {
	if p.Series != nil {
		return frame{picture: p.ID, slice: -1}
	}
	return p.frame()
}

// thumbed takes the thumbnail from a look at a picture, nil for none.
func (c *Controller) thumbed(p *Picture, k *Look) {
	if k == nil {
		return
	}
	p.seen, p.scan = true, k.Image.Scan != nil
	if !c.thumbs.Has(p.thumbKey()) {
		c.thumbs.Put(p.thumbKey(), k.Small)
	}
}
