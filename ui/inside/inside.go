// Package inside is the workspace that shows what the network sees on the way: its
// graph in rows, the channels of a layer as pictures, one unit large over the
// picture, what drives it here and in the other pictures, and what the network
// would draw.
//
// Its panes hold the state of package insight, and say by their draws which events
// they draw.
package inside

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control"
	"picasso/ui/control/insight"
	"picasso/ui/keys"
	"picasso/ui/scanpane"
	"picasso/ui/viewer"
	"picasso/ui/widgets"
)

// Host is the window around the workspace.
type Host interface {
	widgets.Host
	Canvas() fyne.Canvas
	// SelectImage makes an entry of the list the current one.
	SelectImage(p *control.Picture)
	// Turn is how scans are turned and mirrored.
	Turn() viewer.Turn
	// Ask lets the user choose a file.
	Ask(q widgets.Question, use func(path string))
	// Replacing asks before files are overwritten.
	Replacing(files []string, do func())
}

// Workspace is everything about looking inside.
type Workspace struct {
	host    Host
	c       *control.Controller
	in      *insight.Controller
	outline *outlinePane
	picture *picturePane
	sheet   *sheetPane
	unit    *unitPane
	search  *searchPane
	drawn   *drawnPane
	strip   *widget.Label // over scans
}

// New makes the workspace.
func New(h Host, c *control.Controller) *Workspace {
	w := &Workspace{host: h, c: c, in: insight.New(c)}
	w.outline = newOutline(h, w.in, w.useForMaps)
	w.picture = newPicture(h, c, w.in)
	w.sheet = newSheet(h, w.in)
	w.sheet.hovered = func(channel, row, column int, on bool) {
		if s := w.in.State().Sheet; on && s != nil {
			w.picture.hoverCell(channel, s.CellOn(row, column), true)
			return
		}
		w.picture.hoverCell(channel, [2]int{}, false)
	}
	w.unit = newUnit(h, c, w.in)
	w.search = newSearch(h, c, w.in)
	w.drawn = newDrawn(h, c, w.in)
	return w
}

// Middle is the column of the picture and the channels.
func (w *Workspace) Middle() fyne.CanvasObject {
	pair := container.NewHSplit(w.picture.box, w.sheet.box)
	pair.SetOffset(0.45)
	drawn := container.NewTabItem("What it would draw", widgets.Narrow(tabWidth, w.drawn.box))
	below := container.NewAppTabs(
		container.NewTabItem("This unit", widgets.Narrow(tabWidth, w.unit.box)),
		container.NewTabItem("In other pictures", widgets.Narrow(tabWidth, w.search.box)),
		drawn,
	)
	below.OnSelected = func(tab *container.TabItem) {
		w.in.ShowDrawings(tab == drawn)
		w.host.Unfocus()
	}
	split := container.NewVSplit(pair, below)
	split.SetOffset(0.56)
	w.strip = scanpane.NewStrip()
	w.strip.Hide()
	return container.NewBorder(widgets.Narrow(160, w.strip), nil, nil, nil, split)
}

// tabWidth is what the panes below ask for: so that their buttons widen no window,
// they are cut off before it.
const tabWidth = 320

// Side is the outline of the network.
func (w *Workspace) Side() fyne.CanvasObject { return widgets.Roomy(w.outline.box) }

// Draws are what the panes draw.
func (w *Workspace) Draws() []control.Draw {
	return []control.Draw{
		control.On(w.show, control.InsideChanged, control.LookChanged, control.TargetChanged, control.WorkspaceChanged, control.ModelChanged, control.ViewingChanged),
	}
}

// show draws all panes; each remembers what it has drawn.
func (w *Workspace) show() {
	if w.c.State().Workspace != control.Inside {
		return
	}
	widgets.Visible(w.strip, w.c.State().Scan())
	w.outline.show()
	w.picture.show()
	w.sheet.show()
	w.unit.show()
	w.search.show()
	w.drawn.show()
}

// useForMaps makes the layer that of every method that has one.
func (w *Workspace) useForMaps() {
	layer, s, n := w.in.State().Layer, w.c.State(), 0
	for i, p := range s.Panels {
		if _, has := p.Values["layer"]; has && w.c.SetValue(i, "layer", layer) == nil {
			n++
		}
	}
	switch n {
	case 0:
		w.host.Hint(layer + " cannot be used for class activation maps.")
	default:
		w.host.Hint(fmt.Sprintf("The methods of layers in Explain use %s now.", layer))
	}
}

// Actions are what the keys do here.
func (w *Workspace) Actions() []keys.Action {
	here := string(control.Inside)
	one := func(title string, run func(), strokes ...keys.Stroke) keys.Action {
		return keys.Action{Title: title, Keys: strokes, Run: run, Where: here}
	}
	return []keys.Action{
		one("Next unit", func() { w.in.StepUnit(1) }, keys.Named(fyne.KeyRight)),
		one("Previous unit", func() { w.in.StepUnit(-1) }, keys.Named(fyne.KeyLeft)),
		one("Unit in the row below", func() { w.in.StepUnit(w.sheet.tiles.columns()) }, keys.Named(fyne.KeyDown)),
		one("Unit in the row above", func() { w.in.StepUnit(-w.sheet.tiles.columns()) }, keys.Named(fyne.KeyUp)),
		one("Layer before", func() { w.in.StepLayer(-1) }, keys.Char('u')),
		one("Layer behind", func() { w.in.StepLayer(1) }, keys.Char('o')),
		one("Next picture", func() { w.c.Step(1) }, keys.Named(fyne.KeyPageDown)),
		one("Previous picture", func() { w.c.Step(-1) }, keys.Named(fyne.KeyPageUp)),
		one("What drives the unit: next way to show it", w.picture.cycle, keys.Char('b')),
		one("One scale for all tiles, or each its own", func() { w.in.SetCommon(!w.in.State().Common) }, keys.Char('t')),
		one("Find in the graph", w.outline.focus, keys.Char('/')),
	}
}
