package control

import (
	"context"
	"errors"
	"picasso/backend/metadata"
	"picasso/backend/preprocess"
	"picasso/backend/score"
	"slices"
	"sync"

	"picasso/backend/picture"
	"picasso/ui/control/intake"
	"picasso/ui/control/task"
	"picasso/visualizers"
)

// Model is an opened model as the window uses it.
type Model interface {
	visualizers.Subject
	About() ModelInfo
	// Place maps model pixels to pixels of img.
	Place(img *picture.Image) preprocess.Placement
	// Decoder takes the model's numbers back to the raw colours of img.
	Decoder(img *picture.Image) preprocess.Decoder
	// Rank lists all classes, best first.
	Rank(s score.Scores) []score.Class
	Close() error
}

// ModelInfo is what the window shows about a model.
type ModelInfo struct {
	Path     string
	Name     string
	SHA256   string // of the file, hexadecimal; "" where it is not known
	Provider string
	Runtime  string  // version of what runs the model, "" where it is not known
	Pass     float64 // milliseconds of one forward pass, 0 when not measured
	Labels   []string
	Facts    []Fact // preprocessing, labels, activation, each with its origin
	Warnings metadata.Warnings
}

// Fact is one thing known about a model and where it comes from.
type Fact struct{ Name, Value, Origin string }

// OpenFunc opens a model. stage may be called from any goroutine with what is
// being done, in words.
type OpenFunc func(ctx context.Context, path string, opt OpenOptions, stage func(string)) (Model, error)

// OpenOptions are what the user says along with a model.
type OpenOptions struct {
	Sidecar string // MODEL.picasso.json elsewhere than beside the model
	Choices metadata.Choices
	// PictureMemory is how many bytes pictures may take that belong to the model, 0 for
	// the usual.
	PictureMemory int64

	recalled   bool  // the labels are those remembered for the model
	unlabelled error // why those were left out

	keep   bool   // the same model, or the next of its kind: class and preparation stay
	change string // what is set, for the message where it is refused
	undo   *undoing
	after  func() // once the model is there
}

// doing names what an open is for: another model, or a file for the one that
// is open already.
func (o OpenOptions) doing(model, open string) string {
	switch {
	case model != open:
	case o.change != "":
		return "use " + o.change
	case o.Choices.LabelFile != "":
		return "use the labels in " + base(o.Choices.LabelFile)
	case o.Sidecar != "":
		return "use the preprocessing in " + base(o.Sidecar)
	}
	return "open " + base(model)
}

// held is an open model with the work that still uses it.
type held struct {
	Model
	users sync.WaitGroup
	whole volumeAnswer
	// foreseen: it is ready for gradients, or cannot be
	foreseen bool
}

// release closes the model once its last user has left and idle is closed.
func (h *held) release(idle <-chan struct{}) {
	h.users.Wait()
	<-idle
	h.Close()
}

// Open starts opening a model in the background. The old one stays until the
// new one works. A folder stands for its newest model and is watched.
func (c *Controller) Open(path string) {
	if isFolder(path) {
		c.Watch(path)
		return
	}
	c.open(path, OpenOptions{})
}

// open opens another model than the one that is followed, if one is.
func (c *Controller) open(path string, opt OpenOptions) {
	c.unwatch()
	c.reopen(path, opt)
}

func (c *Controller) reopen(path string, opt OpenOptions) {
	c.stopOpening()
	c.DismissAll()
	opt = c.recall(path, opt)
	opt.PictureMemory = c.memory.Load()
	c.state.Opening, c.state.Unopened = &Opening{Path: path, Stage: "reading the file"}, nil
	room := c.makeRoom()
	task.Start(c.opening, func(ctx context.Context, tell func(func())) (Model, error) {
		room(ctx)
		picture.NamesPatient(path) // looks around the first time it is asked
		return c.openModel(ctx, path, opt, func(words string) {
			tell(func() {
				c.state.Opening = &Opening{Path: path, Stage: words}
				c.changed(ModelChanged)
			})
		})
	}, func(m Model, err error) {
		c.state.Opening = nil
		if err == nil {
			c.adopt(m, opt)
			return
		}
		if opt.recalled {
			c.reopen(path, opt.without(err))
			return
		}
		c.changed(ModelChanged)
		if !errors.Is(err, context.Canceled) {
			n := Notice{Doing: opt.doing(path, c.state.About.Path), Err: err}
			n = c.offering(n, func(need int64) { c.allow(need); c.reopen(path, opt) })
			if c.state.Model == nil {
				c.state.Unopened = &n
			}
			c.notify(n)
		}
		c.relabel()
		c.pump()
	})
	c.changed(ModelChanged)
}

// CancelOpening keeps the model that is there.
func (c *Controller) CancelOpening() {
	if c.state.Opening == nil {
		return
	}
	c.stopOpening()
	c.relabel()
	c.changed(ModelChanged)
}

func (c *Controller) stopOpening() {
	c.opening.Stop()
	c.state.Opening = nil
}

