package control

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"picasso/backend/metadata"
	"picasso/ui/control/history"
)

// Undo takes back the latest change of the user's that is not taken back yet,
// Redo does it again. They return what it was, "" where there is nothing.
// While a model is being opened nothing is undone: what is open then may not
// be what the change was made to.
func (c *Controller) Undo() string { return c.replay("undo", c.history.Undo) }

// Redo does again what [Controller.Undo] took back last.
func (c *Controller) Redo() string { return c.replay("redo", c.history.Redo) }

func (c *Controller) replay(doing string, step func() (string, error)) string {
	if c.state.Opening != nil {
		return ""
	}
	name, err := step()
	if err != nil {
		c.fail(fmt.Sprintf("%s “%s”", doing, name), err)
		name = ""
	}
	c.showHistory()
	return name
}

// record adds a step to what can be undone.
func (c *Controller) record(s history.Step) {
	c.history.Add(s)
	c.showHistory()
}

func (c *Controller) showHistory() {
	undo, redo := c.history.Names()
	if undo != c.state.Undo || redo != c.state.Redo {
		c.state.Undo, c.state.Redo = undo, redo
		c.changed(HistoryChanged)
	}
}

// recordValues adds a change of the settings of a panel, which were different
// from its defaults as before says. Several changes of one setting in a row are
// one step.
func (c *Controller) recordValues(p *Panel, name, setting string, before map[string]string) {
	id, after := p.Info.ID, maps.Clone(p.changed)
	put := func(changed map[string]string) func() error {
		return func() error {
			i := slices.IndexFunc(c.state.Panels, func(p *Panel) bool { return p.Info.ID == id })
			if i < 0 {
				return errors.New("the method is not there any more")
			}
			c.putValues(i, changed)
			return nil
		}
	}
	s := history.Step{Name: name, Undo: put(before), Redo: put(after)}
	if setting != "" {
		s.Key = "settings " + id + " " + setting
	}
	c.record(s)
}

// usage is how the open model is used.
type usage struct {
	card     metadata.Card
	known    bool // card is
	given    OpenOptions
	adjusted bool
}

func (c *Controller) usage() usage {
	u := usage{given: c.given, adjusted: c.adjusted}
	u.card, u.known = c.Known()
	return u
}

// undoing is a change that opens the model anew, until that is done: one to
// record, or one that is being undone.
type undoing struct {
	name   string // "" while undoing
	before usage  // to record
	back   *usage // to bring back
}

// ofModel is the scope of steps that belong to the open model.
type ofModel struct{}

// recordUse adds a change of how the open model is used, which was used as
// before says until now.
func (c *Controller) recordUse(name string, before usage) {
	put := func(u usage) func() error {
		return func() error {
			a, ok := c.state.Model.(Adjustable)
			if !ok {
				return ErrNoModel
			}
			if err := c.use(a, u.card); err != nil {
				return err
			}
			c.adjusted, c.given = u.adjusted, u.given
			return nil
		}
	}
	c.record(history.Step{Name: name, Key: name, Scope: ofModel{}, Bytes: before.bytes(), Undo: put(before), Redo: put(c.usage())})
}

// bytes is about what a usage keeps in memory: names of thousands of classes.
func (u usage) bytes() int {
	n := 4096
	for _, label := range u.card.Labels {
		n += len(label) + 16
	}
	return n
}

// reopened records a change that opened the model anew, or ends the undoing of
// one. The steps of another model are forgotten.
func (c *Controller) reopened(u *undoing, same bool) {
	switch {
	case !same || u == nil && !c.given.keep:
		c.history.Forget(ofModel{})
		c.showHistory()
	case u == nil:
	case u.back != nil:
		if a, ok := c.state.Model.(Adjustable); ok && u.back.known && a.Use(u.back.card) == nil {
			c.adjusted = u.back.adjusted
		}
	default:
		path := c.state.About.Path
		put := func(to usage) func() error {
			return func() error {
				opt := to.given
				opt.keep, opt.undo = true, &undoing{back: &to}
				c.compare = c.comparison()
				c.reopen(path, opt)
				return nil
			}
		}
		c.record(history.Step{Name: u.name, Scope: ofModel{}, Bytes: u.before.bytes(), Undo: put(u.before), Redo: put(c.usage())})
	}
}

