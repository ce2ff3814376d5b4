package control

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"picasso/backend/mask"
	"picasso/backend/metadata"
	"picasso/backend/picture"
	"picasso/backend/picture/dicom"
	"picasso/backend/score"
	"picasso/ui/control/history"
	"picasso/ui/control/session"
	"picasso/ui/control/task"
	"picasso/ui/drawing"
)

// SaveSession writes what is open and how it is looked at to a file of
// [session.Extension]. With scans among the pictures it asks first, unless
// withScans says that their paths may be written.
func (c *Controller) SaveSession(path string, withScans bool) {
	if !strings.HasSuffix(strings.ToLower(path), session.Extension) {
		path += session.Extension
	}
	s, pack, err := c.sessionNow()
	if err != nil {
		c.fail("save the session", err)
		return
	}
	read := c.InUse()
	task.Start(c.tasks.New(), func(ctx context.Context, _ func(func())) (private bool, err error) {
		for _, f := range pack {
			if err := errors.Join(ctx.Err(), f()); err != nil {
				return false, err
			}
		}
		if err := s.Place(ctx, filepath.Dir(path)); err != nil {
			return false, err
		}
		data, err := session.Encode(s, withScans)
		if err != nil {
			return false, err
		}
		return s.NamesPatient(path), publish([]string{path}, read, []func(io.Writer) error{func(w io.Writer) error {
			_, err := w.Write(data)
			return err
		}})
	}, func(private bool, err error) {
		switch {
		case errors.Is(err, session.ErrScans):
			c.notify(Notice{Doing: "save the session", Err: err, Offers: []Offer{{Title: "Save with paths", Take: func() { c.SaveSession(path, true) }}}})
		case err != nil:
			c.fail("save the session", err)
		default:
			c.rememberSession(path, private)
			c.Say("Saved the session as " + base(path) + ".")
		}
	})
}

// sessionNow is what is open, with the paths of this machine. What pack holds fills in
// masks, on any goroutine.
func (c *Controller) sessionNow() (now *session.Session, pack []func() error, err error) {
	s := c.session
	s.Current, s.Tab, s.Score = -1, c.state.Panel().Info.ID, c.settings.Score
	s.Model, s.Compare, s.Labels, s.Targets, s.Items = nil, nil, nil, nil, []session.Item{}
	if path := c.truth.path; path != "" {
		s.Labels = &session.File{Path: path}
	}
	s.Settings, s.Display = map[string]map[string]string{}, map[string]drawing.Display{}
	if m := c.state.Model; m != nil {
		s.Model = &session.Model{File: session.File{Path: c.state.About.Path}}
		if card, known := c.Known(); known && c.told() {
			data, err := card.Encode(filepath.Dir(c.state.About.Path))
			if err != nil {
				return nil, nil, err
			}
			s.Model.Preparation = data
		}
	}
	if c.state.Pinned && c.state.Model != nil {
		t := session.Target{Index: c.state.Target.Class, Name: c.state.Model.ClassName(c.state.Target.Class)}
		if against := c.state.Target.Against; against != score.NoClass {
			t.Against = &against
		}
		s.Targets = []session.Target{t}
	}
	for _, p := range c.state.Panels {
		if len(p.changed) > 0 {
			s.Settings[p.Info.ID] = maps.Clone(p.changed)
		}
		if !reflect.DeepEqual(p.Display, drawing.Default(p.Info)) {
			s.Display[p.Info.ID] = p.Display
		}
	}
	for i, p := range c.state.Images {
		path := p.file()
		if path == "" {
			continue
		}
		if i == c.state.Current {
			s.Current = len(s.Items)
		}
		item := p.kept
		item.File, item.Scan, item.Frame, item.Volume, item.Channels = session.File{Path: path}, p.Series != nil || p.scan, nil, nil, nil
		if p.Series != nil {
			slice := p.Slice
			item.Frame = &slice
		}
		if p.Volume > 0 {
			volume := p.Volume
			item.Volume = &volume
		}
		for k := 1; k < len(p.channels); k++ {
			path, _ := p.channels[k].Path(0)
			item.Channels = append(item.Channels, session.File{Path: path})
		}
		n := len(s.Items)
		pack = append(pack, c.drawnOn(p, func() *session.Item { return &s.Items[n] }))
		s.Items = append(s.Items, item)
	}
	s.Format, s.View = session.FormOf(s.Items), c.viewNow()
	return &s, pack, nil
}

