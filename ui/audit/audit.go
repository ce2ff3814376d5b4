// Package audit is the workspace that tells what a model relies on in a whole data
// set: what to look at first, the ways of deciding with their pictures, all rows as
// a table, as a contact sheet and beside each other in a plane, and how good the
// answers are.
//
// Nothing here computes: what is shown is the state of package survey.
package audit

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/visible"
	"picasso/ui/control"
	"picasso/ui/control/survey"
	"picasso/ui/keys"
	"picasso/ui/scanpane"
	"picasso/ui/widgets"
	"picasso/ui/words"
)

// Host is the window around the workspace.
type Host interface {
	Hint(text string)
	Unfocus()
	Canvas() fyne.Canvas
	// Ask lets the user choose a file or a folder.
	Ask(q widgets.Question, use func(path string))
	// Show opens a file in another program.
	Show(path string)
}

// view is one of the pages of a result.
type view interface {
	object() fyne.CanvasObject
	// show brings the page up to date, if it is seen.
	show()
}

// Workspace is everything about auditing.
type Workspace struct {
	host Host
	c    *control.Controller
	s    *survey.Controller

	start   *startPane
	pages   []page
	shown   int // index into pages
	buttons []*widget.Button
	result  fyne.CanvasObject // head and pages
	title   *widget.Label
	warning *widget.Label
	strip   *widget.Label // over scans
	halted  *fyne.Container
	why     *widget.Label
	subset  *subsetBar
	detail  *detailPane
	middle  fyne.CanvasObject
	side    fyne.CanvasObject
	maps    bool // thumbnails have their map
}

// page is a view with what it is called.
type page struct {
	title, asks string
	view
}

// New makes the workspace.
func New(h Host, c *control.Controller, s *survey.Controller) *Workspace {
	w := &Workspace{host: h, c: c, s: s, maps: true}
	w.start = newStartPane(h, c, s)
	w.detail = newDetailPane(w)
	w.pages = []page{
		{"Look at this", "What has no business in the decision, the strongest first.", newFindings(w)},
		{"Ways", "Groups of maps that look alike, class by class.", newWays(w)},
		{"Table", "All pictures, in the order of any column.", newRows(w)},
		{"Sheet", "All pictures with their maps; Space hides the maps.", newSheet(w)},
		{"Plane", "Pictures with like maps lie together. Drag a rectangle to choose some.", newScatter(w)},
		{"Answers", "How good the answers are, by the labels.", newAnswers(w)},
	}
	w.lay()
	return w
}

func (w *Workspace) lay() {
	w.title = widget.NewLabel("")
	w.title.TextStyle.Bold, w.title.Truncation = true, fyne.TextTruncateEllipsis
	w.warning = widget.NewLabel("")
	w.warning.Importance, w.warning.Wrapping = widget.WarningImportance, fyne.TextWrapWord
	w.strip = scanpane.NewStrip()
	w.why = widget.NewLabel("")
	w.why.Truncation = fyne.TextTruncateEllipsis
	w.halted = container.NewBorder(nil, nil, nil, widget.NewButton("Continue", w.s.Continue), w.why)
	report := widget.NewButtonWithIcon("Report", theme.DocumentIcon(), w.openReport)
	again := widget.NewButtonWithIcon("New audit", theme.ContentAddIcon(), w.s.Close)
	row := container.NewHBox()
	stack := container.NewStack()
	for i, p := range w.pages {
		b := widget.NewButton(p.title, func() { w.Turn(i) })
		w.buttons = append(w.buttons, b)
		row.Add(b)
		stack.Add(p.object())
	}
	w.subset = newSubsetBar(w)
	head := container.NewVBox(
		container.NewBorder(nil, nil, nil, container.NewHBox(report, again), w.title),
		w.strip, w.warning, w.halted, container.NewHScroll(row), w.subset.box)
	w.result = container.NewBorder(head, nil, nil, nil, stack)
	w.middle = container.NewStack(w.start.box, w.result)
	w.side = widgets.Roomy(w.detail.box)
	w.show()
}

// Middle is the column of the pages.
func (w *Workspace) Middle() fyne.CanvasObject { return w.middle }

// Side is the column about one picture.
func (w *Workspace) Side() fyne.CanvasObject { return w.side }

// Draws are what the workspace draws.
func (w *Workspace) Draws() []control.Draw {
	return []control.Draw{control.On(w.show, control.AuditChanged, control.WorkspaceChanged, control.ModelChanged, control.ImagesChanged)}
}

// seen reports whether the workspace is shown.
func (w *Workspace) seen() bool { return w.c.State().Workspace == control.Audit }

// Turn shows a page.
func (w *Workspace) Turn(i int) {
	w.shown = i
	w.show()
}

// pages by their place.
const (
	findingsPage = iota
	waysPage
	rowsPage
	sheetPage
	planePage
	answersPage
)

// show brings everything up to date that is seen.
func (w *Workspace) show() {
	if !w.seen() {
		return
	}
	st := w.s.State()
	r := st.Result
	widgets.Visible(w.start.box, r == nil)
	widgets.Visible(w.result, r != nil)
	w.detail.show()
	if r == nil {
		w.start.show()
		return
	}
	m := r.Digest.Manifest
	method := m.Visualizer
	w.title.SetText(visible.Text(strings.Join([]string{m.Model.Name, words.Count(m.Count, "picture", "pictures"), method}, " · ")))
	w.warn(st)
	widgets.Visible(w.strip, r.Digest.Medical())
	w.why.SetText(st.Halted)
	widgets.Visible(w.halted, st.Halted != "" && st.Progress == nil)
	for i, p := range w.pages {
		importance := widget.MediumImportance
		if i == w.shown {
			importance = widget.HighImportance
		}
		if w.buttons[i].Importance != importance {
			w.buttons[i].Importance = importance
			w.buttons[i].Refresh()
		}
		widgets.Visible(p.object(), i == w.shown)
	}
	w.subset.show()
	w.pages[w.shown].show()
}

