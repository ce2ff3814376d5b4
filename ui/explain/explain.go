// Package explain is the workspace that shows why the model gives its answer
// for one picture: the tabs of the methods, the picture under the map, what
// the numbers say, the classes, and the controls of the method and of the
// drawing.
//
// Every pane holds the controller and a small [Host], and says by its draws
// which events it draws. Nothing here computes: numbers come from package
// control, pictures from package render.
package explain

import (
	"picasso/backend/metadata"
	"picasso/backend/score"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"picasso/ui/control"
	"picasso/ui/planes"
	"picasso/ui/scanpane"
	"picasso/ui/viewer"
	"picasso/ui/widgets"
	"picasso/visualizers"
)

// Host is the window around the workspace.
type Host interface {
	scanpane.Host
	Canvas() fyne.Canvas
	// SelectImage makes an entry of the list the current one.
	SelectImage(p *control.Picture)
	// ChooseModel and ChooseImages ask for files and open them.
	ChooseModel()
	ChooseImages()
	// ShowPreparation lets the user correct how pictures are prepared.
	ShowPreparation()
	// AskInputs asks what the inputs of a model get that could not be opened.
	AskInputs(need *metadata.InputsError)
	// ShowMethod tells about the current method.
	ShowMethod()
	// Editor opens the file behind a method in an editor; it is nil for a
	// built-in method.
	Editor(p *control.Panel) func()
	// Ask lets the user choose a file.
	Ask(q widgets.Question, use func(path string))
}

// Workspace is everything about explaining one picture.
type Workspace struct {
	c        *control.Controller
	Picture  *Picture
	Display  *Display
	tabs     *tabBar
	montage  *montagePane
	planes   *planes.Pane
	classes  *classPane
	settings *settingsPane
	trust    *trustPane
	scroll   *container.Scroll // of settings, display and trust
	stage    *stage            // while presenting, else nil
}

// New makes the workspace.
func New(h Host, c *control.Controller) *Workspace {
	w := &Workspace{c: c}
	w.tabs = newTabBar(h, c, w.SelectTab)
	w.Picture = newPicture(h, c, w.SelectTab)
	w.montage = newMontagePane(h, c)
	w.planes = planes.New(h, c, w.Picture.Map)
	w.Picture.mapShown = w.planes.Show
	w.classes = newClassPane(h, c)
	w.settings = newSettingsPane(h, c)
	w.Display = newDisplay(h, c)
	w.trust = newTrustPane(h, c)
	return w
}

// Middle is the column of the picture.
func (w *Workspace) Middle() fyne.CanvasObject {
	return container.New(below{w.tabs}, w.tabs.box, container.NewStack(w.Picture.box, w.montage.box, w.planes.Box))
}

// Side is the column of classes, settings and display.
func (w *Workspace) Side() fyne.CanvasObject {
	w.scroll = container.NewVScroll(widgets.Roomy(container.NewVBox(w.settings.box, w.Display.box, w.trust.box)))
	w.trust.reveal = func() { w.scroll.ScrollToOffset(w.trust.box.Position()) }
	return widgets.Roomy(container.NewBorder(w.classes.box, nil, nil, nil, w.scroll))
}

// Reveal scrolls the side column to what got the focus, where that lies in it.
func (w *Workspace) Reveal(f fyne.Focusable) {
	o, ok := f.(fyne.CanvasObject)
	if !ok || w.scroll == nil {
		return
	}
	place := fyne.CurrentApp().Driver().AbsolutePositionForObject
	at, frame, content := place(o), place(w.scroll), place(w.scroll.Content)
	if at.X < frame.X || at.X > frame.X+w.scroll.Size().Width || at.Y < content.Y || at.Y > content.Y+w.scroll.Content.Size().Height {
		return
	}
	const room = 8
	above, below := frame.Y-at.Y, at.Y+o.Size().Height-frame.Y-w.scroll.Size().Height
	switch to := w.scroll.Offset; {
	case above > 0:
		to.Y -= above + room
		w.scroll.ScrollToOffset(to)
	case below > 0:
		to.Y += below + room
		w.scroll.ScrollToOffset(to)
	}
}

// Draws are what the panes draw.
func (w *Workspace) Draws() []control.Draw {
	all := append(w.tabs.draws(), w.settings.draws()...)
	all = append(all, w.Picture.draws()...)
	all = append(all, w.Display.draws()...)
	all = append(all, w.trust.draws()...)
	all = append(all, w.classes.draws()...)
	all = append(all, w.montage.draws()...)
	all = append(all, w.planes.Draws()...)
	return append(all, control.On(w.showPlace, control.MontageChanged, control.PlanesChanged, control.DisplayChanged),
		control.On(w.showStage, control.LookChanged, control.TargetChanged, control.ProbeChanged, control.TabChanged))
}

