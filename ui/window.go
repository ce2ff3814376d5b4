package ui

import (
	"path/filepath"
	"picasso/ui/keys"
	"slices"
	"strings"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"

	"picasso/backend"
	"picasso/backend/picture"
	"picasso/ui/asking"
	"picasso/ui/audit"
	"picasso/ui/compare"
	"picasso/ui/control"
	"picasso/ui/control/intake"
	"picasso/ui/control/opened"
	"picasso/ui/control/pages"
	"picasso/ui/control/settings"
	"picasso/ui/control/survey"
	"picasso/ui/control/task"
	"picasso/ui/covering"
	"picasso/ui/explain"
	"picasso/ui/imagelist"
	"picasso/ui/inside"
	"picasso/ui/keyboard"
	"picasso/ui/modelcard"
	"picasso/ui/saving"
	"picasso/ui/welcome"
	"picasso/ui/widgets"
)

// Window is the program's window.
type Window struct {
	app    fyne.App
	win    fyne.Window
	c      *control.Controller
	params Params
	do     func(func())
	tasks  *task.Group // the work of the window itself

	actions []keys.Action
	menus   map[string]*fyne.Menu
	banner  *banner
	model   *modelcard.Card
	images  *imagelist.List
	explain *explain.Workspace
	asker   *asking.Asker
	saver   *saving.Saver
	cover   *covering.Pane
	inside  *inside.Workspace
	audit   *audit.Workspace
	survey  *survey.Controller
	compare *compare.Workspace
	pages   *pages.Controller
	// workspaces are those of the switch, explain the first.
	workspaces []*workspace
	status     *statusBar
	columns    *widgets.Columns
	toolbar    *toolbar
	palette    *palette          // over the window, nil when closed
	stage      fyne.CanvasObject // what is presented, over the window; nil when nothing is
	scripts    *scripts
	panels     []dialog.Dialog // those over the window, the upper ones last
	panel      dialog.Dialog   // the uppermost, which has the keys; nil when none
	cautious   dialog.Dialog   // to this one Return does not agree
	draws      *control.Draws
	sheet      *control.Draws // of the sheet about the model, while it is open
	welcome    *welcome.Card  // over the window, nil when closed
	closed     bool
	finishing  sync.Once
	unsaved    bool // it was told that settings cannot be saved
	hints      int  // told so far; an old one does not clear a new one
}

// Size of the window at the first start, in Fyne's units: with its frame and
// the system's bars it fits a screen of 1280×800.
const (
	firstWidth  = 1220
	firstHeight = 720
)

// New makes the window. It belongs to Fyne's goroutine, like all its methods.
func New(app fyne.App, p Params) *Window {
	if p.Do == nil {
		p.Do = fyne.Do
	}
	if p.Settings == nil {
		p.Settings = settings.New("")
	}
	open := p.OpenModel
	if open == nil {
		open = opened.With(p.Runtime, backend.ModelOptions{Provider: p.Provider, Tuning: p.Tuning})
	}
	w := &Window{app: app, params: p, do: p.Do, tasks: task.NewGroup(p.Do)}
	w.scripts = newScripts(w, p.Scripts)
	var dropped func([]string)
	if p.Scripts != nil {
		dropped = w.scripts.add
	}
	w.c = control.New(control.Params{
		Open: open, Visualizers: p.Visualizers, Do: p.Do, Settings: p.Settings, Delay: p.Delay,
		Scripts: dropped,
	})
	app.Settings().SetTheme(newLook(p.Settings.Theme))
	w.win = app.NewWindow("Picasso")
	w.build()
	w.c.Listen(w)
	w.win.SetOnDropped(func(_ fyne.Position, uris []fyne.URI) { w.dropped(uris) })
	w.win.SetCloseIntercept(w.Close)
	w.win.Resize(windowSize(p.Settings.Window))
	w.showAll()
	return w
}

func windowSize(s settings.Window) fyne.Size {
	if s.Width < 640 || s.Height < 480 || s.Width > 10000 || s.Height > 10000 {
		return fyne.NewSize(firstWidth, firstHeight)
	}
	return fyne.NewSize(s.Width, s.Height)
}

// build makes the parts and lays them out.
func (w *Window) build() {
	w.banner = newBanner(host{w}, w.c)
	w.status = newStatusBar(w.c)
	w.model = modelcard.New(host{w}, w.c)
	w.images = imagelist.New(host{w}, w.c)
	w.explain = explain.New(host{w}, w.c)
	w.asker = asking.New(host{w}, w.tasks)
	w.cover = covering.New(host{w}, w.c, w.explain.Picture)
	w.c.KeepView(w.explain.Picture.Lies, w.explain.Picture.Lay)
	w.inside = inside.New(host{w}, w.c)
	w.survey = survey.New(w.c, w.params.auditFolder(), versionNumber(w.params.Version))
	w.audit = audit.New(host{w}, w.c, w.survey)
	w.compare = compare.New(host{w}, w.c)
	w.pages = pages.New(w.c, w.compare.State(), firstLine(w.params.Version))
	w.saver = saving.New(host{w}, w.c, w.pages, w.explain.Picture.Reported, strings.Replace(firstLine(w.params.Version), "picasso", "Picasso", 1))
	w.workspaces = w.workspaceTable()
	w.actions = w.table()
	w.toolbar = newToolbar(w)

	left := container.NewBorder(w.model.Box, nil, nil, nil, w.images.Box)
	s := w.c.Settings().Window
	middle, side := w.layWorkspaces()
	w.columns = widgets.NewColumns(left, middle, side, s.Left, s.Right)
	w.columns.Collapse(s.Folded)
	w.win.SetContent(container.NewBorder(w.top(), w.status.box, nil, nil, w.columns))
	w.draws = control.NewDraws(w.c, w.allDraws()...)
	w.win.SetMainMenu(w.menuBar())
	w.listenToKeys()
}

