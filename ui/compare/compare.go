// Package compare is the workspace that shows what methods, classes, pictures and
// models agree about: the maps of several methods and classes of one picture beside
// each other, those of the best classes of every picture, and the maps of two models.
// A click leads from a map to its tab.
//
// Nothing here computes: numbers come from package comparison, pictures from
// package drawing.
package compare

import (
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control"
	"picasso/ui/control/comparison"
	"picasso/ui/keys"
	"picasso/ui/scanpane"
	"picasso/ui/widgets"
)

// Host is the window around the workspace.
type Host interface {
	Hint(text string)
	Unfocus()
	// Ask lets the user choose a file.
	Ask(q widgets.Question, use func(path string))
	// Replacing asks before files that are there are replaced.
	Replacing(paths []string, save func())
	// ShowMap shows a method's map of a class in the workspace Explain;
	// score.NoClass is the class that is explained there.
	ShowMap(p *control.Panel, class int)
	// SelectImage makes an entry of the list the current one.
	SelectImage(p *control.Picture)
	// GoTo shows a workspace.
	GoTo(w control.Workspace)
}

// Workspace is everything about comparing.
type Workspace struct {
	host          Host
	c             *control.Controller
	m             *comparison.Controller
	switches      []*widget.Button // one a view
	grid          *gridPane
	choice        *choicePane
	table         *tablePane
	tableSide     *tableSide
	before        place // where the table was opened
	pair          *pairPane
	models        *modelsPane
	middle, sides []fyne.CanvasObject // one a view
	strip         fyne.CanvasObject   // over scans
}

// New makes the workspace.
func New(h Host, c *control.Controller) *Workspace {
	w := &Workspace{host: h, c: c, m: comparison.New(c)}
	w.grid = newGridPane(h, c, w.m)
	w.choice = newChoicePane(h, c, w.m)
	w.before = place{control.Explain, comparison.ByMethod}
	w.table = newTablePane(h, c, w.m, w.LeaveTable)
	w.tableSide = newTableSide(h, c, w.m)
	w.pair = newPairPane(h, c, w.m)
	w.models = newModelsPane(h, c, w.m)
	w.middle = []fyne.CanvasObject{w.grid.box, w.table.box, w.pair.box}
	w.sides = []fyne.CanvasObject{w.choice.box, w.tableSide.box, w.models.box}
	return w
}

// place is a workspace, with the view of Compare.
type place struct {
	workspace control.Workspace
	view      comparison.View
}

// State is what the workspace shows.
func (w *Workspace) State() *comparison.Controller { return w.m }

// views are the parts of the workspace, by their titles.
var views = []string{"Methods × classes", "Pictures × classes", "Two models"}

// Middle is the column of the maps.
func (w *Workspace) Middle() fyne.CanvasObject {
	row := container.NewHBox()
	for i, title := range views {
		b := widget.NewButton(title, func() {
			w.m.SetView(comparison.View(i))
			w.host.Unfocus()
		})
		w.switches = append(w.switches, b)
		row.Add(b)
	}
	w.strip = scanpane.NewStrip()
	w.strip.Hide()
	return container.NewBorder(container.NewVBox(row, widgets.Narrow(160, w.strip)), nil, nil, nil, container.NewStack(w.middle...))
}

// Side is the column of what is compared.
func (w *Workspace) Side() fyne.CanvasObject {
	return widgets.Roomy(container.NewStack(w.sides...))
}

// Draws are what the panes draw.
func (w *Workspace) Draws() []control.Draw {
	return []control.Draw{
		control.On(w.show, control.ComparisonChanged, control.WorkspaceChanged, control.ModelChanged, control.ImagesChanged, control.LookChanged, control.TargetChanged),
		control.On(w.redraw, control.ViewingChanged),
		control.On(w.showTable, control.GridChanged),
	}
}

// show brings the view that is shown up to date.
func (w *Workspace) show() {
	if w.c.State().Workspace != control.Compare {
		return
	}
	for i, b := range w.switches {
		here := w.m.View() == comparison.View(i)
		importance := widget.LowImportance
		if here {
			importance = widget.MediumImportance
		}
		if b.Importance != importance {
			b.Importance = importance
			b.Refresh()
		}
		widgets.Visible(w.middle[i], here)
		widgets.Visible(w.sides[i], here)
	}
	widgets.Visible(w.strip, w.c.State().Scan())
	switch w.m.View() {
	case comparison.ByModel:
		w.pair.show()
		w.models.show()
	case comparison.ByPicture:
		w.showTable()
	default:
		w.grid.show()
		w.choice.show()
	}
}

// tabled reports whether the results table is shown.
func (w *Workspace) tabled() bool {
	return w.c.State().Workspace == control.Compare && w.m.View() == comparison.ByPicture
}

// showTable brings the results table up to date.
func (w *Workspace) showTable() {
	if !w.tabled() {
		return
	}
	widgets.Visible(w.strip, w.c.State().Scan() || w.table.scans())
	w.table.show()
	w.tableSide.show()
}

// redraw draws a scan through another window.
func (w *Workspace) redraw() {
	w.grid.redraw()
	w.pair.redraw()
}

// Takes reports whether files that are dropped are the second model, and takes it.
func (w *Workspace) Takes(paths []string) bool {
	if w.c.State().Workspace != control.Compare || w.m.View() != comparison.ByModel || w.c.State().Model == nil ||
		len(paths) != 1 || !strings.EqualFold(filepath.Ext(paths[0]), ".onnx") {
		return false
	}
	w.m.CompareWith(paths[0])
	return true
}