// told reports whether anything was said about the open model.
func (c *Controller) told() bool {
	return c.adjusted || c.given.Sidecar != "" || !reflect.DeepEqual(c.given.Choices, metadata.Choices{})
}

// file is where a picture comes from; of a series its first file, "" for none.
func (p *Picture) file() string {
	if p.Series == nil {
		return p.Path
	}
	path, _ := p.series().Path(0)
	return path
}

// OpenSession brings back what a session holds in place of what is open. pointed is
// a folder in which files are looked for that are not at their places, "" for none.
// What is missing, and what is not the file that was saved, is told.
func (c *Controller) OpenSession(path, pointed string) {
	c.endReading()
	c.state.Reading = &Reading{}
	task.Start(c.reading, func(ctx context.Context, tell func(func())) (session.Reopened, error) {
		return session.Reopen(ctx, path, pointed, func(n int) {
			tell(func() {
				c.state.Reading = &Reading{Found: n}
				c.changed(LookChanged)
			})
		})
	}, func(s session.Reopened, err error) {
		c.state.Reading = nil
		c.changed(LookChanged)
		if c.fail("open the session", err); err == nil {
			c.takeSession(path, s)
		}
		c.readOn()
	})
	c.changed(LookChanged)
}

// takeSession makes a session what is open.
func (c *Controller) takeSession(path string, s session.Reopened) {
	c.Clear()
	c.session = *s.Session
	c.session.Items = nil
	for i, p := range c.state.Panels {
		c.putValues(i, s.Settings[p.Info.ID])
		display, set := s.Display[p.Info.ID]
		if !set {
			display = drawing.Default(p.Info)
		}
		c.SetDisplay(i, display)
	}
	if s.Tab != "" {
		c.SelectTab(c.tabOf(s.Tab))
	}
	c.settings.Score = s.Score
	problem := c.openSaved(s)
	current := c.addSaved(s)
	c.keeping.view = s.View
	c.listed(current)
	c.rememberSession(path, s.Private)
	if at := s.Files.Labels.Path; at != "" {
		c.useTruth(at)
	}
	c.tellSession(path, s, problem)
}

// openSaved opens the session's model as it was used.
func (c *Controller) openSaved(s session.Reopened) error {
	if s.Model == nil || s.Files.Model.Path == "" {
		return nil
	}
	opt := OpenOptions{after: func() { c.aimSaved(s.Session) }}
	var err error
	if len(s.Model.Preparation) > 0 {
		opt.Choices, err = metadata.SidecarChoices(s.Model.Preparation)
	}
	c.open(s.Files.Model.Path, opt)
	return err
}

// aimSaved explains what the session explained.
func (c *Controller) aimSaved(s *session.Session) {
	c.followScore()
	if len(s.Targets) == 0 {
		return
	}
	t, against := s.Targets[0], score.NoClass
	if t.Against != nil {
		against = *t.Against
	}
	c.SetTarget(t.Index, against)
}

// addSaved lists the session's pictures and tells which is to be looked at.
func (c *Controller) addSaved(s session.Reopened) (current int) {
	var scans []*picture.Series
	current = -1
	for i, item := range s.Items {
		of, err := s.SeriesOf(i)
		at, listed := s.Files.Items[i].Path, 0
		switch {
		case len(item.Channels) > 0:
			if err == nil {
				err = c.join(of)
			}
			if err != nil {
				c.TellLasting("join the series of an entry of the session", err)
				continue
			}
			listed = len(c.state.Images) - 1
		case at == "":
			continue
		case len(of) == 0:
			listed = c.appendImages([]string{at})
		default:
			listed = c.appendSeries(of)
		}
		scans = append(scans, of...)
		p := c.state.Images[listed]
		c.takeDrawn(p, item)
		p.restore(item)
		if i == s.Current || current < 0 {
			current = listed
		}
	}
	c.askConsent(scans)
	return current
}

