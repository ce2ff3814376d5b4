package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/compare"
	"picasso/ui/control"
	"picasso/ui/covering"
	"picasso/ui/viewer"
	"picasso/ui/widgets"
)

// barHeight is the height of the strip below the menus, with the toolbar and the
// place of the banner.
const barHeight = 48

// tool is a button of the toolbar: an action by its title.
type tool struct {
	title  string
	icon   fyne.Resource
	chosen func() bool // whether it is in force; nil for what happens once
	line   bool        // a gap before it
	rank   int         // which give way first where the window is narrow: the highest; see widgets.Folding
	own    bool        // of the workspace Explain alone
}

// tools lists the toolbar from left to right.
func (w *Window) tools() []tool {
	drag := func(t viewer.Tool) func() bool {
		return func() bool { return w.dragTool() == t }
	}
	return []tool{
		{title: "Move the picture", icon: moveIcon, chosen: drag(viewer.MoveTool), own: true},
		{title: "Window and level", icon: windowIcon, chosen: drag(viewer.UsualTool), own: true},
		{title: "Ruler", icon: rulerIcon, chosen: drag(viewer.RulerTool), own: true},
		{title: "Angle", icon: angleIcon, chosen: drag(viewer.AngleTool), own: true, rank: 3},
		{title: "Ellipse: mean, SD, area", icon: ellipseIcon, chosen: drag(viewer.EllipseTool), own: true, rank: 2},
		{title: "Rectangle: mean, SD, area", icon: boxIcon, chosen: drag(viewer.BoxTool), own: true, rank: 3},
		{title: regionFreehandTitle, icon: theme.DocumentCreateIcon(), chosen: drag(viewer.FreehandTool), line: true, own: true, rank: 1},
		{title: regionBrushTitle, icon: theme.ColorPaletteIcon(), chosen: drag(viewer.BrushTool), own: true, rank: 3},
		{title: covering.Title, icon: coverIcon, chosen: w.cover.On, own: true},
		{title: undoTitle, icon: theme.ContentUndoIcon(), line: true},
		{title: redoTitle, icon: theme.ContentRedoIcon(), rank: 1},
		{title: "Side by side", icon: besideIcon, chosen: func() bool { return w.c.Settings().SideBySide }, line: true, own: true},
		{title: planesTitle, icon: planesIcon, chosen: w.explain.PlanesShown, own: true, rank: 1},
		{title: "Side panels", icon: panelsIcon, chosen: func() bool { return !w.columns.Collapsed() }, rank: 2},
		{title: "Present", icon: theme.ViewFullScreenIcon(), rank: 1},
		{title: compare.TableTitle, icon: theme.GridIcon(), chosen: func() bool { return w.c.State().Grid != nil }, rank: 2},
		{title: "Save this map or table…", icon: theme.DocumentSaveIcon(), line: true},
		{title: "Find an action…", icon: theme.SearchIcon()},
	}
}

// toolbar is the strip of tools, behind the switch of workspaces.
type toolbar struct {
	w       *Window
	row     *widgets.Folding
	tools   []tool
	buttons []*toolButton
	places  []*toolButton       // one a workspace
	own     []fyne.CanvasObject // tools of the workspace Explain, with their gaps
}

func newToolbar(w *Window) *toolbar {
	t := &toolbar{w: w, tools: w.tools()}
	const room = 300 // of the banner, whose notices may have many buttons
	t.row = widgets.NewFolding(room, w.banner.box)
	t.row.Add(t.workspaces(), 0)
	for _, one := range t.tools {
		b := newToolButton(w, one)
		t.buttons = append(t.buttons, b)
		if one.line {
			gap := widgets.AtLeast(1, barHeight-16, widget.NewSeparator())
			t.row.Add(gap, one.rank)
			if one.own {
				t.own = append(t.own, gap)
			}
		}
		if one.own {
			t.own = append(t.own, b)
		}
		t.row.Add(b, one.rank)
	}
	return t
}

// workspaces is the switch between the workspaces there are.
func (t *toolbar) workspaces() fyne.CanvasObject {
	row := container.NewHBox()
	for _, one := range t.w.workspaces {
		b := newToolButton(t.w, tool{title: one.action()})
		b.asks = one.asks
		b.SetText(one.title)
		t.places = append(t.places, b)
		row.Add(b)
	}
	return row
}

// Draws are what the toolbar draws.
func (t *toolbar) Draws() []control.Draw {
	return []control.Draw{control.On(t.show, control.GridChanged, control.LookChanged, control.HistoryChanged, control.CoverChanged, control.PlanesChanged)}
}

// show marks the tools in force.
func (t *toolbar) show() {
	for i, one := range t.w.workspaces {
		choose(&t.places[i].Button, one.name == t.w.c.State().Workspace, widget.HighImportance, widget.MediumImportance)
	}
	for _, o := range t.own {
		t.row.Keep(o, t.w.c.State().Workspace == control.Explain)
	}
	for i, one := range t.tools {
		t.buttons[i].choose(one.chosen != nil && one.chosen())
		t.buttons[i].allow()
	}
}

// toolButton is an icon that says in the status bar what it does, and by which
// key.
type toolButton struct {
	widget.Button
	w     *Window
	title string
	asks  string // said instead of the title, "" for that
}