// Actions are what can be done here, beside what the window does.
func (w *Workspace) Actions() []keys.Action {
	here := string(control.Compare)
	return []keys.Action{
		{Menu: "View", Title: "Compare methods and classes", Keys: []keys.Stroke{keys.Char('m')}, Run: func() { w.open(comparison.ByMethod) }},
		{Menu: "View", Title: TableTitle, Keys: []keys.Stroke{keys.Char('g')}, Run: w.toggleTable},
		{Title: "Open the current picture of the table", Where: here, When: w.tabled, Keys: []keys.Stroke{keys.Named(fyne.KeyReturn), keys.Named(fyne.KeyEnter)}, Run: w.table.openMarked},
		{Menu: "View", Title: "Compare two models", Keys: []keys.Stroke{keys.Char('x')}, Run: func() { w.open(comparison.ByModel) }},
		{Title: "Show the second model's map while pressed", Where: here, Keys: []keys.Stroke{keys.Named(fyne.KeyB), keys.Char('b')}, Held: w.pair.Flicker},
		{Title: "Save this comparison…", Where: here, Keys: []keys.Stroke{keys.Ctrl(fyne.KeyE)}, Run: w.Save},
		{Title: "One scale, or one for each map or row", Where: here, Keys: []keys.Stroke{keys.Char('k')}, Run: w.toggleScale},
		{Title: "The next class, or row of the table", Where: here, Keys: []keys.Stroke{keys.Named(fyne.KeyDown)}, Run: func() { w.stepFocus(1) }},
		{Title: "The previous class, or row of the table", Where: here, Keys: []keys.Stroke{keys.Named(fyne.KeyUp)}, Run: func() { w.stepFocus(-1) }},
		{Title: "Go to the next method", Where: here, Keys: []keys.Stroke{keys.Char('.')}, Run: func() { w.stepMethod(1) }},
		{Title: "Go to the previous method", Where: here, Keys: []keys.Stroke{keys.Char(',')}, Run: func() { w.stepMethod(-1) }},
		{Title: "Compute what is left", Where: here, Keys: []keys.Stroke{keys.Ctrl(fyne.KeyR)}, Run: w.goOn},
		{Title: "Zoom in on all maps", Where: here, Keys: []keys.Stroke{keys.Char('+'), keys.Char('=')}, Run: func() { w.zoom(1.25) }},
		{Title: "Zoom out of all maps", Where: here, Keys: []keys.Stroke{keys.Char('-')}, Run: func() { w.zoom(0.8) }},
		{Title: "Fit all maps", Where: here, Keys: []keys.Stroke{keys.Char('0')}, Run: func() { w.zoom(0) }},
	}
}

// TableTitle is that of the action that shows the results table, and leaves it.
const TableTitle = "Results table: pictures × classes"

// toggleTable shows the results table, or again what was shown before.
func (w *Workspace) toggleTable() {
	if w.tabled() {
		w.LeaveTable()
		return
	}
	w.before = place{w.c.State().Workspace, w.m.View()}
	w.open(comparison.ByPicture)
}

// LeaveTable goes back to where the results table was opened.
func (w *Workspace) LeaveTable() {
	w.m.SetView(w.before.view)
	w.host.GoTo(w.before.workspace)
	w.before.workspace = control.Explain
}

// toggleScale changes between one scale and several.
func (w *Workspace) toggleScale() {
	switch w.m.View() {
	case comparison.ByPicture:
		w.table.scale.toggle()
	case comparison.ByMethod:
		w.grid.toggleScale()
	default:
		w.host.Hint("Two models share one scale, so that their maps can be compared.")
	}
}

// goOn computes what was not begun.
func (w *Workspace) goOn() {
	w.m.ContinuePair()
	w.c.ContinueGrid()
	w.m.Continue()
}

// open shows a view from anywhere.
func (w *Workspace) open(v comparison.View) {
	w.m.SetView(v)
	w.host.GoTo(control.Compare)
}

func (w *Workspace) stepFocus(n int) {
	switch w.m.View() {
	case comparison.ByModel:
		w.models.step(n)
		return
	case comparison.ByPicture:
		w.table.step(n)
		return
	}
	if s := w.m.Sheet(); s != nil && len(s.Classes) > 0 {
		w.m.SetFocus((s.Focus + n + len(s.Classes)) % len(s.Classes))
	}
}

func (w *Workspace) stepMethod(n int) {
	switch w.m.View() {
	case comparison.ByModel:
		w.models.method.step(n)
	case comparison.ByPicture:
		w.tableSide.method.step(n)
	default:
		w.grid.stepMethod(n)
	}
}

// zoom enlarges all maps by a factor; 0 fits them.
func (w *Workspace) zoom(by float64) {
	switch w.m.View() {
	case comparison.ByModel:
		w.pair.links.zoom(by)
	case comparison.ByPicture:
		w.host.Hint("Maps of the table are as large as there is room for; a click opens one in Explain.")
	default:
		w.grid.zoom(by)
	}
}

// Save asks where the view that is shown goes.
func (w *Workspace) Save() {
	switch w.m.View() {
	case comparison.ByModel:
		w.pair.save()
	case comparison.ByPicture:
		w.table.save()
	default:
		w.grid.save()
	}
}