// restore looks at the volume and the slice that a session says.
func (p *Picture) restore(item session.Item) {
	if v := item.Volume; v != nil && *v < len(p.Volumes()) && *v != p.Volume {
		p.Volume, p.Series = *v, p.whole.Only(*v)
		p.Answers = unanswered(p.Series)
	}
	if item.Frame != nil && p.Series != nil && *item.Frame < p.Series.Len() {
		p.Slice = *item.Frame
	}
}

// tellSession says what is not as it was saved.
func (c *Controller) tellSession(path string, s session.Reopened, problem error) {
	if problem != nil {
		c.TellLasting("use the preparation in "+base(path), problem)
	}
	if changed := s.Files.Changed(s.Session); len(changed) > 0 {
		c.lasting(Notice{Warning: true, Text: fmt.Sprintf("Not the files that were saved with %s: %s. What they give may differ.", base(path), several(changed))})
	}
	if missing := s.Files.Missing(s.Session); len(missing) > 0 {
		c.state.Lacking = path
		c.lasting(Notice{Warning: true, Text: fmt.Sprintf("Not found: %s. File → Find files of the session… looks in another folder.", several(missing))})
	}
}

// several names the first few of many.
func several(names []string) string {
	const most = 3
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}

// rememberSession lists a session among those opened or saved last.
func (c *Controller) rememberSession(path string, private bool) {
	if !private {
		c.settings.OpenedSession(path)
		c.changed(SessionsChanged)
	}
}

// keeping is what other parts of the window put into sessions.
type keeping struct {
	covers func(picture int) []session.Covered
	view   *session.View // of the session that was opened, until its picture is shown
	now    func() session.View
	show   func(session.View)
}

// KeepCovers lets covers give what is covered of a picture, for sessions.
func (c *Controller) KeepCovers(covers func(picture int) []session.Covered) {
	c.keeping.covers = covers
}

// KeepView lets now say how the picture lies in the window, for sessions, and show
// bring that back.
func (c *Controller) KeepView(now func() session.View, show func(session.View)) {
	c.keeping.now, c.keeping.show = now, show
}

// viewNow is how the current picture is looked at, nil where that is as usual.
func (c *Controller) viewNow() *session.View {
	if c.state.Look == nil {
		return c.keeping.view
	}
	v := session.View{}
	if c.session.View != nil {
		v = *c.session.View // with what this program does not know
		v.Window, v.Inverted = nil, false
	}
	if c.keeping.now != nil {
		seen := c.keeping.now()
		v.Zoom, v.X, v.Y, v.Turn, v.Mirror = seen.Zoom, seen.X, seen.Y, seen.Turn, seen.Mirror
	}
	if p := c.state.Selected(); p != nil && p.viewing != nil {
		w := p.viewing.Window
		v.Window, v.Inverted = &[2]float64{w.Width, w.Center}, p.viewing.Inverted
	}
	if reflect.DeepEqual(v, session.View{}) {
		return nil
	}
	return &v
}

// reviewed brings back how the session's picture was looked at, once it is shown.
func (c *Controller) reviewed() {
	v := c.keeping.view
	if v == nil {
		return
	}
	c.keeping.view = nil
	if w := v.Window; w != nil {
		if _, ok := c.Viewing(); ok {
			c.setViewing(Viewing{c.windowOf(w[0], w[1]), v.Inverted})
		}
	}
	if c.keeping.show != nil {
		c.keeping.show(*v)
	}
}

// windowOf is one of the windows to choose from of a width and level, or one of its own.
func (c *Controller) windowOf(width, level float64) dicom.Window {
	for _, w := range c.Windows() {
		if w.Width == width && w.Center == level {
			return w
		}
	}
	return dicom.Window{Name: "own", Function: dicom.LinearExact, Width: width, Center: level}
}