func newToolButton(w *Window, t tool) *toolButton {
	b := &toolButton{w: w, title: t.title}
	b.Icon, b.Importance = t.icon, widget.LowImportance
	b.OnTapped = func() {
		if a := w.action(t.title); a != nil {
			a.Run()
		}
		w.toolbar.show()
	}
	b.ExtendBaseWidget(b)
	return b
}

func (b *toolButton) choose(on bool) {
	choose(&b.Button, on, widget.MediumImportance, widget.LowImportance)
}

// choose shows whether a button is the chosen one.
func choose(b *widget.Button, on bool, chosen, other widget.Importance) {
	importance := other
	if on {
		importance = chosen
	}
	if b.Importance != importance {
		b.Importance = importance
		b.Refresh()
	}
}

// allow greys the button while there is nothing for it to do.
func (b *toolButton) allow() {
	if a := b.w.action(b.title); a != nil {
		if _, can := a.State(); can == b.Disabled() {
			if can {
				b.Enable()
			} else {
				b.Disable()
			}
		}
	}
}

// MouseIn implements desktop.Hoverable.
func (b *toolButton) MouseIn(e *desktop.MouseEvent) {
	b.Button.MouseIn(e)
	b.w.hint(b.words())
}

// MouseOut implements desktop.Hoverable.
func (b *toolButton) MouseOut() {
	b.Button.MouseOut()
	b.w.hint("")
}

// words are what the button does, and its key.
func (b *toolButton) words() string {
	a := b.w.action(b.title)
	if a == nil {
		return b.title
	}
	title, _ := a.State()
	if b.asks != "" {
		title = b.asks
	}
	if len(a.Keys) == 0 {
		return title
	}
	return title + " (" + a.Keys[0].String() + ")"
}

// dragTool is what a plain drag does to the picture shown: over a photo the usual
// is to move it, over a scan to change its window.
func (w *Window) dragTool() viewer.Tool {
	t := w.explain.Picture.Tool()
	if t == viewer.UsualTool && !w.c.State().Scan() {
		return viewer.MoveTool
	}
	return t
}

// windowTool lets a drag change the window of scans again.
func (w *Window) windowTool() {
	w.setTool(viewer.UsualTool)
	if !w.c.State().Scan() {
		w.hint("Only scans have a window and a level; a drag moves this picture.")
	}
}

// setTool chooses what a plain drag over the picture does.
func (w *Window) setTool(t viewer.Tool) {
	w.cover.Leave()
	w.explain.Picture.SetTool(t)
	w.toolbar.show()
}

// top is the strip below the menus: its height never changes.
func (w *Window) top() fyne.CanvasObject {
	return container.NewVBox(widgets.AtLeast(0, barHeight, w.toolbar.row.Box), widget.NewSeparator())
}

// Icons of the toolbar that the toolkit does not have.
var (
	windowIcon  = icon("window", `<path d="M12 2a10 10 0 1 0 0 20a10 10 0 1 0 0-20zm0 2v16a8 8 0 0 1 0-16z"/>`)                                                                      // half light, half dark
	moveIcon    = icon("move", `<path d="M12 2l3.5 4H13v5h5V8.500l4 3.500-4 3.500V13h-5v5h2.500L12 22l-3.500-4H11v-5H6v2.500L2 12l4-3.500V11h5V6H8.500z"/>`)                         // arrows in four directions
	rulerIcon   = icon("ruler", `<path d="M1 8v8h22V8zm2 2h2v3h1.500v-3H9v4h1.500v-4H13v3h1.500v-3H17v4h1.500v-4H21v4H3z"/>`)                                                        // a ruler
	angleIcon   = icon("angle", `<path d="M20 20H3L15 4l1.600 1.200-4.600 6.100a8 8 0 0 1 3.500 6.700H20zm-6.500-2a6 6 0 0 0-2.700-5.100L7 18z"/>`)                                  // two arms and the arc between them
	ellipseIcon = icon("ellipse", `<path d="M12 5c5.500 0 10 3.100 10 7s-4.500 7-10 7-10-3.100-10-7 4.500-7 10-7zm0 2c-4.400 0-8 2.200-8 5s3.600 5 8 5 8-2.200 8-5-3.600-5-8-5z"/>`) // an ellipse
	boxIcon     = icon("box", `<path d="M2 5h20v14H2zm2 2v10h16V7z"/>`)                                                                                                              // a rectangle
	coverIcon   = icon("cover", `<path d="M3 3h18v18H3zm2 2v14h14V5zm2 7a5 4 0 1 1 10 0a5 4 0 1 1-10 0z"/>`)                                                                         // a spot on a picture
	besideIcon  = icon("beside", `<path d="M2 5h9v14H2zm11 0h9v14h-9zm2 2v10h5V7z"/>`)                                                                                               // two pictures
	planesIcon  = icon("planes", `<path d="M2 2h9v9H2zm2 2v5h5V4zm9-2h9v9h-9zm2 2v5h5V4zM2 13h9v9H2zm2 2v5h5v-5zm13-2h2v4h4v2h-4v4h-2v-4h-4v-2h4z"/>`)                               // three views and a crosshair
	panelsIcon  = icon("panels", `<path d="M2 4h20v16H2zm6 2v12h8V6z"/>`)                                                                                                            // a window with its sides
)

// icon draws a path on 24×24 in the colour of text.
func icon(name, path string) fyne.Resource {
	return theme.NewThemedResource(fyne.NewStaticResource(name+".svg",
		[]byte(`<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24">`+path+`</svg>`)))
}