// warn says what makes the result less than it seems.
func (w *Workspace) warn(st *survey.State) {
	var list []string
	if st.Foreign != "" {
		list = append(list, fmt.Sprintf("This audit is about another model than the one that is open: %s.", visible.Text(st.Foreign)))
	}
	if d := st.Result.Digest; d.Missing > 0 {
		list = append(list, fmt.Sprintf("This is what %d of %d pictures tell so far.", d.Manifest.Count-d.Missing, d.Manifest.Count))
	}
	if !st.Result.Shows() {
		list = append(list, "Its folder does not say where the pictures are.")
	}
	if st.Temporary {
		list = append(list, fmt.Sprintf("It is kept in %s until %d newer ones are; choose a folder to keep one for good.", words.Path(st.Out), survey.TemporaryKept))
	}
	w.warning.SetText(strings.Join(list, " "))
	widgets.Visible(w.warning, len(list) > 0)
}

// openReport shows the page for people in a browser.
func (w *Workspace) openReport() {
	if out := w.s.State().Out; out != "" {
		w.host.Show(out + "/report.html")
	}
}

// look shows some pictures as a sheet.
func (w *Workspace) look(title string, rows []int) {
	w.s.Look(title, rows)
	w.Turn(sheetPage)
}

// Actions are the keys of the workspace.
func (w *Workspace) Actions() []keys.Action {
	here := string(control.Audit)
	result := func() bool { return w.s.State().Result != nil }
	setup := func() bool { return !result() && w.s.State().Progress == nil }
	list := []keys.Action{
		{Menu: "View", Title: "Audit: start, or go on", Keys: []keys.Stroke{keys.Named(fyne.KeyReturn)}, Run: w.s.Proceed, Where: here, When: setup, Line: true},
		{Menu: "View", Title: "Audit: maps on the pictures", Keys: []keys.Stroke{keys.Named(fyne.KeySpace)}, Run: w.toggleMaps, Where: here, When: result},
		{Menu: "View", Title: "Audit: next picture", Keys: []keys.Stroke{keys.Named(fyne.KeyRight), keys.Named(fyne.KeyDown)}, Run: func() { w.s.Step(1) }, Where: here, When: result},
		{Menu: "View", Title: "Audit: previous picture", Keys: []keys.Stroke{keys.Named(fyne.KeyLeft), keys.Named(fyne.KeyUp)}, Run: func() { w.s.Step(-1) }, Where: here, When: result},
		{Menu: "View", Title: "Audit: ten pictures on", Keys: []keys.Stroke{keys.Named(fyne.KeyPageDown)}, Run: func() { w.s.Step(10) }, Where: here, When: result},
		{Menu: "View", Title: "Audit: ten pictures back", Keys: []keys.Stroke{keys.Named(fyne.KeyPageUp)}, Run: func() { w.s.Step(-10) }, Where: here, When: result},
		{Menu: "View", Title: "Audit: first picture", Keys: []keys.Stroke{keys.Named(fyne.KeyHome)}, Run: func() { w.s.Step(-len(w.s.State().Listed)) }, Where: here, When: result},
		{Menu: "View", Title: "Audit: last picture", Keys: []keys.Stroke{keys.Named(fyne.KeyEnd)}, Run: func() { w.s.Step(len(w.s.State().Listed)) }, Where: here, When: result},
		{Menu: "View", Title: "Audit: explain this picture", Keys: []keys.Stroke{keys.Named(fyne.KeyReturn)}, Run: func() { w.s.Explain(w.s.State().Current) }, Where: here, When: result},
		{Menu: "View", Title: "Audit: all pictures again", Keys: []keys.Stroke{keys.Named(fyne.KeyEscape)}, Run: func() { w.s.Look("", nil) }, Where: here, When: result},
	}
	list = append(list, keys.Action{Menu: "View", Title: "Audit: make these the list", Run: w.s.List, Where: here, When: func() bool { return result() && w.narrowed(w.s.State()) }})
	for i, p := range w.pages {
		list = append(list, keys.Action{Menu: "View", Title: "Audit: " + p.title, Keys: []keys.Stroke{keys.Char(rune('1' + i))}, Run: func() { w.Turn(i) }, Where: here, When: result})
	}
	return append(list, keys.Action{Menu: "View", Title: "Audit: open an audit…", Run: w.askAudit},
		keys.Action{Menu: "View", Title: "Audit: the listed pictures", Run: func() {
			w.s.Close()
			w.s.ChooseListed()
			w.c.SetWorkspace(control.Audit)
		}})
}

// askAudit opens an audit that is in a folder.
func (w *Workspace) askAudit() {
	w.host.Ask(widgets.Question{Title: "Folder of an audit", Folder: true}, func(path string) {
		w.c.SetWorkspace(control.Audit)
		w.s.Open(path)
	})
}

// narrowed reports whether some of the pictures are looked at, which can become the list.
func (w *Workspace) narrowed(st *survey.State) bool {
	return !st.Arranging && len(st.Listed) < len(st.Result.Digest.Sample.Rows) && st.Result.Shows()
}

func (w *Workspace) toggleMaps() {
	w.maps = !w.maps
	w.show()
}