// Start opens what was asked for, or what was open last time, or the first
// sample.
func (w *Window) Start() {
	s := w.c.Settings()
	switch {
	case len(w.params.Files) > 0:
		w.take(intake.Absolute(w.params.Files))
	case s.Model != "" && s.Sample && exists(s.Model):
		w.openSampleAgain()
	case s.Model != "" && exists(s.Model):
		w.c.OpenSet(s.Model, slices.Clone(s.Images), lastShown(s))
	case len(w.params.Samples) > 0:
		w.openSample(w.params.Samples[0])
	}
	w.c.TellLasting("start normally", w.params.Notice)
	keyboard.Free(w.win, w.explain.Reveal)
	w.scripts.watch()
	w.remember()
}

// ShowAndRun shows the window and returns when it is closed.
func (w *Window) ShowAndRun() {
	w.app.Lifecycle().SetOnStarted(w.Start)
	w.win.ShowAndRun()
	w.finish() // Fyne quits without asking when the system ends the program
}

// Close saves what is remembered, stops all work and closes the window.
func (w *Window) Close() {
	if !w.closed {
		w.win.Hide() // at once, however long the work takes to stop
		w.finish()
		if w.params.Ended != nil {
			w.params.Ended()
		}
		w.win.Close()
	}
}

// Lively reports whether something in the window moves by itself: work goes on, or
// a text cursor blinks.
func (w *Window) Lively() bool { return w.c.Working() || keyboard.Typing(w.win.Canvas()) }

// Leave says that the window is about to be closed, from any goroutine: what is left
// of the user's input then takes no time.
func (w *Window) Leave() { w.c.Leave() }

// finish saves what is remembered and stops all work, once; whoever comes second waits.
// Where the toolkit has ended its loop by itself, what was queued for it runs on the
// goroutine that queued it, so a signal may come here from two sides.
func (w *Window) finish() {
	w.finishing.Do(func() {
		w.closed = true
		w.scripts.stop()
		w.tasks.Close(0) // an editor that was opened may stay
		w.measure()
		if err := w.c.Settings().Save(); err != nil {
			fyne.LogError("The settings were not saved", err)
		}
		w.c.Close()
	})
}

var _ control.View = (*Window)(nil)

// Changed implements [control.View].
func (w *Window) Changed(e control.Event) {
	if w.closed {
		return
	}
	w.draws.Changed(e)
	if w.sheet != nil {
		w.sheet.Changed(e)
	}
}

// allDraws are what the window and its panes draw, the status bar last.
func (w *Window) allDraws() []control.Draw {
	all := []control.Draw{
		control.On(w.showModelState, control.ModelChanged),
		control.On(w.renewActions, control.PanelsChanged),
		control.On(w.showConsent, control.ConsentChanged),
		control.On(w.showHistory, control.HistoryChanged, control.KeysChanged),
		control.On(w.extendMenus, control.SessionsChanged),
		control.On(w.showWorkspace, control.WorkspaceChanged),
	}
	for _, one := range w.workspaces {
		all = append(all, one.pane.Draws()...)
	}
	for _, part := range []interface{ Draws() []control.Draw }{w.model, w.images, w.banner, w.toolbar, w.status} {
		all = append(all, part.Draws()...)
	}
	return all
}

// showModelState writes the model on the window itself.
func (w *Window) showModelState() {
	w.extendMenus()
	w.win.SetTitle("Picasso")
	if name := w.c.State().About.Name; name != "" {
		title := "Picasso — " + name
		if folder := w.c.State().Watched; folder != "" {
			title += ", the newest in " + filepath.Base(picture.Said(folder))
		}
		w.win.SetTitle(title)
	}
}

func (w *Window) showConsent() {
	if w.c.State().Consent {
		w.askConsent()
	}
}

// showAll draws everything for the first time.
func (w *Window) showAll() {
	for _, kind := range []control.Kind{
		control.WorkspaceChanged, control.ModelChanged, control.ImagesChanged, control.LookChanged, control.TabChanged, control.GridChanged, control.NoticeChanged,
	} {
		w.Changed(control.Event{Kind: kind})
	}
}

// renewActions follows tabs and windows that came or went.
func (w *Window) renewActions() {
	w.actions = w.table()
	w.win.SetMainMenu(w.menuBar())
}

// hintTime is how long a hint stays in the status bar.
const hintTime = 8 * time.Second

// hint shows a sentence in the status bar until the next one, or for a while.
func (w *Window) hint(text string) {
	w.hints++
	w.status.hint(text)
	if text == "" {
		return
	}
	mine := w.hints
	time.AfterFunc(hintTime, func() {
		w.do(func() {
			if mine == w.hints && !w.closed {
				w.status.hint("")
			}
		})
	})
}