// deed is what choices do, as it follows “Undo”.
func deed(choices metadata.Choices) string {
	switch {
	case choices.LabelFile != "":
		return "Load labels from " + base(choices.LabelFile)
	case choices.Preset != "" || len(choices.Stated) > 0:
		return "Change preprocessing"
	case choices.Region != nil && choices.Region.Box != nil:
		return "Choose a region"
	case choices.Region != nil:
		return "Choose the whole picture"
	}
	return "Use " + inWords(choices)
}

// removed is an entry that was taken off the list, and where it was.
type removed struct {
	*Picture
	at int
}

// recordRemoval takes entries off the list and adds that to what can be undone.
func (c *Controller) recordRemoval(name string, remove func()) {
	before, sample, serial, current, labels := slices.Clone(c.state.Images), c.sample, c.serial, c.state.Selected(), c.truth.path
	remove()
	var gone []removed
	bytes := 0
	for i, p := range before {
		if c.indexOf(p.ID) < 0 {
			gone = append(gone, removed{p, i})
			bytes += p.bytes()
		}
	}
	if bytes > history.MostBytes/4 { // it is made again where it is wanted
		for _, r := range gone {
			r.seen = false
			r.forgetAnswers()
		}
		bytes = 1024 * len(gone)
	}
	c.record(history.Step{
		Name: name, Bytes: bytes,
		Undo: func() error {
			if len(c.state.Images) == 0 { // they went with the last picture
				c.useTruth(labels)
			}
			c.bringBack(gone, sample, serial, current)
			return nil
		},
		Redo: func() error { c.takeAway(gone); return nil },
	})
}

// bytes is about what an entry keeps in memory.
func (p *Picture) bytes() int {
	n := 1024
	for _, a := range p.Answers {
		n += 64 + 4*(len(a.Scores.Probabilities)+len(a.Scores.Logits))
	}
	return n
}

// bringBack puts removed entries where they were, but for those that are there
// again meanwhile, and looks at the one that was looked at. What another model
// than that of serial is asked is asked again.
func (c *Controller) bringBack(gone []removed, sample []string, serial int, current *Picture) {
	s := &c.state
	if len(s.Images) == 0 {
		c.sample = sample
	} else if c.sample != nil && sample == nil { // those of a sample make room
		c.clear()
	}
	looked := s.Selected()
	for _, r := range gone {
		if c.isListed(r.Picture) {
			continue
		}
		if serial != c.serial {
			r.forgetAnswers()
		}
		s.Images = slices.Insert(s.Images, min(r.at, len(s.Images)), r.Picture)
	}
	if current == nil || c.indexOf(current.ID) < 0 {
		current = looked
	}
	if looked != nil {
		s.Current = c.indexOf(looked.ID)
	}
	to := max(s.Current, 0)
	if current != nil {
		to = c.indexOf(current.ID)
	}
	c.judge()
	c.saveImages()
	c.relabel()
	c.listChanged()
	if len(s.Images) == 0 || to == s.Current {
		c.pump()
		return
	}
	s.Current = to
	c.look(0)
}

// isListed reports whether an entry, or another one of the same file, is on the
// list.
func (c *Controller) isListed(p *Picture) bool {
	return slices.ContainsFunc(c.state.Images, func(q *Picture) bool {
		switch {
		case p.Series != nil && q.Series != nil:
			return sameSeries(p.series(), q.series())
		case p.Path != "":
			return p.Path == q.Path
		}
		return p == q
	})
}

// takeAway removes entries again.
func (c *Controller) takeAway(gone []removed) {
	drop := map[int]bool{}
	for _, r := range gone {
		drop[r.ID] = true
	}
	if !slices.ContainsFunc(c.state.Images, func(p *Picture) bool { return !drop[p.ID] }) {
		c.clear()
		return
	}
	for i := len(c.state.Images) - 1; i >= 0; i-- {
		if drop[c.state.Images[i].ID] {
			c.remove(i)
		}
	}
}