// drawnOn puts what is drawn on a picture and its slices into its item. That is to be
// called once all is collected, on any goroutine: it packs masks.
func (c *Controller) drawnOn(p *Picture, item func() *session.Item) func() error {
	marks, now := session.Marks{Slices: maps.Clone(p.unseen), Regions: map[session.Spot]*mask.Regions{}}, p.spot()
	if marks.Slices == nil {
		marks.Slices = map[session.Spot]session.Slice{}
	}
	for at, list := range p.shapes {
		one := marks.Slices[at]
		one.Shapes = nil
		for _, d := range list {
			one.Shapes = append(one.Shapes, session.Shape{Kind: string(d.shape.Kind), Points: d.shape.Points})
		}
		marks.Slices[at] = one
	}
	for f, m := range c.assess.regions {
		if f.picture == p.ID && m.regions != nil {
			marks.Regions[spot{Volume: f.volume, Slice: f.slice}] = m.regions
		}
	}
	if c.keeping.covers != nil {
		marks.Covers = c.keeping.covers(p.ID)
	}
	return func() error { return marks.Pack(item(), now) }
}

// takeDrawn takes over what a session says of a picture. Regions and covers are made
// once their slice is looked at, for only then its size is known.
func (c *Controller) takeDrawn(p *Picture, item session.Item) {
	p.unseen = map[spot]session.Slice{}
	frame, volume := 0, 0
	if item.Frame != nil {
		frame = *item.Frame
	}
	if item.Volume != nil {
		volume = *item.Volume
	}
	for _, one := range append(item.Slices, session.Slice{Frame: frame, Volume: volume, Drawn: item.Drawn}) {
		at := spot{Volume: one.Volume, Slice: one.Frame}
		for _, s := range one.Shapes {
			if m, ok := s.Measure(); ok && len(p.shapes[at]) < mostShapes {
				c.nextShape++
				c.putShapes(p, at, append(slices.Clone(p.shapes[at]), drawnShape{c.nextShape, m}))
			}
		}
		one.Shapes = nil
		p.unseen[at] = one
	}
	item.Drawn, item.Slices = session.Drawn{}, nil
	p.kept = item
}

// redrawn brings back the regions that a session has on the picture that is shown.
func (c *Controller) redrawn(k *Look) {
	p := c.state.Selected()
	at := spot{Volume: k.Volume, Slice: k.Slice}
	one, saved := p.unseen[at]
	if !saved || one.Region == nil && one.Regions == nil {
		return
	}
	r, err := one.AllRegions(k.Image.Height, k.Image.Width)
	one.Region, one.Regions = nil, nil
	p.unseen[at] = one
	if err != nil {
		c.fail("bring back the regions of "+k.Name, err)
		return
	}
	c.putRegions(k.frame(), r)
}

// SavedCover is what a session says was covered of the picture that is shown, once; nil
// where that is nothing.
func (c *Controller) SavedCover(k *Look) *session.Cover {
	p := c.state.Selected()
	if p == nil || p.ID != k.ID {
		return nil
	}
	at := spot{Volume: k.Volume, Slice: k.Slice}
	one := p.unseen[at]
	cover := one.Cover
	if cover != nil {
		one.Cover = nil
		p.unseen[at] = one
	}
	return cover
}

// Note is what the user wrote about the current picture.
func (c *Controller) Note() string {
	if p := c.state.Selected(); p != nil {
		return p.kept.Note
	}
	return ""
}

// SetNote keeps what the user writes about the current picture, for sessions.
func (c *Controller) SetNote(text string) {
	p := c.state.Selected()
	if p == nil || p.kept.Note == text {
		return
	}
	before := p.kept.Note
	put := func(text string) func() error {
		return func() error {
			p.kept.Note = text
			return nil
		}
	}
	p.kept.Note = text
	c.record(history.Step{Name: "Write a note about " + p.Name, Bytes: len(before) + len(text), Undo: put(before), Redo: put(text)})
}