// adopt makes m the model of the window.
func (c *Controller) adopt(m Model, opt OpenOptions) {
	c.stopWork()
	same := opt.keep && c.state.Model != nil && c.state.Model.Classes() == m.Classes()
	undo, after := opt.undo, opt.after
	opt.undo, opt.after = nil, nil
	named := opt.Choices.LabelFile != "" && !opt.recalled && !(opt.keep && opt.Choices.LabelFile == c.given.Choices.LabelFile)
	c.prepared(m, opt)
	c.reopened(undo, m.About().Path == c.state.About.Path)
	if old := c.model; old != nil {
		idle := c.runner.Idle()
		c.tasks.Go(func() { old.release(idle) })
	}
	c.model = &held{Model: m}
	c.serial++
	c.state.Model = m
	c.state.About = m.About()
	if !same {
		c.state.Pinned = false
		c.state.Target = score.ClassTarget(0, c.state.Target.Score)
	}
	if !m.HasLogits() {
		c.state.Target.Score = score.Probability
	}
	c.rememberModel()
	c.forgetAnswers()
	for i, p := range c.state.Panels {
		p.adopt(m)
		c.emit(Event{ValuesChanged, i})
	}
	c.changed(ModelChanged)
	c.changed(TargetChanged)
	for _, w := range c.state.About.Warnings {
		c.notify(Notice{Text: w.Text, Warning: true, Guess: w.Kind == metadata.Guessed})
	}
	if named {
		c.keepLabels(opt.Choices.LabelFile)
	}
	c.tellUnlabelled(opt)
	if after != nil {
		after()
	}
	c.look(0)
}

// rememberModel keeps the model for the next start, unless its path tells who a
// patient is.
func (c *Controller) rememberModel() {
	path := c.state.About.Path
	if c.state.Watched != "" {
		path = c.state.Watched
	}
	c.settings.Model = ""
	if picture.NamesPatient(path) || picture.NamesPatient(c.state.About.Path) {
		return
	}
	c.settings.Opened(c.state.About.Path)
	c.settings.Model = path
}

// prepared carries over what the user changed of the preparation, where the
// model stays the same, and remembers what there was before any change.
func (c *Controller) prepared(m Model, opt OpenOptions) {
	old, was := c.state.Model.(Adjustable)
	adjusted := was && opt.keep && c.adjusted
	if !opt.keep {
		c.compare = nil
	}
	path := m.About().Path
	again := opt.keep && c.state.Model != nil && path == c.state.About.Path
	if !again {
		c.opened, c.openedNote = opt, c.settings.Models[path]
	}
	c.state.Change, c.original, c.adjusted, c.given, c.anew = nil, nil, false, opt, again
	a, ok := m.(Adjustable)
	if !ok {
		return
	}
	card, settled := agreed(a.Card(), c.settings.Models[path])
	if settled && a.Use(card) != nil {
		card = a.Card()
	}
	c.original = &card
	if adjusted {
		changed, err := card.With(metadata.Choices{Preprocess: old.Card().Preprocess, Stated: metadata.PreprocessKeys})
		c.adjusted = err == nil && a.Use(changed) == nil
	}
}

// forgetAnswers drops all that a former model or former labels said.
func (c *Controller) forgetAnswers() {
	c.rested = nil
	c.oneBlock = c.Blocks() && !c.volume().Follows()
	c.results.Clear()
	c.assess.forget()
	c.looks.clear()
	c.state.Look = nil
	c.learnLabels()
	for _, p := range c.state.Images {
		p.forgetAnswers()
	}
	c.label()
	c.listChanged()
}

func (p *Picture) forgetAnswers() {
	p.Best, p.tried, p.curve = nil, false, nil
	if p.Series != nil {
		p.Answers = unanswered(p.Series)
	}
	p.former, p.block = nil, nil
	if p.seen {
		p.Err = nil
	}
}

// OpenSet opens a model and replaces the list of pictures, as for what was
// open the last time. Folders and scans are read in the background. first is the
// picture to look at first.
func (c *Controller) OpenSet(model string, images []string, first int) {
	labels := c.settings.Labels
	c.clear()
	c.trust(images)
	c.Open(model)
	c.useTruth(labels)
	c.fill(images, first, 0)
}

// OpenSample is OpenSet for pictures that make room for the user's own. first
// is the picture, or the slice of the only series, to look at first; slice is that of
// the picture, where it is one of several series.
func (c *Controller) OpenSample(model string, images []string, first, slice int) {
	c.Clear()
	c.Open(model)
	c.sample = images
	c.fill(images, first, slice)
}

// fill adds pictures and, where there may be scans among them, series.
func (c *Controller) fill(images []string, first, slice int) {
	if !slices.ContainsFunc(images, mayBeScan) {
		c.AddImages(images)
		c.Select(first)
		return
	}
	c.read(images, func(d intake.Dropped) {
		c.addFound(d.Series, d.Images)
		if len(c.state.Images) == 1 {
			c.SelectSlice(first)
			return
		}
		c.Select(first)
		if slice > 0 {
			c.SelectSlice(slice)
		}
	})
}

// mayBeScan reports whether a file has to be read to know.
func mayBeScan(path string) bool { return !picture.Ordinary(path) || isFolder(path) }

// Describer is a [Model] that tells what is in its file. It may take a moment
// and is asked only when somebody looks.
type Describer interface{ Details() []Fact }

// Ported is a [Model] that lists what else its file would offer: the names of
// its inputs and outputs.
type Ported interface {
	Ports() (inputs, outputs []string)
}

// Compare opens the model again as one whose output is an embedding, compared
// with the pictures at the given absolute paths. None makes every number of the
// output a value of its own.
func (c *Controller) Compare(paths ...string) error {
	return c.Choose(metadata.Choices{Kind: score.Embedding, References: append([]string{}, paths...)})
}

// kindOf is what a model's output holds, as far as it says.
func kindOf(m Model) score.OutputKind {
	if a, ok := m.(Adjustable); ok {
		return a.Card().Output.Kind
	}
	return score.Classes
}

// OpenUsing opens a model with choices.
func (c *Controller) OpenUsing(path string, choices metadata.Choices) {
	c.open(path, OpenOptions{Choices: choices})
}
