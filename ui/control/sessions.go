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

	"picasso/backend/metadata"
	"picasso/backend/picture"
	"picasso/backend/regular"
	"picasso/backend/score"
	"picasso/ui/control/intake"
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
	s, err := c.sessionNow()
	if err != nil {
		c.fail("save the session", err)
		return
	}
	read := c.InUse()
	task.Start(c.tasks.New(), func(ctx context.Context, _ func(func())) (struct{}, error) {
		if err := s.Place(ctx, filepath.Dir(path)); err != nil {
			return struct{}{}, err
		}
		data, err := session.Encode(s, withScans)
		if err != nil {
			return struct{}{}, err
		}
		return struct{}{}, publish([]string{path}, read, []func(io.Writer) error{func(w io.Writer) error {
			_, err := w.Write(data)
			return err
		}})
	}, func(_ struct{}, err error) {
		switch {
		case errors.Is(err, session.ErrScans):
			c.notify(Notice{Doing: "save the session", Err: err, Offers: []Offer{{Title: "Save with paths", Take: func() { c.SaveSession(path, true) }}}})
		case err != nil:
			c.fail("save the session", err)
		default:
			c.Say("Saved the session as " + base(path) + ".")
		}
	})
}

// sessionNow is what is open, with the paths of this machine.
func (c *Controller) sessionNow() (*session.Session, error) {
	s := c.session
	s.Format, s.Current, s.Tab, s.Score = session.Format, -1, c.state.Panel().Info.ID, c.settings.Score
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
				return nil, err
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
		item.File, item.Scan, item.Frame = session.File{Path: path}, p.Series != nil || p.scan, nil
		if p.Series != nil {
			slice := p.Slice
			item.Frame = &slice
		}
		s.Items = append(s.Items, item)
	}
	return &s, nil
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
	path, _ := p.Series.Path(0)
	return path
}

// reopenedSession is a session with its files.
type reopenedSession struct {
	*session.Session
	files  session.Resolved
	series []*picture.Series
}

// OpenSession brings back what a session holds in place of what is open. pointed is
// a folder in which files are looked for that are not at their places, "" for none.
// What is missing, and what is not the file that was saved, is told.
func (c *Controller) OpenSession(path, pointed string) {
	c.stopReading()
	c.state.Reading = &Reading{}
	task.Start(c.reading, func(ctx context.Context, tell func(func())) (reopenedSession, error) {
		return readSession(ctx, path, pointed, func(n int) {
			tell(func() {
				c.state.Reading = &Reading{Found: n}
				c.changed(LookChanged)
			})
		})
	}, func(s reopenedSession, err error) {
		c.state.Reading = nil
		c.changed(LookChanged)
		if err != nil {
			c.fail("open the session", err)
			return
		}
		c.takeSession(path, s)
	})
	c.changed(LookChanged)
}

func readSession(ctx context.Context, path, pointed string, found func(int)) (reopenedSession, error) {
	data, err := regular.Read(path, session.MostBytes)
	if err != nil {
		return reopenedSession{}, err
	}
	s, err := session.Decode(data)
	if err != nil {
		return reopenedSession{}, fmt.Errorf("%s: %w", base(path), err)
	}
	o := reopenedSession{Session: s}
	if o.files, err = session.Resolve(ctx, s, session.Places{Folder: filepath.Dir(path), Pointed: pointed}, found); err != nil {
		return o, err
	}
	var folders []string
	for i, item := range s.Items {
		if at := o.files.Items[i].Path; at != "" && item.Frame != nil {
			folders = append(folders, filepath.Dir(at))
		}
	}
	slices.Sort(folders)
	if folders = slices.Compact(folders); len(folders) == 0 {
		return o, nil
	}
	d, err := intake.Find(ctx, folders, found)
	o.series = d.Series
	return o, err
}

// takeSession makes a session what is open.
func (c *Controller) takeSession(path string, s reopenedSession) {
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
	c.listed(current)
	if at := s.files.Labels.Path; at != "" {
		c.useTruth(at)
	}
	c.tellSession(path, s, problem)
}

// openSaved opens the session's model as it was used.
func (c *Controller) openSaved(s reopenedSession) error {
	if s.Model == nil || s.files.Model.Path == "" {
		return nil
	}
	opt := OpenOptions{after: func() { c.aimSaved(s.Session) }}
	var err error
	if len(s.Model.Preparation) > 0 {
		opt.Choices, err = metadata.SidecarChoices(s.Model.Preparation)
	}
	c.open(s.files.Model.Path, opt)
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
func (c *Controller) addSaved(s reopenedSession) (current int) {
	var scans []*picture.Series
	current = -1
	for i, item := range s.Items {
		at := s.files.Items[i].Path
		if at == "" {
			continue
		}
		n := slices.IndexFunc(s.series, func(one *picture.Series) bool { first, _ := one.Path(0); return first == at })
		listed := 0
		if n < 0 {
			listed = c.appendImages([]string{at})
		} else {
			listed = c.appendSeries(s.series[n : n+1])
			scans = append(scans, s.series[n])
		}
		p := c.state.Images[listed]
		p.kept = item
		if item.Frame != nil && p.Series != nil && *item.Frame < p.Series.Len() {
			p.Slice = *item.Frame
		}
		if i == s.Current || current < 0 {
			current = listed
		}
	}
	c.askConsent(scans)
	return current
}

// tellSession says what is not as it was saved.
func (c *Controller) tellSession(path string, s reopenedSession, problem error) {
	if problem != nil {
		c.TellLasting("use the preparation in "+base(path), problem)
	}
	if changed := s.files.Changed(s.Session); len(changed) > 0 {
		c.lasting(Notice{Warning: true, Text: fmt.Sprintf("Not the files that were saved with %s: %s. What they give may differ.", base(path), several(changed))})
	}
	if missing := s.files.Missing(s.Session); len(missing) > 0 {
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
