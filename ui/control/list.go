package control

import (
	"context"
	"errors"
	"image"
	"path/filepath"
	"slices"
	"time"

	"picasso/backend/picture"
	"picasso/backend/score"
	"picasso/ui/control/history"
	"picasso/ui/control/intake"
	"picasso/ui/control/listing"
	"picasso/ui/control/task"
	"picasso/visualizers/audit/labels"
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
	i.Label = c.LabelWords(p)
	if len(best) > 0 {
		i.Answer, i.Confidence, i.Score = best[0].Name, float64(best[0].Probability), float64(best[0].Probability)
		if c.state.Target.Score == score.Logit {
			i.Score = float64(best[0].Logit)
		}
		i.Wrong = p.Wrong()
	}
	return i
}

// Wrong reports whether the answer is a class that the picture is known not to
// show. What a scan of several slices is known to show, no single slice needs to show:
// its answer is the class of the highest mean probability, once all have one, as in
// audits.
func (p *Picture) Wrong() bool {
	if !p.Shows.Any() {
		return false
	}
	if p.Slices() > 1 {
		class, ok := p.meanBest()
		return ok && p.Shows.Wrong(class)
	}
	return len(p.Best) > 0 && p.Shows.Wrong(p.Best[0].Index)
}

// Labelled reports whether the label of any picture is known.
func (s *State) Labelled() bool {
	return slices.ContainsFunc(s.Images, func(p *Picture) bool { return p.Shows.Any() })
}

// learnLabels takes over the names of the open model's classes.
func (c *Controller) learnLabels() {
	c.labels = listing.Labels{}
	if m := c.state.Model; m != nil && kindOf(m) == score.Classes {
		c.labels = listing.NewLabels(c.classNames())
	}
}

// labelOf is the class that the folder of a picture is named after, −1 for none. A
// series of several files may have a folder of its own in that.
func (c *Controller) labelOf(p *Picture) int {
	for _, path := range p.places() {
		if class := c.labels.Of(path); class >= 0 {
			return class
		}
	}
	return -1
}

// places are the paths by which labels may know an entry: its file, of a series the
// first one and, where it has several, the folder that they lie in; none where it is no
// file.
func (p *Picture) places() []string {
	path := p.Path
	if p.Series != nil {
		path, _ = p.Series.Path(0)
	}
	if path == "" {
		return nil
	}
	list := []string{path}
	if p.Series != nil {
		if last, _ := p.Series.Path(p.Series.Len() - 1); last != path {
			list = append(list, filepath.Dir(path))
		}
	}
	return list
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

// truth is the file that says what the listed pictures show.
type truth struct {
	*task.Task
	path  string // in use, "" for none: then the folders of the pictures say it
	asked string // to be used once it proves to fit, "" for none
	told  string // why the file in use is of no use, as it was said last
	// source is what the file at from says, in the words of the model of serial.
	source *labels.Source
	from   string
	serial int
}

// SetTruth takes from a file of labels what the listed pictures show: see
// [labels.Read] for its forms. "" goes back to the folders they lie in. A file that
// fits neither the model nor a picture leaves everything as it was.
func (c *Controller) SetTruth(path string) {
	if path == "" {
		c.putTruth("")
		return
	}
	c.truth.asked = intake.Absolute([]string{path})[0]
	if c.state.Model == nil && c.state.Opening == nil {
		c.refuseTruth(ErrNoModel)
		return
	}
	c.label()
}

// putTruth takes another file into use, as a step that can be taken back.
func (c *Controller) putTruth(path string) {
	before := c.truth.path
	if path == before {
		return
	}
	put := func(path string) func() error {
		return func() error {
			c.useTruth(path)
			return nil
		}
	}
	c.useTruth(path)
	name := "Forget the labels in " + base(before)
	if path != "" {
		name = "Use the labels in " + base(path)
	}
	c.record(history.Step{Name: name, Undo: put(before), Redo: put(path)})
}

// useTruth takes another file into use.
func (c *Controller) useTruth(path string) {
	c.truth.path, c.truth.asked, c.truth.told = path, "", ""
	c.settings.Labels, c.state.Truth = "", ""
	if path != "" {
		c.state.Truth = filepath.Base(picture.Said(path))
		if !picture.NamesPatient(path) {
			c.settings.Labels = path
		}
	}
	c.label()
}

// TruthFile is the file that says what the listed pictures show, "" for none.
func (c *Controller) TruthFile() string { return c.truth.path }

// refuseTruth tells why the file that was asked for is not used.
func (c *Controller) refuseTruth(err error) {
	path := c.truth.asked
	c.truth.asked = ""
	c.fail("use the labels in "+base(path), err)
}

// relabel is label where a file says what pictures show.
func (c *Controller) relabel() {
	if c.truth.path != "" || c.truth.asked != "" {
		c.label()
	}
}

// label finds out in the background what the listed pictures show.
func (c *Controller) label() {
	t := &c.truth
	t.Stop()
	path := t.asked
	if path == "" {
		path = t.path
	}
	if path == "" || c.state.Model == nil {
		c.showTruth(nil)
		return
	}
	if kindOf(c.state.Model) != score.Classes {
		c.truthFailed(errors.New("the model's output names no classes that labels could be compared with"))
		return
	}
	names := c.classNames()
	serial, source := c.serial, t.source
	if t.from != path || t.serial != serial {
		source = nil
	}
	var ids []int
	var paths [][]string
	for _, p := range c.state.Images {
		if places := p.places(); places != nil {
			ids, paths = append(ids, p.ID), append(paths, places)
		}
	}
	task.Start(t.Task, func(ctx context.Context, _ func(func())) (listing.Truth, error) {
		return listing.ReadTruth(ctx, path, source, paths, names)
	}, func(found listing.Truth, err error) {
		t.source, t.from, t.serial = found.Source, path, serial
		switch {
		case err != nil:
			c.truthFailed(err)
		case t.asked != "":
			c.putTruth(path)
			c.Say(found.String())
		default:
			t.told = ""
			known := map[int]listing.Known{}
			for i, id := range ids {
				known[id] = found.Of(i)
			}
			c.showTruth(known)
		}
	})
}

// truthFailed tells why labels are of no use. While another model is being opened
// they may still be.
func (c *Controller) truthFailed(err error) {
	switch t := &c.truth; {
	case errors.Is(err, context.Canceled), c.state.Opening != nil:
		return
	case t.asked != "":
		c.refuseTruth(err)
		return
	case t.told != err.Error():
		t.told = err.Error()
		c.fail("use the labels in "+base(t.path), err)
	}
	c.showTruth(nil)
}

// showTruth takes over what labels say by ID of the picture, and what folders do where these say nothing.
func (c *Controller) showTruth(known map[int]listing.Known) {
	changed := false
	for _, p := range c.state.Images {
		shows := known[p.ID]
		if !shows.Any() {
			shows = listing.One(c.labelOf(p))
		}
		if !slices.Equal(shows.Classes, p.Shows.Classes) || !slices.Equal(shows.Open, p.Shows.Open) {
			p.Shows, changed = shows, true
		}
	}
	if changed {
		c.listChanged()
	}
}

// classNames are the names of the open model's classes.
func (c *Controller) classNames() []string {
	names := make([]string, c.state.Model.Classes())
	for i := range names {
		names[i] = c.state.Model.ClassName(i)
	}
	return names
}

// LabelWords are the classes that a picture is known to show; "" where that is not
// known.
func (c *Controller) LabelWords(p *Picture) string {
	if c.state.Model == nil {
		return ""
	}
	return p.Shows.Words(c.state.Model.ClassName)
}