// showPlace puts montage or planes in the place of the picture, or the picture back.
func (w *Workspace) showPlace() {
	w.montage.show()
	widgets.Visible(w.planes.Box, w.PlanesShown())
	widgets.Visible(w.Picture.box, !w.montage.box.Visible() && !w.planes.Box.Visible())
}

// PlanesShown reports whether three planes stand in the place of the picture.
func (w *Workspace) PlanesShown() bool {
	return w.c.State().Planes != nil && !w.montage.box.Visible()
}

// TogglePlanes shows three planes through the volume, or the picture again.
func (w *Workspace) TogglePlanes() {
	if w.PlanesShown() {
		w.c.ClosePlanes()
		return
	}
	w.c.CloseMontage()
	w.c.OpenPlanes()
}

// StepPane lets keys move the next one of the three planes, or the one before.
func (w *Workspace) StepPane(n int) { w.planes.StepActive(n) }

// Turn turns and mirrors what is shown; among three planes, the one that keys move.
func (w *Workspace) Turn(how func(viewer.Turn) viewer.Turn) {
	if w.PlanesShown() {
		w.planes.Turn(how)
		return
	}
	w.Picture.Turn(how)
}

// ResetViewing shows what is shown as its file says, fitted.
func (w *Workspace) ResetViewing() {
	if w.PlanesShown() {
		w.planes.ResetViewing()
		return
	}
	w.Picture.ResetViewing()
}

// StepSlice goes n slices further; among three planes, the one that keys move.
func (w *Workspace) StepSlice(n int) {
	if w.PlanesShown() && w.c.State().Workspace == control.Explain {
		w.c.StepPlane(w.c.State().Planes.Active, n)
		return
	}
	w.c.StepSlice(n)
}

// Zoom enlarges what is shown by a factor.
func (w *Workspace) Zoom(by float64) {
	if w.PlanesShown() {
		w.planes.Zoom(by)
		return
	}
	w.Picture.Zoom(by)
}

// SelectTab shows the picture with another method.
func (w *Workspace) SelectTab(i int) {
	w.c.CloseMontage()
	w.c.SelectTab(i)
}

// SelectGroup shows the method of a group that was looked at last; false where
// the group has none.
func (w *Workspace) SelectGroup(family visualizers.Group) bool {
	for _, g := range w.c.State().Groups() {
		if g.Family == family {
			w.SelectTab(w.c.TabIn(g))
			return true
		}
	}
	return false
}

// StepGroup goes to a neighbouring group, around the ends.
func (w *Workspace) StepGroup(n int) {
	s := w.c.State()
	groups := s.Groups()
	for i, g := range groups {
		if g.Family == s.Family() {
			w.SelectTab(w.c.TabIn(groups[(i+n+len(groups))%len(groups)]))
			return
		}
	}
}

// SelectMethod shows the n-th method of the current group.
func (w *Workspace) SelectMethod(n int) {
	s := w.c.State()
	for _, g := range s.Groups() {
		if g.Family == s.Family() && n >= 0 && n < len(g.Tabs) {
			w.SelectTab(g.Tabs[n])
			return
		}
	}
}

// StepTab goes to a neighbouring tab, around the ends.
func (w *Workspace) StepTab(n int) {
	s := w.c.State()
	w.SelectTab((s.Tab + n + len(s.Panels)) % len(s.Panels))
}

// ToggleTrust shows or hides what is known of whether the map can be trusted.
func (w *Workspace) ToggleTrust() { w.trust.toggle() }

// CheckMap makes the tests of the map that take their time.
func (w *Workspace) CheckMap() { w.trust.run() }

// ToggleMontage shows the slices beside each other, or the picture again.
func (w *Workspace) ToggleMontage() {
	if w.c.State().Montage != nil {
		w.c.CloseMontage()
		return
	}
	w.c.SetWorkspace(control.Explain)
	w.c.OpenMontage(false)
}

// ToggleScore explains the logit instead of the probability, or the other way
// round.
func (w *Workspace) ToggleScore() {
	if w.c.State().Target.Score == score.Probability {
		w.c.SetScore(score.Logit)
		return
	}
	w.c.SetScore(score.Probability)
}

// StepClass explains the neighbour of the current class in the ranking.
func (w *Workspace) StepClass(n int) {
	s := w.c.State()
	if !s.Look.Answered() {
		return
	}
	for i, class := range s.Look.Ranked {
		if class.Index == s.Target.Class {
			if to := i + n; to >= 0 && to < len(s.Look.Ranked) {
				w.c.SetTarget(s.Look.Ranked[to].Index, score.NoClass)
			}
			return
		}
	}
}
