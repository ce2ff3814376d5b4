// Package control holds what the window shows and decides what runs when. It
// knows nothing of Fyne.
//
// A [Controller] is the only writer of its [State]. Both belong to one
// goroutine, the user interface's: every method is called there, every
// [Event] arrives there. Work happens elsewhere and comes back through the
// function do, which the caller injects (fyne.Do in the program, a queue in
// tests). Nothing is locked, because nothing is shared.
//
// All work is done by tasks of [picasso/ui/control/task], of which activities.go
// has the table: what Stop ends, what counts as busy, what ends with the model.
// A look decodes the current picture and asks the model about it. An
// explanation runs one visualizer on that look: changes are debounced, the
// newest wins, partial results are coalesced. While the user moves a slider, a
// run shows its first map and waits; when the slider rests, the same run goes on.
// The lane walks over the remaining pictures for thumbnails and scores, one at
// a time, and only while nobody waits for the others.
package control

import (
	"context"
	"errors"
	"path/filepath"
	"picasso/backend/metadata"
	"picasso/backend/picture"
	"picasso/backend/score"
	"slices"
	"sync/atomic"
	"time"

	"picasso/ui/control/history"
	"picasso/ui/control/kept"
	"picasso/ui/control/listing"
	"picasso/ui/control/session"
	"picasso/ui/control/settings"
	"picasso/ui/control/task"
	"picasso/visualizers"
)

// Params are what a [Controller] is made of.
type Params struct {
	Open        OpenFunc
	Visualizers []visualizers.Visualizer // in the order of the tabs, at least one
	Do          func(func())             // runs a function later on the caller's goroutine, in order
	Settings    *settings.Settings       // nil starts from defaults and saves nothing
	Delay       time.Duration            // between the last change of a setting and the run; 0 is 80 ms
	Scripts     func(paths []string)     // takes scripts that were dropped; nil refuses them
}

// Controller turns what the user does into work, and what comes of it into
// [State]. See the package comment for the goroutine it belongs to.
type Controller struct {
	tasks      *task.Group
	activities []Activity

	openModel OpenFunc
	do        func(func())
	delay     time.Duration
	settings  *settings.Settings
	views     []View

	builtin    int                          // panels that SetScripts leaves alone
	scripts    func(paths []string)         // Params.Scripts
	makeRoom   func() func(context.Context) // closes what a workspace holds before another model is opened, and waits for it
	drops      [][]string                   // paths of each drop that is not in use yet, the first being read
	dropped    func(paths, files []string, entries int)
	state      State
	model      *held // State.Model with its users
	serial     int   // of model
	nextID     int
	sample     []string // files of the pictures, while they are a sample's
	opening    *task.Task
	looking    *task.Task
	reading    *task.Task
	watching   *task.Task
	filling    *task.Task      // the results table
	rested     *Grid           // the table that was closed last, nil where it would not hold any more
	walking    *task.Task      // over the slices of a series
	tiling     *task.Task      // the tiles of the montage
	laying     *task.Task      // a map from a file over a slice
	laidObject *picture.Series // whose map lies over slices, where there are several; nil for the last one
	sources    *task.Task      // what dropped maps were made of
	assess     assessment
	marking    *task.Task     // reads a region
	given      OpenOptions    // of the open model, with what was chosen since
	opened     OpenOptions    // of the open model
	anew       bool           // it was opened again since, as the user chose
	openedNote settings.Model // remembered about it then
	original   *metadata.Card // of the open model, before any change
	adjusted   bool           // the user changed it
	compare    *comparison    // an answer before a change, waiting for the one after
	history    history.History
	measuring  measuring
	overlaying *task.Task // maps of the montage
	foreseeing *task.Task // sessions of gradients
	recalling  *task.Task // finds what was measured and marked before
	recalled   int        // ID of the picture that it is about
	regionName string     // that is drawn into, "" for the first
	nextShape  int
	runner     *task.Runner[visualizers.Result]
	running    *running // what runner was last started for, nil when it ended
	hand       hand
	learning   learning
	wanted     string // key of the latest run that the user wants although it takes long
	lane       lane
	windowed   windowed
	verdicts   map[string]verdict // by path
	unjudged   []string           // paths without a verdict of their own
	judging    *task.Task
	trusted    map[string]bool // paths remembered before
	session    session.Session // that was opened: what it says of pictures beyond what is shown stays
	results    *kept.Cache[string, visualizers.Result]
	thumbs     *kept.Cache[frame, kept.Picture] // of the list and of the results table
	labels     listing.Labels                   // of the open model
	truth      truth
	arranged   arranged
	looks      looks
	altered    alterations
	keeping    keeping
	oneBlock   bool         // the model gets the same part of a volume for all its slices
	whole      bool         // pictures are shown as they are, not as they are explained
	memory     atomic.Int64 // that opening a picture may take, in bytes; 0 is the usual
}

// Bounds in bytes of what is kept of earlier results, and of small pictures: a
// photo takes some 6 KiB.
const (
	resultBytes = 48 << 20
	thumbBytes  = 48 << 20
)

// ErrNoModel says that something needs a model and none is open.
var ErrNoModel = errors.New("no model is open; open an ONNX model first")

// New returns a controller without model or pictures.
func New(p Params) *Controller {
	if p.Delay == 0 {
		p.Delay = 80 * time.Millisecond
	}
	if p.Settings == nil {
		p.Settings = settings.New("")
	}
	g := task.NewGroup(p.Do)
	c := &Controller{
		tasks: g, openModel: p.Open, do: p.Do, delay: p.Delay, settings: p.Settings,
		opening: g.New(), looking: g.New(), reading: g.New(), watching: g.New(), filling: g.New(), walking: g.New(),
		recalling: g.New(), overlaying: g.New(), foreseeing: g.New(), sources: g.New(), tiling: g.New(), laying: g.New(), judging: g.New(),
		assess:    newAssessment(g),
		marking:   g.New(),
		runner:    task.NewRunner[visualizers.Result](g),
		learning:  learning{Task: g.New()},
		lane:      lane{Task: g.New()},
		measuring: measuring{Task: g.New()},
		truth:     truth{Task: g.New()},
		results:   kept.NewCache[string](resultBytes, visualizers.Result.Bytes),
		thumbs:    kept.NewCache[frame](thumbBytes, kept.Picture.Bytes),
		verdicts:  map[string]verdict{},
		altered:   alterations{of: map[frame]alteration{}},
	}
	c.activities = c.table()
	c.MakeRoom(func() func(context.Context) { return func(context.Context) {} })
	c.state.Current = -1
	c.state.Workspace = Explain
	c.state.Target = score.ClassTarget(0, scoreNamed(c.settings.Score))
	for _, v := range p.Visualizers {
		c.state.Panels = append(c.state.Panels, newPanel(v, c.settings))
	}
	c.builtin, c.scripts = len(c.state.Panels), p.Scripts
	c.state.Tab = c.tabOf(c.settings.Tab)
	return c
}

// Listen adds a view.
func (c *Controller) Listen(v View) { c.views = append(c.views, v) }

// State is what there is to show; read it only, and only on the controller's
// goroutine.
func (c *Controller) State() *State { return &c.state }

// Settings are what the program remembers.
func (c *Controller) Settings() *settings.Settings { return c.settings }

// patience is how long Close waits for work that does not react, such as a
// session that the runtime is still building, and then for the model: the program
// is about to end, and the system takes back what they hold.
const patience = 200 * time.Millisecond

func (c *Controller) changed(k Kind) { c.emit(Event{Kind: k}) }

func (c *Controller) emit(e Event) {
	if c.tasks.Closed() {
		return // what the user did before the end may still come, a lot of it
	}
	c.followMap(e)
	for _, v := range c.views {
		v.Changed(e)
	}
}

// fail tells the user that something did not work. It ignores nil and
// of cancelled tasks.
func (c *Controller) fail(doing string, err error) {
	if err == nil || errors.Is(err, context.Canceled) {
		return
	}
	c.notify(Notice{Doing: doing, Err: err})
}

func (c *Controller) notify(n Notice) {
	if top := c.state.Notice; top != nil {
		c.state.Earlier = append(c.state.Earlier, top)
	}
	if n := len(c.state.Earlier); n > keptNotices {
		c.state.Earlier = c.state.Earlier[n-keptNotices:]
	}
	c.state.Notice = &n
	c.changed(NoticeChanged)
}

// keptNotices bounds the notices below the one that is shown.
const keptNotices = 20

// forget drops the notices that drop names.
func (c *Controller) forget(drop func(*Notice) bool) {
	s := &c.state
	if s.Notice == nil {
		return
	}
	all := slices.DeleteFunc(append(s.Earlier, s.Notice), drop)
	s.Notice, s.Earlier = nil, nil
	if n := len(all); n > 0 {
		s.Notice, s.Earlier = all[n-1], all[:n-1]
	}
	c.changed(NoticeChanged)
}

// Tell shows an error of the window's own in the same place as all others.
func (c *Controller) Tell(doing string, err error) { c.fail(doing, err) }

// TellLasting is Tell for what must not vanish when a model is opened.
func (c *Controller) TellLasting(doing string, err error) {
	if err != nil {
		c.lasting(Notice{Doing: doing, Err: err})
	}
}

func (c *Controller) lasting(n Notice) {
	n.Lasting = true
	c.notify(n)
}

// Say shows a plain sentence, and what the user may do about it.
func (c *Controller) Say(text string, offers ...Offer) { c.notify(Notice{Text: text, Offers: offers}) }

// Dismiss removes the notice; the one below it appears.
func (c *Controller) Dismiss() {
	top := c.state.Notice
	if u := c.state.Unopened; top != nil && u != nil && top.Doing == u.Doing {
		c.state.Unopened = nil
	}
	c.forget(func(n *Notice) bool { return n == top })
}

// DismissAll removes all notices but those that last.
func (c *Controller) DismissAll() { c.forget(func(n *Notice) bool { return !n.Lasting }) }

func base(path string) string { return filepath.Base(path) }
